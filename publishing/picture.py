"""Picture: the desk that has a post's picture ready. I/O and threads are here; what a picture must be stands in `jpeg`.

Implements `newsroom.ports.Pictures`.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol

from newsroom.errors import FetchFailed, PictureRefused
from newsroom.ports import Clock, Fetcher, Jpeg
from newsroom.post import Post, PostKind

KEPT_REFUSALS = 500
CARD_SECONDS = 1.0
"""Of the limit, kept back for drawing a card, which takes a tenth of it."""

log = logging.getLogger(__name__)

Make = Callable[[], Coroutine[Any, Any, Jpeg]]


class Cards(Protocol):
    """Who draws headline cards: `card.CardMaker`, and `late_cards.LateCards` in its place. CPU only."""

    @property
    def size(self) -> tuple[int, int]:
        """Of the house's cards, in px."""
        ...

    def card(self, headline: str, kicker: str, size: tuple[int, int], picture: Jpeg | None = None) -> Jpeg:
        """One card."""
        ...


class PictureDesk:
    """Fetches, checks and converts candidates, and draws cards; each picture once, however many targets ask.

    Args:
        fetcher: bytes from the web, guarded.
        clock: measures the limit.
        cards: draws headline cards; None where the house wants none.
        limit_seconds: the longest that a post waits for its picture. What is late is finished all the same, and is
            there when a retry, the next target or `LatePictures` asks.
        kept_bytes: of finished pictures kept in memory, the newest; one takes a few hundred kB.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        clock: Clock,
        cards: Cards | None = None,
        *,
        limit_seconds: float = 8.0,
        kept_bytes: int = 16_000_000,
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._cards = cards
        self._limit = limit_seconds
        self._kept_bytes = kept_bytes
        # One worker: two conversions at once would need twice the memory that one is bounded to.
        self._bench = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self._kept: OrderedDict[str, Jpeg] = OrderedDict()
        self._refused: OrderedDict[str, str] = OrderedDict()
        self._making: dict[str, asyncio.Task[Jpeg | None]] = {}

    async def jpeg_of(self, post: Post) -> Jpeg | None:
        """The first candidate that is fit, else the headline card where cards are on, else None.

        Never raises for a bad picture and never waits longer than the limit.
        """
        if post.kind not in {PostKind.PHOTO, PostKind.CARD}:
            return None
        deadline = self._clock.monotonic() + self._limit
        photo = await self._first_fit(post, deadline - (CARD_SECONDS if self._cards else 0.0))
        if self._cards is None or (photo and post.kind is PostKind.PHOTO):
            return photo
        key = f"card {self._cards.size} {post.kicker} | {post.headline} {photo.digest if photo else ''}"
        card = await self._wanted(key, partial(self._card, self._cards, post, photo), deadline)
        return card or photo

    def shows_its_own(self, post: Post, shown: str) -> bool:
        """Whether the picture with this digest is one of the post's own photos, and no card in their place."""
        photos = (self._kept.get(picture.url) for picture in post.pictures)
        return any(photo is not None and photo.digest == shown for photo in photos)

    async def photo_in(self, post: Post, seconds: float) -> Jpeg | None:
        """The first candidate that is fit, waited for that long whatever the limit. Never raises for a bad picture."""
        return await self._first_fit(post, self._clock.monotonic() + seconds)

    async def close(self) -> None:
        """Give up what is being made. Nothing may be asked for afterwards."""
        making = list(self._making.values())
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)
        self._bench.shutdown(wait=False, cancel_futures=True)

    async def _first_fit(self, post: Post, deadline: float) -> Jpeg | None:
        for place, picture in enumerate(post.pictures, start=1):
            now = self._clock.monotonic()
            # A source that hangs leaves half of the time to the candidates after it.
            until = deadline if place == len(post.pictures) else now + (deadline - now) / 2
            if jpeg := await self._wanted(picture.url, partial(self._photo, picture.url), until):
                return jpeg
        return None

    async def _wanted(self, key: str, make: Make, until: float) -> Jpeg | None:
        """What is kept under the key, or what is made of it by then; one making serves all who ask at once."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key in self._refused:
            return None
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.create_task(self._made(key, make), name=f"picture: {key}")
        nap = asyncio.create_task(self._clock.sleep(max(0.0, until - self._clock.monotonic())), name="picture limit")
        try:
            await asyncio.wait({making, nap}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            nap.cancel()
        return making.result() if making.done() and not making.cancelled() else None

    async def _made(self, key: str, make: Make) -> Jpeg | None:
        """The picture, kept; None where there is none, with the reason in the log. No post is lost for its picture."""
        try:
            jpeg = await make()
        except PictureRefused as why:
            self._refused[key] = str(why)
            log.info("A picture was refused: %s.", why, extra={"action": "picture_refused", "url": key})
        except FetchFailed as why:
            log.info("A picture could not be had: %s.", why, extra={"action": "picture_missing", "url": key})
        except Exception:
            log.exception("A picture could not be made.", extra={"action": "picture_failed", "url": key})
        else:
            self._kept[key] = jpeg
            return jpeg
        finally:
            del self._making[key]
            self._forget_oldest()
        return None

    def _forget_oldest(self) -> None:
        while sum(len(jpeg.content) for jpeg in self._kept.values()) > self._kept_bytes:
            self._kept.popitem(last=False)
        while len(self._refused) > KEPT_REFUSALS:
            self._refused.popitem(last=False)

    async def _photo(self, url: str) -> Jpeg:
        content = await self._fetcher.picture(url)
        return await asyncio.get_running_loop().run_in_executor(self._bench, _checked, content)

    async def _card(self, cards: Cards, post: Post, photo: Jpeg | None) -> Jpeg:
        draw = partial(cards.card, post.headline, post.kicker, cards.size, photo)
        return await asyncio.get_running_loop().run_in_executor(self._bench, draw)


def _checked(content: bytes) -> Jpeg:
    """As `jpeg.check_and_convert`."""
    # Pillow takes 5 MB and 18 ms of processor time. It is loaded with the first picture, on the bench and so beside the
    # loop, and not where no post has one.
    from publishing.jpeg import check_and_convert  # noqa: PLC0415

    return check_and_convert(content)
