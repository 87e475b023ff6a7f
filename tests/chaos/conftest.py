"""The cut of the campaign: the rows that the collected tests ask for are made once, side by side, before the first."""

from collections.abc import Iterator, Mapping
from concurrent.futures import as_completed

import pytest

from tests.chaos.campaign import Plan
from tests.chaos.crews import Made, Order, open_crews, placed, result_of
from tests.chaos.rows import markdown
from tests.chaos.stores import WOUNDS

CUT = Plan(
    houses=2,
    kills_at_each_point=2,
    kills_in_each_recovery=1,
    kills_at_random=20,
    kills_without_desk=4,
    stops_at_random=5,
    stops_at_each_point=1,
    troubles=1,
    wounds=1,
    wipes=2,
    evictions=1,
    failovers=4,
    orders_to_stop=1,
    jumps=3,
    errands=4,
    edits_at_each_point=1,
)
"""`make test`: more than 100 kills, the same code as the whole (`make chaos`)."""
TOGETHER = (
    ("killed at points",),
    ("killed in recovery", "killed without desk", "killed in claims"),
    tuple(f"wounded {name}" for name in list(WOUNDS)[:3]),
    tuple(f"wounded {name}" for name in list(WOUNDS)[3:]),
    ("killed at random", "killed in edits", "errands"),
    ("troubled", "stopped at random", "stopped at points"),
    ("told to stop", "wiped", "failed over, cut off"),
    ("stopped in the window", "clock of the store", "clock of the workers", "failed over"),
)
"""What one crew makes at the same time: what is mostly waiting keeps company with what is mostly work."""
CREWS = 2
"""As many as there are cores: a slow machine must not make workers too slow for leases of seconds."""
SEED = "1"
PATIENCE_SECONDS = 1200
"""The first test waits for all rows."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests of the campaign the time that all of it takes."""
    for item in items:
        if item.get_closest_marker("row"):
            item.add_marker(pytest.mark.timeout(PATIENCE_SECONDS))


def row_of(item: pytest.Item) -> str | None:
    """The short name of the row that a test asks for: its mark, and its parameter where it has one."""
    mark = item.get_closest_marker("row")
    if mark is None:
        return None
    call = getattr(item, "callspec", None)
    return str(mark.args[0]).format(**(call.params if call else {}))


@pytest.fixture(scope="session")
def rows(request: pytest.FixtureRequest) -> Iterator[Mapping[str, Made]]:
    """Every row that a collected test asks for."""
    wanted = {row_of(item) for item in request.session.items}
    asked = [tuple(name for name in names if name in wanted) for names in TOGETHER]
    with open_crews(CREWS) as crews:
        orders = [Order(names, CUT, SEED) for names in asked if names]
        work = {placed(crews, order): order for order in orders}
        yield {each.name: each for done in as_completed(work) for each in result_of(done, work[done])}


@pytest.fixture
def made(request: pytest.FixtureRequest, rows: Mapping[str, Made]) -> Made:
    """The row that this test asks for."""
    return rows[row_of(request.node) or ""]


def assert_kept(made: Made, *, uncertain: int | None = 0) -> None:
    """Fail with the table and every worker's words when the promise was broken.

    Args:
        made: a row of the table.
        uncertain: how many may be left uncertain; None for any number.
    """
    row = made.row
    told = "\n\n".join((markdown([row]), *row.evidence))
    assert not row.unmade, told
    if row.skipped:
        pytest.skip(row.skipped)
    assert row.times, f"nothing was struck:\n{told}"
    assert row.verdict.duplicates == 0, told
    assert row.verdict.losses == 0, told
    assert row.floods == 0, told
    assert uncertain is None or row.verdict.uncertain <= uncertain, told
