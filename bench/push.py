"""From news to `sendMessage` on the wire: `python -m bench.push [hook] [feed]`.

    hook    from the plugin's request, about to be sent, to the arrival of sendMessage; 200 articles, one a second
    feed    from a feed's body handed out to the arrival of sendMessage, while 100 feeds change at once, ten of them
            with a breaking story each; and the same by two plain scripts (bench.plain_script), in the same run

Three processes, as in a newsroom: this one is the site's plugin; one has the sites and a strict fake Telegram and notes
when a request had arrived in full; and the worker, with its embedded store, whose every write is synced to the disk. The
worker is the real one but for the networks' rates, which would hold all but the first posts of a minute; there is one
channel. An article has 10 kB of words of its own and no picture, and cards are off: pictures are bench.cards' matter.
"""

import asyncio
import json
import os
import random
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from typing_extensions import override

from bench.peer import Peer, open_peer
from bot.clock import MachineClock
from tests.support.fake_telegram import TOKEN, FakeTelegram
from tests.support.feed_server import Article, FakeSite, FeedServer, Kind
from tests.support.site_hook import SECRET, HookSender, a_note

CHANNEL = -1001000000001
PUSHES, EVERY_SECONDS = 200, 1.02
"""More than sixty in a minute are taken for an import."""
SITES, BREAKING, ROUNDS, POLL_SECONDS = 100, 10, 12, 5.0
LETTERS = "ابتجحخدرزسشصطعغفقكلمنهوي"
PATIENCE = 30.0


# --- the sites and the network --------------------------------------------------------------------------------


@dataclass(slots=True)
class WordySite(FakeSite):
    """A site whose articles each have words of their own."""

    texts: dict[int, str] = field(default_factory=dict)

    @override
    def _entry(self, article: Article) -> str:
        self.text = self.texts[article.number]
        return FakeSite._entry(self, article)  # noqa: SLF001 - what it overrides


def names() -> Sequence[str]:
    """Of all sites."""
    return [f"site{number}" for number in range(SITES)]


def tell(site: WordySite, chance: random.Random, category: str = "ثقافة") -> None:
    """Publish an article."""
    site.texts[site.highest + 1] = paragraphs(chance)
    site.publish(words(chance, 9), category=category)


async def serve() -> None:
    """The other process, until standard input closes. It answers each line with one of JSON."""
    async with FeedServer(MachineClock()) as server, FakeTelegram() as telegram:
        telegram.add_channel(CHANNEL, "الوسط العربي")
        chance = random.Random(4)  # noqa: S311 - words of no meaning
        every = [WordySite(name, f"{server.url}/{name}", MachineClock()) for name in names()]
        server.sites.update({site.name: site for site in every})
        for site in every:
            for _ in range(10):
                tell(site, chance)
            site.touched = site.touched.replace(year=site.touched.year - 1)
        print(json.dumps({"sites": server.url, "telegram": telegram.url}), flush=True)
        lines = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := (await lines.readline()).decode().strip():
            if line == "publish":
                await publish(every, chance)
            print(json.dumps({"out": handed_out(every), "sent": sent(telegram)}), flush=True)


async def publish(every: Sequence[WordySite], chance: random.Random) -> None:
    """One more article on each site; some are breaking.

    Site by site, within half a second: all of them in one go held up whoever asked meanwhile, and answered a dozen at once.
    """
    urgent = chance.sample(every, BREAKING)
    for site in every:
        site.asked.clear()
        tell(site, chance, "عاجل" if site in urgent else "ثقافة")
        site.page(1)  # Rendered beforehand, so that its time is not measured.
        await asyncio.sleep(0)


def handed_out(every: Sequence[FakeSite]) -> Mapping[str, float]:
    """When the body with the newest article was first handed out, for each breaking one that was, by headline."""
    found = {}
    for site in every:
        newest = site.articles[site.highest]
        at = next((asked.at for asked in site.asked if asked.kind is Kind.BODY), 0.0)
        if newest.category == "عاجل" and at:
            found[newest.title] = at
    return found


def sent(telegram: FakeTelegram) -> Mapping[str, float]:
    """When each sendMessage had arrived, by the text's first line that is no label."""
    calls = [call for call in telegram.calls if call.method == "sendMessage" and call.status == 200]
    return {str(call.parameters["text"]): call.at for call in calls}


def words(chance: random.Random, count: int) -> str:
    """Words of no meaning, so that no article is like another."""
    return " ".join("".join(chance.choices(LETTERS, k=chance.randint(3, 7))) for _ in range(count))


def paragraphs(chance: random.Random) -> str:
    """A whole article: twelve paragraphs, 10 kB."""
    return "".join(f"<p>{words(chance, 75)}</p>\n" for _ in range(12))


@dataclass(frozen=True, slots=True)
class Others:
    """The other process, from here."""

    peer: Peer
    sites: str
    telegram: str

    async def asked(self, what: str) -> dict[str, dict[str, float]]:
        """Tell it something, and read its answer."""
        answer: dict[str, dict[str, float]] = json.loads(await self.peer.asked(what))
        return answer


@asynccontextmanager
async def others() -> AsyncIterator[Others]:
    """Sites and a Telegram in a process of their own."""
    async with open_peer("-m", "bench.push", "serve") as peer:
        yield Others(peer, **json.loads(await peer.said()))


# --- the worker -----------------------------------------------------------------------------------------------


@asynccontextmanager
async def worker(others: Others, feeds: Sequence[str], **more: str) -> AsyncIterator[str]:
    """A worker that is ready; gives the address of its web side."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        **environment_of(others, feeds),
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "FETCH_ALLOW": "127.0.0.0/8",
        "PORT": str(port),
        "HOOK_SECRET": SECRET,
        "CARDS": "off",
        **more,
    }
    with tempfile.TemporaryDirectory(prefix="ajil-b") as folder, (Path(folder) / "log").open("wb") as log:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.push_worker"),
            cwd=folder,
            env=settings,
            stdout=log,
            stderr=log,
        )
        try:
            await ready(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        except BaseException:
            print((Path(folder) / "log").read_text("utf-8")[-4_000:])
            raise
        finally:
            child.terminate()
            await child.wait()


def environment_of(others: Others, feeds: Sequence[str]) -> dict[str, str]:
    """What each process that reads feeds and posts is told."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "TELEGRAM_API_URL": others.telegram,
        "TELEGRAM_CHANNELS": str(CHANNEL),
        "FEEDS": " ".join(feeds),
    }


async def ready(url: str) -> None:
    """Until the worker can do its work."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
        while True:
            try:
                async with session.get(f"{url}/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)


# --- the two measurements -------------------------------------------------------------------------------------


async def hook() -> None:
    """Articles that the plugin tells of, one after another."""
    chance, delays, answered = random.Random(7), [], []  # noqa: S311 - words of no meaning
    async with others() as other, worker(other, [f"{other.sites}/site0/feed/"], POLL_SECONDS="600") as url:
        sender = HookSender(url, MachineClock())
        for number in range(1, PUSHES + 1):
            headline = words(chance, 9)
            note = a_note(an_article(other, number, headline, paragraphs(chance)))
            begun = time.monotonic()
            assert await sender.note(note) == 202
            answered.append(time.monotonic() - begun)
            delays.append(await arrival_of(other, headline) - begun)
            await asyncio.sleep(max(0.0, EVERY_SECONDS - (time.monotonic() - begun)))
    slowest = sorted(enumerate(delays, 1), key=lambda each: -each[1])[:5]
    print("slowest:", ", ".join(f"{delay * 1e3:.0f} ms (number {number})" for number, delay in slowest))
    told("webhook to sendMessage", f"{PUSHES} articles", delays, (50.0, 150.0))
    print(f"202 after {statistics.median(answered) * 1e3:.1f} ms, at most {max(answered) * 1e3:.1f} ms")


def an_article(other: Others, number: int, headline: str, text: str) -> dict[str, Any]:
    """As the plugin tells of it."""
    link = f"{other.sites}/site0/?p={9_000 + number}"
    now = datetime.now(UTC).isoformat()  # noqa: TID251 - published now
    article = {"guid": link, "link": link, "title": headline, "content": text, "published": now}
    return {"id": 9_000 + number, "categories": ["عاجل"], **article}


async def arrival_of(other: Others, headline: str) -> float:
    """When the message with this headline had arrived at Telegram."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for text, at in (await other.asked("look"))["sent"].items():
                if headline in text:
                    return at
            await asyncio.sleep(0.05)


async def feed() -> None:
    """A hundred feeds change at once, and are polled each at its own time; first by us, then by plain scripts."""
    async with others() as other:
        feeds = [f"{other.sites}/{name}/feed/" for name in names()]
        async with worker(other, feeds, POLL_SECONDS=str(POLL_SECONDS)):
            await asyncio.sleep(2 * POLL_SECONDS)
            ours = await delays_of_rounds(other)
    told("feed body to sendMessage", f"{SITES} feeds, {len(ours)} breaking", ours, (10.0, 50.0))
    for how in ("feedparser", "bytes"):
        async with others() as other:
            feeds = [f"{other.sites}/{name}/feed/" for name in names()]
            async with plain_script(how, other, feeds):
                theirs = await delays_of_rounds(other)
        for name, place in (("p50", 0.5), ("p99", 0.99)):
            one, two = quantile(ours, place), quantile(theirs, place)
            print(f"a script that reads by {how}, {name} {two:8.1f} ms; ours is {one / two:.2f} of it")


@asynccontextmanager
async def plain_script(how: str, other: Others, feeds: Sequence[str]) -> AsyncIterator[None]:
    """One that has read every feed once."""
    environment = {**environment_of(other, feeds), "POLL_SECONDS": str(POLL_SECONDS)}
    command = (sys.executable, "-m", "bench.plain_script", how)
    child = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    try:
        assert child.stdout is not None
        assert await child.stdout.readline() == b"ready\n"
        yield
    finally:
        child.kill()
        await child.wait()


async def delays_of_rounds(other: Others) -> list[float]:
    """Of every breaking article."""
    delays: list[float] = []
    for _ in range(ROUNDS):
        await other.asked("publish")
        delays += await delays_of(other)
    return delays


async def delays_of(other: Others) -> list[float]:
    """Of every breaking article of this turn, once all had arrived."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await asyncio.sleep(0.5)
            state = await other.asked("look")
            sent, out = state["sent"].items(), state["out"].items()
            found = [arrived - at for headline, at in out for text, arrived in sent if headline in text]
            if len(found) == BREAKING:
                return found


def quantile(delays: Sequence[float], share: float) -> float:
    """Milliseconds that this share of the delays, in seconds, stays below."""
    return sorted(delays)[int(len(delays) * share)] * 1e3


def told(what: str, how: str, delays: Sequence[float], most: tuple[float, float]) -> None:
    """Two lines of the report."""
    shares = (("p50", quantile(delays, 0.5), most[0]), ("p99", quantile(delays, 0.99), most[1]))
    for name, found, bound in shares:
        verdict = "holds" if found <= bound else "MISSED"
        print(
            f"{what}, {name:4} {found:8.1f} ms   at most {bound:g} ms   {verdict}   {how}, worst {max(delays) * 1e3:.1f} ms"
        )


async def report(names: Sequence[str]) -> None:
    """The chosen measurements, or both."""
    parts = {"hook": hook, "feed": feed}
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name in names or parts:
        await parts[name]()


def main(arguments: Sequence[str]) -> None:
    """Measure, or be one of the processes that a measurement needs."""
    match arguments:
        case ["serve"]:
            asyncio.run(serve())
        case _:
            asyncio.run(report(arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
