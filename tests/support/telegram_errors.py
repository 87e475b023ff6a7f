"""What the Bot API says when it refuses, word for word.

Sources: tdlib/telegram-bot-api, telegram-bot-api/Client.cpp (`fail_query_with_error`, `check_chat_access`,
`check_message`, `abort_long_poll`) and tdlib/td (the texts that Client.cpp passes on with a small first letter).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, unique


@dataclass(frozen=True, slots=True)
class Refusal:
    """One error answer.

    Attributes:
        status: HTTP status, repeated in the body as `error_code`.
        description: The body's `description`.
        parameters: The body's `parameters` (`retry_after` in seconds, `migrate_to_chat_id`); left out when empty.
    """

    status: int
    description: str
    parameters: Mapping[str, int] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        """Give the JSON body."""
        body: dict[str, object] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = dict(self.parameters)
        return body


def _bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


def _forbidden(description: str) -> Refusal:
    return Refusal(403, f"Forbidden: {description}")


@unique
class Known(Enum):
    """Every refusal with fixed words that the house must have an answer to, and those that this fake gives itself."""

    # The bot as a whole.
    UNAUTHORIZED = Refusal(401, "Unauthorized")
    NOT_FOUND = Refusal(404, "Not Found")
    METHOD_NOT_FOUND = Refusal(404, "Not Found: method not found")
    CONFLICT = Refusal(
        409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    TOO_LARGE = Refusal(413, "Request Entity Too Large")
    MISDIRECTED = Refusal(421, "Misdirected Request: unallowed token specified")
    INTERNAL = Refusal(500, "Internal Server Error")

    # The chat.
    CHAT_NOT_FOUND = _bad("chat not found")
    PRIVATE_CHAT_NOT_FOUND = _bad("private chat not found")
    CHAT_ID_EMPTY = _bad("chat_id is empty")
    KICKED_FROM_CHANNEL = _forbidden("bot was kicked from the channel chat")
    KICKED_FROM_SUPERGROUP = _forbidden("bot was kicked from the supergroup chat")
    KICKED_FROM_GROUP = _forbidden("bot was kicked from the group chat")
    LEFT_CHANNEL = _forbidden("bot is not a member of the channel chat")
    LEFT_SUPERGROUP = _forbidden("bot is not a member of the supergroup chat")
    LEFT_GROUP = _forbidden("bot is not a member of the group chat")
    GROUP_DELETED = _forbidden("the group chat was deleted")
    BLOCKED = _forbidden("bot was blocked by the user")
    DEACTIVATED = _forbidden("user is deactivated")
    NEVER_STARTED = _forbidden("bot can't initiate conversation with a user")
    USER_NOT_FOUND = _bad("user not found")
    THREAD_NOT_FOUND = _bad("message thread not found")
    TOPIC_CLOSED = _bad("TOPIC_CLOSED")

    # Rights.
    NEED_ADMINISTRATOR = _bad("need administrator rights in the channel chat")
    NO_WRITE_ACCESS = _bad("have no write access to the chat")
    NO_RIGHT_TO_SEND_TEXT = _bad("not enough rights to send text messages to the chat")
    NO_RIGHT_TO_SEND_PHOTOS = _bad("not enough rights to send photos to the chat")
    NO_RIGHT_TO_PIN = _bad("not enough rights to manage pinned messages in the chat")
    CHAT_WRITE_FORBIDDEN = _bad("CHAT_WRITE_FORBIDDEN")
    CHAT_ADMIN_REQUIRED = _bad("CHAT_ADMIN_REQUIRED")
    CANNOT_BE_EDITED = _bad("message can't be edited")
    CANNOT_BE_DELETED = _bad("message can't be deleted")
    CANNOT_BE_FORWARDED = _bad("message can't be forwarded")
    CANNOT_BE_COPIED = _bad("message can't be copied")
    CONTENT_IS_PROTECTED = _bad("message has protected content and can't be forwarded")

    # Which message.
    TO_EDIT_NOT_FOUND = _bad("message to edit not found")
    TO_DELETE_NOT_FOUND = _bad("message to delete not found")
    TO_FORWARD_NOT_FOUND = _bad("message to forward not found")
    TO_COPY_NOT_FOUND = _bad("message to copy not found")
    TO_REPLY_NOT_FOUND = _bad("message to be replied not found")
    TO_PIN_NOT_FOUND = _bad("message to pin not found")
    TO_UNPIN_NOT_FOUND = _bad("message to unpin not found")
    ID_NOT_SPECIFIED = _bad("message identifier is not specified")
    MESSAGE_ID_INVALID = _bad("MESSAGE_ID_INVALID")
    NOT_MODIFIED = _bad(
        "message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message"
    )
    NO_TEXT_TO_EDIT = _bad("there is no text in the message to edit")
    NO_CAPTION_TO_EDIT = _bad("there is no caption in the message to edit")
    QUERY_TOO_OLD = _bad("query is too old and response timeout expired or query ID is invalid")

    # The words.
    TEXT_TOO_LONG = _bad("message is too long")
    CAPTION_TOO_LONG = _bad("message caption is too long")
    MESSAGE_TOO_LONG = _bad("MESSAGE_TOO_LONG")
    TEXT_EMPTY = _bad("message text is empty")
    TEXT_NON_EMPTY = _bad("text must be non-empty")
    NOT_UTF8 = _bad("text must be encoded in UTF-8")
    CANNOT_PARSE_ENTITIES = _bad('can\'t parse entities: Unsupported start tag "x" at byte offset 0')
    BUTTON_DATA_INVALID = _bad("BUTTON_DATA_INVALID")
    BUTTON_URL_INVALID = _bad("BUTTON_URL_INVALID")
    MARKUP_TOO_LONG = _bad("reply markup is too long")
    COMMAND_INVALID = _bad("BOT_COMMAND_INVALID")
    COMMAND_DESCRIPTION_INVALID = _bad("BOT_COMMAND_DESCRIPTION_INVALID")
    WRONG_ACTION = _bad("wrong parameter action in request")

    # The picture.
    NO_PHOTO = _bad("there is no photo in the request")
    WRONG_FILE = _bad("wrong file identifier/HTTP URL specified")
    WRONG_URL = _bad("wrong HTTP URL specified")
    URL_FAILED = _bad("failed to get HTTP URL content")
    URL_WRONG_TYPE = _bad("wrong type of the web page content")
    URL_NO_UPLOAD = _bad("can't upload file by URL")
    IMAGE_PROCESS_FAILED = _bad("IMAGE_PROCESS_FAILED")
    PHOTO_DIMENSIONS = _bad("PHOTO_INVALID_DIMENSIONS")
    PHOTO_EXTENSION = _bad("photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp")
    PHOTO_SAVE = _bad("PHOTO_SAVE_FILE_INVALID")
    FILE_EMPTY = _bad("file must be non-empty")
    FILE_UNAVAILABLE = _bad("wrong file_id or the file is temporarily unavailable")
    FILE_REFERENCE = _bad("FILE_REFERENCE_EXPIRED")
    FILE_ID_INVALID = _bad("invalid file_id")
    FILE_TOO_BIG = _bad("file is too big")


def flood(seconds: int) -> Refusal:
    """429: the chat, or the bot, must be left alone for so many seconds."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def flood_without_parameters(seconds: int) -> Refusal:
    """429 as a proxy in front of the Bot API gives it: the seconds stand in the words alone."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}")


def migrated(chat_id: int) -> Refusal:
    """400: the group has become a supergroup and lives under a new id."""
    return Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat_id})


def photo_too_big(size: int) -> Refusal:
    """400 for a photo of more than 10 MB; `size` in bytes."""
    return _bad(f"file of size {size} bytes is too big for a photo; the maximum size is 10485760 bytes")


def failed_to_send(number: int, refusal: Refusal) -> Refusal:
    """400 for a media group that failed at its photo `number` (from 1)."""
    words = refusal.description.removeprefix("Bad Request: ")
    return _bad(f'failed to send message #{number} with the error message "{words}"')


class RefusedError(Exception):
    """The request is refused; the server answers with `refusal`."""

    def __init__(self, refusal: Refusal | Known) -> None:
        self.refusal = refusal.value if isinstance(refusal, Known) else refusal
        super().__init__(self.refusal.description)


class RuleError(RefusedError):
    """The request breaks a rule that no client of ours may ever break: refused, and recorded as a violation.

    Attributes:
        rule: One sentence on what is wrong.
    """

    def __init__(self, refusal: Refusal | Known, rule: str) -> None:
        super().__init__(refusal)
        self.rule = rule


def malformed(rule: str) -> RuleError:
    """400 for what no published error text covers; the rule is the description."""
    return RuleError(_bad(rule), rule)
