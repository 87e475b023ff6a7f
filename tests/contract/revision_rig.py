"""A store in which one story is posted, and then edited, reposted or taken back."""

from dataclasses import dataclass, replace

from newsroom.admission import AlreadyKnown, Wait
from newsroom.delivery import Delivery, Lane, next_step
from newsroom.errand import EDIT_SECONDS, FOR_EVER, Errand, Revision
from newsroom.purse import Budget
from newsroom.receipt import Receipt, Sent
from newsroom.story import Story
from newsroom.target import Target
from store.keys import key
from store.terms import Terms
from tests.contract.test_outbox import Rig as Outbox
from tests.support.newsroom import CHANNEL, a_post, a_story, an_admission
from tests.support.store_server import StoreServer

EDITOR = "11 Ali"
TERMS = Terms(budget=Budget(month=1_000_000))


@dataclass(frozen=True, slots=True)
class Rig(Outbox):
    """A store in which one story is posted and then edited."""

    server: StoreServer | None = None

    async def admit(self, target: Target = CHANNEL, lane: Lane = Lane.BREAKING, number: int = 1) -> Story:
        """A story on its way to a target."""
        story = a_story(number, met=self.now())
        version = (await self.store.outbox.recent(0)).version
        await self.store.outbox.admit([an_admission(story, target, lane=lane)], version)
        return story

    async def post(self, target: Target = CHANNEL, lane: Lane = Lane.BREAKING) -> Story:
        """A story that stands at a target as message 55."""
        story = await self.admit(target, lane)
        await self.settle(await self.next(target), Sent(("55",), "https://t.me/w/55"))
        return story

    async def edit(
        self, story: Story, headline: str, *, errand: Errand = Errand.EDIT, target: Target = CHANNEL
    ) -> None:
        """The article has another headline now."""
        newer = replace(story, headline=headline)
        revision = a_revision(newer, errand, target)
        version = (await self.store.outbox.recent(0)).version
        asked = replace(an_admission(newer), same_as=story.id, rewrite=True, revisions=(revision,))
        [outcome] = await self.store.outbox.admit([asked], version)
        assert isinstance(outcome, AlreadyKnown)

    async def next(self, target: Target = CHANNEL) -> Delivery:
        """What is taken next, which must be there."""
        taken = await self.store.outbox.take(target.id, "w1", 60.0)
        assert isinstance(taken, Delivery), taken
        return taken

    async def idle(self, target: Target = CHANNEL) -> Wait:
        """Nothing can be taken now; gives the wait."""
        wait = await self.store.outbox.take(target.id, "w1", 60.0)
        assert isinstance(wait, Wait), wait
        return wait

    async def settle(self, delivery: Delivery, receipt: Receipt) -> Delivery:
        """Write down what a platform answered."""
        settled = next_step(delivery, receipt, self.now().timestamp())
        await self.store.outbox.settle(settled)
        return settled

    def end_minute(self, story: Story, target: Target = CHANNEL) -> None:
        """The minute between two edits is over."""
        if self.clock:
            self.clock.advance(EDIT_SECONDS)
        if self.server:
            with self.server.client() as redis:
                redis.hdel(key("delivery", f"{story.id}>{target.id}"), "edit_due")

    async def all_of(self, story: Story) -> list[Delivery]:
        """The post and its changes."""
        life = await self.store.ledger.life(story.id)
        assert life is not None
        return list(life.deliveries)


def a_revision(story: Story, errand: Errand = Errand.EDIT, target: Target = CHANNEL, by: str = "") -> Revision:
    """The words that a story has now."""
    post = a_post(story, target)
    ordinary = replace(post, text=f"(عادي) {post.text}")
    return Revision(target.id, errand, post, ordinary, within=FOR_EVER if by else 172_800.0, by=by)
