"""The wire to X: tweepy's client with a `request` of our own.

tweepy 4.17 writes to one fixed host, waits 300 seconds, leaves a session open when a request fails, raises aiohttp's
ContentTypeError where a proxy answers with a page, and can repeat a request by itself. Its methods, its errors and its
way of signing stay; how a request travels is decided here (docs/decisions/0004-platform-receipts.md).
"""

from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from json import dumps, loads
from types import TracebackType
from typing import Literal, Self

import aiohttp
from oauthlib.oauth1 import Client as OAuthClient
from pydantic import SecretStr
from tweepy.asynchronous import AsyncClient
from tweepy.errors import (
    BadRequest,
    Forbidden,
    HTTPException,
    NotFound,
    TooManyRequests,
    TwitterServerError,
    Unauthorized,
)
from yarl import URL

from publishing.departure import departure_under_way

ALT_LIMIT = 1000
"""Characters of an alt text (X API v2, POST /2/media/metadata)."""

HttpMethod = Literal["DELETE", "GET", "POST", "PUT"]
Params = Mapping[str, str | int]

_ERRORS: Mapping[int, type[HTTPException]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    429: TooManyRequests,
}


@dataclass(frozen=True, slots=True)
class XKeys:
    """The four strings of OAuth 1.0a with which an app writes for one account."""

    api_key: SecretStr
    api_secret: SecretStr
    access_token: SecretStr
    access_token_secret: SecretStr


@dataclass(frozen=True, slots=True)
class Answer:
    """What X answered. tweepy's errors carry it as their `response`.

    Attributes:
        status: of HTTP.
        reason: the words after the status.
        headers: names in any case; the rate limits stand here.
        document: the JSON object of the body, empty where the body is none.
    """

    status: int
    reason: str
    headers: Mapping[str, str]
    document: Mapping[str, object]

    @property
    def id(self) -> str:
        """Number of what was made, empty where the answer names none."""
        data = self.document.get("data")
        number = data.get("id") if isinstance(data, dict) else None
        return number if isinstance(number, str) else ""


class XClient(AsyncClient):  # type: ignore[misc]  # tweepy ships no types, so its class is Any to mypy.
    """An app that writes for one account. Open it with `async with`.

    Nothing is repeated and nothing is waited for by itself. Errors are tweepy's where X answered, else aiohttp's and
    TimeoutError.

    Args:
        keys: of the app and the account.
        api_url: without a path.
        connect_seconds: for DNS, TCP and TLS.
        request_seconds: for a whole request, its answer included.
    """

    def __init__(
        self,
        keys: XKeys,
        api_url: str = "https://api.x.com",
        *,
        connect_seconds: float = 5.0,
        request_seconds: float = 20.0,
    ) -> None:
        # tweepy gives back what `request` returned, unread, when this return type is asked for.
        super().__init__(return_type=aiohttp.ClientResponse)
        self._keys = keys
        self._api_url = api_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=request_seconds, connect=connect_seconds)

    async def __aenter__(self) -> Self:
        # X sets cookies that name a visitor; a newsroom's posts have no use for them.
        self.session = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def request(
        self,
        method: HttpMethod,
        route: str,
        params: Params | None = None,
        json: Mapping[str, object] | None = None,
        user_auth: bool = True,  # noqa: FBT001, FBT002  tweepy's methods call it with this signature.
    ) -> Answer:
        """Make one request, signed for the account whatever `user_auth` says: there is no other authorisation here.

        Raises:
            HTTPException: X answered with another status than 2xx, or with a body that is no JSON object.
            aiohttp.ClientError: the connection failed.
            TimeoutError: no whole answer came in time.
        """
        del user_auth
        url, headers = self._signed(method, route, params or {})
        content = None if json is None else dumps(json).encode()
        if content is not None:
            # The length is told, or aiohttp would write a guarded body in chunks.
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        async with self.session.request(
            method, url, data=_guarded(content), headers=headers, allow_redirects=False
        ) as response:
            body = await response.read()
        return _judged(response.status, response.reason or "", response.headers, _document(body))

    async def upload_picture(self, jpeg: bytes) -> Answer:
        """Give X a picture; `Answer.id` is its media id, good for 24 hours. tweepy knows only the API of old."""
        body = {"media": b64encode(jpeg).decode("ascii"), "media_category": "tweet_image"}
        return await self.request("POST", "/2/media/upload", json=body)

    async def describe_picture(self, media_id: str, alt: str) -> Answer:
        """Give a picture its alt text, cut to what X takes."""
        body = {"id": media_id, "metadata": {"alt_text": {"text": alt[:ALT_LIMIT]}}}
        return await self.request("POST", "/2/media/metadata", json=body)

    def _signed(self, method: HttpMethod, route: str, params: Params) -> tuple[URL, dict[str, str]]:
        """The address as it goes over the wire, and the headers; signed by oauthlib, as tweepy does."""
        keys = self._keys
        signer = OAuthClient(
            keys.api_key.get_secret_value(),
            keys.api_secret.get_secret_value(),
            keys.access_token.get_secret_value(),
            keys.access_token_secret.get_secret_value(),
        )
        url = URL(self._api_url + route).with_query(sorted(params.items()))
        _, headers, _ = signer.sign(str(url), method)
        return url, {"User-Agent": self.user_agent, **headers}


def _guarded(content: bytes | None) -> bytes | AsyncIterator[bytes] | None:
    departure = departure_under_way()
    if content is None or departure is None:
        return content
    return departure.guard(_once(content))


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _document(body: bytes) -> dict[str, object] | None:
    """The JSON object of a body; None where it is something else, such as a proxy's page."""
    try:
        document = loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _judged(status: int, reason: str, headers: Mapping[str, str], document: dict[str, object] | None) -> Answer:
    answer = Answer(status, reason, headers, document or {})
    if 200 <= status < 300 and document is not None:
        return answer
    kind = TwitterServerError if status >= 500 else _ERRORS.get(status, HTTPException)
    raise kind(answer, response_json=_for_tweepy(answer.document))


def _for_tweepy(document: Mapping[str, object]) -> dict[str, object]:
    """Of a body that may be anything, the part that tweepy's errors read without stumbling."""
    errors = document.get("errors")
    told = [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    readable = {"errors": [{key: str(each[key]) for key in ("code", "message") if key in each} for each in told]}
    detail = document.get("detail")
    return {**readable, "detail": detail} if isinstance(detail, str) else {**readable}
