"""Reading a channel back: a bot cannot read messages, but two witnesses can be asked. Followers see nothing of either.

1. What Telegram itself forwarded into the channel's discussion group (`TelegramWitness`). It needs no chat of editors.
   A post that nobody saw there may stand all the same: updates are lost, so absence there proves nothing.
2. A bot can forward a post by its number into the editors' chat. Numbers grow by one in each channel. From the highest
   number known before the attempt on, each is forwarded, looked at and deleted there; a free number answers «message to
   forward not found» (telegram-bot-api, Client.cpp). Edits are never used to probe: one of a foreign post would
   overwrite it. A number that is taken and cannot be forwarded may be ours: a channel may restrict saving content, and
   Telegram's words are no ground to tell that from a note of its own (telegram-bot-api, issue 897). Behind one that no
   witness saw either, absence is never concluded.

A channel in which nothing of ours was ever known to stand has no number to count from: the Bot API tells none without
posting something. What was seen there, or in its discussion group, gives one; without that the desk is asked of its
first post, should just that one be uncertain. A post that is found there is found, but its absence is never concluded.
"""

import logging
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from telegram import Bot, Message, MessageOriginChannel
from telegram.error import BadRequest, TelegramError

from newsroom.delivery import Delivery
from newsroom.ports import Sighting, Sightings
from newsroom.receipt import Absent, Blind, Found, ReadBack, blind
from publishing.sameness import print_of, same_words
from publishing.telegram_receipts import receipt_of, said

_log = logging.getLogger(__name__)

MISSES = 10
"""Free numbers in a row that mark the end of a channel; deleted posts leave gaps, and an album has ten at most."""
LOOKED_AT_MOST = 60
"""Messages in one look; where there are more, the next look goes on behind them."""
FAR = 1_000
"""Messages behind the base, in all. What came before so many is for a person to find."""
GO_ON_SECONDS = 1.0
SEEN_KEPT = 300
"""Foreign posts: several deliveries are looked for in the same stretch of a channel."""
NOT_THERE = "message to forward not found"
SKEW_SECONDS = 120.0
"""How far Telegram's clock and ours may be apart where the same words of an earlier story must not be taken for ours."""
LONG_BEFORE_SECONDS = 900.0
"""The same where a walk begins: to begin too early costs a few looks, to begin too late a second post."""


@dataclass(frozen=True, slots=True)
class _Seen:
    words: str
    url: str
    is_shown: bool = True
    """Whether it could be looked at; False where the number is taken and that is all there is to know."""


@dataclass(frozen=True, slots=True)
class _Way:
    """What a walk leaves to the next look: one that was broken off goes on from there."""

    number: int
    """The last foreign post that it came to."""
    unshown: frozenset[int] = frozenset()
    """The numbers up to there that are taken by what was not shown."""


class TelegramReadBack:
    """Looks for posts in channels through the desk's chat.

    Args:
        bot: of the channels.
        desk: chat id of the editors' group; None where there is none, and then no post can be forwarded.
        sightings: what was seen in discussion groups; None where nobody listens.
    """

    def __init__(self, bot: Bot, desk: int | None, sightings: Sightings | None = None) -> None:
        self._bot = bot
        self._desk = desk
        self._sightings = sightings
        self._walked: dict[str, _Way] = {}
        """How far each walk came."""
        self._seen: dict[tuple[str, int], _Seen] = {}
        """What stood under the numbers that were looked at, newest last."""

    async def find(self, chat: str | int, delivery: Delivery) -> ReadBack:
        """Look for a delivery's post in a chat.

        Raises:
            StoreUnavailable: what was seen cannot be read.
        """
        seen = await self._sightings.after(delivery.target, delivery.base) if self._sightings else ()
        number = seen_at(delivery, seen)
        if number is not None:
            return Found((str(number),), _address(chat, number))
        if self._desk is None:
            return Blind("TELEGRAM_DESK is not set, so nobody can look into the channel")
        try:
            base = delivery.base or base_from(delivery, seen)
            walked = await self._walk(chat, delivery, base, others_in(delivery, seen))
        except TelegramError as fault:
            return blind(receipt_of(fault), f"the channel cannot be read back: {said(fault)}")
        if not isinstance(walked, Blind):  # The next look goes on from there, or finds nothing more to look at.
            self._walked.pop(_name(delivery), None)
        return walked

    async def words_at(self, chat: str | int, numbers: Iterable[int]) -> dict[str, str]:
        """The words under each of these numbers that is taken; empty ones where they cannot be forwarded.

        Raises:
            TelegramError: the channel cannot be looked into.
        """
        seen = {str(number): await self._look(chat, number) for number in numbers}
        return {number: found.words for number, found in seen.items() if found is not None}

    async def _walk(self, chat: str | int, delivery: Delivery, base: int, others: AbstractSet[int]) -> ReadBack:
        """Look at one number after another, from the base on; `others` need not be shown to be known as not ours."""
        misses, name = 0, _name(delivery)
        way = self._walked.get(name, _Way(base))
        begin = way.number
        for number in range(begin + 1, min(begin + LOOKED_AT_MOST, base + FAR) + 1):
            seen = await self._look_once(chat, number)
            if seen is not None and same_words(delivery.post.text, seen.words):
                return Found((str(number),), seen.url)
            misses = misses + 1 if seen is None else 0
            if seen is not None:
                way = self._walked[name] = _Way(number, way.unshown if seen.is_shown else way.unshown | {number})
            if misses >= MISSES:
                break
        if base == 0:
            # The end of its beginning, maybe: old channels have gaps, and go on far behind them.
            return Blind("nothing was posted there before that we know of, so it is not known where to look")
        if misses >= MISSES:
            if way.unshown - others:
                return Blind("messages stand there that cannot be looked into, and one of them may be it")
            return Absent()
        if begin + LOOKED_AT_MOST < base + FAR:
            return Blind("many messages came after it; they are still being looked through", GO_ON_SECONDS)
        return Blind(f"{FAR} messages came after it; not found among them")

    async def _look_once(self, chat: str | int, number: int) -> _Seen | None:
        """As `_look`; a number that was taken stays so, a free one may be taken by the next look."""
        place = (str(chat), number)
        if (known := self._seen.get(place)) is not None:
            return known
        seen = await self._look(chat, number)
        if seen is not None:
            self._seen[place] = seen
            if len(self._seen) > SEEN_KEPT:
                del self._seen[next(iter(self._seen))]
        return seen

    async def _look(self, chat: str | int, number: int) -> _Seen | None:
        """The message with this number; None where there is none, one without words where it cannot be forwarded."""
        desk = self._desk or 0
        try:
            copy = await self._bot.forward_message(desk, chat, number, disable_notification=True)
        except BadRequest as refusal:
            if NOT_THERE in refusal.message.lower():
                return None
            if "forward" in refusal.message.lower():
                return _Seen("", "", is_shown=False)
            raise
        await self._sweep(desk, copy.message_id)
        return _Seen(copy.text or copy.caption or "", _address_of(copy))

    async def _sweep(self, desk: int, number: int) -> None:
        """Take the copy away from the editors' chat; one that stays there harms nobody."""
        try:
            await self._bot.delete_message(desk, number)
        except TelegramError as fault:
            _log.info("a copy could not be deleted from the desk: %s", fault.message, extra={"action": "read_back"})


def _name(delivery: Delivery) -> str:
    """Of one attempt: a later one is walked for anew."""
    return f"{delivery.id}#{delivery.fence}"


def seen_at(delivery: Delivery, seen: Iterable[Sighting]) -> int | None:
    """The number under which its words were seen since it was admitted; None where they were not. Pure."""
    words, since, seen = print_of(delivery.post.text), delivery.admitted - SKEW_SECONDS, tuple(seen)
    others = {one.number for one in seen if not one.words}
    ours = (one for one in seen if one.at >= since and one.number not in others)
    return next((one.number for one in ours if words and one.words == words), None)


def others_in(delivery: Delivery, seen: Iterable[Sighting]) -> frozenset[int]:
    """The numbers under which something else was seen, whenever that was: clocks say nothing here. Pure."""
    words = print_of(delivery.post.text)
    return frozenset(one.number for one in seen if one.words != words)


def base_from(delivery: Delivery, seen: Iterable[Sighting]) -> int:
    """The highest number that was there long before it was admitted; 0 where none is known. Pure."""
    return max((one.number for one in seen if one.at < delivery.admitted - LONG_BEFORE_SECONDS), default=0)


def _address(chat: str | int, number: int) -> str:
    """Where a post of a channel stands, whose name or number this is."""
    name = str(chat)
    return f"https://t.me/{name.removeprefix('@') if name.startswith('@') else _private(name)}/{number}"


def _private(chat: str) -> str:
    return f"c/{chat.removeprefix('-100')}"


def _address_of(copy: Message) -> str:
    """Where the forwarded post itself stands."""
    origin = copy.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return ""
    place = origin.chat.username or _private(str(origin.chat.id))
    return f"https://t.me/{place}/{origin.message_id}"
