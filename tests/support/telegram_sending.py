"""The methods of the fake Bot API that put something into a chat."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Any

from tests.support.telegram_board import Board
from tests.support.telegram_chats import Chat
from tests.support.telegram_errors import (
    Known,
    Refusal,
    RefusedError,
    RuleError,
    failed_to_send,
    malformed,
)
from tests.support.telegram_flood import Floodgate
from tests.support.telegram_keyboards import markup_of
from tests.support.telegram_photos import PhotoTable, StoredPhoto
from tests.support.telegram_posts import Content, StoredKind, StoredPost
from tests.support.telegram_shape import Call, Upload
from tests.support.telegram_text import Formatted, caption_of, text_of

Json = dict[str, Any]
Method = Callable[[Call], object]

_ATTACH = "attach://"
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


@dataclass(slots=True)
class Strictness:
    """Rules of the house that are stricter than Telegram's own.

    Attributes:
        entities_only: `parse_mode` is a violation: the house sends entities. When off, texts are kept unparsed.
        uploads_only: A photo by web address is a violation: the house uploads bytes. When off, it is refused as an
            address that the server could not fetch.
    """

    entities_only: bool = True
    uploads_only: bool = True


class Reading:
    """Reads what requests have in common: words, photos, keyboards.

    Args:
        photos: The bot's photos.
        strictness: Rules of the house.
    """

    def __init__(self, photos: PhotoTable, strictness: Strictness) -> None:
        self.photos = photos
        self._strictness = strictness

    def text(self, parameters: Json) -> Formatted:
        """Read `text` and `entities`."""
        self._unparsed(parameters)
        return text_of(parameters.get("text", ""), parameters.get("entities") or ())

    def caption(self, parameters: Json) -> Formatted:
        """Read `caption` and `caption_entities`."""
        self._unparsed(parameters)
        return caption_of(parameters.get("caption") or "", parameters.get("caption_entities") or ())

    def photo(self, value: str, uploads: Mapping[str, Upload]) -> StoredPhoto:
        """Read a photo: an upload or a file id."""
        if not value:
            raise RefusedError(Known.NO_PHOTO)
        if value.startswith(_ATTACH):
            return self.photos.take_in(uploads[value.removeprefix(_ATTACH)].content)
        if value.startswith(("http://", "https://")):
            if self._strictness.uploads_only:
                raise RuleError(Known.URL_FAILED, "the house uploads photos, it does not let Telegram fetch them")
            raise RefusedError(Known.URL_FAILED)
        return self.photos.by_id(value)

    def photo_content(self, media: Json, uploads: Mapping[str, Upload]) -> Content:
        """Read an InputMediaPhoto.

        Raises:
            RuleError: It is of another type, which this fake does not hold.
        """
        if media["type"] != "photo":
            raise malformed(f"this fake holds no {media['type']}")
        return Content(
            StoredKind.PHOTO,
            self.caption(media),
            self.photo(media["media"], uploads),
            caption_above=media.get("show_caption_above_media", False),
        )

    def preview(self, parameters: Json) -> Json | None:
        """Read `link_preview_options`."""
        options: Json | None = parameters.get("link_preview_options")
        if options and options.get("prefer_small_media") and options.get("prefer_large_media"):
            raise malformed("a link preview is either small or large")
        return options

    def _unparsed(self, parameters: Json) -> None:
        if parameters.get("parse_mode") and self._strictness.entities_only:
            raise RuleError(Known.CANNOT_PARSE_ENTITIES, "the house sends entities, never a parse_mode")


class Sending:
    """Methods that send.

    Args:
        board: Where messages come into being.
        reading: Reads requests.
        floodgate: The flood limits.
    """

    def __init__(self, board: Board, reading: Reading, floodgate: Floodgate) -> None:
        self._board = board
        self._reading = reading
        self._floodgate = floodgate

    def methods(self) -> dict[str, Method]:
        """The methods by their official names."""
        return {
            "sendMessage": self.send_message,
            "sendPhoto": self.send_photo,
            "sendMediaGroup": self.send_media_group,
            "forwardMessage": self.forward_message,
            "copyMessage": self.copy_message,
            "sendChatAction": self.send_chat_action,
        }

    def send_message(self, call: Call) -> Json:
        """Send a text."""
        parameters = call.parameters
        words = self._reading.text(parameters)
        preview = self._reading.preview(parameters)
        chat = self._board.chats.writable(parameters["chat_id"])
        content = Content(StoredKind.TEXT, words, markup=markup_of(parameters, chat.kind), preview=preview)
        return self._board.shown(self._put(chat, content, parameters))

    def send_photo(self, call: Call) -> Json:
        """Send a photo with a caption."""
        parameters = call.parameters
        words = self._reading.caption(parameters)
        chat = self._board.chats.writable(parameters["chat_id"], "can_send_photos")
        content = Content(
            StoredKind.PHOTO,
            words,
            self._reading.photo(parameters["photo"], call.uploads),
            markup=markup_of(parameters, chat.kind),
            caption_above=parameters.get("show_caption_above_media", False),
        )
        return self._board.shown(self._put(chat, content, parameters))

    def send_media_group(self, call: Call) -> list[Json]:
        """Send an album of 2 to 10 photos: all of it or nothing."""
        parameters = call.parameters
        media = parameters["media"]
        if not 2 <= len(media) <= 10:
            raise malformed(f"an album has 2 to 10 photos, not {len(media)}")
        chat = self._board.chats.writable(parameters["chat_id"], "can_send_photos")
        contents = [self._one_of_many(number, each, call) for number, each in enumerate(media, start=1)]
        self._floodgate.admit(chat, len(contents), self._board.watch.monotonic())
        album, reply_to = str(int(token_hex(8), 16)), self._reply(chat, parameters)
        posts = [self._store(chat, content, parameters, reply_to, album=album) for content in contents]
        return [self._board.shown(post) for post in posts]

    def _one_of_many(self, number: int, media: Json, call: Call) -> Content:
        try:
            return self._reading.photo_content(media, call.uploads)
        except RuleError as error:
            raise RuleError(failed_to_send(number, error.refusal), error.rule) from None
        except RefusedError as error:
            raise RefusedError(failed_to_send(number, error.refusal)) from None

    def forward_message(self, call: Call) -> Json:
        """Forward a message; the answer shows all of it."""
        parameters = call.parameters
        source = self._source(parameters, Known.TO_FORWARD_NOT_FOUND, Known.CANNOT_BE_FORWARDED)
        chat = self._board.chats.writable(parameters["chat_id"], _right_for(source))
        content = replace(source.content, markup=None)
        return self._board.shown(self._put(chat, content, parameters, origin=self._board.origin_of(source)))

    def copy_message(self, call: Call) -> Json:
        """Send a message once more without saying where it is from; the answer is only the new id."""
        parameters = call.parameters
        source = self._source(parameters, Known.TO_COPY_NOT_FOUND, Known.CANNOT_BE_COPIED)
        chat = self._board.chats.writable(parameters["chat_id"], _right_for(source))
        content = replace(source.content, markup=markup_of(parameters, chat.kind))
        if "caption" in parameters and source.kind is StoredKind.PHOTO:
            content = replace(content, words=self._reading.caption(parameters))
        return {"message_id": self._put(chat, content, parameters).message_id}

    def send_chat_action(self, call: Call) -> bool:
        """Show that the bot is busy."""
        if call.parameters["action"] not in _ACTIONS:
            raise RuleError(Known.WRONG_ACTION, f"no such action: {call.parameters['action']!r}")
        self._board.chats.writable(call.parameters["chat_id"])
        return True

    def _source(self, parameters: Json, missing: Known, refusal: Known) -> StoredPost:
        chat = self._board.chats.readable(parameters["from_chat_id"])
        source = chat.standing_post(parameters["message_id"], missing)
        if chat.restricts_saving:
            raise RefusedError(Known.CONTENT_IS_PROTECTED)
        if source.kind is StoredKind.SERVICE or source.protected:
            raise RefusedError(refusal)
        return source

    def _put(self, chat: Chat, content: Content, parameters: Json, origin: Json | None = None) -> StoredPost:
        reply_to = self._reply(chat, parameters)
        self._floodgate.admit(chat, 1, self._board.watch.monotonic())
        return self._store(chat, content, parameters, reply_to, origin=origin)

    def _store(
        self,
        chat: Chat,
        content: Content,
        parameters: Json,
        reply_to: int | None,
        *,
        origin: Json | None = None,
        album: str | None = None,
    ) -> StoredPost:
        return self._board.put(
            chat,
            content,
            by=self._board.chats.bot.id,
            silent=parameters.get("disable_notification", False),
            protected=parameters.get("protect_content", False),
            reply_to=reply_to,
            album=album,
            origin=origin,
        )

    def _reply(self, chat: Chat, parameters: Json) -> int | None:
        if "message_thread_id" in parameters:
            raise RefusedError(Known.THREAD_NOT_FOUND)  # No chat of this fake is a forum.
        reply = parameters.get("reply_parameters")
        if reply is None:
            return None
        if reply.get("chat_id") not in {None, chat.id}:
            raise RuleError(
                Refusal(400, "Bad Request: message to be replied not found"), "this fake replies within one chat"
            )
        try:
            return chat.standing_post(reply.get("message_id"), Known.TO_REPLY_NOT_FOUND).message_id
        except RefusedError:
            if reply.get("allow_sending_without_reply"):
                return None
            raise


def _right_for(source: StoredPost) -> str:
    return "can_send_photos" if source.kind is StoredKind.PHOTO else "can_send_messages"
