"""The demo's paper on 127.0.0.1: a feed with validators, pages and pictures, as a WordPress site serves them."""

import asyncio
import re
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from aiohttp import web

from bot.demo.paper import HOME, SITE, Paper
from bot.demo.pictures import picture
from bot.demo.press import Issue, Press
from bot.demo.stories import GENERAL
from newsroom.ports import Clock
from newsroom.site import Site

HOST = "127.0.0.1"

_UPLOAD = re.compile(r"(?P<name>[^/]+?)(?:-(?P<width>\d{2,4})x(?P<height>\d{2,4}))?\.jpe?g")


class DemoSite:
    """A paper that publishes by itself. Use it as an async context manager; its properties hold inside.

    Args:
        clock: by which it publishes.
        state: file in which it keeps its position, so that a restart goes on where it left.
        every_seconds: from one article to the next.
    """

    def __init__(self, clock: Clock, *, state: Path, every_seconds: float = 15.0) -> None:
        self._clock = clock
        self._state = state
        self._every = every_seconds
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Start serving.

        Raises:
            OSError: the position cannot be written.
        """
        self._press = await asyncio.to_thread(Press, self._state, self._every, self._clock.now().timestamp())
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            self._port = await self._listen(self._press.port)
            await asyncio.to_thread(self._press.served_at, self._port)
        except BaseException:
            await self._runner.cleanup()
            raise
        self._paper = Paper(f"{self.url}/wp-content/uploads")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving; the position is already written."""
        await self._runner.cleanup()

    def open(self) -> None:
        """The newsroom begins to read. On a slow machine that is long after the start: what came before were no news to it."""
        self._press.wait(self._clock.now().timestamp())

    @property
    def url(self) -> str:
        """Where it is served, without a slash at the end."""
        return f"http://{HOST}:{self._port}"

    @property
    def feed_url(self) -> str:
        """Address of the feed. It stays the same over restarts as long as its port is free."""
        return f"{self.url}/feed/"

    @property
    def site(self) -> Site:
        """What a newsroom must know of this paper."""
        return SITE

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=1024)
        app.add_routes(
            [
                web.get("/", self._front),
                web.get("/feed/", self._feed),
                web.get("/wp-content/uploads/{month:\\d{4}/\\d{2}}/{name}", self._upload),
                web.get("/{slug}/", self._article),
            ]
        )
        return app

    async def _listen(self, wished: int) -> int:
        """The port of last time, so that the addresses in what was published stay true; else any that is free."""
        for port in (wished, 0):
            site = web.TCPSite(self._runner, HOST, port)
            try:
                await site.start()
            except OSError:
                # Taken by somebody else since.
                if port == 0:
                    raise
                continue
            break
        bound: int = self._runner.addresses[0][1]
        return bound

    async def _issues(self) -> tuple[Issue, ...]:
        # One at a time: the press writes its position in a thread.
        async with self._turn:
            await asyncio.to_thread(self._press.catch_up, self._clock.now().timestamp())
            return self._press.issues()

    async def _feed(self, request: web.Request) -> web.Response:
        issues = await self._issues()
        body = self._paper.feed(issues).encode()
        answer = web.Response(body=body, content_type="application/rss+xml", charset="UTF-8")
        answer.last_modified = max(issue.modified for issue in issues)
        answer.etag = blake2b(body, digest_size=16).hexdigest()
        if _has_it(request, answer):
            headers = {name: answer.headers[name] for name in ("ETag", "Last-Modified")}
            return web.Response(status=304, headers=headers)
        answer.headers["Vary"] = "Accept-Encoding"
        # Named, as aiohttp by itself chooses deflate, which no WordPress host sends.
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            answer.enable_compression(web.ContentCoding.gzip)
        return answer

    async def _front(self, request: web.Request) -> web.Response:
        issues = await self._issues()
        if "p" not in request.query:
            return web.Response(text=self._paper.front(issues), content_type="text/html")
        for issue in issues:
            if str(issue.article.number) == request.query["p"]:
                raise web.HTTPMovedPermanently(f"/{issue.slug}/")
        raise web.HTTPNotFound

    async def _article(self, request: web.Request) -> web.Response:
        for issue in await self._issues():
            if unquote(issue.slug) == request.match_info["slug"]:
                links = {"Link": f'<{HOME}/?p={issue.article.number}>; rel="shortlink"'}
                return web.Response(text=self._paper.article(issue), content_type="text/html", headers=links)
        raise web.HTTPNotFound

    async def _upload(self, request: web.Request) -> web.Response:
        match = _UPLOAD.fullmatch(request.match_info["name"])
        if match is None:
            raise web.HTTPNotFound
        section = next(
            (issue.article.section for issue in await self._issues() if str(issue.article.number) == match["name"]),
            GENERAL,
        )
        size = (int(match["width"]), int(match["height"])) if match["width"] else None
        body = await asyncio.to_thread(picture, section, match["name"], size)
        return web.Response(body=body, content_type="image/jpeg", headers={"Cache-Control": "max-age=3600"})


def _has_it(request: web.Request, answer: web.Response) -> bool:
    """Whether the reader's copy is the one we would send; an ETag outranks a date (RFC 9110 §13.2.2)."""
    if request.if_none_match is not None:
        return any(tag.value in {"*", answer.etag.value if answer.etag else ""} for tag in request.if_none_match)
    since = request.if_modified_since
    return since is not None and answer.last_modified is not None and answer.last_modified <= since
