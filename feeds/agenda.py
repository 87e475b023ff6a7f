"""The agenda: which feed falls due when, and how far apart the feeds of one host are kept. Pure but for its own state.

One heap for all feeds: a task or a timer for each of ten thousand would cost more than the polls.
"""

import heapq
from collections import Counter
from collections.abc import Iterable
from itertools import count

from feeds.rhythm import spacing_of
from feeds.watch import Watch


class Agenda:
    """All feeds by the moment they fall due, in seconds of `Clock.monotonic`.

    Args:
        watches: All feeds there will be.
        base: Seconds between polls.
    """

    def __init__(self, watches: Iterable[Watch], base: float) -> None:
        self._heap: list[tuple[float, int, Watch]] = []
        self._turn = count()
        self._base = base
        self._spacing: dict[str, float] = {}
        self.count(watches)
        self._free: dict[str, float] = {}
        self._held: dict[str, float] = {}

    def count(self, watches: Iterable[Watch]) -> None:
        """These are all feeds there are now; how far apart those of one host are kept follows from their number."""
        feeds = Counter(watch.host for watch in watches)
        self._spacing = {host: spacing_of(number, self._base) for host, number in feeds.items()}

    def put(self, watch: Watch, due: float) -> None:
        """The feed falls due then, and at no other time."""
        watch.due = due
        heapq.heappush(self._heap, (due, next(self._turn), watch))

    def take(self, now: float) -> Watch | None:
        """The next feed that is due and whose host has rested; None when there is none."""
        while self._heap and self._heap[0][0] <= now:
            due, _, watch = heapq.heappop(self._heap)
            if watch.due != due:
                continue  # It was put elsewhere since.
            if (held := self._held.get(watch.host, 0.0)) > now:
                self.put(watch, held)
            elif self._has_its_turn(watch, now):
                return watch
        return None

    def delay(self, now: float) -> float | None:
        """Seconds until a feed falls due; None when no feed will."""
        while self._heap and self._heap[0][2].due != self._heap[0][0]:
            heapq.heappop(self._heap)
        return max(0.0, self._heap[0][0] - now) if self._heap else None

    def hold(self, host: str, until: float) -> None:
        """The whole host wants to be left alone (429 counts the client, not the feed)."""
        self._held[host] = until

    def _has_its_turn(self, watch: Watch, now: float) -> bool:
        """Whether it may be polled now; if not, the host's next free moment is kept for it."""
        spacing = self._spacing.get(watch.host, 0.0)
        free = self._free.get(watch.host, 0.0)
        if not spacing or watch.has_slot or watch.is_nudged or free <= now:
            if spacing and not watch.has_slot:
                self._free[watch.host] = max(free, now) + spacing
            watch.has_slot = False
            return True
        watch.has_slot = True
        self._free[watch.host] = free + spacing
        self.put(watch, free)
        return False
