"""What is known of channels, on a Redis-protocol server: what was seen standing there, and where they moved."""

from newsroom.ports import Sighting
from newsroom.target import TargetId
from store.keys import SIGHTING_SECONDS, SIGHTINGS_KEPT, key
from store.server import Server


class RedisSightings:
    """Implements `newsroom.ports.Sightings`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def remember(self, target: TargetId, sighting: Sighting) -> None:
        """The newest are kept."""
        where, member = key("sighting", target), f"{sighting.number} {sighting.at!r} {sighting.words}"
        await self._server.all_of(
            [
                ("ZADD", where, sighting.number, member),
                ("ZREMRANGEBYRANK", where, 0, -(SIGHTINGS_KEPT + 1)),
                ("EXPIRE", where, SIGHTING_SECONDS),
            ]
        )

    async def after(self, target: TargetId, number: int) -> tuple[Sighting, ...]:
        """Lowest first."""
        [members] = await self._server.all_of([("ZRANGEBYSCORE", key("sighting", target), f"({number}", "+inf")])
        seen = (str(member).split(" ", 2) for member in members)
        return tuple(Sighting(int(number), words, float(at)) for number, at, words in seen)


class RedisAddresses:
    """Implements `newsroom.ports.Addresses`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def moved_to(self, target: TargetId) -> int | None:
        """Where it is now."""
        chat = await self._server.text(key("moved", target))
        return None if chat is None else int(chat)

    async def move(self, target: TargetId, chat: int) -> None:
        """It is there now; see move.lua."""
        await self._server.run("move", target, str(chat))
