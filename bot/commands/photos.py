"""Photos that editors send to the bot: fetched from Telegram by their file_id, and used as any picture of a story.

The story knows such a photo under an address of its own, for Telegram's address of a file holds the bot's token and must
stand in no store, log or page.
"""

from telegram import Bot
from telegram.error import TelegramError

from newsroom.errors import FetchFailed
from newsroom.ports import Fetcher

_PREFIX = "https://photo.telegram.invalid/"
"""`.invalid` is nobody's (RFC 2606)."""


def address_of(file_id: str) -> str:
    """Under which a story knows it."""
    return f"{_PREFIX}{file_id}"


class DeskPictures:
    """Implements `newsroom.ports.Fetcher`: photos from Telegram, everything else from the web.

    Args:
        web: the guarded fetcher.
        bot: to which the photos were sent.
    """

    def __init__(self, web: Fetcher, bot: Bot) -> None:
        self._web = web
        self._bot = bot

    async def page(self, url: str) -> tuple[str, bytes, str]:
        """From the web."""
        return await self._web.page(url)

    async def picture(self, url: str) -> bytes:
        """By its file_id, or from the web."""
        if not url.startswith(_PREFIX):
            return await self._web.picture(url)
        try:
            file = await self._bot.get_file(url.removeprefix(_PREFIX))
            return bytes(await file.download_as_bytearray())
        except TelegramError as fault:
            # Its own words may hold the file's address, and with it the token.
            raise FetchFailed(f"the photo cannot be had from Telegram ({type(fault).__name__})") from None
