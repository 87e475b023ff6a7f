"""The alarm in the desk's chat: one message a cause, changed in place, with what to do; never a storm."""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping

from bot.alarm import LoggedAlarm
from bot.commands.life import place_of
from bot.commands.questions import digest
from bot.commands.replies import Replies
from bot.commands.voice import Voice
from bot.logs import Redactor
from newsroom.alert import Alert, Trouble
from newsroom.daybook import Notices
from newsroom.delivery import target_of
from newsroom.errors import StoreUnavailable
from newsroom.order import Notice
from newsroom.ports import Clock, Leases
from newsroom.target import TargetId

log = logging.getLogger(__name__)

NEW_A_MINUTE = 5
"""New messages; what comes beyond is folded into one. Telegram takes 20 a minute in a group, and a person reads less."""
GAP_SECONDS = 10.0
"""Between two changes of one message."""
TELLING_SECONDS = 20.0
"""How long one worker tells of a cause before another, which has met it too, may."""
KEPT_SECONDS = 7 * 86_400.0
"""What nobody ever says is over (a post that did not go out) is changed no longer then; what goes on is said again."""
KEPT = 500
"""Messages that are kept true, the newest."""
ALERT = "alert:"
FOLDED = "alert:folded"
FOLDED_SHOWN = 10


class DeskAlarm:
    """Implements `newsroom.ports.Alarm`.

    Without a store it tells from its own memory: an alert must not need what it is about.

    Args:
        voice: says it.
        notices: which message tells of which cause, also after a restart.
        leases: so that of many workers one tells.
        clock: for the minute.
        replies: the words.
        desk: chat id of the editors' group.
        worker: this one's name.
    """

    def __init__(
        self, voice: Voice, notices: Notices, leases: Leases, clock: Clock, *, replies: Replies, desk: int, worker: str
    ) -> None:
        self._voice = voice
        self._notices = notices
        self._leases = leases
        self._clock = clock
        self._replies = replies
        self._desk = desk
        self._worker = worker
        self._logged = LoggedAlarm()
        self._redact = Redactor(())
        self._mine: dict[str, Notice] = {}
        self._changed: dict[str, float] = {}
        self._new: deque[float] = deque()
        self._folded: dict[str, str] = {}
        self._one_at_a_time = asyncio.Lock()

    async def tell(self, alert: Alert) -> None:
        """Say it, or change what was said."""
        await self._logged.tell(alert)
        name, text = f"{ALERT}{alert.cause}", self._text(alert)
        async with self._one_at_a_time:
            if alert.cause in self._folded:
                await self._fold(alert.cause, text)
            elif notice := await self._recall(name):
                await self._change(notice, text)
            elif await self._is_ours(name):
                await self._say(name, alert.cause, text)

    async def over(self, cause: str) -> None:
        """Say that it is over where it was said."""
        await self._logged.over(cause)
        name = f"{ALERT}{cause}"
        async with self._one_at_a_time:
            if self._folded.pop(cause, None) is not None:
                await self._show_folded()
            notice = await self._recall(name)
            if notice is None:
                return
            await self._forget(name)
            first = notice.meaning.partition("\n")[0]
            text = self._replies("alert_over", what=first, time=self._replies.time(self._clock.now()))
            await self._voice.edit(notice.chat, notice.message, text)

    async def _say(self, name: str, cause: str, text: str) -> None:
        now = self._clock.monotonic()
        while self._new and now - self._new[0] >= 60.0:
            self._new.popleft()
        if len(self._new) >= NEW_A_MINUTE:
            await self._fold(cause, text)
            return
        self._new.append(now)
        await self._put(name, text)

    async def _put(self, name: str, text: str) -> None:
        message = await self._voice.say(self._desk, text)
        if message:
            await self._remember(Notice(name, self._desk, message, digest(text), self._clock.now().timestamp(), text))

    async def _change(self, notice: Notice, text: str) -> None:
        now = self._clock.monotonic()
        if notice.shown == digest(text) or now - self._changed.get(notice.name, -GAP_SECONDS) < GAP_SECONDS:
            return
        self._changed[notice.name] = now
        if await self._voice.edit(notice.chat, notice.message, text):
            shown = Notice(notice.name, notice.chat, notice.message, digest(text), notice.at, text)
            await self._remember(shown)
        else:
            # Somebody deleted it; what is still the matter is said again.
            await self._put(notice.name, text)

    async def _fold(self, cause: str, text: str) -> None:
        self._folded[cause] = text.partition("\n")[0]
        await self._show_folded()

    async def _show_folded(self) -> None:
        if not self._folded:
            if notice := self._mine.get(FOLDED):
                await self._forget(FOLDED)
                await self._voice.edit(notice.chat, notice.message, self._replies("alert_folded_over"))
            return
        lines = list(self._folded.values())[:FOLDED_SHOWN]
        text = "\n".join([self._replies("alert_folded", count=len(self._folded)), *lines])
        if notice := self._mine.get(FOLDED):
            await self._change(notice, text)
        else:
            await self._put(FOLDED, text)

    def _text(self, alert: Alert) -> str:
        known = alert.trouble in set(Trouble) and self._replies.knows(f"alert_{alert.trouble}")
        name = f"alert_{alert.trouble}" if known else "alert_other"
        if alert.count > 1 and self._replies.knows(f"{name}_many"):
            name = f"{name}_many"
        why = self._replies.why(alert.why)
        about = self._replies.part(alert.about) if alert.trouble is Trouble.BROKEN else _about(alert)
        text = self._replies(name, about=about, why=why, trouble=alert.trouble, count=alert.count)
        return self._redact(text)

    async def _recall(self, name: str) -> Notice | None:
        try:
            return await self._notices.recall(name)
        except StoreUnavailable:
            return self._mine.get(name)

    async def _remember(self, notice: Notice) -> None:
        oldest = self._clock.now().timestamp() - KEPT_SECONDS
        self._mine = _newest(self._mine, notice, oldest)
        self._changed = {name: at for name, at in self._changed.items() if name in self._mine}
        try:
            await self._notices.remember(notice)
            await self._notices.trim(ALERT, oldest, KEPT)
        except StoreUnavailable as fault:
            log.info("an alert is remembered by this worker alone: %s", fault, extra={"action": "store_down"})

    async def _forget(self, name: str) -> None:
        self._mine.pop(name, None)
        try:
            await self._notices.forget(name)
        except StoreUnavailable as fault:
            log.info("an alert that is over could not be forgotten: %s", fault, extra={"action": "store_down"})

    async def _is_ours(self, name: str) -> bool:
        try:
            return await self._leases.hold(name, self._worker, TELLING_SECONDS)
        except StoreUnavailable:
            return True


def _newest(mine: Mapping[str, Notice], notice: Notice, oldest: float) -> dict[str, Notice]:
    """With this one; as the store trims its own, so that a worker that runs for months keeps no more."""
    young = sorted((it for it in {**mine, notice.name: notice}.values() if it.at >= oldest), key=lambda it: it.at)
    return {it.name: it for it in young[-KEPT:]}


def _about(alert: Alert) -> str:
    """What it is about, as editors call it; of a delivery its place, with the story's headline before it."""
    target = target_of(alert.about) if ">" in alert.about else TargetId(alert.about)
    about = place_of(target) if target.startswith(("telegram:", "x:")) else alert.about
    return f"{alert.headline} ({about})" if alert.headline else about
