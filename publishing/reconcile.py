"""Reconcile: what the network left unknown is looked for where it would stand, before anything is sent again."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from math import inf

from newsroom.delivery import Delivery, State, read_back, wants_desk
from newsroom.errors import LeaseLost, StoreUnavailable
from newsroom.ports import Clock, Outbox, Platform
from newsroom.receipt import Blind, ReadBack
from newsroom.target import TargetId

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often the store is asked for uncertain deliveries, in one round trip for all targets."""

LEASE_SECONDS = 48.0
"""How long a lane's claim holds, and so how long after it a request may be under way at most."""

LEAP_SECONDS = 1.0
"""By which a store's clock is taken to have been set forward; a lease has more than that to spare."""


class Reconciler:
    """Looks for uncertain deliveries and writes down what was found. Decides nothing: `read_back` does.

    A store's clock that is set forward ends leases before their time, with the request still under way: not to be found yet,
    and not to be sent again. So that clock is held against our own, which never leaps, and nothing is read back until
    whatever was under way then is over.
    """

    def __init__(
        self,
        outbox: Outbox,
        platforms: Mapping[TargetId, Platform],
        clock: Clock,
        *,
        settled: Callable[[Delivery], None],
        ask: Callable[[Delivery], Awaitable[None]],
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        """Build it; `settled` is told of each resolved delivery, `ask` puts one that nobody can look for to the desk."""
        self._outbox = outbox
        self._platforms = platforms
        self._clock = clock
        self._settled = settled
        self._ask = ask
        self._lease_seconds = lease_seconds
        self._ahead, self._blind_until = inf, -inf

    async def look(self) -> None:
        """One round over all that may be read back now; the first is of what an earlier worker left behind.

        Raises:
            StoreUnavailable: nothing is read back.
        """
        waiting = await self._outbox.uncertain(readable=True)
        # Asked afterwards, so that no lease ended by a leap that is not seen.
        if await self._leases_were_true():
            for delivery in waiting:
                if delivery.target in self._platforms:
                    await self._one(delivery)

    async def _leases_were_true(self) -> bool:
        """Whether no lease may have ended early since the store's clock was last set forward."""
        asked = self._clock.monotonic()
        theirs = await self._outbox.now()
        answered = self._clock.monotonic()
        # How far it is ahead of ours is known as closely as the answer was quick: the least now, the most before.
        if theirs - answered > self._ahead + LEAP_SECONDS:
            self._blind_until = answered + self._lease_seconds
            log.warning("the store's clock was set forward: nothing is read back for now", extra={"action": "leap"})
        self._ahead = theirs - asked
        return answered >= self._blind_until

    async def _one(self, delivery: Delivery) -> None:
        seen = await self._found(delivery)
        resolved = read_back(delivery, seen, self._clock.now().timestamp())
        try:
            await self._outbox.resolve(resolved)
        except LeaseLost as lost:
            log.info("%s", lost, extra={"action": "lease_lost", "story": delivery.story, "target": delivery.target})
            return
        extra = {"action": "read_back", "story": delivery.story, "target": delivery.target, "url": resolved.url}
        log.warning("read back from %s: %s, %s", delivery.target, resolved.state, resolved.why or "found", extra=extra)
        if resolved.state is State.SENT:
            self._settled(resolved)
        if wants_desk(delivery, seen):
            await self._ask(resolved)

    async def _found(self, delivery: Delivery) -> ReadBack:
        """What stands there. A fault of ours in looking is put to the desk, and holds up no other post."""
        try:
            return await self._platforms[delivery.target].find(delivery)
        except StoreUnavailable:
            raise
        except Exception as error:
            extra = {"action": "platform_broke", "story": delivery.story, "target": delivery.target}
            log.exception("A read-back broke; the fault is ours, and only this post suffers.", extra=extra)
            return Blind(f"A fault of ours ({type(error).__name__}) kept us from looking.")
