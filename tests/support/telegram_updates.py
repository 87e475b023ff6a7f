"""Updates of the fake Bot API, and waiting for things to happen without polling."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from tests.support.telegram_errors import Known, RefusedError

Json = dict[str, Any]

LONG_POLL_SECONDS = 50
"""The longest that the real server waits (LONG_POLL_MAX_TIMEOUT in Client.h)."""
BATCH = 100

_FIRST_ID = 710_000_001
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Changes:
    """Wakes those who wait for a condition each time that something changed."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def notify(self) -> None:
        """Say that something changed."""
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, condition: Callable[[], object], seconds: float) -> None:
        """Wait until the condition holds.

        Raises:
            TimeoutError: It did not within so many seconds.
        """
        async with asyncio.timeout(seconds):
            while not condition():
                await self._next.wait()


class UpdateQueue:
    """What the bot is yet to be told: ids run on, an update stays until a higher offset confirms it.

    Args:
        changes: Told of every change, and listened to by long polls.
    """

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._last_id = _FIRST_ID - 1
        self._pending: list[Json] = []
        self._told: dict[int, Json] = {}
        self._again: list[Json] = []
        self._allowed: frozenset[str] = frozenset()
        self._poller: object = None
        self._stopped = False

    @property
    def pending(self) -> tuple[Json, ...]:
        """The unconfirmed updates, oldest first."""
        return tuple(self._pending)

    @property
    def is_polled(self) -> bool:
        """Whether a long poll is open."""
        return self._poller is not None

    def add(self, kind: str, content: Json) -> int | None:
        """Queue an update; None when the bot has not allowed updates of this kind.

        As on the real server the choice of the last getUpdates counts at the moment at which the update arises.
        """
        allowed = kind in self._allowed if self._allowed else kind not in _NOT_BY_DEFAULT
        if not allowed:
            return None
        self._last_id += 1
        update = {"update_id": self._last_id, kind: content}
        self._pending.append(update)
        self._told[self._last_id] = update
        self._changes.notify()
        return self._last_id

    def redeliver(self, update_id: int) -> None:
        """Send an update once more with the next answer, confirmed or not.

        Raises:
            KeyError: There was no such update.
        """
        self._again.append(self._told[update_id])
        self._changes.notify()

    def clear(self) -> None:
        """Drop what is pending (`drop_pending_updates`)."""
        self._pending.clear()

    def start(self) -> None:
        """Let long polls wait again after a `stop`."""
        self._stopped = False

    def stop(self) -> None:
        """Let every long poll end with nothing."""
        self._stopped = True
        self._changes.notify()

    async def poll(
        self, offset: int, limit: int, timeout_seconds: float, allowed: Collection[str] | None
    ) -> list[Json]:
        """Answer getUpdates.

        Raises:
            RefusedError: 409 when a newer getUpdates came while this one was open.
        """
        me = object()
        self._poller = me
        if allowed is not None:
            self._allowed = frozenset(allowed)
        self._confirm(offset)
        self._changes.notify()
        try:
            with suppress(TimeoutError):
                await self._changes.until(
                    lambda: self._stopped or self._poller is not me or self._again or self._pending,
                    min(timeout_seconds, LONG_POLL_SECONDS),
                )
            if self._poller is not me:
                raise RefusedError(Known.CONFLICT)
        finally:
            if self._poller is me:
                self._poller = None
        again, self._again = self._again, []
        return [*again, *self._pending][: limit or BATCH]

    def _confirm(self, offset: int) -> None:
        """Forget what the offset confirms; a negative one counts from the end of the queue."""
        if offset < 0:
            self._pending = self._pending[offset:]
        else:
            self._pending = [update for update in self._pending if update["update_id"] >= offset]
