"""What waits for the desk, in memory: the twin of `store.redis_batches`."""

from dataclasses import replace

from newsroom.batch import Batch, Waiting
from newsroom.ports import Clock
from newsroom.story import StoryId
from store.keys import UPDATE_SECONDS


class MemoryBatches:
    """Implements `newsroom.batch.Batches`; `MemoryOutbox` lets stories join."""

    def __init__(self, clock: Clock) -> None:
        """`clock` stands for the store's own time."""
        self._clock = clock
        self._kept: dict[str, Waiting] = {}
        self._closed: set[str] = set()

    def join(self, batch: Batch, story: StoryId) -> None:
        """A story waits in this batch; one that waits there already stays where it is."""
        if batch.id in self._closed:
            return
        now = self._clock.now().timestamp()
        kept = self._kept.get(batch.id) or Waiting(batch, (), now, now)
        if story not in kept.stories:
            self._kept[batch.id] = replace(kept, stories=(*kept.stories, story), grown=now)

    async def waiting(self) -> tuple[Waiting, ...]:
        """See `newsroom.batch.Batches`; so for all below."""
        horizon = self._clock.now().timestamp() - UPDATE_SECONDS
        self._kept = {name: kept for name, kept in self._kept.items() if kept.grown > horizon}
        return tuple(sorted(self._kept.values(), key=lambda kept: kept.since))

    async def close(self, batch: str) -> None:
        """Gone for good: a story that comes again does not open it anew."""
        self._kept.pop(batch, None)
        self._closed.add(batch)
