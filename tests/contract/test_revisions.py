"""Corrections in the outbox: one suite over the memory twin, the embedded Valkey and Debian's Redis."""

from dataclasses import replace

import pytest

from newsroom.admission import Wait
from newsroom.delivery import Delivery, Lane, State
from newsroom.errand import EDIT_SECONDS, EDITS_AT_MOST, WORN, Errand
from newsroom.errors import LeaseLost
from newsroom.post import PostKind
from newsroom.receipt import Later, NextMove, Receipt, Refused, Sent, Unknown
from tests.contract.revision_rig import Rig, a_revision
from tests.support.newsroom import ACCOUNT, CHANNEL, a_post, a_story, an_admission


async def test_an_edited_article_is_stored_and_its_edit_planned_in_one_step(standing: Rig) -> None:
    """One delivery of its own, with the words and the number that stand; the post itself stays sent."""
    story = await standing.post()
    await standing.edit(story, "عنوان جديد")
    taken = await standing.next()
    assert (taken.id, taken.errand, taken.of) == (f"{story.id}>{CHANNEL.id}#1", Errand.EDIT, f"{story.id}>{CHANNEL.id}")
    assert taken.post.text == "عنوان جديد"
    assert taken.stands is not None
    assert (taken.stands.ids, taken.stands.post.text) == (("55",), story.headline)
    [stored] = (await standing.store.outbox.recent(0)).stories
    assert stored.headline == "عنوان جديد"


async def test_an_edit_that_was_made_stands_in_the_record_of_the_post_itself(standing: Rig) -> None:
    """The post keeps number, address and time, and has the new words; the edit is no post of its own."""
    story = await standing.post()
    [before] = await standing.store.ledger.sent(9)
    await standing.edit(story, "عنوان جديد")
    await standing.settle(await standing.next(), Sent(()))
    [after] = await standing.store.ledger.sent(9)
    newer = replace(before.post, text="عنوان جديد", headline="عنوان جديد")
    assert after == replace(before, post=newer, changes=1)
    assert [delivery.state for delivery in await standing.all_of(story)] == [State.SENT, State.SENT]


async def test_the_next_edit_finds_what_the_last_one_left(standing: Rig) -> None:
    """A network that gave the edited post a new number is asked under that."""
    story = await standing.post(ACCOUNT)
    await standing.edit(story, "عنوان ثان", target=ACCOUNT)
    await standing.settle(await standing.next(ACCOUNT), Sent(("56",), "https://x.com/i/status/56"))
    standing.end_minute(story, ACCOUNT)
    await standing.edit(story, "عنوان ثالث", target=ACCOUNT)
    stands = (await standing.next(ACCOUNT)).stands
    assert stands is not None
    assert (stands.ids, stands.post.text) == (("56",), "عنوان ثان")


async def test_the_lane_in_which_a_post_went_out_says_which_words_it_gets(standing: Rig) -> None:
    """A breaking post keeps its kicker long after; an ordinary one gets none."""
    story = await standing.post(lane=Lane.ORDINARY)
    await standing.edit(story, "عنوان جديد")
    assert (await standing.next()).post.text == "(عادي) عنوان جديد"


async def test_a_newer_version_replaces_an_edit_that_still_waits(standing: Rig) -> None:
    """Readers see the last of three headlines, and one edit."""
    story = await standing.post()
    for headline in ("عنوان ثان", "عنوان ثالث", "عنوان رابع"):
        await standing.edit(story, headline)
    await standing.settle(await standing.next(), Sent(()))
    await standing.idle()
    [post, edit] = await standing.all_of(story)
    assert (post.post.text, edit.state) == ("عنوان رابع", State.SENT)


async def test_a_post_is_edited_at_most_once_a_minute(standing: Rig) -> None:
    """The second edit waits out the minute that began with the first."""
    story = await standing.post()
    await standing.edit(story, "عنوان ثان")
    await standing.settle(await standing.next(), Sent(()))
    await standing.edit(story, "عنوان ثالث")
    wait = await standing.idle()
    assert EDIT_SECONDS - 5 < (wait.seconds or 0) <= EDIT_SECONDS
    standing.end_minute(story)
    assert (await standing.next()).post.text == "عنوان ثالث"


async def test_other_posts_go_out_while_an_edit_waits_for_its_minute(standing: Rig) -> None:
    """It holds up nobody."""
    story = await standing.post()
    await standing.edit(story, "عنوان ثان")
    await standing.settle(await standing.next(), Sent(()))
    await standing.edit(story, "عنوان ثالث")
    other = await standing.admit(number=2)
    assert (await standing.next()).story == other.id


async def test_a_post_is_edited_five_times_and_then_says_why_it_stays(standing: Rig) -> None:
    """The sixth is not planned."""
    story = await standing.post()
    for number in range(EDITS_AT_MOST):
        await standing.edit(story, f"عنوان رقم {number}")
        await standing.settle(await standing.next(), Sent(()))
        standing.end_minute(story)
    await standing.edit(story, "عنوان سادس")
    await standing.idle()
    post, *edits = await standing.all_of(story)
    assert (len(edits), post.state, post.why) == (EDITS_AT_MOST, State.SENT, WORN)


async def test_what_was_posted_two_days_ago_is_not_edited(standing: Rig) -> None:
    """It is history."""
    story = await standing.post()
    old = replace(a_revision(replace(story, headline="عنوان جديد")), within=-1.0)
    await standing.store.outbox.revise(story.id, [old])
    await standing.idle()
    assert len(await standing.all_of(story)) == 1


async def test_a_post_that_was_not_sent_yet_goes_out_with_the_new_words(standing: Rig) -> None:
    """The same delivery, and no edit after it."""
    story = await standing.admit()
    await standing.edit(story, "عنوان جديد")
    await standing.settle(await standing.next(), Sent(("55",)))
    await standing.idle()
    [post] = await standing.all_of(story)
    assert (post.post.text, post.state) == ("عنوان جديد", State.SENT)


async def test_an_edit_of_a_post_that_is_being_sent_waits_until_it_was_sent(standing: Rig) -> None:
    """What is under way is not touched."""
    story = await standing.admit()
    sending = await standing.next()
    await standing.edit(story, "عنوان جديد")
    await standing.settle(sending, Sent(("55",)))
    edit = await standing.next()
    assert (edit.errand, edit.stands.ids if edit.stands else ()) == (Errand.EDIT, ("55",))
    assert (await standing.all_of(story))[0].changes == 1


async def test_an_edit_of_a_post_of_unknown_outcome_waits_and_holds_up_nobody(standing: Rig) -> None:
    """It goes once somebody has seen the post."""
    story = await standing.admit()
    await standing.settle(await standing.next(), Unknown("no answer"))
    await standing.edit(story, "عنوان جديد")
    other = await standing.admit(number=2)
    taken = await standing.next()
    assert taken.story == other.id
    await standing.settle(taken, Sent(("60",)))
    await standing.idle()


async def test_an_edit_of_a_post_that_was_refused_is_not_planned(standing: Rig) -> None:
    """There is nothing to edit."""
    story = await standing.admit()
    await standing.settle(await standing.next(), Refused("no"))
    await standing.edit(story, "عنوان جديد")
    await standing.idle()
    assert len(await standing.all_of(story)) == 1


async def test_the_edited_post_keeps_the_form_in_which_it_stands(standing: Rig) -> None:
    """A photo that had to step down to plain text stays plain text."""
    story = a_story(met=standing.now())
    photo = a_post(story, CHANNEL, PostKind.PHOTO)
    await standing.store.outbox.admit([replace(an_admission(story), posts=(photo,))], 0)
    for _ in range(2):
        await standing.settle(await standing.next(), Refused("form", NextMove.STEP_DOWN))
    await standing.settle(await standing.next(), Sent(("55",)))
    await standing.store.outbox.revise(story.id, [replace(a_revision(story), breaking=replace(photo, text="نص جديد"))])
    edit = await standing.next()
    assert (edit.post.kind, edit.post.text) == (PostKind.PLAIN, "نص جديد")


async def test_an_edit_of_unknown_outcome_is_made_again_and_never_uncertain(standing: Rig) -> None:
    """Made twice it comes to the same."""
    story = await standing.post()
    await standing.edit(story, "عنوان جديد")
    await standing.settle(await standing.next(), Unknown("no answer"))
    assert await standing.store.outbox.uncertain() == ()
    assert (await standing.all_of(story))[1].state is State.PLANNED


@pytest.mark.parametrize("receipt", [Unknown("no answer"), Later(0.0, "no connection")])
async def test_other_posts_go_out_while_an_edit_that_failed_waits(standing: Rig, receipt: Receipt) -> None:
    """It is tried again and again, later each time; the news behind it does not wait for that."""
    story = await standing.post()
    await standing.edit(story, "عنوان جديد")
    await standing.settle(await standing.next(), receipt)
    other = await standing.admit(number=2)
    assert (await standing.next()).story == other.id


async def test_an_edit_for_which_the_network_asks_patience_holds_up_its_channel(standing: Rig) -> None:
    """A flood wait is the channel's."""
    story = await standing.post()
    await standing.edit(story, "عنوان جديد")
    await standing.settle(await standing.next(), Later(30.0, "flood"))
    await standing.admit(number=2)
    await standing.idle()


async def test_an_edit_whose_worker_died_is_planned_again_and_its_sleeper_cannot_write(standing: Rig) -> None:
    """The lease ran out."""
    story = await standing.post()
    await standing.edit(story, "عنوان جديد")
    slept = await standing.store.outbox.take(CHANNEL.id, "w1", 0.0)
    assert isinstance(slept, Delivery)
    if standing.clock:
        standing.clock.advance(0.001)
    assert await standing.store.outbox.uncertain() == ()
    standing.end_minute(story)
    again = await standing.next()
    assert (again.id, again.attempts) == (slept.id, 2)
    with pytest.raises(LeaseLost):
        await standing.settle(slept, Sent(()))


async def test_an_edit_that_must_wait_gives_way_to_a_newer_one(standing: Rig) -> None:
    """It was under way when the newer words came, and came back: only the newer ones go out."""
    story = await standing.post()
    await standing.edit(story, "عنوان ثان")
    under_way = await standing.next()
    await standing.edit(story, "عنوان ثالث")
    await standing.settle(under_way, Later(0.001, "connection"))
    standing.end_minute(story)
    if standing.clock is None:
        while isinstance(await standing.store.outbox.look(CHANNEL.id), Wait):
            pass
    newer = await standing.next()
    assert newer.post.text == "عنوان ثالث"
    await standing.settle(newer, Sent(()))
    while (await standing.all_of(story))[1].state is State.PLANNED:
        await standing.idle()
    assert [delivery.state for delivery in await standing.all_of(story)] == [State.SENT, State.EXPIRED, State.SENT]
