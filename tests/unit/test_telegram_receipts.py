"""Every error of python-telegram-bot has a receipt, by its class, its cause and its words."""

from datetime import timedelta

import httpx
import pytest
import telegram.error
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

from newsroom.receipt import Later, Receipt, Refused, Sent, Unknown
from publishing.departure import DeadlinePassedError
from publishing.telegram_receipts import FLOOD_SECONDS, receipt_of, refuses_file
from tests.support.telegram_errors import Known, Refusal

TOKEN = "123456789:AAF-thisIsNoRealTokenButLooksLikeOne"


def classes_of_telegram() -> set[type[TelegramError]]:
    """Every error class that python-telegram-bot defines, at any depth."""
    found = {
        each for each in vars(telegram.error).values() if isinstance(each, type) and issubclass(each, TelegramError)
    }
    waiting = list(found)
    while waiting:
        below = set(waiting.pop().__subclasses__()) - found
        found |= below
        waiting += below
    return found


def caused(error: TelegramError, cause: BaseException | None) -> TelegramError:
    """The error as `raise error from cause` leaves it."""
    error.__cause__ = cause
    return error


def told(refusal: Refusal) -> TelegramError:
    """What python-telegram-bot raises for this answer (BaseRequest._request_wrapper)."""
    match refusal.status:
        case 400:
            return BadRequest(refusal.description)
        case 403:
            return Forbidden(refusal.description)
        case 401 | 404:
            return InvalidToken(refusal.description)
        case 409:
            return Conflict(refusal.description)
        case _:
            return NetworkError(refusal.description)


def kind_of(receipt: Receipt) -> str:
    """Class of the receipt, and the move of a refusal."""
    return receipt.move.value if isinstance(receipt, Refused) else type(receipt).__name__


def test_every_error_class_of_telegram_is_mapped_by_itself() -> None:
    """A new version's new class must be judged before it is shipped."""
    # telegram.ext adds a class for buttons of its own kind, which no request raises; it is there once imported.
    asked = {each for each in classes_of_telegram() if each.__module__ == "telegram.error"}
    assert {each.__name__ for each in asked if each not in receipt_of.registry} == set()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (caused(NetworkError("httpx.ConnectError: refused"), httpx.ConnectError("refused")), "Later"),
        (caused(TimedOut(), httpx.ConnectTimeout("")), "Later"),
        (caused(TimedOut("Pool timeout"), httpx.PoolTimeout("")), "Later"),
        (caused(NetworkError("httpx.ProxyError"), httpx.ProxyError("")), "Later"),
        (caused(TimedOut(), httpx.ReadTimeout("")), "Unknown"),
        (caused(TimedOut(), httpx.WriteTimeout("")), "Unknown"),
        (caused(NetworkError("httpx.RemoteProtocolError"), httpx.RemoteProtocolError("")), "Unknown"),
        (caused(NetworkError("httpx.ReadError"), httpx.ReadError("")), "Unknown"),
        (caused(NetworkError("httpx.WriteError"), httpx.WriteError("")), "Unknown"),
        (caused(TelegramError("Invalid server response"), ValueError("no JSON")), "Unknown"),
        (caused(NetworkError("Bad Gateway (502). Parsing ... failed"), TelegramError("x")), "Unknown"),
        (NetworkError("Internal Server Error"), "Unknown"),
        (caused(NetworkError("Gateway Timeout (504)"), TelegramError("x")), "Unknown"),
        (caused(NetworkError("Request Entity Too Large (413). Parsing"), TelegramError("x")), "step_down"),
        (caused(NetworkError("Content Too Large (413)"), None), "step_down"),
        (NetworkError("Too Many Requests: retry after 7"), "Later"),
        (ChatMigrated(-1009), "Later"),
        (Conflict("Conflict: terminated by other getUpdates request"), "Later"),
        (InvalidToken(), "park"),
        (EndPointNotFound("Endpoint 'x' not found in Bot API"), "park"),
        (PassportDecryptionError("no"), "Unknown"),
        (NetworkError("Moved Permanently (301). Parsing"), "park"),
        (caused(NetworkError("no"), httpx.InvalidURL("no")), "park"),
        (caused(NetworkError("no"), httpx.UnsupportedProtocol("no")), "park"),
        (caused(NetworkError("no"), UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed")), "drop"),
        (caused(NetworkError("no"), DeadlinePassedError()), "Later"),
        (DeadlinePassedError(), "Later"),
        (TimeoutError(), "Unknown"),
        (KeyError("result"), "Unknown"),
    ],
)
def test_what_became_of_a_request_is_read_from_class_and_cause(error: BaseException, kind: str) -> None:
    """The measured table of what a failure raises: the class alone would mislead."""
    assert kind_of(receipt_of(error)) == kind


def test_every_failure_of_the_wire_that_is_not_known_to_lie_before_the_request_is_unknown() -> None:
    """A failure that httpx may add one day must not look as if nothing was sent."""
    before = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"}
    failures = {
        each for each in vars(httpx).values() if isinstance(each, type) and issubclass(each, httpx.TransportError)
    }
    unsure = {each.__name__ for each in failures if isinstance(receipt_of(caused(NetworkError(""), each(""))), Unknown)}
    assert unsure == {each.__name__ for each in failures} - before


@pytest.mark.parametrize("cause", [httpx.ReadTimeout(""), httpx.WriteError(""), httpx.RemoteProtocolError("")])
def test_a_failure_of_the_wire_before_the_last_byte_is_tried_again(cause: httpx.TransportError) -> None:
    """No platform carries out half a request."""
    assert isinstance(receipt_of(caused(NetworkError(""), cause), left=False), Later)


def test_a_time_out_of_our_own_before_the_last_byte_is_tried_again() -> None:
    """The same for the limit that we set ourselves."""
    assert isinstance(receipt_of(TimeoutError(), left=False), Later)


@pytest.mark.parametrize("left", [True, False])
def test_an_answer_of_the_server_outweighs_what_is_known_of_the_request(left: bool) -> None:  # noqa: FBT001  A case.
    """A failure on their side leaves open what they did; a refusal does not."""
    assert isinstance(receipt_of(NetworkError("Internal Server Error"), left=left), Unknown)
    assert kind_of(receipt_of(BadRequest("Bad Request: chat not found"), left=left)) == "park"


@pytest.mark.parametrize("durations", ["true", "false"])
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_a_flood_wait_is_taken_to_the_second(monkeypatch: pytest.MonkeyPatch, durations: str) -> None:
    """Whichever of its two types python-telegram-bot uses for it."""
    monkeypatch.setenv("PTB_TIMEDELTA", durations)
    assert receipt_of(RetryAfter(timedelta(seconds=17))) == Later(17.0, "Telegram asks to wait 17 s.")


def test_a_flood_wait_without_parameters_is_read_from_the_words() -> None:
    """A proxy in front of the Bot API answers like that."""
    assert receipt_of(NetworkError("Too Many Requests: retry after 31")) == Later(31.0, "Telegram asks to wait 31 s.")


def test_a_flood_wait_that_names_no_time_is_not_tried_again_at_once() -> None:
    """Nothing else is known than that it is too much."""
    receipt = receipt_of(caused(NetworkError("Too Many Requests (429). Parsing ..."), TelegramError("x")))
    assert isinstance(receipt, Later)
    assert receipt.seconds == FLOOD_SECONDS


def test_a_group_that_moved_tells_its_new_id() -> None:
    """Somebody has to write it into the settings."""
    receipt = receipt_of(ChatMigrated(-1001122334455))
    assert isinstance(receipt, Later)
    assert "-1001122334455" in receipt.why


EXPECTED: dict[Known, str] = {
    **dict.fromkeys((Known.UNAUTHORIZED, Known.NOT_FOUND, Known.METHOD_NOT_FOUND, Known.MISDIRECTED), "park"),
    Known.CONFLICT: "Later",
    Known.TOO_LARGE: "step_down",
    Known.INTERNAL: "Unknown",
    Known.NOT_MODIFIED: "Sent",
    # The chat, and the right to write there.
    **dict.fromkeys(
        (
            Known.CHAT_NOT_FOUND,
            Known.PRIVATE_CHAT_NOT_FOUND,
            Known.CHAT_ID_EMPTY,
            Known.KICKED_FROM_CHANNEL,
            Known.KICKED_FROM_SUPERGROUP,
            Known.KICKED_FROM_GROUP,
            Known.LEFT_CHANNEL,
            Known.LEFT_SUPERGROUP,
            Known.LEFT_GROUP,
            Known.GROUP_DELETED,
            Known.BLOCKED,
            Known.DEACTIVATED,
            Known.NEVER_STARTED,
            Known.USER_NOT_FOUND,
            Known.THREAD_NOT_FOUND,
            Known.TOPIC_CLOSED,
            Known.NEED_ADMINISTRATOR,
            Known.NO_WRITE_ACCESS,
            Known.NO_RIGHT_TO_SEND_TEXT,
            Known.CHAT_WRITE_FORBIDDEN,
            Known.CHAT_ADMIN_REQUIRED,
        ),
        "park",
    ),
    # Another message than the one to be posted.
    **dict.fromkeys(
        (
            Known.NO_RIGHT_TO_PIN,
            Known.CANNOT_BE_EDITED,
            Known.TO_EDIT_NOT_FOUND,
            Known.MESSAGE_ID_INVALID,
            Known.QUERY_TOO_OLD,
        ),
        "drop",
    ),
}
"""By the table of reactions; what is not named refuses the form of the post and steps down."""


@pytest.mark.parametrize("known", Known)
def test_every_refusal_of_the_bot_api_has_its_reaction(known: Known) -> None:
    """Word for word as the server says them."""
    assert kind_of(receipt_of(told(known.value))) == EXPECTED.get(known, "step_down")


def test_a_refusal_that_nobody_has_met_steps_down() -> None:
    """It certainly was not carried out, and the plainest form may still be taken: the news is not lost."""
    assert kind_of(receipt_of(BadRequest("Bad Request: SOMETHING_NEW"))) == "step_down"


def test_words_may_still_go_where_photos_may_not() -> None:
    """Only the right to post photos is missing, whichever status says so."""
    description = "not enough rights to send photos to the chat"
    assert kind_of(receipt_of(BadRequest(description))) == "step_down"
    assert kind_of(receipt_of(Forbidden(f"Forbidden: {description}"))) == "step_down"


def test_a_plain_success_is_no_error() -> None:
    """An edit that changes nothing has reached its end."""
    assert receipt_of(told(Known.NOT_MODIFIED.value)) == Sent(())


FILE_REFUSALS = {Known.WRONG_FILE, Known.FILE_UNAVAILABLE, Known.FILE_REFERENCE, Known.FILE_ID_INVALID}


@pytest.mark.parametrize("known", [known for known in Known if known.value.status == 400])
def test_a_refused_file_id_is_told_from_a_refused_picture(known: Known) -> None:
    """The first is followed by the bytes, the second by words."""
    assert refuses_file(BadRequest(known.value.description)) == (known in FILE_REFUSALS)


def test_a_receipt_quotes_telegram_without_a_token_and_at_a_readable_length() -> None:
    """It is stored, logged and shown to editors."""
    receipt = receipt_of(BadRequest(f"Bad Request: wrong https://h/bot{TOKEN}/x\n{'and so on ' * 100}"))
    assert isinstance(receipt, Refused)
    assert TOKEN not in receipt.why
    assert "\n" not in receipt.why
    assert len(receipt.why) < 300


def test_a_receipt_quotes_nothing_that_no_store_takes() -> None:
    """JSON may hold half a surrogate pair."""
    receipt = receipt_of(BadRequest("Wrong text: عاجل \ud83d"))
    assert isinstance(receipt, Refused)
    assert receipt.why.encode().decode().endswith("text: عاجل ?")


def test_a_proxys_page_is_not_quoted() -> None:
    """python-telegram-bot puts the whole page into its error."""
    receipt = receipt_of(NetworkError("Bad Gateway (502). Parsing the server response b'<html>...' failed"))
    assert isinstance(receipt, Unknown)
    assert receipt.why.endswith("Bad Gateway (502)")
