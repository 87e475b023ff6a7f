"""One upload: the same picture travels once for all channels of a bot."""

import asyncio

from publishing.one_upload import PATIENCE_SECONDS, OneUpload
from store.memory_store import MemoryUploads
from tests.support.clock import ManualClock


async def test_the_first_who_asks_uploads_and_the_others_wait_for_the_name() -> None:
    """Two channels at the same instant: one carries the bytes."""
    uploads = OneUpload(MemoryUploads(), ManualClock())
    assert await uploads.recall("tg:1", "d") is None
    waiting = asyncio.create_task(uploads.recall("tg:1", "d"))
    await asyncio.sleep(0)
    await uploads.remember("tg:1", "d", "AgAC")
    assert await waiting == "AgAC"
    assert await uploads.recall("tg:1", "d") == "AgAC"


async def test_nobody_waits_longer_than_news_may_wait_for_a_picture() -> None:
    """The one who was to upload is slow: the next carries the bytes itself."""
    clock = ManualClock()
    uploads = OneUpload(MemoryUploads(), clock)
    assert await uploads.recall("tg:1", "d") is None
    waiting = asyncio.create_task(uploads.recall("tg:1", "d"))
    await clock.until_asleep()
    clock.advance(PATIENCE_SECONDS + 0.1)
    assert await waiting is None
    assert await uploads.recall("tg:1", "d") is None


async def test_another_picture_and_another_bot_do_not_wait() -> None:
    """Only the same bytes of the same bot."""
    uploads = OneUpload(MemoryUploads(), ManualClock())
    assert await uploads.recall("tg:1", "d") is None
    assert await uploads.recall("tg:1", "e") is None
    assert await uploads.recall("tg:2", "d") is None


async def test_a_refused_name_is_forgotten_and_uploaded_anew() -> None:
    """A file_id can grow stale."""
    uploads = OneUpload(MemoryUploads(), ManualClock())
    await uploads.recall("tg:1", "d")
    await uploads.remember("tg:1", "d", "AgAC")
    await uploads.forget("tg:1", "d")
    assert await uploads.recall("tg:1", "d") is None
