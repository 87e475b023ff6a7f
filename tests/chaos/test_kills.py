"""The worker is killed (SIGKILL) at every point of its way: never twice, never silently lost, nothing left uncertain."""

from tests.chaos.campaign import Campaign
from tests.chaos.conftest import CUT, assert_kept
from tests.chaos.points import RECOVERY, SEND_PATH


async def test_a_worker_killed_at_any_named_point_of_the_send_path_breaks_no_promise(campaign: Campaign) -> None:
    """Before, within and after every request to the store, to Telegram and to X."""
    row = await campaign.killed_at_points()
    assert_kept(row)
    assert not campaign.missed
    assert set(campaign.struck) == {str(point) for point in SEND_PATH}
    assert row.times == len(SEND_PATH) * CUT.kills_at_each_point


async def test_a_worker_killed_while_it_recovers_what_another_left_breaks_no_promise(campaign: Campaign) -> None:
    """The read-back itself is cut off, and begun again by the next."""
    row = await campaign.killed_in_recovery()
    assert_kept(row)
    assert len(set(campaign.struck) & {str(point) for point in RECOVERY}) >= len(RECOVERY) - 2


async def test_a_worker_killed_at_random_breaks_no_promise(campaign: Campaign) -> None:
    """From outside, at an instant that nothing but chance decides."""
    row = await campaign.killed_at_random()
    assert_kept(row)
    assert row.times == CUT.kills_at_random


async def test_without_an_editors_chat_what_is_uncertain_is_shown_and_never_sent_again(campaign: Campaign) -> None:
    """A channel cannot be read back then."""
    assert_kept(await campaign.killed_without_desk(), uncertain=None)
