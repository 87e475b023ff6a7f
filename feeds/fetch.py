"""Fetch: bytes from the web, through the guard, within limits. One session and one TLS context for the whole house.

Connections stay open between polls: a TLS handshake costs fourteen times a 304 on a kept connection (measured: 3.06 and
0.22 ms of processor time), and building a TLS context 44 ms.
"""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from feeds import hints
from feeds.answer import Answer, FeedDown, Fetched, Unchanged
from feeds.connections import FIELD_BYTES, Connections, Response
from feeds.fault import GaveUp, why_of, why_of_status
from feeds.guard import Network, guarded_socket_factory, refusal_of_url
from feeds.names import Names
from feeds.patience import Patience
from feeds.validators import Validators
from newsroom.errors import FetchFailed
from newsroom.ports import Clock

USER_AGENT = "Ajil/0.1 (newsroom worker; polls the feeds of its own site)"

_FEED = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_PAGE = "text/html, application/xhtml+xml, */*;q=0.5"
_PICTURE = "image/jpeg, image/png, image/webp, image/*;q=0.5"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_EVER = frozenset({301, 308})
_SAME_AGAIN = frozenset({307, 308})
_SAID_BYTES = 300
_TELLING = ("content-type", "content-language", "content-location", "date", "last-modified", "etag", "link")
"""Headers that say something of the body, or of where push and the REST posts are announced."""

# What aiohttp raises for what a server or a network can do; ValueError for addresses and headers past repair.
_NETWORK_FAULTS = (aiohttp.ClientError, OSError, ValueError, GaveUp)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost."""

    seconds: float = 20.0
    """For the whole of it, redirects and body included."""
    connect_seconds: float = 10.0
    """For one TCP and TLS connection."""
    body_bytes: int = 5_000_000
    """Of a feed or a page, after inflating."""
    picture_bytes: int = 15_000_000
    hops: int = 5
    """Redirects."""
    slow_after_seconds: float = 5.0
    """From then on a body must have come at `slow_bytes` a second."""
    slow_bytes: float = 1024.0


KEPT_SECONDS = 75.0
"""How long nginx keeps an idle connection; Apache does for 5 s, whatever we do."""
_HURRIED_SECONDS = 5.0


def kept_for(feeds: int, open_files: int) -> float:
    """Seconds to keep an idle connection: each is an open file, and half of them are left for everything else.

    Args:
        feeds: How many, each of which may have a host of its own.
        open_files: How many this process may have.
    """
    return KEPT_SECONDS if feeds <= open_files // 2 else _HURRIED_SECONDS


class FeedFetcher:
    """Fetches feeds, and pages and pictures as `newsroom.ports.Fetcher`. Use it as an async context manager.

    Args:
        clock: For Retry-After given as a date.
        allow: Networks reachable in spite of the guard.
        limits: What one fetch may cost.
        user_agent: How we name ourselves.
        keepalive_seconds: How long an idle connection is kept; see `kept_for`.
        resolver: Who knows the addresses of names; the system when left out.
        tls: Whom to trust; the system's authorities when left out.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        allow: Sequence[Network] = (),
        limits: Limits | None = None,
        user_agent: str = USER_AGENT,
        keepalive_seconds: float = KEPT_SECONDS,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        self._allow = tuple(allow)
        self._limits = limits or Limits()
        self._patience = Patience(self._limits.seconds)
        self._user_agent = user_agent
        self._keepalive_seconds = keepalive_seconds
        self._resolver = resolver
        self._names: Names | None = None
        self._tls = tls
        self._opened: _Opened | None = None

    async def __aenter__(self) -> Self:
        """Open the session; nothing is connected yet."""
        if self._resolver is None:
            self._names = Names()
        connector = aiohttp.TCPConnector(
            ssl=self._tls or True,  # aiohttp has made a context with them already; another takes 15 ms and 0.9 MB.
            socket_factory=guarded_socket_factory(self._allow),
            resolver=self._resolver or self._names,
            ttl_dns_cache=60,
            keepalive_timeout=self._keepalive_seconds,
            limit=0,  # The intake bounds what is in flight; a queue in here would let one host hold up all others.
        )
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate"}
        session = aiohttp.ClientSession(
            connector=connector,
            headers=headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            max_field_size=FIELD_BYTES,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._limits.connect_seconds),
        )
        self._opened = _Opened(session, Connections(connector, headers, self._limits.connect_seconds))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        if self._opened is not None:
            await self._opened.session.close()
            self._opened = None
        if self._names is not None:
            await self._names.close()

    async def fetch(self, url: str, validators: Validators, *, plain: bool = False) -> Answer:
        """One poll of a feed. Never raises for what a site or a network does.

        Args:
            url: Of the feed.
            validators: What the feed sent the last time.
            plain: Do not echo them: the body is wanted whatever they say.
        """
        asked = {} if plain else validators.headers()
        try:
            with self._patience:
                response, moved = await self._arrive(url, {"Accept": _FEED, **asked})
                with response:
                    return await self._answer(response, moved, validators, asked=bool(asked))
        except _NETWORK_FAULTS as error:
            return FeedDown(why_of(error))

    async def page(self, url: str) -> tuple[str, bytes, str]:
        """See `newsroom.ports.Fetcher`."""
        return await self._get(url, _PAGE, self._limits.body_bytes)

    async def status(self, url: str) -> int:
        """The HTTP status that an address answers in the end; 0 where no answer came. Its body is not read."""
        try:
            with self._patience:
                response, _ = await self._arrive(url, {"Accept": _PAGE})
                with response:
                    return response.status
        except _NETWORK_FAULTS:
            return 0

    async def post(self, url: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Send a form; gives the HTTP status and the first words of the answer, 0 and why where none came.

        Only a redirect that asks for the same form elsewhere is followed (307 and 308).
        """
        try:
            here = URL(url)
            with self._patience:
                for _ in range(self._limits.hops + 1):
                    if (why := refusal_of_url(here)) is not None:
                        raise GaveUp(why)
                    async with self._open.session.post(here, data=form, allow_redirects=False) as response:
                        if response.status not in _SAME_AGAIN:
                            said = await response.content.read(_SAID_BYTES)
                            return response.status, said.decode("utf-8", "replace").strip()
                        here = _next(here, response.headers.get("Location", ""))
                raise GaveUp(f"the site redirects more than {self._limits.hops} times")
        except _NETWORK_FAULTS as error:
            return 0, why_of(error)

    async def picture(self, url: str) -> bytes:
        """See `newsroom.ports.Fetcher`."""
        return (await self._get(url, _PICTURE, self._limits.picture_bytes))[1]

    async def _answer(self, response: Response, moved: str, validators: Validators, *, asked: bool) -> Answer:
        headers = response.headers
        if response.status == 304:
            return Unchanged(validators.after_304(), moved, hints.fresh_for(headers))
        if response.status != 200:
            why = why_of_status(response.status)
            return FeedDown(why, response.status, hints.retry_after(headers, self._clock.now()))
        learnt = validators.after_200(headers, asked=asked)
        return Fetched(
            body=await self._body(response, self._limits.body_bytes),
            # A name may come several times: WordPress sends two `Link` of its own before that of a hub.
            headers={name: ", ".join(headers.getall(name)) for name in _TELLING if name in headers},
            url=str(response.url),
            validators=learnt,
            moved=moved,
            fresh_for=hints.fresh_for(headers),
            age=hints.age(headers),
            refetch_after=learnt.refetch_after(headers),
        )

    async def _get(self, url: str, accept: str, most: int) -> tuple[str, bytes, str]:
        try:
            with self._patience:
                response, _ = await self._arrive(url, {"Accept": accept})
                with response:
                    if response.status != 200:
                        raise GaveUp(why_of_status(response.status))
                    body = await self._body(response, most)
                    return str(response.url), body, response.headers.get("Content-Type", "")
        except _NETWORK_FAULTS as error:
            raise FetchFailed(why_of(error)) from error

    async def _arrive(self, url: str, headers: Mapping[str, str]) -> tuple[Response, str]:
        """Follow redirects, each through the guard and never from https to http, to an answer that is none.

        Beside it: where every redirect on the way was permanent, their end.
        """
        here = URL(url)
        moved, permanent = "", True
        for _ in range(self._limits.hops + 1):
            if (why := refusal_of_url(here)) is not None:
                raise GaveUp(why)
            response = await self._open.connections.get(here, headers)
            if response.status not in _REDIRECTS:
                return response, moved
            with response:
                permanent = permanent and response.status in _FOR_EVER
                here = _next(here, response.headers.get("Location", ""))
            moved = str(here) if permanent else moved
        raise GaveUp(f"the site redirects more than {self._limits.hops} times")

    async def _body(self, response: Response, most: int) -> bytes:
        """Read piece by piece, so that a body is dropped as soon as it is too long: 204 kB may inflate to 210 MB."""
        if response.length > most:
            raise GaveUp(f"the body is larger than {most // 1_000_000} MB")
        loop = asyncio.get_running_loop()
        start, size, pieces = loop.time(), 0, []
        async for piece in response.pieces():
            size += len(piece)
            if size > most:
                raise GaveUp(f"the body is larger than {most // 1_000_000} MB")
            elapsed = loop.time() - start
            if elapsed > self._limits.slow_after_seconds and size < elapsed * self._limits.slow_bytes:
                raise GaveUp("the site sends too slowly")
            pieces.append(piece)
        return b"".join(pieces)

    @property
    def _open(self) -> "_Opened":
        if self._opened is None:
            raise RuntimeError("FeedFetcher is used as `async with FeedFetcher(...) as fetcher`")
        return self._opened


@dataclass(frozen=True, slots=True)
class _Opened:
    """What there is of a fetcher while it is open; both ask over the same connector."""

    session: aiohttp.ClientSession
    connections: Connections


def _next(here: URL, location: str) -> URL:
    """Where a redirect leads."""
    if not location:
        raise GaveUp("the site redirects without saying where")
    there = here.join(URL(location))
    if here.scheme == "https" and there.scheme == "http":
        raise GaveUp("the site redirects from https to http")
    return there
