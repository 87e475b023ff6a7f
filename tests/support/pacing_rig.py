"""A store on given terms, with the few steps by which tests of pacing and of the purse drive it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from newsroom.admission import Wait
from newsroom.delivery import Delivery, Lane, next_step
from newsroom.post import Post, PostKind
from newsroom.purse import Prices
from newsroom.rate import ALARM_SECONDS
from newsroom.receipt import Receipt, Sent
from newsroom.story import Story
from newsroom.target import Network, Target
from store.keys import key
from store.store import Store
from store.terms import Terms
from tests.support.clock import ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL, a_post, a_story, an_admission
from tests.support.store_server import StoreServer

OTHER_CHANNEL = Target(Network.TELEGRAM, "@sharq")
OTHER_ACCOUNT = Target(Network.X, "second")
LINK, PLAIN, ALT = Prices().link, Prices().post, Prices().alt


@dataclass(frozen=True, slots=True)
class Rig:
    """A store on given terms, with a way to let time pass for it."""

    store: Store
    clock: ManualClock | None
    server: StoreServer | None = None

    def now(self) -> datetime:
        """The store's own time."""
        return self.clock.now() if self.clock else datetime.now(UTC)  # noqa: TID251 - a real server has a real clock

    async def live(self, seconds: float) -> None:
        """Let that much time pass: of the clock, or of a scaled limit on a real server."""
        if self.clock:
            self.clock.advance(seconds)
        else:
            assert seconds <= 1, "limits are scaled down for a real server"
            await asyncio.sleep(seconds)

    def end_patience(self) -> None:
        """The platform's long wait for the channel is over."""
        if self.clock:
            self.clock.advance(ALARM_SECONDS)
        if self.server:
            with self.server.client() as redis:
                redis.delete(key("cool", CHANNEL.id))

    async def admit(self, numbers: Sequence[int], *targets: Target, lane: Lane = Lane.ORDINARY) -> None:
        """Stories of these numbers, each with a post for each target."""
        stories = [a_story(number, met=self.now() - timedelta(seconds=1)) for number in numbers]
        version = (await self.store.outbox.recent(0)).version
        await self.store.outbox.admit([an_admission(story, *targets, lane=lane) for story in stories], version)

    async def admit_posts(self, story: Story, *posts: Post, lane: Lane = Lane.ORDINARY) -> None:
        """One story with these very posts."""
        version = (await self.store.outbox.recent(0)).version
        await self.store.outbox.admit([replace(an_admission(story, lane=lane), posts=posts)], version)

    async def next(self, target: Target, worker: str = "w1") -> Delivery | Wait:
        """What a take answers."""
        return await self.store.outbox.take(target.id, worker, 60.0)

    async def settle(self, delivery: Delivery, receipt: Receipt) -> None:
        """Write down what a platform answered."""
        await self.store.outbox.settle(next_step(delivery, receipt, self.now().timestamp()))

    async def post(self, target: Target, receipt: Receipt | None = None) -> Delivery:
        """Take what is next, which must be there, and settle it: sent, unless told otherwise."""
        taken = await self.next(target)
        assert isinstance(taken, Delivery), taken
        await self.settle(taken, receipt or Sent(("1",)))
        return taken

    async def post_until_told_to_wait(self, target: Target) -> tuple[list[Delivery], Wait]:
        """As many as go now."""
        gone: list[Delivery] = []
        while isinstance(taken := await self.next(target), Delivery):
            await self.settle(taken, Sent(("1",)))
            gone.append(taken)
        return gone, taken

    async def failed(self) -> dict[str, str]:
        """Why, for each delivery that was refused or expired."""
        return {delivery.id: delivery.why for delivery in await self.store.ledger.unsettled(100)}


Opener = Callable[[Terms], Rig]
"""Opens a store on these terms."""
Alerts = Callable[[], list[str]]
"""The alarms that were raised so far."""


def on_x(story: Story, target: Target = ACCOUNT, *, link: str = "", kind: PostKind = PostKind.TEXT) -> Post:
    """A post for an account, without a link unless one is given."""
    return replace(a_post(story, target, kind), link=link, alt=story.headline)
