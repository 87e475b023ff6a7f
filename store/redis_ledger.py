"""The ledger on a Redis-protocol server: what became of things. Reads only."""

from collections.abc import Sequence

from newsroom.delivery import Delivery, State
from newsroom.ports import Life
from newsroom.purse import Spent
from newsroom.story import StoryId
from newsroom.target import TargetId
from store.codec import batch_of_json, delivery_of, policies_of_json, story_of_json
from store.keys import key
from store.server import Server


class RedisLedger:
    """Implements `newsroom.ports.Ledger`."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def life(self, name: str) -> Life | None:
        """See `newsroom.ports.Ledger`; so for all below."""
        story = await self._server.text(key("ident", name)) or name
        [fields] = await self._server.fields([key("story", story)])
        if not fields:
            return None
        return Life(
            story=story_of_json(fields["json"]),
            verdict=fields["verdict"],
            reason=fields["reason"],
            by=fields["by"],
            admitted=float(fields["admitted"]),
            deliveries=await self.deliveries(await self._server.members(key("of", story))),
            relation=fields.get("relation", ""),
            ground=fields.get("ground", ""),
            of=StoryId(fields["of"]) if fields.get("of") else None,
            policies=policies_of_json(fields.get("policies") or "{}"),
            batch=batch_of_json(fields["batch"]) if "batch" in fields else None,
        )

    async def deliveries(self, ids: Sequence[str]) -> tuple[Delivery, ...]:
        """By id, in the order asked for; forgotten ones are left out."""
        found = await self._server.fields([key("delivery", name) for name in ids])
        return tuple(delivery_of(fields) for fields in found if fields)

    async def sent(self, most: int) -> tuple[Delivery, ...]:
        """Newest first."""
        return await self.deliveries(await self._server.newest(key("sent"), most))

    async def unsettled(self, most: int) -> tuple[Delivery, ...]:
        """Uncertain ones first: they want a person."""
        uncertain = await self._server.newest(key("uncertain"), most)
        failed = await self._server.newest(key("failed"), most)
        return await self.deliveries([*uncertain, *failed][:most])

    async def failed(self, most: int) -> tuple[Delivery, ...]:
        """Newest first."""
        return await self.deliveries(await self._server.newest(key("failed"), most))

    async def spent(self) -> Spent:
        """By the store's own clock."""
        day, month = await self._server.run("spent")
        return Spent(int(day), int(month))

    async def shut(self, targets: Sequence[TargetId]) -> dict[TargetId, str]:
        """By what the delivery that found it shut was told."""
        found = await self._server.all_of([("GET", key("shut", target)) for target in targets])
        told = await self.deliveries([str(name) for name in found if name is not None])
        return {delivery.target: delivery.why for delivery in told}

    async def counts(self) -> dict[TargetId, dict[State, int]]:
        """Planned, sending and uncertain, for each target that ever had a delivery."""
        return {
            TargetId(target): {State.PLANNED: planned, State.SENDING: sending, State.UNCERTAIN: uncertain}
            for target, planned, sending, uncertain in sorted(await self._server.run("counts"))
        }
