"""The worker is killed (SIGKILL) at every point of its way: never twice, never silently lost, nothing left uncertain."""

import pytest

from tests.chaos.conftest import CUT, assert_kept
from tests.chaos.crews import Made
from tests.chaos.errands import EDIT_POINTS
from tests.chaos.points import CLAIMS, RECOVERY, SEND_PATH


@pytest.mark.row("killed at points")
def test_a_worker_killed_at_any_named_point_of_the_send_path_breaks_no_promise(made: Made) -> None:
    """Before, within and after every request to the store, to Telegram and to X."""
    assert_kept(made)
    assert not made.missed
    assert set(made.struck) == {str(point) for point in SEND_PATH}
    assert made.row.times == len(SEND_PATH) * CUT.kills_at_each_point


@pytest.mark.row("killed in claims")
def test_a_worker_killed_in_a_step_that_claims_the_post_it_finds_breaks_no_promise(made: Made) -> None:
    """What it had claimed and not begun is read back, and goes out once."""
    assert_kept(made)
    assert set(made.struck) == {str(point) for point in CLAIMS}


@pytest.mark.row("killed in recovery")
def test_a_worker_killed_while_it_recovers_what_another_left_breaks_no_promise(made: Made) -> None:
    """The read-back itself is cut off, and begun again by the next."""
    assert_kept(made)
    assert len(set(made.struck) & {str(point) for point in RECOVERY}) >= len(RECOVERY) - 2


@pytest.mark.row("killed at random")
def test_a_worker_killed_at_random_breaks_no_promise(made: Made) -> None:
    """From outside, at an instant that nothing but chance decides."""
    assert_kept(made)
    assert made.row.times == CUT.kills_at_random


@pytest.mark.row("killed without desk")
def test_without_an_editors_chat_what_is_uncertain_is_shown_and_never_sent_again(made: Made) -> None:
    """A channel cannot be read back then."""
    assert_kept(made, uncertain=None)


@pytest.mark.row("errands")
def test_a_worker_killed_while_editors_push_and_the_site_corrects_breaks_no_promise(made: Made) -> None:
    """Each pushed story stands once, each correction stands at last."""
    assert_kept(made)


@pytest.mark.row("killed in edits")
def test_a_worker_killed_in_the_middle_of_an_edit_leaves_one_post_with_the_new_words(made: Made) -> None:
    """An edit made twice comes to the same."""
    assert_kept(made)
    assert set(made.struck) == {str(point) for point in EDIT_POINTS}
