"""The methods of the fake Bot API that change what already stands in a chat."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.support.telegram_board import SERVICE, Board
from tests.support.telegram_chats import Chat, ChatKind
from tests.support.telegram_errors import Known, RefusedError, RuleError
from tests.support.telegram_keyboards import markup_of
from tests.support.telegram_posts import Content, StoredKind, StoredPost
from tests.support.telegram_sending import Reading
from tests.support.telegram_shape import Call

Json = dict[str, Any]
Method = Callable[[Call], object]

ANSWER_CHARACTERS = 200


class Editing:
    """Methods that edit, delete, pin and answer buttons.

    Args:
        board: Where messages stand.
        reading: Reads requests.
    """

    def __init__(self, board: Board, reading: Reading) -> None:
        self._board = board
        self._reading = reading

    def methods(self) -> dict[str, Method]:
        """The methods by their official names."""
        return {
            "editMessageText": self.edit_message_text,
            "editMessageCaption": self.edit_message_caption,
            "editMessageMedia": self.edit_message_media,
            "editMessageReplyMarkup": self.edit_message_reply_markup,
            "deleteMessage": self.delete_message,
            "pinChatMessage": self.pin_chat_message,
            "unpinChatMessage": self.unpin_chat_message,
            "answerCallbackQuery": self.answer_callback_query,
        }

    def edit_message_text(self, call: Call) -> Json:
        """Change the words, the preview and the keyboard of a text."""
        words, preview = self._reading.text(call.parameters), self._reading.preview(call.parameters)
        chat, post = self._target(call.parameters)
        if post.kind is not StoredKind.TEXT:
            raise RefusedError(Known.NO_TEXT_TO_EDIT)
        markup = markup_of(call.parameters, chat.kind)
        return self._change(post, Content(StoredKind.TEXT, words, markup=markup, preview=preview))

    def edit_message_caption(self, call: Call) -> Json:
        """Change the caption and the keyboard of a photo."""
        words = self._reading.caption(call.parameters)
        chat, post = self._target(call.parameters)
        if post.kind is not StoredKind.PHOTO:
            raise RefusedError(Known.NO_CAPTION_TO_EDIT)
        above = call.parameters.get("show_caption_above_media", False)
        markup = markup_of(call.parameters, chat.kind)
        return self._change(post, replace(post.content, words=words, markup=markup, caption_above=above))

    def edit_message_media(self, call: Call) -> Json:
        """Put a photo in the place of a photo or of a text."""
        chat, post = self._target(call.parameters)
        content = self._reading.photo_content(call.parameters["media"], call.uploads)
        return self._change(post, replace(content, markup=markup_of(call.parameters, chat.kind)))

    def edit_message_reply_markup(self, call: Call) -> Json:
        """Change the keyboard alone."""
        chat, post = self._target(call.parameters)
        return self._change(post, replace(post.content, markup=markup_of(call.parameters, chat.kind)))

    def _target(self, parameters: Json) -> tuple[Chat, StoredPost]:
        """Find a message that the bot may edit: see `can_edit_message` in td/telegram/MessagesManager.cpp."""
        if "inline_message_id" in parameters:
            raise RefusedError(Known.MESSAGE_ID_INVALID)
        if "chat_id" not in parameters or "message_id" not in parameters:
            raise RefusedError(Known.ID_NOT_SPECIFIED)
        chat = self._board.chats.editable(parameters["chat_id"])
        post = chat.standing_post(parameters["message_id"], Known.TO_EDIT_NOT_FOUND)
        if post.kind is StoredKind.SERVICE or post.origin is not None:
            raise RefusedError(Known.CANNOT_BE_EDITED)
        edits_all = chat.kind is ChatKind.CHANNEL and "can_edit_messages" in chat.rights
        if not (edits_all or _is_own(chat, post)):
            raise RefusedError(Known.CANNOT_BE_EDITED)
        return chat, post

    def _change(self, post: StoredPost, content: Content) -> Json:
        if content == post.content:
            raise RefusedError(Known.NOT_MODIFIED)
        self._board.change(post, content)
        return self._board.shown(post)

    def delete_message(self, call: Call) -> bool:
        """Delete a message: the bot's own, or any with the right to."""
        chat = self._board.chats.editable(call.parameters["chat_id"])
        post = chat.standing_post(call.parameters["message_id"], Known.TO_DELETE_NOT_FOUND)
        if not _is_own(chat, post):
            chat.require("can_delete_messages", Known.CANNOT_BE_DELETED)
        self._board.delete(post)
        return True

    def pin_chat_message(self, call: Call) -> bool:
        """Pin a message, which leaves a note with an id of its own."""
        chat = self._pinnable(call.parameters)
        post = chat.standing_post(call.parameters["message_id"], Known.TO_PIN_NOT_FOUND)
        if post.message_id not in chat.pinned:
            chat.pinned.append(post.message_id)
            pinned = {"pinned_message": self._board.shown(post, with_reply=False)}
            self._board.put(chat, SERVICE, by=self._board.chats.bot.id, service=pinned)
        return True

    def unpin_chat_message(self, call: Call) -> bool:
        """Unpin a message, or the newest pinned one."""
        chat = self._pinnable(call.parameters)
        message_id = call.parameters.get("message_id", chat.pinned[-1] if chat.pinned else None)
        post = chat.standing_post(message_id, Known.TO_UNPIN_NOT_FOUND)
        if post.message_id in chat.pinned:
            chat.pinned.remove(post.message_id)
        return True

    def _pinnable(self, parameters: Json) -> Chat:
        chat = self._board.chats.editable(parameters["chat_id"])
        chat.require(
            "can_edit_messages" if chat.kind is ChatKind.CHANNEL else "can_pin_messages", Known.NO_RIGHT_TO_PIN
        )
        return chat

    def answer_callback_query(self, call: Call) -> bool:
        """Answer a pressed button, once and in time."""
        text = call.parameters.get("text") or ""
        if len(text) > ANSWER_CHARACTERS:
            raise RuleError(Known.MESSAGE_TOO_LONG, f"an answer has at most {ANSWER_CHARACTERS} characters")
        press = self._board.presses.get(call.parameters["callback_query_id"])
        if press is None or press.answers or press.expired:
            raise RefusedError(Known.QUERY_TOO_OLD)
        press.answers = (text,)
        return True


def _is_own(chat: Chat, post: StoredPost) -> bool:
    """In a channel a post is the bot's own only as long as it may post there."""
    return post.from_bot and (chat.kind is not ChatKind.CHANNEL or "can_post_messages" in chat.rights)
