"""The newsroom's own feeds, twenty minutes apart: the second brings an edited headline and a second editor's re-post."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.parse import parse
from newsroom.correction import Corrections, XCorrections
from newsroom.delivery import Delivery, State
from newsroom.desk import Desk, House
from newsroom.errand import Errand
from newsroom.ports import Platform
from newsroom.rules import Rules
from newsroom.site import Site
from newsroom.target import TargetId
from publishing.dispatch import Dispatcher
from publishing.render import TemplateRenderer
from publishing.style import HouseStyle
from publishing.wall import Wall, WallPlatform
from store.store import memory_store
from tests.support.clock import ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL
from tests.support.platform_stage import OnePicture

DATA = Path(__file__).parents[1] / "data" / "alwasat"
SITE = Site(
    name="الوسط العربي",
    sections=("الشرق قادم", "اقتصاد", "رياضة", "ثقافة", "علوم", "مقالات", "العالم", "مصر", "أفريقيا", "أخبار"),
)
BEFORE = "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي"
AFTER = "كيم جونغ أون يبحث مع وفد عسكري روسي"
FIRST_POLL = datetime(2024, 7, 20, 21, 5, tzinfo=UTC)


class Newsroom:
    """A newsroom in the dry run: the wall is the only network."""

    def __init__(self, on_x: XCorrections = "ignore") -> None:
        self.clock = ManualClock(FIRST_POLL)
        self.store = memory_store(self.clock)
        self.wall = Wall()
        self.settled: list[Delivery] = []
        self.changed = asyncio.Event()
        targets = (CHANNEL, ACCOUNT)
        platforms: dict[TargetId, Platform] = {
            target.id: WallPlatform(target, OnePicture(), self.clock) for target in targets
        }
        self.dispatcher = Dispatcher(self.store.outbox, platforms, self.clock, worker="w1", settled=self._note)
        rules = Rules(post_ordinary=True, news_for=timedelta(days=2))
        self.desk = Desk(
            House(SITE, rules, targets, Corrections(on_x)),
            TemplateRenderer(HouseStyle(site_name=SITE.name)),
            self.store.outbox,
            self.clock,
            one_at_a_time=asyncio.Lock(),
            wake=self.dispatcher.wake,
        )

    def _note(self, delivery: Delivery) -> None:
        self.settled.append(delivery)
        self.changed.set()

    async def poll(self, name: str) -> None:
        """One feed as it stood at a poll, and everything that goes out for it."""
        entries = parse((DATA / name).read_bytes(), {}, "https://alwasat.example.com/feed/")
        await self.desk.take_in(sorted(entries, key=lambda entry: entry.published or FIRST_POLL), first_sight=False)
        stop = asyncio.Event()
        running = asyncio.create_task(self.dispatcher.run(stop))
        async with asyncio.timeout(10):
            while any(states[State.PLANNED] for states in (await self.store.ledger.counts()).values()):
                self.changed.clear()
                await self.changed.wait()
        stop.set()
        await running

    def done(self, errand: Errand, target: TargetId) -> list[Delivery]:
        """What was carried out at a target."""
        return [
            delivery
            for delivery in self.settled
            if (delivery.errand, delivery.target, delivery.state) == (errand, target, State.SENT)
        ]


async def test_an_edited_headline_is_one_edit_and_a_second_editors_repost_is_nothing() -> None:
    """On Telegram in place; X stays as it is unless the house says otherwise."""
    newsroom = Newsroom()
    await newsroom.poll("feed.xml")
    posts = {target: len(newsroom.done(Errand.POST, target)) for target in (CHANNEL.id, ACCOUNT.id)}
    newsroom.clock.advance(20 * 60)
    await newsroom.poll("feed-2.xml")
    assert {target: len(newsroom.done(Errand.POST, target)) for target in posts} == posts
    [edit] = newsroom.done(Errand.EDIT, CHANNEL.id)
    assert newsroom.done(Errand.EDIT, ACCOUNT.id) == []
    assert edit.stands is not None
    assert BEFORE in edit.stands.post.text
    assert AFTER in edit.post.text


@pytest.mark.parametrize("name", ["feed.xml", "feed-2.xml"])
async def test_the_same_feed_again_edits_nothing(name: str) -> None:
    """Whatever came with it."""
    newsroom = Newsroom("edit")
    for _ in range(2):
        await newsroom.poll(name)
    assert {delivery.errand for delivery in newsroom.settled} == {Errand.POST}


async def test_on_x_the_post_is_deleted_and_posted_anew_where_the_house_says_so() -> None:
    """One stands there, with the new words; the channel was edited meanwhile."""
    newsroom = Newsroom("repost")
    await newsroom.poll("feed.xml")
    posts = len(newsroom.done(Errand.POST, ACCOUNT.id))
    await newsroom.poll("feed-2.xml")
    assert len(newsroom.done(Errand.EDIT, CHANNEL.id)) == 1
    anew = newsroom.done(Errand.POST, ACCOUNT.id)[posts:]
    assert [AFTER in delivery.post.text for delivery in anew] == [True]
    life = await newsroom.store.ledger.life(anew[0].story)
    assert life is not None
    [post] = [delivery for delivery in life.deliveries if (delivery.target, delivery.of) == (ACCOUNT.id, "")]
    assert (post.state, post.message_ids) == (State.SENT, anew[0].message_ids)
