"""The worker is stopped (SIGSTOP) past its lease and goes on: a sleeper must not post what another has posted."""

from tests.chaos.campaign import Campaign
from tests.chaos.conftest import CUT, assert_kept


async def test_a_worker_stopped_past_its_lease_at_random_instants_posts_nothing_twice(campaign: Campaign) -> None:
    """Two workers run; one sleeps and wakes."""
    row = await campaign.stopped_at_random()
    assert_kept(row)
    assert row.times == CUT.stops_at_random


async def test_a_worker_stopped_inside_the_request_of_a_post_posts_nothing_twice(campaign: Campaign) -> None:
    """But for the one instant that docs/guarantees.md names: it goes on with that request, and must not."""
    assert_kept(await campaign.stopped_at_points())
