"""The shape of requests to the fake Bot API: what is wrong in it is refused and recorded, each reading on its own."""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest, EndPointNotFound, InvalidToken, NetworkError

from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_client import client_of, picture
from tests.support.telegram_shape import SPEC_PATH
from tests.support.telegram_spec import SpecBook

CHANNEL = -1001
NOWHERE = Path("nowhere.json")

Json = dict[str, Any]


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """Give a server with a channel; it must have been used rightly in the end, or the violations cleared."""
    async with FakeTelegram() as telegram:
        telegram.add_channel(CHANNEL, "Alwasat")
        yield telegram
        telegram.assert_clean()


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    """Give a client."""
    async with client_of(telegram) as bot:
        yield bot


async def posted(telegram: FakeTelegram, method: str, body: Json | Mapping[str, str], *, form: bool = False) -> Json:
    """Call a method with no client between: as JSON, or as a form."""
    async with aiohttp.ClientSession() as session:
        url = f"{telegram.url}/bot{telegram.token}/{method}"
        request = session.post(url, data=body) if form else session.post(url, json=body)
        async with request as response:
            answer: Json = await response.json()
            return answer


WRONG = [
    ("sendMessage", {"chat_id": CHANNEL}, "text"),
    ("sendMessage", {"chat_id": CHANNEL, "text": 5}, "text"),
    ("sendMessage", {"chat_id": 1.5, "text": "خ"}, "chat_id"),
    ("sendMessage", {"chat_id": CHANNEL, "text": "خ", "colour": "red"}, "colour"),
    ("sendMessage", {"chat_id": CHANNEL, "text": "خ", "reply_to_message_id": 1}, "reply_to_message_id"),
    ("sendMessage", {"chat_id": CHANNEL, "text": "خ", "disable_notification": 1}, "disable_notification"),
    ("sendMessage", {"chat_id": CHANNEL, "text": "خ", "entities": [{"type": "bold", "offset": 0}]}, "length"),
    ("sendMessage", {"chat_id": CHANNEL, "text": "خ", "link_preview_options": {"big": True}}, "big"),
    (
        "sendMessage",
        {"chat_id": CHANNEL, "text": "خ", "reply_markup": {"inline_keyboard": [[{"text": "a", "key": "b"}]]}},
        "key",
    ),
    ("editMessageMedia", {"chat_id": CHANNEL, "message_id": 1, "media": {"type": "photo"}}, "media"),
    ("getUpdates", {"offset": "first"}, "offset"),
]


@pytest.mark.parametrize(("method", "body", "rule"), WRONG)
async def test_a_request_of_the_wrong_shape_is_refused(
    telegram: FakeTelegram, method: str, body: Json, rule: str
) -> None:
    """Missing, mistyped, unknown and outdated parameters are found at any depth, and nothing is sent."""
    answer = await posted(telegram, method, body)
    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert any(rule in violation.rule for violation in telegram.violations)
    assert telegram.posts(CHANNEL) == []
    telegram.violations.clear()


@pytest.mark.parametrize(("method", "body", "rule"), WRONG)
async def test_the_first_reading_finds_a_wrong_shape_alone(method: str, body: Json, rule: str) -> None:
    """Without the specification file aiogram's models still refuse it."""
    async with FakeTelegram(spec=NOWHERE) as telegram:
        telegram.add_channel(CHANNEL, "Alwasat")
        await posted(telegram, method, body)
        assert any(rule in violation.rule for violation in telegram.violations)


@pytest.mark.skipif(not SPEC_PATH.exists(), reason="the specification file is not beside this repository")
@pytest.mark.parametrize(("method", "body", "rule"), WRONG)
async def test_the_second_reading_finds_a_wrong_shape_alone(method: str, body: Json, rule: str) -> None:
    """The specification file refuses it without aiogram's help."""
    assert any(rule in oddity for oddity in SpecBook.read(SPEC_PATH).oddities(method, body))


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("disable_notification", "yes", "expected true or false"),
        ("message_thread_id", "1.0", "expected an integer"),
        ("entities", "[{", "Expecting property name"),
        ("entities", "{}", "valid list"),
    ],
)
async def test_a_form_field_is_read_strictly(telegram: FakeTelegram, field: str, value: str, rule: str) -> None:
    """A form's strings stand for booleans, integers and JSON, and for nothing else."""
    answer = await posted(telegram, "sendMessage", {"chat_id": str(CHANNEL), "text": "خبر", field: value}, form=True)
    assert answer["error_code"] == 400
    assert any(rule in violation.rule for violation in telegram.violations)
    telegram.violations.clear()


async def test_uploads_and_references_belong_together(telegram: FakeTelegram) -> None:
    """A reference without its part and a part without a reference are refused."""
    media = json.dumps([{"type": "photo", "media": "attach://one"}, {"type": "photo", "media": "attach://two"}])
    form = aiohttp.FormData({"chat_id": str(CHANNEL), "media": media})
    form.add_field("one", picture(), filename="one.jpg")
    form.add_field("three", picture(), filename="three.jpg")
    async with aiohttp.ClientSession() as session:
        await session.post(f"{telegram.url}/bot{telegram.token}/sendMediaGroup", data=form)
    assert sorted(violation.rule for violation in telegram.violations) == [
        "sendMediaGroup: no uploaded part is named two",
        "sendMediaGroup: nothing refers to the uploaded part three",
    ]
    telegram.violations.clear()


async def test_a_method_is_found_in_any_spelling_and_encoding(telegram: FakeTelegram) -> None:
    """As on the real server, names are read without regard to case, and a form serves as well as JSON."""
    assert (await posted(telegram, "SENDMESSAGE", {"chat_id": CHANNEL, "text": "١"}))["ok"]
    assert (await posted(telegram, "sendmessage", {"chat_id": str(CHANNEL), "text": "٢"}, form=True))["ok"]
    assert [call.method for call in telegram.calls] == ["sendMessage"] * 2


async def test_an_unknown_method_is_not_found(telegram: FakeTelegram, bot: Bot) -> None:
    """The answer is the real server's 404; a method that only this fake lacks is a violation in other words."""
    await bot.initialize()
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendTelepathy")
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendRichMessage", {"chat_id": CHANNEL})
    assert [violation.rule for violation in telegram.violations] == [
        "the Bot API has no such method",
        "this fake does not serve the method",
    ]
    telegram.violations.clear()


@pytest.mark.parametrize(("token", "words"), [("123456:another", "Unauthorized"), ("nonsense", "Not Found")])
async def test_another_token_is_turned_away(telegram: FakeTelegram, token: str, words: str) -> None:
    """An unknown token is 401, what is no token 404; both look alike to the client."""
    async with client_of(telegram, token=token) as stranger:
        with pytest.raises(InvalidToken, match=words):
            await stranger.get_me()
    assert telegram.calls == []


async def test_a_request_of_more_than_50_mb_is_refused(telegram: FakeTelegram, bot: Bot) -> None:
    """The answer is 413, as a proxy in front of the real server gives it."""
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_photo(CHANNEL, bytes(51 * 1024 * 1024))
    assert telegram.calls == []


async def test_the_second_reading_is_on_where_its_file_is(telegram: FakeTelegram) -> None:
    """The server says which readings it uses; each complains for itself."""
    assert len(FakeTelegram(spec=NOWHERE).layers) == 1
    if not SPEC_PATH.exists():
        pytest.skip("the specification file is not beside this repository")
    assert len(telegram.layers) == 2
    await posted(telegram, "sendMessage", {"chat_id": CHANNEL, "text": "خ", "colour": "red"})
    assert {violation.rule for violation in telegram.violations} == {
        "sendMessage.colour: unknown field",
        "sendMessage.colour: not in Bot API 10.1",
    }
    telegram.violations.clear()


async def test_a_violation_fails_the_test_that_asks(telegram: FakeTelegram, bot: Bot) -> None:
    """The check names the method and the rule."""
    with pytest.raises(BadRequest):
        await bot.send_message(CHANNEL, "")
    with pytest.raises(AssertionError, match="sendMessage: a text needs at least one character"):
        telegram.assert_clean()
    telegram.violations.clear()
