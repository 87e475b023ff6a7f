"""Reading a channel back: a bot cannot read messages, but it can forward one by its number into the editors' chat.

Numbers grow by one in each channel. From the highest number known before the attempt on, each is forwarded, looked at
and deleted there; a free number answers «message to forward not found» (telegram-bot-api, Client.cpp). Followers see
nothing of it. Edits are never used to probe: an edit of a foreign post would overwrite it.
"""

import logging
from dataclasses import dataclass

from telegram import Bot, Message, MessageOriginChannel
from telegram.error import BadRequest, TelegramError

from newsroom.delivery import Delivery
from newsroom.receipt import Absent, Blind, Found, ReadBack
from publishing.sameness import same_words

_log = logging.getLogger(__name__)

MISSES = 3
"""Free numbers in a row that mark the end of a channel; deleted posts leave gaps."""
LOOKED_AT_MOST = 60
NOT_THERE = "message to forward not found"


@dataclass(frozen=True, slots=True)
class _Seen:
    words: str
    url: str


class TelegramReadBack:
    """Looks for posts in channels through the desk's chat.

    Args:
        bot: of the channels.
        desk: chat id of the editors' group; None where there is none, and then nothing can be looked for.
    """

    def __init__(self, bot: Bot, desk: int | None) -> None:
        self._bot = bot
        self._desk = desk

    async def find(self, chat: str | int, delivery: Delivery) -> ReadBack:
        """Look for a delivery's post in a chat."""
        if self._desk is None:
            return Blind("TELEGRAM_DESK is not set, so nobody can look into the channel")
        try:
            return await self._walk(chat, delivery)
        except TelegramError as fault:
            return Blind(f"the channel cannot be read back: {fault.message}")

    async def _walk(self, chat: str | int, delivery: Delivery) -> ReadBack:
        misses, met = 0, 0
        for number in range(delivery.base + 1, delivery.base + 1 + LOOKED_AT_MOST):
            seen = await self._look(chat, number)
            if seen is not None and same_words(delivery.post.text, seen.words):
                return Found((str(number),), seen.url)
            misses, met = (misses + 1, met) if seen is None else (0, met + 1)
            if misses >= MISSES:
                break
        if delivery.base == 0 and met == 0:
            # Nothing of ours has stood there yet, so nobody knows from which number to count.
            return Blind("nothing was posted there before, so it is not known where to look")
        return Absent() if misses >= MISSES else Blind(f"{LOOKED_AT_MOST} messages came after it; not found among them")

    async def _look(self, chat: str | int, number: int) -> _Seen | None:
        """The message with this number; None where there is none, one without words where it cannot be forwarded."""
        desk = self._desk or 0
        try:
            copy = await self._bot.forward_message(desk, chat, number, disable_notification=True)
        except BadRequest as refusal:
            if NOT_THERE in refusal.message.lower():
                return None
            if "forward" in refusal.message.lower():
                return _Seen("", "")
            raise
        await self._sweep(desk, copy.message_id)
        return _Seen(copy.text or copy.caption or "", _address_of(copy))

    async def _sweep(self, desk: int, number: int) -> None:
        """Take the copy away from the editors' chat; one that stays there harms nobody."""
        try:
            await self._bot.delete_message(desk, number)
        except TelegramError as fault:
            _log.info("a copy could not be deleted from the desk: %s", fault.message, extra={"action": "read_back"})


def _address_of(copy: Message) -> str:
    """Where the forwarded post itself stands."""
    origin = copy.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return ""
    place = origin.chat.username or f"c/{str(origin.chat.id).removeprefix('-100')}"
    return f"https://t.me/{place}/{origin.message_id}"
