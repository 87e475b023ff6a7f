"""One upload: channels that want the same new picture at the same instant let one of them carry the bytes."""

import asyncio
from contextlib import suppress

from newsroom.ports import Clock, Uploads

PATIENCE_SECONDS = 3.0
"""How long a channel waits for another's upload before it carries the bytes itself: news does not wait for a picture."""


class OneUpload:
    """Implements `newsroom.ports.Uploads` over another: whoever asks first is to upload, the others wait for the name."""

    def __init__(self, uploads: Uploads, clock: Clock) -> None:
        """Take the memory that outlives the process."""
        self._uploads = uploads
        self._clock = clock
        self._under_way: dict[tuple[str, str], asyncio.Event] = {}

    async def recall(self, owner: str, digest: str) -> str | None:
        """The network's own name; None tells the caller to upload."""
        name = await self._uploads.recall(owner, digest)
        if name is not None:
            return name
        under_way = self._under_way.get((owner, digest))
        if under_way is None:
            self._under_way[owner, digest] = asyncio.Event()
            return None
        if not await self._clock.wait(under_way, PATIENCE_SECONDS):
            # It did not come: the next who asks need not wait for it either.
            self._done(owner, digest)
        return await self._uploads.recall(owner, digest)

    async def remember(self, owner: str, digest: str, name: str) -> None:
        """Keep it, and tell those who wait."""
        try:
            await self._uploads.remember(owner, digest, name)
        finally:
            self._done(owner, digest)

    async def forget(self, owner: str, digest: str) -> None:
        """The network no longer knows it."""
        self._done(owner, digest)
        await self._uploads.forget(owner, digest)

    def _done(self, owner: str, digest: str) -> None:
        with suppress(KeyError):
            self._under_way.pop((owner, digest)).set()
