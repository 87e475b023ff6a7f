"""What X answers when it refuses, word for word where X's words are on record.

Sources are answers that users of the API filed. Duplicate text: iembot #163. Credits: the sentence many quote; the body
made of it has exactly the 185 bytes that ethernal #1324 logged. Usage cap: xdk #25. Permissions:
node-twitter-api-v2 #493. Client: TwitterAPI #226. Media ids: node-twitter-api-v2 #375. A schema's complaint: TwitterAPI
#227 and atymic/twitter #419. Locked and suspended carry the sentences of codes 326 and 64 of the old API in the new
form; how the new API words them is not on record.
"""

from collections.abc import Mapping
from enum import StrEnum

PROBLEMS = "https://api.twitter.com/2/problems/"
"""X kept the old host in its problem types (spec 2.159; answers logged until 2026-05)."""
NEW_PROBLEMS = "https://api.x.com/2/problems/"
"""The newer SDK (xdk 0.10.6) takes this host alone. A client must look at the end of a type only."""

DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
CASHTAGS = "Posts are limited to a maximum of one cashtag ($SYMBOL)"
REPLY = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author "
    "of the post you are replying to."
)
QUOTE = (
    "Quoting this post is not allowed because you have not been mentioned or are not part of the conversation thread "
    "of the post you are quoting."
)
NOT_PERMITTED = "You are not permitted to perform this action."
TOO_LONG = (
    "Your Tweet text is too long. For more information on how Twitter determines text length see "
    "https://github.com/twitter/twitter-text."
)
EMPTY = "Please include either text or media in your Tweet."
MEDIA_IDS = "Your media IDs are invalid."

_SENTENCES = {
    "locked": (
        "To protect our users from spam and other malicious activity, this account is temporarily locked. "
        "Please log in to https://twitter.com to unlock your account."
    ),
    "suspended": "Your account is suspended and is not permitted to access this feature.",
}

INTERNAL_ERROR: Mapping[str, object] = {
    "title": "Internal Server Error",
    "detail": "Internal Server Error",
    "type": "about:blank",
    "status": 500,
}


class Standing(StrEnum):
    """How X stands to an account; each but the first refuses every request, or every write."""

    GOOD = "good"
    LOCKED = "locked"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    """The user or X withdrew the access token."""
    CLIENT_FORBIDDEN = "client-forbidden"
    """The app is attached to no project."""
    READ_ONLY = "oauth1-permissions"
    """The app may read and not write."""
    CAPPED_DAILY = "usage-capped Daily"
    CAPPED_MONTHLY = "usage-capped Monthly"


class RefusedError(Exception):
    """X will not carry a request out.

    Args:
        status: HTTP status.
        body: The answer; nothing is an empty body.
        reason: What the fake knows and X would not tell.
    """

    def __init__(self, status: int, body: Mapping[str, object] | None, reason: str = "") -> None:
        super().__init__(reason or str((body or {}).get("detail", status)))
        self.status = status
        self.body = body


def invalid(message: str, parameters: Mapping[str, list[str]] | None = None) -> RefusedError:
    """400: one complaint about one parameter."""
    return invalid_for([(message, parameters or {})])


def invalid_for(complaints: list[tuple[str, Mapping[str, list[str]]]]) -> RefusedError:
    """400: several complaints, each a message and the parameters with the values that earned it."""
    errors = [
        {"parameters": dict(parameters), "message": message} if parameters else {"message": message}
        for message, parameters in complaints
    ]
    body = {
        "errors": errors,
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{PROBLEMS}invalid-request",
    }
    return RefusedError(400, body, "; ".join(message for message, _ in complaints))


def forbidden(detail: str, reason: str = "") -> RefusedError:
    """403 of no named kind."""
    return RefusedError(403, {"detail": detail, "type": "about:blank", "title": "Forbidden", "status": 403}, reason)


def unauthorized(reason: str) -> RefusedError:
    """401. X says no more than this, whatever the reason."""
    body = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
    return RefusedError(401, body, reason)


def unsupported_authentication() -> RefusedError:
    """403: a bearer token where only a user may act."""
    body = {
        "title": "Unsupported Authentication",
        "detail": (
            "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  Supported authentication "
            "types are [OAuth 1.0a User Context, OAuth 2.0 User Context]."
        ),
        "type": f"{PROBLEMS}unsupported-authentication",
        "status": 403,
    }
    return RefusedError(403, body)


def depleted(developer: str) -> RefusedError:
    """402: the prepaid credits do not cover the request.

    Args:
        developer: Number of the enrolled developer account.
    """
    body = {
        "title": "CreditsDepleted",
        "detail": f"Your enrolled account [{developer}] does not have any credits to fulfill this request.",
        "type": f"{PROBLEMS}credits",
    }
    return RefusedError(402, body)


def too_many() -> RefusedError:
    """429: a rate limit, told apart from a usage cap by its type."""
    body = {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
    return RefusedError(429, body)


def not_found(resource: str, parameter: str, value: str) -> dict[str, object]:
    """The problem that says that a post, a user or a picture does not exist. Reads carry it in a 200."""
    return {
        "value": value,
        "detail": f"Could not find {resource} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{PROBLEMS}resource-not-found",
    }


def standing_refusal(standing: Standing, developer: str) -> RefusedError | None:
    """What an account in this standing is told; None in good standing."""
    match standing:
        case Standing.GOOD:
            return None
        case Standing.LOCKED | Standing.SUSPENDED:
            return forbidden(_SENTENCES[standing])
        case Standing.REVOKED:
            return unauthorized("the access token was revoked")
        case Standing.CLIENT_FORBIDDEN:
            return _client_forbidden()
        case Standing.READ_ONLY:
            return _read_only()
        case Standing.CAPPED_DAILY | Standing.CAPPED_MONTHLY:
            return _capped(standing.value.partition(" ")[2], developer)


def _client_forbidden() -> RefusedError:
    body = {
        "client_id": "26924600",
        "detail": (
            "When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a Twitter "
            "developer App that is attached to a Project. You can create a project via the developer portal."
        ),
        "registration_url": "https://developer.twitter.com/en/docs/projects/overview",
        "title": "Client Forbidden",
        "required_enrollment": "Appropriate Level of API Access",
        "reason": "client-not-enrolled",
        "type": f"{PROBLEMS}client-forbidden",
    }
    return RefusedError(403, body)


def _read_only() -> RefusedError:
    body = {
        "title": "Forbidden",
        "status": 403,
        "detail": "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
        "type": f"{PROBLEMS}oauth1-permissions",
    }
    return RefusedError(403, body)


def _capped(period: str, developer: str) -> RefusedError:
    body = {
        "account_id": int(developer),
        "product_name": "standard-basic",
        "title": "UsageCapExceeded",
        "period": period,
        "scope": "Product",
        "detail": f"Usage cap exceeded: {period} product cap",
        "type": f"{PROBLEMS}usage-capped",
    }
    return RefusedError(429, body)
