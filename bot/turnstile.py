"""A turnstile: how often strangers may knock. Counts by address and in all, and forgets who has not come for a while."""

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address, ip_network

from newsroom.delivery import Lane
from newsroom.ports import Clock
from newsroom.rate import Spacing

EACH = Spacing(every=0.2, burst=300)
"""Five a second from one address, after 300 at once: a site that changes a category saves hundreds of articles."""
ALL = Spacing(every=0.05, burst=600)
CLIENTS_KEPT = 4_096


class Turnstile:
    """Lets each through at its rate, and all together at theirs.

    Args:
        clock: Time.
        each: Of one address.
        whole: Of all together.
    """

    def __init__(self, clock: Clock, each: Spacing = EACH, whole: Spacing = ALL) -> None:
        self._clock = clock
        self._each = each
        self._whole = whole
        self._ahead_of: OrderedDict[str, float] = OrderedDict()
        self._ahead_of_all = 0.0

    def wait(self, client: str) -> float:
        """0 for one who may come in and is counted; else the seconds after which to come again."""
        now = self._clock.monotonic()
        ahead = self._ahead_of.get(client, 0.0)
        # One who knocks too often does not use up what is left for the others.
        wait = self._each.wait(ahead, now, Lane.BREAKING) or self._whole.wait(self._ahead_of_all, now, Lane.BREAKING)
        if not wait:
            self._ahead_of[client] = self._each.after(ahead, now)
            self._ahead_of.move_to_end(client)
            self._ahead_of_all = self._whole.after(self._ahead_of_all, now)
            if len(self._ahead_of) > CLIENTS_KEPT:
                self._ahead_of.popitem(last=False)
        return wait


def client_of(remote: str | None) -> str:
    """Under which name an address is counted: one customer has a whole /64 of IPv6."""
    try:
        address = ip_address((remote or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False).network_address)
    return str(address)
