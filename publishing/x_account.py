"""An account on X: what is posted there, and the pictures that X holds for it.

A post is one request and is never repeated from here. The picture goes up before, where a repetition harms nobody.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
from tweepy.errors import NotFound, TweepyException

from newsroom.delivery import Delivery
from newsroom.ports import Clock, Jpeg, Pictures, Ready
from newsroom.post import WORDS_ALONE, Post, PostKind
from newsroom.receipt import Later, NextMove, ReadBack, Receipt, Refused, Sent, Unknown
from newsroom.target import Target
from publishing.departure import DeadlinePassedError, Departure
from publishing.sameness import same_words
from publishing.x_client import Answer, XClient
from publishing.x_readback import XReadBack
from publishing.x_receipts import receipt_of

KEPT_SECONDS = 12 * 3600.0
"""How long a media id is used again; X keeps it for 24 hours (X API v2, media upload)."""
UPLOADS_AT_MOST = 2
"""Attempts to upload one picture: a broken connection is worth a second one, a late post is not worth a third."""

NO_NUMBER = "X never told the number of this post, so it cannot be changed"

_T = TypeVar("_T")
_TROUBLE = (TweepyException, aiohttp.ClientError, TimeoutError)


@dataclass(frozen=True, slots=True)
class _Held:
    media_id: str
    until: float
    """`Clock.monotonic` seconds."""


class XAccount:
    """One account. Implements `newsroom.ports.Platform`.

    Args:
        target: the name we give the account.
        client: open, with the account's keys.
        pictures: where a post's picture is had.
        clock: for the deadline, and for X's waits.
    """

    def __init__(self, target: Target, client: XClient, pictures: Pictures, clock: Clock) -> None:
        self._target = target
        self._client = client
        self._pictures = pictures
        self._clock = clock
        self._read_back = XReadBack(client, clock)
        self._held: dict[str, _Held] = {}

    @property
    def target(self) -> Target:
        """The account."""
        return self._target

    async def find(self, delivery: Delivery) -> ReadBack:
        """Look among the account's own newest posts."""
        return await self._read_back.find(delivery)

    def ready_kinds(self) -> Collection[PostKind]:
        """Words alone."""
        return WORDS_ALONE

    async def prepare(self, post: Post) -> Ready:
        """Have the picture, and X have it too. Where X does not take it, the words go out without it."""
        if post.kind not in {PostKind.PHOTO, PostKind.CARD}:
            return Ready()
        jpeg = await self._pictures.jpeg_of(post)
        if jpeg is None:
            return Ready()
        return Ready(jpeg, self._media_id(jpeg) or await self._upload(jpeg, post.alt))

    async def send(self, post: Post, ready: Ready, deadline: float) -> Receipt:
        """Post it.

        Args:
            post: the final words.
            ready: what `prepare` gave; the picture goes along when X holds it.
            deadline: `Clock.monotonic` seconds; no request is completed after it.
        """
        media_ids = _media_ids(post, ready) or None
        answer = await self._attempt(lambda: self._client.create_tweet(text=post.text, media_ids=media_ids), deadline)
        if isinstance(answer, Answer):
            return _sent(answer)
        if isinstance(answer, Refused) and answer.move is NextMove.STEP_DOWN and ready.picture is not None:
            self._held.pop(ready.picture.digest, None)
        return answer

    async def edit(self, delivery: Delivery, ready: Ready, deadline: float) -> Receipt:
        """Edit a post, which gives it a new number. Only Premium accounts may, for half an hour and five times.

        Once an edit was carried out X refuses another on the old number, so a repetition after a lost answer harms
        nothing. The post's history then tells the new number, and whether it was this very edit.
        """
        if delivery.stands is None or not delivery.stands.ids:
            return Refused(NO_NUMBER)
        known = delivery.stands.ids[-1]
        answer = await self._edited(known, delivery.post, ready, deadline)
        if not isinstance(answer, Refused) or answer.move not in {NextMove.DROP, NextMove.ALREADY_THERE}:
            return answer
        newest = await self._read_back.newest_version(known)
        if newest is None or newest.number == known:
            return answer
        if same_words(delivery.post.text, newest.text):
            return _standing(newest.number)
        return await self._edited(newest.number, delivery.post, ready, deadline)

    async def _edited(self, number: str, post: Post, ready: Ready, deadline: float) -> Receipt:
        body: dict[str, object] = {
            "text": post.text,
            "edit_options": {"previous_post_id": number},
        }
        if media_ids := _media_ids(post, ready):
            body["media"] = {"media_ids": media_ids}
        answer = await self._attempt(lambda: self._client.request("POST", "/2/tweets", json=body), deadline)
        return _sent(answer) if isinstance(answer, Answer) else answer

    async def remove(self, delivery: Delivery, deadline: float) -> Receipt:
        """Delete a post. One that is gone already is deleted."""
        if delivery.stands is None or not delivery.stands.ids:
            return Refused(NO_NUMBER)
        ids = delivery.stands.ids
        answer = await self._attempt(lambda: self._deleted(ids[-1]), deadline)
        return Sent(ids) if answer is None else answer

    async def _deleted(self, number: str) -> None:
        try:
            await self._client.request("DELETE", f"/2/tweets/{number}")
        except NotFound as error:
            # X names the post it does not find; an empty 404 is of an address that is not X's.
            if not error.response.document:
                raise

    async def _attempt(self, request: Callable[[], Awaitable[_T]], deadline: float) -> _T | Receipt:
        """What the request came to; a receipt where it failed."""
        departure = Departure(self._clock, deadline)
        try:
            departure.check()
            with departure.under_way():
                return await request()
        except (DeadlinePassedError, *_TROUBLE) as error:
            return receipt_of(error, now=self._clock.now(), left=departure.left)

    def _media_id(self, jpeg: Jpeg) -> str:
        now = self._clock.monotonic()
        self._held = {digest: held for digest, held in self._held.items() if held.until > now}
        held = self._held.get(jpeg.digest)
        return held.media_id if held else ""

    async def _upload(self, jpeg: Jpeg, alt: str) -> str:
        """The media id, empty where it could not be had."""
        for _ in range(UPLOADS_AT_MOST):
            try:
                answer = await self._client.upload_picture(jpeg.content)
            except _TROUBLE as error:
                if _is_passing(receipt_of(error, now=self._clock.now())):
                    continue
                return ""
            if answer.id:
                await self._describe(answer.id, alt)
                self._held[jpeg.digest] = _Held(answer.id, self._clock.monotonic() + KEPT_SECONDS)
            return answer.id
        return ""

    async def _describe(self, media_id: str, alt: str) -> None:
        if not alt:
            return
        try:
            await self._client.describe_picture(media_id, alt)
        except _TROUBLE:
            return  # A picture without words for the blind is better than no picture, and both better than a late post.


def _is_passing(receipt: Receipt) -> bool:
    """Whether the same upload may well succeed at once: no limit, no empty purse, no refusal stands against it."""
    return isinstance(receipt, Unknown) or (isinstance(receipt, Later) and receipt.seconds == 0)


def _media_ids(post: Post, ready: Ready) -> list[str]:
    return [ready.uploaded] if ready.uploaded and post.kind in {PostKind.PHOTO, PostKind.CARD} else []


def _sent(answer: Answer) -> Receipt:
    if not answer.id:
        # 200 with nothing but `errors`: documented for reads, seen on writes.
        return Unknown("X took the post and named no number for it; it may stand there.")
    return _standing(answer.id)


def _standing(number: str) -> Sent:
    return Sent((number,), f"https://x.com/i/status/{number}")
