"""Both networks misbehave, the store suffers, and clocks jump, while workers deliver."""

import pytest

from tests.chaos import stores
from tests.chaos.conftest import assert_kept
from tests.chaos.crews import Made


@pytest.mark.row("troubled")
def test_no_fault_of_the_networks_makes_two_posts_or_none(made: Made) -> None:
    """Each fault of both fakes, before and after the request was accepted."""
    assert_kept(made)


@pytest.mark.row("wounded {name}")
@pytest.mark.parametrize("name", stores.WOUNDS)
def test_a_store_that_suffers_and_recovers_breaks_no_promise(made: Made, name: str) -> None:
    """Killed, stopped, read-only, out of memory, on a full disk, without its scripts."""
    assert name in made.name
    assert_kept(made)


@pytest.mark.row("failed over")
def test_a_failover_to_a_replica_that_is_up_to_date_makes_no_post_come_again(made: Made) -> None:
    """The master is killed and its replica takes over at the same address."""
    assert_kept(made)


@pytest.mark.row("failed over, cut off")
def test_a_failover_to_a_replica_that_was_cut_off_makes_no_post_come_again(made: Made) -> None:
    """What it missed is read back before anything is sent."""
    assert_kept(made)


@pytest.mark.row("wiped")
def test_a_store_wiped_while_it_runs_makes_no_post_come_again_and_the_editors_are_told(made: Made) -> None:
    """FLUSHALL: what stood in it is gone, and that is said."""
    assert_kept(made)


@pytest.mark.row("clock of the store")
def test_a_store_whose_clock_jumps_two_hours_posts_nothing_twice(made: Made) -> None:
    """On and back: leases end early or late, and what is no longer news is told."""
    assert_kept(made)


@pytest.mark.row("clock of the workers")
def test_workers_whose_clock_jumps_two_hours_post_nothing_twice_and_nothing_old(made: Made) -> None:
    """What is news is judged by it."""
    assert_kept(made)
