"""A new worker takes over from the old one while news goes on; `python -m bench.deploy` does it twenty times, timed."""

from tests.e2e.conftest import Stage
from tests.support.rolling import rolled


async def test_rolling_deploys_under_load_lose_and_double_nothing(stage: Stage) -> None:
    """Once with the new worker first, once with both at the same moment; the listener changes hands without a 409."""
    seen = await rolled(stage, 2)
    assert (seen.lost, seen.doubled, seen.conflicts) == ((), 0, 0), seen
    assert set(seen.exits) == {0}, seen
