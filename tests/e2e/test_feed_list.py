"""The list of feeds, changed from the chat while two workers run: both follow, and nothing is posted twice."""

import asyncio
from contextlib import AsyncExitStack

from store.keys import key
from tests.e2e.conftest import EDITOR, ONE, TWO, Stage
from tests.support.feed_server import FakeSite
from tests.support.worker import Worker, a_worker

OLD, FIRST, SECOND, THIRD = "خبر قديم عن السوق", "انهيار جسر قديم", "إغلاق مطار دولي", "اندلاع حريق كبير في الميناء"


async def hired(stack: AsyncExitStack, stage: Stage, name: str) -> Worker:
    """A worker in a folder of its own."""
    folder = stage.folder / name
    await asyncio.to_thread(folder.mkdir)
    return await stack.enter_async_context(a_worker(folder, stage.settings))


async def told(worker: Worker, stage: Stage, order: str, words: str) -> None:
    """Give an order and wait for what the answer says."""
    stage.telegram.say(EDITOR, order)
    await worker.until(lambda: any(words in answer for answer in stage.answers()), 40)


async def posted(worker: Worker, stage: Stage, site: FakeSite, words: str) -> None:
    """A breaking story of a site stands once at each place."""
    stage.forget_pace()
    site.publish(words, category="عاجل")

    def counts() -> list[int]:
        texts = [[post.text for post in stage.channel(chat)] for chat in (ONE, TWO)]
        return [sum(words in text for text in there) for there in (*texts, [post.text for post in stage.tweets()])]

    await worker.until(lambda: min(counts()) > 0, 40)
    polls = len(site.asked)
    await worker.until(lambda: len(site.asked) >= polls + 2)
    assert counts() == [1, 1, 1]


async def test_a_feed_is_added_survives_the_worker_that_added_it_and_is_silent_once_removed(stage: Stage) -> None:
    """Its baseline is never posted, whichever worker reads it."""
    other = stage.server.site("other")
    other.publish(OLD, category="عاجل")
    async with AsyncExitStack() as stack:
        first = await hired(stack, stage, "first")
        await first.until_said("listening for the editors")
        second = await hired(stack, stage, "second")
        await told(first, stage, f"/feeds add {other.url}", "أُضيفت إلى خلاصاتنا")
        await first.until(lambda: len(other.asked) >= 2)  # The trial, and the first poll.
        await posted(first, stage, other, FIRST)
        await first.kill()
        with stage.store.client() as redis:
            redis.delete(key("lease", "listener"))
        await posted(second, stage, other, SECOND)
        await posted(second, stage, stage.site, THIRD)
        await told(second, stage, f"/feeds remove {other.url}", "لن تُقرأ بعد الآن")
        asked, polls = len(other.asked), len(stage.site.asked)
        await second.until(lambda: len(stage.site.asked) >= polls + 4)
        # A poll may have been on its way when the order came.
        assert len(other.asked) <= asked + 1
        assert not any(OLD in post.text for chat in (ONE, TWO) for post in stage.channel(chat))
    stage.assert_clean()
