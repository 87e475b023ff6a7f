"""A Telegram channel: the only door to python-telegram-bot on the way out.

Text travels with entities and never with a parse mode, so no headline can break it. A picture's bytes travel once for
each bot: what Telegram answers as its file_id is remembered and goes to the further channels in their stead.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from math import inf
from typing import TypeVar

from telegram import Bot, Message, PhotoSize, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, TelegramError

from newsroom.delivery import Delivery
from newsroom.errand import Errand
from newsroom.errors import StoreUnavailable
from newsroom.ports import Addresses, Clock, Jpeg, Pictures, Ready, Sightings, Uploads
from newsroom.post import WORDS_ALONE, Post, PostKind
from newsroom.receipt import ReadBack, Receipt, Refused, Sent
from newsroom.target import Target
from publishing.departure import DeadlinePassedError, Departure
from publishing.telegram_edit import TelegramEdit, entities_of, preview_of, remove_message
from publishing.telegram_readback import TelegramReadBack
from publishing.telegram_receipts import receipt_of, refuses_file

WARM_SECONDS = 30.0
"""A connection that was used within this time is still open: `telegram_bot.KEPT_SECONDS` is longer."""
WARMING_SECONDS = 5.0
"""A call that only opens a connection is not worth a longer wait."""
REMEMBERING_SECONDS = 1.0
"""The post stands already; a slow store costs a later upload, not the receipt."""

NO_NUMBER = "Telegram never told the number of this post, so it cannot be changed"

_T = TypeVar("_T")
_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)
"""What python-telegram-bot raises where an answer with status 200 is JSON of another shape."""


@dataclass(frozen=True, slots=True)
class _Posted:
    sent: Sent
    photo: tuple[PhotoSize, ...] = ()
    """The picture as Telegram keeps it, in its sizes."""
    bytes_of: Jpeg | None = None
    """The picture whose bytes went with it."""


class TelegramChannel:
    """One channel or group. Implements `newsroom.ports.Platform`.

    Args:
        target: its chat id or @name.
        bot: from `telegram_bot.open_bot`: the deadline holds to the last byte only there, elsewhere until the request begins.
        pictures: where a post's picture is had.
        uploads: the file_ids that this bot has learnt.
        clock: for the deadline.
        desk: chat id of the editors' group, through which the channel is read back.
        sightings: what was seen standing there; None where nobody listens.
        addresses: what became of its chat id; None where that is not kept.
        newest: what stands on the button to the newest post of a thread.
        request_seconds: how long after the deadline an answer is waited for.
    """

    def __init__(
        self,
        target: Target,
        bot: Bot,
        pictures: Pictures,
        uploads: Uploads,
        clock: Clock,
        *,
        desk: int | None = None,
        sightings: Sightings | None = None,
        addresses: Addresses | None = None,
        newest: str = "⤵",
        request_seconds: float = 20.0,
    ) -> None:
        self._target = target
        self._newest = newest
        self._desk = desk
        self._read_back = TelegramReadBack(bot, desk, sightings)
        self._addresses = addresses
        self._is_located = addresses is None
        self._bot = bot
        self._pictures = pictures
        self._uploads = uploads
        self._clock = clock
        self._request_seconds = request_seconds
        self._chat: str | int = target.address
        self._untold: int | None = None
        """Its new number while the store could not be told of it."""
        self._owner = f"tg:{sha256(bot.token.encode()).hexdigest()[:12]}"
        self._warm_until = -inf

    @property
    def target(self) -> Target:
        """The channel."""
        return self._target

    async def find(self, delivery: Delivery) -> ReadBack:
        """Look for a post of unknown outcome: see `TelegramReadBack`. Followers see nothing of it.

        Raises:
            StoreUnavailable: it cannot tell where the chat is, or what was seen there.
        """
        # Another worker may know of a move by now; the old group can still be read, and shows nothing that came after.
        await self._agree()
        return await self._read_back.find(self._chat, delivery)

    def ready_kinds(self) -> Collection[PostKind]:
        """Words alone, while the connection is open."""
        return WORDS_ALONE if self._is_located and self._is_warm() else ()

    async def prepare(self, post: Post) -> Ready:
        """Have the picture, its file_id where Telegram holds it, and an open connection."""
        if self._is_located and self._is_warm():
            return await self._picture(post)  # In a busy lane; three tasks for it would cost 0.1 ms (bench.delivery).
        ready, _, _ = await asyncio.gather(self._picture(post), self._warm(), self._locate())
        return ready

    async def _locate(self) -> None:
        """Learn once whether the chat has another number than the setting says."""
        if self._is_located or self._addresses is None:
            return
        with suppress(StoreUnavailable):  # The old number answers with the new one.
            await self._agree()

    async def _move(self, chat: int) -> None:
        """The group became a supergroup: from now on it is reached there, after a restart too."""
        self._chat = self._untold = chat
        self._is_located = self._addresses is None
        with suppress(StoreUnavailable, TimeoutError):
            async with asyncio.timeout(REMEMBERING_SECONDS):
                await self._agree()

    async def _agree(self) -> None:
        """Tell the store of a move that it does not know, or learn from it where the chat is. Both must count alike.

        Raises:
            StoreUnavailable: it does not answer; the old numbers may lead a read-back astray.
        """
        if self._addresses is None:
            return
        if self._untold is None:
            self._chat = await self._addresses.moved_to(self._target.id) or self._chat
        else:
            await self._addresses.move(self._target.id, self._untold)
            self._untold = None
        self._is_located = True

    async def _picture(self, post: Post) -> Ready:
        if post.kind not in {PostKind.PHOTO, PostKind.CARD}:
            return Ready()
        jpeg = await self._pictures.jpeg_of(post)
        if jpeg is None:
            return Ready()
        with suppress(StoreUnavailable):  # The bytes travel then; that nothing is sent meanwhile is seen to in `take`.
            return Ready(jpeg, await self._uploads.recall(self._owner, jpeg.digest) or await self._uploaded(jpeg))
        return Ready(jpeg)

    async def _uploaded(self, jpeg: Jpeg) -> str:
        """Give Telegram the picture through the editors' group, so that the post itself is a few hundred bytes.

        The copy there is deleted at once. Without a group, or where it refuses, the bytes travel with the post.
        """
        if self._desk is None:
            return ""
        try:
            copy = await self._bot.send_photo(self._desk, jpeg.content, disable_notification=True, filename="photo.jpg")
            file_id = copy.photo[-1].file_id
            await self._uploads.remember(self._owner, jpeg.digest, file_id)
            await self._bot.delete_message(self._desk, copy.message_id)
        except (TelegramError, *_UNREADABLE):
            return ""
        return file_id

    def _is_warm(self) -> bool:
        return self._clock.monotonic() < self._warm_until

    async def _warm(self) -> None:
        """Open a connection before the lease runs: TCP and TLS cost two to three round trips to Telegram."""
        if self._is_warm():
            return
        self._warm_until = self._clock.monotonic() + WARM_SECONDS
        with suppress(TelegramError, TimeoutError, *_UNREADABLE):  # The send will tell what is wrong.
            async with asyncio.timeout(WARMING_SECONDS):
                await self._bot.get_me()

    async def send(self, post: Post, ready: Ready, deadline: float) -> Receipt:
        """Post it. A photo post without a picture goes out as its text; a file_id that is refused, as its bytes.

        Args:
            post: the final words.
            ready: what `prepare` gave.
            deadline: `Clock.monotonic` seconds; no request is completed after it.
        """
        sent = await self._attempt(lambda: self._post(post, ready), deadline)
        if not isinstance(sent, _Posted):
            return sent
        await self._learn(sent)
        return sent.sent

    async def edit(self, delivery: Delivery, ready: Ready, deadline: float) -> Receipt:
        """Put new words, and a new picture where it is another, in the place of a post. See `TelegramEdit`."""
        stands = delivery.stands
        if stands is None or not stands.ids:
            return Refused(NO_NUMBER)
        if delivery.errand is Errand.PICTURE and (ready.picture is None or delivery.post.kind is not PostKind.PHOTO):
            return Sent(stands.ids, is_bare=True)  # Gone again, or too many words for a caption: the text stays.
        fresh = ready.picture is not None and (
            delivery.errand is Errand.PICTURE or await self._is_fresh(ready.picture, stands.post)
        )
        edit = TelegramEdit(self._bot, self._chat, int(stands.ids[0]), delivery.post, self._newest)
        if delivery.errand is Errand.THREAD:
            hung = await self._attempt(edit.button, deadline)
            return Sent(stands.ids) if hung is None else hung
        done = await self._attempt(lambda: self._edited(edit, ready if fresh else Ready()), deadline)
        if not isinstance(done, _Posted):
            return done
        await self._learn(done)
        return done.sent

    async def _is_fresh(self, picture: Jpeg, stands: Post) -> bool:
        """Whether it is another than the one that stands: that is had again, mostly from memory, and compared."""
        before = await self._pictures.jpeg_of(stands) if stands.kind in {PostKind.PHOTO, PostKind.CARD} else None
        return before is None or before.digest != picture.digest

    async def remove(self, delivery: Delivery, deadline: float) -> Receipt:
        """Delete a post. One that is gone already is deleted."""
        if delivery.stands is None or not delivery.stands.ids:
            return Refused(NO_NUMBER)
        await self._locate()
        ids = delivery.stands.ids
        done = await self._attempt(lambda: remove_message(self._bot, self._chat, int(ids[0])), deadline)
        return Sent(ids) if done is None else done

    async def _edited(self, edit: TelegramEdit, ready: Ready) -> _Posted:
        sent = Sent((str(edit.number),))
        if ready.uploaded:
            try:
                await edit.picture(ready.uploaded)
            except BadRequest as error:
                if ready.picture is None or not refuses_file(error):
                    raise
                await self._forget(ready.picture)
            else:
                return _Posted(sent)
        if ready.picture is None:
            await edit.words()
            return _Posted(sent)
        shown = await edit.picture(ready.picture.content)
        return _Posted(sent, shown.photo if shown else (), bytes_of=ready.picture)

    async def _attempt(self, request: Callable[[], Awaitable[_T]], deadline: float) -> _T | Receipt:
        """What the requests came to; a receipt where they failed."""
        departure = Departure(self._clock, deadline)
        try:
            departure.check()
            with departure.under_way():
                async with asyncio.timeout(departure.seconds + self._request_seconds):
                    done = await request()
        except ChatMigrated as error:
            await self._move(error.new_chat_id)
            return receipt_of(error)
        except (DeadlinePassedError, TelegramError, TimeoutError, *_UNREADABLE) as error:
            return receipt_of(error, left=departure.left)
        self._warm_until = self._clock.monotonic() + WARM_SECONDS
        return done

    async def _post(self, post: Post, ready: Ready) -> _Posted:
        if post.kind not in {PostKind.PHOTO, PostKind.CARD}:
            return _posted(await self._text(post))
        if ready.uploaded:
            try:
                return _posted(await self._photo(post, ready.uploaded))
            except BadRequest as error:
                if ready.picture is None or not refuses_file(error):
                    raise
                await self._forget(ready.picture)
        if ready.picture is None:
            return _posted(await self._text(post.without_picture()), is_bare=True)
        return _posted(await self._photo(post, ready.picture.content), bytes_of=ready.picture)

    async def _photo(self, post: Post, photo: str | bytes) -> Message:
        return await self._bot.send_photo(
            self._chat,
            photo,
            caption=post.text,
            caption_entities=entities_of(post),
            disable_notification=post.silent,
            reply_parameters=_reply_of(post),
            filename="photo.jpg",
        )

    async def _text(self, post: Post) -> Message:
        return await self._bot.send_message(
            self._chat,
            post.text,
            entities=entities_of(post),
            link_preview_options=preview_of(post),
            disable_notification=post.silent,
            reply_parameters=_reply_of(post),
        )

    async def _learn(self, posted: _Posted) -> None:
        if posted.bytes_of is None or not posted.photo:
            return
        largest = posted.photo[-1]
        with suppress(StoreUnavailable, TimeoutError):
            async with asyncio.timeout(REMEMBERING_SECONDS):
                await self._uploads.remember(self._owner, posted.bytes_of.digest, largest.file_id)

    async def _forget(self, jpeg: Jpeg) -> None:
        with suppress(StoreUnavailable, TimeoutError):
            async with asyncio.timeout(REMEMBERING_SECONDS):
                await self._uploads.forget(self._owner, jpeg.digest)


def _posted(message: Message, bytes_of: Jpeg | None = None, *, is_bare: bool = False) -> _Posted:
    return _Posted(_sent(message, is_bare=is_bare), tuple(message.photo), bytes_of)


def _reply_of(post: Post) -> ReplyParameters | None:
    """Under the first post of its thread; should that be gone by then, by itself."""
    return ReplyParameters(int(post.reply_to), allow_sending_without_reply=True) if post.reply_to else None


def _sent(message: Message, *, is_bare: bool) -> Sent:
    # Bot API: message_id may be 0 where the server sends the message later by itself.
    if not message.message_id:
        return Sent((), is_bare=is_bare)
    return Sent((str(message.message_id),), message.link or "", is_bare)
