"""Refusals of the fake Bot API that a test asks for, and its flood limits."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import BadRequest, RetryAfter, TelegramError

from tests.support.clock import ManualClock
from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_client import client_of, picture
from tests.support.telegram_errors import Known, flood, flood_without_parameters
from tests.support.telegram_flood import FloodLimits

CHANNEL, DESK = -1001, -1003


@pytest.fixture(autouse=True)
def _seconds_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose the coming type of `RetryAfter.retry_after`: building one warns otherwise, and warnings are errors."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """Give a server with a channel and a desk."""
    async with FakeTelegram() as telegram:
        telegram.add_channel(CHANNEL, "Alwasat")
        telegram.add_group(DESK, "التحرير")
        yield telegram
        telegram.assert_clean()


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    """Give a client."""
    async with client_of(telegram) as bot:
        yield bot


async def test_any_refusal_can_be_asked_for(telegram: FakeTelegram, bot: Bot) -> None:
    """A scripted refusal commits nothing, skips, repeats, and can be kept to one chat."""
    telegram.refuse("sendMessage", flood(7), when=lambda call: call.parameters["chat_id"] == CHANNEL)
    telegram.refuse("*", Known.CHAT_WRITE_FORBIDDEN, skip=1)
    await bot.send_message(DESK, "١")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(CHANNEL, "٢")
    assert caught.value.retry_after == timedelta(seconds=7)
    with pytest.raises(BadRequest, match="Chat_write_forbidden"):
        await bot.send_message(CHANNEL, "٣")
    await bot.send_message(CHANNEL, "٤")
    assert [post.text for post in telegram.posts(CHANNEL)] == ["٤"]


@pytest.mark.parametrize("known", Known)
async def test_every_known_refusal_reaches_the_client_in_its_own_words(
    telegram: FakeTelegram, bot: Bot, known: Known
) -> None:
    """Status and description arrive as they stand in the table; nothing is committed."""
    telegram.refuse("sendMessage", known)
    with pytest.raises(TelegramError) as caught:
        await bot.send_message(CHANNEL, "خبر")
    words = known.value.description.removeprefix("Bad Request: ")
    assert str(caught.value).lower() == words.lower()
    assert [call.status for call in telegram.calls] == [known.value.status]
    assert telegram.posts(CHANNEL) == []


async def test_a_flood_answer_without_parameters_is_no_retry_after(telegram: FakeTelegram, bot: Bot) -> None:
    """A proxy's 429 has its seconds in the words alone, and python-telegram-bot does not read them."""
    telegram.refuse("sendMessage", flood_without_parameters(9))
    with pytest.raises(TelegramError, match="Too Many Requests: retry after 9") as caught:
        await bot.send_message(CHANNEL, "خبر")
    assert not isinstance(caught.value, RetryAfter)


async def test_flood_limits_hold_for_each_second_and_each_minute() -> None:
    """One message a second and twenty a minute go to a channel; who sends more is told how long to wait."""
    clock = ManualClock()
    async with FakeTelegram(flood=FloodLimits(), watch=clock) as telegram, client_of(telegram) as bot:
        telegram.add_channel(CHANNEL, "Alwasat")
        telegram.add_channel(DESK, "Another")
        for number in range(20):
            await bot.send_message(CHANNEL, str(number))
            if number == 0:
                with pytest.raises(RetryAfter, match="Retry in 0:00:01"):
                    await bot.send_message(CHANNEL, "in the same second")
                await bot.send_message(DESK, "another chat")
            clock.advance(1)
        with pytest.raises(RetryAfter, match="Retry in 0:00:40"):
            await bot.send_message(CHANNEL, "the 21st")
        clock.advance(40)
        await bot.send_media_group(DESK, [InputMediaPhoto(picture())] * 2)
        await bot.send_message(CHANNEL, "the 21st, in time")
        assert len(telegram.posts(CHANNEL)) == 21


async def test_there_is_no_flood_limit_unless_asked_for(telegram: FakeTelegram, bot: Bot) -> None:
    """By default a test may send as fast as it likes."""
    for number in range(40):
        await bot.send_message(DESK, str(number))
    assert len(telegram.posts(DESK)) == 40
