"""A story's thread, end to end: the update hangs under the first post, which gains a button to the newest."""

from functools import partial

from tests.e2e.conftest import ONE, TWO, Stage
from tests.support.worker import a_worker

FLASH = "مقتل 5 أشخاص في انهيار مبنى سكني بالإسكندرية"
UPDATE = "ارتفاع عدد قتلى انهيار مبنى الإسكندرية إلى 9"
LATER = "تحديث | ارتفاع عدد قتلى انهيار مبنى سكني بالإسكندرية إلى 12"


async def test_updates_hang_under_the_first_post_and_its_button_leads_to_the_newest(stage: Stage) -> None:
    """In each channel under its own; on X each post stands by itself. An edit leaves the button where it is."""
    async with a_worker(stage.folder, stage.settings) as worker:
        await worker.until(lambda: len(stage.site.asked) >= 2)
        first = stage.site.publish(FLASH, category="عاجل")
        await worker.until(lambda: len(stage.channel(ONE)) == len(stage.channel(TWO)) == 1)
        for count, title in ((2, UPDATE), (3, LATER)):
            stage.site.publish(title, category="عاجل")
            await worker.until(partial(_stand, stage, count))
        await worker.until(lambda: all(_leads_to_newest(stage, chat) for chat in (ONE, TWO)))
        stage.site.edit(first, FLASH + " بعد أمطار")
        await worker.until(lambda: all("أمطار" in stage.channel(chat)[0].text for chat in (ONE, TWO)))
        assert await worker.stop() == 0
    for chat in (ONE, TWO):
        flash, update, later = stage.channel(chat)
        assert [update.reply_to, later.reply_to] == [flash.message_id, flash.message_id]
        assert _leads_to_newest(stage, chat)
        assert [post.buttons for post in (update, later)] == [(), ()]
        assert "تحديث" in later.text
    assert len(stage.tweets()) == 3
    stage.assert_clean()


def _stand(stage: Stage, count: int) -> bool:
    return [len(stage.channel(chat)) for chat in (ONE, TWO)] == [count, count]


def _leads_to_newest(stage: Stage, chat: int) -> bool:
    first, newest = stage.channel(chat)[0], stage.channel(chat)[-1]
    return [(button["text"], button["url"].rpartition("/")[2]) for button in first.buttons] == [
        ("آخر المستجدات", str(newest.message_id))
    ]
