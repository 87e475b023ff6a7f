"""Receipts: what became of a story, in a message that is kept true, with what may still be done about it.

Undo for two minutes; afterwards correct and retract. A receipt is a notice in the store: whoever listens keeps it true,
also after a crash, and no press of an older version counts.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.commands.choices import RECEIPT, Stage, choices_of, stage_of, waiting_of
from bot.commands.life import headline_of, lines_of
from bot.commands.previews import Previews
from bot.commands.questions import Buttons, digest
from bot.commands.replies import Replies
from bot.commands.voice import Voice
from newsroom.daybook import Notices
from newsroom.delivery import State
from newsroom.order import Notice, Order
from newsroom.ports import Clock, Ledger, Life, Switch
from newsroom.target import Network, network_of

YOUNG_SECONDS = 150.0
"""A receipt of that age is looked after all the time, an older one now and then."""
OLD_LOOK_SECONDS = 15.0
KEPT_SECONDS = 2 * 86_400.0
"""As long as its buttons mean something."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a receipt's notice knows besides its words."""

    story: str
    user: int
    """Whose push it was; 0 for a feed's own."""
    is_own: bool
    stage: str = ""
    version: int = 0
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()
    """The buttons that stand there now."""
    preview: str = ""
    """Digest of the post that was shown as it will go out."""


class Receipts:
    """Opens receipts and keeps them true.

    Args:
        ledger: how things stand.
        switch: whether the newsroom is paused.
        notices: where receipts are remembered.
        voice: shows them.
        buttons: under them.
        clock: for their age.
        replies: the words.
        previews: show what waits; None without a group of editors.
    """

    def __init__(
        self,
        ledger: Ledger,
        switch: Switch,
        notices: Notices,
        *,
        voice: Voice,
        buttons: Buttons,
        clock: Clock,
        replies: Replies,
        previews: Previews | None = None,
    ) -> None:
        self._ledger = ledger
        self._switch = switch
        self._notices = notices
        self._voice = voice
        self._buttons = buttons
        self._clock = clock
        self._replies = replies
        self._previews = previews
        self._open: dict[str, Notice] = {}
        self._next_look: dict[str, float] = {}
        self._next_recall = 0.0

    async def open(self, order: Order, life: Life, *, is_own: bool) -> None:
        """Answer an order with a receipt; the same order has one."""
        name = f"{RECEIPT}:{order.id}"
        if await self._notices.recall(name) is None:
            meaning = Meaning(life.story.id, order.user, is_own)
            await self._show(name, life, meaning, order.chat, order.reply_to)

    async def report(self, chat: int, life: Life) -> bool:
        """Tell a chat of a story that went out by itself, once; False when it could not be told."""
        name = f"{RECEIPT}:story:{life.story.id}"
        if await self._notices.recall(name) is not None:
            return True
        meaning = Meaning(life.story.id, 0, is_own=True)
        return await self._show(name, life, meaning, chat)

    async def look(self) -> None:
        """Put right what is no longer true. Raises `StoreUnavailable`."""
        now = self._clock.monotonic()
        if now >= self._next_recall:
            self._next_recall = now + OLD_LOOK_SECONDS
            self._open = {notice.name: notice for notice in await self._notices.named(f"{RECEIPT}:")}
        for notice in tuple(self._open.values()):
            if self._next_look.get(notice.name, 0.0) <= now:
                await self._keep(notice)

    async def freshen(self, story: str) -> None:
        """Something was done about a story: its buttons are made anew, and its receipts looked at."""
        for notice in tuple(self._open.values()):
            meaning = _meaning_of(notice)
            if meaning is not None and meaning.story == story:
                stale = replace(meaning, stage="")
                self._open[notice.name] = replace(notice, shown="", meaning=json.dumps(asdict(stale)))
                self._next_look.pop(notice.name, None)

    async def _keep(self, notice: Notice) -> None:
        meaning, age = _meaning_of(notice), self._clock.now().timestamp() - notice.at
        life = await self._ledger.life(meaning.story) if meaning else None
        if meaning is None or life is None or age > KEPT_SECONDS:
            await self._drop(notice.name)
            return
        stage = stage_of(life.deliveries, self._clock.now().timestamp())
        is_moving = age <= YOUNG_SECONDS or stage is Stage.UNDO or self._is_due_soon(life)
        self._next_look[notice.name] = self._clock.monotonic() + (0.0 if is_moving else OLD_LOOK_SECONDS)
        text = await self._text(life, meaning, stage)
        shown = digest(f"{stage} {text}")
        if shown == notice.shown:
            return
        if stage != meaning.stage:
            meaning = await self._staged(notice.name, meaning, stage, life)
        meaning, _ = await self._previewed(meaning, stage, life, notice.chat)
        if not await self._voice.edit(notice.chat, notice.message, text, meaning.rows):
            await self._drop(notice.name)
            return
        await self._remember(replace(notice, shown=shown, meaning=json.dumps(asdict(meaning))))

    def _is_due_soon(self, life: Life) -> bool:
        soon = self._clock.now().timestamp() + OLD_LOOK_SECONDS
        return any(min(one.due, one.expires) <= soon for one in waiting_of(life.deliveries))

    async def _show(self, name: str, life: Life, meaning: Meaning, chat: int, reply_to: int = 0) -> bool:
        now = self._clock.now().timestamp()
        stage = stage_of(life.deliveries, now)
        text = await self._text(life, meaning, stage)
        meaning = await self._staged(name, meaning, stage, life)
        meaning, seen = await self._previewed(meaning, stage, life, chat)
        message = await self._voice.say(chat, text, reply_to=reply_to or seen, rows=meaning.rows)
        if not message:
            return False
        shown = digest(f"{stage} {text}")
        await self._remember(Notice(name, chat, message, shown, now, json.dumps(asdict(meaning))))
        return True

    async def _remember(self, notice: Notice) -> None:
        await self._notices.remember(notice)
        self._open[notice.name] = notice

    async def _drop(self, name: str) -> None:
        await self._notices.forget(name)
        self._open.pop(name, None)
        self._next_look.pop(name, None)

    async def _staged(self, name: str, meaning: Meaning, stage: Stage, life: Life) -> Meaning:
        """With fresh buttons for this stage; those of the last one mean nothing more than that they are stale."""
        version = meaning.version + 1
        choices = choices_of(stage, life.deliveries, life.story.id, f"{name}:{version}", meaning.user)
        rows = tuple([tuple(await self._buttons.row(row)) for row in choices])
        return replace(meaning, stage=stage, version=version, rows=rows)

    async def _previewed(self, meaning: Meaning, stage: Stage, life: Life, chat: int) -> tuple[Meaning, int]:
        """Show a post that waits as it will go out, and again when it was changed; with the number of that message."""
        waiting = waiting_of(life.deliveries)
        is_waiting = bool(waiting) and stage in {Stage.COUNTDOWN, Stage.APPROVE}
        if self._previews is None or self._previews.chat != chat or not is_waiting:
            return meaning, 0
        post = min(waiting, key=lambda one: network_of(one.target) is Network.X).post
        seen = digest(repr((post.text, post.pictures, post.silent)))
        if seen == meaning.preview:
            return meaning, 0
        return replace(meaning, preview=seen), await self._previews.show(post)

    async def _text(self, life: Life, meaning: Meaning, stage: Stage) -> str:
        if stage in {Stage.COUNTDOWN, Stage.APPROVE}:
            return self._candidate(life, stage)
        posts = [delivery for delivery in life.deliveries if not delivery.of]
        is_settled = all(delivery.is_final for delivery in posts)
        name = "push_done" if is_settled else "push_going"
        lines = lines_of(life.deliveries, self._replies)
        if not is_settled and await self._switch.paused():
            lines = f"{lines}\n{self._replies('paused_note')}"
        text = self._replies(name if meaning.is_own else "push_known", headline=headline_of(life), lines=lines)
        sent = [delivery.settled for delivery in posts if delivery.state is State.SENT]
        if not sent:
            return text
        by = next((post.by for post in posts if post.by), life.by).partition(" ")[2] or self._replies("by_itself")
        at = self._replies.time(datetime.fromtimestamp(min(sent), UTC))
        return f"{text}\n{self._replies('posted_at', time=at, by=by)}"

    def _candidate(self, life: Life, stage: Stage) -> str:
        waiting = waiting_of(life.deliveries)
        due = datetime.fromtimestamp(min(min(one.due, one.expires) for one in waiting), UTC)
        is_near = due - self._clock.now() < timedelta(hours=12)
        on_x = next((one.post.text for one in waiting if network_of(one.target) is Network.X), "")
        return self._replies(
            f"candidate_{stage}",
            headline=headline_of(life),
            time=self._replies.time(due) if is_near else self._replies.day(due),
            lines=lines_of(waiting, self._replies),
            x=f"\n\nX:\n{on_x}" if on_x else "",
        )


def _meaning_of(notice: Notice) -> Meaning | None:
    """None for one that another version of ours wrote: it is not kept true any longer."""
    try:
        fields = json.loads(notice.meaning)
        rows = tuple(tuple((words, token) for words, token in row) for row in fields["rows"])
        return Meaning(**{**fields, "rows": rows})
    except (KeyError, TypeError, ValueError):
        return None
