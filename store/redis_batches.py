"""What waits for the desk, on a Redis-protocol server. Stories join in the step that admits them (scripts/admit.lua)."""

from newsroom.batch import Batch, Cause, Waiting
from newsroom.story import StoryId
from store.keys import UPDATE_SECONDS
from store.server import Server


class RedisBatches:
    """Implements `newsroom.batch.Batches`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def waiting(self) -> tuple[Waiting, ...]:
        """See `newsroom.batch.Batches`; so for all below."""
        return tuple(
            Waiting(
                batch=Batch(name, Cause(cause), why, feed),
                stories=tuple(StoryId(story) for story in stories),
                since=float(since),
                grown=float(grown),
            )
            for name, cause, why, feed, since, grown, stories in await self._server.run("waiting")
        )

    async def close(self, batch: str) -> None:
        """What is left is the word that it was closed, so that nothing opens it anew."""
        await self._server.run("close", batch, UPDATE_SECONDS)
