"""What stands in a chat of the fake Bot API."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.support.telegram_photos import StoredPhoto
from tests.support.telegram_text import Formatted

Json = dict[str, Any]


class StoredKind(StrEnum):
    """What a stored message is made of."""

    TEXT = "text"
    PHOTO = "photo"
    SERVICE = "service"
    """A note of Telegram's own, such as "pinned": it uses up an id and can be neither forwarded nor edited."""


@dataclass(frozen=True, slots=True)
class Content:
    """What an edit can change.

    Attributes:
        kind: Text or photo.
        words: The text, or the photo's caption, with its entities as Telegram keeps them.
        photo: The photo.
        markup: The inline keyboard as it was sent.
        preview: The link preview options as they were sent.
        caption_above: Whether the caption stands above the photo.
    """

    kind: StoredKind
    words: Formatted
    photo: StoredPhoto | None = None
    markup: Json | None = None
    preview: Json | None = None
    caption_above: bool = False


@dataclass(slots=True)
class StoredPost:
    """One message in a chat.

    Attributes:
        chat_id: Its chat.
        message_id: Its id there.
        content: As it stands now.
        by: User who wrote it; None for a channel post.
        sender_chat: Chat in whose name it stands: a channel for its posts and for their forwards.
        from_bot: Whether our bot put it there.
        date: Unix seconds.
        at: Monotonic seconds at which it came into being (for a late commit: not when the request came).
        silent: Whether it came without a sound.
        protected: Whether it can be neither forwarded nor copied.
        reply_to: Message it answers.
        album: Id of its media group.
        origin: The Bot API's MessageOrigin when it is a forward.
        automatic: Whether Telegram itself forwarded it from the linked channel.
        service: For a service message the fields that make it one.
        history: What stood there before each edit, the first first.
        edited: Unix seconds of the last edit; None when only the keyboard changed, or nothing.
        deleted: Whether it has been deleted.
    """

    chat_id: int
    message_id: int
    content: Content
    date: int
    at: float
    by: int | None = None
    sender_chat: int | None = None
    from_bot: bool = False
    silent: bool = False
    protected: bool = False
    reply_to: int | None = None
    album: str | None = None
    origin: Json | None = None
    automatic: bool = False
    service: Json = field(default_factory=dict)
    history: list[Content] = field(default_factory=list)
    edited: int | None = None
    deleted: bool = False

    @property
    def kind(self) -> StoredKind:
        """Text, photo or service."""
        return self.content.kind

    @property
    def text(self) -> str:
        """The text, or the caption of a photo."""
        return self.content.words.text

    @property
    def entities(self) -> tuple[Json, ...]:
        """The entities of the text or caption, those that Telegram found included."""
        return self.content.words.entities

    @property
    def photo(self) -> bytes | None:
        """The photo's bytes as they were uploaded."""
        return self.content.photo.content if self.content.photo else None

    @property
    def file_id(self) -> str | None:
        """The id of the photo's largest copy."""
        return self.content.photo.largest.file_id if self.content.photo else None

    @property
    def buttons(self) -> tuple[Json, ...]:
        """The inline keyboard's buttons, row by row."""
        rows = (self.content.markup or {}).get("inline_keyboard", [])
        return tuple(button for row in rows for button in row)

    def change(self, content: Content, edited: int | None) -> None:
        """Put new content in place and the old into the history."""
        self.history.append(self.content)
        self.content = content
        self.edited = edited or self.edited


def shown_content(content: Content) -> Json:
    """Give the fields of the Bot API's Message that an edit can change."""
    shown: Json = {}
    text, entities = ("caption", "caption_entities") if content.kind is StoredKind.PHOTO else ("text", "entities")
    if content.words.text:
        shown[text] = content.words.text
    if content.words.entities:
        shown[entities] = [dict(entity) for entity in content.words.entities]
    if content.photo:
        shown["photo"] = [size.shown() for size in content.photo.sizes]
    if content.markup and "inline_keyboard" in content.markup:
        shown["reply_markup"] = content.markup
    if content.preview:
        shown["link_preview_options"] = content.preview
    if content.caption_above:
        shown["show_caption_above_media"] = True
    return shown
