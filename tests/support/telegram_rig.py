"""A bot of ours and the strict fake it posts to, and who stands between them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr
from telegram import Bot

from newsroom.errors import StoreUnavailable
from newsroom.ports import Clock, Uploads
from newsroom.post import Post
from newsroom.receipt import Receipt
from newsroom.target import Network, Target
from publishing.telegram_bot import open_bot
from publishing.telegram_channel import TelegramChannel
from store.memory_store import MemoryUploads
from tests.support.clock import ManualClock
from tests.support.fake_telegram import FakeTelegram
from tests.support.platform_stage import ANSWER_SECONDS, CHANNEL, CHANNEL_ID, OnePicture

MINUTE = 60.0
SECOND = Target(Network.TELEGRAM, "-1002222222222")
"""A channel without a public name."""


@dataclass(slots=True)
class Rig:
    """A fake with two channels, and a bot that posts to them."""

    telegram: FakeTelegram
    bot: Bot
    clock: Clock
    uploads: Uploads
    pictures: OnePicture
    answer_seconds: float

    def channel(self, target: Target = CHANNEL) -> TelegramChannel:
        """A channel of ours."""
        return TelegramChannel(
            target, self.bot, self.pictures, self.uploads, self.clock, request_seconds=self.answer_seconds
        )

    async def publish(self, post: Post, target: Target = CHANNEL) -> Receipt:
        """Make it ready and send it."""
        channel = self.channel(target)
        return await channel.send(post, await channel.prepare(post), self.clock.monotonic() + MINUTE)

    def calls(self, method: str) -> int:
        """How many requests for that method came in full."""
        return sum(call.method == method for call in self.telegram.calls)


@asynccontextmanager
async def open_rig(
    clock: Clock | None = None, uploads: Uploads | None = None, answer_seconds: float = ANSWER_SECONDS, url: str = ""
) -> AsyncIterator[Rig]:
    """The fake is at its own address unless `url` names another."""
    async with FakeTelegram() as telegram:
        telegram.add_channel(CHANNEL_ID, "الوسط العربي", "wasat")
        telegram.add_channel(int(SECOND.address), "الوسط الرياضي")
        async with open_bot(SecretStr(telegram.token), url or telegram.url, read_seconds=answer_seconds) as bot:
            yield Rig(telegram, bot, clock or ManualClock(), uploads or MemoryUploads(), OnePicture(), answer_seconds)


class ForgetfulStore:
    """Implements `newsroom.ports.Uploads` over a store that is away."""

    async def recall(self, owner: str, digest: str) -> str | None:
        """Nothing can be read."""
        raise StoreUnavailable(f"away: {owner} {digest}")

    async def remember(self, owner: str, digest: str, name: str) -> None:
        """Nothing can be written."""
        raise StoreUnavailable(f"away: {owner} {digest} {name}")

    async def forget(self, owner: str, digest: str) -> None:
        """Nothing can be written."""
        raise StoreUnavailable(f"away: {owner} {digest}")


@asynccontextmanager
async def counting(url: str) -> AsyncIterator[tuple[str, list[asyncio.StreamWriter]]]:
    """Stand between a client and a server: (address, the connections that clients opened)."""
    port, opened, onward = int(url.rpartition(":")[2]), list[asyncio.StreamWriter](), list[asyncio.StreamWriter]()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
        writer.close()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        answers, questions = await asyncio.open_connection("127.0.0.1", port)
        onward.append(questions)
        await asyncio.gather(carry(reader, questions), carry(answers, writer))

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", opened
        for writer in (*opened, *onward):
            writer.close()
            await writer.wait_closed()
