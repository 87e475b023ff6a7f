"""What a bot may do in a channel: asked without posting anything, and told by Telegram when it changes."""

from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberMember, ChatMemberOwner, ChatMemberRestricted
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from newsroom.target import Target

NO_RIGHT = "The bot lacks the right to post there"

_WANTED = {
    "can_post_messages": "post messages",
    "can_edit_messages": "edit messages of others",
    "can_delete_messages": "delete messages of others",
}


def why_shut(member: ChatMember, *, is_channel: bool) -> str:
    """Why the bot, being this in a chat, cannot post there; empty when it can. Pure."""
    match member:
        case ChatMemberOwner():
            return ""
        case ChatMemberAdministrator():
            return NO_RIGHT if is_channel and not member.can_post_messages else ""
        case ChatMemberMember() if not is_channel:
            return ""
        case ChatMemberRestricted() if member.is_member and member.can_send_messages:
            return ""
        case ChatMemberMember() | ChatMemberRestricted():
            return NO_RIGHT
        case _:
            return "Telegram keeps the bot out of the chat"


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
