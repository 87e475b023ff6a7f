"""/flash, and the article that it ran ahead of: one message, edited, with link and picture."""

from collections.abc import AsyncIterator

import pytest

from bot.commands.replies import Language, Replies
from tests.support.desk_rig import CHANNEL, DESK, EDITOR, SECOND_CHANNEL, DeskRig, World, open_desk
from tests.support.news_site import NewsSite, news_site

FLASH = "انهيار جسر وسط العاصمة"
ARTICLE = "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة وفرق الإنقاذ في المكان"


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    """With one old article."""
    async with news_site() as there:
        there.publish("افتتاح معرض الكتاب في الميناء القديم")
        yield there


@pytest.fixture
async def polling(world: World, site: NewsSite, language: Language) -> AsyncIterator[DeskRig]:
    """A worker that has met the site's feed."""
    given = {"language": language, "feeds": (site.feed,), "poll_seconds": 1.0, "post": "all"}
    async with open_desk(world, given=given, polls=True) as rig:
        await rig.until(lambda: site.polls >= 2)
        yield rig


async def flashed(rig: DeskRig, text: str = FLASH) -> None:
    """It stands everywhere."""
    rig.say(EDITOR, f"/flash {text}")
    await rig.until(lambda: rig.standing() and rig.standing(SECOND_CHANNEL) and rig.tweets())


async def polled_again(rig: DeskRig, site: NewsSite) -> None:
    """The feed was read, and what stood in it was judged."""
    polls = site.polls
    await rig.until(lambda: site.polls >= polls + 2)


async def test_a_flash_is_text_and_breaking_and_its_answer_is_a_receipt(polling: DeskRig, words: Replies) -> None:
    """At once, with a way back."""
    await flashed(polling)
    [post] = polling.standing()
    assert post.photo is None
    assert post.text.startswith("🔴")
    assert FLASH in post.text
    receipt = await polling.answered(EDITOR, "🕑")
    assert [button["text"] for button in receipt.buttons] == [words("receipt_undo")]
    await polling.did("flash")


async def test_its_article_is_merged_into_the_one_message_with_link_and_picture(
    polling: DeskRig, site: NewsSite
) -> None:
    """Never a second post, though the article's headline says more."""
    await flashed(polling)
    number = site.publish(ARTICLE, category="عاجل")
    for channel in (CHANNEL, SECOND_CHANNEL):
        await polling.until(lambda channel=channel: ARTICLE in polling.standing(channel)[0].text)  # type: ignore[misc] # the loop's own
        await polling.until(lambda channel=channel: polling.standing(channel)[0].photo)  # type: ignore[misc] # the loop's own
        [post] = polling.standing(channel)
        assert f"{site.home}/" in str(post.entities) + post.text
        assert str(number) in str(post.entities) + post.text
    await polled_again(polling, site)
    assert [len(polling.telegram.posts(channel)) for channel in (CHANNEL, SECOND_CHANNEL)] == [1, 1]
    assert len(polling.tweets()) == 1


@pytest.mark.parametrize(
    "other",
    [
        "وزير المالية يعلن موازنة العام الجديد بعد نقاش طويل",
        "انهيار مبنى وسط المدينة القديمة بعد حريق كبير",
    ],
)
async def test_another_article_is_a_post_of_its_own(polling: DeskRig, site: NewsSite, other: str) -> None:
    """One that shares a word or two tells something else."""
    await flashed(polling)
    site.publish(other)
    await polling.until(lambda: any(other in post.text for post in polling.standing()))
    assert len(polling.standing()) == 2
    assert polling.standing()[0].text.count(FLASH) == 1


async def test_a_flash_without_words_or_with_a_link_says_how_it_is_done(polling: DeskRig, words: Replies) -> None:
    """And sends nothing."""
    for text in ("/flash", "/flash https://alwasat.example.com/?p=1"):
        polling.say(EDITOR, text)
    await polling.until(lambda: polling.said(EDITOR).count(words("flash_empty")) == 2)
    assert polling.standing() == []


async def test_a_push_and_then_the_feed_end_in_one_post(polling: DeskRig, site: NewsSite) -> None:
    """The same words, pasted a moment before they stood in the feed."""
    lead = "قال مسؤول محلي إن الجسر انهار فجر اليوم دون وقوع ضحايا بين المارة في المكان"
    polling.say(EDITOR, f"/push {ARTICLE}\n\n{lead}.")
    await polling.until(lambda: polling.standing() and polling.tweets())
    site.publish(ARTICLE, lead, category="عاجل")
    await polled_again(polling, site)
    assert [len(polling.standing()), len(polling.tweets())] == [1, 1]


async def test_a_story_of_the_feeds_own_is_reported_to_the_desk_with_a_receipt(
    polling: DeskRig, site: NewsSite, words: Replies
) -> None:
    """At once, and only once; what stood in the feed before is no news."""
    site.publish("زلزال يضرب شمال البلاد", category="عاجل")
    receipt = await polling.answered(EDITOR, words("by_itself"), DESK)
    assert "زلزال يضرب شمال البلاد" in receipt.text
    await polled_again(polling, site)
    assert len([text for text in polling.said(DESK) if "زلزال" in text]) == 1
    assert len(polling.said(DESK)) == 1
