"""An account of ours and the strict fake of X it posts to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from newsroom.post import Post
from newsroom.receipt import Receipt
from publishing.x_account import XAccount
from publishing.x_client import XClient
from tests.support.clock import ManualClock
from tests.support.fake_x import FakeX
from tests.support.platform_stage import ACCOUNT, ANSWER_SECONDS, X_KEYS, OnePicture
from tests.support.x_clients import KEYS
from tests.support.x_endpoint import Endpoint

MINUTE = 60.0


@dataclass(slots=True)
class Rig:
    """A fake, and an account of ours that posts to it."""

    x: FakeX
    client: XClient
    account: XAccount
    clock: ManualClock
    pictures: OnePicture

    async def publish(self, post: Post) -> Receipt:
        """Make it ready and send it."""
        return await self.account.send(post, await self.account.prepare(post), self.clock.monotonic() + MINUTE)

    def calls(self, endpoint: Endpoint) -> int:
        """How many requests came there."""
        return len(self.x.calls_to(endpoint))


@asynccontextmanager
async def open_rig(url: str = "", answer_seconds: float = ANSWER_SECONDS) -> AsyncIterator[Rig]:
    """The fake is at its own address unless `url` names another."""
    clock, pictures = ManualClock(), OnePicture()
    async with (
        FakeX(keys=KEYS, clock=clock.now) as x,
        XClient(X_KEYS, url or x.url, request_seconds=answer_seconds) as client,
    ):
        yield Rig(x, client, XAccount(ACCOUNT, client, pictures, clock), clock, pictures)
