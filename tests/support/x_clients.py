"""Real clients of the X API, each pointed at a fake: tweepy two ways, xdk, and bare signed requests."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal
from urllib.parse import quote, urlencode

import aiohttp
from oauthlib.oauth1 import Client as Signer
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
from typing_extensions import override
from yarl import URL

from tests.support.clock import ManualClock
from tests.support.fake_x import FakeX
from tests.support.x_oauth import XKeys

UPSTREAM = "https://api.twitter.com"
"""The host that tweepy dials and signs (tweepy 4.17, asynchronous/client.py)."""

KEYS = XKeys("api key", "api secret", "1-access token", "access token secret")
OTHER_KEYS = XKeys("other api key", "other api secret", "2-access token", "other access token secret")

_ERRORS: Mapping[int, type[HTTPException]] = {400: BadRequest, 401: Unauthorized, 403: Forbidden, 404: NotFound}


Method = Literal["DELETE", "GET", "POST", "PUT"]


def _target(path: str, query: Sequence[tuple[str, str]]) -> str:
    """Path and query, encoded as OAuth signs them (RFC 5849, 3.6: a space is %20, never a plus)."""
    return f"{path}?{urlencode(query, quote_via=quote)}" if query else path


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, as it came."""

    status: int
    headers: Mapping[str, str]
    body: Any


class BareClient:
    """Sends whatever it is told to, signed: for requests that no library would make.

    Args:
        session: Stays open as long as the client is used.
        url: Base URL, dialled and signed.
        keys: Sign.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, keys: XKeys) -> None:
        self._session = session
        self._url = url
        self._keys = keys

    async def send(
        self,
        method: Method,
        path: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        signed_url: str = "",
        headers: Mapping[str, str] | None = None,
        timestamp: str | None = None,
        nonce: str | None = None,
        **body: Any,
    ) -> Reply:
        """Send one request and read its answer.

        Args:
            method: In capitals.
            path: Under the base URL.
            query: Parameters, in this order.
            signed_url: Base URL to sign instead of the one that is dialled.
            headers: Instead of those that signing makes.
            timestamp: Instead of the time of the world.
            nonce: Instead of a new one.
            body: `json=` or `data=`, as aiohttp takes them.
        """
        keys = self._keys
        signer = Signer(
            keys.api_key,
            keys.api_secret,
            keys.access_token,
            keys.access_token_secret,
            timestamp=timestamp,
            nonce=nonce,
        )
        target = _target(path, query)
        _, signed, _ = signer.sign((signed_url or self._url) + target, method)
        sent = dict(signed if headers is None else headers)
        if "json" in body:
            # aiohttp warns of large bodies unless they come from a file-like object (aiohttp 3.14, payload.py).
            body["data"] = BytesIO(json.dumps(body.pop("json")).encode())
            sent["Content-Type"] = "application/json"
        url = URL(self._url + target, encoded=True)
        async with self._session.request(method, url, headers=sent, **body) as reply:
            return Reply(reply.status, reply.headers, await reply.json() if await reply.read() else None)


class PointedClient(AsyncClient):  # type: ignore[misc]  # tweepy ships no types.
    """The tweepy client whose requests go to a base URL of our choice, signed over it; errors are tweepy's own.

    Args:
        session: Stays open as long as the client is used.
        url: Base URL.
        keys: Sign.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, keys: XKeys) -> None:
        super().__init__(
            consumer_key=keys.api_key,
            consumer_secret=keys.api_secret,
            access_token=keys.access_token,
            access_token_secret=keys.access_token_secret,
        )
        self.session = session
        self._url = url
        self._keys = keys

    @override
    async def request(
        self,
        method: Method,
        route: str,
        params: Mapping[str, Any] | None = None,
        json: object = None,
        user_auth: bool = False,
    ) -> aiohttp.ClientResponse:
        keys = self._keys
        signer = Signer(keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret)
        target = self._url + _target(route, sorted((params or {}).items()))
        _, headers, _ = signer.sign(target, method)
        async with self.session.request(method, URL(target, encoded=True), json=json, headers=headers) as answer:
            await answer.read()
        if answer.ok:
            return answer
        told = await answer.json()
        if answer.status == 429:
            raise TooManyRequests(answer, response_json=told, reset_time=int(answer.headers["x-rate-limit-reset"]))
        server = TwitterServerError if answer.status >= 500 else HTTPException
        raise _ERRORS.get(answer.status, server)(answer, response_json=told)


class Detour:
    """Stands in for a client's aiohttp session and sends what is meant for one host to another address.

    tweepy has its host written into it and signs over that host, so the fake must be told (`signed_over`).
    """

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._to = URL(url)

    def request(self, method: str, url: str | URL, **options: Any) -> Any:
        """As `aiohttp.ClientSession.request`."""
        target = URL(url).with_scheme("http").with_host(str(self._to.host)).with_port(self._to.port)
        return self._session.request(method, target, **options)


def upstream_tweepy(session: aiohttp.ClientSession, url: str, keys: XKeys) -> AsyncClient:
    """Upstream's own code, every line of it, with only the socket turned elsewhere."""
    client = AsyncClient(
        consumer_key=keys.api_key,
        consumer_secret=keys.api_secret,
        access_token=keys.access_token,
        access_token_secret=keys.access_token_secret,
    )
    client.session = Detour(session, url)
    return client


@dataclass(frozen=True, slots=True)
class Rig:
    """A fake with a clock that stands still, and clients of its first account.

    Attributes:
        x: The fake.
        clock: Of the fake; signatures are held against the clock of the world.
        session: Behind every client.
        bare: Sends anything.
        tweepy: Pointed at the fake.
    """

    x: FakeX
    clock: ManualClock
    session: aiohttp.ClientSession
    bare: BareClient
    tweepy: PointedClient

    def bare_for(self, keys: XKeys) -> BareClient:
        """Another's keys."""
        return BareClient(self.session, self.x.url, keys)

    async def post(self, **body: object) -> Reply:
        """`POST /2/tweets`."""
        return await self.bare.send("POST", "/2/tweets", json=body)


@asynccontextmanager
async def open_rig(*, premium: bool = False) -> AsyncIterator[Rig]:
    """A fake and its clients, until the end of the block."""
    clock = ManualClock()
    fake = FakeX(keys=KEYS, premium=premium, clock=clock.now, signed_over=(UPSTREAM,))
    async with fake as x, aiohttp.ClientSession() as session:
        bare, pointed = BareClient(session, x.url, KEYS), PointedClient(session, x.url, KEYS)
        yield Rig(x, clock, session, bare, pointed)
