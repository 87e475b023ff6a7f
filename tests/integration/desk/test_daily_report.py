"""The daily report: said in the desk's chat by itself, once a day, whoever runs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from bot.commands.daily_report import LATE_AT_MOST, LOOK_SECONDS, DailyReport
from bot.commands.replies import Language, Replies
from bot.commands.voice import Voice
from newsroom.errors import StoreUnavailable
from publishing.telegram_bot import open_bot
from store.store import Store, memory_store
from tests.support.clock import ManualClock
from tests.support.desk_rig import DESK, EDITOR, World, open_desk
from tests.support.fake_telegram import FakeTelegram
from tests.support.rounds import rounds_of
from tests.support.telegram_errors import Refusal

BEFORE = datetime(2026, 11, 24, 4, 59, 50, tzinfo=UTC)


@dataclass
class Rig:
    """A chat, a store that outlives workers, and time."""

    telegram: FakeTelegram
    voice: Voice
    store: Store
    clock: ManualClock
    troubles: list[StoreUnavailable] = field(default_factory=list)

    async def _words(self) -> str:
        if self.troubles:
            raise self.troubles.pop()
        return f"report of {self.clock.now():%d}"

    def worker(self, name: str) -> DailyReport:
        """That of one worker; eight in Riyadh is five in UTC."""
        tokens, leases = self.store.tokens, self.store.leases
        at, zone = time(8), ZoneInfo("Asia/Riyadh")
        return DailyReport(
            self.voice, self._words, tokens, leases, self.clock, at=at, zone=zone, desk=DESK, worker=name
        )

    def said(self) -> list[str]:
        """What stands in the chat."""
        return [post.text for post in self.telegram.posts(DESK)]


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """Ten seconds before the hour."""
    clock = ManualClock(BEFORE)
    async with FakeTelegram() as telegram, open_bot(SecretStr(telegram.token), telegram.url) as bot:
        telegram.add_group(DESK, "التحرير")
        yield Rig(telegram, Voice(bot, clock), memory_store(clock), clock)
        telegram.assert_clean()


async def test_the_report_is_said_at_its_hour_once_a_day_by_one_of_many_workers(rig: Rig) -> None:
    """And again on the next day."""
    workers = [rig.worker(name) for name in ("w1", "w2", "w3")]
    await asyncio.gather(*(worker.look() for worker in workers))
    assert rig.said() == []
    for told in (["report of 24"], ["report of 24", "report of 25"]):
        rig.clock.advance(20.0)
        for _ in range(3):
            await asyncio.gather(*(worker.look() for worker in workers))
            rig.clock.advance(LOOK_SECONDS)
        assert rig.said() == told
        rig.clock.advance(86_400 - 20.0 - 3 * LOOK_SECONDS)


async def test_a_worker_that_restarts_within_the_hour_says_it_no_second_time(rig: Rig) -> None:
    """The store remembers, not the process."""
    rig.clock.advance(20.0)
    await rig.worker("w1").look()
    await rig.worker("w1 again").look()
    assert rig.said() == ["report of 24"]


async def test_a_worker_that_starts_later_in_the_day_says_nothing_of_its_morning(rig: Rig) -> None:
    """A first start at noon brings no report."""
    rig.clock.advance(20.0 + LATE_AT_MOST.total_seconds())
    await rig.worker("w1").look()
    assert rig.said() == []


async def test_what_may_have_been_said_is_not_said_again(rig: Rig) -> None:
    """An answer that got lost may have been a yes."""
    rig.telegram.refuse("sendMessage", Refusal(500, "Internal Server Error"))
    rig.clock.advance(20.0)
    for name in ("w1", "w2"):
        await rig.worker(name).look()
    assert rig.said() == []


async def test_a_store_that_is_away_is_asked_again_until_the_report_is_said(rig: Rig) -> None:
    """As a part of the worker, that stops when it is told to."""
    rig.troubles.append(StoreUnavailable("gone"))
    stop = asyncio.Event()
    running = asyncio.create_task(rounds_of(rig.worker("w1").look, rig.clock, LOOK_SECONDS).run(stop))
    for _ in range(3):
        await rig.clock.until_asleep()
        rig.clock.advance(LOOK_SECONDS)
        await asyncio.sleep(0.05)
    await rig.clock.until_asleep()
    assert (rig.said(), rig.troubles) == (["report of 24"], [])
    stop.set()
    async with asyncio.timeout(15):
        await running


async def test_the_report_has_the_words_of_the_command_in_the_desks_language(world: World, language: Language) -> None:
    """As the worker wires it: at the setting's hour, in the setting's zone."""
    at = world.clock.now().time().replace(second=0, microsecond=0)
    async with open_desk(world, given={"language": language, "daily_report": at}) as desk:
        daily = desk.parts.daily
        assert daily is not None
        await daily.look()
        [told] = desk.said(DESK)
        assert told.startswith(Replies(language)("report"))
        desk.say(EDITOR, "/report")
        assert (await desk.answered(EDITOR, Replies(language)("report"))).text == told


@pytest.mark.parametrize("given", [{"daily_report": "off"}, {"telegram_desk": None}])
async def test_without_an_hour_or_a_desk_nothing_is_reported(world: World, given: dict[str, object]) -> None:
    """No part runs for it."""
    async with open_desk(world, given=given) as desk:
        assert desk.parts.daily is None
