"""What the fake Bot API tells the bot: updates, polls, its standing; and how it keeps the bot within its rights."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot, BotCommand, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup
from telegram import Update as BotUpdate
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, TelegramError
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from tests.support.fake_telegram import FakeTelegram
from tests.support.faults import Fault
from tests.support.telegram_asking import scope_of
from tests.support.telegram_client import client_of, picture

CHANNEL, DISCUSSION, DESK, EDITOR = -1001, -1002, -1003, 501
BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("نشر", callback_data="v1:publish")]])


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """Give a server with a channel, its discussion group, a desk and an editor."""
    async with FakeTelegram() as telegram:
        telegram.add_user(EDITOR, "سالم")
        telegram.add_channel(CHANNEL, "Alwasat", linked_chat=DISCUSSION)
        telegram.add_group(DISCUSSION, "نقاش")
        telegram.add_group(DESK, "التحرير", members=[EDITOR])
        yield telegram
        telegram.assert_clean()


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    """Give a client."""
    async with client_of(telegram) as bot:
        yield bot


# --- polls ------------------------------------------------------------------------------------------------


async def test_a_long_poll_waits_for_what_somebody_says(telegram: FakeTelegram, bot: Bot) -> None:
    """The poll is open until an update comes, and gives it at once."""
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.wait_for(lambda: telegram.is_polled)
    said = telegram.say(EDITOR, "/push https://alwasat.com/a", DESK)
    [update] = await poll
    assert update.update_id == said.update_id
    assert update.message is not None
    assert (update.message.text, update.message.chat.id) == ("/push https://alwasat.com/a", DESK)
    assert [entity.type for entity in update.message.entities] == ["bot_command", "url"]


async def test_a_poll_gives_nothing_when_its_time_is_over(bot: Bot) -> None:
    """An empty answer comes after the timeout."""
    assert await bot.get_updates(timeout=timedelta(seconds=0)) == ()


async def test_an_update_stays_until_a_higher_offset_confirms_it(telegram: FakeTelegram, bot: Bot) -> None:
    """Asking again without confirming gives the same updates; limit and negative offsets count as documented."""
    ids = [telegram.say(EDITOR, f"{number}").update_id for number in range(4)]
    assert [update.update_id for update in await bot.get_updates()] == ids
    assert [update.update_id for update in await bot.get_updates(limit=2)] == ids[:2]
    assert [update.update_id for update in await bot.get_updates(offset=ids[1])] == ids[1:]
    assert [update.update_id for update in await bot.get_updates(offset=-1)] == ids[3:]
    assert await bot.get_updates(offset=(ids[3] or 0) + 1) == ()
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_the_older_of_two_polls_is_ended(telegram: FakeTelegram, bot: Bot) -> None:
    """As on the real server the newest getUpdates wins."""
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.wait_for(lambda: telegram.is_polled)
    async with client_of(telegram) as other:
        newer = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await older
        telegram.say(EDITOR, "خبر")
        assert len(await newer) == 1


async def test_only_allowed_updates_arise(telegram: FakeTelegram, bot: Bot) -> None:
    """What the last getUpdates did not allow is never told, not even later."""
    await bot.get_updates(allowed_updates=["callback_query"])
    assert telegram.say(EDITOR, "خبر").update_id is None
    await bot.get_updates(allowed_updates=[])
    assert telegram.say(EDITOR, "آخر").update_id is not None
    assert len(await bot.get_updates()) == 1


async def test_an_update_can_come_twice(telegram: FakeTelegram, bot: Bot) -> None:
    """A confirmed update is told once more when its confirmation is said to be lost."""
    said = telegram.say(EDITOR, "/push")
    [first] = await bot.get_updates()
    assert await bot.get_updates(offset=first.update_id + 1) == ()
    telegram.redeliver(said.update_id or 0)
    [again] = await bot.get_updates(offset=first.update_id + 1)
    assert again == first
    assert await bot.get_updates(offset=first.update_id + 1) == ()


async def test_pending_updates_can_be_dropped(telegram: FakeTelegram, bot: Bot) -> None:
    """The method deleteWebhook with drop_pending_updates empties the queue."""
    telegram.say(EDITOR, "خبر")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_an_answer_lost_on_the_way_confirms_nothing(telegram: FakeTelegram, bot: Bot) -> None:
    """Updates whose delivery was cut are told again."""
    telegram.say(EDITOR, "خبر")
    telegram.faults.add("getUpdates", Fault.HALF_BODY)
    with pytest.raises(TelegramError):
        await bot.get_updates()
    assert len(await bot.get_updates()) == 1


async def test_an_application_runs_against_it(telegram: FakeTelegram) -> None:
    """The whole of python-telegram-bot, polling, answers a command with buttons and a press with words."""

    async def push(update: BotUpdate, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_chat is not None
        await context.bot.send_message(update.effective_chat.id, "أنشره؟", reply_markup=BUTTON)

    async def publish(update: BotUpdate, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("تم")

    builder = Application.builder().token(telegram.token).base_url(f"{telegram.url}/bot")
    application = builder.build()
    application.add_handlers([CommandHandler("push", push), CallbackQueryHandler(publish)])
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=timedelta(seconds=30))
        telegram.say(EDITOR, "/push https://alwasat.com/a", DESK)
        await telegram.wait_for(lambda: telegram.posts(DESK))
        press = telegram.press(EDITOR, telegram.posts(DESK)[0], "v1:publish")
        await telegram.wait_for(lambda: press.answers)
        await application.updater.stop()
        await application.stop()
    assert press.answers == ("تم",)


async def test_waiting_in_vain_says_what_was_called(telegram: FakeTelegram, bot: Bot) -> None:
    """A wait that ends in vain names the last calls."""
    await bot.get_chat(DESK)
    with pytest.raises(TimeoutError, match="the last calls: getChat 200"):
        await telegram.wait_for(lambda: telegram.posts(CHANNEL), timeout=0.01)


# --- what the bot gets to see -----------------------------------------------------------------------------


async def test_a_channel_post_comes_back_from_the_discussion_group(telegram: FakeTelegram, bot: Bot) -> None:
    """The automatic forward names the channel and the post's id there; an edit of the post reaches it."""
    await bot.send_message(DESK, "غيره")
    telegram.note(CHANNEL)
    await bot.send_photo(CHANNEL, picture(), caption="خبر", reply_markup=BUTTON)
    await bot.edit_message_caption(CHANNEL, 2, caption="خبر مصحح")
    [told, changed] = await bot.get_updates()
    assert told.message is not None
    assert told.message.forward_origin is not None
    assert told.message.from_user is not None
    origin = told.message.forward_origin.to_dict()
    assert (origin["type"], origin["chat"]["id"], origin["message_id"]) == ("channel", CHANNEL, 2)
    assert (told.message.chat.id, told.message.from_user.id) == (DISCUSSION, 777000)
    assert (told.message.is_automatic_forward, told.message.caption) == (True, "خبر")
    assert changed.edited_message is not None
    assert changed.edited_message.caption == "خبر مصحح"


async def test_the_bot_is_not_told_of_its_own_posts(telegram: FakeTelegram, bot: Bot) -> None:
    """What it sent is no update, but what an editor posts by hand is."""
    telegram.chat(CHANNEL).linked = None
    await bot.send_message(CHANNEL, "خبر")
    telegram.say(EDITOR, "يدوي", CHANNEL)
    [update] = await bot.get_updates()
    assert update.channel_post is not None
    assert update.channel_post.text == "يدوي"


async def test_privacy_mode_hides_what_is_not_for_the_bot(telegram: FakeTelegram, bot: Bot) -> None:
    """A bot that is no administrator of a group hears commands, its name and replies to it."""
    telegram.demote(DESK)
    asked = await bot.send_message(DESK, "؟")
    heard = [
        telegram.say(EDITOR, "كلام بيننا", DESK),
        telegram.say(EDITOR, "/push", DESK),
        telegram.say(EDITOR, "يا @ajil_bot", DESK),
        telegram.say(EDITOR, "نعم", DESK, reply_to=telegram.chat(DESK).messages[asked.message_id]),
    ]
    assert [said.update_id is not None for said in heard] == [False, True, True, True]


async def test_odd_senders_can_be_played(telegram: FakeTelegram, bot: Bot) -> None:
    """Anonymous administrators, forwards, edits and photos come as they do from Telegram."""
    telegram.say(EDITOR, "/push", DESK, anonymous=True)
    telegram.say(EDITOR, "/push", forwarded=True)
    telegram.say(EDITOR, "/push", edited=True)
    telegram.say_photo(EDITOR, picture(), "/push https://alwasat.com")
    anonymous, forwarded, edited, photo = await bot.get_updates()
    assert anonymous.message is not None
    assert anonymous.message.sender_chat is not None
    assert anonymous.message.sender_chat.id == DESK
    assert forwarded.message is not None
    assert forwarded.message.forward_origin is not None
    assert edited.edited_message is not None
    assert photo.message is not None
    assert (photo.message.caption, len(photo.message.photo)) == ("/push https://alwasat.com", 1)


async def test_a_pressed_button_is_answered_once_and_in_time(telegram: FakeTelegram, bot: Bot) -> None:
    """The second answer, an answer too late, and one to nothing are refused in the same words."""
    await bot.send_message(DESK, "؟", reply_markup=BUTTON)
    press, late = (telegram.press(EDITOR, telegram.posts(DESK)[0], "v1:publish") for _ in range(2))
    late.expired = True
    await bot.answer_callback_query(press.id, "تم")
    assert press.answers == ("تم",)
    for query_id in (press.id, late.id, "1"):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
            await bot.answer_callback_query(query_id)
    with pytest.raises(ValueError, match="no button"):
        telegram.press(EDITOR, telegram.posts(DESK)[0], "v1:drop")


async def test_an_answer_to_a_button_is_short(telegram: FakeTelegram, bot: Bot) -> None:
    """More than 200 characters are a violation."""
    await bot.send_message(DESK, "؟", reply_markup=BUTTON)
    press = telegram.press(EDITOR, telegram.posts(DESK)[0], "v1:publish")
    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(press.id, "ا" * 201)
    assert press.answers == ()
    telegram.violations.clear()


# --- the bot's standing -----------------------------------------------------------------------------------


async def test_a_kick_is_told_and_then_refuses(telegram: FakeTelegram, bot: Bot) -> None:
    """The bot hears of its new standing; what it sends is forbidden, until it is an administrator again."""
    telegram.kick(CHANNEL)
    telegram.promote(CHANNEL)
    telegram.leave(CHANNEL)
    told = [update.my_chat_member for update in await bot.get_updates()]
    assert [each and (each.old_chat_member.status, each.new_chat_member.status) for each in told] == [
        ("administrator", "kicked"),
        ("kicked", "administrator"),
        ("administrator", "left"),
    ]
    with pytest.raises(Forbidden, match="bot is not a member of the channel chat"):
        await bot.send_message(CHANNEL, "خبر")
    telegram.kick(CHANNEL)
    with pytest.raises(Forbidden, match="bot was kicked from the channel chat"):
        await bot.get_chat(CHANNEL)
    telegram.promote(CHANNEL)
    await bot.send_message(CHANNEL, "خبر")


async def test_without_rights_in_a_channel_nothing_can_be_posted_edited_or_deleted(
    telegram: FakeTelegram, bot: Bot
) -> None:
    """Each refusal has its own words, and the post stands unchanged."""
    await bot.send_message(CHANNEL, "خبر")
    telegram.demote(CHANNEL)
    for words, call in (
        ("Need administrator rights in the channel chat", bot.send_message(CHANNEL, "آخر")),
        ("Message can't be edited", bot.edit_message_text("مصحح", CHANNEL, 1)),
        ("Message can't be deleted", bot.delete_message(CHANNEL, 1)),
        ("Not enough rights to manage pinned messages in the chat", bot.pin_chat_message(CHANNEL, 1)),
    ):
        with pytest.raises(BadRequest, match=words):
            await call
    assert [(post.text, post.history, post.deleted) for post in telegram.posts(CHANNEL)] == [("خبر", [], False)]


async def test_other_peoples_posts_need_rights_of_their_own(telegram: FakeTelegram, bot: Bot) -> None:
    """A channel's administrator may edit everybody's posts, a group's may not; both may delete them."""
    posted, said = telegram.say(EDITOR, "يدوي", CHANNEL).post, telegram.say(EDITOR, "كلام", DESK).post
    await bot.edit_message_text("مصحح", CHANNEL, posted.message_id)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("مصحح", DESK, said.message_id)
    telegram.demote(DESK, "can_delete_messages")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(DESK, said.message_id)
    telegram.promote(DESK)
    await bot.delete_message(DESK, said.message_id)


async def test_photos_alone_can_be_forbidden(telegram: FakeTelegram, bot: Bot) -> None:
    """In a group a restricted bot may still write."""
    telegram.demote(DESK, "can_send_photos")
    with pytest.raises(BadRequest, match="Not enough rights to send photos to the chat"):
        await bot.send_photo(DESK, picture())
    await bot.send_message(DESK, "خبر")
    assert (await bot.get_chat_member(DESK, telegram.bot.id)).status == "restricted"
    telegram.demote(DESK, "can_send_messages")
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await bot.send_message(DESK, "خبر")


async def test_a_group_that_moved_says_where_it_is(telegram: FakeTelegram, bot: Bot) -> None:
    """The refusal carries the new id, under which the bot may write."""
    telegram.add_group(-77, "قديم", supergroup=False)
    telegram.migrate(-77, -10077)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(-77, "خبر")
    assert caught.value.new_chat_id == -10077
    await bot.send_message(caught.value.new_chat_id, "خبر")


async def test_a_chat_that_is_unknown_is_not_found(telegram: FakeTelegram, bot: Bot) -> None:
    """Ids, names and chats that have vanished are refused alike."""
    telegram.vanish(DESK)
    for name in (-42, "@nobody", DESK):
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(name, "خبر")


async def test_commands_are_kept_for_each_scope(telegram: FakeTelegram, bot: Bot) -> None:
    """A list set for one chat is not the list of another; a bad name is a violation."""
    scope = BotCommandScopeChat(DESK)
    await bot.set_my_commands([BotCommand("push", "نشر")], scope=scope)
    assert await bot.get_my_commands(scope=scope) == (BotCommand("push", "نشر"),)
    assert await bot.get_my_commands() == ()
    assert telegram.commands[scope_of(scope.to_dict())] == [{"command": "push", "description": "نشر"}]
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("نشر", "نشر")])
    telegram.violations.clear()
