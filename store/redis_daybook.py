"""The daybook on a Redis-protocol server: see `newsroom.daybook`."""

from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter

from newsroom.feed_change import Changes, FeedChange
from newsroom.order import Note, Notice, Order
from newsroom.target import TargetId
from store.keys import NOTES_KEPT, UPDATE_SECONDS, key
from store.server import Server

_ORDER, _NOTE, _NOTICE = TypeAdapter(Order), TypeAdapter(Note), TypeAdapter(Notice)
_FEED_CHANGE = TypeAdapter(FeedChange)


class RedisJournal:
    """Implements `newsroom.daybook.Journal`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def begin(self, order: Order) -> bool:
        """Mark and order in one step."""
        return bool(await self._server.run("begin", order.id, _ORDER.dump_json(order).decode(), UPDATE_SECONDS))

    async def done(self, order: str, notes: Sequence[Note]) -> bool:
        """Crossed out and noted in one step."""
        lines = [_NOTE.dump_json(note).decode() for note in notes]
        return bool(await self._server.run("done", order, NOTES_KEPT, *lines))

    async def unfinished(self) -> tuple[Order, ...]:
        """Oldest first."""
        [found] = await self._server.fields([key("orders")])
        return tuple(sorted((_ORDER.validate_json(line) for line in found.values()), key=lambda order: order.at))

    async def note(self, note: Note) -> None:
        """Nobody ordered it."""
        await self._server.run("done", "", NOTES_KEPT, _NOTE.dump_json(note).decode())

    async def notes(self, most: int) -> tuple[Note, ...]:
        """Newest first."""
        [lines] = await self._server.all_of([("LRANGE", key("audit"), 0, most - 1)])
        return tuple(_NOTE.validate_json(line) for line in lines)


class RedisNotices:
    """Implements `newsroom.daybook.Notices`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def recall(self, name: str) -> Notice | None:
        """By name."""
        [line] = await self._server.all_of([("HGET", key("notices"), name)])
        return None if line is None else _NOTICE.validate_json(line)

    async def remember(self, notice: Notice) -> None:
        """One of each name."""
        await self._server.all_of([("HSET", key("notices"), notice.name, _NOTICE.dump_json(notice).decode())])

    async def forget(self, name: str) -> None:
        """Nothing happens where there is none."""
        await self._server.all_of([("HDEL", key("notices"), name)])

    async def named(self, start: str) -> tuple[Notice, ...]:
        """There are few: what is settled is forgotten."""
        [found] = await self._server.fields([key("notices")])
        return tuple(_NOTICE.validate_json(line) for name, line in sorted(found.items()) if name.startswith(start))

    async def trim(self, start: str, before: float, most: int) -> None:
        """In one step, so that none that is put right meanwhile is lost."""
        await self._server.run("trim", start, before, most)


class RedisTokens:
    """Implements `newsroom.daybook.Tokens`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def give(self, token: str, meaning: str) -> None:
        """For two days."""
        await self._server.put(key("token", token), meaning, seconds=UPDATE_SECONDS)

    async def read(self, token: str) -> str | None:
        """None for a stranger's and a stale one."""
        return await self._server.text(key("token", token))

    async def claim(self, what: str, by: str) -> str:
        """A claim never changes hands, so that writing and reading may be two steps."""
        where = key("claim", what)
        if await self._server.put(where, by, seconds=UPDATE_SECONDS, only_new=True):
            return by
        return await self._server.text(where) or by

    async def claimed(self, what: str) -> str:
        """Who claimed it."""
        return await self._server.text(key("claim", what)) or ""


class RedisRoster:
    """Implements `newsroom.daybook.Roster`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def roles(self) -> Mapping[int, str]:
        """By number."""
        [found] = await self._server.fields([key("roster")])
        return {int(user): role for user, role in found.items()}

    async def enlist(self, user: int, role: str) -> None:
        """One role each."""
        await self._server.all_of([("HSET", key("roster"), str(user), role)])

    async def strike(self, user: int) -> None:
        """Nothing happens where there is none."""
        await self._server.all_of([("HDEL", key("roster"), str(user))])


class RedisFeedChanges:
    """Implements `newsroom.daybook.FeedChanges`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def all(self) -> Changes:
        """By address. There are few: what changes nothing any more is forgotten."""
        [found] = await self._server.fields([key("listed")])
        return {feed: _FEED_CHANGE.validate_json(line) for feed, line in found.items()}

    async def note(self, feed: str, change: FeedChange) -> None:
        """One of each feed."""
        await self._server.all_of([("HSET", key("listed"), feed, _FEED_CHANGE.dump_json(change).decode())])

    async def forget(self, feeds: Sequence[str]) -> None:
        """Nothing happens where there is none."""
        if feeds:
            await self._server.all_of([("HDEL", key("listed"), *feeds)])


class RedisBrakes:
    """Implements `newsroom.daybook.Brakes`; take.lua looks at both keys."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def stop(self, target: TargetId, by: str) -> None:
        """For all workers."""
        await self._server.all_of([("HSET", key("stopped"), target, by)])

    async def go(self, target: TargetId) -> None:
        """Nothing happens where it runs."""
        await self._server.all_of([("HDEL", key("stopped"), target)])

    async def stopped(self) -> Mapping[TargetId, str]:
        """By target."""
        [found] = await self._server.fields([key("stopped")])
        return {TargetId(target): by for target, by in found.items()}

    async def hold(self, by: str) -> None:
        """For all workers."""
        await self._server.put(key("holding"), by)

    async def release(self) -> None:
        """Nothing happens where nobody holds."""
        await self._server.remove(key("holding"))

    async def held(self) -> str:
        """Who holds."""
        return await self._server.text(key("holding")) or ""
