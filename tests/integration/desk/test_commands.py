"""Each command, asked by an editor and answered in the desk's language."""

import pytest

from bot.commands.replies import Replies
from tests.support.desk_rig import (
    ADMIN,
    CHANNEL,
    CHIEF,
    DESK,
    EDITOR,
    HEADLINE,
    SECOND_CHANNEL,
    STRANGER,
    TEXT,
    DeskRig,
)
from tests.support.telegram_client import picture


async def test_help_tells_each_role_what_it_may(desk: DeskRig, words: Replies) -> None:
    """Every command with how to use it; `/start`, which Telegram sends by itself, says the same."""
    for user, role in ((EDITOR, "editor"), (ADMIN, "admin")):
        desk.say(user, "/help")
        told = await desk.answered(user, words("help", role=words(f"role_{role}")))
        assert words("help_push") in told.text
        assert words("help_audit") in told.text
    desk.say(CHIEF, "/start")
    await desk.answered(CHIEF, words("help", role=words("role_chief")))


async def test_what_is_no_command_gets_help_in_private_and_silence_in_the_group(desk: DeskRig, words: Replies) -> None:
    """Colleagues talk to one another there."""
    desk.say(EDITOR, "صباح الخير")
    await desk.answered(EDITOR, words("no_command"))
    desk.say(EDITOR, "/nonsense")
    await desk.answered(EDITOR, words("unknown_command"))
    desk.say(EDITOR, "صباح الخير", DESK)
    desk.say(EDITOR, "/help@another_bot", DESK)
    desk.say(EDITOR, "/status", DESK)
    await desk.answered(EDITOR, words("status_running"), DESK)
    assert len(desk.said(DESK)) == 1


async def test_a_push_without_anything_or_of_nothing_readable_says_what_is_missing(
    desk: DeskRig, words: Replies
) -> None:
    """In the desk's language, and nothing goes out."""
    desk.say(EDITOR, "/push")
    await desk.answered(EDITOR, words("push_empty"))
    desk.say(EDITOR, "/push http://127.0.0.1:9/none/")
    await desk.answered(EDITOR, words("push_refused", why=words.why("the site refused the connection")))
    assert desk.standing() == []
    await desk.did()


async def test_a_photo_with_the_command_under_it_becomes_the_storys_picture(desk: DeskRig) -> None:
    """Fetched from Telegram; no address of Telegram's, which holds the token, is kept."""
    desk.telegram.say_photo(EDITOR, picture(900, 600), f"/push {TEXT}")
    await desk.until(lambda: desk.standing() and desk.tweets())
    await desk.answered(EDITOR, "🕑")
    assert desk.standing()[0].photo
    assert HEADLINE in desk.standing()[0].text
    for delivery in await desk.world.store.ledger.sent(10):
        assert "TEST-not-a-secret" not in repr(delivery)


async def test_pause_keeps_what_is_pushed_and_resume_sends_it(desk: DeskRig, words: Replies) -> None:
    """And the receipt says why it waits."""
    desk.say(EDITOR, "/pause")
    await desk.answered(EDITOR, words("paused"))
    desk.say(EDITOR, f"/push {TEXT}")
    await desk.answered(EDITOR, words("paused_note"))
    desk.say(EDITOR, "/status")
    await desk.answered(EDITOR, words("status_paused"))
    assert desk.standing() == []
    desk.say(EDITOR, "/resume")
    await desk.answered(EDITOR, words("resumed"))
    await desk.until(lambda: desk.standing() and desk.tweets())
    await desk.did("pause", "push", "resume")


async def test_one_target_is_paused_and_the_others_go_on(desk: DeskRig, words: Replies) -> None:
    """By the channel's name, or X; a wrong name is answered with the right ones."""
    desk.say(EDITOR, "/pause nowhere")
    told = await desk.answered(EDITOR, str(CHANNEL))
    assert told.text == words("no_such_target", places=f"{CHANNEL}\n{SECOND_CHANNEL}\nX")
    desk.say(EDITOR, "/pause x")
    await desk.answered(EDITOR, words("paused_target", place="X"))
    desk.say(EDITOR, f"/push {TEXT}")
    await desk.until(lambda: desk.standing() and desk.standing(SECOND_CHANNEL))
    desk.say(EDITOR, "/queue")
    await desk.answered(EDITOR, words("stopped", place="X", by="علي"))
    assert desk.tweets() == []
    desk.say(EDITOR, "/resume X")
    await desk.answered(EDITOR, words("resumed_target", place="X"))
    await desk.until(desk.tweets)


async def test_a_hold_lets_an_editors_push_pass_and_a_release_ends_it(desk: DeskRig, words: Replies) -> None:
    """What feeds bring waits: tests/contract/test_daybook.py."""
    desk.say(CHIEF, "/hold")
    await desk.answered(CHIEF, words("held"))
    desk.say(EDITOR, f"/push {TEXT}")
    await desk.until(lambda: desk.standing() and desk.tweets())
    desk.say(EDITOR, "/status")
    await desk.answered(EDITOR, words("holding", by="منى"))
    desk.say(CHIEF, "/release")
    await desk.answered(CHIEF, words("released"))
    assert await desk.world.store.brakes.held() == ""
    await desk.did("hold", "push", "release")


async def test_queue_latency_budget_and_report_tell_of_what_went_out(desk: DeskRig, words: Replies) -> None:
    """Numbers in their plural forms."""
    desk.say(EDITOR, "/queue")
    await desk.answered(EDITOR, words("queue", count=0))
    desk.say(EDITOR, "/latency")
    await desk.answered(EDITOR, words("status_nothing"))
    desk.say(EDITOR, f"/push {TEXT}")
    await desk.until(lambda: desk.standing() and desk.standing(SECOND_CHANNEL) and desk.tweets())
    await desk.answered(EDITOR, "🕑")
    desk.say(EDITOR, "/latency")
    assert (await desk.answered(EDITOR, words("latency"))).text.count("\n") == 3
    desk.say(EDITOR, "/budget")
    await desk.answered(EDITOR, words("no_limit"))
    desk.say(EDITOR, "/report")
    assert (await desk.answered(EDITOR, words("report"))).text.count(words("report_posts", count=1)) == 3


@pytest.mark.parametrize("name", ["feeds", "rules", "sections"])
async def test_what_the_house_does_by_itself_is_told(desk: DeskRig, words: Replies, name: str) -> None:
    """Feeds, rules and sections."""
    expected = {
        "feeds": words("feed_new", feed="https://alwasat.example.com/feed/"),
        "rules": words("rules_breaking"),
        "sections": "الشرق قادم، أخبار",
    }
    desk.say(EDITOR, f"/{name}")
    await desk.answered(EDITOR, expected[name])


async def test_why_tells_a_storys_life_and_says_when_it_knows_none(desk: DeskRig, words: Replies) -> None:
    """By a story's link or id."""
    desk.say(EDITOR, "/why https://alwasat.example.com/?p=1")
    await desk.answered(EDITOR, words("why_unknown"))
    desk.say(EDITOR, f"/push {TEXT}")
    await desk.until(lambda: desk.standing() and desk.tweets())
    [delivery, *_] = await desk.world.store.ledger.sent(1)
    desk.say(EDITOR, f"/why {delivery.story}")
    await desk.answered(EDITOR, words.verdict("ordinary"))


async def test_an_admin_gives_a_role_and_takes_it_again(desk: DeskRig, words: Replies) -> None:
    """It counts at once; those in the settings are not touched from the chat."""
    desk.say(ADMIN, f"/roles add {STRANGER} chief")
    await desk.answered(ADMIN, words("roles_added", id=STRANGER, role=words("role_chief")))
    desk.say(STRANGER, "/status")
    await desk.answered(STRANGER, words("status_running"))
    desk.say(ADMIN, "/roles")
    await desk.answered(ADMIN, words("roles_line", id=STRANGER, role=words("role_chief")))
    desk.say(ADMIN, f"/roles remove {STRANGER}")
    await desk.answered(ADMIN, words("roles_removed", id=STRANGER))
    desk.say(ADMIN, f"/roles remove {STRANGER}")
    await desk.answered(ADMIN, words("roles_unknown", id=STRANGER))
    for wrong in (f"/roles remove {EDITOR}", f"/roles add {EDITOR} admin"):
        desk.say(ADMIN, wrong)
        await desk.answered(ADMIN, words("roles_settled", id=EDITOR))
    desk.say(ADMIN, "/roles add someone")
    await desk.answered(ADMIN, words("roles_how"))
    await desk.did("roles add", "roles remove")


async def test_an_editor_may_look_at_roles_and_not_change_them(desk: DeskRig, words: Replies) -> None:
    """Refused, and noted."""
    desk.say(EDITOR, f"/roles add {STRANGER} admin")
    await desk.answered(EDITOR, words("not_allowed", who=words("right_roles")))
    assert await desk.world.store.roster.roles() == {}
    await desk.did("refused")


async def test_the_audit_trail_tells_who_did_what(desk: DeskRig, words: Replies) -> None:
    """Newest first, in words."""
    desk.say(EDITOR, "/audit")
    await desk.answered(EDITOR, words("audit_none"))
    desk.say(CHIEF, "/pause")
    await desk.answered(CHIEF, words("paused"))
    desk.say(EDITOR, "/audit")
    told = await desk.answered(EDITOR, words.deed("pause"))
    assert "منى" in told.text


async def test_everybody_sees_the_menu_of_their_role_in_both_languages(desk: DeskRig) -> None:
    """In private and in the desk's group; others see help alone."""
    wanted = [f'"user_id": {ADMIN}', f'"chat_id": {ADMIN},', f'"chat_id": {EDITOR},']
    await desk.until(lambda: all(any(one in scope for scope in desk.telegram.commands) for one in wanted))
    menus = desk.telegram.commands
    arabic = next(menu for scope, menu in menus.items() if '"language_code": "ar"' in scope and str(ADMIN) in scope)
    english = next(menu for scope, menu in menus.items() if '"language_code": "en"' in scope and str(ADMIN) in scope)
    assert [one["command"] for one in arabic] == [one["command"] for one in english]
    assert "roles" in {one["command"] for one in arabic}
    assert arabic[0]["description"] == Replies("ar")("menu_push")
    assert english[0]["description"] == Replies("en")("menu_push")
    default = next(menu for scope, menu in menus.items() if '"type": "default"' in scope)
    assert [one["command"] for one in default] == ["help"]
