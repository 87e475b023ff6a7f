"""The commands: each looks who asks, does one thing through a port, and answers."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from telegram import LinkPreviewOptions, Message, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.commands.editors import Editor, editor_of
from bot.commands.life import life_of, lines_of, place_of, spent_of, targets_of
from bot.commands.push import pushed_entry
from bot.commands.replies import Replies
from newsroom.delivery import Delivery
from newsroom.desk import Desk, Pushed
from newsroom.errors import EntryRefused, FetchFailed, StoreUnavailable
from newsroom.ports import Admitted, Clock, Fetcher, Ledger, Switch, Updates
from newsroom.site import Site
from newsroom.story import keys_of_link

log = logging.getLogger(__name__)

RECEIPT_SECONDS = 120.0
"""How long a push is followed until its answer stands; after that `/status` and `/why` tell."""
LOOK_SECONDS = 0.5
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class DeskMemory(Protocol):
    """What of the store the commands need."""

    @property
    def ledger(self) -> Ledger:
        """What became of things."""
        ...

    @property
    def switch(self) -> Switch:
        """The brake."""
        ...

    @property
    def updates(self) -> Updates:
        """Commands that came twice."""
        ...


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One feed's health for `/status`."""

    url: str
    why: str
    """Empty when the last poll was good."""


class DeskCommands:
    """The editors' commands. Every effect is idempotent, so a command that Telegram brings twice is applied once."""

    def __init__(
        self,
        desk: Desk,
        memory: DeskMemory,
        fetcher: Fetcher,
        clock: Clock,
        *,
        site: Site,
        editors: Mapping[int, str],
        replies: Replies,
        feeds: Callable[[], Sequence[FeedLine]],
        resumed: Callable[[], None],
    ) -> None:
        """Build them; `feeds` tells the feeds' health, `resumed` wakes the lanes."""
        self._desk = desk
        self._memory = memory
        self._fetcher = fetcher
        self._clock = clock
        self._site = site
        self._editors = editors
        self._replies = replies
        self._feeds = feeds
        self._resumed = resumed
        self._is_open = True
        self.commands: Mapping[str, Callable[[Editor, Message, str], Awaitable[None]]] = {
            "push": self._push,
            "status": self._status,
            "why": self._why,
            "pause": self._pause,
            "resume": self._resume,
            "help": self._help,
            "start": self._help,
        }

    def open(self) -> None:
        """Listening begins."""
        self._is_open = True

    def close(self) -> None:
        """Listening ends: receipts that are still followed are left to `/why`."""
        self._is_open = False

    async def on_command(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Any command, from anybody."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        editor = editor_of(update, self._editors)
        if editor is None:
            await self._refuse(update, message)
            return
        try:
            if not await self._memory.updates.first_time(str(update.update_id)):
                return
        except StoreUnavailable:
            await self._say(message, self._replies("store_down"))
            return
        word, _space, rest = message.text.partition(" ") if " " in message.text else message.text.partition("\n")
        name = word.removeprefix("/").partition("@")[0].lower()
        log.info("%s asked for /%s", editor.name, name, extra={"action": "command", "by": editor.by})
        try:
            await self.commands.get(name, self._unknown)(editor, message, rest.strip())
        except StoreUnavailable:
            await self._say(message, self._replies("store_down"))

    async def _refuse(self, update: Update, message: Message) -> None:
        user = update.effective_user
        log.warning("a stranger (%s) tried a command", user.id if user else "?", extra={"action": "stranger"})
        # In a group the bot keeps quiet: others' commands are not its business, and an answer would be noise.
        if user is not None and message.chat.type == message.chat.PRIVATE:
            await self._say(message, self._replies("stranger", site=self._site.name or "Ajil", id=user.id))

    async def _push(self, editor: Editor, message: Message, rest: str) -> None:
        if not rest:
            await self._say(message, self._replies("push_empty"))
            return
        try:
            entry = await pushed_entry(rest, self._fetcher, self._site)
            pushed = await self._desk.push(entry, editor.by)
        except (FetchFailed, EntryRefused) as why:
            await self._say(message, self._replies("push_refused", why=why))
            return
        await self._follow(message, pushed)

    async def _follow(self, message: Message, pushed: Pushed) -> None:
        """Answer at once, and let the answer become the receipt: an editor is never in doubt whether it went out."""
        text = await self._receipt(pushed, is_first=True)
        answer = await self._say(message, text)
        end = self._clock.monotonic() + RECEIPT_SECONDS
        while answer is not None and self._is_open and self._clock.monotonic() < end:
            if all(delivery.is_final for delivery in await self._deliveries(pushed)):
                break
            await self._clock.sleep(LOOK_SECONDS)
        final = await self._receipt(pushed, is_first=False)
        if answer is not None and final != text:
            try:
                await answer.edit_text(final, link_preview_options=NO_PREVIEW)
            except TelegramError as fault:
                log.warning("the receipt could not be shown: %s", fault, extra={"action": "reply_failed"})

    async def _deliveries(self, pushed: Pushed) -> tuple[Delivery, ...]:
        life = await self._memory.ledger.life(pushed.outcome.story)
        return life.deliveries if life else ()

    async def _receipt(self, pushed: Pushed, *, is_first: bool) -> str:
        name = "push_going" if isinstance(pushed.outcome, Admitted) else "push_known"
        lines = lines_of(await self._deliveries(pushed), self._replies)
        if await self._memory.switch.paused():
            lines = f"{lines}\n{self._replies('paused_note')}"
        if not is_first and name == "push_going":
            name = "push_done"
        return self._replies(name, headline=pushed.considered.story.headline, lines=lines)

    async def _status(self, _editor: Editor, message: Message, _rest: str) -> None:
        state = "status_paused" if await self._memory.switch.paused() else "status_running"
        feeds = [
            self._replies("status_feed_bad" if feed.why else "status_feed_good", feed=feed.url, why=feed.why)
            for feed in self._feeds()
        ]
        targets = targets_of(await self._memory.ledger.counts(), self._replies)
        parked = await self._memory.switch.parked()
        stands = [self._replies("parked", place=place_of(target), why=why) for target, why in parked.items()]
        spent = spent_of(await self._memory.ledger.spent(), self._replies)
        targets = "\n".join(line for line in (targets, *stands, spent) if line)
        text = self._replies("status", state=self._replies(state), targets=targets, feeds="\n".join(feeds))
        waiting = lines_of(await self._memory.ledger.unsettled(5), self._replies)
        await self._say(message, f"{text}\n\n{waiting}".strip())

    async def _why(self, _editor: Editor, message: Message, rest: str) -> None:
        for name in (*keys_of_link(rest), rest):
            life = await self._memory.ledger.life(name)
            if life is not None:
                await self._say(message, life_of(life, self._replies))
                return
        await self._say(message, self._replies("why_unknown"))

    async def _pause(self, editor: Editor, message: Message, _rest: str) -> None:
        await self._memory.switch.pause(editor.by)
        await self._say(message, self._replies("paused"))

    async def _resume(self, _editor: Editor, message: Message, _rest: str) -> None:
        await self._memory.switch.resume()
        for target in await self._memory.switch.parked():
            await self._memory.switch.unpark(target)
        self._resumed()
        await self._say(message, self._replies("resumed"))

    async def _help(self, _editor: Editor, message: Message, _rest: str) -> None:
        await self._say(message, self._replies("help"))

    async def _unknown(self, _editor: Editor, message: Message, _rest: str) -> None:
        await self._say(message, self._replies("unknown_command"))

    async def _say(self, message: Message, text: str) -> Message | None:
        """Answer; a lost answer harms nothing that was done, and is logged."""
        try:
            return await message.reply_text(text[:4096], link_preview_options=NO_PREVIEW)
        except TelegramError as fault:
            log.warning("an answer could not be sent: %s", fault, extra={"action": "reply_failed"})
            return None
