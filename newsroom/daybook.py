"""The daybook: ports for what the desk writes down. Every method is atomic; all raise `StoreUnavailable`.

Journal    begin, done, unfinished, note, notes     orders, before they are carried out; and the audit trail
Notices    recall, remember, forget, named, trim    messages of ours that are kept true
Tokens     give, read, claim, claimed               what a button means, and who was first
Roster     roles, enlist, strike                    who may, besides those in the settings
Brakes     stop, go, stopped, hold, release, held   finer than the newsroom's one switch
FeedChanges all, note, forget                      which feeds are read, besides what the settings say
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from newsroom.feed_change import Changes, FeedChange
from newsroom.order import Note, Notice, Order
from newsroom.target import TargetId


class Journal(Protocol):
    """Orders and what came of them."""

    async def begin(self, order: Order) -> bool:
        """Write it down; False when it was written down before, whatever has become of it."""

    async def done(self, order: str, notes: Sequence[Note]) -> bool:
        """Cross it out and write its notes in ONE step; False, and nothing written, when that was done before."""

    async def unfinished(self) -> tuple[Order, ...]:
        """Orders that were begun and not done, oldest first."""

    async def note(self, note: Note) -> None:
        """Write what nobody ordered: a refusal, a stranger."""

    async def notes(self, most: int) -> tuple[Note, ...]:
        """The newest notes, newest first. Ten thousand are kept."""


class Notices(Protocol):
    """Messages that are kept true, by name."""

    async def recall(self, name: str) -> Notice | None:
        """None where there is none."""

    async def remember(self, notice: Notice) -> None:
        """Put it in the place of the last one of its name."""

    async def forget(self, name: str) -> None:
        """It is not kept true any longer."""

    async def named(self, start: str) -> tuple[Notice, ...]:
        """All whose name starts so, by name."""

    async def trim(self, start: str, before: float, most: int) -> None:
        """Of those whose name starts so, forget what was said before then (Unix seconds), and all but the newest `most`."""


class Tokens(Protocol):
    """One-time tokens behind buttons: what a press means is kept here, never in the button."""

    async def give(self, token: str, meaning: str) -> None:
        """Keep what a token means, for two days."""

    async def read(self, token: str) -> str | None:
        """What it means; None for one that was never given, or too long ago."""

    async def claim(self, what: str, by: str) -> str:
        """Who claimed this first, for two days: `by` itself if nobody did before."""

    async def claimed(self, what: str) -> str:
        """Who claimed it; empty when nobody did."""


class Roster(Protocol):
    """Who may command, besides those whom the settings name."""

    async def roles(self) -> Mapping[int, str]:
        """Role by the person's number."""

    async def enlist(self, user: int, role: str) -> None:
        """Give somebody a role, in the place of the one they have."""

    async def strike(self, user: int) -> None:
        """Take it from them."""


class Brakes(Protocol):
    """Brakes for a part of the newsroom: what waits is kept, and expires as everything does."""

    async def stop(self, target: TargetId, by: str) -> None:
        """Take nothing for one target."""

    async def go(self, target: TargetId) -> None:
        """Take for it again."""

    async def stopped(self) -> Mapping[TargetId, str]:
        """Who stopped which target."""

    async def hold(self, by: str) -> None:
        """Take nothing that a feed brought; what an editor wants goes out all the same."""

    async def release(self) -> None:
        """Take all again."""

    async def held(self) -> str:
        """Who holds; empty when nobody does."""


class FeedChanges(Protocol):
    """What editors changed in the list of feeds."""

    async def all(self) -> Changes:
        """By the feed's address."""

    async def note(self, feed: str, change: FeedChange) -> None:
        """The last word on this feed, in the place of the one before."""

    async def forget(self, feeds: Sequence[str]) -> None:
        """Nothing was ever said of these."""
