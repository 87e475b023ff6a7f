"""Every error on the way to X has a receipt: by X's answer where there is one, else by whether the request had left."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import aiohttp
import aiohttp.client_exceptions
import pytest
import tweepy.errors
from tweepy.errors import HTTPException, TweepyException

from newsroom.receipt import Later, NextMove, Receipt, Refused, Unknown
from publishing.departure import AGAIN_SECONDS, DeadlinePassedError
from publishing.x_client import _judged
from publishing.x_receipts import DUPLICATE_TEXT, LONGEST_WAIT_SECONDS, NO_RESET_SECONDS, receipt_of
from tests.support.x_problems import (
    CASHTAGS,
    DUPLICATE,
    EMPTY,
    INTERNAL_ERROR,
    MEDIA_IDS,
    NOT_PERMITTED,
    TOO_LONG,
    RefusedError,
    Standing,
    depleted,
    forbidden,
    invalid,
    standing_refusal,
    too_many,
    unauthorized,
    unsupported_authentication,
)

NOW = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
DEVELOPER = "1893360500000000000"


def answered(
    status: int, document: Mapping[str, object] | None, headers: Mapping[str, str] | None = None
) -> HTTPException:
    """The error that the client raises for this answer."""
    with pytest.raises(HTTPException) as raised:
        _judged(status, "Some Reason", headers or {}, None if document is None else dict(document))
    error: HTTPException = raised.value
    return error


def refused(refusal: RefusedError, headers: Mapping[str, str] | None = None) -> Receipt:
    """The receipt for what X says in such a case."""
    return receipt_of(answered(refusal.status, refusal.body, headers), now=NOW)


def kind_of(receipt: Receipt) -> str:
    """Class of the receipt, and the move of a refusal."""
    return receipt.move.value if isinstance(receipt, Refused) else type(receipt).__name__


def seconds_of(receipt: Receipt) -> float:
    """The wait of a `Later`."""
    assert isinstance(receipt, Later)
    return receipt.seconds


def bare(kind: type[BaseException]) -> BaseException:
    """An error of a class whose own arguments do not matter here."""
    return kind.__new__(kind)


def stands_in(seconds: int) -> str:
    """A header that names a moment so many seconds from now."""
    return str(int(NOW.timestamp()) + seconds)


def test_every_error_class_of_tweepy_is_mapped_by_itself() -> None:
    """A new version's new class must be judged before it is shipped."""
    classes = {
        each for each in vars(tweepy.errors).values() if isinstance(each, type) and issubclass(each, TweepyException)
    }
    assert {each.__name__ for each in classes if each not in receipt_of.registry} == set()


WIRE = {
    "Later": {
        "ClientConnectorError",
        "ClientConnectorDNSError",
        "ClientConnectorSSLError",
        "ClientConnectorCertificateError",
        "ClientSSLError",
        "ClientProxyConnectionError",
        "UnixClientConnectorError",
        "ClientHttpProxyError",
        "ConnectionTimeoutError",
        "ServerFingerprintMismatch",
    },
    "park": {
        "InvalidURL",
        "InvalidUrlClientError",
        "InvalidUrlRedirectClientError",
        "NonHttpUrlClientError",
        "NonHttpUrlRedirectClientError",
    },
    "Unknown": {
        "ClientError",
        "ClientConnectionError",
        "ClientConnectionResetError",
        "ClientOSError",
        "ClientPayloadError",
        "ClientResponseError",
        "ContentTypeError",
        "RedirectClientError",
        "ServerConnectionError",
        "ServerDisconnectedError",
        "ServerTimeoutError",
        "SocketTimeoutError",
        "TooManyRedirects",
        "UploadAbortedError",
        "WSServerHandshakeError",
    },
}
"""Every client error of aiohttp, judged one by one."""


def test_every_client_error_of_aiohttp_is_judged() -> None:
    """A new version's new class must be judged before it is shipped, and none may look unsent by accident."""
    found = [*vars(aiohttp).values(), *vars(aiohttp.client_exceptions).values()]
    errors = {each for each in found if isinstance(each, type) and issubclass(each, aiohttp.ClientError)}
    judged: dict[str, set[str]] = {kind: set() for kind in WIRE}
    for each in errors:
        judged[kind_of(receipt_of(bare(each), now=NOW))].add(each.__name__)
    assert judged == WIRE


@pytest.mark.parametrize("kind", [aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, TimeoutError])
def test_a_failure_of_the_wire_before_the_last_byte_is_tried_again(kind: type[Exception]) -> None:
    """No platform carries out half a request."""
    assert isinstance(receipt_of(kind(), now=NOW, left=False), Later)


def test_a_failure_of_the_wire_after_the_last_byte_is_unknown() -> None:
    """The commonest of all: the answer does not come in time."""
    assert isinstance(receipt_of(TimeoutError(), now=NOW), Unknown)


def test_a_deadline_that_passed_inside_aiohttp_is_found_in_the_cause() -> None:
    """What the body raises comes back wrapped."""
    error = aiohttp.ClientConnectionError("Failed to send bytes")
    error.__cause__ = DeadlinePassedError()
    assert receipt_of(error, now=NOW) == Later(AGAIN_SECONDS, str(DeadlinePassedError()))


def test_a_deadline_that_passed_before_the_request_holds_only_this_delivery_back() -> None:
    """The account itself is well."""
    assert receipt_of(DeadlinePassedError(), now=NOW) == Later(AGAIN_SECONDS, str(DeadlinePassedError()))


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (forbidden(TOO_LONG), "drop"),
        (forbidden(CASHTAGS), "drop"),
        (forbidden(NOT_PERMITTED), "drop"),
        (forbidden(DUPLICATE), "already_there"),
        (invalid("text: is too long"), "drop"),
        (invalid(MEDIA_IDS), "step_down"),
        (invalid(EMPTY), "step_down"),
        (unauthorized("revoked"), "park"),
        (unsupported_authentication(), "park"),
        (depleted(DEVELOPER), "Later"),
        (too_many(), "Later"),
        (RefusedError(500, INTERNAL_ERROR), "Unknown"),
    ],
)
def test_every_refusal_of_x_has_its_reaction(refusal: RefusedError, kind: str) -> None:
    """Word for word as X says them."""
    assert kind_of(refused(refusal)) == kind


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.GOOD])
def test_an_account_or_app_out_of_favour_is_parked_and_a_used_up_plan_waits(standing: Standing) -> None:
    """What a person must put right is told apart from what time puts right."""
    refusal = standing_refusal(standing, DEVELOPER)
    assert refusal is not None
    capped = standing in {Standing.CAPPED_DAILY, Standing.CAPPED_MONTHLY}
    assert kind_of(refused(refusal)) == ("Later" if capped else "park")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, "Unknown"),
        (201, "Unknown"),
        (301, "park"),
        (303, "Unknown"),
        (308, "park"),
        (400, "drop"),
        (401, "park"),
        (402, "Later"),
        (403, "drop"),
        (404, "park"),
        (408, "Unknown"),
        (409, "drop"),
        (413, "step_down"),
        (422, "drop"),
        (429, "Later"),
        (500, "Unknown"),
        (502, "Unknown"),
        (503, "Unknown"),
        (504, "Unknown"),
    ],
)
def test_an_answer_that_is_no_json_is_judged_by_its_status(status: int, kind: str) -> None:
    """A proxy's page, or nothing at all; tweepy alone would raise aiohttp's ContentTypeError."""
    assert kind_of(receipt_of(answered(status, None), now=NOW)) == kind


def test_a_duplicate_is_told_apart_from_every_other_refusal() -> None:
    """After an uncertain attempt it means that the post stands there."""
    assert refused(forbidden(DUPLICATE)) == Refused(DUPLICATE_TEXT, NextMove.ALREADY_THERE)


def test_an_empty_purse_is_looked_at_hourly() -> None:
    """A person has to fill it."""
    assert seconds_of(refused(depleted(DEVELOPER))) == 3600.0


def test_a_rate_limit_waits_until_a_second_after_its_reset() -> None:
    """X names the moment in whole seconds."""
    assert seconds_of(refused(too_many(), {"x-rate-limit-reset": stands_in(400)})) == 401.0


def test_a_days_limit_that_is_used_up_outweighs_the_quarter_hours() -> None:
    """Both come with the same answer."""
    headers = {
        "x-rate-limit-remaining": "57",
        "x-rate-limit-reset": stands_in(100),
        "x-app-limit-24hour-remaining": "0",
        "x-app-limit-24hour-reset": stands_in(5000),
        "x-user-limit-24hour-remaining": "0",
        "x-user-limit-24hour-reset": stands_in(7000),
    }
    assert seconds_of(refused(too_many(), headers)) == 7001.0


def test_a_days_limit_that_is_not_used_up_says_nothing() -> None:
    """It stands in every answer on some plans."""
    headers = {
        "x-rate-limit-reset": stands_in(100),
        "x-app-limit-24hour-remaining": "3",
        "x-app-limit-24hour-reset": stands_in(5000),
    }
    assert seconds_of(refused(too_many(), headers)) == 101.0


@pytest.mark.parametrize("value", ["", "soon", "-5", "1e9", "٥٥", "12.5"])
def test_a_limit_without_a_readable_moment_waits_a_minute(value: str) -> None:
    """A proxy that answers 429 knows no moment."""
    assert seconds_of(refused(too_many(), {"x-rate-limit-reset": value} if value else None)) == NO_RESET_SECONDS


def test_a_moment_in_the_past_is_not_tried_again_at_once() -> None:
    """X's clock and ours differ."""
    assert seconds_of(refused(too_many(), {"x-rate-limit-reset": stands_in(-400)})) == 1.0


def test_no_header_holds_an_account_for_longer_than_a_day() -> None:
    """X has no longer limit, so the header is wrong."""
    headers = {"x-rate-limit-reset": stands_in(40 * 86400)}
    assert seconds_of(refused(too_many(), headers)) == LONGEST_WAIT_SECONDS


@pytest.mark.parametrize("standing", [Standing.CAPPED_DAILY, Standing.CAPPED_MONTHLY])
def test_a_plan_that_is_used_up_is_looked_at_when_the_day_is_over(standing: Standing) -> None:
    """Midnight in UTC; where X's month begins is not told."""
    refusal = standing_refusal(standing, DEVELOPER)
    assert refusal is not None
    assert seconds_of(refused(refusal)) == timedelta(hours=2, minutes=30).total_seconds()


@pytest.mark.parametrize(
    "document",
    [
        {"errors": "no list"},
        {"errors": [None, 5, ["x"], {"message": {"no": "text"}}]},
        {"errors": [{"code": [], "message": None}], "error": {"message": 3}},
        {"detail": ["no text"], "title": 5, "type": None},
        {"error": "no list to append to"},
        {"errors": None, "detail": None},
    ],
)
def test_a_problem_of_an_unheard_of_shape_is_still_judged(document: Mapping[str, object]) -> None:
    """Whatever stands in the body, the status stands."""
    assert kind_of(receipt_of(answered(403, document), now=NOW)) == "drop"


def test_an_error_of_tweepy_carries_status_headers_and_words() -> None:
    """So that whoever meets it can tell more than the receipt does."""
    error = answered(403, forbidden(DUPLICATE).body, {"x-rate-limit-remaining": "5"})
    assert isinstance(error, tweepy.errors.Forbidden)
    assert (error.response.status, error.response.headers["x-rate-limit-remaining"]) == (403, "5")
    assert error.api_messages == [DUPLICATE]


def test_a_receipt_quotes_x_at_a_readable_length() -> None:
    """It is stored, logged and shown to editors."""
    receipt = refused(forbidden(f"No.\n{'and so on ' * 100}"))
    assert isinstance(receipt, Refused)
    assert "\n" not in receipt.why
    assert len(receipt.why) < 300


def test_a_receipt_quotes_nothing_that_no_store_takes() -> None:
    """JSON may hold half a surrogate pair."""
    receipt = receipt_of(answered(400, {"detail": "text: عاجل \ud83d"}), now=NOW)
    assert isinstance(receipt, Refused)
    assert receipt.why.encode().decode().endswith("text: عاجل ?")


def test_an_error_of_nobody_is_unknown() -> None:
    """Nothing may look unsent because it was not foreseen."""
    assert isinstance(receipt_of(RuntimeError("a surprise"), now=NOW), Unknown)
