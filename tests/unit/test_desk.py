"""The desk: two doors, one corridor, and the outbox behind both."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from typing_extensions import override

from newsroom.admission import Admission, AdmitOutcome, Admitted, AlreadyKnown, Recent
from newsroom.delivery import Delivery, Lane, State, next_step
from newsroom.desk import Desk, House
from newsroom.entry import Entry
from newsroom.errand import Errand
from newsroom.errors import EntryRefused, StoreUnavailable
from newsroom.ports import Showing
from newsroom.post import Post, PostKind
from newsroom.receipt import Sent
from newsroom.relation import Duplicate, New
from newsroom.rules import Rules
from newsroom.story import Kicker, Story
from newsroom.target import Target, TargetId
from newsroom.verdict import Breaking, Ordinary
from store.memory_outbox import MemoryOutbox
from store.memory_switch import MemorySwitch
from tests.support.clock import ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL, SITE


class BareRenderer:
    """Renders the headline alone."""

    def render(self, story: Story, kicker: Kicker | None, lane: Lane, target: Target) -> Post:
        """Kicker and headline."""
        label = str(kicker or "")
        return Post(target.id, PostKind.TEXT, f"{label} {story.headline}", headline=story.headline, kicker=label)


class FailingOutbox(MemoryOutbox):
    """Fails the next admission after being told to."""

    fails = False

    @override
    async def admit(
        self, admissions: Iterable[Admission], version: int, showing: Showing | None = None
    ) -> tuple[AdmitOutcome, ...]:
        """Fail once where told to."""
        if self.fails:
            self.fails = False
            raise StoreUnavailable("gone")
        return await super().admit(list(admissions), version, showing)


@dataclass(slots=True)
class Rig:
    """A desk over the memory twin."""

    clock: ManualClock = field(default_factory=ManualClock)
    rules: Rules = field(default_factory=Rules)
    woken: list[TargetId] = field(default_factory=list)
    outbox: FailingOutbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = FailingOutbox(self.clock, MemorySwitch())

    def desk(self, first: Callable[[], AbstractContextManager[object]] = nullcontext) -> Desk:
        """A desk of another worker, over the same outbox."""
        return Desk(
            House(SITE, self.rules, (CHANNEL, ACCOUNT)),
            BareRenderer(),
            self.outbox,
            self.clock,
            one_at_a_time=asyncio.Lock(),
            wake=self.woken.extend,
            first=first,
        )

    def entry(self, number: int = 1, title: str = "", categories: tuple[str, ...] = ("عاجل",), age: int = 0) -> Entry:
        """Article `number`, published `age` seconds ago."""
        link = f"https://alwasat.example.com/?p={number}"
        return Entry(
            title=title or f"وزير الخارجية يصل إلى العاصمة رقم {number} في زيارة رسمية",
            feed="https://alwasat.example.com/feed/",
            site="alwasat.example.com",
            guid=link,
            post_id=number,
            link=link,
            categories=categories,
            published=self.clock.now() - timedelta(seconds=age),
        )

    async def planned(self) -> list[str]:
        """Headlines that wait for the channel."""
        recent = await self.outbox.recent(0)
        lives = [await self.outbox.life(story.id) for story in recent.stories]
        return [life.story.headline for life in lives if life and life.deliveries]


async def test_a_breaking_entry_is_planned_for_every_target_and_the_lanes_are_woken() -> None:
    """It goes out by itself."""
    rig = Rig()
    await rig.desk().take_in([rig.entry()], first_sight=False)
    assert (await rig.outbox.counts())[CHANNEL.id][State.PLANNED] == 1
    assert rig.woken == [CHANNEL.id, ACCOUNT.id]


async def test_what_is_written_to_be_sent_goes_first_until_its_lanes_were_woken_and_what_is_only_known_does_not() -> (
    None
):
    """Else other feeds are read while its followers wait."""
    rig = Rig()
    woken: list[int] = []

    @contextmanager
    def first() -> Iterator[None]:
        woken.append(len(rig.woken))
        yield
        woken.append(len(rig.woken))

    desk = rig.desk(first)
    await desk.take_in([rig.entry(1, categories=("ثقافة",))], first_sight=False)
    assert woken == []
    await desk.take_in([rig.entry(2)], first_sight=False)
    assert woken == [0, 2]


async def test_an_ordinary_entry_is_known_and_not_planned_unless_the_house_posts_all() -> None:
    """POST=breaking is the default; POST=all sends both."""
    for post_all in (False, True):
        rig = Rig(rules=Rules(post_ordinary=post_all))
        await rig.desk().take_in([rig.entry(categories=("أخبار",))], first_sight=False)
        assert len((await rig.outbox.recent(0)).stories) == 1
        assert bool(await rig.planned()) is post_all


async def test_the_first_sight_of_a_feed_plans_nothing_and_makes_all_known() -> None:
    """A baseline is no news."""
    rig = Rig()
    entries = [rig.entry(number) for number in (1, 2)]
    await rig.desk().take_in(entries, first_sight=True)
    assert await rig.planned() == []
    await rig.desk().take_in(entries, first_sight=False)
    assert await rig.planned() == []


async def test_the_same_entry_given_again_plans_nothing_more() -> None:
    """Idempotent: a poll whose end was lost may be repeated, by any worker."""
    rig = Rig()
    for _ in range(2):
        await rig.desk().take_in([rig.entry()], first_sight=False)
    assert len(await rig.planned()) == 1


async def test_a_push_goes_out_whatever_its_class_and_keeps_its_class() -> None:
    """An ordinary story is pushed as an ordinary one: no false kicker."""
    rig = Rig()
    pushed = await rig.desk().push(rig.entry(categories=("أخبار",)), by="11 Ali")
    assert isinstance(pushed.considered.verdict, Ordinary)
    assert isinstance(pushed.outcome, Admitted)
    assert {delivery.by for delivery in pushed.outcome.deliveries} == {"11 Ali"}
    assert {delivery.lane for delivery in pushed.outcome.deliveries} == {Lane.ORDINARY}


async def test_a_push_of_a_story_that_the_feed_also_carries_ends_in_one_post() -> None:
    """Whichever comes first."""
    rig = Rig()
    await rig.desk().take_in([rig.entry()], first_sight=False)
    pushed = await rig.desk().push(rig.entry(), by="11 Ali")
    assert isinstance(pushed.outcome, AlreadyKnown)
    other = Rig()
    await other.desk().push(other.entry(), by="11 Ali")
    await other.desk().take_in([other.entry()], first_sight=False)
    assert (await other.outbox.counts())[CHANNEL.id][State.PLANNED] == 1


async def test_a_push_brings_out_what_the_baseline_only_made_known() -> None:
    """An editor may post an old story; it has not gone out."""
    rig = Rig()
    await rig.desk().take_in([rig.entry()], first_sight=True)
    pushed = await rig.desk().push(rig.entry(), by="11 Ali")
    assert isinstance(pushed.outcome, Admitted)
    assert len(pushed.outcome.deliveries) == 2


async def test_a_push_without_a_headline_is_refused() -> None:
    """Nothing but a marker is no story."""
    rig = Rig()
    with pytest.raises(EntryRefused):
        await rig.desk().push(rig.entry(title="عاجل"), by="11 Ali")


async def test_a_story_that_is_filed_as_breaking_only_later_goes_out_then() -> None:
    """Editors often add the category after they publish."""
    rig = Rig()
    desk = rig.desk()
    await desk.take_in([rig.entry(categories=("أخبار",))], first_sight=False)
    assert await rig.planned() == []
    await desk.take_in([replace(rig.entry(), lead="جملة أولى أضيفت مع تصنيف الخبر عاجلًا.")], first_sight=False)
    assert len(await rig.planned()) == 1


async def test_an_old_breaking_entry_is_not_posted_as_breaking() -> None:
    """Urgency expires."""
    rig = Rig()
    await rig.desk().take_in([rig.entry(age=61 * 60)], first_sight=False)
    assert await rig.planned() == []


async def test_two_workers_that_meet_the_same_news_at_once_plan_it_once() -> None:
    """The later one is told that the window moved, and judges anew."""
    rig = Rig()
    one, two = rig.desk(), rig.desk()
    await one.take_in([rig.entry(1)], first_sight=False)
    await two.take_in([rig.entry(2)], first_sight=False)
    await asyncio.gather(*(desk.take_in([rig.entry(3)], first_sight=False) for desk in (one, two)))
    assert len(await rig.planned()) == 3


async def test_a_batch_that_was_not_written_is_new_again_at_the_next_try() -> None:
    """A store that failed leaves no memory of stories that never reached it."""
    rig = Rig()
    desk = rig.desk()
    await desk.take_in([rig.entry(1)], first_sight=False)
    rig.outbox.fails = True
    with pytest.raises(StoreUnavailable):
        await desk.take_in([rig.entry(2)], first_sight=False)
    await desk.take_in([rig.entry(2)], first_sight=False)
    assert len(await rig.planned()) == 2


async def test_entries_of_one_batch_are_judged_knowing_one_another() -> None:
    """A second editor's re-post in the same poll is a duplicate."""
    rig = Rig()
    body = " ".join(f"كلمة{n}" for n in range(80))
    first = replace(rig.entry(1, "انهيار مبنى سكني في حي محرم بك وسط الإسكندرية"), body=body, lead=body)
    second = replace(rig.entry(2, "انهيار مبنى سكني في حي محرم بك وسط الإسكندرية"), body=body, lead=body)
    await rig.desk().take_in([first, second], first_sight=False)
    assert len(await rig.planned()) == 1


async def test_what_was_decided_can_be_read_off_a_push() -> None:
    """The editor is told class and relation."""
    rig = Rig()
    first = await rig.desk().push(rig.entry(), by="11 Ali")
    again = await rig.desk().push(rig.entry(), by="12 Mona")
    assert isinstance(first.considered.relation, New)
    assert isinstance(first.considered.verdict, Breaking)
    assert isinstance(again.considered.relation, Duplicate)


async def test_an_edit_of_a_posted_article_plans_an_edit_and_wakes_its_lane() -> None:
    """In the same admission; X is left alone by default, and what nobody sees plans nothing."""
    rig = Rig()
    desk = rig.desk()
    await desk.take_in([rig.entry(title="وزير الخارجية يصل إلى العاصمة في زيارة رسمية")], first_sight=False)
    taken = await rig.outbox.take(CHANNEL.id, "w1", 60.0)
    assert isinstance(taken, Delivery)
    await rig.outbox.settle(next_step(taken, Sent(("55",)), rig.clock.now().timestamp()))
    rig.woken.clear()
    await desk.take_in([rig.entry(title="وزيرُ الخارجية يصــل إلى العاصمة في زيارة رسمية")], first_sight=False)
    assert rig.woken == []
    await desk.take_in([rig.entry(title="وزير الخارجية يصل إلى العاصمة في زيارة عمل")], first_sight=False)
    assert rig.woken == [CHANNEL.id]
    edit = await rig.outbox.take(CHANNEL.id, "w1", 60.0)
    assert isinstance(edit, Delivery)
    assert (edit.errand, "زيارة عمل" in edit.post.text) == (Errand.EDIT, True)


class ForgetfulOutbox(MemoryOutbox):
    """Lost all it knew at a moment."""

    forgotten = 0.0

    @override
    async def recent(self, since: int) -> Recent:
        """With that moment."""
        return replace(await super().recent(since), forgotten=self.forgotten)


async def test_after_the_store_lost_all_it_knew_what_the_site_dated_earlier_is_no_news() -> None:
    """What it dated later is; an undated entry is news again when every feed was asked since."""
    rig = Rig()
    outbox = ForgetfulOutbox(rig.clock, MemorySwitch())
    outbox.forgotten = rig.clock.now().timestamp()
    rig.clock.advance(60)
    desk = Desk(
        House(SITE, rig.rules, (CHANNEL,)),
        BareRenderer(),
        outbox,
        rig.clock,
        one_at_a_time=asyncio.Lock(),
        wake=rig.woken.extend,
    )
    before, after = rig.clock.now() - timedelta(seconds=61), rig.clock.now() - timedelta(seconds=59)
    await desk.take_in([replace(rig.entry(1), published=before)], first_sight=False)
    await desk.take_in([replace(rig.entry(2), published=None)], first_sight=False)
    assert rig.woken == []
    await desk.take_in([replace(rig.entry(3, "افتتاح الميناء الجديد"), published=after)], first_sight=False)
    assert rig.woken == [CHANNEL.id]
    rig.clock.advance(31 * 60)
    await desk.take_in([replace(rig.entry(4, "وصول القافلة إلى المدينة"), published=None)], first_sight=False)
    assert rig.woken == [CHANNEL.id] * 2
