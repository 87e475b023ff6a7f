"""What the delivery costs beside a bare loop over the same SDK client: `python -m bench.delivery [text] [photo]`.

    text    posts of words: 8 channels, each its own lane
    photo   the same with a picture that Telegram holds already, by its file_id

Ours is the whole way of a delivery: the real dispatcher over a real Valkey, with an append-only file synced on every
write as the embedded store has it, the lease, the deadline, the fuse, the receipt. The bare loop calls python-telegram-bot,
as it comes, with the same words, and writes nothing down; told is also what the same loop costs over our way to the Bot
API (publishing.telegram_request), where only our keeping of the promise is left. All send to the same strict fake, which
runs in a process of its own, and find their connections open: a channel opens its own once, in the round that only warms up.

Printed are deliveries a second and processor time of one delivery for both, in interleaved rounds of one run, and how
many times the store was asked for one delivery. Figures are medians; machines differ, ratios less so.
"""

import asyncio
import gc
import io
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from PIL import Image
from pydantic import SecretStr
from redis.asyncio import Redis
from telegram import Bot

from bench.peer import open_peer
from bot.clock import MachineClock
from newsroom.delivery import Delivery, State
from newsroom.ports import Jpeg, Platform
from newsroom.post import Post, PostKind, Span, SpanKind
from newsroom.story import Story
from newsroom.target import Network, Target, TargetId
from publishing.dispatch import Dispatcher
from publishing.fuse import Fuse
from publishing.one_upload import OneUpload
from publishing.telegram_bot import open_bot
from publishing.telegram_channel import TelegramChannel
from publishing.telegram_edit import entities_of, preview_of
from store.embedded import embedded_server
from store.store import Store, redis_store
from tests.support.fake_telegram import TOKEN, FakeTelegram
from tests.support.newsroom import a_story, an_admission
from tests.support.plain_bot import plain_bot

CHANNELS = tuple(range(-1001000000001, -1001000000009, -1))
TARGETS = tuple(Target(Network.TELEGRAM, str(chat)) for chat in CHANNELS)
EACH = 25
"""Deliveries of one channel in a round."""
ROUNDS = 7
LEAD = "قال مسؤول محلي إن الجسر انهار فجر اليوم دون وقوع ضحايا بين المارة، وإن فرق الإنقاذ وصلت إلى المكان. " * 4
SIZE = (1280, 720)


# --- the network ----------------------------------------------------------------------------------------------


async def serve() -> None:
    """The other process: a fake Telegram, until standard input closes. Says its address."""
    async with FakeTelegram() as telegram:
        for chat in CHANNELS:
            telegram.add_channel(chat, "الوسط العربي")
        print(telegram.url, flush=True)
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        await lines.read()


# --- what is sent ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OnePicture:
    """A desk with one picture at hand: nothing is fetched or drawn, that is measured elsewhere (bench.cards)."""

    jpeg: Jpeg

    async def jpeg_of(self, post: Post) -> Jpeg | None:
        """That one."""
        del post
        return self.jpeg


def a_picture() -> Jpeg:
    """One colour."""
    content = io.BytesIO()
    Image.new("RGB", SIZE, "navy").save(content, "JPEG")
    return Jpeg(content.getvalue(), *SIZE, "the only one")


@dataclass(slots=True)
class Stage:
    """Everything that both ways of sending need.

    Attributes:
        bots: a client with a warm connection for each channel, as a worker has them.
        plain: the same without us: the SDK's own, as it comes.
        store: on the embedded server.
        look: at the server, behind the store's back.
        kind: of the posts.
        picture: of all photo posts.
        file_id: of the picture; empty for posts of words.
        numbers: how many stories there were so far.
        platforms: our channels, as a worker has them for as long as it lives.
    """

    bots: Mapping[TargetId, Bot]
    plain: Mapping[TargetId, Bot]
    store: Store
    look: Redis
    kind: PostKind
    picture: Jpeg
    file_id: str = ""
    numbers: int = 0
    platforms: dict[TargetId, Platform] = field(init=False)

    def __post_init__(self) -> None:
        """Build the channels."""
        clock = MachineClock()
        uploads, pictures = OneUpload(self.store.uploads, clock), OnePicture(self.picture)
        self.platforms = {
            target.id: TelegramChannel(target, self.bots[target.id], pictures, uploads, clock) for target in TARGETS
        }

    def stories(self) -> list[Story]:
        """As many fresh ones as one channel gets in a round."""
        first, self.numbers = self.numbers + 1, self.numbers + EACH
        met = datetime.now(UTC)  # noqa: TID251 - a real server has a real clock
        return [a_story(number, met=met) for number in range(first, first + EACH)]

    def post(self, story: Story, target: Target) -> Post:
        """A post as the templates set it: kicker, headline, lead, link."""
        text = f"عاجل | {story.headline}\n\n{LEAD}\n\nالتفاصيل"
        spans = (Span(SpanKind.BOLD, 0, 30), Span(SpanKind.TEXT_LINK, len(text) - 8, 8, story.link))
        return Post(target.id, self.kind, text, spans, link=story.link, headline=story.headline)


async def ours(stage: Stage) -> None:
    """Everything that was admitted, by the dispatcher."""
    clock, stop, sent = MachineClock(), asyncio.Event(), count(1)

    def note(delivery: Delivery) -> None:
        assert delivery.state is State.SENT, delivery
        if next(sent) == len(TARGETS) * EACH:
            stop.set()

    fuse = Fuse(clock)
    await Dispatcher(stage.store.outbox, stage.platforms, clock, worker="bench", settled=note, fuse=fuse).run(stop)


async def bare(stage: Stage, posts: Sequence[Post], bots: Mapping[TargetId, Bot]) -> None:
    """One call after another for each channel, all channels at once, as the lanes do."""

    async def loop(chat: int, bot: Bot) -> None:
        for post in posts:
            if stage.file_id:
                await bot.send_photo(
                    chat,
                    stage.file_id,
                    caption=post.text,
                    caption_entities=entities_of(post),
                    disable_notification=post.silent,
                    filename="photo.jpg",
                )
            else:
                await bot.send_message(
                    chat,
                    post.text,
                    entities=entities_of(post),
                    link_preview_options=preview_of(post),
                    disable_notification=post.silent,
                )

    await asyncio.gather(*(loop(int(target.address), bots[target.id]) for target in TARGETS))


# --- measuring ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one delivery.

    Attributes:
        cpu: processor seconds of this process.
        wall: seconds; with all channels at once.
        trips: round trips to the store.
    """

    cpu: float
    wall: float
    trips: float = 0.0


async def cost_of(work: Callable[[], Awaitable[None]]) -> Cost:
    """Of each delivery in this work, without the collector's whims."""
    gc.collect()
    gc.disable()
    try:
        cpu, wall = time.process_time(), time.perf_counter()
        await work()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    finally:
        gc.enable()
    return Cost(cpu / len(CHANNELS) / EACH, wall / len(CHANNELS) / EACH)


async def our_cost(stage: Stage) -> Cost:
    """Stories are admitted before the clock runs: the door is bench.intake's."""
    for story in stage.stories():
        admission = an_admission(story, *TARGETS)
        posts = tuple(stage.post(story, target) for target in TARGETS)
        await stage.store.outbox.admit([replace(admission, posts=posts)], (await stage.store.outbox.recent(0)).version)
    before = await trips(stage.look)
    cost = await cost_of(lambda: ours(stage))
    return replace(cost, trips=(await trips(stage.look) - before) / len(CHANNELS) / EACH)


async def bare_cost(stage: Stage, bots: Mapping[TargetId, Bot]) -> Cost:
    """The same words to the same channels."""
    posts = [stage.post(story, TARGETS[0]) for story in stage.stories()]
    return await cost_of(lambda: bare(stage, posts, bots))


async def trips(look: Redis) -> int:
    """Requests that the server has read from its clients so far, but for this one: each fits into one read."""
    return int((await look.info("stats"))["total_reads_processed"]) - 1


async def measure(name: str) -> None:
    """One kind of post, in interleaved rounds after one that only warms up."""
    kind = {"text": PostKind.TEXT, "photo": PostKind.PHOTO}[name]
    picture = a_picture()
    with tempfile.TemporaryDirectory(prefix="ajil-b") as folder:
        async with (
            open_peer("-m", "bench.delivery", "serve") as peer,
            embedded_server(Path(folder)) as server,
            Redis.from_url(f"unix://{folder}/valkey.sock", decode_responses=True) as look,
            AsyncExitStack() as stack,
        ):
            api_url = await peer.said()
            bots = {
                target.id: await stack.enter_async_context(open_bot(SecretStr(TOKEN), api_url)) for target in TARGETS
            }
            plain = {target.id: await stack.enter_async_context(plain_bot(api_url)) for target in TARGETS}
            stage = Stage(bots, plain, redis_store(server), look, kind, picture)
            if kind is PostKind.PHOTO:
                shown = await bots[TARGETS[0].id].send_photo(CHANNELS[0], picture.content, filename="photo.jpg")
                stage.file_id = shown.photo[-1].file_id
            rounds = [
                (await our_cost(stage), await bare_cost(stage, stage.plain), await bare_cost(stage, stage.bots))
                for _ in range(ROUNDS + 1)
            ][1:]
    cpu = [statistics.median(cost.cpu for cost in costs) * 1e6 for costs in zip(*rounds, strict=True)]
    speed = [1 / statistics.median(cost.wall for cost in costs) for costs in zip(*rounds, strict=True)]
    ratio, same = (statistics.median(each[0].cpu / each[other].cpu for each in rounds) for other in (1, 2))
    asked = statistics.median(each[0].trips for each in rounds)
    say(f"{name}: CPU of a delivery", f"{cpu[0]:.0f} µs", f"bare loop {cpu[1]:.0f} µs", ratio, 1.3)
    say(f"{name}: store trips", f"{asked:.2f}", "of one delivery", asked, 3.0)
    print(f"{name + ': beside that loop, our way':28} {'':10}   bare loop {cpu[2]:.0f} µs {same:20.2f}")
    print(f"{name + ': deliveries a second':28} {speed[0]:>10.0f}   bare loop {speed[1]:.0f}")


def say(what: str, ours_: str, other: str, figure: float, most: float) -> None:
    """One line of the report."""
    holds = "holds" if round(figure, 2) <= most else "MISSED"
    print(f"{what:28} {ours_:>10}   {other:28} {figure:7.2f}  at most {most:g}   {holds}")


async def report(names: Sequence[str]) -> None:
    """The chosen measurements, or both."""
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    logging.disable(logging.CRITICAL)  # A terminal is no part of a delivery.
    for name in names or ("text", "photo"):
        await measure(name)


if __name__ == "__main__":
    asyncio.run(serve() if sys.argv[1:] == ["serve"] else report(sys.argv[1:]))
