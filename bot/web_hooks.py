"""The hooks: where the site and hubs tell us of news. Everything that comes here is hostile until it is proved.

The cheapest question comes first: how often, of what type, signed at all; only then is a body read, within a size and a
time. What is refused has a status, a number in the metrics and, once in a while, a line in the log.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from bot.web_gate import Gate
from feeds import hook, ping
from feeds.hook import Letter, Refusal
from feeds.ping import HubPings
from feeds.push import WordPressPush
from feeds.subscriber import Subscriber
from feeds.websub import Verified
from newsroom.errors import StoreUnavailable

log = logging.getLogger(__name__)

CALLBACKS = "/hooks/websub"
"""Below this hubs find us; the path of a subscription follows."""


@dataclass(frozen=True, slots=True)
class Hubs:
    """What stands behind the callbacks."""

    subscriber: Subscriber
    pings: HubPings


class HookPages:
    """The addresses below /hooks.

    Args:
        push: The site's own hook.
        gate: Before every hook.
        hubs: Behind the callbacks; without it there are none.
    """

    def __init__(self, push: WordPressPush, gate: Gate, hubs: Hubs | None = None) -> None:
        self._push = push
        self._gate = gate
        self._hubs = None if hubs is None else HubPages(hubs, gate)

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The routes, for `web.Application.add_routes`."""
        return (
            web.post("/hooks/wordpress", self.wordpress),
            *(self._hubs.routes() if self._hubs else ()),
        )

    async def close(self, _: web.Application) -> None:
        """Nothing comes any more."""
        if self._hubs is not None:
            await self._hubs.close()

    async def wordpress(self, request: web.Request) -> web.Response:
        """What the plugin sends. 202 once it is taken care of, so that the plugin need not send it again."""
        refused = self._gate.refused
        if not self._push.is_open:
            return refused("wordpress", Refusal.CLOSED)
        if wait := self._gate.wait(request):
            return refused("wordpress", Refusal.TOO_MANY, wait)
        if request.content_type != "application/json" or "Content-Encoding" in request.headers:
            return refused("wordpress", Refusal.WRONG_TYPE)
        stamp, seal = (request.headers.get(f"X-Ajil-{name}", "") for name in ("Timestamp", "Signature"))
        if not hook.looks_signed(stamp, seal):
            return refused("wordpress", Refusal.UNSIGNED)
        body = await self._gate.body(request, hook.MOST_BYTES)
        if isinstance(body, Refusal):
            return refused("wordpress", body)
        try:
            outcome = await self._push.receive(Letter(stamp, seal, body))
        except StoreUnavailable as fault:
            return self._gate.store_down("wordpress", fault)
        if isinstance(outcome, Refusal):
            return refused("wordpress", outcome)
        self._gate.counted("wordpress", outcome.event)
        told = {"action": "hook", "url": outcome.link}
        log.info("The site told us (%s): %s", outcome.event, outcome.link, extra=told)
        return web.json_response({"ok": True}, status=HTTPStatus.ACCEPTED)


class HubPages:
    """The callbacks of our subscriptions (WebSub §5.3, §7).

    Args:
        hubs: What stands behind them.
        gate: Before every hook.
    """

    def __init__(self, hubs: Hubs, gate: Gate) -> None:
        self._subscriber = hubs.subscriber
        self._pings = hubs.pings
        self._gate = gate

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The routes, for `web.Application.add_routes`."""
        place = CALLBACKS + "/{path:[0-9a-f]{40}}"
        return (web.get(place, self.verify, allow_head=False), web.post(place, self.take))

    async def close(self) -> None:
        """Nothing comes any more."""
        await self._pings.close()

    async def verify(self, request: web.Request) -> web.Response:
        """A hub asks whether it was we: the challenge comes back for what we asked, 404 for anything else."""
        if wait := self._gate.wait(request):
            return self._gate.refused("websub", Refusal.TOO_MANY, wait)
        query: Mapping[str, str] = request.query
        try:
            verdict = await self._subscriber.verify(request.match_info["path"], query)
        except StoreUnavailable as fault:
            return self._gate.store_down("websub", fault)
        if verdict is None:
            return self._gate.refused("websub", Refusal.UNASKED)
        self._gate.counted("websub", "verified" if isinstance(verdict, Verified) else "denied")
        return web.Response(text=verdict.challenge if isinstance(verdict, Verified) else "")

    async def take(self, request: web.Request) -> web.Response:
        """A hub brings a feed. 410 ends what we gave up; what it did not sign is dropped."""
        if wait := self._gate.wait(request):
            return self._gate.refused("websub", Refusal.TOO_MANY, wait)
        try:
            return await self._take(request)
        except StoreUnavailable as fault:
            return self._gate.store_down("websub", fault)

    async def _take(self, request: web.Request) -> web.Response:
        subscription = await self._subscriber.source_of(request.match_info["path"])
        if subscription is None:
            return self._gate.refused("websub", Refusal.GONE)
        body = await self._gate.body(request, ping.MOST_BYTES)
        if isinstance(body, Refusal):
            return self._gate.refused("websub", body)
        if not self._subscriber.is_signed(subscription, request.headers.get("X-Hub-Signature", ""), body):
            return self._gate.refused("websub", Refusal.FORGED)
        new = await self._pings.take(subscription.feed, body, request.headers.get("Content-Type", ""))
        self._gate.counted("websub", "brought")
        log.info("The hub brought %d new entries.", new, extra={"action": "hub", "feed": subscription.feed})
        return web.Response(status=HTTPStatus.ACCEPTED)
