"""Late pictures: a post does not wait longer than the house's limit for its picture; one that comes later follows by edit.

It goes through the one corridor: a change of the post (`Errand.PICTURE`) is planned in the outbox and carried out by the
lane like any other, behind all news. What waits for a picture is kept in this process alone: when the worker dies before
the change is planned, the post stays as it is.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from newsroom.delivery import Delivery
from newsroom.errand import LATE_PICTURE_SECONDS, Errand, Revision
from newsroom.errors import StoreUnavailable
from newsroom.ports import Clock, Jpeg, Outbox
from newsroom.post import Post, PostKind
from newsroom.target import Network, network_of

log = logging.getLogger(__name__)

PAUSES = (0.0, 20.0, 60.0, 180.0)
"""Seconds before each time that a picture is asked for; a source that hung or failed may have come back."""
PATIENCE_SECONDS = 60.0
"""The longest that one asking waits. With the pauses it ends well within `LATE_PICTURE_SECONDS`."""
AT_ONCE = 50
"""Posts that wait for their picture at the same time; those beyond stay as they are."""
STORE_DOWN_SECONDS = 5.0


class LatePhotos(Protocol):
    """What of the picture desk is needed here."""

    def shows_its_own(self, post: Post, shown: str) -> bool:
        """Whether the picture with this digest is one of the post's own photos, and no card in their place."""

    async def photo_in(self, post: Post, seconds: float) -> Jpeg | None:
        """The first of the post's candidates that is fit; None where none is, or none came in so many seconds."""


@dataclass(frozen=True, slots=True)
class _Owed:
    delivery: Delivery
    shown: str


@dataclass(slots=True)
class LatePictures:
    """Part of the worker.

    Attributes:
        photos: the picture desk, which goes on with what was late.
        outbox: where the change is planned.
        clock: for the pauses.
    """

    photos: LatePhotos
    outbox: Outbox
    clock: Clock
    _owed: asyncio.Queue[_Owed] = field(default_factory=lambda: asyncio.Queue(AT_ONCE))
    _waiting: set[asyncio.Task[None]] = field(default_factory=set)

    def note(self, delivery: Delivery, shown: Jpeg | None) -> None:
        """A delivery went out, with this picture or none: its photo is waited for if it may follow."""
        if may_follow(delivery) and len(self._waiting) < AT_ONCE:
            with suppress(asyncio.QueueFull):
                self._owed.put_nowait(_Owed(delivery, shown.digest if shown else ""))

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is waited for then is let go."""
        async with asyncio.TaskGroup() as group:
            taking = group.create_task(self._take(group), name="late pictures")
            await stop.wait()
            for task in (taking, *self._waiting):
                task.cancel()

    async def _take(self, group: asyncio.TaskGroup) -> None:
        while True:
            owed = await self._owed.get()
            task = group.create_task(self._follow(owed), name=f"late picture {owed.delivery.id}")
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    async def _follow(self, owed: _Owed) -> None:
        post = owed.delivery.post
        for pause in PAUSES:
            await self.clock.sleep(pause)
            if self.photos.shows_its_own(post, owed.shown):
                return
            if await self.photos.photo_in(post, PATIENCE_SECONDS) is not None:
                await self._plan(owed.delivery)
                return

    async def _plan(self, delivery: Delivery) -> None:
        """Have the picture added; planned twice it is once, so a store that was away is asked again."""
        revision = Revision(delivery.target, Errand.PICTURE, delivery.post, delivery.post, LATE_PICTURE_SECONDS)
        extra = {"action": "late_picture", "story": delivery.story, "target": delivery.target}
        for _ in PAUSES:
            try:
                await self.outbox.revise(delivery.story, [revision])
            except StoreUnavailable:
                await self.clock.sleep(STORE_DOWN_SECONDS)
                continue
            log.info("the late picture of %s follows", delivery.post.headline, extra=extra)
            return
        log.warning("the late picture of %s cannot be planned: the store is away", delivery.post.headline, extra=extra)


def may_follow(delivery: Delivery) -> bool:
    """Whether a photo may be put into a post afterwards. Pure.

    On Telegram alone: there an edit may turn a text into a photo (Bot API, editMessageMedia), and costs nothing.
    """
    is_photo_post = delivery.post.kind is PostKind.PHOTO and bool(delivery.post.pictures)
    return delivery.errand is Errand.POST and is_photo_post and network_of(delivery.target) is Network.TELEGRAM
