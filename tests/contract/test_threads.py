"""Threads: an update hangs under the first post of its story, which gains a button to the newest. Every kind of store."""

from dataclasses import replace

from newsroom.admission import Admission, Wait
from newsroom.delivery import Delivery, State, next_step, read_back
from newsroom.errand import EDITABLE_SECONDS, Errand, Revision
from newsroom.receipt import Found, Sent, Unknown
from tests.contract.test_outbox import Rig, rig
from tests.support.newsroom import CHANNEL, a_post, a_story, an_admission

__all__ = ["rig"]


def update(rig: Rig, number: int, of: int = 1) -> Admission:
    """A story that tells news of another."""
    admission = an_admission(a_story(number, met=rig.now()), CHANNEL)
    return replace(admission, posts=(replace(admission.posts[0], thread=a_story(of).id),))


async def sent(rig: Rig, message: int) -> Delivery:
    """The next delivery goes out under this number."""
    taken = await rig.take()
    url = f"https://t.me/wasat/{message}"
    await rig.store.outbox.settle(next_step(taken, Sent((str(message),), url), rig.now().timestamp()))
    return taken


async def test_an_update_is_told_under_which_post_it_hangs(rig: Rig) -> None:
    """By the number that its story's first post has at the target."""
    await rig.store.outbox.admit([an_admission(a_story(1, met=rig.now()), CHANNEL), update(rig, 2)], 0)
    first, second = await sent(rig, 41), await sent(rig, 42)
    assert (first.post.reply_to, second.post.reply_to) == ("", "41")


async def test_an_update_of_what_does_not_stand_there_stands_by_itself(rig: Rig) -> None:
    """The first was never posted here, or its number is not known."""
    await rig.store.outbox.admit([an_admission(a_story(1, met=rig.now())), update(rig, 2)], 0)
    assert (await sent(rig, 42)).post.reply_to == ""
    assert isinstance(await rig.store.outbox.look(CHANNEL.id), Wait)


async def test_the_first_post_gains_a_button_to_the_newest(rig: Rig) -> None:
    """A change of its own: the words that stand, and the address."""
    await rig.store.outbox.admit([an_admission(a_story(1, met=rig.now()), CHANNEL), update(rig, 2)], 0)
    await sent(rig, 41)
    await sent(rig, 42)
    button = await rig.take()
    assert (button.errand, button.of, button.post.newest) == (
        Errand.THREAD,
        f"{a_story(1).id}>{CHANNEL.id}",
        "https://t.me/wasat/42",
    )
    assert button.stands is not None
    assert (button.stands.ids, button.post.text) == (("41",), a_post(a_story(1)).text)


async def test_each_newer_update_moves_the_button_on(rig: Rig) -> None:
    """News goes first, so several in a row are one change; a later one is another."""
    asked = [an_admission(a_story(1, met=rig.now()), CHANNEL), update(rig, 2), update(rig, 3)]
    await rig.store.outbox.admit(asked, 0)
    for message in (41, 42, 43):
        await sent(rig, message)
    assert (await sent(rig, 41)).post.newest == "https://t.me/wasat/43"
    await rig.store.outbox.admit([update(rig, 4)], 3)
    await sent(rig, 44)
    again = await sent(rig, 41)
    assert (again.errand, again.post.newest) == (Errand.THREAD, "https://t.me/wasat/44")
    assert isinstance(await rig.store.outbox.look(CHANNEL.id), Wait)


async def test_an_update_that_is_found_late_takes_the_button_from_no_newer_one(rig: Rig) -> None:
    """The button to the newer one may be under way, and its lane with it."""
    asked = [an_admission(a_story(1, met=rig.now()), CHANNEL), update(rig, 2), update(rig, 3)]
    await rig.store.outbox.admit(asked, 0)
    await sent(rig, 98)
    lost = next_step(await rig.take(), Unknown("no answer"), rig.now().timestamp(), quiet=0.0)
    await rig.store.outbox.settle(lost)
    await sent(rig, 100)
    button = await rig.take()
    [uncertain] = await rig.store.outbox.uncertain()
    found = Found(("99",), "https://t.me/wasat/99")
    await rig.store.outbox.resolve(read_back(uncertain, found, rig.now().timestamp()))
    await rig.store.outbox.settle(next_step(button, Sent(()), rig.now().timestamp()))
    assert button.post.newest == "https://t.me/wasat/100"
    assert isinstance(await rig.store.outbox.look(CHANNEL.id), Wait)


async def test_an_edit_of_the_first_post_keeps_its_button(rig: Rig) -> None:
    """An edit that says nothing of it would take it away. The button counts as no edit."""
    first = a_story(1, met=rig.now())
    await rig.store.outbox.admit([an_admission(first, CHANNEL), update(rig, 2)], 0)
    for message in (41, 42, 41):
        await sent(rig, message)
    words = replace(a_post(first), text="كلمات أخرى")
    await rig.store.outbox.revise(first.id, [Revision(CHANNEL.id, Errand.EDIT, words, words, EDITABLE_SECONDS)])
    edit = await rig.take()
    assert (edit.errand, edit.post.text, edit.post.newest) == (Errand.EDIT, "كلمات أخرى", "https://t.me/wasat/42")
    life = await rig.store.ledger.life(first.id)
    assert life is not None
    assert [one.changes for one in life.deliveries if not one.of] == [1]


async def test_a_button_whose_outcome_is_unknown_is_hung_again(rig: Rig) -> None:
    """Done twice it comes to the same."""
    await rig.store.outbox.admit([an_admission(a_story(1, met=rig.now()), CHANNEL), update(rig, 2)], 0)
    await sent(rig, 41)
    await sent(rig, 42)
    button = await rig.take()
    await rig.store.outbox.settle(
        replace(next_step(button, Unknown("no answer"), rig.now().timestamp()), due=button.due, settled=button.due)
    )
    again = await rig.take()
    assert (again.errand, again.state, again.attempts) == (Errand.THREAD, State.SENDING, 2)
