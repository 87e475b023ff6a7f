"""A window: the stories of the last two days, found again by key or by likeness."""

from collections import OrderedDict, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import count
from typing import Generic, TypeVar

from newsroom.gist import COMPARED_CHARACTERS, Gist, gist_of
from newsroom.story import Story, StoryId

Term = TypeVar("Term", bound=Hashable)

KEPT_FOR = timedelta(hours=48)
KEPT_AT_MOST = 2000
CANDIDATES_AT_MOST = 16
"""Compared in full; as many more where that many have the very title."""
LISTED_PAIRS = 4
"""One pair of words in four is listed: a text that shares a fifth of its 80 pairs is missed once in a hundred times,
and then found by its headline; a full window takes 17 MB instead of 28."""
RARE_PAIR = 50
"""Stories; a pair of words that stands in more of them («وزير الخارجية») finds nobody."""

_BLOCK = 500
_ROUNDING = 1e-9
"""More than two sums of the same fractions in another order differ by."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A story of the window with its gist."""

    story: Story
    gist: Gist
    place: int
    """Grows with every story taken in: of two equally like stories the newer is meant."""


class Window:
    """The stories met of late: at most `most` of them, and none met more than `kept_for` before the newest.

    It belongs to one desk and is not safe for threads.
    """

    def __init__(self, kept_for: timedelta = KEPT_FOR, most: int = KEPT_AT_MOST) -> None:
        self._kept_for = kept_for
        self._most = most
        self._places = _numbers()
        self._newest: datetime | None = None
        self._recalled: OrderedDict[StoryId, Recalled] = OrderedDict()
        self._at: dict[int, StoryId] = {}
        self._by_key: dict[str, StoryId] = {}
        self._by_title = _Index[str]()
        self._by_root = _Index[str]()
        self._by_shingle = _Index[int]()

    def __len__(self) -> int:
        return len(self._recalled)

    def __iter__(self) -> Iterator[Story]:
        """In the order in which they were first added."""
        return (recalled.story for recalled in self._recalled.values())

    def add(self, story: Story) -> None:
        """Take a story in; one with a known id replaces its older telling, and no key of either is forgotten.

        Of its text as much is kept as is ever compared.
        """
        known = self._recalled.get(story.id)
        if known:
            self._unlist(known)
            story = replace(story, keys=tuple(dict.fromkeys((*known.story.keys, *story.keys))))
        gist = gist_of(story)
        self._list(Recalled(replace(story, body=story.body[:COMPARED_CHARACTERS]), gist, next(self._places)))
        self._newest = max(self._newest or story.met, story.met)
        self._prune(self._newest - self._kept_for)

    def story(self, key: str) -> Story | None:
        """The story with this key or id."""
        recalled = self._recalled.get(self._by_key.get(key, StoryId(key)))
        return recalled.story if recalled else None

    def alike(self, gist: Gist) -> list[Recalled]:
        """The stories that a gist may be another telling of: same title, rare words in common, text in common.

        Time grows with how often its words stand in the window, which is linear in the window; only the places that
        rare words find are weighed.
        """
        # In a fixed order, for sums of fractions depend on it and judgement must not depend on chance.
        shared = (places for places in self._by_shingle.under(_listed(gist)) if len(places) <= RARE_PAIR)
        terms = (*self._by_root.under(sorted(gist.roots)), *shared)
        likely = _heaviest_among(terms)
        weights = dict.fromkeys(likely, 0.0)
        for places in terms:
            rarity = 1 / len(places)
            for place in likely.intersection(places):
                weights[place] += rarity
        best = nlargest(CANDIDATES_AT_MOST, zip(weights.values(), weights, strict=True))
        titled = [place for places in self._by_title.under([gist.title] if gist.title else []) for place in places]
        found = dict.fromkeys((*sorted(titled)[-CANDIDATES_AT_MOST:], *(place for _, place in best)))
        return [self._recalled[self._at[place]] for place in found]

    def _list(self, recalled: Recalled) -> None:
        story, gist = recalled.story, recalled.gist
        self._recalled[story.id] = recalled
        self._by_key.update(dict.fromkeys(story.keys, story.id))
        self._at[recalled.place] = story.id
        self._by_title.add([gist.title], recalled.place)
        self._by_root.add(gist.roots, recalled.place)
        self._by_shingle.add(_listed(gist), recalled.place)

    def _unlist(self, recalled: Recalled) -> None:
        story, gist = recalled.story, recalled.gist
        for key in story.keys:
            if self._by_key.get(key) == story.id:
                del self._by_key[key]
        del self._at[recalled.place]
        self._by_title.discard([gist.title], recalled.place)
        self._by_root.discard(gist.roots, recalled.place)
        self._by_shingle.discard(_listed(gist), recalled.place)

    def _prune(self, horizon: datetime) -> None:
        while self._recalled:
            oldest = next(iter(self._recalled.values()))
            if len(self._recalled) <= self._most and oldest.story.met >= horizon:
                return
            self._unlist(oldest)
            del self._recalled[oldest.story.id]


def _heaviest_among(terms: Sequence[tuple[int, ...]]) -> frozenset[int]:
    """Some places among which the heaviest `CANDIDATES_AT_MOST` are: of a full window some fifty instead of a thousand.

    The rarest terms first; once enough places weigh more than all terms that are left, whoever has only those is lighter.
    """
    weights: defaultdict[int, float] = defaultdict(float)
    left = sum(1 / len(places) for places in terms)
    for places in sorted(terms, key=len):
        rarity = 1 / len(places)
        left -= rarity
        for place in places:
            weights[place] += rarity
        if len(weights) >= CANDIDATES_AT_MOST:
            surely = [weight for weight in weights.values() if weight > left + _ROUNDING]
            if len(surely) >= CANDIDATES_AT_MOST:
                break
    return frozenset(weights)


def _numbers() -> Iterator[int]:
    """0, 1, 2 and on, made a block at a time: they lie side by side in memory, and each judgement walks over a thousand."""
    for first in count(0, _BLOCK):
        yield from list(range(first, first + _BLOCK))


def _listed(gist: Gist) -> list[int]:
    return [pair for pair in gist.shingles if pair % LISTED_PAIRS == 0]


class _Index(Generic[Term]):
    """Which stories have a term, by their place in the window.

    Tuples, for most terms stand in one story alone: a set of one takes four times the memory.
    """

    def __init__(self) -> None:
        self._places: dict[Term, tuple[int, ...]] = {}

    def add(self, terms: Iterable[Term], place: int) -> None:
        for term in terms:
            self._places[term] = (*self._places.get(term, ()), place)

    def discard(self, terms: Iterable[Term], place: int) -> None:
        for term in terms:
            left = tuple(other for other in self._places[term] if other != place)
            if left:
                self._places[term] = left
            else:
                del self._places[term]

    def under(self, terms: Iterable[Term]) -> Iterator[tuple[int, ...]]:
        return (self._places[term] for term in terms if term in self._places)
