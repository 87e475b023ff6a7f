"""Every strict rule of the fake Bot API: what breaks it is refused, is recorded, and leaves the channel empty."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, InputMediaVideo, MessageEntity
from telegram.error import BadRequest

from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_client import client_of, picture
from tests.support.telegram_sending import Strictness

CHANNEL = -1001
FLAG = "\U0001f1f1\U0001f1fe"
"""Two characters outside the basic plane: four UTF-16 code units."""


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


@contextmanager
def broken(telegram: FakeTelegram, rule: str, words: str = "") -> Iterator[None]:
    """Expect a refusal in these words (any when empty), exactly one violation of the rule, and nothing sent."""
    with pytest.raises(BadRequest, match=words or None):
        yield
    assert [rule in violation.rule for violation in telegram.violations] == [True], telegram.violations
    assert telegram.posts(CHANNEL) == []
    telegram.violations.clear()


# --- words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Message text is empty"),
        (" \n ", "Text must be non-empty"),
        ("\u200f\u200b\ufeff", "Text must be non-empty"),
        ("\u202b\u202e", "Text must be non-empty"),
    ],
)
async def test_a_text_must_show_something(telegram: FakeTelegram, bot: Bot, text: str, words: str) -> None:
    """Nothing, white space, and invisible characters are no text."""
    with broken(telegram, "a text needs", words):
        await bot.send_message(CHANNEL, text)


@pytest.mark.parametrize("text", ["ا" * 4097, FLAG * 1025])
async def test_a_text_is_measured_in_utf16_units(telegram: FakeTelegram, bot: Bot, text: str) -> None:
    """4096 units are the most, whether of one unit a character or of two."""
    with broken(telegram, "UTF-16 units, at most 4096", "Message is too long"):
        await bot.send_message(CHANNEL, text)


@pytest.mark.parametrize("text", ["ا" * 4096, FLAG * 1024])
async def test_a_text_that_just_fits_is_sent(telegram: FakeTelegram, bot: Bot, text: str) -> None:
    """The limit itself is allowed."""
    await bot.send_message(CHANNEL, text)
    assert telegram.posts(CHANNEL)[0].text == text


async def test_a_caption_has_1024_units_and_may_be_empty(telegram: FakeTelegram, bot: Bot) -> None:
    """A caption is shorter than a text."""
    with broken(telegram, "1025 UTF-16 units, at most 1024", "Message caption is too long"):
        await bot.send_photo(CHANNEL, picture(), caption="ا" * 1025)
    await bot.send_photo(CHANNEL, picture(), caption="ا" * 1024)
    await bot.send_photo(CHANNEL, picture(), caption="")
    assert [len(post.text) for post in telegram.posts(CHANNEL)] == [1024, 0]


@pytest.mark.parametrize(
    ("entity", "rule"),
    [
        (MessageEntity("bold", -1, 2), "incorrect offset -1"),
        (MessageEntity("bold", 0, 0), "incorrect length 0"),
        (MessageEntity("bold", 8, 1), "begins after the end of the text at UTF-16 offset 8"),
        (MessageEntity("bold", 4, 5), "ends after the end of the text at UTF-16 offset 9"),
        (MessageEntity("bold", 5, 3), "begins in a middle of a UTF-16 symbol"),
        (MessageEntity("bold", 4, 3), "ends in a middle of a UTF-16 symbol"),
        (MessageEntity("url", 0, 4), "a bot does not send url entities"),
        (MessageEntity("shout", 0, 4), "no such entity type: shout"),
        (MessageEntity("text_link", 0, 4), "a text_link needs url"),
        (MessageEntity("text_link", 0, 4, url="javascript:alert(1)"), "entity URL 'javascript:alert(1)' is invalid"),
        (MessageEntity("bold", 0, 4, url="https://alwasat.com/"), "url does not belong on a bold"),
        (MessageEntity("bold", 0, 4, language="ar"), "language does not belong on a bold"),
    ],
)
async def test_an_entity_lies_inside_the_text_and_is_of_a_known_kind(
    telegram: FakeTelegram, bot: Bot, entity: MessageEntity, rule: str
) -> None:
    """Ranges count UTF-16 units and split no character; a kind has its own fields and no others."""
    with broken(telegram, rule):
        await bot.send_message(CHANNEL, f"خبر {FLAG}", entities=[entity])
    with broken(telegram, rule):
        await bot.send_photo(CHANNEL, picture(), caption=f"خبر {FLAG}", caption_entities=[entity])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (MessageEntity("text_link", 0, 4, url="https://a.ly/"), MessageEntity("text_link", 3, 3, url="https://b.ly/")),
        (MessageEntity("code", 0, 4), MessageEntity("bold", 2, 4)),
        (MessageEntity("blockquote", 0, 4), MessageEntity("text_link", 2, 4, url="https://a.ly/")),
        (MessageEntity("blockquote", 0, 6), MessageEntity("expandable_blockquote", 1, 2)),
    ],
)
async def test_entities_that_telegram_would_drop_are_refused(
    telegram: FakeTelegram, bot: Bot, first: MessageEntity, second: MessageEntity
) -> None:
    """Links, quotes and code do not overlap, and code is not formatted."""
    with broken(telegram, "would be dropped"):
        await bot.send_message(CHANNEL, "خبر عاجل", entities=[first, second])


async def test_a_text_has_at_most_a_hundred_entities(telegram: FakeTelegram, bot: Bot) -> None:
    """A hundred pass, one more does not."""
    entities = [MessageEntity("bold", 2 * number, 1) for number in range(101)]
    with broken(telegram, "101 entities, at most 100"):
        await bot.send_message(CHANNEL, "ا " * 101, entities=entities)
    await bot.send_message(CHANNEL, "ا " * 101, entities=entities[:100])


async def test_parse_mode_is_refused_while_the_house_sends_entities(telegram: FakeTelegram, bot: Bot) -> None:
    """A parse_mode is a violation; a server told otherwise takes it."""
    with broken(telegram, "never a parse_mode", "Can't parse entities"):
        await bot.send_message(CHANNEL, "<b>خبر</b>", parse_mode="HTML")
    async with FakeTelegram(strictness=Strictness(entities_only=False)) as lenient, client_of(lenient) as other:
        lenient.add_channel(CHANNEL, "Alwasat")
        await other.send_message(CHANNEL, "<b>خبر</b>", parse_mode="HTML")
        lenient.assert_clean()


async def test_a_text_comes_back_as_telegram_keeps_it(telegram: FakeTelegram, bot: Bot) -> None:
    """Forbidden marks go, runs of direction marks become joiners, ends are trimmed, addresses and hashtags are found."""
    sent = await bot.send_message(
        CHANNEL,
        "\u202bعاجل\u202c\u200f\u200f: خبر #ليبيا https://alwasat.com/a. \n",
        entities=[MessageEntity("bold", 1, 4), MessageEntity("text_link", 10, 3, url="https://ALWASAT.com")],
    )
    assert sent.text == "عاجل\u200c\u200f: خبر #ليبيا https://alwasat.com/a."
    assert [(each.type, each.offset, each.length, each.url) for each in sent.entities] == [
        ("bold", 0, 4, None),
        ("text_link", 8, 3, "https://alwasat.com/"),
        ("hashtag", 12, 6, None),
        ("url", 19, 21, None),
    ]
    assert telegram.posts(CHANNEL)[0].entities == tuple(each.to_dict() for each in sent.entities)


async def test_formatting_comes_back_cut_at_the_borders_of_links(bot: Bot) -> None:
    """One bold stretch around a link is three afterwards; two that touch are one."""
    link = MessageEntity("text_link", 4, 4, url="https://alwasat.com/")
    around = await bot.send_message(CHANNEL, "خبر عاجل جدا", entities=[MessageEntity("bold", 0, 12), link])
    touching = [MessageEntity("bold", 0, 3), MessageEntity("bold", 3, 5), MessageEntity("italic", 5, 3)]
    joined = await bot.send_message(CHANNEL, "خبر عاجل جدا", entities=touching)
    assert [(each.type, each.offset, each.length) for each in around.entities] == [
        ("bold", 0, 4),
        ("text_link", 4, 4),
        ("bold", 4, 4),
        ("bold", 8, 4),
    ]
    assert [(each.type, each.offset, each.length) for each in joined.entities] == [
        ("bold", 0, 5),
        ("bold", 5, 3),
        ("italic", 5, 3),
    ]


# --- keyboards --------------------------------------------------------------------------------------------

PLAIN = InlineKeyboardButton("نشر", callback_data="x")


@pytest.mark.parametrize(
    ("rows", "rule", "words"),
    [
        ([[InlineKeyboardButton("نشر", callback_data="ا" * 33)]], "1 to 64 bytes", "Button_data_invalid"),
        ([[InlineKeyboardButton("نشر", callback_data="")]], "1 to 64 bytes", "Button_data_invalid"),
        ([[InlineKeyboardButton("نشر", url="alwasat")]], "is no address", "Button_url_invalid"),
        ([[InlineKeyboardButton("نشر")]], "exactly one thing", ""),
        ([[InlineKeyboardButton("نشر", callback_data="x", url="https://a.ly")]], "exactly one thing", ""),
        ([[InlineKeyboardButton(" ", callback_data="x")]], "needs words", ""),
        ([[PLAIN] * 9], "1 to 8 buttons", ""),
        ([[PLAIN]] * 101, "at most 100 buttons", "Reply markup is too long"),
    ],
)
async def test_a_keyboard_keeps_to_the_limits(
    telegram: FakeTelegram, bot: Bot, rows: list[list[InlineKeyboardButton]], rule: str, words: str
) -> None:
    """Buttons have words, do one thing, carry 64 bytes at most; there are at most 100 of them, 8 to a row."""
    with broken(telegram, rule, words):
        await bot.send_message(CHANNEL, "خبر", reply_markup=InlineKeyboardMarkup(rows))


async def test_a_keyboard_at_the_limits_is_sent(telegram: FakeTelegram, bot: Bot) -> None:
    """A hundred buttons of 64 bytes each are allowed."""
    button = InlineKeyboardButton("نشر", callback_data="ا" * 32)
    await bot.send_message(CHANNEL, "خبر", reply_markup=InlineKeyboardMarkup([[button] * 5] * 20))
    assert len(telegram.posts(CHANNEL)[0].buttons) == 100


# --- photos -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "rule", "words"),
    [
        (picture(9000, 1001), "9000 x 1001 pixels", "Photo_invalid_dimensions"),
        (picture(2001, 100), "2001 x 100 pixels", "Photo_invalid_dimensions"),
        (b"GIF89a nothing else", "no picture", "Image_process_failed"),
        (picture()[:200], "no picture", "Image_process_failed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture", "Image_process_failed"),
        (b"", "an empty file", "File must be non-empty"),
        (picture() + bytes(10 * 1024 * 1024), "at most 10485760", "is too big for a photo"),
    ],
)
async def test_a_photo_is_a_picture_of_fair_size(
    telegram: FakeTelegram, bot: Bot, content: bytes, rule: str, words: str
) -> None:
    """Bytes are decoded; sides add up to 10000 at most, one is 20 times the other at most, 10 MB in all."""
    with broken(telegram, rule, words):
        await bot.send_photo(CHANNEL, content)


@pytest.mark.parametrize("content", [picture(9000, 1000), picture(2000, 100), picture(image_format="WEBP")])
async def test_a_photo_at_the_limits_is_sent(telegram: FakeTelegram, bot: Bot, content: bytes) -> None:
    """The limits themselves are allowed, and JPEG is not the only format."""
    await bot.send_photo(CHANNEL, content)
    assert telegram.posts(CHANNEL)[0].photo == content


async def test_the_house_uploads_photos_itself(telegram: FakeTelegram, bot: Bot) -> None:
    """A photo by address is a violation; a server told otherwise refuses it as one it could not fetch."""
    with broken(telegram, "the house uploads photos", "Failed to get http url content"):
        await bot.send_photo(CHANNEL, "https://alwasat.com/a.jpg")
    async with FakeTelegram(strictness=Strictness(uploads_only=False)) as lenient, client_of(lenient) as other:
        lenient.add_channel(CHANNEL, "Alwasat")
        with pytest.raises(BadRequest, match="Failed to get http url content"):
            await other.send_photo(CHANNEL, "https://alwasat.com/a.jpg")
        lenient.assert_clean()


@pytest.mark.parametrize("count", [1, 11])
async def test_an_album_has_two_to_ten_photos(telegram: FakeTelegram, bot: Bot, count: int) -> None:
    """One is no album, eleven are too many."""
    with broken(telegram, "an album has 2 to 10 photos"):
        await bot.send_media_group(CHANNEL, [InputMediaPhoto(picture())] * count)


async def test_an_album_is_sent_whole_or_not_at_all(telegram: FakeTelegram, bot: Bot) -> None:
    """A bad second photo is named by its number, and the good first one is not sent."""
    with broken(telegram, "no picture", 'Failed to send message #2 with the error message "image_process_failed"'):
        await bot.send_media_group(CHANNEL, [InputMediaPhoto(picture()), InputMediaPhoto(b"nothing")])
    with broken(telegram, "this fake holds no video"):
        await bot.send_media_group(CHANNEL, [InputMediaPhoto(picture()), InputMediaVideo(b"nothing")])
