"""A headless Chromium, where the machine has one: pages become pictures. It is spoken to over its DevTools protocol.

No package has to match the browser's version for the few calls that are needed
(https://chromedevtools.github.io/devtools-protocol/).
"""

import asyncio
import base64
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from newsroom.errors import NewsroomError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless=new",
    "--remote-debugging-port=0",
    # Containers run as root without the kernel's user namespaces. What is opened here has no script, or is a test's.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    # Nothing of a frame is put off for the next one, however slow the machine; else parts of it come out blank. Its relative
    # --run-all-compositor-stages-before-draw never ends in one picture of seventy (4 of 270 here, 0 of 270 without it).
    "--disable-new-content-rendering-timeout",
    "--disable-checker-imaging",
    # Only this machine: a request to anywhere else fails.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
TALLEST_PX = 16_000
"""Chromium draws no taller picture; what is below is left out."""
SHARPNESS = 2
"""Device pixels to one of the page, as on a phone; a page that would be too tall is drawn with one."""

_START_SECONDS = 30.0
_CALL_SECONDS = 60.0
_ALL_DRAWN = (
    "document.fonts.ready.then(() => Promise.all([...document.images].map(image => image.decode()))).then(() => 1)"
)


class BrowserFailed(NewsroomError):
    """The browser did not come up, or could not draw the page."""


def found() -> str | None:
    """The browser's path, or None where there is none. CHROMIUM names another."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def running(binary: str, folder: Path) -> Iterator[str]:
    """Start a browser with an empty profile in `folder`; gives the address of its debugging websocket.

    Raises:
        BrowserFailed: it did not come up.
    """
    log = folder / "chromium.log"
    with log.open("wb") as out:
        try:
            process = subprocess.Popen(  # noqa: S603 - the browser of this machine, or the one its owner named
                [binary, *FLAGS, f"--user-data-dir={folder / 'profile'}", "about:blank"],
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        except OSError as error:
            raise BrowserFailed(f"{binary} cannot be started: {error.strerror}") from error
        try:
            yield _address(folder / "profile" / "DevToolsActivePort", process, log)
        finally:
            _end(process)


@dataclass(frozen=True, slots=True)
class Photograph:
    """A page as PNG."""

    content: bytes
    left_out_px: int
    """How much of the page's foot was too much for one picture; 0 where it is whole."""


def photographed(page: Path, width: int) -> Photograph:
    """The whole page as PNG.

    Args:
        page: a file of HTML that asks for nothing outside itself.
        width: of the window, in CSS px.

    Raises:
        BrowserFailed: there is no browser, or it failed.
    """
    binary = found()
    if binary is None:
        raise BrowserFailed(f"no browser was found: none of {', '.join(NAMES)} is on PATH")
    with (
        tempfile.TemporaryDirectory(prefix="ajil-png", ignore_cleanup_errors=True) as profile,
        running(binary, Path(profile)) as address,
    ):
        try:
            return asyncio.run(_shot(address, page.absolute().as_uri(), width))
        except (aiohttp.ClientError, TimeoutError, KeyError) as error:
            raise BrowserFailed(f"the browser could not draw the page: {error!r}") from error


def _address(file: Path, process: "subprocess.Popen[bytes]", log: Path) -> str:
    """Wait until the browser has written where it listens."""
    for _ in range(int(_START_SECONDS / 0.05)):
        lines = file.read_text("utf-8").split() if file.exists() else []
        if len(lines) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    raise BrowserFailed(f"the browser did not come up: {log.read_text('utf-8', 'replace')[-2000:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the browser and its children, which have a session of their own, and nobody else."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


async def _shot(address: str, url: str, width: int) -> Photograph:
    async with aiohttp.ClientSession() as http, http.ws_connect(address, max_msg_size=0) as socket:
        wire = _Wire(socket)
        target = await wire.call("Target.createTarget", url="about:blank")
        attached = await wire.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        wire.session = attached["sessionId"]
        await wire.call("Page.enable")
        # Of a window that is low: a page that is shorter would be drawn with its empty rest.
        await _size(wire, width, 200, SHARPNESS)
        # The wall's page shows one network on a phone, and both on paper.
        await wire.call("Emulation.setEmulatedMedia", media="print")
        await wire.call("Page.navigate", url=url)
        await wire.event("Page.loadEventFired")
        # "load" is not "drawn": letters and pictures are decoded after it, and letters change the height.
        await wire.call("Runtime.evaluate", expression=_ALL_DRAWN, awaitPromise=True)
        whole = int((await wire.call("Page.getLayoutMetrics"))["cssContentSize"]["height"])
        height = min(whole, TALLEST_PX)
        await _size(wire, width, height, SHARPNESS if height * SHARPNESS <= TALLEST_PX else 1)
        # In a window of its own height each picture is decoded anew, for the size it has there.
        await wire.call("Runtime.evaluate", expression=_ALL_DRAWN, awaitPromise=True)
        shot = await wire.call("Page.captureScreenshot", format="png")
        return Photograph(base64.b64decode(shot["data"]), whole - height)


async def _size(wire: "_Wire", width: int, height: int, sharpness: int) -> None:
    await wire.call(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=height,
        deviceScaleFactor=sharpness,
        mobile=width < 600,
    )


class _Wire:
    """One question at a time."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.session = ""
        self._socket = socket
        self._number = 0
        self._events: set[str] = set()

    async def call(self, method: str, **params: object) -> Mapping[str, Any]:
        """The result of one command, to the page once there is one."""
        self._number += 1
        to_page = {"sessionId": self.session} if self.session else {}
        await self._socket.send_json({"id": self._number, "method": method, "params": params, **to_page})
        async with asyncio.timeout(_CALL_SECONDS):
            while (told := await self._heard()).get("id") != self._number:
                continue
        if "error" in told:
            raise BrowserFailed(f"{method}: {told['error'].get('message')}")
        result: Mapping[str, Any] = told["result"]
        return result

    async def event(self, method: str) -> None:
        """Wait until this has happened."""
        async with asyncio.timeout(_CALL_SECONDS):
            while method not in self._events:
                await self._heard()

    async def _heard(self) -> dict[str, Any]:
        frame = await self._socket.receive()
        if frame.type is not aiohttp.WSMsgType.TEXT:
            raise BrowserFailed("the browser went away while it drew the page")
        told: dict[str, Any] = frame.json()
        self._events.add(told.get("method", ""))
        return told
