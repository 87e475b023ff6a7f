"""Listens for the editors, under a lease: long polling with python-telegram-bot's Bot.

Telegram lets the newest poller win and answers the older with 409, so in a rolling deploy two workers would throw
one another out: only the holder of the lease listens. An update is confirmed to Telegram only after its order was
written down (the next getUpdates confirms), so that no crash loses one; what was begun and not done is carried out first.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.commands.hearing import order_of
from bot.commands.reception import Reception
from newsroom.errors import StoreUnavailable
from newsroom.order import Order
from newsroom.ports import Clock, Leases

log = logging.getLogger(__name__)

LEASE = "listener"
LEASE_SECONDS = 30.0
RENEW_SECONDS = 10.0
RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
POLL_TIMEOUT = timedelta(seconds=25)
LOOK_SECONDS = 0.5
"""Between two looks at what is shown and may no longer be true."""
DRAIN_SECONDS = 10.0
"""For orders that are being carried out when the listening ends; what is cut off is carried out by whoever listens next."""
HEARD = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER, Update.CHANNEL_POST)
_ACTION = {"action": "listening"}

Look = Callable[[], Coroutine[None, None, None]]
"""Something that is looked after while this worker listens."""
Standing = Callable[[Update], Awaitable[None]]
"""Told of the bot's own standing in a chat (`my_chat_member`), or of a message."""


@dataclass(frozen=True, slots=True)
class Ear:
    """What the listener brings where."""

    reception: Reception
    looks: Sequence[Look] = ()
    menu: Look | None = None
    """Sets the menu of commands, once each time that the listening begins."""
    standing: Standing | None = None
    message: Standing | None = None
    """Told of every message and channel post, whoever wrote it: they tell what stands in our channels."""


class Listener:
    """Brings the editors' orders to the reception while this worker holds the lease.

    Args:
        bot: with connections of its own, so that posts do not wait for orders nor orders for posts.
        ear: where orders go.
        leases: one worker listens.
        clock: for the lease.
        worker: this one's name.
    """

    def __init__(self, bot: Bot, ear: Ear, leases: Leases, clock: Clock, *, worker: str) -> None:
        self._bot = bot
        self._ear = ear
        self._leases = leases
        self._clock = clock
        self._worker = worker
        self._offset: int | None = None
        self._carrying: dict[str, asyncio.Task[None]] = {}
        self._name = ""

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; a Telegram that is away is waited for, a refused token ends the listening alone."""
        failures = 0
        while not stop.is_set():
            begun = self._clock.monotonic()
            try:
                if await self._leases.hold(LEASE, self._worker, LEASE_SECONDS):
                    await self._listen(stop)
                    failures = 0
            except InvalidToken:
                log.error("Telegram refuses TELEGRAM_BOT_TOKEN: nobody listens for the editors", extra=_ACTION)  # noqa: TRY400 - the traceback would show the address with the token
                await stop.wait()
            except (TelegramError, StoreUnavailable) as fault:
                failures = failures + 1 if self._clock.monotonic() - begun < LEASE_SECONDS else 1
                log.warning("not listening for the editors: %s", _told(fault), extra=_ACTION)
            await self._clock.wait(stop, RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])

    async def _listen(self, stop: asyncio.Event) -> None:
        self._name = (await self._bot.get_me()).username or ""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._leases.drop, LEASE, self._worker)
            stack.push_async_callback(self._drain)
            await self._resume()
            log.info("listening for the editors", extra=_ACTION)
            sides = [self._look_after(), self._renew(stop), self._hear()]
            if self._ear.menu is not None:
                sides.append(self._ear.menu())
            await _until_first(sides, stop, needed=3)

    async def _resume(self) -> None:
        """What was begun by whoever listened before."""
        for order in await self._ear.reception.left_over():
            self._begin(order)

    async def _hear(self) -> None:
        while True:
            try:
                updates = await self._bot.get_updates(
                    offset=self._offset, timeout=POLL_TIMEOUT, allowed_updates=list(HEARD)
                )
            except RetryAfter as asked:
                await self._clock.sleep(_seconds(asked))
                continue
            for update in updates:
                await self._take_safely(update)
                self._offset = update.update_id + 1

    async def _take_safely(self, update: Update) -> None:
        """One update that breaks us must not come again for ever; the next ones are heard."""
        try:
            await self._take(update)
        except (StoreUnavailable, TelegramError):
            raise
        except Exception:
            log.exception("an update could not be understood", extra={"action": "command_failed"})

    async def _take(self, update: Update) -> None:
        if update.my_chat_member is not None and self._ear.standing is not None:
            await self._ear.standing(update)
        if (update.message or update.channel_post) is not None and self._ear.message is not None:
            await self._ear.message(update)
        order = order_of(update, self._name, self._clock.now().timestamp())
        if order is not None and (taken := await self._ear.reception.take(order)) is not None:
            self._begin(taken)

    def _begin(self, order: Order) -> None:
        """Side by side: `/pause` must not wait behind a page that is fetched for a push."""
        if order.id not in self._carrying:
            task = asyncio.create_task(self._ear.reception.carry_out(order), name=f"order {order.id}")
            self._carrying[order.id] = task
            task.add_done_callback(partial(self._ended, order.id))

    def _ended(self, order: str, task: asyncio.Task[None]) -> None:
        self._carrying.pop(order, None)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("an order was left half done: %s", fault, exc_info=fault, extra={"action": "command_failed"})

    async def _look_after(self) -> None:
        while True:
            for look in self._ear.looks:
                try:
                    await look()
                except StoreUnavailable as fault:
                    log.info("what the desk is shown could not be looked after: %s", fault, extra=_ACTION)
                except Exception:
                    # What is shown is a convenience; the editors' orders must be heard all the same.
                    log.exception("what the desk is shown could not be looked after", extra=_ACTION)
            await self._clock.sleep(LOOK_SECONDS)

    async def _renew(self, stop: asyncio.Event) -> None:
        """Until the lease is lost. What waited for the store is tried again."""
        while await self._leases.hold(LEASE, self._worker, LEASE_SECONDS):
            await self._resume()
            if await self._clock.wait(stop, RENEW_SECONDS):
                return

    async def _drain(self) -> None:
        if self._carrying:
            await asyncio.wait(self._carrying.values(), timeout=DRAIN_SECONDS)
        for task in tuple(self._carrying.values()):
            task.cancel()


async def _until_first(sides: Sequence[Awaitable[None]], stop: asyncio.Event, *, needed: int) -> None:
    """Run side by side until one of the first `needed` ends, or until `stop`; the error of one that broke is raised."""
    tasks = [asyncio.ensure_future(side) for side in sides]
    stopping = asyncio.ensure_future(stop.wait())
    try:
        done, _ = await asyncio.wait([*tasks[:needed], stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*tasks, stopping):
            task.cancel()
        await asyncio.gather(*tasks, stopping, return_exceptions=True)
    for task in done:
        if task is not stopping:
            await task


def _seconds(asked: RetryAfter) -> float:
    wait = asked.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _told(fault: Exception) -> str:
    return "another worker of another house listens with this token" if isinstance(fault, Conflict) else str(fault)
