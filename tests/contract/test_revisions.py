"""Corrections and retractions in the outbox: one suite over the memory twin, the embedded Valkey and Debian's Redis."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from newsroom.admission import AlreadyKnown, Wait
from newsroom.delivery import Delivery, Lane, State, next_step
from newsroom.errand import EDIT_SECONDS, EDITS_AT_MOST, FOR_EVER, WORN, Errand, Revision
from newsroom.errors import LeaseLost
from newsroom.post import PostKind
from newsroom.purse import Budget, Prices, Spent
from newsroom.receipt import Later, NextMove, Receipt, Refused, Sent, Unknown
from newsroom.story import Story
from newsroom.target import Target
from store.keys import key
from store.server import connect
from store.store import memory_store, redis_store
from store.terms import Terms
from tests.contract.test_outbox import Rig as Outbox
from tests.support.clock import ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL, a_post, a_story, an_admission
from tests.support.store_server import StoreServer

EDITOR = "11 Ali"
TERMS = Terms(budget=Budget(month=1_000_000))


@dataclass(frozen=True, slots=True)
class Rig(Outbox):
    """A store in which one story is posted and then edited."""

    server: StoreServer | None = None

    async def admit(self, target: Target = CHANNEL, lane: Lane = Lane.BREAKING, number: int = 1) -> Story:
        """A story on its way to a target."""
        story = a_story(number, met=self.now())
        version = (await self.store.outbox.recent(0)).version
        await self.store.outbox.admit([an_admission(story, target, lane=lane)], version)
        return story

    async def post(self, target: Target = CHANNEL, lane: Lane = Lane.BREAKING) -> Story:
        """A story that stands at a target as message 55."""
        story = await self.admit(target, lane)
        await self.settle(await self.next(target), Sent(("55",), "https://t.me/w/55"))
        return story

    async def edit(
        self, story: Story, headline: str, *, errand: Errand = Errand.EDIT, target: Target = CHANNEL
    ) -> None:
        """The article has another headline now."""
        newer = replace(story, headline=headline)
        revision = a_revision(newer, errand, target)
        version = (await self.store.outbox.recent(0)).version
        asked = replace(an_admission(newer), same_as=story.id, rewrite=True, revisions=(revision,))
        [outcome] = await self.store.outbox.admit([asked], version)
        assert isinstance(outcome, AlreadyKnown)

    async def next(self, target: Target = CHANNEL) -> Delivery:
        """What is taken next, which must be there."""
        taken = await self.store.outbox.take(target.id, "w1", 60.0)
        assert isinstance(taken, Delivery), taken
        return taken

    async def idle(self, target: Target = CHANNEL) -> Wait:
        """Nothing can be taken now; gives the wait."""
        wait = await self.store.outbox.take(target.id, "w1", 60.0)
        assert isinstance(wait, Wait), wait
        return wait

    async def settle(self, delivery: Delivery, receipt: Receipt) -> Delivery:
        """Write down what a platform answered."""
        settled = next_step(delivery, receipt, self.now().timestamp())
        await self.store.outbox.settle(settled)
        return settled

    def end_minute(self, story: Story, target: Target = CHANNEL) -> None:
        """The minute between two edits is over."""
        if self.clock:
            self.clock.advance(EDIT_SECONDS)
        if self.server:
            with self.server.client() as redis:
                redis.hdel(key("delivery", f"{story.id}>{target.id}"), "edit_due")

    async def all_of(self, story: Story) -> list[Delivery]:
        """The post and its changes."""
        life = await self.store.ledger.life(story.id)
        assert life is not None
        return list(life.deliveries)


def a_revision(story: Story, errand: Errand = Errand.EDIT, target: Target = CHANNEL, by: str = "") -> Revision:
    """The words that a story has now."""
    post = a_post(story, target)
    ordinary = replace(post, text=f"(عادي) {post.text}")
    return Revision(target.id, errand, post, ordinary, within=FOR_EVER if by else 172_800.0, by=by)


@pytest.fixture(params=["memory", "valkey", "debian_redis"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    """Each kind of store, empty."""
    if request.param == "memory":
        clock = ManualClock()
        yield Rig(memory_store(clock, TERMS), clock)
        return
    running: StoreServer = request.getfixturevalue(request.param)
    running.wipe()
    async with connect(running.url) as server:
        yield Rig(redis_store(server, TERMS), None, running)


# --- edits --------------------------------------------------------------------------------------------------------------


async def test_an_edited_article_is_stored_and_its_edit_planned_in_one_step(rig: Rig) -> None:
    """One delivery of its own, with the words and the number that stand; the post itself stays sent."""
    story = await rig.post()
    await rig.edit(story, "عنوان جديد")
    taken = await rig.next()
    assert (taken.id, taken.errand, taken.of) == (f"{story.id}>{CHANNEL.id}#1", Errand.EDIT, f"{story.id}>{CHANNEL.id}")
    assert taken.post.text == "عنوان جديد"
    assert taken.stands is not None
    assert (taken.stands.ids, taken.stands.post.text) == (("55",), story.headline)
    [stored] = (await rig.store.outbox.recent(0)).stories
    assert stored.headline == "عنوان جديد"


async def test_an_edit_that_was_made_stands_in_the_record_of_the_post_itself(rig: Rig) -> None:
    """The post keeps number, address and time, and has the new words; the edit is no post of its own."""
    story = await rig.post()
    [before] = await rig.store.ledger.sent(9)
    await rig.edit(story, "عنوان جديد")
    await rig.settle(await rig.next(), Sent(()))
    [after] = await rig.store.ledger.sent(9)
    newer = replace(before.post, text="عنوان جديد", headline="عنوان جديد")
    assert after == replace(before, post=newer, changes=1)
    assert [delivery.state for delivery in await rig.all_of(story)] == [State.SENT, State.SENT]


async def test_the_next_edit_finds_what_the_last_one_left(rig: Rig) -> None:
    """A network that gave the edited post a new number is asked under that."""
    story = await rig.post(ACCOUNT)
    await rig.edit(story, "عنوان ثان", target=ACCOUNT)
    await rig.settle(await rig.next(ACCOUNT), Sent(("56",), "https://x.com/i/status/56"))
    rig.end_minute(story, ACCOUNT)
    await rig.edit(story, "عنوان ثالث", target=ACCOUNT)
    stands = (await rig.next(ACCOUNT)).stands
    assert stands is not None
    assert (stands.ids, stands.post.text) == (("56",), "عنوان ثان")


async def test_the_lane_in_which_a_post_went_out_says_which_words_it_gets(rig: Rig) -> None:
    """A breaking post keeps its kicker long after; an ordinary one gets none."""
    story = await rig.post(lane=Lane.ORDINARY)
    await rig.edit(story, "عنوان جديد")
    assert (await rig.next()).post.text == "(عادي) عنوان جديد"


async def test_a_newer_version_replaces_an_edit_that_still_waits(rig: Rig) -> None:
    """Readers see the last of three headlines, and one edit."""
    story = await rig.post()
    for headline in ("عنوان ثان", "عنوان ثالث", "عنوان رابع"):
        await rig.edit(story, headline)
    await rig.settle(await rig.next(), Sent(()))
    await rig.idle()
    [post, edit] = await rig.all_of(story)
    assert (post.post.text, edit.state) == ("عنوان رابع", State.SENT)


async def test_a_post_is_edited_at_most_once_a_minute(rig: Rig) -> None:
    """The second edit waits out the minute that began with the first."""
    story = await rig.post()
    await rig.edit(story, "عنوان ثان")
    await rig.settle(await rig.next(), Sent(()))
    await rig.edit(story, "عنوان ثالث")
    wait = await rig.idle()
    assert EDIT_SECONDS - 5 < (wait.seconds or 0) <= EDIT_SECONDS
    rig.end_minute(story)
    assert (await rig.next()).post.text == "عنوان ثالث"


async def test_other_posts_go_out_while_an_edit_waits_for_its_minute(rig: Rig) -> None:
    """It holds up nobody."""
    story = await rig.post()
    await rig.edit(story, "عنوان ثان")
    await rig.settle(await rig.next(), Sent(()))
    await rig.edit(story, "عنوان ثالث")
    other = await rig.admit(number=2)
    assert (await rig.next()).story == other.id


async def test_a_post_is_edited_five_times_and_then_says_why_it_stays(rig: Rig) -> None:
    """The sixth is not planned."""
    story = await rig.post()
    for number in range(EDITS_AT_MOST):
        await rig.edit(story, f"عنوان رقم {number}")
        await rig.settle(await rig.next(), Sent(()))
        rig.end_minute(story)
    await rig.edit(story, "عنوان سادس")
    await rig.idle()
    post, *edits = await rig.all_of(story)
    assert (len(edits), post.state, post.why) == (EDITS_AT_MOST, State.SENT, WORN)


async def test_what_was_posted_two_days_ago_is_not_edited(rig: Rig) -> None:
    """It is history."""
    story = await rig.post()
    old = replace(a_revision(replace(story, headline="عنوان جديد")), within=-1.0)
    await rig.store.outbox.revise(story.id, [old])
    await rig.idle()
    assert len(await rig.all_of(story)) == 1


async def test_a_post_that_was_not_sent_yet_goes_out_with_the_new_words(rig: Rig) -> None:
    """The same delivery, and no edit after it."""
    story = await rig.admit()
    await rig.edit(story, "عنوان جديد")
    await rig.settle(await rig.next(), Sent(("55",)))
    await rig.idle()
    [post] = await rig.all_of(story)
    assert (post.post.text, post.state) == ("عنوان جديد", State.SENT)


async def test_an_edit_of_a_post_that_is_being_sent_waits_until_it_was_sent(rig: Rig) -> None:
    """What is under way is not touched."""
    story = await rig.admit()
    sending = await rig.next()
    await rig.edit(story, "عنوان جديد")
    await rig.settle(sending, Sent(("55",)))
    edit = await rig.next()
    assert (edit.errand, edit.stands.ids if edit.stands else ()) == (Errand.EDIT, ("55",))
    assert (await rig.all_of(story))[0].changes == 1


async def test_an_edit_of_a_post_of_unknown_outcome_waits_and_holds_up_nobody(rig: Rig) -> None:
    """It goes once somebody has seen the post."""
    story = await rig.admit()
    await rig.settle(await rig.next(), Unknown("no answer"))
    await rig.edit(story, "عنوان جديد")
    other = await rig.admit(number=2)
    taken = await rig.next()
    assert taken.story == other.id
    await rig.settle(taken, Sent(("60",)))
    await rig.idle()


async def test_an_edit_of_a_post_that_was_refused_is_not_planned(rig: Rig) -> None:
    """There is nothing to edit."""
    story = await rig.admit()
    await rig.settle(await rig.next(), Refused("no"))
    await rig.edit(story, "عنوان جديد")
    await rig.idle()
    assert len(await rig.all_of(story)) == 1


async def test_the_edited_post_keeps_the_form_in_which_it_stands(rig: Rig) -> None:
    """A photo that had to step down to plain text stays plain text."""
    story = a_story(met=rig.now())
    photo = a_post(story, CHANNEL, PostKind.PHOTO)
    await rig.store.outbox.admit([replace(an_admission(story), posts=(photo,))], 0)
    for _ in range(2):
        await rig.settle(await rig.next(), Refused("form", NextMove.STEP_DOWN))
    await rig.settle(await rig.next(), Sent(("55",)))
    await rig.store.outbox.revise(story.id, [replace(a_revision(story), breaking=replace(photo, text="نص جديد"))])
    edit = await rig.next()
    assert (edit.post.kind, edit.post.text) == (PostKind.PLAIN, "نص جديد")


async def test_an_edit_of_unknown_outcome_is_made_again_and_never_uncertain(rig: Rig) -> None:
    """Made twice it comes to the same."""
    story = await rig.post()
    await rig.edit(story, "عنوان جديد")
    await rig.settle(await rig.next(), Unknown("no answer"))
    assert await rig.store.outbox.uncertain() == ()
    assert (await rig.all_of(story))[1].state is State.PLANNED


async def test_an_edit_whose_worker_died_is_planned_again_and_its_sleeper_cannot_write(rig: Rig) -> None:
    """The lease ran out."""
    story = await rig.post()
    await rig.edit(story, "عنوان جديد")
    slept = await rig.store.outbox.take(CHANNEL.id, "w1", 0.0)
    assert isinstance(slept, Delivery)
    if rig.clock:
        rig.clock.advance(0.001)
    assert await rig.store.outbox.uncertain() == ()
    rig.end_minute(story)
    again = await rig.next()
    assert (again.id, again.attempts) == (slept.id, 2)
    with pytest.raises(LeaseLost):
        await rig.settle(slept, Sent(()))


async def test_an_edit_that_must_wait_gives_way_to_a_newer_one(rig: Rig) -> None:
    """It was under way when the newer words came, and came back: only the newer ones go out."""
    story = await rig.post()
    await rig.edit(story, "عنوان ثان")
    under_way = await rig.next()
    await rig.edit(story, "عنوان ثالث")
    await rig.settle(under_way, Later(0.001, "connection"))
    rig.end_minute(story)
    if rig.clock is None:
        while isinstance(await rig.store.outbox.peek(CHANNEL.id), Wait):
            pass
    newer = await rig.next()
    assert newer.post.text == "عنوان ثالث"
    await rig.settle(newer, Sent(()))
    while (await rig.all_of(story))[1].state is State.PLANNED:
        await rig.idle()
    assert [delivery.state for delivery in await rig.all_of(story)] == [State.SENT, State.EXPIRED, State.SENT]


# --- X: deleted and posted anew -------------------------------------------------------------------------------------


async def test_a_repost_deletes_first_and_is_then_a_post_with_intent(rig: Rig) -> None:
    """The same delivery; its unknown outcome is read back as any post's, and the record tells the new number."""
    story = await rig.post(ACCOUNT)
    await rig.edit(story, "عنوان جديد", errand=Errand.REPOST, target=ACCOUNT)
    deletion = await rig.next(ACCOUNT)
    assert (deletion.errand, deletion.stands.ids if deletion.stands else ()) == (Errand.REPOST, ("55",))
    await rig.settle(deletion, Sent(()))
    assert (await rig.all_of(story))[0].state is State.REMOVED
    anew = await rig.next(ACCOUNT)
    assert (anew.id, anew.errand, anew.stands, anew.post.text) == (deletion.id, Errand.POST, None, "عنوان جديد")
    await rig.settle(anew, Sent(("70",), "https://x.com/i/status/70"))
    [post] = await rig.store.ledger.sent(9)
    assert (post.id, post.state, post.message_ids) == (f"{story.id}>{ACCOUNT.id}", State.SENT, ("70",))


async def test_a_repost_whose_deletion_is_refused_posts_nothing(rig: Rig) -> None:
    """Two posts would stand there."""
    story = await rig.post(ACCOUNT)
    await rig.edit(story, "عنوان جديد", errand=Errand.REPOST, target=ACCOUNT)
    await rig.settle(await rig.next(ACCOUNT), Refused("no"))
    await rig.idle(ACCOUNT)
    assert [delivery.state for delivery in await rig.all_of(story)] == [State.SENT, State.REFUSED]


async def test_a_repost_of_unknown_outcome_is_uncertain(rig: Rig) -> None:
    """Its second step is a post like any other; and it counts for its account."""
    story = await rig.post(ACCOUNT)
    await rig.edit(story, "عنوان جديد", errand=Errand.REPOST, target=ACCOUNT)
    await rig.settle(await rig.next(ACCOUNT), Sent(()))
    await rig.settle(await rig.next(ACCOUNT), Unknown("no answer"))
    assert (await rig.store.ledger.counts())[ACCOUNT.id][State.UNCERTAIN] == 1


async def test_newer_words_reach_a_repost_between_its_two_steps(rig: Rig) -> None:
    """The old post is gone, the new one not sent."""
    story = await rig.post(ACCOUNT)
    await rig.edit(story, "عنوان ثان", errand=Errand.REPOST, target=ACCOUNT)
    await rig.settle(await rig.next(ACCOUNT), Sent(()))
    await rig.edit(story, "عنوان ثالث", errand=Errand.REPOST, target=ACCOUNT)
    await rig.settle(await rig.next(ACCOUNT), Sent(("70",)))
    await rig.idle(ACCOUNT)
    assert (await rig.all_of(story))[0].post.text == "عنوان ثالث"


async def test_a_repost_costs_a_deletion_and_a_post(rig: Rig) -> None:
    """And the deletion is paid although the post waits."""
    prices = Prices()
    story = await rig.post(ACCOUNT)
    assert await rig.store.ledger.spent() == Spent(prices.link, prices.link)
    await rig.edit(story, "عنوان جديد", errand=Errand.REPOST, target=ACCOUNT)
    await rig.settle(await rig.next(ACCOUNT), Sent(()))
    assert (await rig.store.ledger.spent()).month == prices.link + prices.delete
    await rig.settle(await rig.next(ACCOUNT), Sent(("70",)))
    assert (await rig.store.ledger.spent()).month == 2 * prices.link + prices.delete


async def test_a_repost_that_the_budget_cannot_pay_whole_does_not_begin(rig: Rig) -> None:
    """A post deleted for want of money to post it anew would be lost."""
    story = await rig.post(ACCOUNT)
    for number in range(2, 6):
        await rig.admit(ACCOUNT, number=number)
        await rig.settle(await rig.next(ACCOUNT), Sent((f"{number}",)))
    await rig.edit(story, "عنوان جديد", errand=Errand.REPOST, target=ACCOUNT)
    await rig.idle(ACCOUNT)
    post, repost = await rig.all_of(story)
    assert (post.state, repost.state, repost.why) == (State.SENT, State.REFUSED, "over this month's budget")


# --- retractions -----------------------------------------------------------------------------------------------------


async def test_an_editor_takes_a_post_back_before_all_other_news(rig: Rig) -> None:
    """Neither the minute between edits nor the lane holds it up, and the record says that it is deleted."""
    story = await rig.post()
    await rig.edit(story, "عنوان ثان")
    await rig.settle(await rig.next(), Sent(()))
    await rig.admit(number=2)
    await rig.store.outbox.revise(story.id, [a_revision(story, Errand.DELETE, by=EDITOR)])
    deletion = await rig.next()
    assert (deletion.errand, deletion.by) == (Errand.DELETE, EDITOR)
    await rig.settle(deletion, Sent(()))
    assert (await rig.all_of(story))[0].state is State.REMOVED


async def test_a_post_that_was_not_sent_yet_is_taken_back_and_never_goes_out(rig: Rig) -> None:
    """With its reason."""
    story = await rig.admit()
    await rig.store.outbox.revise(story.id, [a_revision(story, Errand.DELETE, by=EDITOR)])
    await rig.idle()
    [post] = await rig.store.ledger.unsettled(9)
    assert (post.state, post.why) == (State.REFUSED, "an editor took it back")


async def test_what_an_editor_withdrew_the_site_does_not_edit_again(rig: Rig) -> None:
    """Neither a marked post nor a deleted one."""
    story = await rig.post()
    await rig.store.outbox.revise(story.id, [a_revision(story, by=EDITOR)])
    await rig.edit(story, "عنوان جديد")
    await rig.settle(await rig.next(), Sent(()))
    await rig.edit(story, "عنوان أجد")
    await rig.idle()
    assert len(await rig.all_of(story)) == 2


async def test_a_deletion_takes_the_place_of_an_edit_that_waits(rig: Rig) -> None:
    """Nothing is edited once it is to be deleted."""
    story = await rig.post()
    await rig.edit(story, "عنوان جديد")
    await rig.store.outbox.revise(story.id, [a_revision(story, Errand.DELETE, by=EDITOR)])
    await rig.settle(await rig.next(), Sent(()))
    await rig.idle()
    assert [delivery.state for delivery in await rig.all_of(story)] == [State.REMOVED, State.EXPIRED, State.SENT]


async def test_a_deletion_on_x_is_paid_and_never_refused_for_the_budget(rig: Rig) -> None:
    """What must go, goes."""
    story = await rig.post(ACCOUNT)
    for number in range(2, 6):
        await rig.admit(ACCOUNT, number=number)
        await rig.settle(await rig.next(ACCOUNT), Sent((f"{number}",)))
    before = (await rig.store.ledger.spent()).month
    await rig.store.outbox.revise(story.id, [a_revision(story, Errand.DELETE, ACCOUNT, by=EDITOR)])
    await rig.settle(await rig.next(ACCOUNT), Sent(()))
    assert (await rig.store.ledger.spent()).month == before + Prices().delete
