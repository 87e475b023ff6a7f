"""The HTTP side of the fake Bot API: tokens, methods, faults, refusals, and the record of all of it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from tests.support.faults import Fault, Faults
from tests.support.telegram_board import Watch
from tests.support.telegram_errors import Known, Refusal, RefusedError, RuleError
from tests.support.telegram_photos import PhotoTable
from tests.support.telegram_shape import Call, Shape
from tests.support.telegram_updates import Changes, UpdateQueue

Method = Callable[[Call], object]

UPLOAD_BYTES = 50 * 1024 * 1024
"""What a request may weigh (core.telegram.org/bots/api, "Sending files")."""
EVERY_METHOD = "*"
FILE_ENDPOINT = "file"
"""The name under which faults can be planned for downloads."""


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that no client of ours may ever do.

    Attributes:
        method: The Bot API's method.
        rule: What was wrong, in a sentence.
        at: Monotonic seconds.
    """

    method: str
    rule: str
    at: float


@dataclass(slots=True)
class _Scripted:
    refusal: Refusal
    times: int
    skip: int
    when: Callable[[Call], bool] | None


class BotApi:
    """Serves one bot.

    Args:
        token: Its token.
        shape: Judges the shape of requests.
        faults: What goes wrong on the way.
        methods: What can be called, by official name; getUpdates is served from `updates`.
        updates: The bot's updates.
        photos: The bot's files.
        changes: Told of every request.
        watch: The server's time.
    """

    def __init__(
        self,
        *,
        token: str,
        shape: Shape,
        faults: Faults,
        methods: Mapping[str, Method],
        updates: UpdateQueue,
        photos: PhotoTable,
        changes: Changes,
        watch: Watch,
    ) -> None:
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self._token = token
        self._shape = shape
        self._faults = faults
        self._methods = methods
        self._updates = updates
        self._photos = photos
        self._changes = changes
        self._watch = watch
        self._scripted: dict[str, list[_Scripted]] = {}
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """Where it listens, or listened last."""
        return f"http://127.0.0.1:{self._port}"

    async def open(self) -> None:
        """Listen; after the first time on the same port again."""
        app = web.Application(client_max_size=UPLOAD_BYTES + 1)
        app.router.add_route("*", r"/bot{token:[^/]+}/{method:[^/]*}", self._serve)
        app.router.add_get(r"/file/bot{token:[^/]+}/{path:.+}", self._serve_file)
        app.router.add_route("*", "/{rest:.*}", self._serve_nothing)
        # handler_cancellation stays off: a platform does not stop work when the client hangs up.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Close every connection; who connects is refused by the machine."""
        self._faults.stop()
        self._updates.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def refuse(self, method: str, refusal: Refusal, times: int, skip: int, when: Callable[[Call], bool] | None) -> None:
        """Script a refusal."""
        self._scripted.setdefault(method, []).append(_Scripted(refusal, times, skip, when))

    async def _serve(self, request: web.Request) -> web.Response:
        refusal = self._stranger(request.match_info["token"])
        if refusal is not None:
            return _answer(refusal)
        if (request.content_length or 0) > UPLOAD_BYTES:
            async for _ in request.content.iter_any():
                pass  # Read to the end, so that the client hears the answer and not a broken pipe.
            return _answer(Known.TOO_LARGE.value)
        name = self._shape.official(request.match_info["method"])
        planned = self._faults.take(name)
        if planned is not None and planned.fault is Fault.DROP_BEFORE_READ:
            return await self._faults.play(request, planned, _never)
        try:
            call = await self._shape.read(name, request, self._watch.monotonic())
        except (ConnectionError, asyncio.IncompleteReadError, web.RequestPayloadError):
            return web.Response()  # The client left in the middle of its request: it was never made.
        self.calls.append(call)
        self._changes.notify()

        async def commit() -> web.Response:
            return await self._carried_out(call)

        return await self._faults.play(request, planned, commit)

    async def _carried_out(self, call: Call) -> web.Response:
        try:
            result = await self._result(call)
        except RefusedError as error:
            if isinstance(error, RuleError):
                self.violations.append(Violation(call.method, error.rule, self._watch.monotonic()))
            call.status = error.refusal.status
            answer = _answer(error.refusal)
        except Exception as error:
            # aiohttp would turn it into a plain 500, which a client takes for a fault of the network.
            self.violations.append(
                Violation(call.method, f"the fake itself failed: {error!r}", self._watch.monotonic())
            )
            raise
        else:
            call.status = 200
            answer = web.json_response({"ok": True, "result": result})
        self._changes.notify()
        return answer

    async def _result(self, call: Call) -> object:
        self._well_formed(call)
        refusal = self._planned_refusal(call)
        if refusal is not None:
            raise RefusedError(refusal)
        if call.method == "getUpdates":
            parameters = call.parameters
            return await self._updates.poll(
                parameters.get("offset", 0),
                parameters.get("limit", 0),
                parameters.get("timeout", 0),
                parameters.get("allowed_updates"),
            )
        return self._methods[call.method](call)

    def _well_formed(self, call: Call) -> None:
        """Refuse a request whose shape is wrong, and what this fake does not serve."""
        if not self._shape.exists(call.method):
            raise RuleError(Known.METHOD_NOT_FOUND, "the Bot API has no such method")
        if call.method not in self._methods and call.method != "getUpdates":
            raise RuleError(Known.METHOD_NOT_FOUND, "this fake does not serve the method")
        if call.oddities:
            now = self._watch.monotonic()
            self.violations += [Violation(call.method, oddity, now) for oddity in call.oddities[1:]]
            raise RuleError(Refusal(400, f"Bad Request: {call.oddities[0]}"), call.oddities[0])

    def _planned_refusal(self, call: Call) -> Refusal | None:
        for name in (call.method, EVERY_METHOD):
            for scripted in self._scripted.get(name, []):
                if scripted.when is not None and not scripted.when(call):
                    continue
                if scripted.skip:
                    scripted.skip -= 1
                    continue
                scripted.times -= 1
                if not scripted.times:
                    self._scripted[name].remove(scripted)
                return scripted.refusal
        return None

    async def _serve_file(self, request: web.Request) -> web.Response:
        if self._stranger(request.match_info["token"]) is not None:
            return _answer(Known.NOT_FOUND.value)
        content = self._photos.at(request.match_info["path"])

        async def commit() -> web.Response:
            if content is None:
                return _answer(Known.NOT_FOUND.value)
            return web.Response(body=content, content_type="image/jpeg")

        return await self._faults.play(request, self._faults.take(FILE_ENDPOINT), commit)

    async def _serve_nothing(self, _: web.Request) -> web.Response:
        return _answer(Known.NOT_FOUND.value)

    def _stranger(self, token: str) -> Refusal | None:
        """Turn away other tokens: 404 for what is no token at all, 401 for an unknown one."""
        if token == self._token:
            return None
        number, colon, secret = token.partition(":")
        known = Known.UNAUTHORIZED if number.isdigit() and colon and secret else Known.NOT_FOUND
        return known.value


def _answer(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.body(), status=refusal.status)


async def _never() -> web.Response:
    raise AssertionError("a dropped request is not carried out")
