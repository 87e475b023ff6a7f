"""The turnstile: how often one may knock, and who counts as one."""

import pytest

from bot.turnstile import CLIENTS_KEPT, Turnstile, client_of
from newsroom.rate import Spacing
from tests.support.clock import ManualClock


def test_one_who_knocks_too_often_waits_and_the_others_do_not() -> None:
    """Nor is what is left for all used up by knocking at a closed door."""
    clock = ManualClock()
    turnstile = Turnstile(clock, each=Spacing(every=1.0, burst=2), whole=Spacing(every=0.5, burst=4))
    assert [turnstile.wait("a") for _ in range(4)] == [0.0, 0.0, 1.0, 1.0]
    assert [turnstile.wait("b") for _ in range(2)] == [0.0, 0.0]
    assert turnstile.wait("c") == 0.5
    clock.advance(1.0)
    assert turnstile.wait("a") == 0.0
    assert turnstile.wait("a") == 1.0


def test_a_thousand_addresses_are_no_way_around_the_limit_of_all() -> None:
    """Each new, each polite."""
    turnstile = Turnstile(ManualClock(), each=Spacing(every=1.0), whole=Spacing(every=1.0, burst=50))
    assert sum(not turnstile.wait(f"client {number}") for number in range(1000)) == 50


def test_no_more_addresses_are_remembered_than_there_is_room_for() -> None:
    """Whoever comes from ever new ones fills no memory."""
    turnstile = Turnstile(ManualClock(), whole=Spacing(every=1e-6, burst=10**9))
    for number in range(CLIENTS_KEPT + 100):
        turnstile.wait(f"client {number}")
    assert len(turnstile._ahead_of) == CLIENTS_KEPT


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2:3::1", "2001:db8:1:2:4::2", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2", True),
        (None, "", True),
        ("no address", "", True),
    ],
)
def test_a_network_of_ipv6_counts_as_one_and_an_ipv4_address_too(one: str | None, other: str, *, is_one: bool) -> None:
    """A customer has a whole /64 to knock from."""
    assert (client_of(one) == client_of(other)) is is_one
