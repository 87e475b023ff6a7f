"""The gate of the hooks: how often one may knock, how much one may bring, and what is told of who is sent away."""

import asyncio
import logging
from collections.abc import Mapping
from http import HTTPStatus
from math import ceil

from aiohttp import web

from bot.metrics import Metrics
from bot.turnstile import Turnstile, client_of
from feeds.hook import Refusal
from newsroom.errors import StoreUnavailable
from newsroom.ports import Clock

log = logging.getLogger(__name__)

BODY_SECONDS = 10.0
"""In which a body must have come."""
STORE_RETRY = "30"
"""Seconds after which to come again while the store is away."""
LOG_REST = 60.0
"""Seconds between two lines on the same refusal; the metrics count every one."""

STATUS: Mapping[Refusal, HTTPStatus] = {
    Refusal.CLOSED: HTTPStatus.NOT_FOUND,
    Refusal.UNSIGNED: HTTPStatus.UNAUTHORIZED,
    Refusal.FORGED: HTTPStatus.UNAUTHORIZED,
    Refusal.STALE: HTTPStatus.FORBIDDEN,
    Refusal.REPEATED: HTTPStatus.CONFLICT,
    Refusal.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Refusal.TOO_SLOW: HTTPStatus.REQUEST_TIMEOUT,
    Refusal.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
    Refusal.WRONG_TYPE: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Refusal.NOT_JSON: HTTPStatus.BAD_REQUEST,
    Refusal.WRONG_FORM: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.FOREIGN: HTTPStatus.FORBIDDEN,
    Refusal.UNASKED: HTTPStatus.NOT_FOUND,
    Refusal.GONE: HTTPStatus.GONE,
}


class Gate:
    """Before every hook.

    Args:
        turnstile: How often one may knock.
        clock: Time.
        metrics: Where each knock is counted.
        body_seconds: In which a body must have come.
    """

    def __init__(
        self, turnstile: Turnstile, clock: Clock, metrics: Metrics, *, body_seconds: float = BODY_SECONDS
    ) -> None:
        self._turnstile = turnstile
        self._clock = clock
        self._metrics = metrics
        self._body_seconds = body_seconds
        self._told: dict[Refusal, float] = {}

    def wait(self, request: web.Request) -> float:
        """Seconds after which this client may come again; 0 when it may come in, and is counted."""
        return self._turnstile.wait(client_of(request.remote))

    async def body(self, request: web.Request, most: int) -> bytes | Refusal:
        """A request's body, dropped as soon as it is too long or too late."""
        if (request.content_length or 0) > most:
            return Refusal.TOO_LARGE
        pieces, size = [], 0
        try:
            async with asyncio.timeout(self._body_seconds):
                async for piece in request.content.iter_any():
                    size += len(piece)
                    if size > most:
                        return Refusal.TOO_LARGE
                    pieces.append(piece)
        except TimeoutError:
            return Refusal.TOO_SLOW
        return b"".join(pieces)

    def counted(self, hook: str, outcome: str) -> None:
        """What came was taken, and came to this."""
        self._metrics.hooked(hook, outcome)

    def refused(self, hook: str, refusal: Refusal, wait: float = 0.0) -> web.Response:
        """The answer to who is sent away; it says no more than a word."""
        self._metrics.hooked(hook, refusal)
        now = self._clock.monotonic()
        if refusal is not Refusal.CLOSED and now - self._told.get(refusal, -LOG_REST) >= LOG_REST:
            self._told[refusal] = now
            log.warning("A %s hook was refused: %s.", hook, refusal.replace("_", " "), extra={"action": "hook_refused"})
        answer = web.json_response({"ok": False, "why": str(refusal)}, status=STATUS[refusal])
        if wait:
            answer.headers["Retry-After"] = str(ceil(wait))
        if refusal in {Refusal.TOO_LARGE, Refusal.TOO_SLOW}:
            answer.force_close()  # What is left of its body is not waited for.
        return answer

    def store_down(self, hook: str, fault: StoreUnavailable) -> web.Response:
        """The answer while nothing can be written down: come again."""
        self._metrics.hooked(hook, "store_down")
        log.warning("A %s hook could not be taken: %s", hook, fault, extra={"action": "store_down"})
        answer = {"ok": False, "why": "store_down"}
        headers = {"Retry-After": STORE_RETRY}
        return web.json_response(answer, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
