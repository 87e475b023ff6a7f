"""What is known of channels, in memory: the twins of `store.redis_channels`."""

from collections.abc import Callable

from newsroom.ports import Clock, Sighting
from newsroom.target import TargetId
from store.keys import SIGHTING_SECONDS, SIGHTINGS_KEPT


class MemorySightings:
    """Implements `newsroom.ports.Sightings`."""

    def __init__(self, clock: Clock) -> None:
        """Nothing was seen; sightings are forgotten by this clock."""
        self._clock = clock
        self._seen: dict[TargetId, dict[Sighting, None]] = {}
        self._until: dict[TargetId, float] = {}

    async def remember(self, target: TargetId, sighting: Sighting) -> None:
        """The newest are kept."""
        kept = sorted({**self._standing(target), sighting: None}, key=lambda one: one.number)
        self._seen[target] = dict.fromkeys(kept[-SIGHTINGS_KEPT:])
        self._until[target] = self._clock.now().timestamp() + SIGHTING_SECONDS

    async def after(self, target: TargetId, number: int) -> tuple[Sighting, ...]:
        """Lowest first."""
        return tuple(one for one in self._standing(target) if one.number > number)

    def _standing(self, target: TargetId) -> dict[Sighting, None]:
        is_known = self._until.get(target, 0.0) > self._clock.now().timestamp()
        return self._seen[target] if is_known else {}


class MemoryAddresses:
    """Implements `newsroom.ports.Addresses`."""

    def __init__(self, forget_numbers: Callable[[TargetId], None] | None = None) -> None:
        """No chat moved. `forget_numbers` is called with one that moves: what was known of its messages' numbers goes."""
        self._forget_numbers = forget_numbers
        self._moved: dict[TargetId, int] = {}

    async def moved_to(self, target: TargetId) -> int | None:
        """Where it is now."""
        return self._moved.get(target)

    async def move(self, target: TargetId, chat: int) -> None:
        """It is there now; the twin of move.lua."""
        if self._moved.get(target) == chat:
            return
        self._moved[target] = chat
        if self._forget_numbers:
            self._forget_numbers(target)
