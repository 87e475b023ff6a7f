"""Changing a post that stands in a channel. The form stays: a caption is edited as a caption, a text as a text.

Telegram knows a post that went out as words alone, since its picture could not be had, as a text; our record of it
says photo. Its answer to the wrong kind of edit tells which it is (telegram-bot-api, Client.cpp).
"""

from dataclasses import dataclass

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    MessageEntity,
)
from telegram.error import BadRequest

from newsroom.post import Post, PostKind

IS_A_TEXT = "there is no caption in the message to edit"
IS_A_CAPTION = "there is no text in the message to edit"
UNCHANGED = "message is not modified"
GONE = ("message to delete not found", "message_id_invalid")


@dataclass(frozen=True, slots=True)
class TelegramEdit:
    """One message, and the post that is to stand in its place."""

    bot: Bot
    chat: str | int
    number: int
    post: Post
    label: str
    """What stands on the button to the newest post of the thread."""

    async def words(self) -> None:
        """New words; a picture stays as it is."""
        is_pictured = self.post.kind in {PostKind.PHOTO, PostKind.CARD}
        first, second = (self._caption, self._text) if is_pictured else (self._text, self._caption)
        try:
            await first()
        except BadRequest as error:
            if not _is_of_other_kind(error):
                raise
            await second()

    async def picture(self, photo: str | bytes) -> Message | None:
        """New words and a new picture, by its file_id or its bytes; gives the message where Telegram shows it."""
        media = InputMediaPhoto(
            photo, caption=self.post.text, caption_entities=entities_of(self.post), filename="photo.jpg"
        )
        shown = await self.bot.edit_message_media(
            media, chat_id=self.chat, message_id=self.number, reply_markup=self._button
        )
        return shown if isinstance(shown, Message) else None

    async def _caption(self) -> None:
        await self.bot.edit_message_caption(
            chat_id=self.chat,
            message_id=self.number,
            caption=self.post.text,
            caption_entities=entities_of(self.post),
            reply_markup=self._button,
        )

    async def _text(self) -> None:
        await self.bot.edit_message_text(
            self.post.text,
            chat_id=self.chat,
            message_id=self.number,
            entities=entities_of(self.post),
            link_preview_options=preview_of(self.post),
            reply_markup=self._button,
        )

    async def button(self) -> None:
        """The button alone; words and picture stay as they are. The same again is what stands already."""
        try:
            await self.bot.edit_message_reply_markup(self.chat, self.number, reply_markup=self._button)
        except BadRequest as error:
            if UNCHANGED not in error.message.casefold():
                raise

    @property
    def _button(self) -> InlineKeyboardMarkup | None:
        """To the newest post of the thread. It goes with every edit: one without it would take it away."""
        if not self.post.newest:
            return None
        return InlineKeyboardMarkup([[InlineKeyboardButton(self.label, url=self.post.newest)]])


async def remove_message(bot: Bot, chat: str | int, number: int) -> None:
    """Delete one message; one that is gone already is deleted.

    Raises:
        TelegramError: it may still stand.
    """
    try:
        await bot.delete_message(chat, number)
    except BadRequest as error:
        if not any(words in error.message.casefold() for words in GONE):
            raise


def entities_of(post: Post) -> list[MessageEntity]:
    """A post's marks as Telegram takes them."""
    if post.kind is PostKind.PLAIN:
        return []
    return [MessageEntity(span.kind.value, span.offset, span.length, url=span.url or None) for span in post.spans]


def preview_of(post: Post) -> LinkPreviewOptions:
    """The article's own large picture above a text."""
    if post.kind is PostKind.PLAIN or not post.link:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=post.link, prefer_large_media=True, show_above_text=True)


def _is_of_other_kind(error: BadRequest) -> bool:
    words = error.message.casefold()
    return IS_A_TEXT in words or IS_A_CAPTION in words
