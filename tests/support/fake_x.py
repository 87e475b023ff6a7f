"""A strict fake of the X API v2: a real server on 127.0.0.1 that refuses what X refuses, in X's words.

    request -> faults -> signature -> rate limit -> standing -> form -> credit -> rules of the house -> answer

It follows X's documentation and the answers that users filed (`x_problems`). What is not on record is said where it
stands. It does not play OAuth 2.0, video, polls, geo, communities and expansions: asking for them is a violation.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from functools import partial
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.support.faults import Fault, Faults
from tests.support.x_api import Answer, Snowflakes, XApi
from tests.support.x_endpoint import Endpoint
from tests.support.x_meter import Purse, RateLimits, Whose
from tests.support.x_oauth import Signatures, XKeys, system_now
from tests.support.x_posts import XAccount, XPost
from tests.support.x_problems import (
    INTERNAL_ERROR,
    PROBLEMS,
    RefusedError,
    Standing,
    invalid_for,
    standing_refusal,
    too_many,
)
from tests.support.x_request import Asked, Body, breaches_of, read_body
from tests.support.x_shape import Breach, Shape

__all__ = ["Call", "Endpoint", "FakeX", "Standing", "Violation", "XAccount", "XKeys", "XPost"]

DEVELOPER = "1893360500000000000"
"""Number of the developer account, which pays for every account."""
LARGEST_BODY_BYTES = 32 * 1024 * 1024


@dataclass(slots=True)
class Call:
    """One request, from its arrival on.

    Attributes:
        endpoint: Its name; the method and path as sent, where X has no such endpoint.
        arrived: `time.monotonic()`.
        query: As sent.
        account: Whose keys signed it; None before the signature was checked and found good.
        body: What the body says; of a picture only its length.
        fault: What befell it.
        status: Of the answer the fake made; None as long as it made none. Whether it reached the client is `fault`'s
            business.
        refusal: Why it was refused, with what the fake knows and X would not tell.
    """

    endpoint: str
    arrived: float
    query: Mapping[str, str]
    account: XAccount | None = None
    body: object = None
    fault: Fault | None = None
    status: int | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """A request that is not of the form X takes: a bug of the client, whatever came of it."""

    endpoint: str
    breach: Breach


class FakeX:
    """X, for tests: `async with FakeX(keys=keys) as x:` serves at `x.url`.

    Args:
        keys: Of the first account.
        username: Of the first account.
        premium: Whether the first account is Premium (25,000 characters, edits).
        credit: Dollars paid in.
        clock: Time of posts, limits and expiries. Set `x.clock` to travel.
        signing_clock: X's clock for the timestamps of signatures and the `Date` header; apart from the other, since
            clients sign by the clock of the world. Set `x.signatures.clock` for a clock that is wrong.
        signed_over: Further base URLs that a signature may cover, such as "https://api.twitter.com" for a client that
            signs one address and dials another.
    """

    def __init__(
        self,
        *,
        keys: XKeys,
        username: str = "ajil_news",
        premium: bool = False,
        credit: Decimal = Decimal(10),
        clock: Callable[[], datetime] = system_now,
        signing_clock: Callable[[], datetime] = system_now,
        signed_over: tuple[str, ...] = (),
    ) -> None:
        self.clock = clock
        self.faults = Faults(INTERNAL_ERROR)
        """Scripted by endpoint name, such as "POST /2/tweets" (`Endpoint`)."""
        self.signatures = Signatures(signing_clock)
        self.shape = Shape()
        self.limits = RateLimits()
        self.calls: list[Call] = []
        """Every request, in order of arrival."""
        self.violations: list[Violation] = []
        self.problems = PROBLEMS
        """Where the types of problems lie; set it to `x_problems.NEW_PROBLEMS` for what X's newer SDK takes."""
        self._new_id = Snowflakes(self._now)
        self.purse = Purse(credit, DEVELOPER)
        self.api = XApi(self._new_id, self.purse)
        self._signed_over = signed_over
        self._holders: dict[XKeys, XAccount] = {}
        self._standings: dict[str, Standing] = {}
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._origin = ""
        self.account = self.open_account(keys, username=username, premium=premium)
        """The first account."""

    @property
    def url(self) -> str:
        """Base URL, to stand where https://api.x.com stands.

        Raises:
            RuntimeError: The fake is not serving.
        """
        if not self._origin:
            raise RuntimeError("the fake is not serving; enter it with `async with` first")
        return self._origin

    @property
    def spent(self) -> Decimal:
        """Dollars paid so far, for all accounts."""
        return self.purse.spent

    @property
    def credits(self) -> Decimal:
        """Dollars left."""
        return self.purse.credit

    def open_account(self, keys: XKeys, *, username: str, premium: bool = False) -> XAccount:
        """Open one more account; the same purse pays for it.

        Raises:
            ValueError: The access token is in use already.
        """
        self.signatures.give_out(keys)
        account = XAccount(self._new_id(), username, username.replace("_", " ").title(), premium, self.clock())
        self._holders[keys] = account
        self.api.accounts.append(account)
        return account

    def posts(self, account: XAccount | None = None) -> tuple[XPost, ...]:
        """Every post that was committed, of one account or all, deleted ones too, oldest first."""
        return tuple(post for post in self.api.book.posts if account in {None, post.account})

    def calls_to(self, endpoint: Endpoint) -> tuple[Call, ...]:
        """Every request to one endpoint, in order of arrival."""
        return tuple(call for call in self.calls if call.endpoint == endpoint)

    def stand(self, standing: Standing, account: XAccount | None = None) -> None:
        """Set how X stands to an account (None: to all that are open)."""
        for each in self.api.accounts if account is None else (account,):
            self._standings[each.id] = standing

    def lock(self, account: XAccount | None = None) -> None:
        """Lock an account (None: all), until `stand(Standing.GOOD)`."""
        self.stand(Standing.LOCKED, account)

    def empty_credits(self) -> None:
        """Leave no dollar in the purse."""
        self.purse.credit = Decimal(0)

    def limit(self, endpoint: Endpoint | str, remaining: int, reset: float) -> None:
        """Leave every account so many requests to an endpoint, for so many seconds from now."""
        for account in self.api.accounts:
            self.limits.set(Endpoint(endpoint), account.id, remaining, self.clock() + timedelta(seconds=reset))

    def limit_day(self, remaining: int, reset: float, whose: Whose = "app") -> None:
        """Leave so many posts for so many seconds from now, counted by the day as X does on some plans."""
        self.limits.set_day(remaining, self.clock() + timedelta(seconds=reset), whose)

    def assert_clean(self) -> None:
        """Fail when any request was not of the form X takes."""
        told = [f"{each.endpoint}: {each.breach.message} (given: {each.breach.value})" for each in self.violations]
        assert not told, "\n".join(told)

    async def wait_for(
        self,
        predicate: Callable[[], bool],
        timeout: float = 5,  # noqa: ASYNC109  Named as in asyncio.wait_for.
    ) -> None:
        """Wait until the predicate holds; it is asked again when a request comes in and when one was carried out.

        Raises:
            TimeoutError: It does not hold after so many seconds.
        """
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(predicate)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LARGEST_BODY_BYTES)
        for endpoint in Endpoint:
            app.router.add_route(endpoint.method, endpoint.path, partial(self._serve, endpoint))
        app.router.add_route("*", "/{anywhere:.*}", self._serve_nothing)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._origin = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, endpoint: Endpoint, request: web.Request) -> web.Response:
        planned = self.faults.take(endpoint)
        call = Call(endpoint, time.monotonic(), dict(request.query), fault=planned.fault if planned else None)
        self.calls.append(call)
        await self._tell()
        return await self.faults.play(request, planned, partial(self._carry_out, endpoint, call, request))

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _now(self) -> datetime:
        return self.clock()

    async def _serve_nothing(self, request: web.Request) -> web.Response:
        """X answers an unknown path with an empty 404 (docs #395)."""
        name = f"{request.method} {request.path}"
        self.calls.append(Call(name, time.monotonic(), dict(request.query), status=404))
        self.violations.append(Violation(name, Breach("path", "X has no such endpoint", request.path)))
        await self._tell()
        return web.Response(status=404)

    async def _carry_out(self, endpoint: Endpoint, call: Call, request: web.Request) -> web.Response:
        content = await request.read()
        headers = {"Date": format_datetime(self.signatures.clock(), usegmt=True)}
        body: Mapping[str, object] | None
        try:
            status, body = self._answer(endpoint, call, request, content, headers)
        except RefusedError as refused:
            status, body, call.refusal = refused.status, refused.body, str(refused)
        call.status = status
        await self._tell()
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).replace(PROBLEMS, self.problems)
        # X says application/json for its problems as well (headers in ethernal #1324, typescript-sdk #97).
        return web.Response(status=status, text=text, content_type="application/json", headers=headers)

    def _answer(
        self, endpoint: Endpoint, call: Call, request: web.Request, content: bytes, headers: dict[str, str]
    ) -> Answer:
        now = self.clock()
        try:
            call.account = self._signer(request)
        finally:
            within, counted = self.limits.count(endpoint, "" if call.account is None else call.account.id, now)
            headers.update(counted)
        if not within:
            raise too_many()
        self._check_standing(endpoint, call.account)
        path = dict(request.match_info)
        body = self._read(endpoint, path, request, content)
        call.body = body.fields
        fields = body.fields if isinstance(body.fields, dict) else {}
        asked = Asked(endpoint, call.account, path, call.query, fields, body.media, now, call.arrived)
        return self.api.answer(asked)

    def _signer(self, request: web.Request) -> XAccount:
        bases = (f"{request.scheme}://{request.host}", *self._signed_over)
        uris = [base + request.raw_path for base in bases]
        return self._holders[self.signatures.signer(request.method, uris, request.headers)]

    def _check_standing(self, endpoint: Endpoint, account: XAccount) -> None:
        standing = self._standings.get(account.id, Standing.GOOD)
        refusal = standing_refusal(standing, DEVELOPER)
        if refusal and (endpoint.writes or standing is not Standing.READ_ONLY):
            raise refusal

    def _read(self, endpoint: Endpoint, path: Mapping[str, str], request: web.Request, content: bytes) -> Body:
        """Read the body; whatever is wrong with the form of the request is kept and refused."""
        breaches = self.shape.query_breaches(endpoint, path, list(request.query.items()))
        body = Body({})
        try:
            body = read_body(endpoint, request.headers.get("Content-Type", ""), content)
        except ValueError as error:
            breaches.append(Breach("body", str(error), repr(content[:80])))
        else:
            breaches += breaches_of(self.shape, endpoint, body)
        if breaches:
            self.violations += [Violation(endpoint, breach) for breach in breaches]
            raise invalid_for([(each.message, {each.where: [each.value]}) for each in breaches])
        return body
