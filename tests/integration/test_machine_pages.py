"""The machine's pages, /metrics and /ready, over real sockets and the memory twin."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from bot.machine import Machine, machine_of
from bot.pulse import BEAT_SECONDS
from bot.ready import KEPT_SECONDS
from bot.web import serve, web_app
from feeds.watch import FeedHealth
from newsroom.admission import Admitted
from newsroom.delivery import Delivery, State
from newsroom.errors import StoreUnavailable
from newsroom.ports import Leases
from newsroom.purse import Budget
from publishing.wall import Wall
from store.store import memory_store
from tests.browser.newsroom import DrawnPictures
from tests.support.clock import ManualClock
from tests.support.newsroom import CHANNEL, a_story, an_admission

WORD = "a-long-word-9f2c"
GOOD = FeedHealth("https://a.example.com/feed/", 1, 0, 1.0, 0.0, 0, "", is_silent=False, cached_seconds=0.0, moved="")


class FullDisk:
    """Implements `newsroom.ports.Leases` on a store that reads and does not write."""

    is_full = True

    async def hold(self, name: str, worker: str, seconds: float) -> bool:
        """Refused while the disk is full."""
        if self.is_full:
            raise StoreUnavailable("MISCONF: the store cannot write")
        return True

    async def drop(self, name: str, worker: str) -> None:
        """Nothing to give up."""


@dataclass
class Rig:
    """A machine's side on the memory twin."""

    clock: ManualClock = field(default_factory=ManualClock)
    feeds: Sequence[FeedHealth] = (GOOD,)
    leases: Leases | None = None
    machine: Machine = field(init=False)
    url: str = ""

    def __post_init__(self) -> None:
        store = memory_store(self.clock)
        self.machine = machine_of(replace(store, leases=self.leases) if self.leases else store, self.clock)

    async def sent(self, *, by: str = "", after: float = 12.0) -> Delivery:
        """A story's delivery, `after` seconds after the article's date."""
        story = a_story(met=self.clock.now())
        [outcome] = await self.machine.store.outbox.admit([an_admission(story, CHANNEL, by=by)], 0)
        assert isinstance(outcome, Admitted)
        [delivery] = outcome.deliveries
        return replace(delivery, state=State.SENT, settled=story.dated.timestamp() + after)

    async def page(self, path: str, **headers: str) -> tuple[int, str]:
        """One page: status and text."""
        async with aiohttp.ClientSession() as session, session.get(self.url + path, headers=headers) as answer:
            return answer.status, await answer.text()

    async def numbers(self) -> dict[str, float]:
        """Every sample of /metrics, as `name{label values}`."""
        status, text = await self.page("/metrics", Authorization=f"Bearer {WORD}")
        assert status == 200
        families = text_string_to_metric_families(text)
        return {
            f"{sample.name}{sorted(sample.labels.values())}": sample.value
            for family in families
            for sample in family.samples
        }


@asynccontextmanager
async def served(rig: Rig, *, demo: bool = False, token: str = WORD) -> AsyncIterator[Rig]:
    """The web side with this machine."""
    app = web_app(
        Wall(),
        DrawnPictures(),
        rig.clock,
        token=SecretStr(token) if token else None,
        demo=demo,
        health=dict_of_nothing,
        machine=rig.machine.pages(lambda: rig.feeds, Budget(), "w1"),
    )
    async with serve(app, host="127.0.0.1", port=0) as port:
        rig.url = f"http://127.0.0.1:{port}"
        yield rig


async def dict_of_nothing() -> dict[str, str]:
    """Health that says nothing."""
    return {}


@asynccontextmanager
async def beating(rig: Rig) -> AsyncIterator[asyncio.Event]:
    """The pulse runs; gives its stop."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(rig.machine.pulse.run(stop))
        await rig.clock.until_asleep()
        yield stop
        stop.set()


async def test_a_sent_post_is_timed_from_the_articles_own_date() -> None:
    """What readers wait for: twelve seconds, in the bucket up to fifteen and in none below."""
    rig = Rig()
    async with served(rig), beating(rig):
        rig.machine.pulse.settled(await rig.sent())
        await rig.clock.walk(BEAT_SECONDS)
        numbers = await rig.numbers()
    name = f"ajil_publish_to_post_seconds_bucket['{{}}', 'breaking', '{CHANNEL.id}']"
    assert numbers[name.format("15.0")] == 1
    assert numbers[name.format("10.0")] == 0
    assert numbers[f"ajil_deliveries_settled_total['sent', '{CHANNEL.id}']"] == 1


async def test_an_editors_push_of_an_old_article_is_not_counted_as_late() -> None:
    """Its age is the editor's choice; our own part of the way is timed all the same."""
    rig = Rig()
    async with served(rig), beating(rig):
        rig.machine.pulse.settled(await rig.sent(by="11", after=1.0))
        await rig.clock.walk(BEAT_SECONDS)
        numbers = await rig.numbers()
    assert not any(name.startswith("ajil_publish_to_post_seconds_count") for name in numbers)
    assert numbers[f"ajil_admit_to_post_seconds_count['breaking', '{CHANNEL.id}']"] == 1


async def test_a_loop_that_comes_back_late_is_told() -> None:
    """Half a second asked, two seconds taken."""
    rig = Rig()
    async with served(rig), beating(rig):
        rig.clock.advance(BEAT_SECONDS + 1.5)
        await rig.clock.until_asleep()
        numbers = await rig.numbers()
    assert numbers["ajil_loop_lag_seconds_sum[]"] == 1.5


@pytest.mark.parametrize(
    ("path", "word", "status"),
    [("", "", 401), ("", "wrong", 401), ("", WORD, 200), (f"?token={WORD}", "", 200), ("?token=wrong", "", 401)],
)
async def test_metrics_open_to_the_token_alone(path: str, word: str, status: int) -> None:
    """In a header, as Prometheus sends it, or in the address."""
    async with served(Rig()) as rig:
        headers = {"Authorization": f"Bearer {word}"} if word else {}
        assert (await rig.page(f"/metrics{path}", **headers))[0] == status


async def test_without_a_token_metrics_are_not_there_and_readiness_is() -> None:
    """A host asks for readiness and has no token; there is no default word for the rest."""
    async with served(Rig(), token="") as rig:
        assert (await rig.page("/metrics"))[0] == 404
        assert (await rig.page("/ready"))[0] == 200


async def test_in_the_demo_metrics_stand_open() -> None:
    """Nothing in it is anybody's."""
    async with served(Rig(), demo=True, token="") as rig:
        assert (await rig.page("/metrics"))[0] == 200


@pytest.mark.parametrize(
    ("rig", "why"),
    [
        (Rig(feeds=(replace(GOOD, last_good=0.0),)), "1 feeds were not asked yet"),
        (Rig(leases=FullDisk()), "the store cannot write"),
    ],
)
async def test_a_worker_that_cannot_work_is_not_ready_and_says_why(rig: Rig, why: str) -> None:
    """A store that reads and cannot write counts as one that is down."""
    async with served(rig):
        status, text = await rig.page("/ready")
    assert status == 503
    assert why in text


async def test_a_feed_that_is_down_does_not_make_the_worker_unready() -> None:
    """Another worker could not read it either."""
    async with served(Rig(feeds=(replace(GOOD, last_good=0.0, failures=1),))) as rig:
        assert (await rig.page("/ready"))[0] == 200


async def test_a_worker_that_is_stopping_is_not_ready() -> None:
    """So that a host sends nothing more to it."""
    rig = Rig()
    async with served(rig):
        async with beating(rig) as stop:
            stop.set()
        status, text = await rig.page("/ready")
    assert (status, "stopping" in text) == (503, True)


async def test_a_store_that_fails_and_comes_back_is_noticed() -> None:
    """An answer stands for a few seconds and no longer, whichever it was."""
    disk = FullDisk()
    rig = Rig(leases=disk)
    pages = rig.machine.pages(lambda: (GOOD,), Budget(), "w1")
    assert pages is not None
    readiness = pages.readiness
    assert "cannot write" in await readiness.why_not()
    disk.is_full = False
    assert "cannot write" in await readiness.why_not()
    rig.clock.advance(KEPT_SECONDS)
    assert not await readiness.why_not()


async def test_a_lease_is_told_as_held_for_no_longer_than_it_was_granted() -> None:
    """A worker that sleeps through its lease no longer listens."""
    rig = Rig()
    assert await rig.machine.leases.hold("listener", "w1", 30.0)
    assert rig.machine.leases.held() == {"listener": True}
    rig.clock.advance(30.0)
    assert rig.machine.leases.held() == {"listener": False}
    assert await rig.machine.store.leases.hold("listener", "w2", 30.0)
    assert not await rig.machine.leases.hold("listener", "w1", 30.0)
    assert rig.machine.leases.held() == {"listener": False}
