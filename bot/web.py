"""The web side of the process: the wall and its health, behind one door and one set of headers.

What is shown comes from other people's feeds. Three things keep it harmless, each enough alone: texts are set as
texts, never as markup; the policy below lets a browser run and fetch nothing that is not our own file; and outside the
demo nobody sees the wall without its token.
"""

import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bot.web_door import door
from bot.web_hooks import HookPages
from bot.web_metrics import MachinePages
from bot.web_wall import WallPages
from newsroom.errors import NewsroomError
from newsroom.ports import Clock, Pictures
from publishing.wall import Wall

Health = Callable[[], Awaitable[Mapping[str, Any]]]

BODY_LIMIT = 1024 * 1024
"""Bytes of a request's body; the wall reads none, a hook of WordPress sends one article."""

LINE_LIMIT = 4096
"""Bytes of a request's first line, and of each header."""

HEADERS_AT_MOST = 64

IDLE_SECONDS = 30.0
"""How long a connection may take until its first request's headers are whole, and rest between two requests; aiohttp
waits an hour."""

LINGER_SECONDS = 2.0
"""How long the rest of a body is awaited whose request was answered before it had come."""

STOP_SECONDS = 3.0
"""How long open requests may take to end when the server stops. Streams end at once."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        # The browser itself then refuses innerHTML and its like in our own script (W3C Trusted Types).
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # The first visit carries the token in its address.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def web_app(
    wall: Wall,
    pictures: Pictures,
    clock: Clock,
    *,
    token: SecretStr | None,
    demo: bool,
    health: Health,
    machine: MachinePages | None = None,
    hooks: HookPages | None = None,
    site_name: str = "",
) -> web.Application:
    """Build the web side.

    Args:
        wall: what followers see; its listeners are let go when the application stops.
        pictures: where the checked picture of a post is had.
        clock: for the heartbeat of the wall's stream.
        token: opens the wall and /metrics outside the demo; without one they are not there.
        demo: the wall stands open, and says that nothing is posted anywhere.
        health: what /health tells; a `NewsroomError` from it is told as 503.
        machine: /metrics and /ready; without it neither is there.
        hooks: what the site and hubs may tell us; without it nobody may.
        site_name: what followers know the paper by.
    """
    app = web.Application(middlewares=[door(token, demo=demo)], client_max_size=BODY_LIMIT)
    app.on_response_prepare.append(_dress)

    async def hang_up(_: web.Application) -> None:
        wall.hang_up()

    app.on_shutdown.append(hang_up)
    app.router.add_get("/health", _health_page(health))
    if machine is not None:
        app.add_routes(machine.routes())
    if hooks is not None:
        app.add_routes(hooks.routes())
        app.on_cleanup.append(hooks.close)
    # Nobody else is let in (`door`), and its page and fonts take 2 MB.
    if demo or (token is not None and token.get_secret_value()):
        app.add_routes(WallPages(wall, pictures, clock, site_name=site_name, demo=demo).routes())
    return app


@asynccontextmanager
async def serve(
    app: web.Application, *, host: str, port: int, or_any: bool = False, idle_seconds: float = IDLE_SECONDS
) -> AsyncIterator[int]:
    """Serve the application until the context ends; gives the port, which is chosen where 0 was asked for.

    With `or_any` it is also chosen where another program has the one that was asked for. No access log is written: an
    address may carry the token.

    Raises:
        OSError: the port is taken.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        max_line_size=LINE_LIMIT,
        max_field_size=LINE_LIMIT,
        max_headers=HEADERS_AT_MOST,
        keepalive_timeout=idle_seconds,
        lingering_time=LINGER_SECONDS,
        shutdown_timeout=STOP_SECONDS,
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            if not (or_any and error.errno == errno.EADDRINUSE):
                raise
            await web.TCPSite(runner, host, 0).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _health_page(health: Health) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def page(_: web.Request) -> web.Response:
        try:
            state, status = await health(), 200
        except NewsroomError as error:
            state, status = {"ok": False, "why": str(error)}, 503
        return web.json_response(dict(state), status=status, headers={"Cache-Control": "no-store"})

    return page


async def _dress(_: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on every answer, errors and streams included."""
    response.headers.update(_HEADERS)
    response.headers.pop("Server", None)
