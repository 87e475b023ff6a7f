"""/push, and what may be done about it afterwards: undo, correct, retract."""

from bot.commands.replies import Replies
from newsroom.delivery import State
from newsroom.errand import Errand
from tests.support.desk_rig import (
    ADMIN,
    CHANNEL,
    CHIEF,
    DESK,
    EDITOR,
    HEADLINE,
    OTHER_EDITOR,
    SECOND_CHANNEL,
    TEXT,
    DeskRig,
)
from tests.support.telegram_errors import Refusal
from tests.support.telegram_posts import StoredPost

UNDO = 121.0


async def pushed(desk: DeskRig, user: int = EDITOR, chat: int | None = None) -> StoredPost:
    """A story stands everywhere; gives its receipt."""
    desk.say(user, f"/push {TEXT}", chat)
    await desk.until(lambda: desk.standing() and desk.standing(SECOND_CHANNEL) and desk.tweets())
    return await desk.answered(user, "🕑", chat)


async def test_a_push_goes_out_everywhere_and_its_answer_becomes_the_receipt(desk: DeskRig, words: Replies) -> None:
    """With time, who, links, and a way back."""
    receipt = await pushed(desk)
    await desk.until(lambda: receipt.text.count("✅") == 3)
    assert HEADLINE in receipt.text
    assert "علي" in receipt.text
    assert "https://x.com/i/status/" in receipt.text
    assert [button["text"] for button in receipt.buttons] == [words("receipt_undo")]
    await desk.did("push")


async def test_an_undo_within_two_minutes_takes_the_story_back_from_both_networks(
    desk: DeskRig, words: Replies
) -> None:
    """And the receipt says so."""
    receipt = await pushed(desk)
    answer = await desk.pressed(EDITOR, receipt, words("receipt_undo"))
    assert words("retraction_delete_done") in answer
    await desk.until(lambda: not desk.standing() and not desk.standing(SECOND_CHANNEL) and not desk.tweets())
    await desk.until(lambda: receipt.text.count("🗑") >= 3)
    assert not receipt.buttons
    await desk.did("push", "undo")


async def test_after_two_minutes_undo_gives_way_to_correct_and_retract(desk: DeskRig, words: Replies) -> None:
    """A button that was still on the screen does nothing and says so."""
    receipt = await pushed(desk)
    data = receipt.buttons[0]["callback_data"]
    desk.world.clock.leap(UNDO)
    await desk.until(
        lambda: [button["text"] for button in receipt.buttons] == [words("receipt_correct"), words("receipt_retract")]
    )
    assert data not in {button["callback_data"] for button in receipt.buttons}
    assert len(desk.standing()) == 1


async def test_an_undo_that_comes_too_late_does_nothing_and_says_so(desk: DeskRig, words: Replies) -> None:
    """Pressed in the moment before the button is gone."""
    receipt = await pushed(desk)
    desk.world.clock.leap(UNDO)
    assert await desk.pressed(EDITOR, receipt, words("receipt_undo")) == words("undo_late")
    assert [len(desk.standing()), len(desk.tweets())] == [1, 1]
    await desk.did("push", "stale")


async def test_an_editor_corrects_a_headline_by_a_reply(desk: DeskRig, words: Replies) -> None:
    """Edited in place on Telegram; on X it stays, and that is said."""
    receipt = await pushed(desk)
    desk.world.clock.leap(UNDO)
    await desk.until(lambda: len(receipt.buttons) == 2)
    await desk.pressed(EDITOR, receipt, words("receipt_correct"))
    question = await desk.answered(EDITOR, words("correct_ask", headline=HEADLINE))
    desk.say(EDITOR, "انهيار جسر حديث وسط العاصمة", reply_to=question)
    await desk.until(
        lambda: "جسر حديث" in desk.standing()[0].text and "جسر حديث" in desk.standing(SECOND_CHANNEL)[0].text
    )
    answer = await desk.answered(EDITOR, words("corrected"))
    assert "X" in answer.text
    assert len(desk.standing()) == 1
    await desk.did("push", "correct")
    [note, *_] = await desk.notes()
    assert HEADLINE in note.before
    assert note.after == "انهيار جسر حديث وسط العاصمة"


async def test_a_story_is_marked_as_withdrawn_by_one_who_may(desk: DeskRig, words: Replies) -> None:
    """An editor may not; the press is refused and noted."""
    receipt = await pushed(desk, EDITOR, DESK)
    desk.world.clock.leap(UNDO)
    await desk.until(lambda: len(receipt.buttons) == 2)
    refused = await desk.pressed(EDITOR, receipt, words("receipt_retract"))
    assert refused == words("not_allowed", who=words("right_retract"))
    await desk.pressed(CHIEF, receipt, words("receipt_retract"))
    question = await desk.answered(CHIEF, words("retract_ask", headline=HEADLINE), DESK)
    await desk.pressed(CHIEF, question, words("retraction_mark"))
    await desk.until(lambda: desk.standing()[0].text.startswith(words("retraction_line")))
    assert len(desk.tweets()) == 1
    await desk.did("push", "refused", "mark")


async def test_a_deletion_after_the_window_takes_two_people(desk: DeskRig, words: Replies) -> None:
    """The one who asked cannot agree."""
    receipt = await pushed(desk, CHIEF, DESK)
    desk.world.clock.leap(UNDO)
    await desk.until(lambda: len(receipt.buttons) == 2)
    await desk.pressed(CHIEF, receipt, words("receipt_retract"))
    how = await desk.answered(CHIEF, words("retract_ask", headline=HEADLINE), DESK)
    await desk.pressed(CHIEF, how, words("retraction_delete"))
    key = await desk.answered(CHIEF, words("second_key_ask", name="منى", headline=HEADLINE), DESK)
    assert await desk.pressed(CHIEF, key, words("second_key_agree")) == words("second_key_is_anothers")
    assert await desk.pressed(OTHER_EDITOR, key, words("second_key_agree")) == words(
        "not_allowed", who=words("right_retract")
    )
    assert len(desk.standing()) == 1
    await desk.pressed(ADMIN, key, words("second_key_agree"))
    await desk.until(lambda: not desk.standing() and not desk.standing(SECOND_CHANNEL) and not desk.tweets())
    await desk.did("push", "delete asked", "refused", "refused", "delete")


async def test_a_push_of_a_known_story_says_so_and_posts_nothing(desk: DeskRig, words: Replies) -> None:
    """Another editor had the same thought."""
    await pushed(desk)
    desk.say(OTHER_EDITOR, f"/push {TEXT}")
    await desk.answered(OTHER_EDITOR, words("push_known", headline=HEADLINE, lines="").strip().split("\n")[0])
    assert [len(desk.standing(channel)) for channel in (CHANNEL, SECOND_CHANNEL)] == [1, 1]
    assert len(desk.tweets()) == 1


async def test_what_an_undo_cannot_remove_is_said_in_the_receipt(desk: DeskRig, words: Replies) -> None:
    """Telegram keeps the bot from deleting in one channel; the others are clean."""
    receipt = await pushed(desk)
    desk.telegram.refuse(
        "deleteMessage",
        Refusal(400, "Bad Request: message can't be deleted"),
        times=9,
        when=lambda call: call.parameters["chat_id"] == CHANNEL,
    )
    await desk.pressed(EDITOR, receipt, words("receipt_undo"))
    await desk.until(lambda: not desk.standing(SECOND_CHANNEL) and not desk.tweets())
    await desk.until(lambda: words.change(Errand.DELETE, State.REFUSED) in receipt.text)
    assert "can't be deleted" in receipt.text
    assert len(desk.standing()) == 1
