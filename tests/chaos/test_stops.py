"""The worker is stopped (SIGSTOP) past its lease and goes on: a sleeper must not post what another has posted."""

import pytest

from tests.chaos.conftest import CUT, assert_kept
from tests.chaos.crews import Made


@pytest.mark.row("stopped at random")
def test_a_worker_stopped_past_its_lease_at_random_instants_posts_nothing_twice(made: Made) -> None:
    """Two workers run; one sleeps and wakes."""
    assert_kept(made)
    assert made.row.times >= CUT.stops_at_random


@pytest.mark.row("stopped at points")
def test_a_worker_stopped_inside_the_request_of_a_post_posts_nothing_twice(made: Made) -> None:
    """It goes on with that request, and must not."""
    assert_kept(made)


@pytest.mark.row("stopped in the window")
def test_a_worker_stopped_in_the_middle_of_its_last_write_never_wakes_to_finish_it(made: Made) -> None:
    """No look at the clock stands between the two halves: the fuse does."""
    assert_kept(made)


@pytest.mark.row("told to stop")
def test_a_worker_told_to_stop_in_the_middle_of_a_post_finishes_it_and_goes(made: Made) -> None:
    """SIGTERM, then exit code 0."""
    assert_kept(made)
