"""What a bot may do in a channel: asked without posting anything, and told by Telegram when it changes."""

from dataclasses import dataclass

from telegram import (
    Bot,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberMember,
    ChatMemberOwner,
    ChatMemberRestricted,
    User,
)
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from newsroom.target import Target

NO_RIGHT = "The bot lacks the right to post there"

_IN_CHANNEL = {
    "can_post_messages": "post messages",
    "can_edit_messages": "edit messages of others and pin",
    "can_delete_messages": "delete messages of others",
}
"""In a channel the right to edit is the one to pin, too; groups have one of its own (Bot API, pinChatMessage)."""
_IN_GROUP = {"can_delete_messages": "delete messages of others", "can_pin_messages": "pin messages"}


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


@dataclass(frozen=True, slots=True)
class Lack:
    """What a bot lacks somewhere, and the mend, in one sentence."""

    said: str
    is_shut: bool = True
    """Nothing can be written there; else something less is missing."""
    is_refused: bool = False
    """The token itself is refused: no waiting mends that."""


async def name_of(bot: Bot) -> User | Lack:
    """Whose token it is. Asks getMe (Bot API), so it can be repeated."""
    try:
        return await bot.get_me()
    except InvalidToken:
        return Lack("Telegram refuses TELEGRAM_BOT_TOKEN; copy it again from @BotFather", is_refused=True)
    except TelegramError as fault:
        return Lack(f"Telegram does not answer: {type(fault).__name__}")


async def lack_in(bot: Bot, me: User, channel: Target) -> Lack | None:
    """What is missing for posting to the channel; None when nothing is. Asks getChatMember."""
    member = await _standing(
        bot, me, channel.address, "check the name, and make the bot an administrator of the channel"
    )
    if isinstance(member, Lack):
        return member
    if isinstance(member, ChatMemberOwner):
        return None
    if not isinstance(member, ChatMemberAdministrator):
        return Lack(f"@{me.username} is no administrator there; add it under Administrators with the right to post")
    # Only of a group does Telegram tell the right to pin.
    wanted = _IN_CHANNEL if member.can_pin_messages is None else _IN_GROUP
    missing = [words for right, words in wanted.items() if not getattr(member, right)]
    if not missing:
        return None
    said = f"@{me.username} lacks the right to {', '.join(missing)}: switch it on under Administrators"
    return Lack(said, is_shut=_IN_CHANNEL["can_post_messages"] in missing)


async def lack_at_desk(bot: Bot, me: User, desk: int) -> Lack | None:
    """Why the bot cannot speak in the editors' chat; None when it can. Asks getChatMember."""
    member = await _standing(bot, me, desk, "check the number, and add the bot to the editors' group")
    if isinstance(member, Lack):
        return member
    why = why_shut(member, is_channel=False)
    return Lack(f"{why}: add @{me.username} to the editors' group, with the right to write") if why else None


async def _standing(bot: Bot, me: User, chat: str | int, mend: str) -> ChatMember | Lack:
    try:
        return await bot.get_chat_member(chat, me.id)
    except (BadRequest, Forbidden) as refusal:
        return Lack(f"Telegram says: {refusal.message}; {mend}")
    except TelegramError as fault:
        return Lack(f"Telegram does not answer: {type(fault).__name__}")
