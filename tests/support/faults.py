"""What a network and a platform can do to one request, played on a real socket.

A fake keeps one `Faults`. A test scripts it by endpoint name; the fake's handler asks `take` what is planned and hands
the request, the plan and its own committing coroutine to `play`. The faults and their names follow the table of what
python-telegram-bot and tweepy raise (see `tests/integration/test_fake_telegram.py`, which measures that table again).
"""

import asyncio
import socket
import struct
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from math import inf

from aiohttp import web

EVERY_ENDPOINT = "*"

Commit = Callable[[], Awaitable[web.Response]]
"""Carries the request out and gives the answer. It has read the body before, or reads it by `request.read()`, which
is kept: the client may have gone by the time a late commit runs."""


class Fault(StrEnum):
    """One way for a request to go wrong. Each says whether the platform's state has changed."""

    DROP_BEFORE_READ = "drop_before_read"
    """The connection is closed before the body is read. Nothing is committed."""
    HANG_BEFORE_ACCEPT = "hang_before_accept"
    """The request is read and never carried out nor answered. Nothing is committed."""
    HTML_502 = "html_502"
    """A proxy's page with status 502. Nothing is committed, unless the plan says `commits=True`."""
    HTML_503 = "html_503"
    """A proxy's page with status 503. Nothing is committed, unless the plan says `commits=True`."""
    JSON_500 = "json_500"
    """The platform's own error body with status 500. Nothing is committed, unless the plan says `commits=True`."""
    DROP_AFTER_ACCEPT = "drop_after_accept"
    """COMMITTED first; then the connection is closed in order (FIN) without a byte of answer."""
    RST_AFTER_ACCEPT = "rst_after_accept"
    """COMMITTED first; then the connection is reset (RST) without a byte of answer."""
    HANG_AFTER_ACCEPT = "hang_after_accept"
    """COMMITTED first; the answer never comes."""
    HALF_BODY = "half_body"
    """COMMITTED first; the answer's head and half its body come, then the connection is closed (FIN)."""
    OK_BUT_NOT_JSON = "ok_but_not_json"
    """COMMITTED first; the answer is status 200 with a page instead of JSON."""
    LATE_COMMIT = "late_commit"
    """COMMITTED only after the plan's seconds, although the client may have gone by then; then the right answer."""
    SLOW = "slow"
    """COMMITTED at once; the right answer comes after the plan's seconds."""


_COMMITS = frozenset(
    {
        Fault.DROP_AFTER_ACCEPT,
        Fault.RST_AFTER_ACCEPT,
        Fault.HANG_AFTER_ACCEPT,
        Fault.HALF_BODY,
        Fault.OK_BUT_NOT_JSON,
        Fault.LATE_COMMIT,
        Fault.SLOW,
    }
)
_MAY_COMMIT = frozenset({Fault.HTML_502, Fault.HTML_503, Fault.JSON_500})

_PAGES = {
    Fault.HTML_502: (502, "Bad Gateway"),
    Fault.HTML_503: (503, "Service Unavailable"),
    Fault.OK_BUT_NOT_JSON: (200, "Welcome to nginx!"),
}


@dataclass(frozen=True, slots=True)
class Planned:
    """One fault about to be played.

    Attributes:
        fault: Which one.
        seconds: Length of the delay for LATE_COMMIT and SLOW. For the HANG faults the time until the connection is
            closed (FIN), where zero means until the fake stops.
        commits: Whether the request is carried out.
    """

    fault: Fault
    seconds: float
    commits: bool


@dataclass(slots=True)
class _Script:
    planned: Planned
    skip: int
    times: int


@dataclass(slots=True)
class _Chance:
    planned: Planned
    probability: float
    seed: int
    asked: int = 0

    def strikes(self) -> bool:
        """Draw the next lot: the same seed gives the same lots on every machine and every Python."""
        self.asked += 1
        lot = blake2b(f"{self.seed}:{self.planned.fault}:{self.asked}".encode(), digest_size=8).digest()
        return int.from_bytes(lot) / 2**64 < self.probability


class Faults:
    """The script of faults of one fake server.

    Args:
        internal_error: The platform's own JSON body for status 500.
    """

    def __init__(self, internal_error: Mapping[str, object]) -> None:
        self.played: list[tuple[str, Planned]] = []
        """Every fault that `take` handed out, with its endpoint, oldest first."""
        self._internal_error = dict(internal_error)
        self._scripts: defaultdict[str, deque[_Script]] = defaultdict(deque)
        self._chances: defaultdict[str, list[_Chance]] = defaultdict(list)
        self._stopping = asyncio.Event()

    def add(
        self,
        endpoint: str,
        fault: Fault,
        *,
        times: int = 1,
        skip: int = 0,
        seconds: float = 0.0,
        commits: bool | None = None,
    ) -> None:
        """Script a fault: `skip` requests to the endpoint pass, then `times` requests meet the fault.

        Scripts of one endpoint run one after another. The endpoint "*" stands for all; it is asked when the endpoint's
        own script has nothing to play.

        Args:
            endpoint: The fake's name for it, such as "sendMessage" or "POST /2/tweets".
            fault: What happens.
            times: How many requests meet it.
            skip: How many requests pass before.
            seconds: See `Planned`.
            commits: Only for the faults that leave it open (HTML_502, HTML_503, JSON_500).

        Raises:
            ValueError: `commits` contradicts the fault, or a number is out of range.
        """
        if times < 1 or skip < 0:
            raise ValueError("times is at least 1 and skip at least 0")
        self._scripts[endpoint].append(_Script(_plan(fault, seconds, commits=commits), skip, times))

    def chance(
        self,
        endpoint: str,
        fault: Fault,
        probability: float,
        seed: int,
        *,
        seconds: float = 0.0,
        commits: bool | None = None,
    ) -> None:
        """Let the fault strike each request to the endpoint (or "*") with this probability, drawn from the seed.

        Raises:
            ValueError: `commits` contradicts the fault, or the probability is not within 0 to 1.
        """
        if not 0 <= probability <= 1:
            raise ValueError("a probability lies within 0 to 1")
        self._chances[endpoint].append(_Chance(_plan(fault, seconds, commits=commits), probability, seed))

    def clear(self) -> None:
        """Forget every script and chance; what was played stays on record."""
        self._scripts.clear()
        self._chances.clear()

    def take(self, endpoint: str) -> Planned | None:
        """Say what befalls the next request to the endpoint, and count it. Call once for each request."""
        planned = self._scripted(endpoint) or self._scripted(EVERY_ENDPOINT) or self._drawn(endpoint)
        if planned is not None:
            self.played.append((endpoint, planned))
        return planned

    def _scripted(self, name: str) -> Planned | None:
        scripts = self._scripts.get(name)
        if not scripts:
            return None
        script = scripts[0]
        if script.skip:
            script.skip -= 1
            return None
        script.times -= 1
        if not script.times:
            scripts.popleft()
        return script.planned

    def _drawn(self, endpoint: str) -> Planned | None:
        chances = [*self._chances.get(endpoint, ()), *self._chances.get(EVERY_ENDPOINT, ())]
        # Every lot is drawn, so that one chance does not shift the series of another.
        struck = [chance.planned for chance in chances if chance.strikes()]
        return struck[0] if struck else None

    async def play(self, request: web.Request, planned: Planned | None, commit: Commit) -> web.Response:
        """Carry the request out as planned; with no plan, simply carry it out.

        The server must run with aiohttp's default `handler_cancellation=False`: a platform does not stop work when the
        client hangs up.
        """
        if planned is None:
            return await commit()
        if planned.fault is Fault.DROP_BEFORE_READ:
            return _gone(request, reset=False)
        await request.read()
        if planned.fault is Fault.LATE_COMMIT and not await self._passed(planned.seconds):
            return _gone(request, reset=False)
        answer = await commit() if planned.commits else web.Response()
        return await self._answer(request, planned, answer)

    async def _answer(self, request: web.Request, planned: Planned, answer: web.Response) -> web.Response:
        match planned.fault:
            case Fault.LATE_COMMIT:
                return answer
            case Fault.SLOW:
                await self._passed(planned.seconds)
                return answer
            case Fault.HALF_BODY:
                return _half(request, answer)
            case Fault.JSON_500:
                return web.json_response(self._internal_error, status=500)
            case Fault.HTML_502 | Fault.HTML_503 | Fault.OK_BUT_NOT_JSON:
                return _page(planned.fault)
            case Fault.HANG_BEFORE_ACCEPT | Fault.HANG_AFTER_ACCEPT:
                await self._passed(planned.seconds or inf)
            case Fault.DROP_BEFORE_READ | Fault.DROP_AFTER_ACCEPT | Fault.RST_AFTER_ACCEPT:
                pass
        return _gone(request, reset=planned.fault is Fault.RST_AFTER_ACCEPT)

    async def _passed(self, seconds: float) -> bool:
        """Wait; False when the fake stopped before the time was over."""
        try:
            await asyncio.wait_for(self._stopping.wait(), None if seconds == inf else seconds)
        except TimeoutError:
            return True
        return False

    def start(self) -> None:
        """Let requests hang again after a `stop`."""
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Let go of every request that hangs. A fake calls it before it closes its server."""
        self._stopping.set()


def _plan(fault: Fault, seconds: float, *, commits: bool | None) -> Planned:
    if seconds < 0:
        raise ValueError("seconds is at least 0")
    fixed = fault in _COMMITS
    if commits not in {None, fixed} and fault not in _MAY_COMMIT:
        raise ValueError(f"{fault} {'always commits' if fixed else 'never commits'}")
    return Planned(fault, seconds, fixed if commits is None else commits)


def _gone(request: web.Request, *, reset: bool) -> web.Response:
    """Close the connection under the request. aiohttp then finds that nobody is there to answer, and says nothing."""
    transport = request.transport
    if transport is not None:
        if reset:
            # Linger on with zero seconds makes close() send RST instead of FIN: socket(7), SO_LINGER.
            sock = transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        else:
            transport.close()
    return web.Response()


def _half(request: web.Request, answer: web.Response) -> web.Response:
    """Write the head with the full length, half the body, and close."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    head = (
        f"HTTP/1.1 {answer.status} {answer.reason}\r\n"
        f"Content-Type: {answer.content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    if request.transport is not None:
        request.transport.write(head.encode("ascii") + body[: len(body) // 2])
    return _gone(request, reset=False)


def _page(fault: Fault) -> web.Response:
    status, title = _PAGES[fault]
    return web.Response(
        status=status, content_type="text/html", text=f"<html><head><title>{title}</title></head><body></body></html>"
    )
