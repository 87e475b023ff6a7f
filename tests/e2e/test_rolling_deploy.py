"""A new worker takes over from the old one while news goes on; `python -m bench.deploy` does it twenty times."""

from tests.e2e.conftest import Stage
from tests.support.rolling import rolled

GAP_SECONDS = 2.0


async def test_rolling_deploys_under_load_lose_and_double_nothing_and_leave_no_gap(stage: Stage) -> None:
    """Once with the new worker first, once with both at the same moment; the listener changes hands without a 409."""
    seen = await rolled(stage, 2)
    assert (seen.lost, seen.doubled, seen.conflicts) == (0, 0, 0), seen
    assert seen.gap <= GAP_SECONDS, seen
    assert set(seen.exits) == {0}, seen
