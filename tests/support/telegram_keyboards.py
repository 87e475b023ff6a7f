"""Keyboards under a message: what the Bot API takes, and what its server refuses later."""

from typing import Any
from urllib.parse import urlsplit

from tests.support.telegram_chats import ChatKind
from tests.support.telegram_errors import Known, RuleError, malformed

Json = dict[str, Any]

BUTTONS = 100
BUTTONS_IN_ROW = 8
CALLBACK_BYTES = 64
COPY_CHARACTERS = 256

_ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)


def markup_of(parameters: Json, kind: ChatKind) -> Json | None:
    """Give the keyboard of a request.

    Raises:
        RuleError: It breaks a rule.
    """
    markup: Json | None = parameters.get("reply_markup")
    if markup is None:
        return None
    if "inline_keyboard" not in markup:
        if kind is ChatKind.CHANNEL:
            raise malformed("inline keyboard expected")
        return markup
    rows = markup["inline_keyboard"]
    if sum(map(len, rows)) > BUTTONS:
        raise RuleError(Known.MARKUP_TOO_LONG, f"a keyboard has at most {BUTTONS} buttons")
    for row in rows:
        if not 1 <= len(row) <= BUTTONS_IN_ROW:
            raise malformed(f"a row has 1 to {BUTTONS_IN_ROW} buttons, not {len(row)}")
        for button in row:
            _check(button)
    return markup


def _check(button: Json) -> None:
    if not button["text"].strip():
        raise malformed("a button needs words")
    actions = _ACTIONS & button.keys()
    if len(actions) != 1:
        raise malformed(f"a button does exactly one thing, not {sorted(actions)}")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= CALLBACK_BYTES:
        raise RuleError(Known.BUTTON_DATA_INVALID, f"callback_data has 1 to {CALLBACK_BYTES} bytes")
    if "url" in button and not _is_address(button["url"]):
        raise RuleError(Known.BUTTON_URL_INVALID, f"{button['url']!r} is no address")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= COPY_CHARACTERS:
        raise malformed(f"a text to copy has 1 to {COPY_CHARACTERS} characters")


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "tg" or (parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in url)
