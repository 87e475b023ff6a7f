"""What Telegram itself says of a channel, end to end: rights that come and go, and posts seen in the discussion group."""

from redis import Redis

from store.keys import key
from tests.e2e.conftest import ONE, TWO, Stage
from tests.support.worker import a_worker

NEWS = "انهيار جسر قديم وسط العاصمة بعد أمطار غزيرة"
GROUP = -1001000000009
TARGET = f"telegram:{ONE}"


async def test_a_channel_whose_right_was_taken_waits_and_is_served_when_it_is_given_back(stage: Stage) -> None:
    """Nobody asks the bot for anything, and there is neither an editor nor a desk; the other channel goes on."""
    settings = {**stage.settings, "EDITORS": ""}
    with stage.store.client() as redis:
        async with a_worker(stage.folder, settings) as worker:
            await worker.until(lambda: stage.telegram.is_polled and len(stage.site.asked) >= 2)
            stage.telegram.demote(ONE, "can_post_messages")
            await worker.until(lambda: redis.exists(key("parked", TARGET)) == 1)
            stage.site.publish(NEWS, category="عاجل")
            await worker.until(lambda: bool(stage.channel(TWO)))
            assert stage.channel(ONE) == []
            stage.telegram.promote(ONE)
            await worker.until(lambda: bool(stage.channel(ONE)))
            assert await worker.stop() == 0
    assert len(stage.channel(ONE)) == 1
    stage.assert_clean()


async def test_a_post_is_seen_in_the_discussion_group_of_its_channel(stage: Stage) -> None:
    """Under its number in the channel, not in the group."""
    stage.telegram.add_group(GROUP, "نقاش")
    stage.telegram.chat(ONE).linked, stage.telegram.chat(GROUP).linked = GROUP, ONE
    with stage.store.client() as redis:
        async with a_worker(stage.folder, stage.settings) as worker:
            await worker.until(lambda: stage.telegram.is_polled and len(stage.site.asked) >= 2)
            stage.site.publish(NEWS, category="عاجل")
            await worker.until(lambda: _seen(redis) == [post.message_id for post in stage.channel(ONE)] != [])
            assert await worker.stop() == 0
    stage.assert_clean()


def _seen(redis: "Redis") -> list[int]:
    return [int(str(member).split(" ", 1)[0]) for member in redis.zrange(key("sighting", TARGET), 0, -1)]
