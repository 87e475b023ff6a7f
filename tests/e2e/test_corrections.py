"""Corrections, end to end: an edited headline is one edit on each channel and no post; what no reader sees is nothing."""

from pathlib import Path

import templates
from tests.e2e.conftest import ONE, TWO, Stage
from tests.support.worker import Worker, a_worker

NEWS = "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة"
EDITED = "انهيار جزئي لجسر قديم وسط العاصمة بعد أمطار غزيرة"
WITH_SIGNS = NEWS.replace("انهيار", "انهيارُ").replace("قديم", "قَديم").replace("وسط", "وســط")


def edits(stage: Stage) -> dict[int, int]:
    """How often each channel's posts were edited."""
    return {chat: sum(len(post.history) for post in stage.channel(chat)) for chat in (ONE, TWO)}


def posts(stage: Stage) -> list[int]:
    """How many posts stand on each channel and on X."""
    return [len(stage.channel(ONE)), len(stage.channel(TWO)), len(stage.tweets())]


async def posted(worker: Worker, stage: Stage) -> int:
    """The story stands everywhere and that is written down; gives its number on the site."""
    await worker.until(lambda: len(stage.site.asked) >= 2)
    number = stage.site.publish(NEWS, category="عاجل")
    await worker.until(lambda: worker.said().count('"action": "sent"') == 3)
    return number


async def polled(worker: Worker, stage: Stage, times: int = 3) -> None:
    """The site is asked a few times more."""
    asked = len(stage.site.asked) + times
    await worker.until(lambda: len(stage.site.asked) >= asked)


async def test_an_edited_headline_edits_each_channel_once_and_adds_no_post(stage: Stage) -> None:
    """Nor does it when the site is asked again, or when the worker starts anew."""
    async with a_worker(stage.folder, stage.settings) as worker:
        number = await posted(worker, stage)
        stage.site.edit(number, EDITED)
        await worker.until(lambda: edits(stage) == {ONE: 1, TWO: 1})
        await polled(worker, stage)
        await worker.until(lambda: worker.said().count('"action": "sent"') == 5)
        await worker.stop()
    async with a_worker(stage.folder, stage.settings) as worker:
        await polled(worker, stage)
        assert await worker.stop() == 0
    assert (edits(stage), posts(stage)) == ({ONE: 1, TWO: 1}, [1, 1, 1])
    assert all(EDITED in stage.channel(chat)[0].text for chat in (ONE, TWO))
    assert NEWS in stage.tweets()[0].text
    stage.assert_clean()


async def test_where_the_account_may_edit_the_post_on_x_is_edited_too(stage: Stage) -> None:
    """X_CORRECTIONS=edit; an account that may not keeps its post, and Telegram is edited all the same."""
    async with a_worker(stage.folder, {**stage.settings, "X_CORRECTIONS": "edit"}) as worker:
        number = await posted(worker, stage)
        stage.site.edit(number, EDITED)
        await worker.until(lambda: edits(stage) == {ONE: 1, TWO: 1})
        await worker.until_said('"action": "refused"')
    assert NEWS in stage.tweets()[0].text
    assert posts(stage) == [1, 1, 1]


async def test_on_x_the_post_is_deleted_and_posted_anew_where_the_house_says_so(stage: Stage) -> None:
    """X_CORRECTIONS=repost: one stands there at the end, with the new words."""
    async with a_worker(stage.folder, {**stage.settings, "X_CORRECTIONS": "repost"}) as worker:
        number = await posted(worker, stage)
        stage.site.edit(number, EDITED)
        await worker.until(lambda: len(stage.tweets()) == 2)
    assert [(EDITED in tweet.text, tweet.deleted) for tweet in stage.tweets()] == [(False, True), (True, False)]
    assert stage.x.posts()[0].deleted
    stage.assert_clean()


async def test_vowel_signs_and_tatweel_are_no_edit(stage: Stage) -> None:
    """No reader sees a difference."""
    async with a_worker(stage.folder, stage.settings) as worker:
        number = await posted(worker, stage)
        stage.site.edit(number, WITH_SIGNS)
        await polled(worker, stage, times=4)
        assert await worker.stop() == 0
    assert (edits(stage), posts(stage)) == ({ONE: 0, TWO: 0}, [1, 1, 1])


async def test_a_changed_template_edits_nothing_after_a_restart(stage: Stage) -> None:
    """Even when the site sends the article anew; the next story is set by it."""
    async with a_worker(stage.folder, stage.settings) as worker:
        number = await posted(worker, stage)
        await worker.stop()
    changed = stage.folder / "templates"
    changed.mkdir()
    name = "breaking.telegram.html.j2"
    ours = Path(templates.__file__).parent / name
    (changed / name).write_text(ours.read_text("utf-8") + "\nتابعونا", "utf-8")
    async with a_worker(stage.folder, {**stage.settings, "TEMPLATES": str(changed)}) as worker:
        await polled(worker, stage, times=2)
        stage.site.comment(number)
        stage.site.edit(number, WITH_SIGNS)
        await polled(worker, stage)
        stage.site.publish("وزير النقل يزور موقع الانهيار ويعلن فتح تحقيق عاجل", category="عاجل")
        await worker.until(lambda: all(len(stage.channel(chat)) == 2 for chat in (ONE, TWO)))
        assert await worker.stop() == 0
    assert edits(stage) == {ONE: 0, TWO: 0}
    assert "تابعونا" in stage.channel()[1].text
