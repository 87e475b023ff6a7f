"""The account on X, loaded when it is first wanted, or when the worker has settled in.

tweepy and what it brings take 0.1 s and 8 MB (measured), and a worker polls its feeds long before it posts. The first post
must not wait for that either: it is loaded in a thread of its own once the first polls are over.
"""

import asyncio
from collections.abc import Collection
from contextlib import AsyncExitStack
from importlib import import_module

from bot.wiring.ground import Ground
from newsroom.delivery import Delivery
from newsroom.ports import Platform, Ready
from newsroom.post import Post, PostKind
from newsroom.receipt import ReadBack, Receipt
from newsroom.target import Target
from publishing.dispatch import Pace

SETTLED_SECONDS = 10.0


class LateAccount:
    """Implements `newsroom.ports.Platform` by a `publishing.x_account.XAccount`, and is a part of the worker.

    Args:
        stack: closes the account at the end.
        ground: what the account is built on.
        target: the account.
        pace: how long X is waited for.
    """

    def __init__(self, stack: AsyncExitStack, ground: Ground, target: Target, pace: Pace) -> None:
        self.target = target
        self._stack = stack
        self._ground = ground
        self._pace = pace
        self._loading = asyncio.Lock()
        self._loaded: Platform | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Load it in time, then wait for `stop`."""
        if not await self._ground.clock.wait(stop, SETTLED_SECONDS):
            await self._account()
        await stop.wait()

    def ready_kinds(self) -> Collection[PostKind]:
        """As the account; none before it is loaded."""
        return self._loaded.ready_kinds() if self._loaded else ()

    async def prepare(self, post: Post) -> Ready:
        """As the account."""
        return await (await self._account()).prepare(post)

    async def send(self, post: Post, ready: Ready, deadline: float) -> Receipt:
        """As the account."""
        return await (await self._account()).send(post, ready, deadline)

    async def edit(self, delivery: Delivery, ready: Ready, deadline: float) -> Receipt:
        """As the account."""
        return await (await self._account()).edit(delivery, ready, deadline)

    async def remove(self, delivery: Delivery, deadline: float) -> Receipt:
        """As the account."""
        return await (await self._account()).remove(delivery, deadline)

    async def find(self, delivery: Delivery) -> ReadBack:
        """As the account."""
        return await (await self._account()).find(delivery)

    async def _account(self) -> Platform:
        async with self._loading:
            if self._loaded is None:
                # Found in sys.modules afterwards: the thread has done the work.
                await asyncio.to_thread(import_module, "bot.wiring.account")
                from bot.wiring.account import open_account  # noqa: PLC0415 - see the module's docstring

                self._loaded = await open_account(self._stack, self._ground, self.target, self._pace)
            return self._loaded
