"""A real headless Chromium (bot.browser), driven over its DevTools protocol: one process, one private context a tab.

A dozen calls are all that is needed here; in them a test may ask the page, wait for it, and hear what it complains of.
"""

import asyncio
import base64
import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

_CALL_SECONDS = 60.0
"""Chromium takes ten to part a word of five thousand Latin letters into lines, and thirty beside other work (measured)."""

Json = Mapping[str, Any]


class Tab:
    """One page in a context of its own: no cookies, no cache, no storage of other tests."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.complaints: list[str] = []
        """What the console, the page's errors and the browser's own log said."""
        self.requests: list[str] = []
        """Addresses of everything the page asked for."""
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._events: dict[str, asyncio.Queue[Json]] = {}
        self._session = ""

    async def call(self, method: str, **params: object) -> Json:
        """One command of the protocol, to the page once there is one."""
        number = next(self._numbers)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        to_page = {"sessionId": self._session} if self._session else {}
        await self._socket.send_json({"id": number, "method": method, "params": params, **to_page})
        async with asyncio.timeout(_CALL_SECONDS):
            return await answer

    async def goto(self, url: str) -> None:
        """Open an address and wait until the page and its pictures are there; it may have no script."""
        self._events.pop("Page.loadEventFired", None)
        answer = await self.call("Page.navigate", url=url)
        assert not answer.get("errorText"), answer
        await self.event("Page.loadEventFired")

    async def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page; a promise is waited for."""
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    async def until(self, condition: str, seconds: float = 15.0) -> None:
        """Wait, in the page, until a JavaScript condition holds.

        Raises:
            AssertionError: it did not hold in time.
        """
        wait = (
            f"new Promise(done => {{ const end = Date.now() + {seconds * 1000};"
            f" (function look() {{ let held = false; try {{ held = Boolean({condition}); }} catch (error) {{ void error; }}"
            " if (held || Date.now() > end) { done(held); } else { setTimeout(look, 20); } })(); })"
        )
        try:
            held = await self.ask(wait)
        except RuntimeError:
            # The page moved on while it was asked (a refresh): the question goes to the new one.
            held = await self.ask(wait)
        assert held, f"did not come true in {seconds} s: {condition}"

    async def event(self, method: str) -> Json:
        """The next event of this kind that was not taken yet."""
        async with asyncio.timeout(_CALL_SECONDS):
            return await self._events.setdefault(method, asyncio.Queue()).get()

    async def size(
        self, width: int, height: int, *, scale: float = 1.0, dark: bool = False, still: bool = True
    ) -> None:
        """Give the page's window a size, a colour scheme and a taste for movement."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=width < 600,
        )
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        await self.call("Emulation.setEmulatedMedia", features=features)

    async def picture(self) -> bytes:
        """What the window shows, as PNG."""
        shot = await self.call("Page.captureScreenshot", format="png")
        return base64.b64decode(shot["data"])

    async def listen(self) -> None:
        """Read the socket until it closes; run as a task beside the calls."""
        async for frame in self._socket:
            told = frame.json()
            if "id" in told:
                self._settle(told)
            else:
                self._note(told.get("method", ""), told.get("params", {}))

    def _settle(self, told: Json) -> None:
        answer = self._waiting.pop(told["id"])
        if "error" in told:
            answer.set_exception(RuntimeError(str(told["error"])))
        elif not answer.done():
            answer.set_result(told["result"])

    def _note(self, event: str, params: Json) -> None:
        match event:
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Runtime.exceptionThrown":
                self.complaints.append(str(params["exceptionDetails"]))
            case "Runtime.consoleAPICalled":
                self.complaints.append(str(params["args"]))
            case "Log.entryAdded":
                self.complaints.append(f"{params['entry']['level']}: {params['entry']['text']}")
            case _:
                self._events.setdefault(event, asyncio.Queue()).put_nowait(params)

    async def attach(self) -> str:
        """Make the context and its page, and follow them; gives the context's name."""
        context = (await self.call("Target.createBrowserContext"))["browserContextId"]
        page = (await self.call("Target.createTarget", url="about:blank", browserContextId=context))["targetId"]
        session = (await self.call("Target.attachToTarget", targetId=page, flatten=True))["sessionId"]
        self._session = session
        for domain in ("Page", "Runtime", "Network", "Log"):
            await self.call(f"{domain}.enable")
        return str(context)

    async def leave(self, context: str) -> None:
        """Close the context with all in it."""
        self._session = ""
        await self.call("Target.disposeBrowserContext", browserContextId=context)


@asynccontextmanager
async def opened(address: str, width: int = 1280, height: int = 900) -> AsyncIterator[Tab]:
    """A tab of the browser at this address, closed at the end."""
    async with aiohttp.ClientSession() as session, session.ws_connect(address, max_msg_size=0) as socket:
        tab = Tab(socket)
        ears = asyncio.create_task(tab.listen(), name="browser events")
        try:
            context = await tab.attach()
            await tab.size(width, height)
            yield tab
            await tab.leave(context)
        finally:
            ears.cancel()
