"""The archive: the whole state of a newsroom as lines of JSON, out of one store and into another, empty one.

    {"ajil": 1, "at": 1795424400.0}                                     the head: form and moment
    {"key": "…", "type": "hash", "value": {…}, "expires": 1799312400000}   one key; `expires` in Unix milliseconds, or null
    {"keys": 1234}                                                      the end: a file without it was cut off

What only one worker may do (leases, the rota) stays behind: it belongs to the workers, not to the state. So does the
epoch: nobody knows what went out since the archive was made, so the next worker looks for what waited in it.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from newsroom.errors import NewsroomError
from store.form import form_of, newest
from store.keys import KINDS, ROOT, key
from store.server import Server

FORM = 1
"""Of the lines; grows when a line's meaning changes."""
STEP = 200
"""Keys in one round trip."""
_LEFT_BEHIND = tuple(f"{ROOT}:{kind}" for kind in ("epoch", "lease:", "rota", "turn", "holder", "due"))
_KINDS = {kind.name for kind in KINDS}

Value = str | list[Any] | dict[str, str]


class ArchiveRefused(NewsroomError):
    """A file that is no whole archive, or a store that is not empty. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One key."""

    key: str
    type: str
    value: Value
    expires: int | None
    """Unix milliseconds; None stays."""


async def export(server: Server) -> AsyncIterator[str]:
    """Every line. A worker that runs meanwhile changes keys between them: stop it for a move to another store.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    now, count = await server.time(), 0
    yield json.dumps({"ajil": FORM, "at": now})
    names = [name for name in await server.names(f"{ROOT}:*") if not name.startswith(_LEFT_BEHIND)]
    for first in range(0, len(names), STEP):
        for kept in await _read(server, names[first : first + STEP]):
            count += 1
            line = {"key": kept.key, "type": kept.type, "value": kept.value, "expires": kept.expires}
            yield json.dumps(line, ensure_ascii=False)
    yield json.dumps({"keys": count})


async def _read(server: Server, names: list[str]) -> list[Kept]:
    """All that are still there."""
    now = await server.time()
    kinds = [(name, *kind) for name, kind in zip(names, await server.kinds(names), strict=True)]
    there = [(name, kind, left) for name, kind, left in kinds if kind in _READ]
    values = await server.all_of([_READ[kind](name) for name, kind, _ in there])
    return [
        Kept(name, kind, _plain(kind, value), round(now * 1000) + left if left >= 0 else None)
        for (name, kind, left), value in zip(there, values, strict=True)
        if value
    ]


_READ: Mapping[str, Callable[[str], tuple[str | float, ...]]] = {
    "string": lambda key: ("GET", key),
    "hash": lambda key: ("HGETALL", key),
    "set": lambda key: ("SMEMBERS", key),
    "list": lambda key: ("LRANGE", key, 0, -1),
    "zset": lambda key: ("ZRANGE", key, 0, -1, "WITHSCORES"),
}


def _plain(kind: str, value: Any) -> Value:
    """As JSON has it; a sorted set is a list of [member, score], and a score keeps every bit as text."""
    match kind:
        case "hash":
            return {str(name): str(it) for name, it in _pairs(value)}
        case "set":
            return sorted(str(it) for it in value)
        case "list":
            return [str(it) for it in value]
        case "zset":
            return [[str(member), repr(float(score))] for member, score in _pairs(value)]
        case _:
            return str(value)


def _pairs(value: Any) -> Iterator[tuple[Any, Any]]:
    """A hash or a sorted set, in whichever form the protocol brought it: a dict, pairs, or one flat list."""
    if isinstance(value, dict):
        yield from value.items()
    elif value and isinstance(value[0], list | tuple):
        yield from value
    else:
        yield from zip(value[::2], value[1::2], strict=True)


async def restore(server: Server, lines: Iterable[str]) -> int:
    """Lay an archive into an empty store; tells how many keys are there now. What has expired stays behind.

    Raises:
        ArchiveRefused: it is no whole archive, or the store knows something already; nothing was written.
        StoreUnavailable: the store does not answer; empty it before the next attempt.
    """
    kept = parse(lines)
    form = next((form_of(str(it.value)) for it in kept if it.key == key("form")), form_of(None))
    if form > newest():
        raise ArchiveRefused(f"a later Ajil wrote it (form {form}): import it with that one, or one after it")
    present = [name for name in await server.names(f"{ROOT}:*") if not name.startswith(_LEFT_BEHIND)]
    if present:
        raise ArchiveRefused(f"the store is not empty ({len(present)} keys): an archive is laid into an empty one only")
    now = round(await server.time() * 1000)
    living = [it for it in kept if it.expires is None or it.expires > now]
    for first in range(0, len(living), STEP):
        await server.all_of([command for it in living[first : first + STEP] for command in _commands(it)])
    await server.remove(f"{ROOT}:epoch")
    return len(living)


def _commands(kept: Kept) -> Iterator[tuple[str | float, ...]]:
    value: Any = kept.value
    match kept.type:
        case "string":
            yield ("SET", kept.key, value)
        case "hash":
            yield ("HSET", kept.key, *(part for pair in value.items() for part in pair))
        case "set":
            yield ("SADD", kept.key, *value)
        case "list":
            yield ("RPUSH", kept.key, *value)
        case _:
            yield ("ZADD", kept.key, *(part for member, score in value for part in (score, member)))
    if kept.expires is not None:
        yield ("PEXPIREAT", kept.key, kept.expires)


def parse(lines: Iterable[str]) -> tuple[Kept, ...]:
    """All keys of a whole archive.

    Raises:
        ArchiveRefused: says which line is wrong.
    """
    texts = [text for text in lines if text.strip()]
    try:
        head, *middle, end = (json.loads(text) for text in texts)
    except ValueError as fault:
        raise ArchiveRefused(f"this is no whole archive: {fault}") from None
    if not isinstance(head, dict) or head.get("ajil") != FORM:
        raise ArchiveRefused(f"this is no archive of form {FORM}: its first line is {texts[0][:80]}")
    if not isinstance(end, dict) or end.get("keys") != len(middle):
        raise ArchiveRefused(f"the archive was cut off: {len(middle)} keys, and its last line does not say so")
    return tuple(_kept(number, line) for number, line in enumerate(middle, start=2))


def _kept(number: int, line: Any) -> Kept:
    try:
        kept = Kept(line["key"], line["type"], line["value"], line["expires"])
        root, kind, *_ = kept.key.split(":")
    except (TypeError, KeyError, ValueError, AttributeError):
        raise ArchiveRefused(f"line {number} is no key: {str(line)[:80]}") from None
    shapes = {"string": str, "hash": dict, "set": list, "list": list, "zset": list}
    if root != ROOT or kind not in _KINDS or not isinstance(kept.value, shapes.get(kept.type, ())):
        raise ArchiveRefused(f"line {number} holds what this Ajil does not know: {kept.key} ({kept.type})")
    return kept
