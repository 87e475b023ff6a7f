"""A group that became a supergroup: its new number is kept, and a worker that starts anew goes there at once."""

from collections.abc import AsyncIterator

import pytest
from typing_extensions import override

from newsroom.delivery import Delivery, Lane, State, delivery_id
from newsroom.errand import Errand, Standing
from newsroom.errors import StoreUnavailable
from newsroom.ports import Addresses, Ready
from newsroom.receipt import Later, Sent
from newsroom.story import StoryId
from newsroom.target import Network, Target, TargetId
from publishing.telegram_channel import TelegramChannel
from store.memory_channels import MemoryAddresses
from tests.support.platform_stage import WORDS, post_for
from tests.support.telegram_rig import MINUTE, Rig, open_rig

GROUP = Target(Network.TELEGRAM, "-4003")
NEW = -1004444444444
POST = post_for(GROUP)


class AddressesAway(MemoryAddresses):
    """A memory of addresses whose store is away, until a test brings it back."""

    is_away = True

    @override
    async def moved_to(self, target: TargetId) -> int | None:
        """Nothing can be read."""
        if self.is_away:
            raise StoreUnavailable(target)
        return await super().moved_to(target)

    @override
    async def move(self, target: TargetId, chat: int) -> None:
        """Nothing can be written."""
        if self.is_away:
            raise StoreUnavailable(f"{target} {chat}")
        await super().move(target, chat)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """A group that has become a supergroup."""
    async with open_rig() as opened:
        opened.telegram.add_group(-4003, "غرفة الأخبار", supergroup=False)
        opened.telegram.migrate(-4003, NEW)
        yield opened
        opened.telegram.assert_clean()


def started(rig: Rig, addresses: Addresses) -> TelegramChannel:
    """The group, as a worker that starts now knows it."""
    return TelegramChannel(GROUP, rig.bot, rig.pictures, rig.uploads, rig.clock, addresses=addresses)


async def test_after_a_restart_posts_go_to_the_new_number_at_once(rig: Rig) -> None:
    """One refusal in all, and the memory of it outlives the process."""
    addresses = MemoryAddresses()
    first = started(rig, addresses)
    assert isinstance(await first.send(POST, await first.prepare(POST), rig.clock.monotonic() + MINUTE), Later)
    assert await addresses.moved_to(GROUP.id) == NEW
    second = started(rig, addresses)
    assert isinstance(await second.send(POST, await second.prepare(POST), rig.clock.monotonic() + MINUTE), Sent)
    assert ([post.text for post in rig.telegram.posts(NEW)], rig.calls("sendMessage")) == ([WORDS], 2)


async def test_a_deletion_that_needs_no_preparation_finds_the_new_number_too(rig: Rig) -> None:
    """It asks for no picture, so it looks the number up itself."""
    addresses = MemoryAddresses()
    await addresses.move(GROUP.id, NEW)
    channel = started(rig, addresses)
    sent = await channel.send(POST, await channel.prepare(POST), rig.clock.monotonic() + MINUTE)
    assert isinstance(sent, Sent)
    deletion = Delivery(
        id=delivery_id(StoryId("s"), GROUP.id),
        story=StoryId("s"),
        post=POST,
        lane=Lane.BREAKING,
        admitted=0.0,
        due=0.0,
        expires=0.0,
        state=State.SENDING,
        errand=Errand.DELETE,
        stands=Standing(sent.ids, POST),
    )
    assert await started(rig, addresses).remove(deletion, rig.clock.monotonic() + MINUTE) == Sent(sent.ids)
    assert [post.deleted for post in rig.telegram.posts(NEW)] == [True]


async def test_while_the_store_is_away_this_worker_goes_on_with_the_new_number(rig: Rig) -> None:
    """What cannot be kept is known here all the same."""
    channel = started(rig, AddressesAway())
    deadline = rig.clock.monotonic() + MINUTE
    assert isinstance(await channel.send(POST, await channel.prepare(POST), deadline), Later)
    assert isinstance(await channel.send(POST, Ready(), deadline), Sent)


async def test_a_store_that_was_away_is_told_of_the_move_before_the_next_post(rig: Rig) -> None:
    """What it knows of the old numbers must not lead a read-back among the new ones."""
    addresses = AddressesAway()
    channel = started(rig, addresses)
    assert isinstance(await channel.send(POST, Ready(), rig.clock.monotonic() + MINUTE), Later)
    addresses.is_away = False
    await channel.prepare(POST)
    assert await addresses.moved_to(GROUP.id) == NEW
