"""What an error on the way to X means for a post: the map from tweepy's and aiohttp's errors to `Receipt`. Pure.

Where X answered, its status and its problem document decide; where it did not, whether the request may have left. A
failure after that is `Unknown`, whatever its class (docs/decisions/0004-platform-receipts.md).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import singledispatch

import aiohttp
from tweepy.errors import (
    BadRequest,
    Forbidden,
    HTTPException,
    NotFound,
    TooManyRequests,
    TweepyException,
    TwitterServerError,
    Unauthorized,
)

from newsroom.receipt import Later, NextMove, Receipt, Refused, Unknown
from publishing.departure import AGAIN_SECONDS, DeadlinePassedError
from publishing.quotation import quoted
from publishing.x_client import Answer

DUPLICATE_TEXT = "X has a post with these very words already."
"""`Refused.why` of a duplicate. After an uncertain attempt it means that the post stands there."""

NO_CREDITS_SECONDS = 3600.0
"""How often an empty purse is looked at: X's billing refills it at most once in five minutes, people more slowly."""
NO_RESET_SECONDS = 60.0
"""Wait after a 429 that names no time."""
LONGEST_WAIT_SECONDS = 86_400.0
"""No limit of X is longer than a day; a header that says so is wrong."""

_DAY_LIMITS = ("x-user-limit-24hour", "x-app-limit-24hour")
_CAPPED = "usage-capped"
_PARKING = (
    "oauth1-permissions",
    "client-forbidden",
    "client-not-enrolled",
    "unsupported-authentication",
    "suspended",
    "temporarily locked",
)
"""403 that refuses the app or the account, not this post (X API v2 problem types; codes 64 and 326 of the old API)."""


@singledispatch
def receipt_of(error: BaseException, *, now: datetime, left: bool = True) -> Receipt:
    """Say what an error means for the post.

    Args:
        error: what a request of `XClient` raised.
        now: aware; X's waits are told as moments.
        left: whether the whole request may have left. False makes a failure of the wire `Later`.
    """
    del now
    return _unanswered(error, left=left)


@receipt_of.register
def _(error: DeadlinePassedError, *, now: datetime, left: bool = True) -> Receipt:
    del now, left  # It is raised only where something still lacked.
    return Later(AGAIN_SECONDS, str(error))


@receipt_of.register(TimeoutError)
@receipt_of.register(TweepyException)
@receipt_of.register(aiohttp.ClientError)
def _(error: Exception, *, now: datetime, left: bool = True) -> Receipt:
    if isinstance(error.__cause__, DeadlinePassedError):
        return receipt_of(error.__cause__, now=now)
    return _unanswered(error, left=left)


@receipt_of.register(aiohttp.ClientConnectorError)
@receipt_of.register(aiohttp.ConnectionTimeoutError)
@receipt_of.register(aiohttp.ClientHttpProxyError)
@receipt_of.register(aiohttp.ServerFingerprintMismatch)
def _(error: aiohttp.ClientError, *, now: datetime, left: bool = True) -> Receipt:
    del now, left
    return Later(0.0, f"No connection to X ({type(error).__name__}).")


@receipt_of.register(aiohttp.InvalidURL)
@receipt_of.register(aiohttp.NonHttpUrlClientError)
def _(error: aiohttp.ClientError, *, now: datetime, left: bool = True) -> Receipt:
    del error, now, left
    return Refused("The API's address is no address of the web.", NextMove.PARK)


@receipt_of.register
def _(error: HTTPException, *, now: datetime, left: bool = True) -> Receipt:
    del now, left
    answer: Answer = error.response
    match answer.status:
        case 402:
            return Later(NO_CREDITS_SECONDS, f"X wants credits to be bought before it posts: {_said(answer)}")
        case 413:
            return Refused("The post is larger than X takes.", NextMove.STEP_DOWN)
        case 301 | 302 | 307 | 308:
            return _elsewhere(answer)
        case status if 400 <= status < 500 and status != 408:
            return Refused(f"X refuses the post: {_said(answer)}")
        case status:
            return Unknown(f"X answered with status {status} and nothing that can be read; the post may stand there.")


@receipt_of.register
def _(error: BadRequest, *, now: datetime, left: bool = True) -> Receipt:
    del now, left
    answer: Answer = error.response
    if "media" in _words(answer):
        return Refused(f"X refuses the picture: {_said(answer)}", NextMove.STEP_DOWN)
    return Refused(f"X refuses the post: {_said(answer)}")


@receipt_of.register
def _(error: Unauthorized, *, now: datetime, left: bool = True) -> Receipt:
    del error, now, left
    return Refused("X does not take the keys, or this machine's clock is wrong.", NextMove.PARK)


@receipt_of.register
def _(error: Forbidden, *, now: datetime, left: bool = True) -> Receipt:
    del now, left
    answer: Answer = error.response
    words = _words(answer)
    if "duplicate content" in words:
        return Refused(DUPLICATE_TEXT, NextMove.ALREADY_THERE)
    if any(sign in words for sign in _PARKING):
        return Refused(f"X keeps the app or the account from posting: {_said(answer)}", NextMove.PARK)
    return Refused(f"X refuses the post: {_said(answer)}")


@receipt_of.register
def _(error: NotFound, *, now: datetime, left: bool = True) -> Receipt:
    del now, left
    return _elsewhere(error.response)


@receipt_of.register
def _(error: TooManyRequests, *, now: datetime, left: bool = True) -> Receipt:
    del left
    return _wait(error.response, now)


@receipt_of.register
def _(error: TwitterServerError, *, now: datetime, left: bool = True) -> Receipt:
    del now, left
    answer: Answer = error.response
    return Unknown(f"X answered with a failure of its own (status {answer.status}); the post may stand there.")


def _unanswered(error: BaseException, *, left: bool) -> Receipt:
    if not left:
        return Later(0.0, f"The connection to X failed before the request had left ({type(error).__name__}).")
    return Unknown(f"X's answer did not arrive ({type(error).__name__}); the post may stand there.")


def _elsewhere(answer: Answer) -> Refused:
    return Refused(f"The API's address is not X's: it answers with status {answer.status}.", NextMove.PARK)


def _wait(answer: Answer, now: datetime) -> Later:
    if _CAPPED in _words(answer):
        # A monthly cap is looked at each day as well: X counts months from the day the plan was bought.
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return Later((midnight - now).total_seconds(), f"The plan's posts are used up: {_said(answer)}")
    resets = [reset for limit in _DAY_LIMITS if (reset := _exhausted(answer.headers, limit)) is not None]
    if not resets and (reset := _number(answer.headers, "x-rate-limit-reset")) is not None:
        resets = [reset]
    if not resets:
        return Later(NO_RESET_SECONDS, "X asks to wait and does not say how long.")
    seconds = min(max(max(resets) - now.timestamp() + 1.0, 1.0), LONGEST_WAIT_SECONDS)
    return Later(seconds, f"X asks to wait {seconds:.0f} s.")


def _exhausted(headers: Mapping[str, str], limit: str) -> int | None:
    """Unix seconds at which a day's limit that is used up begins anew; None where it is not, or not told."""
    return _number(headers, f"{limit}-reset") if _number(headers, f"{limit}-remaining") == 0 else None


def _number(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "")
    return int(value) if value.isascii() and value.isdigit() else None


def _words(answer: Answer) -> str:
    """Everything X said, for looking up."""
    return " ".join(_sentences(answer.document)).casefold()


def _said(answer: Answer) -> str:
    """X's most telling sentence."""
    return quoted(next(_sentences(answer.document), answer.reason))


def _sentences(document: Mapping[str, object]) -> Iterator[str]:
    """What stands in a problem document, the most telling first; it may be anything, so nothing is taken for granted."""
    errors = document.get("errors")
    problems = [each for each in errors if isinstance(each, Mapping)] if isinstance(errors, list) else []
    for problem in (*problems, document):
        for field in ("message", "detail", "title", "reason", "type"):
            value = problem.get(field)
            if isinstance(value, str) and value:
                yield value
