"""Smaller memories on a Redis-protocol server: feeds, uploads, commands, leases, and the editors' brake."""

from base64 import b64decode, b64encode

from pydantic import TypeAdapter

from newsroom.habit import Habit
from newsroom.ports import FeedState
from newsroom.target import TargetId
from store.keys import UPLOAD_SECONDS, key, short
from store.server import Server


class RedisFeedMemory:
    """Implements `newsroom.ports.FeedMemory`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def recall(self, feed: str) -> FeedState | None:
        """None at first sight."""
        text = await self._server.text(key("feed", short(feed)))
        return None if text is None else feed_state_of(text)

    async def remember(self, feed: str, state: FeedState) -> None:
        """Replace it."""
        await self._server.put(key("feed", short(feed)), feed_state_json(state))


class RedisUploads:
    """Implements `newsroom.ports.Uploads`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def recall(self, owner: str, digest: str) -> str | None:
        """The network's own name of a picture."""
        return await self._server.text(key("upload", f"{owner}:{digest}"))

    async def remember(self, owner: str, digest: str, name: str) -> None:
        """Keep it."""
        await self._server.put(key("upload", f"{owner}:{digest}"), name, seconds=UPLOAD_SECONDS)

    async def forget(self, owner: str, digest: str) -> None:
        """The network no longer knows it."""
        await self._server.remove(key("upload", f"{owner}:{digest}"))


class RedisLeases:
    """Implements `newsroom.ports.Leases`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def hold(self, name: str, worker: str, seconds: float) -> bool:
        """Take or renew."""
        return bool(await self._server.run("lease", name, worker, int(seconds * 1000)))

    async def drop(self, name: str, worker: str) -> None:
        """Give it up, if it is ours."""
        await self._server.run("lease", name, worker, 0)


class RedisSwitch:
    """Implements `newsroom.ports.Switch`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def pause(self, by: str) -> None:
        """For all workers, checked inside every take."""
        await self._server.put(key("paused"), by)

    async def resume(self) -> None:
        """Take again."""
        await self._server.remove(key("paused"))

    async def paused(self) -> str:
        """Who paused it."""
        return await self._server.text(key("paused")) or ""

    async def parked(self) -> dict[TargetId, str]:
        """Targets that refuse us, and why."""
        parked = {
            TargetId(target): await self._server.text(key("parked", target))
            for target in await self._server.members(key("targets"))
        }
        return {target: why for target, why in parked.items() if why}

    async def park(self, target: TargetId, why: str) -> None:
        """Take nothing for it, and have it listed though nothing was ever sent there."""
        await self._server.all_of([("SADD", key("targets"), target), ("SET", key("parked", target), why)])

    async def unpark(self, target: TargetId) -> None:
        """Take for it again."""
        await self._server.remove(key("parked", target))


_KNOWN = TypeAdapter(dict[str, str | float])


def feed_state_json(state: FeedState) -> str:
    """A feed's state: 16 bytes an entry, packed, so that a window of 100 is 2 kB."""
    packed = b"".join(guid + content for guid, content in state.known.items())
    return _KNOWN.dump_json(
        {
            "known": b64encode(packed).decode(),
            "etag": state.etag,
            "last_modified": state.last_modified,
            "newest": state.newest,
            "schemes": "\n".join(sorted(state.schemes)),
            "changes": float(state.habit.changes),
            "last_change": state.habit.last_change,
            "longest_gap": state.habit.longest_gap,
            "hours": state.habit.hours.hex(),
        },
    ).decode()


def feed_state_of(text: str) -> FeedState:
    """The state again."""
    fields = _KNOWN.validate_json(text)
    packed = b64decode(str(fields["known"]))
    known = {packed[at : at + 8]: packed[at + 8 : at + 16] for at in range(0, len(packed), 16)}
    habit = Habit(
        int(fields.get("changes", 0)),
        float(fields.get("last_change", 0.0)),
        float(fields.get("longest_gap", 0.0)),
        bytes.fromhex(str(fields.get("hours") or bytes(24).hex())),
    )
    schemes = frozenset(filter(None, str(fields.get("schemes", "")).split("\n")))
    etag, modified, newest = str(fields["etag"]), str(fields["last_modified"]), float(fields["newest"])
    return FeedState(known, etag, modified, newest, habit, schemes)
