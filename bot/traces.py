"""Traces for OpenTelemetry: a span for each delivery and each poll. Off unless OTEL_EXPORTER_OTLP_ENDPOINT is set.

Its packages come with the extra `otel` and are imported here, by name, only when they are wanted. They read all further
OTEL_ variables by themselves, and send from a thread of their own.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from bot import __version__
from bot.settings import SettingsWrongError
from feeds.answer import Answer, FeedDown, Fetched, Source
from feeds.validators import Validators
from newsroom.delivery import Delivery
from newsroom.link import shown_address
from newsroom.ports import Clock

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_SDK, _EXPORTER = "opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http.trace_exporter"


class Traces:
    """Writes spans.

    Args:
        tracer: of OpenTelemetry's SDK.
        clock: time of polls; a delivery brings its own.
    """

    def __init__(self, tracer: Any, clock: Clock) -> None:
        self._tracer = tracer
        self._clock = clock

    def settled(self, delivery: Delivery) -> None:
        """A delivery's new state was written; what may still change is no span yet."""
        if delivery.is_final:
            said: dict[str, str | int] = {"story": delivery.story, "target": delivery.target, "lane": delivery.lane}
            said |= {"state": delivery.state, "errand": delivery.errand, "attempts": delivery.attempts}
            self._span("delivery", delivery.admitted, max(delivery.admitted, delivery.settled), said)

    def over(self, source: Source) -> Source:
        """The same source, each of whose polls is a span."""
        return _TracedSource(self, source, self._clock)

    def polled(self, url: str, begun: float, ended: float, answer: Answer) -> None:
        """A feed was asked; Unix seconds."""
        came = "down" if isinstance(answer, FeedDown) else "body" if isinstance(answer, Fetched) else "unchanged"
        self._span("poll", begun, ended, {"feed": shown_address(url), "answer": came})

    def _span(self, name: str, begun: float, ended: float, said: Mapping[str, str | int]) -> None:
        attributes = {f"ajil.{word}": value if isinstance(value, int) else str(value) for word, value in said.items()}
        self._tracer.start_span(name, start_time=_nanoseconds(begun), attributes=attributes).end(_nanoseconds(ended))


class _TracedSource:
    """Implements `feeds.answer.Source`."""

    def __init__(self, traces: Traces, source: Source, clock: Clock) -> None:
        self._traces = traces
        self._source = source
        self._clock = clock

    async def fetch(self, url: str, validators: Validators, *, plain: bool = False) -> Answer:
        """One request."""
        begun = self._clock.now().timestamp()
        answer = await self._source.fetch(url, validators, plain=plain)
        self._traces.polled(url, begun, self._clock.now().timestamp(), answer)
        return answer


@asynccontextmanager
async def open_traces(environment: Mapping[str, str], clock: Clock) -> AsyncIterator[Traces | None]:
    """None when nobody asked for traces; at the end what was not yet sent is sent.

    Raises:
        SettingsWrongError: they are asked for and the packages are not there.
    """
    if not environment.get(ENDPOINT):
        yield None
        return
    trace, batch, exporter = _module(f"{_SDK}.trace"), _module(f"{_SDK}.trace.export"), _module(_EXPORTER)
    resource = _module(f"{_SDK}.resources").Resource.create({"service.name": "ajil", "service.version": __version__})
    provider = trace.TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(batch.BatchSpanProcessor(exporter.OTLPSpanExporter()))
    try:
        yield Traces(provider.get_tracer("ajil"), clock)
    finally:
        await asyncio.to_thread(provider.shutdown)


def _module(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as fault:
        raise SettingsWrongError(
            f"{ENDPOINT} is set, and {fault.name} is not installed: install the extra `otel` or unset it"
        ) from fault


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)
