"""What a bot may do in a channel: asked without posting anything."""

from telegram import Bot, ChatMemberAdministrator, ChatMemberOwner
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from newsroom.target import Target

_WANTED = {
    "can_post_messages": "post messages",
    "can_edit_messages": "edit messages of others",
    "can_delete_messages": "delete messages of others",
}


async def rights_of(bot: Bot, channel: Target) -> str:
    """What is missing for posting to the channel, and the mend, in one sentence; empty when nothing is.

    Asks getMe and getChatMember (Bot API), so it can be repeated.
    """
    try:
        me = await bot.get_me()
        member = await bot.get_chat_member(channel.address, me.id)
    except InvalidToken:
        return "Telegram refuses TELEGRAM_BOT_TOKEN; copy it again from @BotFather"
    except (BadRequest, Forbidden) as refusal:
        return f"Telegram says: {refusal.message}; check the name, and make the bot an administrator of the channel"
    except TelegramError as fault:
        return f"Telegram does not answer: {type(fault).__name__}"
    if isinstance(member, ChatMemberOwner):
        return ""
    if not isinstance(member, ChatMemberAdministrator):
        return f"@{me.username} is no administrator there; add it under Administrators with the right to post"
    missing = [words for right, words in _WANTED.items() if getattr(member, right) is False]
    return f"@{me.username} lacks the right to {', '.join(missing)}" if missing else ""
