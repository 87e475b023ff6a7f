"""The terms on which a delivery may go: rates, prices and budget, and the two alarms that are raised over them.

An alarm is a line in the log, `action="alert"`, once for each opening, for all workers: the store says which came first.
"""

import json
import logging
from dataclasses import asdict, dataclass, field
from typing import Any

from newsroom.delivery import Delivery, Lane, target_of
from newsroom.errand import EDIT_SECONDS
from newsroom.purse import SAID_SECONDS, Budget, Ceiling, Prices
from newsroom.rate import ALARM_SECONDS, Limits
from newsroom.target import Network, TargetId, network_of
from store.keys import MEMORY_SECONDS, SPENT_SECONDS

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Terms:
    """Plain values; bot.wiring fills them in. Without any, everything may go at once and X costs what it costs."""

    limits: Limits = field(default_factory=Limits)
    prices: Prices = field(default_factory=Prices)
    budget: Budget = field(default_factory=Budget)

    def of_lane(self, target: TargetId) -> str:
        """As pace.lua reads them, for one target: JSON."""
        terms: dict[str, Any] = {
            "family": self.limits.family(target),
            "alarm": ALARM_SECONDS,
            "shut": MEMORY_SECONDS,
            "kept": SPENT_SECONDS,
            "edit_every": EDIT_SECONDS,
            "gates": [{"name": gate.name, "why": gate.why, **asdict(gate.rate)} for gate in self.limits.gates(target)],
        }
        if network_of(target) is Network.X:
            terms["prices"] = asdict(self.prices)
            terms["ceilings"] = {lane: _known(self.budget.ceiling(lane)) for lane in Lane}
            terms["said"] = SAID_SECONDS
        return json.dumps(terms)


def _known(ceiling: Ceiling) -> dict[str, int]:
    """Without the limits that are none: Lua takes JSON's null for something."""
    return {name: most for name, most in (("day", ceiling.day), ("month", ceiling.month)) if most is not None}


def told_refused(delivery: str, why: str, *, is_first: bool) -> None:
    """A post may not go: its budget is spent, or another account says its words.

    Args:
        delivery: its id.
        why: in words.
        is_first: the first that this budget refuses to this lane, today or this month.
    """
    story, target = delivery.partition(">")[0], target_of(delivery)
    if is_first:
        extra = {"action": "alert", "story": story, "target": target}
        log.error("refused, and so is what comes after it: %s (X_BUDGET_DAY, X_BUDGET_MONTH)", why, extra=extra)
    else:
        log.warning("refused: %s", why, extra={"action": "refused", "story": story, "target": target})


def told_shut(delivery: Delivery) -> None:
    """A target is shut to us for long; attempts after this one are quiet until a post stands there again."""
    extra = {"action": "alert", "story": delivery.story, "target": delivery.target}
    seconds = delivery.due - delivery.settled
    log.error("%s takes nothing for %.0f s: %s", delivery.target, seconds, delivery.why, extra=extra)
