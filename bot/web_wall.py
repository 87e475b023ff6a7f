"""The wall's pages: the first HTML, the stream of news, the pictures, and the files that draw them."""

import asyncio
import json
from contextlib import suppress
from hashlib import blake2b

from aiohttp import web

from bot.wall_page import FILES, page_template, read_file
from bot.web_view import PostView, view_of
from newsroom.ports import Clock, Pictures
from publishing.wall import Listener, Shown, Wall

HEARTBEAT_SECONDS = 15.0
"""Proxies close a stream that is silent for about a minute (nginx: proxy_read_timeout, 60 s)."""

RETRY_MILLISECONDS = 2000
"""How long a browser waits before it comes again."""

WRITE_SECONDS = 30.0
"""A reader that takes nothing for this long is let go; its browser comes again when it can."""

MOST_LISTENERS = 100
"""Each open stream costs a connection; a newsroom has fewer screens than this."""


class WallPages:
    """Everything below /wall.

    Args:
        wall: what is shown.
        pictures: where a post's checked picture is had; the site's own address is never given to a browser.
        clock: for the heartbeat.
        site_name: what followers know the paper by; the targets' addresses where it is empty.
        demo: says on the page that nothing is posted anywhere.
    """

    def __init__(self, wall: Wall, pictures: Pictures, clock: Clock, *, site_name: str, demo: bool) -> None:
        self._wall = wall
        self._pictures = pictures
        self._clock = clock
        self._site_name = site_name
        self._demo = demo
        self._files = {name: (read_file(name), kind) for name, (_, kind) in FILES.items()}
        # One name for the state of all files: whatever changes, every file is fetched anew.
        self._version = blake2b(b"".join(body for body, _ in self._files.values()), digest_size=8).hexdigest()
        self._page = page_template()

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The routes, for `web.Application.add_routes`."""
        return (
            web.get("/wall", self.page),
            web.get("/wall/events", self.events, allow_head=False),
            web.get("/wall/picture/{delivery:.+}", self.picture),
            web.get("/wall/{name}", self.file),
        )

    async def page(self, _request: web.Request) -> web.Response:
        """The whole wall as it stands; it needs no script to be read."""
        html = self._page.render(
            posts=[self._view(shown) for shown in self._wall.posts()],
            newest=self._wall.newest,
            most=self._wall.most,
            site_name=self._site_name,
            demo=self._demo,
            version=self._version,
            proof_style="",
        )
        # "replace", as a lone surrogate from a feed's JSON must not cost the page.
        answer = web.Response(body=html.encode("utf-8", "replace"), content_type="text/html", charset="utf-8")
        answer.headers["Cache-Control"] = "no-store"
        answer.enable_compression()
        return answer

    async def events(self, request: web.Request) -> web.StreamResponse:
        """The news as server-sent events, from the change after `Last-Event-ID` (or `after`) on."""
        if self._wall.listeners >= MOST_LISTENERS:
            raise web.HTTPServiceUnavailable(text="503\n", headers={"Retry-After": "10"})
        after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        stream = web.StreamResponse(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        stream.content_type = "text/event-stream"
        stream.charset = "utf-8"
        with self._wall.subscribe(_number(after)) as listener:
            await stream.prepare(request)
            # The reader left, or reads nothing: nobody else needs to know.
            with suppress(ConnectionError, TimeoutError):
                await self._tell(stream, listener)
        return stream

    async def _tell(self, stream: web.StreamResponse, listener: Listener) -> None:
        """Write news and heartbeats until the wall lets go of the listener."""
        line = f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        while listener.is_open:
            async with asyncio.timeout(WRITE_SECONDS):
                await stream.write(line)
            shown = await self._soon(listener)
            line = b": still here\n\n" if shown is None else self._event(shown)

    async def _soon(self, listener: Listener) -> Shown | None:
        """The next news; None when there was none for a while, or the wall let go."""
        news = asyncio.create_task(listener.next(), name="wall news")
        beat = asyncio.create_task(self._clock.sleep(HEARTBEAT_SECONDS), name="wall heartbeat")
        try:
            await asyncio.wait((news, beat), return_when=asyncio.FIRST_COMPLETED)
            return news.result() if news.done() else None
        finally:
            news.cancel()
            beat.cancel()

    async def picture(self, request: web.Request) -> web.Response:
        """The checked JPEG of a post that stands on the wall; 204 when the post has none after all."""
        delivery = self._wall.find(request.match_info["delivery"])
        if delivery is None:
            raise web.HTTPNotFound(text="404\n")
        jpeg = await self._pictures.jpeg_of(delivery.post)
        if jpeg is None:
            return web.Response(status=204)
        return _file(request, jpeg.content, "image/jpeg", jpeg.digest, "private, max-age=3600")

    async def file(self, request: web.Request) -> web.Response:
        """Style, script, sign and letters: read once at the start, named by their version, kept by browsers."""
        body, kind = self._files.get(request.match_info["name"], (b"", ""))
        if not kind:
            raise web.HTTPNotFound(text="404\n")
        current = request.query.get("v") == self._version
        caching = "private, max-age=31536000, immutable" if current else "no-cache"
        return _file(request, body, kind, self._version, caching)

    def _view(self, shown: Shown) -> PostView:
        return view_of(shown, self._site_name)

    def _event(self, shown: Shown) -> bytes:
        # json.dumps leaves no newline in the line, and escapes all but ASCII.
        return f"id: {shown.number}\nevent: post\ndata: {json.dumps(self._view(shown).as_json())}\n\n".encode()


def _file(request: web.Request, body: bytes, kind: str, version: str, caching: str) -> web.Response:
    """The body, or 304 when the browser has it already."""
    headers = {"ETag": f'"{version}"', "Cache-Control": caching}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    answer = web.Response(body=body, content_type=kind, headers=headers)
    if not kind.startswith("image/jpeg"):
        answer.enable_compression()
    return answer


def _number(text: str) -> int:
    """A change's number as a browser sends it back; what is no number asks for everything."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
