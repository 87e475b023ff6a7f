# Every target makes what it needs; `make run` and `make test` work in a fresh clone with Python, make and a
# package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The tests start interpreters by the hundred: byte code that is not kept is made anew by each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check lint types imports audit chaos bench lock clean

run: $(VENV)/.run  ## the worker; with no settings, the demo newsroom
	$(BIN)/python -m bot run

test: $(VENV)/.dev  ## all tests, three at a time, since most wait, and then those that need the machine for themselves; what it cannot run is skipped aloud
	$(BIN)/python -m pytest --ignore=tests/chaos --numprocesses 3 --dist loadgroup --no-loadscope-reorder
	$(BIN)/python -m pytest tests/chaos

check: lint types imports test  ## exactly what .ci/run runs

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy .

imports: $(VENV)/.dev  ## the rooms and their doors; what is declared is what is imported
	$(BIN)/lint-imports
	$(BIN)/deptry .

lock:  ## pin every package with its hashes; the two files agree with one another
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --extra command --extra dev pyproject.toml -o requirements-dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --extra command -c requirements-dev.txt pyproject.toml -o requirements.txt

audit:  ## known holes in the locked packages; asks a package index, so it is no part of `make check`; fails where the index knows of no holes at all
	test -x $(VENV)/audit/bin/pip-audit || { $(PYTHON) -m venv $(VENV)/audit && \
	  $(VENV)/audit/bin/python -m pip install --quiet 'pip-audit>=2.10,<3'; }
	$(VENV)/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.txt

chaos: $(VENV)/.dev  ## kill, stop, starve and cut off the worker by the thousand; writes docs/guarantees.md
	$(BIN)/python -m tests.chaos --whole

bench: $(VENV)/.dev  ## speed and memory, as ratios paired in one run
	for bench in intake beside_reader push judgement cards delivery growth leases hostile deploy soak start; do $(BIN)/python -m bench.$$bench || exit 1; done

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

$(VENV)/.run: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: requirements-dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@ $(VENV)/.run
