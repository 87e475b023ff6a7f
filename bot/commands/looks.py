"""Commands that only look: how things stand, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import quantiles

from bot.commands.editors import RIGHTS, Right
from bot.commands.feed_lines import FeedLine, line_of
from bot.commands.life import batches_of, lines_of, place_of, spent_of, targets_of, why_of
from bot.commands.outcome import Asked, Command, Outcome
from bot.commands.replies import Replies
from newsroom.batch import Batches
from newsroom.daybook import Brakes, Journal
from newsroom.delivery import Delivery, State
from newsroom.ports import Clock, Ledger, Switch
from newsroom.purse import Budget, dollars, projected
from newsroom.target import TargetId

QUEUE_SHOWN = 20
LATENCY_POSTS = 200
"""Of the newest posts so many are measured."""
AUDIT_SHOWN = 15
REPORT_POSTS = 1_000


@dataclass(frozen=True, slots=True)
class HouseLines:
    """What does not change while the worker runs, for `/rules`, `/sections` and `/budget`."""

    rules: Mapping[str, object]
    """The parts of the text `rules`."""
    sections: Sequence[str]
    breaking: Sequence[str]
    targets: Sequence[TargetId]
    budget: Budget


class Looks:
    """Carries them out.

    Args:
        ledger: how things stand.
        switch: whether the newsroom is paused.
        brakes: whether it holds, and which targets stand.
        journal: the audit trail.
        batches: what waits for the desk.
        clock: for ages.
        house: what does not change.
        replies: the words.
        feeds: tells how each feed fares, and whose word it stands by.
    """

    def __init__(
        self,
        ledger: Ledger,
        switch: Switch,
        brakes: Brakes,
        journal: Journal,
        clock: Clock,
        *,
        batches: Batches,
        house: HouseLines,
        replies: Replies,
        feeds: Callable[[], Sequence[FeedLine]],
    ) -> None:
        self._ledger = ledger
        self._switch = switch
        self._brakes = brakes
        self._journal = journal
        self._batches = batches
        self._clock = clock
        self._house = house
        self._replies = replies
        self._feeds = feeds

    async def status(self, _: Asked) -> Outcome:
        """Everything at one glance."""
        feeds = [
            self._replies(
                "status_feed_bad" if feed.why else "status_feed_good", feed=feed.url, why=self._replies.why(feed.why)
            )
            for feed in self._feeds()
            if not (feed.is_elsewhere or feed.is_removed)
        ]
        spent = spent_of(await self._ledger.spent(), self._replies)
        counts = targets_of(await self._ledger.counts(), self._replies)
        targets = "\n".join(line for line in (counts, *await self._standing(), spent) if line)
        state = "status_paused" if await self._switch.paused() else "status_running"
        text = self._replies("status", state=self._replies(state), targets=targets, feeds="\n".join(feeds))
        held = batches_of(await self._batches.waiting(), self._replies)
        waiting = lines_of(await self._ledger.unsettled(5), self._replies)
        return Outcome("\n\n".join(part for part in (text, held, waiting) if part))

    async def _standing(self) -> list[str]:
        """What stands still, and why."""
        parked = [
            self._replies("parked", place=place_of(target), why=self._replies.why(why))
            for target, why in (await self._switch.parked()).items()
        ]
        stopped = [
            self._replies("stopped", place=place_of(target), by=_name(by))
            for target, by in (await self._brakes.stopped()).items()
        ]
        held = await self._brakes.held()
        return [*parked, *stopped, *([self._replies("holding", by=_name(held))] if held else [])]

    async def why(self, asked: Asked) -> Outcome:
        """The life of a story."""
        return Outcome(await why_of(asked.rest, self._ledger, self._replies))

    async def queue(self, _: Asked) -> Outcome:
        """What waits, by target, and what wants a look."""
        counts = await self._ledger.counts()
        waiting = sum(states[State.PLANNED] + states[State.SENDING] for states in counts.values())
        lines = [
            self._line(target, "queue_line", states[State.PLANNED] + states[State.SENDING])
            for target, states in counts.items()
        ]
        unsettled = await self._ledger.unsettled(QUEUE_SHOWN)
        named = [f"«{one.post.headline}»\n{lines_of([one], self._replies)}" for one in unsettled]
        parts = [self._replies("queue", count=waiting), *lines, *await self._standing(), *named]
        return Outcome("\n".join(parts))

    async def latency(self, _: Asked) -> Outcome:
        """From the outbox to the platform's answer, over the newest posts."""
        sent = await self._ledger.sent(LATENCY_POSTS)
        lines = []
        for target in dict.fromkeys(post.target for post in sent):
            took = sorted(_seconds(post) for post in sent if post.target == target)
            half, most = _half_and_most(took)
            lines.append(
                self._replies(
                    "latency_line", place=place_of(target), half=f"{half:.1f}", most=f"{most:.1f}", count=len(took)
                )
            )
        return Outcome("\n".join([self._replies("latency"), *lines]) if lines else self._replies("status_nothing"))

    async def budget(self, _: Asked) -> Outcome:
        """What X has cost, what it may cost, and where the month is heading."""
        spent, budget = await self._ledger.spent(), self._house.budget
        caps = {"day": budget.day, "month": budget.month}
        shown = {name: self._replies("no_limit") if cap is None else dollars(cap) for name, cap in caps.items()}
        return Outcome(
            self._replies(
                "budget",
                day=dollars(spent.day),
                day_cap=shown["day"],
                month=dollars(spent.month),
                month_cap=shown["month"],
                forecast=dollars(projected(spent.month, self._clock.now())),
            )
        )

    async def rules(self, _: Asked) -> Outcome:
        """What goes out by itself."""
        return Outcome(self._replies("rules", **self._house.rules))

    async def sections(self, _: Asked) -> Outcome:
        """What the house calls its sections, and what it calls breaking."""
        names = "، ".join(self._house.sections) or self._replies("sections_any")
        return Outcome(self._replies("sections", sections=names, breaking="، ".join(self._house.breaking)))

    async def audit(self, _: Asked) -> Outcome:
        """The newest notes."""
        notes = await self._journal.notes(AUDIT_SHOWN)
        lines = [
            self._replies(
                "audit_line",
                at=self._replies.day(datetime.fromtimestamp(note.at, UTC)),
                by=_name(note.by),
                what=self._replies.deed(note.what),
                about=note.after or note.before or note.story,
            )
            for note in notes
        ]
        return Outcome("\n".join([self._replies("audit"), *lines]) if lines else self._replies("audit_none"))

    async def report(self, _: Asked) -> Outcome:
        """The last day."""
        return Outcome(await self.last_day())

    async def last_day(self) -> str:
        """What went out where, and what did not. Raises `StoreUnavailable`."""
        since = self._clock.now().timestamp() - 86_400
        sent = [one for one in await self._ledger.sent(REPORT_POSTS) if one.settled >= since]
        failed = [one for one in await self._ledger.unsettled(REPORT_POSTS) if one.settled >= since]
        places = [
            self._line(target, "report_posts", sum(one.target == target for one in sent))
            for target in self._house.targets
        ]
        spent = spent_of(await self._ledger.spent(), self._replies)
        wants = [self._replies("report_failed", count=len(failed))] if failed else []
        return "\n".join(line for line in (self._replies("report"), *places, *wants, spent) if line)

    async def feeds(self, asked: Asked) -> Outcome:
        """How each feed fares, and those that were removed."""
        now = self._clock.now().timestamp()
        lines = [line_of(feed, self._replies, now) for feed in self._feeds() if asked.rest in feed.url]
        return Outcome("\n".join(lines) or self._replies("feeds_none"))

    def _line(self, target: TargetId, name: str, count: int) -> str:
        return self._replies("place_line", place=place_of(target), said=self._replies(name, count=count))


def help_of(commands: Callable[[], Mapping[str, Command]], replies: Replies) -> Command:
    """`/help`: what the one who asks may do, and how."""

    async def told(asked: Asked) -> Outcome:
        names = [name for name in menu_of(asked.editor.role, commands()) if name != "help"]
        lines = [replies(f"help_{name}") for name in (*names, "help")]
        return Outcome("\n".join([replies("help", role=replies(f"role_{asked.editor.role}")), *lines]))

    return Command(Right.READ, told)


def menu_of(role: str, commands: Mapping[str, Command]) -> list[str]:
    """The commands that a role may give, in their order."""
    return [name for name, command in commands.items() if command.right in RIGHTS[role] and name != "start"]


def _seconds(post: Delivery) -> float:
    return max(0.0, post.settled - post.admitted)


def _half_and_most(took: Sequence[float]) -> tuple[float, float]:
    """The middle, and what 95 of 100 stayed below."""
    if len(took) == 1:
        return took[0], took[0]
    cuts = quantiles(took, n=20, method="inclusive")
    return cuts[9], cuts[18]


def _name(by: str) -> str:
    return by.partition(" ")[2] or by
