"""What each fault of the network looks like to python-telegram-bot 22.8, and whether the post stands in the channel.

This is the table from which the house decides what may be sent again: measured here on every run, over real sockets.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut

from tests.support.fake_telegram import FakeTelegram
from tests.support.faults import Fault
from tests.support.telegram_client import client_of, picture

CHANNEL = -1001
SHORT = 0.15
"""Seconds that the client waits where the server does not answer."""


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """Give a server with one channel; it must have been used rightly in the end."""
    async with FakeTelegram() as telegram:
        telegram.add_channel(CHANNEL, "Alwasat")
        yield telegram
        telegram.assert_clean()


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    """Give an impatient client."""
    async with client_of(telegram, read_seconds=SHORT) as bot:
        yield bot


class Row(NamedTuple):
    """One row of the table."""

    fault: Fault
    raised: type[TelegramError]
    cause: type[Exception] | None
    committed: bool


TABLE = (
    Row(Fault.DROP_BEFORE_READ, NetworkError, httpx.RemoteProtocolError, committed=False),
    Row(Fault.HANG_BEFORE_ACCEPT, TimedOut, httpx.ReadTimeout, committed=False),
    Row(Fault.HTML_502, NetworkError, TelegramError, committed=False),
    Row(Fault.HTML_503, NetworkError, TelegramError, committed=False),
    Row(Fault.JSON_500, NetworkError, None, committed=False),
    Row(Fault.DROP_AFTER_ACCEPT, NetworkError, httpx.RemoteProtocolError, committed=True),
    Row(Fault.RST_AFTER_ACCEPT, NetworkError, httpx.ReadError, committed=True),
    Row(Fault.HANG_AFTER_ACCEPT, TimedOut, httpx.ReadTimeout, committed=True),
    Row(Fault.HALF_BODY, NetworkError, httpx.RemoteProtocolError, committed=True),
    Row(Fault.OK_BUT_NOT_JSON, TelegramError, json.JSONDecodeError, committed=True),
)


@pytest.mark.parametrize("row", TABLE, ids=[row.fault for row in TABLE])
async def test_a_fault_looks_to_the_client_as_the_table_says(telegram: FakeTelegram, bot: Bot, row: Row) -> None:
    """The exception's own class, its cause, and the state of the channel are those of the table."""
    telegram.faults.add("sendMessage", row.fault)
    with pytest.raises(TelegramError) as caught:
        await bot.send_message(CHANNEL, "خبر")
    assert (type(caught.value), type(caught.value.__cause__)) == (row.raised, row.cause or type(None))
    assert len(telegram.posts(CHANNEL)) == row.committed


@pytest.mark.parametrize("fault", [Fault.HTML_502, Fault.HTML_503, Fault.JSON_500])
async def test_a_server_error_can_come_after_the_commit(telegram: FakeTelegram, bot: Bot, fault: Fault) -> None:
    """The same error leaves the post behind when the plan says so: the client cannot tell."""
    telegram.faults.add("sendMessage", fault, commits=True)
    with pytest.raises(NetworkError):
        await bot.send_message(CHANNEL, "خبر")
    assert len(telegram.posts(CHANNEL)) == 1


async def test_a_late_commit_comes_although_the_client_has_gone(telegram: FakeTelegram, bot: Bot) -> None:
    """The client times out on an empty channel, and the post appears afterwards."""
    telegram.faults.add("sendMessage", Fault.LATE_COMMIT, seconds=2 * SHORT)
    with pytest.raises(TimedOut):
        await bot.send_message(CHANNEL, "خبر")
    assert telegram.posts(CHANNEL) == []
    await telegram.wait_for(lambda: telegram.posts(CHANNEL))
    [call], [post] = telegram.calls, telegram.posts(CHANNEL)
    assert post.at - call.at >= 2 * SHORT


async def test_a_late_commit_never_comes_after_the_server_has_stopped(bot: Bot, telegram: FakeTelegram) -> None:
    """What was still to be carried out is lost with the server, and stopping does not wait for it."""
    telegram.faults.add("sendMessage", Fault.LATE_COMMIT, seconds=60)
    with pytest.raises(TimedOut):
        await bot.send_message(CHANNEL, "خبر")
    async with telegram.outage():
        pass
    assert telegram.posts(CHANNEL) == []


async def test_a_slow_answer_is_right_for_who_waits(telegram: FakeTelegram) -> None:
    """The post stands at once, the answer comes after the planned seconds."""
    telegram.faults.add("sendMessage", Fault.SLOW, seconds=0.2)
    async with client_of(telegram) as patient:
        sent = await patient.send_message(CHANNEL, "خبر")
    answered, [post] = monotonic(), telegram.posts(CHANNEL)
    assert sent.message_id == post.message_id
    assert answered - post.at >= 0.2


async def test_a_slow_answer_is_a_timeout_with_a_post_for_who_does_not_wait(telegram: FakeTelegram, bot: Bot) -> None:
    """An answer slower than the client's patience leaves a post behind."""
    telegram.faults.add("sendMessage", Fault.SLOW, seconds=60)
    with pytest.raises(TimedOut):
        await bot.send_message(CHANNEL, "خبر")
    assert len(telegram.posts(CHANNEL)) == 1


async def test_a_hanging_request_can_end_in_a_closed_connection(telegram: FakeTelegram, bot: Bot) -> None:
    """With seconds planned the server hangs up after them."""
    telegram.faults.add("sendMessage", Fault.HANG_AFTER_ACCEPT, seconds=0.01)
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(CHANNEL, "خبر")
    assert isinstance(caught.value.__cause__, httpx.RemoteProtocolError)


async def test_a_server_that_is_gone_refuses_connections_and_comes_back_with_its_state(
    telegram: FakeTelegram, bot: Bot
) -> None:
    """During an outage nothing is sent for certain; afterwards the same address knows the old posts."""
    await bot.send_message(CHANNEL, "قبل")
    url = telegram.url
    async with telegram.outage():
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(CHANNEL, "أثناء")
    await bot.send_message(CHANNEL, "بعد")
    assert isinstance(caught.value.__cause__, httpx.ConnectError)
    assert telegram.url == url
    assert [post.text for post in telegram.posts(CHANNEL)] == ["قبل", "بعد"]


async def test_an_upload_dropped_before_it_is_read_commits_nothing(telegram: FakeTelegram, bot: Bot) -> None:
    """A photo whose connection is cut never becomes a post, however the client sees the cut."""
    telegram.faults.add("sendPhoto", Fault.DROP_BEFORE_READ)
    with pytest.raises(NetworkError):
        await bot.send_photo(CHANNEL, picture(2000, 2000, image_format="BMP"))
    assert telegram.posts(CHANNEL) == []
    assert telegram.calls == []


def raw_request(telegram: FakeTelegram, text: str) -> bytes:
    """Write the bytes of one sendMessage."""
    body = json.dumps({"chat_id": CHANNEL, "text": text}).encode()
    head = (
        f"POST /bot{telegram.token}/sendMessage HTTP/1.1\r\nHost: telegram\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def test_a_request_that_did_not_arrive_in_full_was_never_made(
    telegram: FakeTelegram, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    """Of a client that dies one byte before the end of its request nothing is left, not even an error in the log."""
    for _ in range(5):
        _, dying = await asyncio.open_connection("127.0.0.1", urlsplit(telegram.url).port)
        dying.write(raw_request(telegram, "خبر")[:-1])
        await dying.drain()
        dying.close()
        await dying.wait_closed()
    await bot.send_message(CHANNEL, "بعده")
    assert [post.text for post in telegram.posts(CHANNEL)] == ["بعده"]
    assert len(telegram.calls) == 1
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_request_that_arrived_in_full_is_carried_out_for_a_client_that_died(telegram: FakeTelegram) -> None:
    """The server does not stop work because nobody waits for the answer."""
    for number in range(5):
        _, dying = await asyncio.open_connection("127.0.0.1", urlsplit(telegram.url).port)
        dying.write(raw_request(telegram, str(number)))
        await dying.drain()
        dying.close()
        await dying.wait_closed()
    await telegram.wait_for(lambda: len(telegram.posts(CHANNEL)) == 5)


async def test_a_script_skips_and_repeats_as_planned(telegram: FakeTelegram, bot: Bot) -> None:
    """One call passes, two fail, the fourth passes."""
    telegram.faults.add("sendMessage", Fault.JSON_500, skip=1, times=2)
    outcomes = []
    for number in range(4):
        try:
            await bot.send_message(CHANNEL, f"خبر {number}")
        except NetworkError:
            outcomes.append("lost")
        else:
            outcomes.append("sent")
    assert outcomes == ["sent", "lost", "lost", "sent"]
    assert [fault.fault for _, fault in telegram.faults.played] == [Fault.JSON_500] * 2


async def test_a_fault_for_every_endpoint_meets_whatever_comes_first(telegram: FakeTelegram, bot: Bot) -> None:
    """The endpoint "*" stands for all methods."""
    telegram.faults.add("*", Fault.JSON_500)
    with pytest.raises(NetworkError):
        await bot.get_chat(CHANNEL)
    assert (await bot.get_chat(CHANNEL)).title == "Alwasat"


async def test_chance_strikes_the_same_calls_for_the_same_seed(telegram: FakeTelegram) -> None:
    """Random faults can be repeated: the seed decides them, on every machine alike."""
    drawn = []
    for seed in (7, 7, 8):
        telegram.faults.clear()
        telegram.faults.chance("sendMessage", Fault.JSON_500, 0.5, seed)
        drawn.append([telegram.faults.take("sendMessage") is not None for _ in range(200)])
    assert drawn[0] == drawn[1] != drawn[2]
    assert 70 < sum(drawn[0]) < 130


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER_ACCEPT, Fault.HANG_BEFORE_ACCEPT])
async def test_a_plan_cannot_contradict_its_fault(telegram: FakeTelegram, fault: Fault) -> None:
    """Whether a fault commits can be chosen only where it is open."""
    with pytest.raises(ValueError, match="commits"):
        telegram.faults.add("sendMessage", fault, commits=fault is Fault.HANG_BEFORE_ACCEPT)


async def test_a_broken_download_does_not_give_half_a_file(telegram: FakeTelegram, bot: Bot) -> None:
    """Faults reach file downloads too."""
    sent = await bot.send_photo(CHANNEL, picture())
    file = await bot.get_file(sent.photo[-1].file_id)
    telegram.faults.add("file", Fault.HALF_BODY)
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert bytes(await file.download_as_bytearray()) == picture()
