"""Fit: what gives way when a network's limit is near.

    headline > link > kicker > one tag > lead > byline > more tags

The parts with a fixed length stand, the lead takes the room that is left. Where that is too little for a lead worth
reading, more tags go first, then the byline, then the lead, and so on upwards; the headline is cut only when nothing
else is left to drop. Every decision is measured on the final text, by the measure that the caller hands over.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from publishing.cut import cut_points, graphemes, shortened, whole_sentences

WORTH_READING_WORDS = 6
"""A lead cut shorter than this tells nothing that the headline did not."""


@dataclass(frozen=True, slots=True)
class Words:
    """The parts that a template may show, each ready to be read; empty where there is none."""

    headline: str
    kicker: str = ""
    link: str = ""
    lead: str = ""
    byline: str = ""
    tags: tuple[str, ...] = ()


Length = Callable[[Words], int]
"""The length of the final text made of these words, in the network's own measure."""


def fit(words: Words, limit: int, length: Length) -> Words:
    """The most of the words that stays within the limit.

    Args:
        words: all parts.
        limit: in the measure of `length`. What the template adds of its own must leave room for a headline.
        length: measures the final text.
    """

    def holds(some: Words) -> bool:
        return length(some) <= limit

    for step in _steps(words):
        if holds(step):
            return step
        if lead := _shorter_lead(step, holds):
            return replace(step, lead=lead)
    return Words(headline=_shorter_headline(words.headline, lambda cut: holds(Words(headline=cut))))


def _steps(words: Words) -> Iterator[Words]:
    """The words with less and less around the headline, each step once."""
    yield words
    while len(words.tags) > 1:
        words = replace(words, tags=words.tags[:-1])
        yield words
    empty = Words(headline=words.headline)
    for part in ("byline", "lead", "tags", "kicker", "link"):
        if getattr(words, part):
            words = replace(words, **{part: getattr(empty, part)})
            yield words


def _shorter_lead(words: Words, holds: Callable[[Words], bool]) -> str:
    """The lead cut to the room there is; empty where that room is too little."""
    fewest = len(" ".join(words.lead.split()[:WORTH_READING_WORDS]))
    points = [point for point in cut_points(words.lead) if point >= fewest]
    cut = _longest(points, partial(shortened, words.lead), lambda cut: holds(replace(words, lead=cut)))
    # Two words of a sentence and an ellipsis read worse than the full stop before them.
    stopped = whole_sentences(words.lead, cut)
    return stopped if len(stopped) >= fewest and holds(replace(words, lead=stopped)) else cut


def _shorter_headline(headline: str, holds: Callable[[str], bool]) -> str:
    """The headline cut at a word; where a single word is too long, at a grapheme."""
    if cut := _longest(cut_points(headline), partial(shortened, headline), holds):
        return cut
    word = headline.partition(" ")[0]
    return _longest(tuple(graphemes(word)), lambda point: f"{word[:point]}…", holds)


def _longest(points: Sequence[int], cut_at: Callable[[int], str], holds: Callable[[str], bool]) -> str:
    """The longest cut that holds, at one of ascending points; empty when none does."""
    found, low, high = "", 0, len(points)
    while low < high:
        middle = (low + high) // 2
        cut = cut_at(points[middle])
        if not cut or holds(cut):
            # An empty cut (all of it hung on what follows) says nothing yet: look further on.
            found, low = cut or found, middle + 1
        else:
            high = middle
    return found
