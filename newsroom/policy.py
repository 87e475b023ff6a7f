"""A policy: one rule of the house, by section, tag, keyword, author, class or hour. Pure.

The first that matches a story at a target speaks; where none does, the house's own word holds (POST). What makes a
story breaking is no policy: that is the site's category, the title's marker or an editor, and nothing else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

from newsroom.arabic import key_text, words
from newsroom.delivery import Lane
from newsroom.stem import stem
from newsroom.story import Story
from newsroom.target import Target, TargetId


class Then(StrEnum):
    """What a policy says is to be done; the words for it stand in bot/commands/replies."""

    POST = "post"
    SILENT = "silent"
    """It goes out without a sound where the network knows such a thing."""
    WAIT = "wait"
    """It goes out when the policy's hours are over."""
    HOLD = "hold"
    """The desk is asked."""
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of each day in the house's own time; one that ends before it begins runs over midnight."""

    start: time
    end: time
    zone: tzinfo = UTC

    def contain(self, at: datetime) -> bool:
        """Whether the moment lies in it."""
        clock = at.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def end_after(self, at: datetime) -> datetime:
        """When it is over, seen from a moment that lies in it."""
        local = at.astimezone(self.zone)
        end = datetime.combine(local.date(), self.end, self.zone)
        return (end if end > local else end + timedelta(days=1)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule. What is left empty matches everything."""

    name: str
    then: Then
    feeds: frozenset[str] = frozenset()
    targets: frozenset[TargetId] = frozenset()
    filed: frozenset[str] = frozenset()
    """Key texts of sections or tags: WordPress's feed does not tell the two apart."""
    phrases: tuple[tuple[str, ...], ...] = ()
    """Keywords, each as the key words of a phrase."""
    authors: frozenset[str] = frozenset()
    """Key texts."""
    lane: Lane | None = None
    """The class; None for both."""
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is to be done with a story at one target, and which policy said so."""

    target: Target
    then: Then
    by: str = ""
    """The policy's name; empty for the house's own word."""
    until: datetime | None = field(default=None)
    """For `WAIT`."""

    @property
    def sends(self) -> bool:
        """Whether it goes out by itself."""
        return self.then in {Then.POST, Then.SILENT, Then.WAIT}


def ruling_of(
    story: Story, lane: Lane, target: Target, policies: Sequence[Policy], at: datetime, *, otherwise: Then
) -> Ruling:
    """The first policy that matches speaks; `otherwise` is the house's own word."""
    for policy in policies:
        if _speaks(policy, story, lane, target.id, at):
            until = policy.hours.end_after(at) if policy.then is Then.WAIT and policy.hours else None
            return Ruling(target, policy.then, policy.name, until)
    return Ruling(target, otherwise)


def phrase_of(keyword: str) -> tuple[str, ...]:
    """A keyword as it is compared."""
    return tuple(words(key_text(keyword)))


def _speaks(policy: Policy, story: Story, lane: Lane, target: TargetId, at: datetime) -> bool:
    return (
        (not policy.feeds or story.feed in policy.feeds)
        and (not policy.targets or target in policy.targets)
        and policy.lane in {None, lane}
        and (policy.hours is None or policy.hours.contain(at))
        and (not policy.filed or not policy.filed.isdisjoint(_keys((story.section, *story.tags, *story.filed))))
        and (not policy.authors or key_text(story.byline) in policy.authors)
        and (not policy.phrases or _says_one_of(story, policy.phrases))
    )


def _keys(names: Iterable[str]) -> set[str]:
    return {key_text(name) for name in names}


def _says_one_of(story: Story, phrases: Iterable[tuple[str, ...]]) -> bool:
    told = words(key_text(story.headline)), words(key_text(story.lead))
    return any(_stands_in(phrase, text) for phrase in phrases for text in told)


def _stands_in(phrase: Sequence[str], text: Sequence[str]) -> bool:
    return any(
        all(_is_same_word(word, met) for word, met in zip(phrase, text[at:], strict=False))
        for at in range(len(text) - len(phrase) + 1)
    )


def _is_same_word(word: str, met: str) -> bool:
    """«زلزال» is met in «الزلزال» and «وبزلزال»; «مصر» is not met in «مصرف», and «برلمان» in «برلماني» is."""
    return word == met or stem(word) == stem(met)
