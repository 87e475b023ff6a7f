"""The lookout: sees what of the deliveries wants a person, and tells the desk once.

It reads the store and nothing else, so it does not matter which worker met the trouble, or died of it: a lane that is
parked, an account on X that is shut or out of money, posts that did not go out, a chat that has another number.
`standing_alerts` and `failure_alerts` decide; `Lookout` only moves.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from newsroom.alert import Alert, Trouble
from newsroom.delivery import DROPPED, TAKEN_BACK, Delivery, State
from newsroom.ports import Addresses, Alarm, Clock, Leases, Ledger, Switch
from newsroom.purse import OVER_DAY, OVER_MONTH, SAID_ALREADY
from newsroom.target import Network, TargetId, network_of

log = logging.getLogger(__name__)

LOOK_SECONDS = 15.0
LEASE = "lookout"
LEASE_SECONDS = 30.0
LOOKED_AT = 30
"""Failures that one look reads: more at once are told as a number."""
SINGLY_AT_MOST = 3
"""Failures of one target that are told one by one; after an outage it is a single alert that names their number."""
FRESH_SECONDS = 600.0
"""Failures before this lookout's turn that are told still: the worker before it may have died before it could."""
REMEMBERED = 10 * LOOKED_AT
"""Failures that are known to have been told; what one look reads is always among them."""
_OVER_BUDGET = frozenset({OVER_DAY, OVER_MONTH})
_MEANT = frozenset({DROPPED, TAKEN_BACK, SAID_ALREADY})
"""Reasons for which people, or a rule of the house, kept a post back."""


class Sources(Protocol):
    """What of the store is looked at."""

    @property
    def ledger(self) -> Ledger:
        """How deliveries stand."""
        ...

    @property
    def switch(self) -> Switch:
        """What is parked."""
        ...

    @property
    def addresses(self) -> Addresses:
        """Chats that moved."""
        ...

    @property
    def leases(self) -> Leases:
        """So that one worker looks."""
        ...


class Lookout:
    """Part of the worker. Of several workers one looks.

    Args:
        sources: the store.
        alarm: who is told.
        clock: the wall clock dates failures and budgets.
        targets: of the house.
        worker: this one's name.
    """

    def __init__(
        self,
        sources: Sources,
        alarm: Alarm,
        clock: Clock,
        *,
        targets: Sequence[TargetId],
        worker: str,
    ) -> None:
        self._sources = sources
        self._alarm = alarm
        self._clock = clock
        self._targets = tuple(targets)
        self._worker = worker
        self._begun = self._since = clock.now().timestamp() - FRESH_SECONDS
        self._told: dict[tuple[str, float], None] = {}
        """Delivery and moment of each failure that an earlier look met, the newest last."""
        self._spent_up: dict[TargetId, Delivery] = {}
        self._standing = self._all_causes()

    def _all_causes(self) -> dict[str, Alert | None]:
        """What an earlier worker may have told: each is ended at the first look, unless it stands."""
        kinds = (Trouble.PARKED, Trouble.BUDGET, Trouble.MOVED)
        return {Alert(kind, target, "").cause: None for kind in kinds for target in self._targets}

    async def round(self) -> None:
        """Look, where no other worker does.

        Raises:
            StoreUnavailable: nothing was seen.
        """
        if await self._sources.leases.hold(LEASE, self._worker, LEASE_SECONDS):
            await self.look()
        else:
            # What failed until now is told by the one that looks.
            self._since = self._clock.now().timestamp() - FRESH_SECONDS
            self._standing = self._all_causes()

    async def leave(self) -> None:
        """Let another worker look at once.

        Raises:
            StoreUnavailable: it will when the lease has run out.
        """
        await self._sources.leases.drop(LEASE, self._worker)

    async def look(self) -> None:
        """Look once, and tell what is new or over.

        Raises:
            StoreUnavailable: nothing was seen.
        """
        now = self._clock.now().timestamp()
        parked = {
            target: why for target, why in (await self._sources.switch.parked()).items() if target in self._targets
        }
        moved = await self._moved()
        shut = await self._sources.ledger.shut([target for target in self._targets if network_of(target) is Network.X])
        failed = await self._sources.ledger.failed(LOOKED_AT)
        fresh = self._untold(failed)
        over_budget = {target: one.why for target, one in self._overspent(failed).items() if is_still_spent(one, now)}
        await self._stand({alert.cause: alert for alert in standing_alerts(parked, {**over_budget, **shut}, moved)})
        for alert in failure_alerts(fresh):
            await self._alarm.tell(alert)

    def _untold(self, failed: Sequence[Delivery]) -> list[Delivery]:
        """Those of our turn that were not told yet, which they are from now on."""
        untold = [one for one in failed if one.settled > self._since and (one.id, one.settled) not in self._told]
        # What this look read stands last, so that nothing of it is forgotten before what only earlier ones read.
        seen = {(one.id, one.settled): None for one in reversed(failed)}
        kept = [told for told in self._told if told not in seen]
        self._told = dict.fromkeys([*kept, *seen][-REMEMBERED:])
        return untold

    def _overspent(self, failed: Sequence[Delivery]) -> Mapping[TargetId, Delivery]:
        """The newest post of each target that a budget kept back, since this worker's start: settings may have changed."""
        for one in failed:
            held = self._spent_up.get(one.target)
            is_newer = held is None or one.settled > held.settled
            if one.why in _OVER_BUDGET and one.settled > self._begun and is_newer:
                self._spent_up[one.target] = one
        return self._spent_up

    async def _moved(self) -> Mapping[TargetId, int]:
        found = {target: await self._sources.addresses.moved_to(target) for target in self._targets}
        return {target: chat for target, chat in found.items() if chat is not None}

    async def _stand(self, alerts: Mapping[str, Alert]) -> None:
        for cause, alert in alerts.items():
            if self._standing.get(cause) != alert:
                await self._alarm.tell(alert)
        for cause in self._standing.keys() - alerts.keys():
            await self._alarm.over(cause)
        self._standing = dict(alerts)


def standing_alerts(
    parked: Mapping[TargetId, str], unpaid: Mapping[TargetId, str], moved: Mapping[TargetId, int]
) -> Iterable[Alert]:
    """Troubles that last until somebody mends them. Pure."""
    yield from (Alert(Trouble.PARKED, target, why) for target, why in parked.items())
    yield from (Alert(Trouble.BUDGET, target, why) for target, why in unpaid.items())
    for target, chat in moved.items():
        why = f"The group became a supergroup with the id {chat}: write that into the settings."
        yield Alert(Trouble.MOVED, target, why)


def failure_alerts(failed: Iterable[Delivery]) -> Iterable[Alert]:
    """Posts that should have gone out and did not, the newest first as they are given. Pure.

    Each is named by a delivery, many at once by the newest: the next failure is an alert of its own.
    A change that was not made is none: its post stands. What the budget stopped is told as the budget's trouble.
    """
    missed: dict[TargetId, list[Delivery]] = {}
    for one in failed:
        is_failure = one.state in {State.REFUSED, State.EXPIRED} and not one.of
        if is_failure and one.why not in _OVER_BUDGET | _MEANT:
            missed.setdefault(one.target, []).append(one)
    for posts in missed.values():
        if len(posts) > SINGLY_AT_MOST:
            yield Alert(Trouble.NOT_SENT, posts[0].id, posts[0].why, posts[0].post.headline, len(posts))
        else:
            yield from (Alert(Trouble.NOT_SENT, one.id, one.why, one.post.headline) for one in posts)


def is_still_spent(refused: Delivery, now: float) -> bool:
    """Whether the day or month (UTC) whose budget refused a delivery still lasts. Pure."""
    at, then = (datetime.fromtimestamp(seconds, UTC) for seconds in (now, refused.settled))
    if refused.why == OVER_MONTH:
        return (at.year, at.month) == (then.year, then.month)
    return at.date() == then.date()
