"""/schedule: a story of an editor's own that waits for its time, and may be changed or cancelled until then."""

from datetime import timedelta

from bot.commands.replies import Replies
from tests.support.desk_rig import EDITOR, HEADLINE, TEXT, DeskRig


def in_an_hour(desk: DeskRig) -> str:
    """As an editor writes it; the test's newsroom is in UTC."""
    return f"{desk.world.clock.now() + timedelta(hours=1):%Y-%m-%d %H:%M}"


async def test_a_scheduled_story_waits_for_its_time_and_goes_out_then(desk: DeskRig, words: Replies) -> None:
    """Until then it is a candidate; its receipt follows."""
    desk.say(EDITOR, f"/schedule {in_an_hour(desk)} {TEXT}")
    card = await desk.answered(EDITOR, words("candidate_countdown", headline=HEADLINE, time="", lines="", x="")[:30])
    assert words("candidate_cancel") in str(card.buttons)
    desk.world.clock.leap(3000)
    desk.say(EDITOR, "/queue")
    await desk.answered(EDITOR, words("queue", count=3))
    assert desk.standing() == []
    desk.world.clock.leap(700)
    await desk.until(lambda: desk.standing() and desk.tweets())
    await desk.until(lambda: "🕑" in card.text)
    await desk.did("schedule")


async def test_a_scheduled_story_is_cancelled_by_a_button(desk: DeskRig, words: Replies) -> None:
    """It is never sent."""
    desk.say(EDITOR, f"/schedule {in_an_hour(desk)} {TEXT}")
    card = await desk.answered(EDITOR, words("candidate_countdown", headline=HEADLINE, time="", lines="", x="")[:30])
    await desk.pressed(EDITOR, card, words("candidate_cancel"))
    await desk.until(lambda: not card.buttons)
    desk.world.clock.leap(4000)
    await desk.did("schedule", "candidate cancel")
    assert desk.standing() == []


async def test_a_schedule_without_a_time_says_how_it_is_written(desk: DeskRig, words: Replies) -> None:
    """And sends nothing."""
    desk.say(EDITOR, f"/schedule {TEXT}")
    await desk.answered(EDITOR, words("schedule_how"))
    await desk.did()
