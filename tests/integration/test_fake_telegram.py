"""The fake Bot API keeps posts as Telegram does, and speaks so that two independent clients understand it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot as SecondBot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import (
    AnswerCallbackQuery,
    CopyMessage,
    DeleteMessage,
    DeleteWebhook,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    ForwardMessage,
    GetChat,
    GetChatAdministrators,
    GetChatMember,
    GetFile,
    GetMe,
    GetMyCommands,
    GetUpdates,
    GetWebhookInfo,
    PinChatMessage,
    SendChatAction,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    SetMyCommands,
    UnpinChatMessage,
)
from aiogram.methods.base import TelegramMethod
from aiogram.types import BotCommand, BufferedInputFile, InputMediaPhoto
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram import InputMediaPhoto as Photo
from telegram.error import BadRequest, Forbidden

from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_client import client_of, picture
from tests.support.telegram_posts import StoredKind
from tests.support.telegram_shape import strangers

CHANNEL, DISCUSSION, DESK, EDITOR = -1001, -1002, -1003, 501
BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("نشر", callback_data="v1:publish")]])


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """Give a server with a channel, its discussion group, a desk and an editor."""
    async with FakeTelegram() as telegram:
        telegram.add_user(EDITOR, "سالم")
        telegram.add_channel(CHANNEL, "Alwasat", "AlWasat", linked_chat=DISCUSSION)
        telegram.add_group(DISCUSSION, "نقاش")
        telegram.add_group(DESK, "التحرير", members=[EDITOR])
        yield telegram
        telegram.assert_clean()


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    """Give a client."""
    async with client_of(telegram) as bot:
        yield bot


@pytest.fixture
async def second(telegram: FakeTelegram) -> AsyncIterator[SecondBot]:
    """Give a client of another make."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
    async with SecondBot(telegram.token, session=session) as second:
        yield second


def calls_of_all_methods(telegram: FakeTelegram) -> list[TelegramMethod[Any]]:
    """Build one call of each method, in an order in which all succeed."""
    photo = BufferedInputFile(picture(), "a.jpg")
    known = telegram.posts(CHANNEL)[0].file_id or ""
    press = telegram.press(EDITOR, telegram.posts(DESK)[0], "v1:publish")
    return [
        GetMe(),
        GetUpdates(timeout=0),
        DeleteWebhook(),
        GetWebhookInfo(),
        SetMyCommands(commands=[BotCommand(command="push", description="نشر")]),
        GetMyCommands(),
        GetChat(chat_id=CHANNEL),
        GetChat(chat_id=EDITOR),
        GetChatMember(chat_id=CHANNEL, user_id=telegram.bot.id),
        GetChatMember(chat_id=DESK, user_id=EDITOR),
        GetChatAdministrators(chat_id=DESK),
        SendMessage(chat_id=CHANNEL, text="خبر https://alwasat.com #ليبيا"),
        SendPhoto(chat_id="@alwasat", photo=photo, caption="صورة"),
        SendMediaGroup(
            chat_id=CHANNEL, media=[InputMediaPhoto(media=known, caption="١"), InputMediaPhoto(media=photo)]
        ),
        EditMessageText(chat_id=CHANNEL, message_id=2, text="خبر مصحح"),
        EditMessageCaption(chat_id=CHANNEL, message_id=1, caption="تعليق"),
        EditMessageMedia(chat_id=CHANNEL, message_id=2, media=InputMediaPhoto(media=known)),
        EditMessageReplyMarkup(chat_id=DESK, message_id=1),
        ForwardMessage(chat_id=DESK, from_chat_id=CHANNEL, message_id=2),
        CopyMessage(chat_id=DESK, from_chat_id=CHANNEL, message_id=2),
        AnswerCallbackQuery(callback_query_id=press.id, text="تم"),
        PinChatMessage(chat_id=CHANNEL, message_id=2),
        GetChat(chat_id=CHANNEL),
        UnpinChatMessage(chat_id=CHANNEL),
        GetFile(file_id=known),
        SendChatAction(chat_id=DESK, action="typing"),
        DeleteMessage(chat_id=CHANNEL, message_id=2),
    ]


async def test_a_client_of_another_make_understands_every_answer(
    telegram: FakeTelegram, bot: Bot, second: SecondBot
) -> None:
    """The types of aiogram take every method's answer and find no field in it that the Bot API does not have."""
    await bot.send_photo(CHANNEL, picture())
    await bot.send_message(DESK, "؟", reply_markup=BUTTON)
    for call in calls_of_all_methods(telegram):
        answer = await second(call)
        assert list(strangers(answer)) == [], call.__api_method__
    assert {call.status for call in telegram.calls} == {200}


async def test_a_client_of_another_make_understands_every_update(
    telegram: FakeTelegram, bot: Bot, second: SecondBot
) -> None:
    """The types of aiogram take every kind of update that the fake gives and find nothing strange in it."""
    await bot.send_photo(CHANNEL, picture())
    await bot.edit_message_caption(CHANNEL, 1, caption="تعليق")
    asked = await bot.send_message(DESK, "؟", reply_markup=BUTTON)
    telegram.press(EDITOR, telegram.chat(DESK).messages[asked.message_id], "v1:publish")
    telegram.say(EDITOR, "/push https://alwasat.com", DESK, anonymous=True, reply_to=telegram.posts(DESK)[0])
    telegram.say(EDITOR, "كلام غيري", forwarded=True)
    telegram.say(EDITOR, "كلام معدل", edited=True)
    telegram.say_photo(EDITOR, picture(), "صورة")
    telegram.say(EDITOR, "منشور يدوي", CHANNEL)
    telegram.demote(DESK, "can_send_photos")
    telegram.demote(DESK)
    telegram.kick(CHANNEL)
    updates = await second.get_updates()
    assert [list(strangers(update)) for update in updates] == [[]] * len(updates)
    assert {update.event_type for update in updates} == {
        "message",
        "edited_message",
        "channel_post",
        "callback_query",
        "my_chat_member",
    }


async def test_a_text_is_kept_with_all_that_was_asked_for(telegram: FakeTelegram, bot: Bot) -> None:
    """Words, entities, preview, keyboard and silence stand in the stored post."""
    preview = LinkPreviewOptions(url="https://alwasat.com/a", prefer_large_media=True, show_above_text=True)
    sent = await bot.send_message(
        CHANNEL,
        "عاجل | خبر",
        entities=[MessageEntity("bold", 0, 4)],
        link_preview_options=preview,
        reply_markup=BUTTON,
        disable_notification=True,
    )
    [post] = telegram.posts(CHANNEL)
    assert (post.message_id, post.kind, post.text, post.silent) == (sent.message_id, StoredKind.TEXT, sent.text, True)
    assert post.entities == ({"type": "bold", "offset": 0, "length": 4},)
    assert post.content.preview == preview.to_dict()
    assert [button["text"] for button in post.buttons] == ["نشر"]
    assert post.date == int(sent.date.timestamp())


async def test_ids_run_on_without_a_gap_in_each_chat(telegram: FakeTelegram, bot: Bot) -> None:
    """Each chat counts for itself, notes and other people's posts count too, a deleted id is never used again."""
    first = await bot.send_message(CHANNEL, "١")
    telegram.note(CHANNEL)
    telegram.say(EDITOR, "يدوي", CHANNEL)
    await bot.delete_message(CHANNEL, first.message_id)
    last = await bot.send_message(CHANNEL, "٤")
    other = await bot.send_message(DESK, "١")
    assert (first.message_id, last.message_id, other.message_id) == (1, 4, 1)
    assert [post.message_id for post in telegram.posts(CHANNEL, everyone=True)] == [1, 2, 3, 4]
    assert [post.message_id for post in telegram.posts(CHANNEL)] == [1, 4]


async def test_a_photo_can_be_sent_again_by_its_id(telegram: FakeTelegram, bot: Bot) -> None:
    """The id that came with an upload stands for the same bytes in every chat."""
    sent = await bot.send_photo(CHANNEL, picture(1600, 900), caption="صورة")
    again = await bot.send_photo(DESK, sent.photo[-1].file_id)
    assert [(size.width, size.height) for size in sent.photo] == [
        (90, 51),
        (320, 180),
        (800, 450),
        (1280, 720),
        (1600, 900),
    ]
    assert again.photo == sent.photo
    assert telegram.posts(DESK)[0].photo == telegram.posts(CHANNEL)[0].photo == picture(1600, 900)


async def test_a_photo_of_another_bot_or_of_old_is_refused(telegram: FakeTelegram, bot: Bot) -> None:
    """A file id belongs to one bot, and the server may forget it."""
    sent = await bot.send_photo(CHANNEL, picture())
    with pytest.raises(BadRequest, match="Wrong file identifier/http url specified"):
        await bot.send_photo(CHANNEL, "AgACAgQAAx-of-another-bot")
    telegram.forget_files()
    with pytest.raises(BadRequest, match="Wrong file_id or the file is temporarily unavailable"):
        await bot.send_photo(CHANNEL, sent.photo[-1].file_id)
    assert len(telegram.posts(CHANNEL)) == 1


async def test_an_album_is_kept_as_posts_that_belong_together(telegram: FakeTelegram, bot: Bot) -> None:
    """Each photo has an id of its own, and all have one album's."""
    sent = await bot.send_media_group(CHANNEL, [Photo(picture(), caption="تعليق"), Photo(picture(shade=9))])
    assert [each.message_id for each in sent] == [1, 2]
    assert [post.text for post in telegram.posts(CHANNEL)] == ["تعليق", ""]
    assert len({post.album for post in telegram.posts(CHANNEL)}) == 1


async def test_an_edit_keeps_what_stood_there_before(telegram: FakeTelegram, bot: Bot) -> None:
    """A post has its history; one that only got another keyboard does not count as edited."""
    await bot.send_message(CHANNEL, "خبر")
    await bot.edit_message_reply_markup(CHANNEL, 1, reply_markup=BUTTON)
    assert telegram.posts(CHANNEL)[0].edited is None
    await bot.edit_message_text("خبر مصحح", CHANNEL, 1)
    [post] = telegram.posts(CHANNEL)
    assert [old.words.text for old in post.history] == ["خبر", "خبر"]
    assert (post.text, post.buttons) == ("خبر مصحح", ())
    assert post.edited is not None


async def test_a_text_can_become_a_photo(telegram: FakeTelegram, bot: Bot) -> None:
    """The method editMessageMedia puts a photo in the place of a text, under the same id."""
    await bot.send_message(CHANNEL, "خبر")
    await bot.edit_message_media(Photo(picture(), caption="خبر بصورة"), CHANNEL, 1)
    [post] = telegram.posts(CHANNEL)
    assert (post.message_id, post.kind, post.text, post.photo) == (1, StoredKind.PHOTO, "خبر بصورة", picture())


async def test_text_and_caption_are_not_edited_by_one_another(bot: Bot) -> None:
    """A photo has no text to edit and a text no caption."""
    await bot.send_message(CHANNEL, "خبر")
    await bot.send_photo(CHANNEL, picture())
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(CHANNEL, 1, caption="تعليق")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("نص", CHANNEL, 2)


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot) -> None:
    """The same words and keyboard once more are "not modified"."""
    await bot.send_message(CHANNEL, "خبر", reply_markup=BUTTON)
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await bot.edit_message_text("خبر ", CHANNEL, 1, reply_markup=BUTTON)
    await bot.edit_message_text("خبر", CHANNEL, 1)


async def test_what_is_deleted_is_gone_for_every_method(telegram: FakeTelegram, bot: Bot) -> None:
    """Each method says in its own words that the message is not there; the test still sees it."""
    await bot.send_message(CHANNEL, "خبر")
    await bot.delete_message(CHANNEL, 1)
    for words, call in (
        ("Message to edit not found", bot.edit_message_text("خ", CHANNEL, 1)),
        ("Message to delete not found", bot.delete_message(CHANNEL, 1)),
        ("Message to forward not found", bot.forward_message(DESK, CHANNEL, 1)),
        ("Message to copy not found", bot.copy_message(DESK, CHANNEL, 1)),
        ("Message to pin not found", bot.pin_chat_message(CHANNEL, 1)),
        ("Message to unpin not found", bot.unpin_chat_message(CHANNEL, 1)),
        ("Message to be replied not found", bot.send_message(CHANNEL, "رد", reply_parameters=ReplyParameters(1))),
    ):
        with pytest.raises(BadRequest, match=words):
            await call
    assert [post.deleted for post in telegram.posts(CHANNEL)] == [True]


async def test_a_reply_can_do_without_its_message(telegram: FakeTelegram, bot: Bot) -> None:
    """With allow_sending_without_reply a post goes out although what it answers is gone."""
    await bot.send_message(CHANNEL, "خبر")
    await bot.send_message(CHANNEL, "تحديث", reply_parameters=ReplyParameters(1))
    await bot.send_message(CHANNEL, "آخر", reply_parameters=ReplyParameters(9, allow_sending_without_reply=True))
    assert [post.reply_to for post in telegram.posts(CHANNEL)] == [None, 1, None]


async def test_a_forward_shows_the_whole_post_and_where_it_is_from(telegram: FakeTelegram, bot: Bot) -> None:
    """Reading back by forwarding works: words, caption, origin and origin's id; what is no post cannot be read."""
    await bot.send_photo(CHANNEL, picture(), caption="تعليق", reply_markup=BUTTON)
    telegram.note(CHANNEL)
    await bot.send_message(CHANNEL, "سر", protect_content=True)
    read = await bot.forward_message(DESK, CHANNEL, 1)
    assert read.forward_origin is not None
    origin = read.forward_origin.to_dict()
    assert (origin["type"], origin["chat"]["id"], origin["message_id"]) == ("channel", CHANNEL, 1)
    assert (read.caption, read.reply_markup) == ("تعليق", None)
    for number in (2, 3):
        with pytest.raises(BadRequest, match="Message can't be forwarded"):
            await bot.forward_message(DESK, CHANNEL, number)
    with pytest.raises(BadRequest, match="Message to forward not found"):
        await bot.forward_message(DESK, CHANNEL, 4)


async def test_a_copy_is_a_post_of_its_own(telegram: FakeTelegram, bot: Bot) -> None:
    """The method copyMessage gives only an id; the copy has no origin and may have another caption."""
    await bot.send_photo(CHANNEL, picture(), caption="تعليق")
    copied = await bot.copy_message(DESK, CHANNEL, 1, caption="آخر")
    [copy] = telegram.posts(DESK)
    assert (copied.message_id, copy.text, copy.origin, copy.photo) == (1, "آخر", None, picture())


async def test_a_pin_leaves_a_note_that_uses_up_an_id(telegram: FakeTelegram, bot: Bot) -> None:
    """After a pin the next post's id is one further than expected, and getChat shows the pinned post."""
    await bot.send_message(CHANNEL, "خبر")
    await bot.pin_chat_message(CHANNEL, 1, disable_notification=True)
    pinned = (await bot.get_chat(CHANNEL)).pinned_message
    assert pinned is not None
    assert pinned.message_id == 1
    assert (await bot.send_message(CHANNEL, "آخر")).message_id == 3
    await bot.unpin_chat_message(CHANNEL)
    assert telegram.chat(CHANNEL).pinned == []


async def test_a_channel_and_its_discussion_group_know_each_other(bot: Bot) -> None:
    """The method getChat gives the linked chat on both sides."""
    assert (await bot.get_chat(CHANNEL)).linked_chat_id == DISCUSSION
    assert (await bot.get_chat(DISCUSSION)).linked_chat_id == CHANNEL
    assert (await bot.get_chat("@alwasaT")).id == CHANNEL


async def test_a_file_can_be_downloaded(telegram: FakeTelegram, bot: Bot) -> None:
    """What an editor sends can be fetched; an unknown id cannot."""
    said = telegram.say_photo(EDITOR, picture(), "صورة")
    file = await bot.get_file(said.post.file_id or "")
    assert bytes(await file.download_as_bytearray()) == picture()
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("nothing")


async def test_a_person_who_never_spoke_to_the_bot_cannot_be_written_to(telegram: FakeTelegram, bot: Bot) -> None:
    """A bot opens no conversation; once spoken to it may answer, until it is blocked."""
    telegram.add_user(777, "غريب", started=False)
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(777, "مرحبا")
    telegram.say(777, "/start")
    await bot.send_message(777, "مرحبا")
    telegram.block(777)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(777, "مرحبا")
