"""The rota on a Redis-protocol server: rota.lua and rota_claim.lua."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from newsroom.rota import Seat, Turnout
from store.keys import short
from store.server import Server

AT_ONCE = 1000
"""Feeds in one call: a script holds up everybody else, and so many take it some 2 ms."""


class RedisRota:
    """Implements `newsroom.rota.Rota`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def join(self, seat: Seat, seconds: float) -> Turnout:
        """See `newsroom.rota.Rota`; so for all below."""
        workers, turn = await self._server.run("rota", seat.name, seat.feeds, seconds, "1", 0)
        return Turnout(int(workers), int(turn))

    async def renew(
        self, seat: Seat, seconds: float, dues: Mapping[str, float], given: Collection[str] = ()
    ) -> Turnout | None:
        """In several calls where there is much to tell; the last one gives back."""
        *parts, last = list(_parts(list(dues))) or [[]]
        for part in parts:
            await self._server.run("rota", seat.name, seat.feeds, seconds, "", len(part), *_told(dues, part))
        told, back = _told(dues, last), [short(feed) for feed in given]
        found = await self._server.run("rota", seat.name, seat.feeds, seconds, "", len(last), *told, *back)
        return Turnout(int(found[0]), int(found[1])) if found else None

    async def claim(
        self, seat: Seat, feeds: Sequence[str], most: int, *, ahead: float, busy: float
    ) -> Mapping[str, float | None]:
        """Part by part, until it has enough."""
        claimed: dict[str, float | None] = {}
        for part in _parts(feeds):
            if len(claimed) >= most:
                break
            names = {short(feed): feed for feed in part}
            found = await self._server.run("rota_claim", seat.name, most - len(claimed), ahead, busy, *names)
            pairs = zip(found[::2], found[1::2], strict=True)
            claimed.update({names[str(name)]: float(due) if due else None for name, due in pairs})
        return claimed

    async def leave(self, seat: Seat, dues: Mapping[str, float]) -> None:
        """What is told travels first, part by part; the last call gives up the seat."""
        *parts, last = list(_parts(list(dues))) or [[]]
        for part in parts:
            await self._server.run("rota", seat.name, seat.feeds, 1, "", len(part), *_told(dues, part))
        await self._server.run("rota", seat.name, seat.feeds, 0, "", len(last), *_told(dues, last))


def _parts(feeds: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(feeds), AT_ONCE):
        yield feeds[first : first + AT_ONCE]


def _told(dues: Mapping[str, float], part: Sequence[str]) -> list[str | float]:
    return [word for feed in part for word in (short(feed), round(dues[feed], 3))]
