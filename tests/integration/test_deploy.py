"""What stands in deploy/ and the Dockerfile: checked by the tools where there are any, and by reading where not."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest

from bot.machine import machine_of
from bot.standing import Kept, Standing
from feeds.watch import FeedHealth
from newsroom.delivery import State
from newsroom.purse import Budget, Spent
from newsroom.target import TargetId
from store.store import memory_store
from tests.support.clock import ManualClock

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SECRET = re.compile(r"token|secret|password|api_key|access_key", re.IGNORECASE)


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's: (word, rest), lines that go on put together, comments left out."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest) for word, rest in lines]


def of(word: str) -> list[str]:
    """All instructions of one kind."""
    return [rest for name, rest in instructions() if name == word]


def metric_names() -> set[str]:
    """Every series that a worker can show."""
    clock, target = ManualClock(), TargetId("x:main")
    feed = FeedHealth("https://a.example.com/", 1, 0, 1.0, 0.0, 0, "", is_silent=False, cached_seconds=0.0, moved="")
    kept = Kept({target: {State.PLANNED: 1}}, {}, Spent(), is_paused=False)
    standing = Standing(2.0, 1.0, (feed,), {"listener": True}, Budget(1, 1), kept)
    metrics = machine_of(memory_store(clock), clock).metrics
    assert metrics is not None
    text = (generate_latest(standing) + generate_latest(metrics.registry)).decode()
    kinds = dict(line.split()[2:4] for line in text.splitlines() if line.startswith("# TYPE"))
    parts = {"histogram": ("_bucket", "_count", "_sum")}
    return {name + tail for name, kind in kinds.items() for tail in parts.get(kind, ("",))}


def panels() -> list[dict[str, Any]]:
    """The dashboard's."""
    found: list[dict[str, Any]] = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))["panels"]
    return found


def expressions() -> list[str]:
    """Every query of the dashboard."""
    return [target["expr"] for panel in panels() for target in panel["targets"]]


def promtool() -> str:
    """Debian's, from its package `prometheus`."""
    tool = shutil.which("promtool")
    if tool is None:
        pytest.skip("SKIPPED ALOUD: no promtool on this machine (Debian: prometheus)")
    return tool


def test_the_dockerfile_holds_before_its_linter() -> None:
    """hadolint, and shellcheck in it; nothing is let off."""
    beside = Path(sys.executable).parent / "hadolint"
    tool = str(beside) if beside.is_file() else shutil.which("hadolint")
    if tool is None:
        pytest.skip("SKIPPED ALOUD: no hadolint on this machine (its wheel is for Linux on x86-64)")
    strictly = [tool, "--no-color", "--failure-threshold", "style", str(ROOT / "Dockerfile")]
    verdict = subprocess.run(strictly, capture_output=True, text=True, check=False)
    assert (verdict.returncode, verdict.stdout + verdict.stderr) == (0, "")


def test_every_base_image_is_pinned_to_a_release_and_all_are_the_same() -> None:
    """Neither `latest` nor a moving minor version."""
    images = {image.split()[0] for image in of("FROM")}
    assert len(images) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", images.pop())


def test_the_container_runs_as_a_user_by_number_and_answers_for_its_health() -> None:
    """And the user is set before anything runs in the final stage's name."""
    assert [user.partition(":")[0] for user in of("USER")] == ["10001"]
    names = [name for name, _ in instructions()]
    assert names.index("USER") < names.index("HEALTHCHECK") < names.index("ENTRYPOINT")
    [health] = of("HEALTHCHECK")
    code = json.loads(health[health.index("CMD") + 3 :])[2]
    compile(code, "HEALTHCHECK", "exec")


def test_the_image_is_given_no_secret_and_not_the_whole_folder() -> None:
    """No .env can slip in: what is copied is named, and the rest is not even sent to the builder."""
    assert not [rest for word, rest in instructions() if word in {"ENV", "ARG"} and SECRET.search(rest)]
    copied = [name for rest in of("COPY") if "--from" not in rest for name in rest.split()[:-1]]
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert (ROOT / ".dockerignore").read_text("utf-8").splitlines()[1] == "*"
    assert set(copied) == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_holds_every_room_that_the_wheel_is_made_of() -> None:
    """A room that is forgotten here would be missing at the first import."""
    built = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = {name for rest in of("COPY") for name in rest.split()[:-1]}
    assert set(built["packages"]) <= copied


def test_the_locked_packages_are_installed_with_their_hashes() -> None:
    """Nothing unpinned enters the image."""
    installs = [run for run in of("RUN") if "pip install" in run]
    assert all("--require-hashes" in run or "--no-deps" in run for run in installs)
    assert len(installs) == 2


def test_the_systemd_unit_is_well_formed(tmp_path: Path) -> None:
    """By systemd's own judgement, with the paths of this machine in the place of the server's."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("SKIPPED ALOUD: no systemd-analyze on this machine")
    text = (DEPLOY / "ajil.service").read_text("utf-8")
    text = text.replace("/opt/ajil/.venv/bin/ajil", "/bin/true").replace("/opt/ajil", str(tmp_path))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "operate.md").touch()
    (tmp_path / "ajil.service").write_text(text.replace("User=ajil", "User=root").replace("Group=ajil", "Group=root"))
    verdict = subprocess.run([tool, "verify", tmp_path / "ajil.service"], capture_output=True, text=True, check=False)
    assert (verdict.returncode, verdict.stderr) == (0, "")


def test_the_unit_stops_the_worker_first_and_gives_it_time() -> None:
    """The embedded store must outlive the worker's last write; a wrong setting is not tried again."""
    unit = dict(line.split("=", 1) for line in (DEPLOY / "ajil.service").read_text("utf-8").splitlines() if "=" in line)
    assert unit["KillMode"] == "mixed"
    assert int(unit["TimeoutStopSec"]) > 35
    assert unit["RestartPreventExitStatus"] == "2"


def test_the_alert_rules_hold_before_promtool(tmp_path: Path) -> None:
    """Well formed, and each of the played cases rings or keeps quiet as written."""
    for source in (DEPLOY / "alerts.yml", ROOT / "tests" / "data" / "alerts" / "alerts.test.yml"):
        shutil.copy(source, tmp_path)
    for words in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts.test.yml"]):
        verdict = subprocess.run([promtool(), *words], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_every_query_of_the_dashboard_is_one(tmp_path: Path) -> None:
    """Taken as rules, for promtool reads no dashboard."""
    rules = [{"record": f"panel:{number}", "expr": expr} for number, expr in enumerate(expressions())]
    # JSON is YAML too.
    (tmp_path / "panels.yml").write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    verdict = subprocess.run(
        [promtool(), "check", "rules", tmp_path / "panels.yml"], capture_output=True, text=True, check=False
    )
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_alerts_and_dashboard_ask_only_for_what_a_worker_shows() -> None:
    """A renamed metric would otherwise leave an alert that never rings."""
    alerts = re.findall(r"expr: (.*(?:\n {10}\w.*)*)", (DEPLOY / "alerts.yml").read_text("utf-8"))
    asked = {name for text in (*alerts, *expressions()) for name in re.findall(r"\b(?:ajil|process)_\w+", text)}
    assert len(asked) > 10
    process = {"process_resident_memory_bytes", "process_cpu_seconds_total"}
    assert asked <= metric_names() | process


def test_the_dashboards_panels_are_told_apart_and_do_not_overlap() -> None:
    """One id each, and a place of its own on a grid of 24 columns."""
    numbers = [panel["id"] for panel in panels()]
    assert len(set(numbers)) == len(numbers)
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
