"""The machine's pages: /metrics for Prometheus and /ready for the host."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from typing_extensions import override

from bot.metrics import Metrics
from bot.ready import Readiness
from bot.standing import Kept, Standing
from newsroom.errors import StoreUnavailable
from newsroom.ports import Ledger, Switch

STORE_SECONDS = 3.0
"""How long the page waits for the store; Prometheus gives a page 10 s by default (scrape_timeout)."""


async def kept_by(ledger: Ledger, switch: Switch) -> Kept | None:
    """What the store says; None when it does not answer soon, for a page without it is better than none."""
    try:
        async with asyncio.timeout(STORE_SECONDS):
            return Kept(
                counts=await ledger.counts(),
                parked=await switch.parked(),
                spent=await ledger.spent(),
                is_paused=bool(await switch.paused()),
            )
    except (StoreUnavailable, TimeoutError):
        return None


@dataclass(frozen=True, slots=True)
class MachinePages:
    """What a host and a Prometheus ask for."""

    metrics: Metrics
    stand: Callable[[], Awaitable[Standing]]
    readiness: Readiness

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The routes, for `web.Application.add_routes`."""
        return (web.get("/metrics", self.page), web.get("/ready", self.ready))

    async def page(self, request: web.Request) -> web.Response:
        """What was counted, and how things stand now, in the form that is asked for."""
        encode, kind = choose_encoder(request.headers.get("Accept", ""))
        body = encode(_Both(self.metrics.registry, await self.stand()))
        return web.Response(body=body, headers={"Content-Type": kind, "Cache-Control": "no-store"})

    async def ready(self, _request: web.Request) -> web.Response:
        """200 when the worker can do its work, 503 with the reason when it cannot."""
        why = await self.readiness.why_not()
        answer = {"ready": not why} | ({"why": why} if why else {})
        return web.json_response(answer, status=503 if why else 200, headers={"Cache-Control": "no-store"})


@dataclass(frozen=True, slots=True)
class _Both(Collector):
    """Two collectors as one page; nothing is registered, so that pages asked at once do not meet."""

    counted: Collector
    standing: Collector

    @override
    def collect(self) -> Iterator[Metric]:
        yield from self.counted.collect()
        yield from self.standing.collect()
