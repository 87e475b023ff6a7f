"""What waits for the desk, on a Redis-protocol server. Stories join in the step that admits them (scripts/admit.lua)."""

from newsroom.batch import Batch, Cause, Waiting
from newsroom.story import StoryId
from store.keys import UPDATE_SECONDS, key
from store.server import Server


class RedisBatches:
    """Implements `newsroom.batch.Batches`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def waiting(self) -> tuple[Waiting, ...]:
        """See `newsroom.batch.Batches`; so for all below."""
        names = list(reversed(await self._server.newest(key("batches"), 0)))
        found = await self._server.fields([key("batch", name) for name in names])
        kept = [(name, fields) for name, fields in zip(names, found, strict=True) if fields and "closed" not in fields]
        gone = [name for name, fields in zip(names, found, strict=True) if not fields]
        if gone:
            await self._server.all_of([("ZREM", key("batches"), name) for name in gone])
        stories = await self._server.all_of([("ZRANGE", key("held", name), 0, -1) for name, _ in kept])
        return tuple(
            Waiting(
                batch=Batch(name, Cause(fields["cause"]), fields["why"], fields["feed"]),
                stories=tuple(StoryId(str(story)) for story in members),
                since=float(fields["since"]),
                grown=float(fields["grown"]),
            )
            for (name, fields), members in zip(kept, stories, strict=True)
        )

    async def close(self, batch: str) -> None:
        """What is left is the word that it was closed, so that nothing opens it anew."""
        await self._server.run("close", batch, UPDATE_SECONDS)
