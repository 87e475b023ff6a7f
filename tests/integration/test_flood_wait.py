"""A flood wait through the whole corridor: one chat waits its seconds, the other is untouched, nothing is lost or doubled."""

import asyncio

from newsroom.delivery import Delivery, State
from newsroom.ports import Platform
from newsroom.target import TargetId
from publishing.dispatch import Dispatcher
from store.store import memory_store
from tests.support.clock import ManualClock
from tests.support.newsroom import a_story, an_admission
from tests.support.platform_stage import CHANNEL, CHANNEL_ID
from tests.support.telegram_errors import flood
from tests.support.telegram_rig import SECOND, open_rig
from tests.support.telegram_shape import Call

SECONDS = 37


def _goes_to_first(call: Call) -> bool:
    return bool(call.parameters["chat_id"] == CHANNEL.address)


async def test_a_chat_that_asks_for_37_seconds_gets_them_and_the_other_chat_goes_on() -> None:
    """Three stories to both; the first chat refuses its first with 429, and takes each once when its time has come."""
    clock, settled = ManualClock(), list[Delivery]()
    store, stop = memory_store(clock), asyncio.Event()
    async with open_rig(clock) as rig:
        rig.telegram.refuse("sendMessage", flood(SECONDS), when=_goes_to_first)
        platforms: dict[TargetId, Platform] = {target.id: rig.channel(target) for target in (CHANNEL, SECOND)}
        dispatcher = Dispatcher(store.outbox, platforms, clock, worker="w1", settled=settled.append)
        stories = [a_story(number, met=clock.now()) for number in (1, 2, 3)]
        await store.outbox.admit([an_admission(story, CHANNEL, SECOND) for story in stories], 0)
        running = asyncio.create_task(dispatcher.run(stop))
        await rig.telegram.wait_for(lambda: len(rig.telegram.posts(int(SECOND.address))) == len(stories))
        # The refusal is written down before the lane goes to sleep on the clock.
        await clock.until_asleep(2)
        await clock.walk(SECONDS - 1)
        assert rig.telegram.posts(CHANNEL_ID) == []
        await clock.walk(2)
        await rig.telegram.wait_for(lambda: len(rig.telegram.posts(CHANNEL_ID)) == len(stories))
        stop.set()
        await running
        words = [story.headline for story in stories]
        assert [post.text for post in rig.telegram.posts(CHANNEL_ID)] == words
        assert [post.text for post in rig.telegram.posts(int(SECOND.address))] == words
        assert [one.state for one in settled].count(State.SENT) == 2 * len(stories)
        rig.telegram.assert_clean()
