"""What goes over one connection of the worker: which request its bytes belong to, and how far that has come. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha1

from store.keys import ROOT
from store.scripts import SCRIPTS, script
from tests.chaos.points import Moment

_REDIS = re.compile(rb"\*(\d+)\r\n")
_BULK = re.compile(rb"\$(\d+)\r\n")
_HTTP = re.compile(rb"([A-Z]+) (\S+) HTTP/1\.1\r\n")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_CLAIMED = b"\r\nsending\r\n"
"""The state of a delivery, as an answer tells it."""
_BOT = re.compile(r"/bot[^/]+/(\w+)")
_ARGUMENTS_READ = 7
"""EVALSHA, digest, number of keys, key, target, worker, kinds of post."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a request.

    Attributes:
        call: the request's name.
        cuts: for each moment that the request reaches in these bytes, after how many of them.
    """

    call: str
    cuts: Mapping[Moment, int]


class Line:
    """One connection; requests on it follow one another."""

    def __init__(self) -> None:
        self._call = ""
        self._body = 0
        """Length of the body of the request under way."""
        self._left = 0
        """Of it, how much is still to be written."""
        self._is_waiting = False

    def said(self, content: bytes) -> Piece:
        """Bytes that the client writes."""
        if self._left:
            return self._go_on(content, 0, {})
        self._is_waiting = False
        http = _HTTP.match(content)
        if http is None:
            self._call, self._is_waiting = name_of_command(content), True
            return Piece(self._call, {Moment.BEFORE: 0, Moment.SENT: len(content)})
        head = content.find(b"\r\n\r\n") + 4
        length = _LENGTH.search(content, 0, head)
        self._call = name_of_request(http[1].decode(), http[2].decode())
        self._body = self._left = int(length[1]) if length else 0
        return self._go_on(content, head, {Moment.BEFORE: 0, Moment.HEAD: head})

    def _go_on(self, content: bytes, start: int, cuts: dict[Moment, int]) -> Piece:
        half = start + self._body // 2 - (self._body - self._left)
        if self._body and start < half <= len(content):
            cuts[Moment.HALF] = half
        self._left -= len(content) - start
        if self._left <= 0:
            self._left, self._is_waiting = 0, True
            cuts[Moment.SENT] = len(content)
        return Piece(self._call, cuts)

    def answered(self, content: bytes) -> str:
        """Bytes come back: the call that they are the first answer to, empty where they only go on."""
        call, self._is_waiting = self._call if self._is_waiting else "", False
        return f"{call} and take" if call in {"settle", "look"} and _CLAIMED in content else call


def name_of_request(method: str, target: str) -> str:
    """`sendMessage`, `POST /2/tweets`, `GET /2/users/{}/tweets`."""
    path = target.partition("?")[0]
    if (bot := _BOT.match(path)) is not None:
        return bot[1]
    return f"{method} {re.sub(r'/[0-9]{4,}', '/{}', path)}"


def name_of_command(content: bytes) -> str:
    """`take`, `look`, `settle`: a script's own name; `set feed`: a command and the kind of its key."""
    arguments = list(_arguments(content))
    if not arguments:
        return "unknown"
    command = arguments[0].lower()
    if command == "evalsha":
        name = _SHAS.get(arguments[1], "unknown script")
        return "look" if name == "take" and arguments[6:] != ["*"] else name
    key = arguments[1] if len(arguments) > 1 else ""
    return f"{command} {key.split(':')[1]}" if key.startswith(f"{ROOT}:") else command


def _arguments(content: bytes) -> Iterator[str]:
    """The first words of a command as it travels (Redis serialization protocol)."""
    head = _REDIS.match(content)
    at = head.end() if head else len(content)
    for _ in range(min(int(head[1]) if head else 0, _ARGUMENTS_READ)):
        bulk = _BULK.match(content, at)
        if bulk is None:
            return
        at = bulk.end() + int(bulk[1])
        yield content[bulk.end() : at].decode(errors="replace")
        at += 2


_SHAS = {sha1(script(name).encode(), usedforsecurity=False).hexdigest(): name for name in SCRIPTS}
"""How EVALSHA names a script."""
