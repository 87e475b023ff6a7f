"""Posts that are deleted, or deleted and posted anew: one suite over the memory twin, the embedded Valkey and Debian's Redis."""

from dataclasses import replace

import pytest

from newsroom.delivery import TAKEN_BACK, Delivery, State, next_step, read_back
from newsroom.errand import Errand
from newsroom.purse import Prices, Spent
from newsroom.receipt import Absent, Found, Later, Receipt, Refused, Sent, Unknown
from tests.contract.revision_rig import EDITOR, Rig, a_revision
from tests.support.newsroom import ACCOUNT

# --- X: deleted and posted anew -------------------------------------------------------------------------------------


async def test_a_repost_deletes_first_and_is_then_a_post_with_intent(standing: Rig) -> None:
    """The same delivery; its unknown outcome is read back as any post's, and the record tells the new number."""
    story = await standing.post(ACCOUNT)
    await standing.edit(story, "عنوان جديد", errand=Errand.REPOST, target=ACCOUNT)
    deletion = await standing.next(ACCOUNT)
    assert (deletion.errand, deletion.stands.ids if deletion.stands else ()) == (Errand.REPOST, ("55",))
    await standing.settle(deletion, Sent(()))
    assert (await standing.all_of(story))[0].state is State.REMOVED
    anew = await standing.next(ACCOUNT)
    assert (anew.id, anew.errand, anew.stands, anew.post.text) == (deletion.id, Errand.POST, None, "عنوان جديد")
    await standing.settle(anew, Sent(("70",), "https://x.com/i/status/70"))
    [post] = await standing.store.ledger.sent(9)
    assert (post.id, post.state, post.message_ids) == (f"{story.id}>{ACCOUNT.id}", State.SENT, ("70",))


async def test_a_repost_whose_deletion_is_refused_posts_nothing(standing: Rig) -> None:
    """Two posts would stand there."""
    story = await standing.post(ACCOUNT)
    await standing.edit(story, "عنوان جديد", errand=Errand.REPOST, target=ACCOUNT)
    await standing.settle(await standing.next(ACCOUNT), Refused("no"))
    await standing.idle(ACCOUNT)
    assert [delivery.state for delivery in await standing.all_of(story)] == [State.SENT, State.REFUSED]


async def test_a_repost_of_unknown_outcome_is_uncertain(standing: Rig) -> None:
    """Its second step is a post like any other; and it counts for its account."""
    story = await standing.post(ACCOUNT)
    await standing.edit(story, "عنوان جديد", errand=Errand.REPOST, target=ACCOUNT)
    await standing.settle(await standing.next(ACCOUNT), Sent(()))
    await standing.settle(await standing.next(ACCOUNT), Unknown("no answer"))
    assert (await standing.store.ledger.counts())[ACCOUNT.id][State.UNCERTAIN] == 1


async def test_newer_words_reach_a_repost_between_its_two_steps(standing: Rig) -> None:
    """The old post is gone, the new one not sent."""
    story = await standing.post(ACCOUNT)
    await standing.edit(story, "عنوان ثان", errand=Errand.REPOST, target=ACCOUNT)
    await standing.settle(await standing.next(ACCOUNT), Sent(()))
    await standing.edit(story, "عنوان ثالث", errand=Errand.REPOST, target=ACCOUNT)
    await standing.settle(await standing.next(ACCOUNT), Sent(("70",)))
    await standing.idle(ACCOUNT)
    assert (await standing.all_of(story))[0].post.text == "عنوان ثالث"


async def test_a_repost_costs_a_deletion_and_a_post(standing: Rig) -> None:
    """And the deletion is paid although the post waits."""
    prices = Prices()
    story = await standing.post(ACCOUNT)
    assert await standing.store.ledger.spent() == Spent(prices.link, prices.link)
    await standing.edit(story, "عنوان جديد", errand=Errand.REPOST, target=ACCOUNT)
    await standing.settle(await standing.next(ACCOUNT), Sent(()))
    assert (await standing.store.ledger.spent()).month == prices.link + prices.delete
    await standing.settle(await standing.next(ACCOUNT), Sent(("70",)))
    assert (await standing.store.ledger.spent()).month == 2 * prices.link + prices.delete


async def test_a_repost_that_the_budget_cannot_pay_whole_does_not_begin(standing: Rig) -> None:
    """A post deleted for want of money to post it anew would be lost."""
    story = await standing.post(ACCOUNT)
    for number in range(2, 6):
        await standing.admit(ACCOUNT, number=number)
        await standing.settle(await standing.next(ACCOUNT), Sent((f"{number}",)))
    await standing.edit(story, "عنوان جديد", errand=Errand.REPOST, target=ACCOUNT)
    await standing.idle(ACCOUNT)
    post, repost = await standing.all_of(story)
    assert (post.state, repost.state, repost.why) == (State.SENT, State.REFUSED, "over this month's budget")


# --- retractions -----------------------------------------------------------------------------------------------------


async def test_an_editor_takes_a_post_back_before_all_other_news(standing: Rig) -> None:
    """Neither the minute between edits nor the lane holds it up, and the record says that it is deleted."""
    story = await standing.post()
    await standing.edit(story, "عنوان ثان")
    await standing.settle(await standing.next(), Sent(()))
    await standing.admit(number=2)
    await standing.store.outbox.revise(story.id, [a_revision(story, Errand.DELETE, by=EDITOR)])
    deletion = await standing.next()
    assert (deletion.errand, deletion.by) == (Errand.DELETE, EDITOR)
    await standing.settle(deletion, Sent(()))
    assert (await standing.all_of(story))[0].state is State.REMOVED


async def test_a_post_that_was_not_sent_yet_is_taken_back_and_never_goes_out(standing: Rig) -> None:
    """With its reason."""
    story = await standing.admit()
    await standing.store.outbox.revise(story.id, [a_revision(story, Errand.DELETE, by=EDITOR)])
    await standing.idle()
    [post] = await standing.store.ledger.unsettled(9)
    assert (post.state, post.why) == (State.REFUSED, "an editor took it back")


async def test_what_an_editor_withdrew_the_site_does_not_edit_again(standing: Rig) -> None:
    """Neither a marked post nor a deleted one."""
    story = await standing.post()
    await standing.store.outbox.revise(story.id, [a_revision(story, by=EDITOR)])
    await standing.edit(story, "عنوان جديد")
    await standing.settle(await standing.next(), Sent(()))
    await standing.edit(story, "عنوان أجد")
    await standing.idle()
    assert len(await standing.all_of(story)) == 2


async def test_a_deletion_takes_the_place_of_an_edit_that_waits(standing: Rig) -> None:
    """Nothing is edited once it is to be deleted."""
    story = await standing.post()
    await standing.edit(story, "عنوان جديد")
    await standing.store.outbox.revise(story.id, [a_revision(story, Errand.DELETE, by=EDITOR)])
    await standing.settle(await standing.next(), Sent(()))
    await standing.idle()
    assert [delivery.state for delivery in await standing.all_of(story)] == [State.REMOVED, State.EXPIRED, State.SENT]


async def test_a_deletion_on_x_is_paid_and_never_refused_for_the_budget(standing: Rig) -> None:
    """What must go, goes."""
    story = await standing.post(ACCOUNT)
    for number in range(2, 6):
        await standing.admit(ACCOUNT, number=number)
        await standing.settle(await standing.next(ACCOUNT), Sent((f"{number}",)))
    before = (await standing.store.ledger.spent()).month
    await standing.store.outbox.revise(story.id, [a_revision(story, Errand.DELETE, ACCOUNT, by=EDITOR)])
    await standing.settle(await standing.next(ACCOUNT), Sent(()))
    assert (await standing.store.ledger.spent()).month == before + Prices().delete


# --- what an editor decides while the post is under way --------------------------------------------------------------


async def come_to_nothing(standing: Rig, taken: Delivery, receipt: Receipt) -> None:
    """A send of which nothing stands: it waits to be sent again, and is due."""
    now = standing.now().timestamp()
    settled = next_step(taken, receipt, now, quiet=0.0)
    await standing.store.outbox.settle(replace(settled, due=now, cools=False))
    for uncertain in await standing.store.outbox.uncertain():
        await standing.store.outbox.resolve(read_back(uncertain, Absent(), now))


@pytest.mark.parametrize("receipt", [Later(0.0, "no connection"), Unknown("no answer")], ids=["later", "absent"])
async def test_a_post_that_is_taken_back_while_it_is_under_way_and_came_to_nothing_is_not_sent_again(
    standing: Rig, receipt: Receipt
) -> None:
    """Followers would be told of withdrawn news, and on X both would be paid for."""
    story = await standing.admit()
    taken = await standing.next()
    await standing.store.outbox.revise(story.id, [a_revision(story, Errand.DELETE, by=EDITOR)])
    await come_to_nothing(standing, taken, receipt)
    told = await standing.idle()
    assert [(one.id, one.state, one.why) for one in told.gone] == [(taken.id, State.REFUSED, TAKEN_BACK)]
    await standing.idle()
    assert [one.state for one in await standing.all_of(story)] == [State.REFUSED, State.EXPIRED]


async def test_a_post_that_is_taken_back_while_it_is_under_way_and_stands_is_deleted(standing: Rig) -> None:
    """It was found where it may stand; what may stand is never given up."""
    story = await standing.admit()
    taken = await standing.next()
    await standing.store.outbox.revise(story.id, [a_revision(story, Errand.DELETE, by=EDITOR)])
    await standing.store.outbox.settle(next_step(taken, Unknown("no answer"), standing.now().timestamp(), quiet=0.0))
    await standing.idle()
    [uncertain] = await standing.store.outbox.uncertain()
    await standing.store.outbox.resolve(read_back(uncertain, Found(("55",)), standing.now().timestamp()))
    deletion = await standing.next()
    assert (deletion.errand, deletion.stands.ids if deletion.stands else ()) == (Errand.DELETE, ("55",))


async def test_an_editors_words_for_a_post_that_came_to_nothing_go_out_with_it(standing: Rig) -> None:
    """The old ones never do, and nothing is edited."""
    story = await standing.admit()
    taken = await standing.next()
    newer = replace(story, headline="عنوان المحرر")
    await standing.store.outbox.revise(story.id, [a_revision(newer, by=EDITOR)])
    await come_to_nothing(standing, taken, Later(0.0, "no connection"))
    again = await standing.next()
    assert (again.id, again.errand, again.post.text, again.by) == (taken.id, Errand.POST, "عنوان المحرر", EDITOR)
    await standing.settle(again, Sent(("55",)))
    await standing.idle()
    assert [one.state for one in await standing.all_of(story)] == [State.SENT, State.EXPIRED]


@pytest.mark.parametrize("receipt", [Later(0.0, "no connection"), Unknown("no answer")], ids=["later", "absent"])
async def test_a_repost_that_is_taken_back_between_its_steps_is_not_sent(standing: Rig, receipt: Receipt) -> None:
    """The old post is gone already; two changes of mind are one."""
    story = await standing.post(ACCOUNT)
    await standing.edit(story, "عنوان جديد", errand=Errand.REPOST, target=ACCOUNT)
    await standing.settle(await standing.next(ACCOUNT), Sent(()))
    anew = await standing.next(ACCOUNT)
    for errand in (Errand.REPOST, Errand.DELETE):
        await standing.store.outbox.revise(story.id, [a_revision(story, errand, ACCOUNT, by=EDITOR)])
    await come_to_nothing(standing, anew, receipt)
    told = await standing.idle(ACCOUNT)
    assert [(one.id, one.why) for one in told.gone] == [(anew.id, TAKEN_BACK)]
    await standing.idle(ACCOUNT)
    states = {one.id: one.state for one in await standing.all_of(story)}
    assert State.PLANNED not in states.values()
    assert states[anew.id] is State.REFUSED


async def test_a_repost_that_is_taken_back_while_nobody_knows_whether_it_stands_is_deleted_when_it_does(
    standing: Rig,
) -> None:
    """It waits for the read-back, and is not forgotten."""
    story = await standing.post(ACCOUNT)
    await standing.edit(story, "عنوان جديد", errand=Errand.REPOST, target=ACCOUNT)
    await standing.settle(await standing.next(ACCOUNT), Sent(()))
    anew = await standing.next(ACCOUNT)
    now = standing.now().timestamp()
    await standing.store.outbox.settle(next_step(anew, Unknown("no answer"), now, quiet=0.0))
    await standing.store.outbox.revise(story.id, [a_revision(story, Errand.DELETE, ACCOUNT, by=EDITOR)])
    await standing.idle(ACCOUNT)
    [uncertain] = await standing.store.outbox.uncertain()
    await standing.store.outbox.resolve(read_back(uncertain, Found(("70",)), standing.now().timestamp()))
    deletion = await standing.next(ACCOUNT)
    assert (deletion.errand, deletion.stands.ids if deletion.stands else ()) == (Errand.DELETE, ("70",))
