"""The SDK's client as it comes: what stands beside ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.request import HTTPXRequest

from tests.support.fake_telegram import TOKEN


@asynccontextmanager
async def plain_bot(api_url: str) -> AsyncIterator[Bot]:
    """With nothing of ours in it; nothing is asked before its first call."""
    async with HTTPXRequest() as request:
        yield Bot(TOKEN, base_url=f"{api_url}/bot", request=request, get_updates_request=request)
