"""Candidates: a feed's story that the desk sees, as it will go out, before its followers do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.commands.replies import Language, Replies
from tests.support.desk_rig import CHIEF, DESK, EDITOR, SECOND_CHANNEL, DeskRig, World, open_desk
from tests.support.news_site import news_site
from tests.support.telegram_client import picture
from tests.support.telegram_posts import StoredPost

STORY = "زلزال يضرب شمال البلاد ولا أنباء عن ضحايا"


@asynccontextmanager
async def asked(world: World, language: Language, ask: str, seconds: float = 60.0) -> AsyncIterator[DeskRig]:
    """A desk that is asked, and a story that has just appeared on the site."""
    async with news_site() as site:
        site.publish("افتتاح معرض الكتاب في الميناء القديم")
        given = {
            "language": language,
            "feeds": (site.feed,),
            "poll_seconds": 1.0,
            "ask_breaking": ask,
            "countdown_seconds": seconds,
        }
        async with open_desk(world, given=given, polls=True) as rig:
            await rig.until(lambda: site.polls >= 2)
            site.publish(STORY, category="عاجل")
            yield rig


@pytest.fixture
async def counting(world: World, language: Language) -> AsyncIterator[DeskRig]:
    """A minute to stop it."""
    async with asked(world, language, "countdown") as rig:
        yield rig


@pytest.fixture
async def waiting(world: World, language: Language) -> AsyncIterator[DeskRig]:
    """It waits for a word."""
    async with asked(world, language, "approve") as rig:
        yield rig


async def card(rig: DeskRig, words: Replies) -> StoredPost:
    """The candidate, with its buttons."""
    await rig.until(lambda: any(words("candidate_now") in str(post.buttons) for post in rig.telegram.posts(DESK)))
    return next(post for post in rig.telegram.posts(DESK) if words("candidate_now") in str(post.buttons))


def labels(post: StoredPost) -> list[str]:
    """What stands on its buttons."""
    return [button["text"] for button in post.buttons]


async def everywhere(rig: DeskRig) -> None:
    """It stands in both channels and on X."""
    await rig.until(lambda: rig.standing() and rig.standing(SECOND_CHANNEL) and rig.tweets())


async def test_a_candidate_is_shown_as_it_will_go_out_and_nothing_is_posted_meanwhile(
    counting: DeskRig, words: Replies
) -> None:
    """The very post, picture and all; below it the words for X and the buttons."""
    shown = await card(counting, words)
    preview = counting.telegram.posts(DESK)[0]
    assert labels(shown) == [
        words(f"candidate_{answer}")
        for answer in ("now", "cancel", "headline", "picture", "silent", "telegram", "delay")
    ]
    assert shown.reply_to == preview.message_id
    assert counting.standing() == []
    asked_with = shown.text  # the card becomes the receipt as soon as it is answered
    await counting.pressed(EDITOR, shown, words("candidate_now"))
    await everywhere(counting)
    [post] = counting.standing()
    assert (post.text, post.photo) == (preview.text, preview.photo)
    assert counting.tweets()[0].text.split("http")[0].strip() in asked_with


async def test_a_candidate_goes_out_when_its_countdown_ends_and_its_card_becomes_the_receipt(
    world: World, language: Language, words: Replies
) -> None:
    """Nobody pressed anything."""
    async with asked(world, language, "countdown", 5.0) as rig:
        shown = await card(rig, words)
        assert rig.standing() == []
        await everywhere(rig)
        await rig.until(lambda: words("by_itself") in shown.text)
        assert labels(shown) == [words("receipt_undo")]


async def test_a_cancelled_candidate_is_never_posted(counting: DeskRig, words: Replies) -> None:
    """And of two who decide, one does."""
    shown = await card(counting, words)
    cancel, now = (
        counting.press(EDITOR, shown, words("candidate_cancel")),
        counting.press(CHIEF, shown, words("candidate_now")),
    )
    await counting.until(lambda: cancel.answers and now.answers)
    assert words("candidate_cancel_done") in cancel.answers[0]
    assert now.answers[0] == words("press_taken", name="علي")
    await counting.until(lambda: not shown.buttons)
    counting.world.clock.leap(120)
    await counting.crossed_out()
    assert counting.standing() == []
    assert counting.tweets() == []


async def test_a_candidate_is_changed_before_it_goes_out(counting: DeskRig, words: Replies) -> None:
    """Headline by a reply, silent, Telegram only; the preview is shown anew."""
    shown = await card(counting, words)
    await counting.pressed(EDITOR, shown, words("candidate_headline"))
    question = await counting.answered(EDITOR, words("candidate_headline_ask", headline=STORY), DESK)
    counting.say(EDITOR, "زلزال خفيف يضرب شمال البلاد", DESK, reply_to=question)
    await counting.until(lambda: "زلزال خفيف" in shown.text)
    await counting.until(lambda: sum("زلزال خفيف" in text for text in counting.said(DESK)) >= 2)
    for answer in ("silent", "telegram"):
        await counting.until(lambda answer=answer: words(f"candidate_{answer}") in labels(shown))  # type: ignore[misc] # the loop's own
        assert words(f"candidate_{answer}_done") in await counting.pressed(EDITOR, shown, words(f"candidate_{answer}"))
        await counting.until(lambda: words("candidate_now") in labels(shown))
    await counting.until(lambda: words("candidate_telegram") not in labels(shown))
    await counting.pressed(EDITOR, shown, words("candidate_now"))
    await counting.until(lambda: counting.standing() and counting.standing(SECOND_CHANNEL))
    assert "زلزال خفيف" in counting.standing()[0].text
    assert counting.standing()[0].silent
    assert counting.tweets() == []


async def test_a_candidates_picture_is_changed_by_a_reply_with_a_photo(counting: DeskRig, words: Replies) -> None:
    """Words in the place of a photo change nothing and are answered."""
    shown = await card(counting, words)
    before = counting.telegram.posts(DESK)[0].photo
    await counting.pressed(EDITOR, shown, words("candidate_picture"))
    question = await counting.answered(EDITOR, words("candidate_picture_ask", headline=STORY), DESK)
    counting.telegram.say_photo(EDITOR, picture(900, 600, shade=200), chat_id=DESK, reply_to=question)
    await counting.answered(EDITOR, words("candidate_picture_done"), DESK)
    await counting.until(lambda: words("candidate_now") in labels(shown))
    await counting.pressed(EDITOR, shown, words("candidate_now"))
    await everywhere(counting)
    assert counting.standing()[0].photo not in {before, None}


async def test_a_delayed_candidate_waits_ten_minutes_more(counting: DeskRig, words: Replies) -> None:
    """From its own time."""
    shown = await card(counting, words)
    await counting.pressed(EDITOR, shown, words("candidate_delay"))
    counting.world.clock.leap(300)
    counting.say(EDITOR, "/queue")
    await counting.answered(EDITOR, words("queue", count=3))
    assert counting.standing() == []
    counting.world.clock.leap(400)
    await everywhere(counting)


async def test_a_story_that_waits_for_approval_takes_a_chief(waiting: DeskRig, words: Replies) -> None:
    """However long it waits; an editor may cancel, not approve."""
    shown = await card(waiting, words)
    assert words("candidate_delay") not in labels(shown)
    waiting.world.clock.leap(900)
    refused = await waiting.pressed(EDITOR, shown, words("candidate_now"))
    assert refused == words("not_allowed", who=words("right_approve"))
    assert waiting.standing() == []
    await waiting.pressed(CHIEF, shown, words("candidate_now"))
    await everywhere(waiting)
    await waiting.until(lambda: "منى" in shown.text)
    assert labels(shown) == [words("receipt_undo")]


async def test_a_story_that_nobody_approved_expires(waiting: DeskRig, words: Replies) -> None:
    """The card says so, and its buttons are gone."""
    shown = await card(waiting, words)
    waiting.world.clock.leap(1900)
    async with asyncio.timeout(10):
        while len(await waiting.world.store.ledger.unsettled(3)) < 3:  # noqa: ASYNC110 - a store tells nobody of its changes
            await asyncio.sleep(0.05)
    # Old cards are looked after now and then.
    waiting.world.clock.leap(20)
    await waiting.until(lambda: not shown.buttons)
    assert "⌛" in shown.text
    assert waiting.standing() == []
