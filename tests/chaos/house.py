"""One house of the chaos: a news site, both networks and a store, all real servers, and workers that come and go.

Several houses run side by side, since a lane that lost its worker stands still until the lease is over. They share one
store server and keep apart by its databases.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.clock import MachineClock
from newsroom.story import keys_of_link
from newsroom.target import TargetId
from store.keys import key, short
from store.redis_ledger import RedisLedger
from store.server import connect
from tests.chaos.headlines import headline
from tests.chaos.judgement import Fate, Judgement
from tests.chaos.nursery import Nursery, Victim
from tests.chaos.points import Blow
from tests.support.fake_telegram import TOKEN, FakeTelegram
from tests.support.fake_x import FakeX
from tests.support.feed_server import FakeSite, FeedServer
from tests.support.x_endpoint import Endpoint
from tests.support.x_oauth import XKeys

CHANNELS = (-1001000000001, -1001000000002)
DISCUSSION, DESK, EDITOR = -1001000000003, -1001000000009, 11
KEYS = XKeys("api-key", "api-secret", "access-token", "access-token-secret")
ACCOUNT = TargetId("x:main")
TARGETS = (*(TargetId(f"telegram:{chat}") for chat in CHANNELS), ACCOUNT)
BACKLOG_MOST = 3
"""Planned deliveries of one lane, beyond which nothing more is published: the lane waits for a lease then."""
UNMET_MOST = 4
"""Stories that no worker has taken in yet, beyond which nothing more is published: a burst is no news."""
LOOK_SECONDS = 0.05
LOOK_KEYS = 10_000
"""Names that one look at the store goes through: all there are, so that a look is one trip."""
EX_SOFTWARE = 70
"""Of sysexits.h: how a worker ends that could not even begin (tests.chaos.victim)."""
OLD = "خبر قديم"
"""How articles that are no news begin."""


class StillOpenError(Exception):
    """What was waited for did not come in time."""


class WorkerGoneError(Exception):
    """A worker that nobody struck ended by itself."""


@dataclass(slots=True)
class House:
    """A stage with workers.

    Attributes:
        name: for folders and the evidence.
        nursery: where workers are born.
        telegram: the fake.
        x: the fake.
        site: the newspaper's.
        url: of the store.
        folder: of logs.
        environment: further variables of each worker.
        has_desk: whether there is an editors' chat, without which no channel can be read back.
        stories: headline by article number, since the last `turn_page`.
        published: how many, since the beginning.
        unmet: numbers that no worker has taken in yet, as far as we looked.
        workers: who was hired and may still live.
        corrected: what a story's headline became, by article number.
    """

    name: str
    nursery: Nursery
    telegram: FakeTelegram
    x: FakeX
    site: FakeSite
    url: str
    folder: Path
    environment: Mapping[str, str]
    has_desk: bool
    stories: dict[int, str] = field(default_factory=dict)
    published: int = 0
    unmet: list[int] = field(default_factory=list)
    workers: list[Victim] = field(default_factory=list)
    corrected: dict[int, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """What its workers are told."""
        desk = {"TELEGRAM_DESK": str(DESK), "DAILY_REPORT": "off"} if self.has_desk else {}
        return {
            "REDIS_URL": self.url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram.url,
            "TELEGRAM_CHANNELS": ",".join(str(chat) for chat in CHANNELS),
            "X_API_KEY": KEYS.api_key,
            "X_API_SECRET": KEYS.api_secret,
            "X_ACCESS_TOKEN": KEYS.access_token,
            "X_ACCESS_TOKEN_SECRET": KEYS.access_token_secret,
            "X_API_URL": self.x.url,
            "FEEDS": self.site.url,
            "POLL_SECONDS": "1",
            "SITE_NAME": "الوسط العربي",
            "FETCH_ALLOW": "127.0.0.0/8",
            **desk,
            **self.environment,
        }

    # --- workers -----------------------------------------------------------------------------------------

    async def hire(self, blow: Blow | None = None) -> Victim:
        """One more worker."""
        victim = await self.nursery.bear(self.settings, self.folder, blow)
        self.workers = [*(each for each in self.workers if each.is_alive), victim]
        return victim

    def forgive(self, worker: Victim) -> None:
        """One that stood still past its lease in the middle of a send is ended by its fuse; its host starts another.

        Here a store that sleeps, or a machine with too much to do, is enough for that: the leases are short. One that
        finds no store when it starts ends too, before it has done anything.

        Raises:
            WorkerGoneError: it ended otherwise, and nobody struck it.
        """
        code, said = worker.ended.result(), worker.said()
        found_no_store = code == EX_SOFTWARE and "in open_store" in said and "the store does not answer" in said
        if code != -signal.SIGALRM and not found_no_store:
            raise WorkerGoneError(f"{self.name}: a worker ended with {code}: {said}")

    async def dismiss(self) -> None:
        """End every worker, without a goodbye."""
        for worker in self.workers:
            await worker.end()
        self.workers = []

    async def meet(self) -> None:
        """Let a first worker meet the feed and send one story everywhere, so that every counter stands."""
        async with Redis.from_url(self.url, decode_responses=True) as look:
            await look.flushdb()
            worker = await self.hire()
            await self.until(worker, lambda: look.get(key("feed", short(self.site.url))))
            self.publish()
            await self.until(worker, self.is_all_posted)
            await self.until(worker, lambda: self._is_quiet(look))
        await self.dismiss()

    async def meet_again(self) -> None:
        """Let a fresh worker meet the feed, which the store may have forgotten: what stands there now is no news then."""
        await self.dismiss()
        async with Redis.from_url(self.url, decode_responses=True) as look:
            await self.until(await self.hire(), lambda: look.get(key("feed", short(self.site.url))))

    async def until(self, worker: Victim, is_so: Callable[[], Awaitable[object]], seconds: float = 40.0) -> None:
        """Wait for something while a worker lives. What befalls the store befalls our look at it too: it is not so yet then.

        Raises:
            StillOpenError: it is not so in time; tells what the worker wrote.
            WorkerGoneError: a worker ended by itself.
        """
        end = asyncio.get_running_loop().time() + seconds
        while not await _seen(is_so):
            if not worker.is_alive:
                self.forgive(worker)
                worker = await self.hire()
            if asyncio.get_running_loop().time() > end:
                raise StillOpenError(f"{self.name}: not so in {seconds} s; the worker wrote {worker.said()}")
            await asyncio.sleep(LOOK_SECONDS)

    async def is_all_posted(self) -> bool:
        """Whether each story stands at each target."""
        return all(self.posts(target, words) for words in self.stories.values() for target in TARGETS)

    async def _is_quiet(self, look: Redis) -> bool:
        return not any(await self._waiting(look))

    # --- news --------------------------------------------------------------------------------------------

    def publish(self) -> int:
        """A breaking story like no other."""
        number = self.site.publish(words := headline(self.name, self.published), category="عاجل")
        self.published += 1
        self.unmet.append(number)
        self.stories[number] = words
        return number

    async def publish_when_there_is_room(self, look: Redis) -> bool:
        """Publish, unless workers are behind; whether it was done."""
        await self._pass_minutes(look)
        await self._note_met(look)
        if len(self.unmet) >= UNMET_MOST or max(await self._waiting(look)) >= BACKLOG_MOST:
            return False
        self.publish()
        return True

    async def _pass_minutes(self, look: Redis) -> None:
        """The minute of a rate, and that between two edits of one post, pass at once here."""
        if gates := [gate async for gate in look.scan_iter(key("rate", "*"), LOOK_KEYS)]:
            await look.delete(*gates)
        if self.corrected:
            posts = [post async for post in look.scan_iter(key("delivery", "*"), LOOK_KEYS)]
            await answers_to(look, [("HDEL", post, "edit_due") for post in posts])

    async def _note_met(self, look: Redis) -> None:
        asked = list(self.unmet)
        known = await answers_to(look, [("EXISTS", key("ident", self.ident(number))) for number in asked])
        met = {number for number, is_met in zip(asked, known, strict=True) if is_met}
        self.unmet = [number for number in self.unmet if number not in met]

    async def _waiting(self, look: Redis) -> list[int]:
        """How many deliveries are planned, target by target."""
        return await answers_to(look, [("ZCARD", key("lane", target)) for target in TARGETS])

    def ident(self, number: int) -> str:
        """The surest key of a story, by its article's number."""
        return keys_of_link(f"{self.site.home}/?p={number}")[0]

    async def keep_publishing(self, stop: asyncio.Event) -> None:
        """A story whenever there is room, until `stop` is set.

        It is not cancelled: a command that is cancelled in the middle may swallow that.
        """
        async with Redis.from_url(self.url, decode_responses=True, socket_timeout=1.0) as look:
            while not stop.is_set():
                with suppress(RedisError, OSError):  # What befalls the store befalls our look at it too.
                    await self.publish_when_there_is_room(look)
                await asyncio.sleep(2 * LOOK_SECONDS)

    def turn_page(self) -> None:
        """Judge only what is published from now on."""
        self.stories = {}

    # --- the end -----------------------------------------------------------------------------------------

    async def settle(self, seconds: float = 45.0) -> Judgement:
        """Let a healthy worker finish everything, and judge by what stands there.

        Nothing is final while a delivery waits or is in flight; with a read-back an uncertain one is not final either.
        What is left after `seconds` is told, not hidden.
        """
        worker = await self.hire()
        async with Redis.from_url(self.url, decode_responses=True) as look:
            with suppress(StillOpenError):
                await self.until(worker, lambda: self._is_closed(look), seconds)
        await self.dismiss()
        return await self.judge()

    async def _is_closed(self, look: Redis) -> bool:
        await self._pass_minutes(look)
        await self._note_met(look)
        if self.unmet or await look.exists(key("uncertain")) or not await self._is_quiet(look):
            return False
        verdict = await self.judge()
        return not (verdict.unfinished or verdict.uncertain or any(fate.is_stale for fate in verdict.fates))

    async def judge(self) -> Judgement:
        """What became of each story at each target."""
        async with connect(self.url) as server:
            ledger = RedisLedger(server)
            fates: list[Fate] = []
            for number, words in self.stories.items():
                life = await ledger.life(self.ident(number))
                stood = {each.target: each for each in life.deliveries} if life else {}
                for target in TARGETS:
                    is_stale = self.is_stale(number, target)
                    fates.append(Fate(words, target, self.posts(target, words), stood.get(target), is_stale))
        return Judgement(tuple(fates))

    def posts(self, target: TargetId, words: str) -> int:
        """How often a story stands at a target, as followers see it."""
        if target == ACCOUNT:
            return sum(words in post.text and not post.deleted for post in self.x.posts())
        chat = int(target.partition(":")[2])
        return sum(words in post.text and not post.deleted for post in self.telegram.posts(chat))

    def is_stale(self, number: int, target: TargetId) -> bool:
        """Whether a channel still shows what the site has corrected; X's posts stay as they are by the house's rule."""
        fresh = self.corrected.get(number)
        return fresh is not None and target != ACCOUNT and not self.posts(target, fresh)

    def floods(self) -> int:
        """Posts of articles that stood in the feed when it was first met."""
        return sum(self.posts(target, OLD) for target in TARGETS)

    def count_said(self, action: str) -> int:
        """How many workers wrote a line with this action."""
        return sum(f'"action": "{action}"' in log.read_text("utf-8") for log in self.folder.glob("worker-*.log"))

    def evidence(self, words: str) -> str:
        """Every line that any worker wrote of a story, in the order of workers."""
        lines = []
        for log in sorted(self.folder.glob("worker-*.log")):
            lines += [f"{log.stem}: {line}" for line in log.read_text("utf-8").splitlines() if words in line]
        return "\n".join(lines)


async def _seen(is_so: Callable[[], Awaitable[object]]) -> object:
    with suppress(RedisError, OSError):
        return await is_so()
    return False


async def answers_to(look: Redis, commands: Sequence[tuple[str, ...]]) -> list[int]:
    """What the store says to some commands, in one trip; none for none."""
    async with look.pipeline(transaction=False) as trip:
        for words in commands:
            trip.execute_command(*words)
        return await trip.execute()


@asynccontextmanager
async def open_house(
    name: str,
    nursery: Nursery,
    store_url: str,
    folder: Path,
    environment: Mapping[str, str],
    *,
    has_desk: bool = True,
) -> AsyncIterator[House]:
    """An empty house whose feed has been met: what stood in it then is no news."""
    place = folder / name
    place.mkdir(parents=True)
    async with (
        FakeTelegram() as telegram,
        FakeX(keys=KEYS, credit=Decimal(1_000_000)) as x,
        FeedServer(MachineClock()) as server,
    ):
        site = server.site("wasat")
        house = House(name, nursery, telegram, x, site, store_url, place, environment, has_desk)
        furnish(house)
        await house.meet()
        try:
            yield house
        finally:
            await house.dismiss()


def furnish(house: House) -> None:
    """Two old articles, two channels (one with a discussion group), an editors' chat, no limits that would only wait."""
    for title in (f"{OLD} أول عن المدينة", f"{OLD} ثان عن الميناء"):
        house.site.publish(title, category="عاجل", ago=timedelta(hours=1))
    house.telegram.add_user(EDITOR, "Ali")
    house.telegram.add_group(DISCUSSION, "نقاش")
    house.telegram.add_group(DESK, "التحرير", members=(EDITOR,))
    for chat, linked in zip(CHANNELS, (DISCUSSION, None), strict=True):
        house.telegram.add_channel(chat, "الوسط العربي", linked_chat=linked)
    for endpoint in Endpoint:
        house.x.limit(endpoint, 10**9, 10**6)
