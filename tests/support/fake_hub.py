"""A strict WebSub hub on 127.0.0.1: it takes only what the Recommendation allows, verifies, signs and remembers.

    async with FakeHub() as hub:
        ...  # a site whose feed names hub.url
        await hub.publish(topic, body)
        hub.assert_clean()

It fetches nothing: what is published is given to it.
"""

import asyncio
import hmac
import io
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
from aiohttp import web

_ALLOWED = frozenset({"hub.callback", "hub.mode", "hub.topic", "hub.lease_seconds", "hub.secret"})


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Whom the hub tells."""

    callback: str
    topic: str
    secret: str
    lease: int


@dataclass(slots=True)
class FakeHub:
    """One hub."""

    lease_seconds: int = 864_000
    """What it grants, whatever was asked for."""
    denies: str = ""
    """The reason for which it denies every subscription; empty while it takes them."""
    refuses_with: int = 0
    """A status with which it answers every request; 0 while it takes them."""
    moved_to: str = ""
    """Where it sends whoever asks (307)."""
    method: str = "sha256"
    subscribers: dict[tuple[str, str], Subscriber] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    """Every request, as it came."""
    violations: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """What callbacks answered to content."""
    url: str = ""
    _runner: web.AppRunner | None = None
    _verifying: set[asyncio.Task[None]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Listen."""
        app = web.Application()
        app.router.add_post("/", self._request)
        app.router.add_post("/new-place", self._request)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/"
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await asyncio.gather(*self._verifying, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def assert_clean(self) -> None:
        """Nobody asked for what the Recommendation does not know."""
        assert self.violations == []

    async def publish(self, topic: str, body: bytes, content_type: str = "application/rss+xml; charset=UTF-8") -> None:
        """Tell every subscriber of a topic (§7)."""
        for subscriber in [each for each in self.subscribers.values() if each.topic == topic]:
            headers = {"Content-Type": content_type, "Link": f'<{self.url}>; rel="hub", <{topic}>; rel="self"'}
            if subscriber.secret:
                signed = hmac.new(subscriber.secret.encode(), body, self.method).hexdigest()
                headers["X-Hub-Signature"] = f"{self.method}={signed}"
            status = await self.send(subscriber.callback, body, headers)
            if status == 410:  # §7: the subscriber wants no more of it.
                del self.subscribers[subscriber.callback, topic]

    async def send(self, callback: str, body: bytes, headers: dict[str, str]) -> int:
        """Bring something to a callback."""
        assert self._session is not None
        async with self._session.post(callback, data=io.BytesIO(body), headers=headers) as answer:
            self.answers.append(answer.status)
            return answer.status

    async def ask(self, callback: str, **query: str) -> tuple[int, str]:
        """Ask something of a callback; gives status and text."""
        assert self._session is not None
        params = {f"hub.{name}": value for name, value in query.items()}
        async with self._session.get(callback, params=params) as answer:
            return answer.status, await answer.text()

    async def _request(self, request: web.Request) -> web.Response:
        if self.moved_to and request.path == "/":
            raise web.HTTPTemporaryRedirect(self.moved_to)
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        if self.refuses_with:
            return web.Response(status=self.refuses_with, text="not now")
        wrong = self._wrong(request, form)
        if wrong:
            self.violations.append(wrong)
            return web.Response(status=400, text=wrong)
        task = asyncio.create_task(self._verify(form))
        self._verifying.add(task)
        task.add_done_callback(self._verifying.discard)
        return web.Response(status=202)

    @staticmethod
    def _wrong(request: web.Request, form: dict[str, str]) -> str:
        if request.content_type != "application/x-www-form-urlencoded":
            return f"§5.1: the form is of type {request.content_type}"
        if unknown := set(form) - _ALLOWED:
            return f"§5.1 knows no {sorted(unknown)}"
        if form.get("hub.mode") not in {"subscribe", "unsubscribe"}:
            return f"§5.1: no such mode: {form.get('hub.mode')}"
        if any(urlsplit(form.get(name, "")).scheme not in {"http", "https"} for name in ("hub.topic", "hub.callback")):
            return "§5.1: topic and callback are addresses"
        if len(form.get("hub.secret", "").encode()) >= 200:
            return "§5.1: the secret is less than 200 bytes"
        lease = form.get("hub.lease_seconds", "1")
        return "" if lease.isdecimal() and int(lease) > 0 else f"§5.1: no lease: {lease}"

    async def _verify(self, form: dict[str, str]) -> None:
        """§5.2 and §5.3."""
        mode, topic, callback = form["hub.mode"], form["hub.topic"], form["hub.callback"]
        if mode == "subscribe" and self.denies:
            await self.ask(callback, mode="denied", topic=topic, reason=self.denies)
            return
        challenge = uuid4().hex
        lease = {"lease_seconds": str(self.lease_seconds)} if mode == "subscribe" else {}
        status, text = await self.ask(callback, mode=mode, topic=topic, challenge=challenge, **lease)
        if not 200 <= status < 300 or text != challenge:
            return
        if mode == "subscribe":
            told = Subscriber(callback, topic, form.get("hub.secret", ""), self.lease_seconds)
            self.subscribers[callback, topic] = told
        else:
            self.subscribers.pop((callback, topic), None)
