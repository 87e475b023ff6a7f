"""Words take a shorter way to the Bot API than the SDK's own, and say the same there."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from sys import getrefcount

import pytest
from pydantic import SecretStr
from telegram import Bot, LinkPreviewOptions, MessageEntity

from publishing.telegram_bot import open_bot
from tests.support.fake_telegram import TOKEN
from tests.support.plain_bot import plain_bot

ANSWER = {"ok": True, "result": {"message_id": 7, "date": 1, "chat": {"id": -1001, "type": "channel"}}}
WORDS = "عاجل | انهيار جسر وسط العاصمة\n\nالتفاصيل & أكثر + 100%"


@dataclass(slots=True)
class Ear:
    """Hears requests as they are on the wire, and answers each that a post stands."""

    url: str = ""
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        payload = json.dumps(ANSWER).encode()
        while not reader.at_eof():
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
            except asyncio.IncompleteReadError:
                break
            length = next(line for line in head.split("\r\n") if line.lower().startswith("content-length"))
            self.heads.append(head)
            self.bodies.append(await reader.readexactly(int(length.partition(":")[2])))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(payload), payload))
        writer.close()

    def said(self, number: int) -> dict[str, str]:
        """The headers of a request, by their names in small letters."""
        lines = self.heads[number].strip().split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    """Until the test ends."""
    opened = Ear()
    server = await asyncio.start_server(opened.hear, "127.0.0.1", 0)
    opened.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield opened
    server.close()


async def post(bot: Bot) -> None:
    """Words with all that a post has."""
    await bot.send_message(
        -1001,
        WORDS,
        entities=[MessageEntity("bold", 0, 4), MessageEntity("text_link", 30, 8, url="https://alwasat.example.com/؟")],
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
    )


async def test_words_say_on_the_wire_what_the_sdk_would_say(ear: Ear) -> None:
    """Line, kind, length, name and form to the byte; only what httpx would accept is left out."""
    async with open_bot(SecretStr(TOKEN), ear.url) as ours, plain_bot(ear.url) as theirs:
        await post(ours)
        await post(theirs)
    assert ear.bodies[0] == ear.bodies[1]
    assert ear.heads[0].split("\r\n")[0] == ear.heads[1].split("\r\n")[0]
    for name in ("host", "content-type", "content-length", "user-agent"):
        assert ear.said(0)[name] == ear.said(1)[name], name
    assert not ear.said(0).keys() - ear.said(1).keys()


async def test_a_proxy_of_the_environment_is_asked(ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK finds it, so there the words go the SDK's way."""
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", ear.url)
    async with open_bot(SecretStr(TOKEN), "http://bots.example.invalid") as bot:
        await post(bot)
    assert ear.heads[0].startswith(f"POST http://bots.example.invalid/bot{TOKEN}/sendMessage ")


async def test_whoever_names_a_limit_of_time_has_it(ear: Ear) -> None:
    """That is not ours to shorten."""
    async with open_bot(SecretStr(TOKEN), ear.url) as bot:
        await bot.send_message(-1001, WORDS, read_timeout=7)
    assert ear.said(0)["accept"] == "*/*"  # httpx's client was asked.


async def test_a_picture_that_was_sent_is_let_go_without_the_collector(ear: Ear) -> None:
    """The client below the SDK has an answer and its stream hold one another, and the picture with them."""
    picture = bytes(100_000)
    before = getrefcount(picture)
    gc.disable()
    try:
        async with open_bot(SecretStr(TOKEN), ear.url) as bot:
            await bot.send_photo(-1001, picture)
            await asyncio.sleep(0)
            assert getrefcount(picture) == before
    finally:
        gc.enable()
    assert picture in ear.bodies[0]
