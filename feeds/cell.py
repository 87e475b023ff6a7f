"""A cell: a child process in which a body is parsed that could eat the processor, and that can be killed.

A body of 600 kB that nests one tag keeps feedparser busy for seven seconds (measured), and a thread can neither be killed
nor kept from taking half of the interpreter's time. Children are started when first needed, talk over their own standard streams, know nothing of the
worker's environment (its tokens), and have bounded memory. A process pool of the standard library can neither be
killed job by job nor be kept from importing the worker's main module again; hence the plain child.
"""

import asyncio
import os
import pickle
import resource
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from struct import Struct
from typing import BinaryIO, TypeVar

from feeds.parse import parse
from newsroom.entry import Entry
from newsroom.errors import FetchFailed

LIGHT_BYTES = 128_000
LIGHT_TAGS = 1_000
"""feedparser spends 15 µs on a tag on a machine that does little else, and 90 on a slow one (measured); attributes cost
the square of their number. Ten full entries of WordPress have 970."""
QUICK_TAGS = 250
"""One or two new entries of WordPress have fewer: 4 to 20 ms, in which nobody else has a turn."""

_LENGTH = Struct("=I")
_MEMORY_BYTES = 1 << 30
_ANSWER_MOST = 64_000_000

_T = TypeVar("_T")
Result = tuple[Entry, ...] | str
"""Entries, or why there are none."""


def is_light(body: bytes) -> bool:
    """Whether a body can be parsed in this process: it cannot eat the processor."""
    return len(body) <= LIGHT_BYTES and _tags(body) <= LIGHT_TAGS


def is_quick(body: bytes) -> bool:
    """Whether a light body can even be parsed in the loop; all others share the interpreter with it, in the thread."""
    return _tags(body) <= QUICK_TAGS


def _tags(body: bytes) -> int:
    """Tags or attributes, at most; whichever are more."""
    return max(body.count(b"<"), body.count(b"="))


class Cells:
    """Parses heavy bodies, each in a child of its own, and what is between heavy and quick in one thread.

    One thread, for the interpreter works at one thing at a time anyway, and each further one keeps memory of its own
    (six of them: 0.8 MB for each thousand feeds that are met for the first time, measured).

    Args:
        most: Children at once.
        seconds: Until a child that has not answered is killed.
        idle_seconds: Until a child that nobody needs is let go; it holds some 40 MB.
    """

    def __init__(self, *, most: int = 3, seconds: float = 10.0, idle_seconds: float = 60.0) -> None:
        self._places = asyncio.Semaphore(most)
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._children: set[Process] = set()
        """All that were started and are not known to have ended."""
        self._idle: list[Process] = []
        self._thread = ThreadPoolExecutor(1, "parse")

    async def beside(
        self, work: Callable[[bytes, Mapping[str, str], str], _T], body: bytes, headers: Mapping[str, str], feed: str
    ) -> _T:
        """In the thread, while the loop goes on."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, body, headers, feed)

    async def parse(self, body: bytes, headers: Mapping[str, str], feed: str) -> tuple[Entry, ...]:
        """As `feeds.parse.parse`.

        Raises:
            FetchFailed: It is not a feed, it takes too long, or it broke the child.
        """
        async with self._places:
            child = self._idle.pop() if self._idle else await self._start()
            try:
                async with asyncio.timeout(self._seconds):
                    result = await _ask(child, (body, dict(headers), feed))
            except TimeoutError as error:
                raise FetchFailed(f"the feed could not be parsed in {self._seconds:.0f} seconds") from error
            except (EOFError, ConnectionError) as error:
                raise FetchFailed("the feed broke the parser") from error
            else:
                self._rest(child)
            finally:
                if child not in self._idle:
                    _end(child)
        if isinstance(result, str):
            raise FetchFailed(result)
        return result

    async def close(self) -> None:
        """End every child, and wait until it has ended; the thread ends with its last body."""
        self._thread.shutdown(wait=False)
        for child in self._children:
            _end(child)
        await asyncio.gather(*(child.wait() for child in self._children))

    async def _start(self) -> Process:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from feeds.cell import serve; serve()",
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "random"},
        )
        self._children = {other for other in self._children if other.returncode is None} | {child}
        return child

    def _rest(self, child: Process) -> None:
        self._idle.append(child)
        asyncio.get_running_loop().call_later(self._idle_seconds, self._let_go, child)

    def _let_go(self, child: Process) -> None:
        if child in self._idle:
            self._idle.remove(child)
            _end(child)


def _end(child: Process) -> None:
    if child.returncode is None:
        child.kill()


async def _ask(child: Process, job: tuple[bytes, dict[str, str], str]) -> Result:
    question, answer = child.stdin, child.stdout
    if question is None or answer is None:
        raise RuntimeError("a child is started with pipes")
    packed = pickle.dumps(job)
    question.writelines((_LENGTH.pack(len(packed)), packed))
    await question.drain()
    (length,) = _LENGTH.unpack(await answer.readexactly(_LENGTH.size))
    if length > _ANSWER_MOST:
        raise EOFError
    result: Result = pickle.loads(await answer.readexactly(length))  # noqa: S301 - our own code packed it.
    return result


def serve() -> None:
    """What a child does: read a body, answer with its entries, until nobody asks any more."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    os.nice(5)  # Sending comes before parsing.
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # Whatever a library prints must not reach the parent.
    while (packed := _read(questions)) is not None:
        body, headers, feed = pickle.loads(packed)  # noqa: S301 - our own parent packed it.
        answer = pickle.dumps(_result_of(body, headers, feed))
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _read(questions: BinaryIO) -> bytes | None:
    head = questions.read(_LENGTH.size)
    return questions.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else None


def _result_of(body: bytes, headers: Mapping[str, str], feed: str) -> Result:
    try:
        return parse(body, headers, feed)
    except FetchFailed as fault:
        return str(fault)
