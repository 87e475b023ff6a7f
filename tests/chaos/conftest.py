"""One scene for all chaos tests of a session would tie them together: each test has its own."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.chaos.campaign import Campaign, Plan
from tests.chaos.rows import Row, markdown
from tests.chaos.scene import open_scene

CUT = Plan(
    houses=4,
    kills_at_each_point=2,
    kills_in_each_recovery=1,
    kills_at_random=30,
    kills_without_desk=4,
    stops_at_random=5,
    stops_at_each_point=1,
    troubles=1,
    wounds=1,
    wipes=1,
    failovers=1,
)
"""`make test`: some 110 kills, the same code as the whole. Wipes and cut-off failovers are the whole's alone (`make chaos`)."""


@pytest.fixture(autouse=True)
def _quiet_fakes() -> Iterator[None]:
    """The fakes' web server is surprised at each request that breaks off, and writes a page about it."""
    logger = logging.getLogger("aiohttp.server")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(before)


@pytest.fixture
async def campaign() -> AsyncIterator[Campaign]:
    """The cut of the whole."""
    async with open_scene() as scene:
        yield Campaign(scene, CUT, seed=1)


def assert_kept(row: Row, *, uncertain: int | None = 0) -> None:
    """Fail with the table and every worker's words when the promise was broken.

    Args:
        row: of the table.
        uncertain: how many may be left uncertain; None for any number.
    """
    told = "\n\n".join((markdown([row]), *row.evidence))
    assert row.times, f"nothing was struck:\n{told}"
    assert row.verdict.duplicates == 0, told
    assert row.verdict.losses == 0, told
    assert uncertain is None or row.verdict.uncertain <= uncertain, told
