"""A store whose user dies at a chosen step: before it, or right after it was written."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, fields
from typing import Any

from store.store import Store


class Died(BaseException):
    """The worker is gone: nobody catches this."""


@dataclass
class Reaper:
    """Counts the steps of one task, and ends it at one of them.

    Args:
        at: half-steps that are survived: 2n dies before step n, 2n + 1 right after it.
        of: only tasks whose name starts so are counted.
    """

    at: int
    of: str
    name_of: Callable[[], str]
    steps: list[str] = field(default_factory=list)
    is_done: bool = False

    async def walk(self, name: str, step: Callable[[], Awaitable[Any]]) -> Any:
        """One step."""
        if self.is_done or not self.name_of().startswith(self.of):
            return await step()
        number = len(self.steps)
        self.steps.append(name)
        if self.at == 2 * number:
            self.is_done = True
            raise Died(f"before {name}")
        outcome = await step()
        if self.at == 2 * number + 1:
            self.is_done = True
            raise Died(f"after {name}")
        return outcome


class _Mortal:
    """One memory of the store, watched."""

    def __init__(self, memory: Any, name: str, reaper: Reaper) -> None:
        self._memory = memory
        self._name = name
        self._reaper = reaper

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._memory, name)

        async def watched(*args: Any, **kwargs: Any) -> Any:
            return await self._reaper.walk(f"{self._name}.{name}", lambda: method(*args, **kwargs))

        return watched


WATCHED = ("outbox", "ledger", "journal", "notices", "tokens", "roster", "brakes", "switch", "feed_changes")


def mortal(store: Store, reaper: Reaper) -> Store:
    """The same store, whose watched memories end their user at one step."""
    memories = {one.name: getattr(store, one.name) for one in fields(store)}
    watched = {name: _Mortal(memories[name], name, reaper) for name in WATCHED}
    return Store(**{**memories, **watched})
