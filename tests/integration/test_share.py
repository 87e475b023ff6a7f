"""Several workers over one store: each feed is polled by one of them, and by another soon after that one's death."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from feeds.answer import Answer, FeedDown, Fetched, Unchanged
from feeds.feed_list import FeedList
from feeds.intake import Intake
from feeds.rhythm import history_of
from feeds.share import LEASE_SECONDS, Share
from feeds.validators import Validators
from feeds.watch import watch_of
from newsroom.alert import Alert, Trouble
from newsroom.errors import StoreUnavailable
from newsroom.feed_change import FeedChange
from newsroom.rota import Rota, Seat, Turnout
from store.memory_daybook import MemoryFeedChanges
from store.memory_rota import MemoryRota
from tests.support.clock import ManualClock
from tests.support.intake_room import WatchedAlarm, WatchedDoor, WatchedMemory

PERIOD = 10.0
BODY = "<rss version='2.0'><channel>{}</channel></rss>"
ITEM = "<item><title>{title}</title><guid>{guid}</guid></item>"


def urls(count: int) -> list[str]:
    """Feeds, each on a host of its own."""
    return [f"https://site{number}.example.com/feed/" for number in range(count)]


@dataclass(slots=True)
class Sites:
    """Implements `feeds.answer.Source`: nothing is ever new. Who asked for what, and when, by the wall clock."""

    clock: ManualClock
    asked: list[tuple[float, str]] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    titles: dict[str, list[str]] = field(default_factory=dict)
    """Of what a feed shows besides its one old entry."""

    async def fetch(self, url: str, validators: Validators, *, plain: bool = False) -> Answer:
        """One poll."""
        self.asked.append((self.clock.now().timestamp(), url))
        if url in self.down:
            return FeedDown("the site answered 500 (Internal Server Error)", status=500)
        new = self.titles.get(url, [])
        etag = f'"{len(new)}"'
        if validators.etag == etag and not plain:
            return Unchanged(validators)
        items = [*(ITEM.format(title=title, guid=title) for title in new), ITEM.format(title="خبر", guid=url)]
        return Fetched(BODY.format("".join(items)).encode(), {}, url, Validators(etag=etag, proven=True))


@dataclass(slots=True)
class SlowSites(Sites):
    """Sites that answer when a test lets them."""

    held: asyncio.Event | None = None

    @override
    async def fetch(self, url: str, validators: Validators, *, plain: bool = False) -> Answer:
        """As they were asked, and later."""
        answer = await super(SlowSites, self).fetch(url, validators, plain=plain)
        if self.held is not None:
            await self.held.wait()
        return answer


@dataclass(slots=True)
class BrokenRota:
    """A rota on a store that answers only while it is up."""

    rota: Rota
    is_down: bool = False
    calls: int = 0
    claims_lost: int = 0
    """So many are carried out and not answered."""

    def _must_be_up(self) -> None:
        self.calls += 1
        if self.is_down:
            raise StoreUnavailable("no store")

    async def join(self, seat: Seat, seconds: float) -> Turnout:
        """As the real one."""
        self._must_be_up()
        return await self.rota.join(seat, seconds)

    async def renew(
        self, seat: Seat, seconds: float, dues: Mapping[str, float], given: Collection[str] = ()
    ) -> Turnout | None:
        """As the real one."""
        self._must_be_up()
        return await self.rota.renew(seat, seconds, dues, given)

    async def claim(
        self, seat: Seat, feeds: Sequence[str], most: int, *, ahead: float, busy: float
    ) -> Mapping[str, float | None]:
        """As the real one."""
        self._must_be_up()
        claimed = await self.rota.claim(seat, feeds, most, ahead=ahead, busy=busy)
        if self.claims_lost:
            self.claims_lost -= 1
            raise StoreUnavailable("the answer was lost")
        return claimed

    async def leave(self, seat: Seat, dues: Mapping[str, float]) -> None:
        """As the real one."""
        self._must_be_up()
        await self.rota.leave(seat, dues)


@dataclass(slots=True)
class Worker:
    """One intake on the common rota."""

    intake: Intake
    running: asyncio.Task[None]
    stop: asyncio.Event
    memory: WatchedMemory
    rota: BrokenRota
    door: WatchedDoor
    alarm: WatchedAlarm

    def held(self) -> set[str]:
        """Feeds that it polls."""
        return {health.url for health in self.intake.health()}

    def polls(self) -> int:
        """So far, of the feeds that it holds."""
        return sum(health.polls for health in self.intake.health())


@dataclass(slots=True)
class House:
    """Workers that come and go."""

    clock: ManualClock
    sites: Sites
    rota: MemoryRota
    memory: WatchedMemory = field(default_factory=WatchedMemory)
    changes: MemoryFeedChanges = field(default_factory=MemoryFeedChanges)
    workers: list[Worker] = field(default_factory=list)

    async def change(self, feed: str, *, is_added: bool) -> None:
        """An editor's word, in the store alone."""
        at = self.clock.now().timestamp()
        await self.changes.note(feed, FeedChange(is_added, "13 عمر", str(at), at))

    def asked(self, feed: str) -> int:
        """Polls of a feed so far."""
        return sum(url == feed for _, url in self.sites.asked)

    def hire(self, feeds: list[str]) -> Worker:
        """Start one more."""
        rota, door, alarm = BrokenRota(self.rota), WatchedDoor(memory=self.memory), WatchedAlarm()
        intake = Intake(
            FeedList(feeds, self.changes),
            self.sites,
            self.memory,
            door,
            self.clock,
            PERIOD,
            alarm=alarm,
            chance=lambda: 0.5,
            rota=rota,
            worker=f"worker-{len(self.workers)}",
        )
        stop = asyncio.Event()
        worker = Worker(intake, asyncio.create_task(intake.run(stop)), stop, self.memory, rota, door, alarm)
        self.workers.append(worker)
        return worker

    async def kill(self, worker: Worker) -> None:
        """It stops between two instructions, and tells nobody."""
        worker.rota.is_down = True
        worker.running.cancel()
        await asyncio.gather(worker.running, return_exceptions=True)

    def twice(self, since: float, feeds: list[str]) -> list[str]:
        """Feeds that were polled twice around one of their own slots."""
        phase = {url: history_of(url).phase for url in feeds}
        slots = Counter((url, round(at / PERIOD - phase[url])) for at, url in self.sites.asked if at >= since)
        return [url for (url, _), count in slots.items() if count > 1]


@pytest.fixture
def clock() -> ManualClock:
    """Everybody's clock."""
    return ManualClock()


@pytest.fixture
async def house(clock: ManualClock) -> AsyncIterator[House]:
    """Nobody works yet; whoever is left at the end is sent home."""
    house = House(clock, Sites(clock), MemoryRota(clock))
    yield house
    for worker in house.workers:
        worker.stop.set()
    await asyncio.gather(*(worker.running for worker in house.workers), return_exceptions=True)


async def settled(house: House, seconds: float = 30.0) -> float:
    """Let the workers find their shares; tells when that was, in unix seconds."""
    await house.clock.walk(seconds)
    return house.clock.now().timestamp()


def asked_since(house: House, moment: float) -> dict[str, float]:
    """When each feed was first polled after that moment, in seconds from it."""
    first: dict[str, float] = {}
    for at, url in house.sites.asked:
        if at > moment:
            first.setdefault(url, at - moment)
    return first


async def test_a_worker_alone_polls_all_feeds_at_once(house: House) -> None:
    """It waits for nobody: not when it starts, and not when it starts again after an orderly stop."""
    feeds = urls(5)
    for life in (1, 2):
        worker = house.hire(feeds)
        await house.clock.walk(0.2)
        assert Counter(url for _, url in house.sites.asked) == dict.fromkeys(feeds, life)
        worker.stop.set()
        await worker.running


async def test_feeds_are_shared_out_evenly_and_polled_by_one(house: House) -> None:
    """A second worker gets its half within seconds, a third its third; no period brings two polls."""
    feeds = urls(30)
    house.hire(feeds)
    start = await settled(house)
    for count in (2, 3):
        house.hire(feeds)
        await house.clock.walk(10.0)
        shares = [len(worker.intake.health()) for worker in house.workers]
        assert shares == [30 // count] * count
    await settled(house)
    assert house.twice(start, feeds) == []


async def test_the_feeds_of_a_dead_worker_are_polled_within_ten_seconds_and_none_twice(house: House) -> None:
    """Three hundred feeds on two workers, one of which is killed in the middle of its work."""
    feeds = urls(300)
    one, two = house.hire(feeds), house.hire(feeds)
    start = await settled(house)
    await house.clock.walk(3.3)
    held = {health.url for health in one.intake.health()}
    await house.kill(one)
    killed = house.clock.now().timestamp()
    await house.clock.walk(2 * PERIOD)
    again = asked_since(house, killed)
    assert len(held) == 150
    assert len(again) == 300
    assert latest(house, killed) <= 10.0
    assert house.twice(start, feeds) == []
    assert len(two.intake.health()) == 300


def latest(house: House, moment: float) -> float:
    """By how many seconds the latest feed came after its time, of all first polls after that moment."""
    last = {url: at for at, url in house.sites.asked if at <= moment}
    return max(moment + after - last[url] - PERIOD for url, after in asked_since(house, moment).items())


async def test_an_orderly_stop_hands_feeds_over_without_a_gap(house: House) -> None:
    """The one that stays polls each at its time."""
    feeds = urls(20)
    one, _ = house.hire(feeds), house.hire(feeds)
    start = await settled(house)
    one.stop.set()
    await one.running
    stopped = house.clock.now().timestamp()
    await house.clock.walk(2 * PERIOD)
    assert set(asked_since(house, stopped)) == set(feeds)
    assert latest(house, stopped) < LEASE_SECONDS / 2
    assert house.twice(start, feeds) == []


async def test_a_worker_cut_off_from_the_store_stops_polling_before_others_begin(house: House) -> None:
    """And takes up its share again when it is back."""
    feeds = urls(20)
    one, two = house.hire(feeds), house.hire(feeds)
    start = await settled(house)
    one.rota.is_down = True
    await house.clock.walk(3 * PERIOD)
    assert len(two.intake.health()) == 20
    assert house.twice(start, feeds) == []
    one.rota.is_down = False
    before = len(house.sites.asked)
    await settled(house)
    assert len(one.intake.health()) == len(two.intake.health()) == 10
    assert len(house.sites.asked) - before == pytest.approx(60, abs=12)


async def test_workers_with_different_feeds_take_nothing_from_one_another(house: House) -> None:
    """Each polls all of its own; what both have is polled by one of them."""
    feeds = urls(12)
    house.hire(feeds[:8])
    house.hire(feeds[4:])
    start = await settled(house)
    await settled(house)
    assert set(asked_since(house, start)) == set(feeds)
    assert house.twice(start, feeds) == []


async def test_a_nudge_reaches_a_feed_that_another_worker_polls(house: House) -> None:
    """Whoever was told polls it, once and at once, and leaves it to the other again."""
    feeds = urls(2)
    one, _ = house.hire(feeds), house.hire(feeds)
    await settled(house)
    [mine] = [health.url for health in one.intake.health()]
    [other] = set(feeds) - {mine}
    now = house.clock.now().timestamp()
    assert one.intake.nudge(other)
    await house.clock.walk(0.05)
    assert asked_since(house, now - 0.001)[other] < 0.1
    assert [health.url for health in one.intake.health()] == [mine]
    polls = sum(url == other for _, url in house.sites.asked)
    await house.clock.walk(3 * PERIOD)
    assert sum(url == other for _, url in house.sites.asked) - polls == 3


async def test_polls_that_bring_nothing_ask_neither_memory_nor_rota(house: House) -> None:
    """The rota is told every second or so, of all feeds at once."""
    feeds = urls(200)
    worker = house.hire(feeds)
    await settled(house)
    recalls, polls = house.memory.recalls, worker.polls()
    calls = worker.rota.calls
    await house.clock.walk(5 * PERIOD)
    assert worker.polls() - polls == pytest.approx(1000, abs=20)
    assert worker.rota.calls - calls <= 5 * PERIOD / (LEASE_SECONDS * 0.3) + 1
    assert house.memory.recalls == recalls


async def test_a_claim_whose_answer_was_lost_leaves_no_feed_to_nobody(clock: ManualClock) -> None:
    """Ours in the store and not with us: it is asked for again at the next renewal."""
    watches = {url: watch_of(url) for url in urls(3)}
    rota = BrokenRota(MemoryRota(clock), claims_lost=1)
    share = Share(watches, rota, clock, base=tuple(watches), worker="w", poll_seconds=PERIOD)
    with pytest.raises(StoreUnavailable):
        await share.keep()
    clock.advance(share.pause)
    assert len(await share.keep()) == 3


async def test_an_added_feed_is_polled_by_one_worker_at_once_where_the_order_was_and_soon_where_it_was_not(
    house: House,
) -> None:
    """It begins with a baseline; then it is a feed like all others."""
    feeds, [new] = urls(4), ["https://added.example.com/feed/"]
    workers = [house.hire(feeds), house.hire(feeds)]
    start = await settled(house)
    await house.change(new, is_added=True)
    workers[0].intake.follow()
    await house.clock.walk(1.5)
    assert house.asked(new) == 1
    assert sorted(len(worker.held()) for worker in workers) == [2, 3]
    house.sites.titles[new] = ["جديد"]
    await house.clock.walk(3 * PERIOD)
    assert [title for worker in workers for title in worker.door.news()] == ["جديد"]
    assert house.asked(new) == pytest.approx(4, abs=1)
    assert house.twice(start, [*feeds, new]) == []


async def test_a_feed_added_by_a_worker_that_dies_is_taken_over_by_the_other(house: House) -> None:
    """Nobody need tell it."""
    new = "https://added.example.com/feed/"
    one, two = house.hire(urls(2)), house.hire(urls(2))
    await settled(house)
    await house.change(new, is_added=True)
    one.intake.follow()
    await house.clock.walk(2.0)
    await house.kill(one)
    await house.clock.walk(2 * PERIOD)
    assert two.held() == {*urls(2), new}


async def test_a_removed_feed_is_polled_by_nobody_any_more_and_its_alert_is_over(house: House) -> None:
    """Whichever worker had it; the others' feeds stay shared out."""
    feeds = urls(5)
    workers = [house.hire(feeds), house.hire(feeds)]
    house.sites.down.add(feeds[1])
    await settled(house, 300.0)
    cause = Alert(Trouble.FEED_DOWN, feeds[1], "").cause
    assert any(cause in worker.alarm.standing for worker in workers)
    await house.change(feeds[1], is_added=False)
    await house.clock.walk(1.5)
    before = house.asked(feeds[1])
    await settled(house, 600.0)
    assert house.asked(feeds[1]) == before
    assert sorted(len(worker.held()) for worker in workers) == [2, 2]
    assert not any(cause in worker.alarm.standing for worker in workers)
    assert not any(worker.intake.nudge(feeds[1]) for worker in workers)


async def test_a_feed_that_is_added_again_brings_what_came_since_and_nothing_of_before(house: House) -> None:
    """What it showed stays known; how many at once go out is for the gates behind."""
    feeds = urls(2)
    worker = house.hire(feeds)
    house.sites.titles[feeds[0]] = ["قبل"]
    await settled(house)
    await house.change(feeds[0], is_added=False)
    await settled(house)
    house.sites.titles[feeds[0]] = ["بين", "قبل"]
    await settled(house)
    assert worker.door.news() == []
    await house.change(feeds[0], is_added=True)
    worker.intake.follow()
    await house.clock.walk(1.0)
    assert worker.door.news() == ["بين"]


async def test_a_poll_in_flight_of_a_removed_feed_brings_nothing(house: House) -> None:
    """Not though its site was slow to answer."""
    feed, slow = urls(1)[0], SlowSites(house.clock)
    house.sites = slow
    worker = house.hire([feed, *urls(3)[1:]])
    await settled(house)
    slow.titles[feed], slow.held = ["جديد"], asyncio.Event()
    await house.clock.walk(PERIOD)
    await house.change(feed, is_added=False)
    worker.intake.follow()
    await house.clock.walk(0.1)
    slow.held.set()
    await house.clock.walk(PERIOD)
    assert worker.door.news() == []
    assert worker.held() == set(urls(3)[1:])


async def test_the_last_feed_may_be_removed_and_another_added(house: House) -> None:
    """The worker lives on."""
    worker = house.hire(urls(1))
    await settled(house)
    await house.change(urls(1)[0], is_added=False)
    await settled(house)
    assert worker.held() == set()
    await house.change("https://added.example.com/feed/", is_added=True)
    await house.clock.walk(2.0)
    assert house.asked("https://added.example.com/feed/") == 1
