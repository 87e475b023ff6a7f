"""A real python-telegram-bot client of the fake Bot API, and pictures to send with it."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from PIL import Image
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.support.fake_telegram import FakeTelegram


@asynccontextmanager
async def client_of(
    telegram: FakeTelegram, *, read_seconds: float = 5.0, token: str | None = None
) -> AsyncIterator[Bot]:
    """Give a client that has not called anything yet.

    Args:
        telegram: The server.
        read_seconds: How long it waits for an answer.
        token: Another token than the server's.
    """
    # Certificates are not loaded (20 ms for each client): the server speaks plain HTTP.
    request = HTTPXRequest(read_timeout=read_seconds, httpx_kwargs={"verify": False})
    bot = Bot(
        token or telegram.token,
        base_url=f"{telegram.url}/bot",
        base_file_url=f"{telegram.url}/file/bot",
        request=request,
        get_updates_request=request,
    )
    await request.initialize()
    try:
        yield bot
    finally:
        await request.shutdown()


def picture(width: int = 60, height: int = 40, *, image_format: str = "JPEG", shade: int = 128) -> bytes:
    """Draw a picture of one shade; sides in pixels."""
    drawn = io.BytesIO()
    Image.new("L", (width, height), shade).save(drawn, image_format)
    return drawn.getvalue()
