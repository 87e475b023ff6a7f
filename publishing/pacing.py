"""Pacing of money: whether the month still affords the dear link. The rates themselves stand inside the claim."""

import logging

from newsroom.ports import Clock, Ledger
from newsroom.purse import Budget, Spent, affords_links, dollars, projected

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""How often the books are read: a minute's posts cannot upset a month."""


class LinkPurse:
    """Reads the books now and then, so that rendering, which must not wait, can be told at once.

    Until the books were read once, links are not afforded: what was not read may be spent.
    """

    def __init__(self, ledger: Ledger, clock: Clock, budget: Budget) -> None:
        """Nothing is read yet."""
        self._ledger = ledger
        self._clock = clock
        self._budget = budget
        self._spent: Spent | None = None
        self._afforded = True

    def affords_link(self) -> bool:
        """Whether an ordinary post on X may carry its link now."""
        return self._spent is not None and affords_links(self._spent, self._budget, self._clock.now())

    async def look(self) -> None:
        """Read the books, and say in the log when the answer changes.

        Raises:
            StoreUnavailable: they cannot be read; the last reading stands.
        """
        self._spent = await self._ledger.spent()
        afforded = self.affords_link()
        if afforded is not self._afforded:
            ahead = dollars(projected(self._spent.month, self._clock.now()))
            how = "carry their link again" if afforded else "go without their link"
            log.info("ordinary posts on X %s: the month is on its way to %s", how, ahead, extra={"action": "budget"})
        self._afforded = afforded
