"""What an error of python-telegram-bot means for a post: the map from `telegram.error` to `Receipt`. Pure.

An error is judged by its class, its cause and its words, in that order. The class alone misleads: `BadRequest` and
`TimedOut` are both `NetworkError`, though the first certainly was not carried out and the second may have been. The
words are those of telegram-bot-api, Client.cpp, and of tdlib/td; python-telegram-bot keeps no HTTP status
(docs/decisions/0004-platform-receipts.md).
"""

import re
from datetime import timedelta
from functools import singledispatch

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    PassportDecryptionError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from newsroom.receipt import Later, NextMove, Receipt, Refused, Sent, Unknown
from publishing.departure import AGAIN_SECONDS, DeadlinePassedError
from publishing.quotation import quoted

FLOOD_SECONDS = 30.0
"""Wait after a 429 that names no time: a proxy in front of the Bot API gave it."""

_REFUSALS: tuple[tuple[str, NextMove, str], ...] = (
    # Words may still go where photos may not; this stands before the rights that refuse the bot altogether.
    ("rights to send photos", NextMove.STEP_DOWN, "The bot may not post photos there"),
    ("chat_send_photos_forbidden", NextMove.STEP_DOWN, "The bot may not post photos there"),
    ("chat_send_media_forbidden", NextMove.STEP_DOWN, "The bot may not post photos there"),
    # The chat is not there for us.
    ("chat not found", NextMove.PARK, "Telegram does not know the chat, or the bot is not in it"),
    ("chat_id is empty", NextMove.PARK, "Telegram does not know the chat, or the bot is not in it"),
    ("user not found", NextMove.PARK, "Telegram does not know the chat, or the bot is not in it"),
    ("peer_id_invalid", NextMove.PARK, "Telegram does not know the chat, or the bot is not in it"),
    ("upgraded to a supergroup", NextMove.PARK, "The group became a supergroup and has a new id"),
    ("message thread not found", NextMove.PARK, "The topic is gone"),
    ("topic_closed", NextMove.PARK, "The topic is closed"),
    ("topic_deleted", NextMove.PARK, "The topic is gone"),
    # The chat does not let us write.
    ("administrator rights", NextMove.PARK, "The bot lacks the right to post there"),
    ("no write access", NextMove.PARK, "The bot lacks the right to post there"),
    ("rights to send", NextMove.PARK, "The bot lacks the right to post there"),
    ("chat_write_forbidden", NextMove.PARK, "The bot lacks the right to post there"),
    ("chat_admin_required", NextMove.PARK, "The bot lacks the right to post there"),
    ("chat_send_plain_forbidden", NextMove.PARK, "The bot lacks the right to post there"),
    ("chat_guest_send_forbidden", NextMove.PARK, "The bot lacks the right to post there"),
    ("chat_restricted", NextMove.PARK, "Telegram restricted the chat"),
    ("user_banned_in_channel", NextMove.PARK, "Telegram restricted the bot"),
    # It concerns another message than the one to be posted; a plainer form would change nothing.
    ("message to edit not found", NextMove.DROP, "The post to be changed is gone"),
    ("message_id_invalid", NextMove.DROP, "The post to be changed is gone"),
    ("message can't be edited", NextMove.DROP, "The post can no longer be changed"),
    ("query is too old", NextMove.DROP, "The button was pressed too long ago"),
    ("manage pinned messages", NextMove.DROP, "The bot may not pin posts there"),
)
"""First hit wins. What is missing (too long, entities, picture, buttons, file, anything new) refuses this form."""

_FILE_REFUSED = re.compile(r"wrong file identifier|wrong file_id|invalid file_id|file_id_invalid|file_reference_")
_RETRY_AFTER = re.compile(r"too many requests(?:.*?retry after (\d+))?", re.DOTALL)
_TOO_LARGE = re.compile(r"(?:request entity|payload|content) too large")
_ELSEWHERE = re.compile(
    r"misdirected request|(?:moved permanently|found|temporary redirect|permanent redirect) \(30\d\)"
)
_TOKEN = re.compile(r"\d{6,}:[\w-]{20,}")


@singledispatch
def receipt_of(error: BaseException, *, left: bool = True) -> Receipt:
    """Say what an error means for the post.

    Args:
        error: what a send through python-telegram-bot raised.
        left: whether the whole request may have left. False makes a failure of the wire `Later`.
    """
    if not left:
        return Later(0.0, f"The request was broken off before it had left ({type(error).__name__}).")
    return Unknown(f"Sending ended in {type(error).__name__}; the post may stand there.")


def refuses_file(error: BadRequest) -> bool:
    """Whether Telegram no longer takes the file_id it was given, while it may well take the bytes."""
    return _FILE_REFUSED.search(error.message.casefold()) is not None


@receipt_of.register
def _(error: DeadlinePassedError, *, left: bool = True) -> Receipt:
    del left  # It is raised only where something still lacked.
    return Later(AGAIN_SECONDS, str(error))


@receipt_of.register
def _(error: TimeoutError, *, left: bool = True) -> Receipt:
    del error
    return _unanswered("no answer in time", left=left)


@receipt_of.register
def _(error: TelegramError, *, left: bool = True) -> Receipt:
    # "Invalid server response": status 200 with a body that is no JSON. It is no NetworkError, and it may stand there.
    del left
    return Unknown(f"Telegram's answer could not be read; the post may stand there: {said(error)}")


@receipt_of.register
def _(error: PassportDecryptionError, *, left: bool = True) -> Receipt:
    del error, left
    return Unknown("Telegram's answer could not be decrypted; the post may stand there.")


@receipt_of.register
def _(error: RetryAfter, *, left: bool = True) -> Receipt:
    del left
    wait = error.retry_after  # timedelta with PTB_TIMEDELTA, which `open_bot` sets; else int.
    return _flood(wait.total_seconds() if isinstance(wait, timedelta) else float(wait))


@receipt_of.register
def _(error: ChatMigrated, *, left: bool = True) -> Receipt:
    del left
    return Later(0.0, f"The group became a supergroup with the id {error.new_chat_id}: write that into the settings.")


@receipt_of.register
def _(error: Conflict, *, left: bool = True) -> Receipt:
    del left
    return Later(0.0, f"Another worker uses the bot at the same time: {said(error)}")


@receipt_of.register(InvalidToken)
@receipt_of.register(EndPointNotFound)
def _(error: TelegramError, *, left: bool = True) -> Receipt:
    del left
    return Refused(
        f"Telegram does not take the bot's token, or the API's address is wrong: {said(error)}", NextMove.PARK
    )


@receipt_of.register
def _(error: Forbidden, *, left: bool = True) -> Receipt:
    del left
    return _refusal(error) or Refused(f"Telegram keeps the bot out of the chat: {said(error)}", NextMove.PARK)


@receipt_of.register
def _(error: BadRequest, *, left: bool = True) -> Receipt:
    del left
    if "message is not modified" in error.message.casefold():
        return Sent(())
    return _refusal(error) or Refused(f"Telegram refuses this form of the post: {said(error)}", NextMove.STEP_DOWN)


@receipt_of.register
def _(error: TimedOut, *, left: bool = True) -> Receipt:
    return _wire(error, left=left)


@receipt_of.register
def _(error: NetworkError, *, left: bool = True) -> Receipt:
    words = error.message.casefold()
    if (flood := _RETRY_AFTER.match(words)) is not None:
        return _flood(float(flood[1] or FLOOD_SECONDS))
    if _TOO_LARGE.match(words):
        return Refused("The post is larger than Telegram or a proxy before it takes.", NextMove.STEP_DOWN)
    if _ELSEWHERE.match(words):
        return Refused(f"The API's address leads elsewhere: {said(error)}", NextMove.PARK)
    return _wire(error, left=left)


def _wire(error: NetworkError, *, left: bool) -> Receipt:
    """A failure below the Bot API, or an answer of its servers that says nothing about the post."""
    cause = error.__cause__
    match cause:
        case DeadlinePassedError():
            return receipt_of(cause)
        case None | TelegramError():
            return Unknown(f"Telegram answered with a failure of its own; the post may stand there: {said(error)}")
        case UnicodeError():
            return Refused("The words of the post cannot be written in UTF-8.")
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout() | httpx.ProxyError():
            return Later(0.0, f"No connection to Telegram ({type(cause).__name__}).")
        case httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return Refused("The API's address is no address of the web.", NextMove.PARK)
        case _:
            return _unanswered(type(cause).__name__, left=left)


def _unanswered(what: str, *, left: bool) -> Receipt:
    if not left:
        return Later(0.0, f"The connection to Telegram failed before the request had left ({what}).")
    return Unknown(f"Telegram's answer did not arrive ({what}); the post may stand there.")


def _flood(seconds: float) -> Receipt:
    return Later(seconds, f"Telegram asks to wait {seconds:g} s.")


def _refusal(error: TelegramError) -> Receipt | None:
    words = error.message.casefold()
    for fragment, move, why in _REFUSALS:
        if fragment in words:
            return Refused(f"{why}: {said(error)}", move)
    return None


def said(error: TelegramError) -> str:
    """Telegram's own words, without a bot's token."""
    words = error.message.partition(". Parsing the server response")[0]  # python-telegram-bot adds the whole page.
    return quoted(_TOKEN.sub("<token>", words))
