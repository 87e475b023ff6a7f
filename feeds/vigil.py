"""The vigil: looks whether the articles of posted stories still stand on their site. What is gone, the desk is asked about.

Gently: one look at a time, each article at most every quarter of an hour and for a day, and only by the worker that
holds the lease. A single 404 is a site that stumbles; the second, minutes later, is an article that is gone.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus

from newsroom.delivery import State
from newsroom.ports import Clock, Leases, Ledger, Life
from newsroom.story import StoryId

_log = logging.getLogger(__name__)

WATCHED_SECONDS = 24 * 3600.0
"""How long after its post an article is looked at."""
EVERY_SECONDS = 15 * 60.0
AGAIN_SECONDS = 5 * 60.0
"""After a first 404."""
REST_SECONDS = 5.0
"""Between two looks."""
LIST_SECONDS = 60.0
"""How often it is asked what was posted."""
LISTED_AT_MOST = 1000
LEASE, LEASE_SECONDS = "vigil", 60.0
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


@dataclass(slots=True)
class _Watched:
    """One story."""

    posted: float
    """Unix seconds of its newest post."""
    due: float
    missed: bool = False
    """It was not there the last time."""


class Vigil:
    """Watches over the articles of posted stories.

    Args:
        status_of: the HTTP status that an address answers in the end; 0 where no answer came.
        ledger: what was posted.
        leases: only one worker looks.
        clock: time.
        ask: puts a story that is gone to the desk; it is asked about once, whoever asks.
        worker: our name.
    """

    def __init__(
        self,
        status_of: Callable[[str], Awaitable[int]],
        ledger: Ledger,
        leases: Leases,
        clock: Clock,
        *,
        ask: Callable[[Life], Awaitable[None]],
        worker: str,
    ) -> None:
        self._status_of = status_of
        self._ledger = ledger
        self._leases = leases
        self._clock = clock
        self._ask = ask
        self._worker = worker
        self._watched: dict[StoryId, _Watched] = {}
        self._list_due = 0.0

    async def round(self) -> None:
        """Look, where no other worker does.

        Raises:
            StoreUnavailable: nobody looks whether articles still stand.
        """
        if await self._leases.hold(LEASE, self._worker, LEASE_SECONDS):
            await self.look()

    async def look(self) -> None:
        """At the one article that has waited longest, if any is due."""
        now = self._clock.now().timestamp()
        if now >= self._list_due:
            await self._list(now)
        due = [(watched.due, story) for story, watched in self._watched.items() if watched.due <= now]
        if due:
            await self._look_at(min(due)[1], now)

    async def _list(self, now: float) -> None:
        self._list_due = now + LIST_SECONDS
        for delivery in await self._ledger.sent(LISTED_AT_MOST):
            if delivery.state is State.SENT and now - delivery.settled < WATCHED_SECONDS:
                first = now + EVERY_SECONDS * _phase(delivery.story)
                watched = self._watched.setdefault(delivery.story, _Watched(delivery.settled, first))
                watched.posted = max(watched.posted, delivery.settled)
        self._watched = {
            story: watched for story, watched in self._watched.items() if now - watched.posted < WATCHED_SECONDS
        }

    async def _look_at(self, story: StoryId, now: float) -> None:
        watched = self._watched[story]
        watched.due = now + EVERY_SECONDS
        life = await self._ledger.life(story)
        address = "" if life is None else life.story.shortlink or life.story.link
        if life is None or not address:
            return
        status = await self._status_of(address)
        if status not in _GONE:
            # No answer says nothing of the article; a good one ends the suspicion.
            watched.missed = watched.missed and status != HTTPStatus.OK
        elif watched.missed:
            _log.warning("the article is gone: %s", address, extra={"action": "article_gone", "story": story})
            await self._ask(life)
        else:
            watched.missed, watched.due = True, now + AGAIN_SECONDS


def _phase(story: StoryId) -> float:
    """Where in the quarter of an hour a story is looked at, from 0 to 1: spread, and the same after a restart."""
    return blake2b(story.encode(), digest_size=1).digest()[0] / 256
