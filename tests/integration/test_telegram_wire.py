"""What becomes of a post to a Telegram channel when the network, or who answers there, is not what it should be."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from newsroom.ports import Ready
from newsroom.post import PostKind
from newsroom.receipt import Later, NextMove, Refused, Sent, Unknown
from publishing.departure import Departure
from publishing.telegram_bot import KEPT_SECONDS, open_bot
from publishing.telegram_channel import WARM_SECONDS, TelegramChannel
from store.memory_store import MemoryUploads
from tests.support.clock import ManualClock
from tests.support.fake_telegram import FakeTelegram
from tests.support.faults import Fault
from tests.support.log_capture import logged
from tests.support.platform_stage import CHANNEL, CHANNEL_ID, SOON, OnePicture, post_for, stranger
from tests.support.telegram_errors import Known
from tests.support.telegram_rig import MINUTE, Rig, counting, open_rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A rig that was used as Telegram's servers want to be used."""
    async with open_rig() as opened:
        yield opened
        opened.telegram.assert_clean()


# --- a connection that is warm ---------------------------------------------------------------------------


async def test_a_post_takes_the_connection_that_preparing_it_opened() -> None:
    """TCP and TLS cost two to three round trips, which breaking news need not wait for."""
    async with (
        FakeTelegram() as telegram,
        counting(telegram.url) as (url, connections),
        open_bot(SecretStr(telegram.token), url) as bot,
    ):
        telegram.add_channel(CHANNEL_ID, "الوسط العربي", "wasat")
        clock = ManualClock()
        channel = TelegramChannel(CHANNEL, bot, OnePicture(), MemoryUploads(), clock)
        ready = await channel.prepare(post_for(CHANNEL))
        assert len(connections) == 1
        assert isinstance(await channel.send(post_for(CHANNEL), ready, clock.monotonic() + MINUTE), Sent)
        assert len(connections) == 1


async def test_a_connection_is_warmed_at_most_once_in_half_a_minute() -> None:
    """A flood of posts must not double its own requests."""
    clock = ManualClock()
    async with open_rig(clock=clock) as rig:
        channel = rig.channel()
        for _ in range(3):
            await channel.prepare(post_for(CHANNEL))
        assert rig.calls("getMe") == 1
        clock.advance(WARM_SECONDS)
        await channel.prepare(post_for(CHANNEL))
        assert rig.calls("getMe") == 2


async def test_a_connection_is_kept_as_long_as_the_bot_was_told() -> None:
    """Longer than it counts as warm: httpx alone would close it after five seconds."""
    async with (
        FakeTelegram() as telegram,
        counting(telegram.url) as (url, connections),
        open_bot(SecretStr(telegram.token), url, kept_seconds=0.05) as bot,
    ):
        await bot.get_me()
        await asyncio.sleep(0.1)
        await bot.get_me()
        assert len(connections) == 2
    assert KEPT_SECONDS > WARM_SECONDS


async def test_a_post_keeps_its_connection_warm_by_itself() -> None:
    """Where posts go out, nothing else needs to."""
    clock = ManualClock()
    async with open_rig(clock=clock) as rig:
        channel = rig.channel()
        await channel.send(post_for(CHANNEL), Ready(), clock.monotonic() + MINUTE)
        clock.advance(WARM_SECONDS - 1)
        await channel.prepare(post_for(CHANNEL))
        assert rig.calls("getMe") == 0


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE_READ, Fault.HTML_502, Fault.OK_BUT_NOT_JSON])
async def test_preparing_never_fails_for_telegrams_sake(rig: Rig, fault: Fault) -> None:
    """What is wrong will be told by the send."""
    rig.telegram.faults.add("getMe", fault)
    ready = await rig.channel().prepare(post_for(CHANNEL, PostKind.PHOTO))
    assert ready.picture == rig.pictures.jpeg


async def test_a_bot_is_opened_while_telegram_is_away_and_posts_when_it_is_back(rig: Rig) -> None:
    """A worker that starts during an outage is there when it ends."""
    async with rig.telegram.outage():
        assert isinstance(await rig.publish(post_for(CHANNEL)), Later)
    assert isinstance(await rig.publish(post_for(CHANNEL)), Sent)


# --- answers that do not come, or come from somebody else ---------------------------------------------------


async def test_a_photo_whose_answer_is_lost_is_unknown_and_stands_there_once(rig: Rig) -> None:
    """The bytes are not sent again."""
    rig.telegram.faults.add("sendPhoto", Fault.RST_AFTER_ACCEPT)
    assert isinstance(await rig.publish(post_for(CHANNEL, PostKind.PHOTO)), Unknown)
    assert len(rig.telegram.posts(CHANNEL_ID)) == 1


async def test_a_post_that_telegram_commits_after_we_gave_up_is_unknown() -> None:
    """It comes to stand there later: the reason why a read-back waits."""
    async with open_rig(answer_seconds=SOON) as rig:
        rig.telegram.faults.add("sendMessage", Fault.LATE_COMMIT, seconds=SOON + 0.2)
        assert isinstance(await rig.publish(post_for(CHANNEL)), Unknown)
        assert rig.telegram.posts(CHANNEL_ID) == []
        await rig.telegram.wait_for(lambda: rig.telegram.posts(CHANNEL_ID))


async def test_an_answer_that_trickles_is_given_up_a_while_after_the_deadline() -> None:
    """Each byte comes in time and the whole never: the lease must outlive the attempt."""
    async with (
        stranger(b" " * 10_000, seconds_a_byte=0.05) as somebody,
        open_rig(answer_seconds=SOON, url=somebody.url) as rig,
    ):
        begun = asyncio.get_running_loop().time()
        receipt = await rig.channel().send(post_for(CHANNEL), Ready(), rig.clock.monotonic() + 0.1)
        assert isinstance(receipt, Unknown)
        assert asyncio.get_running_loop().time() - begun < 10 * SOON


@pytest.mark.parametrize(
    "body", [b'{"ok":true,"result":true}', b'{"ok":true}', b"[]", b'{"ok":true,"result":{}}', b"5"]
)
async def test_an_answer_of_another_shape_is_unknown(body: bytes) -> None:
    """Status 200 and JSON, but no message: whoever said it may have posted."""
    async with stranger(body) as somebody, open_rig(url=somebody.url) as rig:
        assert isinstance(await rig.channel().send(post_for(CHANNEL), Ready(), rig.clock.monotonic() + MINUTE), Unknown)


async def test_a_post_that_telegram_accepted_without_a_number_is_sent() -> None:
    """Bot API: message_id is 0 where the server sends by itself a little later."""
    body = b'{"ok":true,"result":{"message_id":0,"date":1,"chat":{"id":-1001,"type":"channel","username":"wasat"}}}'
    async with stranger(body) as somebody, open_rig(url=somebody.url) as rig:
        sent = await rig.channel().send(post_for(CHANNEL), Ready(), rig.clock.monotonic() + MINUTE)
        assert sent == Sent(())


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_an_address_that_leads_elsewhere_is_not_followed(status: int) -> None:
    """A post and a token go to nobody who was not named."""
    async with (
        stranger() as other,
        stranger(b"gone", status, "text/html", headers={"Location": other.url}) as somebody,
        open_rig(url=somebody.url) as rig,
    ):
        receipt = await rig.channel().send(post_for(CHANNEL), Ready(), rig.clock.monotonic() + MINUTE)
        assert isinstance(receipt, Refused)
        assert receipt.move is NextMove.PARK
        assert (len(somebody.asked), len(other.asked)) == (1, 0)


# --- secrets ---------------------------------------------------------------------------------------------


async def test_the_token_stands_in_no_receipt_no_repr_and_no_log() -> None:
    """Every logger at DEBUG, through the house's own redaction; python-telegram-bot and httpx print it without."""
    secret = "secret-of-this-bot-0123456789"
    async with FakeTelegram(f"123456:{secret}") as telegram:
        telegram.add_channel(CHANNEL_ID, "الوسط العربي", "wasat")
        with logged([telegram.token]) as log:
            async with open_bot(SecretStr(telegram.token), telegram.url) as bot:
                clock = ManualClock()
                channel = TelegramChannel(CHANNEL, bot, OnePicture(), MemoryUploads(), clock)
                seen = [repr(channel), repr(bot), str(bot)]
                telegram.refuse("sendMessage", Known.UNAUTHORIZED)
                telegram.faults.add("sendMessage", Fault.HTML_502, skip=1)
                telegram.faults.add("sendMessage", Fault.RST_AFTER_ACCEPT)
                for _ in range(4):
                    ready = await channel.prepare(post_for(CHANNEL))
                    seen.append(repr(await channel.send(post_for(CHANNEL), ready, clock.monotonic() + MINUTE)))
        assert log.getvalue()
        assert not [each for each in (*seen, log.getvalue()) if secret in each]


# --- what is read of an answer ---------------------------------------------------------------------------


async def test_of_the_answer_to_a_post_only_what_is_read_of_it_becomes_objects() -> None:
    """A copy that is read back, with no deadline, keeps its words."""
    answer = {"message_id": 7, "date": 1, "chat": {"id": -1001, "type": "channel"}, "text": "خبر", "entities": []}
    payload = json.dumps({"ok": True, "result": answer}).encode()
    clock = ManualClock()
    async with open_bot(SecretStr("1:a"), "http://127.0.0.1:1") as bot:
        assert bot.request.parse_json_payload(payload)["result"] == answer
        with Departure(clock, clock.monotonic() + MINUTE).under_way():
            assert set(bot.request.parse_json_payload(payload)["result"]) == {"message_id", "date", "chat"}
