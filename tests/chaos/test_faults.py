"""Both networks misbehave, and the store suffers, while workers deliver."""

import pytest

from tests.chaos import stores
from tests.chaos.campaign import Campaign
from tests.chaos.conftest import assert_kept
from tests.chaos.networks import TROUBLES


async def test_no_fault_of_the_networks_makes_two_posts_or_none(campaign: Campaign) -> None:
    """Each fault of both fakes, before and after the request was accepted."""
    assert_kept(await campaign.troubled(TROUBLES))


@pytest.mark.parametrize("name", stores.WOUNDS)
async def test_a_store_that_suffers_and_recovers_breaks_no_promise(campaign: Campaign, name: str) -> None:
    """Killed, stopped, read-only, out of memory, on a full disk, without its scripts."""
    assert_kept(await campaign.wounded(name))


async def test_a_failover_to_a_replica_that_is_up_to_date_makes_no_post_come_again(campaign: Campaign) -> None:
    """The master is killed and its replica takes over at the same address."""
    row = await campaign.failed_over(0.0)
    assert row.verdict.duplicates == 0, row.evidence
