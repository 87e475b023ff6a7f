"""The daybook in memory: the twins of `store.redis_daybook`."""

from collections.abc import Mapping, Sequence

from newsroom.feed_change import Changes, FeedChange
from newsroom.order import Note, Notice, Order
from newsroom.target import TargetId
from store.keys import NOTES_KEPT
from store.memory_switch import MemorySwitch


class MemoryJournal:
    """Implements `newsroom.daybook.Journal`."""

    def __init__(self) -> None:
        """Nothing was ordered yet."""
        self._begun: set[str] = set()
        self._open: dict[str, Order] = {}
        self._notes: list[Note] = []

    async def begin(self, order: Order) -> bool:
        """Once for each."""
        if order.id in self._begun:
            return False
        self._begun.add(order.id)
        self._open[order.id] = order
        return True

    async def done(self, order: str, notes: Sequence[Note]) -> bool:
        """Crossed out and noted."""
        if self._open.pop(order, None) is None:
            return False
        for note in notes:
            await self.note(note)
        return True

    async def unfinished(self) -> tuple[Order, ...]:
        """Oldest first."""
        return tuple(sorted(self._open.values(), key=lambda order: order.at))

    async def note(self, note: Note) -> None:
        """The newest first."""
        self._notes.insert(0, note)
        del self._notes[NOTES_KEPT:]

    async def notes(self, most: int) -> tuple[Note, ...]:
        """The newest."""
        return tuple(self._notes[:most])


class MemoryNotices:
    """Implements `newsroom.daybook.Notices`."""

    def __init__(self) -> None:
        """There are none yet."""
        self._notices: dict[str, Notice] = {}

    async def recall(self, name: str) -> Notice | None:
        """By name."""
        return self._notices.get(name)

    async def remember(self, notice: Notice) -> None:
        """One of each name."""
        self._notices[notice.name] = notice

    async def forget(self, name: str) -> None:
        """Nothing happens where there is none."""
        self._notices.pop(name, None)

    async def named(self, start: str) -> tuple[Notice, ...]:
        """By name."""
        return tuple(notice for name, notice in sorted(self._notices.items()) if name.startswith(start))

    async def trim(self, start: str, before: float, most: int) -> None:
        """The twin of trim.lua."""
        named = await self.named(start)
        young = sorted((it for it in named if it.at >= before), key=lambda it: (it.at, it.name), reverse=True)
        kept = {notice.name for notice in young[:most]}
        for notice in named:
            if notice.name not in kept:
                del self._notices[notice.name]


class MemoryTokens:
    """Implements `newsroom.daybook.Tokens`."""

    def __init__(self) -> None:
        """Nothing was given."""
        self._meanings: dict[str, str] = {}
        self._claims: dict[str, str] = {}

    async def give(self, token: str, meaning: str) -> None:
        """Keep what it means."""
        self._meanings[token] = meaning

    async def read(self, token: str) -> str | None:
        """None for a stranger's."""
        return self._meanings.get(token)

    async def claim(self, what: str, by: str) -> str:
        """The first keeps it."""
        return self._claims.setdefault(what, by)

    async def claimed(self, what: str) -> str:
        """Who claimed it."""
        return self._claims.get(what, "")


class MemoryRoster:
    """Implements `newsroom.daybook.Roster`."""

    def __init__(self) -> None:
        """Nobody besides those in the settings."""
        self._roles: dict[int, str] = {}

    async def roles(self) -> Mapping[int, str]:
        """By number."""
        return dict(self._roles)

    async def enlist(self, user: int, role: str) -> None:
        """One role each."""
        self._roles[user] = role

    async def strike(self, user: int) -> None:
        """Nothing happens where there is none."""
        self._roles.pop(user, None)


class MemoryFeedChanges:
    """Implements `newsroom.daybook.FeedChanges`."""

    def __init__(self) -> None:
        """Nobody changed anything."""
        self._changes: dict[str, FeedChange] = {}

    async def all(self) -> Changes:
        """By address."""
        return dict(self._changes)

    async def note(self, feed: str, change: FeedChange) -> None:
        """One of each feed."""
        self._changes[feed] = change

    async def forget(self, feeds: Sequence[str]) -> None:
        """Nothing happens where there is none."""
        for feed in feeds:
            self._changes.pop(feed, None)


class MemoryBrakes:
    """Implements `newsroom.daybook.Brakes`; the outbox looks at the same switch."""

    def __init__(self, switch: MemorySwitch) -> None:
        """Take the outbox's own."""
        self._switch = switch

    async def stop(self, target: TargetId, by: str) -> None:
        """Take nothing for it."""
        self._switch.stopped[target] = by

    async def go(self, target: TargetId) -> None:
        """Take for it again."""
        self._switch.stopped.pop(target, None)

    async def stopped(self) -> Mapping[TargetId, str]:
        """By target."""
        return dict(self._switch.stopped)

    async def hold(self, by: str) -> None:
        """Editors' own pass."""
        self._switch.holding = by

    async def release(self) -> None:
        """All pass."""
        self._switch.holding = ""

    async def held(self) -> str:
        """Who holds."""
        return self._switch.holding
