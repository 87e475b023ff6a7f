"""Platforms on a stage: the sender under test, the strict fake it posts to, and a clock that a test holds."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from aiohttp import web
from pydantic import SecretStr

from newsroom.entry import Picture, PictureSource
from newsroom.ports import Event, Jpeg, Platform, Uploads
from newsroom.post import Post, PostKind
from newsroom.target import Network, Target
from publishing.telegram_bot import open_bot
from publishing.telegram_channel import TelegramChannel
from publishing.x_account import XAccount
from publishing.x_client import XClient, XKeys
from store.memory_store import MemoryUploads
from tests.support.clock import ManualClock
from tests.support.fake_telegram import FakeTelegram
from tests.support.fake_x import FakeX
from tests.support.faults import Faults
from tests.support.telegram_client import picture
from tests.support.x_clients import KEYS

CHANNEL_ID = -1001234567890
CHANNEL = Target(Network.TELEGRAM, "@wasat")
ACCOUNT = Target(Network.X, "main")
LINK = "https://alwasat.example.com/?p=7"
WORDS = "عاجل | وصول المساعدات إلى المدينة"
ANSWER_SECONDS = 5.0
"""How long a sender waits for an answer; on loopback it takes milliseconds, on a busy machine more."""
SOON = 0.5
"""The same, for an answer that never comes."""

X_KEYS = XKeys(
    SecretStr(KEYS.api_key),
    SecretStr(KEYS.api_secret),
    SecretStr(KEYS.access_token),
    SecretStr(KEYS.access_token_secret),
)


def jpeg_of_shade(shade: int = 128) -> Jpeg:
    """A small picture; another shade is another picture."""
    content = picture(60, 40, shade=shade)
    return Jpeg(content, 60, 40, blake2b(content).hexdigest())


def post_for(target: Target, kind: PostKind = PostKind.TEXT, words: str = WORDS, alt: str = "") -> Post:
    """A post of that kind, with a candidate for a picture where the kind has one."""
    candidates = (Picture("https://alwasat.example.com/7.jpg", PictureSource.MEDIA),)
    pictured = kind in {PostKind.PHOTO, PostKind.CARD}
    return Post(target.id, kind, words, link=LINK, pictures=candidates if pictured else (), alt=alt)


@dataclass(slots=True)
class OnePicture:
    """Implements `newsroom.ports.Pictures`: the same picture for every post, or none."""

    jpeg: Jpeg | None = field(default_factory=jpeg_of_shade)
    asked: int = 0

    async def jpeg_of(self, post: Post) -> Jpeg | None:
        """The picture."""
        assert post.pictures, "a post without candidates asks for no picture"
        self.asked += 1
        return self.jpeg


@dataclass(slots=True)
class StoppedProcess:
    """A clock on which much time passes at one reading: there the process was stopped (SIGSTOP) and went on later.

    Attributes:
        at: At which reading of `monotonic` it was stopped; the first is 1.
        seconds: For how long.
        readings: How often it was read.
    """

    at: int
    seconds: float = 1000.0
    readings: int = 0
    _clock: ManualClock = field(default_factory=ManualClock)

    def now(self) -> datetime:
        """Wall clock."""
        return self._clock.now()

    def monotonic(self) -> float:
        """Seconds that never jump, but for the one time."""
        self.readings += 1
        if self.readings == self.at:
            self._clock.advance(self.seconds)
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Sleep on it."""
        await self._clock.sleep(seconds)

    async def wait(self, event: Event, seconds: float) -> bool:
        """Wait on it."""
        return await self._clock.wait(event, seconds)


SteadyClock = ManualClock | StoppedProcess


@dataclass(slots=True)
class Stage:
    """A platform and what can be seen and done behind it.

    Attributes:
        platform: Under test.
        pictures: Its pictures.
        clock: Its clock.
        standing: The words of everything that followers can see.
        assert_clean: Fails when the fake was used as no client of ours may use it.
        faults: The fake's script of faults.
        endpoint: The fake's name for the request that followers can see.
    """

    platform: Platform
    pictures: OnePicture
    clock: SteadyClock
    standing: Callable[[], Sequence[str]]
    assert_clean: Callable[[], None]
    faults: Faults
    endpoint: str

    @property
    def deadline(self) -> float:
        """A minute from now, by the stage's clock."""
        return self.clock.monotonic() + 60.0

    def post(self, kind: PostKind = PostKind.TEXT, words: str = WORDS) -> Post:
        """A post for the platform."""
        return post_for(self.platform.target, kind, words)


@asynccontextmanager
async def telegram_stage(
    clock: SteadyClock | None = None,
    pictures: OnePicture | None = None,
    *,
    uploads: Uploads | None = None,
    fake: FakeTelegram | None = None,
    url: str = "",
    answer_seconds: float = ANSWER_SECONDS,
) -> AsyncIterator[Stage]:
    """A channel of the fake Bot API; `url` is another address than the fake's."""
    clock, pictures = clock or ManualClock(), pictures or OnePicture()
    async with fake or FakeTelegram() as telegram:
        telegram.add_channel(CHANNEL_ID, "الوسط العربي", "wasat")
        token = SecretStr(telegram.token)
        async with open_bot(token, url or telegram.url, read_seconds=answer_seconds) as bot:
            channel = TelegramChannel(
                CHANNEL, bot, pictures, uploads or MemoryUploads(), clock, request_seconds=answer_seconds
            )
            yield Stage(
                channel,
                pictures,
                clock,
                lambda: [post.text for post in telegram.posts(CHANNEL_ID) if not post.deleted],
                telegram.assert_clean,
                telegram.faults,
                "sendMessage",
            )


@asynccontextmanager
async def x_stage(
    clock: SteadyClock | None = None,
    pictures: OnePicture | None = None,
    *,
    fake: FakeX | None = None,
    url: str = "",
    answer_seconds: float = ANSWER_SECONDS,
) -> AsyncIterator[Stage]:
    """An account of the fake X; `url` is another address than the fake's."""
    clock, pictures = clock or ManualClock(), pictures or OnePicture()
    async with (
        fake or FakeX(keys=KEYS, clock=clock.now) as x,
        XClient(X_KEYS, url or x.url, request_seconds=answer_seconds) as client,
    ):
        yield Stage(
            XAccount(ACCOUNT, client, pictures, clock),
            pictures,
            clock,
            lambda: [post.text for post in x.posts() if not post.deleted],
            x.assert_clean,
            x.faults,
            "POST /2/tweets",
        )


@dataclass(slots=True)
class Stranger:
    """A server that is no platform and gives everybody the same answer.

    Attributes:
        url: Its base address.
        asked: The requests it got, oldest first.
    """

    url: str
    asked: list[web.BaseRequest]


@asynccontextmanager
async def stranger(
    body: bytes = b"",
    status: int = 200,
    kind: str = "application/json",
    *,
    headers: Mapping[str, str] | None = None,
    seconds_a_byte: float = 0.0,
) -> AsyncIterator[Stranger]:
    """Serve that answer.

    Args:
        body: Of the answer.
        status: Of the answer.
        kind: Its content type.
        headers: Further headers of the answer.
        seconds_a_byte: How slowly the body comes; 0 is at once.
    """
    asked: list[web.BaseRequest] = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        asked.append(request)
        await request.read()
        if not seconds_a_byte:
            return web.Response(body=body, status=status, content_type=kind, headers=headers)
        slow = web.StreamResponse(status=status, headers={"Content-Length": str(len(body))})
        await slow.prepare(request)
        for byte in body:
            await slow.write(bytes([byte]))
            await asyncio.sleep(seconds_a_byte)
        return slow

    runner = web.ServerRunner(web.Server(answer), shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield Stranger(f"http://127.0.0.1:{runner.addresses[0][1]}", asked)
    finally:
        await runner.cleanup()
