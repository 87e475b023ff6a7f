"""Presses and words that are nobody's order: refused, said, and noted; nothing is done."""

from bot.commands.replies import Replies
from newsroom.delivery import Delivery, State, next_step
from newsroom.receipt import Unknown
from newsroom.target import Network, Target, TargetId
from tests.support.desk_rig import (
    CHANNEL,
    CHIEF,
    DESK,
    EDITOR,
    HEADLINE,
    OTHER_EDITOR,
    STRANGER,
    TEXT,
    DeskRig,
)
from tests.support.newsroom import a_story, an_admission
from tests.support.telegram_posts import StoredPost


async def pushed(desk: DeskRig) -> StoredPost:
    """A story stands; gives its receipt, in the desk's group."""
    desk.say(EDITOR, f"/push {TEXT}", DESK)
    await desk.until(lambda: desk.standing() and desk.tweets())
    return await desk.answered(EDITOR, "🕑", DESK)


async def test_a_forged_press_does_nothing_and_is_noted(desk: DeskRig, words: Replies) -> None:
    """Any data may be sent for a button: a token that was never given means nothing."""
    receipt = await pushed(desk)
    assert receipt.content.markup is not None
    receipt.content.markup["inline_keyboard"][0][0]["callback_data"] = "undo:forged"
    press = desk.telegram.press(CHIEF, receipt, "undo:forged")
    await desk.until(lambda: press.answers)
    assert press.answers == (words("press_unknown"),)
    assert len(desk.standing()) == 1
    await desk.did("push", "refused")


async def test_a_strangers_press_in_the_group_is_refused_and_noted(desk: DeskRig, words: Replies) -> None:
    """The button still works for an editor; the desk is alerted once."""
    receipt = await pushed(desk)
    for _ in range(2):
        assert await desk.pressed(STRANGER, receipt, words("receipt_undo")) == words("press_refused")
    assert len(desk.standing()) == 1
    alert = await desk.answered(EDITOR, words("alert_stranger", why=f"{STRANGER} Someone").split("\n")[0], DESK)
    assert desk.said(DESK).count(alert.text) == 1
    await desk.pressed(EDITOR, receipt, words("receipt_undo"))
    await desk.until(lambda: not desk.standing())
    await desk.did("push", "refused", "refused", "undo")


async def test_an_editor_cannot_undo_what_another_pushed_and_a_chief_can(desk: DeskRig, words: Replies) -> None:
    """The owner's button is not spent by the one who may not."""
    receipt = await pushed(desk)
    refused = words("not_allowed", who=words("right_approve"))
    assert await desk.pressed(OTHER_EDITOR, receipt, words("receipt_undo")) == refused
    assert len(desk.standing()) == 1
    await desk.pressed(CHIEF, receipt, words("receipt_undo"))
    await desk.until(lambda: not desk.standing())
    await desk.did("push", "refused", "undo")


async def test_of_two_who_press_at_once_one_wins_and_the_other_is_told_who(desk: DeskRig, words: Replies) -> None:
    """And the story is taken back once."""
    receipt = await pushed(desk)
    first, second = (desk.press(user, receipt, words("receipt_undo")) for user in (CHIEF, EDITOR))
    await desk.until(lambda: first.answers and second.answers)
    answers = {first.answers[0], second.answers[0]}
    assert answers & {words("press_taken", name="منى"), words("press_taken", name="علي")}
    await desk.until(lambda: not desk.standing())
    await desk.until(lambda: not desk.tweets())
    await desk.crossed_out()
    noted = sorted(note.what for note in await desk.notes())
    assert noted == ["push", "repeated", "undo"]


async def test_a_press_that_telegram_brings_twice_is_carried_out_once(desk: DeskRig, words: Replies) -> None:
    """The second is no order at all: it neither loses to the first nor is noted."""
    receipt = await pushed(desk)
    press = desk.press(EDITOR, receipt, words("receipt_undo"))
    await desk.until(lambda: press.answers)
    assert press.update_id is not None
    desk.telegram.redeliver(press.update_id)
    desk.say(EDITOR, "/help")
    await desk.answered(EDITOR, words("help_push"))
    await desk.did("push", "undo")


async def test_a_command_that_telegram_brings_twice_is_carried_out_once(desk: DeskRig, words: Replies) -> None:
    """One post, one receipt, one note."""
    said = desk.say(EDITOR, f"/push {TEXT}")
    await desk.until(lambda: desk.standing() and desk.tweets())
    assert said.update_id is not None
    desk.telegram.redeliver(said.update_id)
    desk.say(EDITOR, "/help")
    await desk.answered(EDITOR, words("help_push"))
    assert len([text for text in desk.said(EDITOR) if HEADLINE in text]) == 1
    await desk.did("push")


async def test_words_of_nobody_in_particular_are_no_order(desk: DeskRig, words: Replies) -> None:
    """Forwarded, edited, anonymous: it is not known that a person of ours wants it now."""
    desk.telegram.say(EDITOR, f"/push {TEXT}", forwarded=True)
    desk.telegram.say(EDITOR, f"/push {TEXT}", edited=True)
    desk.telegram.say(EDITOR, f"/push {TEXT}", DESK, anonymous=True)
    desk.say(EDITOR, "/help")
    await desk.answered(EDITOR, words("help_push"))
    assert desk.standing() == []
    await desk.did()


async def test_a_stranger_is_answered_in_private_and_met_with_silence_in_a_group(desk: DeskRig, words: Replies) -> None:
    """With their number, so that an admin can add them; three times an hour and no more."""
    for _ in range(5):
        desk.say(STRANGER, "/push خبر")
    desk.say(STRANGER, "/push خبر", DESK)
    desk.say(EDITOR, "/help")
    await desk.answered(EDITOR, words("help_push"))
    assert desk.said(STRANGER) == [words("stranger", site="الوسط العربي", id=STRANGER)] * 3
    assert len(desk.said(DESK)) == 1
    await desk.did(*["refused"] * 6)


async def test_an_editor_answers_what_nobody_could_look_for(desk: DeskRig, words: Replies) -> None:
    """A doubt: three buttons, the first press counts."""
    store, target = desk.world.store, TargetId(f"telegram:{CHANNEL}")
    await store.brakes.stop(target, "test")
    await _uncertain(desk, target)
    [delivery] = await store.outbox.uncertain()
    await desk.parts.reconciler._ask(delivery)
    question = await desk.answered(EDITOR, delivery.post.headline, DESK)
    assert [button["text"] for button in question.buttons] == [
        words(f"doubt_{answer}") for answer in ("there", "again", "drop")
    ]
    answer = await desk.pressed(EDITOR, question, words("doubt_drop"))
    assert words("doubt_drop_done") in answer
    await desk.until(lambda: not question.buttons)
    assert await store.outbox.uncertain() == ()
    await desk.did("doubt drop")


async def _uncertain(desk: DeskRig, target: TargetId) -> None:
    """A delivery whose outcome nobody knows."""
    store, now = desk.world.store, desk.world.clock.now()
    story = a_story(met=now)
    await store.outbox.admit([an_admission(story, Target(Network.TELEGRAM, str(CHANNEL)))], 0)
    await store.brakes.go(target)
    taken = await store.outbox.take(target, "w2", 60.0)
    assert isinstance(taken, Delivery), taken
    await store.outbox.settle(next_step(taken, Unknown("nobody knows"), now.timestamp()))
    assert (await store.outbox.uncertain())[0].state is State.UNCERTAIN
