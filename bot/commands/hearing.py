"""What of all that Telegram brings is an order: a person's own fresh words to the bot, or a press. Pure."""

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from newsroom.order import Form, Order


def order_of(update: Update, bot_name: str, now: float) -> Order | None:
    """The order in it, if there is one.

    Forwarded and edited words are nobody's order, nor are those sent through another bot; an anonymous administrator
    and a channel carry a stand-in for their user, so that it is not known who speaks.

    Args:
        update: as Telegram brought it.
        bot_name: the bot's name without @: `/push@another_bot` is not for us.
        now: Unix seconds.
    """
    if update.callback_query is not None:
        return _press(update.update_id, update.callback_query, now)
    message = update.message
    if message is None or _speaks_for_another(message):
        return None
    text = (message.text or message.caption or "").strip()
    form = _form_of(message, text, bot_name)
    return None if form is None else _said(update.update_id, message, form, text, now)


def command_of(text: str) -> tuple[str, str]:
    """A command's name, lower case, and what follows it; no name where it is none."""
    words = text.split(maxsplit=1)
    if not words or not words[0].startswith("/"):
        return "", text
    return words[0][1:].partition("@")[0].lower(), text[len(words[0]) :].strip()


def _form_of(message: Message, text: str, bot_name: str) -> Form | None:
    """None for what people say to one another."""
    answered = message.reply_to_message
    if text.startswith("/"):
        name = text.split(maxsplit=1)[0].partition("@")[2]
        return Form.COMMAND if not name or name.casefold() == bot_name.casefold() else None
    if answered is not None and answered.from_user is not None and answered.from_user.username == bot_name:
        return Form.REPLY
    return Form.COMMAND if message.chat.type == ChatType.PRIVATE else None


def _speaks_for_another(message: Message) -> bool:
    user = message.from_user
    return (
        user is None
        or user.is_bot
        or message.sender_chat is not None
        or message.forward_origin is not None
        or message.via_bot is not None
    )


def _said(number: int, message: Message, form: Form, text: str, now: float) -> Order:
    user, answered = message.from_user, message.reply_to_message
    return Order(
        id=str(number),
        form=form,
        user=user.id if user else 0,
        name=user.full_name if user else "",
        chat=message.chat.id,
        reply_to=message.message_id,
        text=text,
        at=now,
        photo=message.photo[-1].file_id if message.photo else "",
        answers=answered.message_id if answered else 0,
        is_private=message.chat.type == ChatType.PRIVATE,
    )


def _press(number: int, query: CallbackQuery, now: float) -> Order | None:
    message = query.message
    if query.data is None or message is None or query.from_user.is_bot:
        return None
    return Order(
        id=str(number),
        form=Form.PRESS,
        user=query.from_user.id,
        name=query.from_user.full_name,
        chat=message.chat.id,
        reply_to=message.message_id,
        text=query.data,
        at=now,
        press=query.id,
        is_private=message.chat.type == ChatType.PRIVATE,
    )
