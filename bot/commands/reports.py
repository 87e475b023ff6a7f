"""Reports: each story that goes out by itself is told to the desk once, with a receipt that is kept true."""

from bot.commands.choices import Stage, stage_of
from bot.commands.receipts import Receipts
from newsroom.daybook import Notices
from newsroom.order import Notice
from newsroom.ports import Clock, Ledger, Life, Outbox

CURSOR = "cursor:reports"
NEWS_SECONDS = 86_400.0
"""What is older neither goes out nor waits."""
YOUNG_SECONDS = 600.0
"""What went out while nobody listened is news to nobody; `/report` tells of it."""


class Reports:
    """Follows the outbox's window.

    Args:
        outbox: what was admitted.
        ledger: whether anything goes out for it.
        receipts: shows it.
        notices: how far the desk was told.
        clock: for the age of a story.
        desk: chat id of the editors' group.
    """

    def __init__(
        self, outbox: Outbox, ledger: Ledger, receipts: Receipts, notices: Notices, clock: Clock, *, desk: int
    ) -> None:
        self._outbox = outbox
        self._ledger = ledger
        self._receipts = receipts
        self._notices = notices
        self._clock = clock
        self._desk = desk
        self._version: int | None = None

    async def look(self) -> None:
        """Tell what is new, and what waits for the desk however long. Raises `StoreUnavailable`."""
        if self._version is None:
            told = await self._notices.recall(CURSOR)
            self._version = int(told.shown) if told else 0
        recent = await self._outbox.recent(self._version)
        if recent.version == self._version:
            return
        for story in recent.stories:
            life = await self._ledger.life(story.id) if self._age(story.met.timestamp()) < NEWS_SECONDS else None
            if life is not None and self._concerns(life) and not await self._receipts.report(self._desk, life):
                return
        self._version = recent.version
        await self._notices.remember(Notice(CURSOR, self._desk, 0, str(recent.version)))

    def _concerns(self, life: Life) -> bool:
        """Whether the desk is told: what editors pushed has its receipt, and what is old was told or is history."""
        if life.by or not any(not one.by for one in life.deliveries):
            return False
        stage = stage_of(life.deliveries, self._clock.now().timestamp())
        return stage in {Stage.COUNTDOWN, Stage.APPROVE} or self._age(life.admitted) < YOUNG_SECONDS

    def _age(self, at: float) -> float:
        return self._clock.now().timestamp() - at
