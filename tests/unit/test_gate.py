"""What the desk is asked before it goes out: a flood, a backlog, a held story. And what new rules leave alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from newsroom.batch import Cause, Waiting
from newsroom.delivery import Delivery, Lane, State
from newsroom.desk import Desk, House
from newsroom.entry import Entry
from newsroom.flood import Shown, schemes_of
from newsroom.policy import Policy, Then, phrase_of
from newsroom.rules import Rules
from newsroom.target import Target, TargetId
from store.store import Store, memory_store
from tests.support.clock import ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL, SITE
from tests.unit.test_desk import BareRenderer

FEED = "https://alwasat.example.com/feed/"
TITLES = (
    "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة",
    "البنك المركزي يثبت أسعار الفائدة للمرة الثالثة",
    "افتتاح معرض الكتاب بمشاركة أربعين دار نشر",
    "منتخب الشباب يتأهل إلى نصف نهائي البطولة",
    "حريق يلتهم مستودعًا للأخشاب في المنطقة الصناعية",
    "إضراب عمال السكك الحديدية يدخل يومه الثاني",
    "اكتشاف مقبرة أثرية في صعيد مصر",
    "شركة طيران تلغي رحلاتها بسبب عاصفة رملية",
    "وزارة الصحة تعلن حملة تطعيم ضد الحصبة",
    "طلاب الجامعة يطلقون قمرًا صناعيًا صغيرًا",
    "ارتفاع أسعار الزيتون مع بداية موسم القطاف",
    "توقيع اتفاق لبناء محطة تحلية على الساحل",
)


@dataclass(slots=True)
class Rig:
    """A desk over an empty store, and a feed that remembers what it showed."""

    rules: Rules = field(default_factory=Rules)
    policies: tuple[Policy, ...] = ()
    targets: tuple[Target, ...] = (CHANNEL,)
    clock: ManualClock = field(default_factory=ManualClock)
    store: Store = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.store = memory_store(self.clock)
        self.desk = self.another()

    def another(self) -> Desk:
        """A desk of a later process, over the same store, with the settings of now."""
        house = House(SITE, self.rules, self.targets, policies=self.policies)
        lock = asyncio.Lock()
        return Desk(house, BareRenderer(), self.store.outbox, self.clock, one_at_a_time=lock, wake=lambda _: None)

    def entries(
        self,
        count: int,
        *,
        first: int = 0,
        age: float = 0.0,
        guid: str = "https://alwasat.example.com/?p={}",
        categories: tuple[str, ...] = ("عاجل",),
    ) -> list[Entry]:
        """That many, `age` minutes old."""
        return [
            Entry(
                title=TITLES[number % len(TITLES)] + ("" if number < len(TITLES) else f" في محافظة {number}"),
                feed=FEED,
                site="alwasat.example.com",
                guid=guid.format(100 + number),
                link=f"https://alwasat.example.com/news-{number}/",
                lead=f"قال مسؤول إن الأمر {number} وقع صباح اليوم وإن التفاصيل تأتي لاحقًا",
                categories=categories,
                published=self.clock.now() - timedelta(minutes=age),
            )
            for number in range(first, first + count)
        ]

    async def show(self, entries: Sequence[Entry], *, known: Sequence[Entry] = ()) -> None:
        """A poll in which these were unseen, and those known."""
        newest = max((entry.published for entry in known if entry.published), default=None)
        await self.desk.take_in(
            entries, first_sight=False, shown=Shown(len(entries) + len(known), schemes_of(known), newest)
        )

    async def waiting(self) -> list[Waiting]:
        """What waits."""
        return [one for one in await self.store.batches.waiting() if one.holds]

    async def planned(self, target: TargetId = CHANNEL.id) -> int:
        """How many posts wait for the channel."""
        return (await self.store.ledger.counts()).get(target, {}).get(State.PLANNED, 0)

    async def release(self, waiting: Waiting) -> None:
        """All of it, as an editor's answer does."""
        lives = [await self.store.ledger.life(story) for story in waiting.stories]
        await self.desk.release([life.story for life in lives if life], "11 Ali")


REWRITTEN = (
    "http://www.alwasat.example.com/?p={}",
    "https://alwasat-news.example.org/?p={}",
    "https://alwasat.example.com/archives/{}",
    "https://alwasat.example.com/slug-{}-new/",
    "wasat-{}",
)


@pytest.mark.parametrize("guid", REWRITTEN)
@pytest.mark.parametrize("posted", [True, False])
async def test_a_feed_whose_guids_were_rewritten_posts_nothing_and_is_one_question(guid: str, *, posted: bool) -> None:
    """Host, scheme, form or slug; whether its stories were posted before or stood there before we began."""
    rig = Rig(rules=Rules(post_ordinary=True))
    known = rig.entries(10, age=90)
    if posted:
        await rig.desk.take_in(known, first_sight=False)
    else:
        await rig.desk.take_in(known, first_sight=True)
    before = await rig.planned()
    again = [replace(entry, link=entry.link.replace("/news-", "/new-")) for entry in rig.entries(10, age=90, guid=guid)]
    await rig.show(again, known=known)
    assert await rig.planned() == before
    [waiting] = await rig.waiting()
    assert (waiting.batch.cause, len(waiting.stories)) == (Cause.FLOOD, 10)


async def test_what_a_flood_brought_is_known_and_comes_no_second_time() -> None:
    """Whatever the desk answers, or whether it answers at all."""
    rig = Rig()
    known = rig.entries(10, age=90)
    strange = rig.entries(10, first=20, age=90)
    await rig.desk.take_in(known, first_sight=True)
    for _ in range(2):
        await rig.show(strange, known=known)
        await rig.desk.take_in(strange, first_sight=False)
    assert await rig.planned() == 0
    assert {len(waiting.stories) for waiting in await rig.waiting()} == {10}


async def test_what_the_desk_lets_go_is_posted_once_however_often_it_is_let_go() -> None:
    """A crash between the posts and the word that it was done repeats the answer."""
    rig = Rig()
    known, strange = rig.entries(10, age=90), rig.entries(10, first=20, age=90)
    await rig.desk.take_in(known, first_sight=True)
    await rig.show(strange, known=known)
    [waiting] = await rig.waiting()
    for _ in range(2):
        await rig.release(waiting)
    assert await rig.planned() == 10


async def test_of_a_renumbered_feed_nothing_that_stands_is_posted_again() -> None:
    """Even when the desk says «all»."""
    rig = Rig()
    known = rig.entries(10)
    await rig.desk.take_in(known, first_sight=False)
    await rig.show(rig.entries(10, guid="wasat-{}"), known=known)
    [waiting] = await rig.waiting()
    await rig.release(waiting)
    assert await rig.planned() == 10


async def test_thirty_urgent_stories_between_two_polls_all_go_out() -> None:
    """Younger than all that was known, with guids of the usual kind: a catch-up, and no flood."""
    rig = Rig()
    await rig.show(rig.entries(30, first=20, age=2), known=rig.entries(10, age=90))
    assert (await rig.planned(), await rig.waiting()) == (30, [])


async def test_more_ordinary_stories_at_once_than_followers_can_read_are_offered_as_one_digest() -> None:
    """Thirty still go out; with POST=breaking nobody is asked, for nothing would have gone out."""
    rig = Rig(rules=Rules(post_ordinary=True))
    await rig.show(rig.entries(30, first=20, age=2, categories=()), known=rig.entries(10, age=90))
    assert (await rig.planned(), await rig.waiting()) == (30, [])
    for post_all in (True, False):
        rig = Rig(rules=Rules(post_ordinary=post_all))
        await rig.show(rig.entries(31, first=20, age=2, categories=()), known=rig.entries(10, age=90))
        assert await rig.planned() == 0
        assert [waiting.batch.cause for waiting in await rig.waiting()] == [Cause.BACKLOG] * post_all


async def test_after_an_outage_what_is_urgent_goes_out_and_what_expired_is_one_digest() -> None:
    """Two feeds of one newsroom make one digest."""
    rig = Rig()
    known = rig.entries(10, age=600)
    await rig.show([*rig.entries(3, first=20, age=90), *rig.entries(2, first=30, age=5)], known=known)
    await rig.show(rig.entries(1, first=40, age=40), known=known)
    assert await rig.planned() == 2
    [waiting] = await rig.waiting()
    assert (waiting.batch.cause, len(waiting.stories)) == (Cause.BACKLOG, 4)
    await rig.release(waiting)
    assert await rig.planned() == 6


async def test_what_the_digest_lets_go_is_not_called_breaking() -> None:
    """Its hour is over."""
    rig = Rig()
    await rig.show(rig.entries(1, first=20, age=61), known=rig.entries(1, age=600))
    [waiting] = await rig.waiting()
    await rig.release(waiting)
    life = await rig.store.ledger.life(waiting.stories[0])
    assert life is not None
    assert [(one.lane, one.post.kicker) for one in life.deliveries] == [(Lane.ORDINARY, "")]


async def test_two_late_ordinary_stories_are_no_backlog() -> None:
    """POST=all: a back-dated story goes out as any other."""
    rig = Rig(rules=Rules(post_ordinary=True))
    await rig.show(rig.entries(2, first=20, age=90, categories=()), known=rig.entries(9, age=600))
    assert (await rig.planned(), await rig.waiting()) == (2, [])


async def test_a_held_story_is_asked_about_by_itself() -> None:
    """A date in the future: a wrong clock or a leak."""
    rig = Rig()
    await rig.show(rig.entries(1, first=20, age=-30), known=rig.entries(9, age=600))
    [waiting] = await rig.waiting()
    assert (waiting.batch.cause, waiting.batch.why, await rig.planned()) == (Cause.STORY, "ahead_of_time", 0)


async def test_a_rule_that_holds_asks_and_the_other_targets_have_their_post() -> None:
    """The desk lets it go where it was held."""
    held = Policy("h", Then.HOLD, phrases=(phrase_of("جسر"),), targets=frozenset({CHANNEL.id}))
    rig = Rig(policies=(held,), targets=(CHANNEL, ACCOUNT))
    await rig.show(rig.entries(1), known=rig.entries(9, first=3, age=600))
    assert (await rig.planned(), await rig.planned(ACCOUNT.id)) == (0, 1)
    [waiting] = await rig.waiting()
    await rig.release(waiting)
    assert (await rig.planned(), await rig.planned(ACCOUNT.id)) == (1, 1)


async def test_a_rule_keeps_its_target_free_of_what_the_desk_lets_go() -> None:
    """«skip» is the house's word; a push by hand goes everywhere."""
    kept = Policy("k", Then.SKIP, targets=frozenset({ACCOUNT.id}))
    rig = Rig(policies=(kept,), targets=(CHANNEL, ACCOUNT))
    await rig.show(rig.entries(1, age=61), known=rig.entries(9, first=3, age=600))
    [waiting] = await rig.waiting()
    await rig.release(waiting)
    assert (await rig.planned(), await rig.planned(ACCOUNT.id)) == (1, 0)
    await rig.desk.push(rig.entries(1)[0], "11 Ali")
    assert await rig.planned(ACCOUNT.id) == 1


async def test_an_ordinary_story_settles_and_a_breaking_one_waits_for_nothing() -> None:
    """An edit within that time changes the words that will go out."""
    rig = Rig(rules=Rules(post_ordinary=True, settle_for=timedelta(seconds=60)))
    breaking, [ordinary] = rig.entries(1), rig.entries(1, first=1, categories=())
    await rig.desk.take_in([*breaking, ordinary], first_sight=False)
    first = await rig.store.outbox.take(CHANNEL.id, "w", 60)
    assert isinstance(first, Delivery)
    assert first.lane is Lane.BREAKING
    await rig.desk.take_in([replace(ordinary, title="البنك المركزي يرفع أسعار الفائدة")], first_sight=False)
    await rig.store.outbox.settle(replace(first, state=State.SENT))
    rig.clock.advance(61)
    second = await rig.store.outbox.take(CHANNEL.id, "w", 60)
    assert isinstance(second, Delivery)
    assert second.post.headline == "البنك المركزي يرفع أسعار الفائدة"


async def test_a_new_rule_or_channel_brings_no_old_story_out() -> None:
    """An edit of a story that was judged before is posted nowhere new."""
    rig = Rig(rules=Rules(post_ordinary=False))
    posted, passed = rig.entries(1)[0], rig.entries(1, first=1, categories=())[0]
    await rig.desk.take_in([posted, passed], first_sight=False)
    rig.targets = (CHANNEL, ACCOUNT)
    rig.policies = (Policy("all of it", Then.POST),)
    rig.desk = rig.another()
    edited = [replace(entry, lead="قال مسؤول آخر إن التفاصيل تأتي غدًا") for entry in (posted, passed)]
    await rig.desk.take_in(edited, first_sight=False)
    assert (await rig.planned(), await rig.planned(ACCOUNT.id)) == (1, 0)
