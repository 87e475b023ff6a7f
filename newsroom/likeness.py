"""Likeness: how close two headlines are, how much two texts share, and which words of a headline the other does not know."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from newsroom.arabic import key_text, words
from newsroom.figure import Figure, figures_of, lacks
from newsroom.gist import COMPARED_CHARACTERS, Gist, pairs_of, text_of
from newsroom.stem import STOPWORDS, form, root, stem
from newsroom.story import Story

_PRESENT = ("ي", "ت", "سي", "ست")


def closeness(these: Gist, those: Gist) -> float:
    """0 to 100: the sorted words' normalised insert-delete similarity, which rapidfuzz calls `token_sort_ratio`.

    The thresholds in `newsroom.relation` were measured with that function; a test holds the two to the same figures.
    """
    left, right = these.line, those.line
    length = len(left) + len(right)
    return 200.0 * _longest_common(left, right) / length if length else 100.0


def _longest_common(left: str, right: str) -> int:
    """Length of the longest common subsequence, one row as one integer (Hyyrö, 2004): 20 µs where a table takes 2 ms."""
    stands = _stands(left)
    row = whole = (1 << len(left)) - 1
    for places in filter(None, map(stands.get, right)):
        met = row & places
        row = (row + met) | (row - met)
    return len(left) - (row & whole).bit_count()


@lru_cache(maxsize=4)
def _stands(line: str) -> Mapping[str, int]:
    """Where each character stands, a bit a place. Kept for a moment: one line is compared with a dozen others."""
    stands: dict[str, int] = {}
    for at, char in enumerate(line):
        stands[char] = stands.get(char, 0) | 1 << at
    return stands


def cover(shingles: frozenset[int], other: Gist) -> float | None:
    """How much of the shorter opening the other has, 0 to 1; None where either has no text of its own to compare.

    Args:
        shingles: of the one opening, which is compared with many others.
        other: the other's gist.
    """
    shorter = min(len(shingles), len(other.shingles))
    return len(shingles.intersection(other.shingles)) / shorter if shorter else None


def is_same_text(story: Story, known: Story) -> bool:
    """The whole texts are one but for a word here and there.

    Nine tenths of all pairs of words: a ministry's form letter with the names changed stays below.
    """
    left, right = (pairs_of(_words_of(text_of(one)[:COMPARED_CHARACTERS])) for one in (story, known))
    return bool(left and right) and len(left & right) >= 0.9 * len(left | right)


@dataclass(frozen=True, slots=True)
class Telling:
    """What a story's text says, to be asked which words of a headline stand in it."""

    words: frozenset[str]
    text: str
    """The same words in a row."""
    figures: tuple[Figure, ...]

    def tells(self, said: str, but: AbstractSet[str] = frozenset()) -> bool:
        """The word stands in the text, in this form or with another ending.

        A verb counts in any of its forms («يستقبل» where the text has «استقبل»); a name only as it is: the root that makes
        two verb forms one makes «حسن» and «حسين» one too.

        Args:
            said: a word of a headline, without article and the like.
            but: words that bear out nothing in another form, as the other headline says them instead: «طفلة» for «طفل».
        """
        if said in self.words:
            return True
        one = stem(said)
        # A stem is a part of its word: only words that hold it need be stemmed, and where the text holds it nowhere, none.
        if one in self.text and any(one in word and stem(word) == one for word in self.words if word not in but):
            return True
        one = root(said)
        is_verb = said.startswith(_PRESENT) and one in _roots_of(self.words)
        return is_verb and any(root(word) == one for word in self.words if word not in but)


def telling_of(story: Story) -> Telling:
    """What the story's text says; its headline is not asked, for that is what must be borne out."""
    return _telling_of(text_of(story)[:COMPARED_CHARACTERS])


@lru_cache(maxsize=16)
def _telling_of(text: str) -> Telling:
    said = _words_of(text)
    forms = frozenset(map(form, said))
    return Telling(forms, " ".join(forms), figures_of(said))


@lru_cache(maxsize=4)
def _words_of(text: str) -> tuple[str, ...]:
    """Kept for a moment: two texts are first compared with each other, then asked for what stands in them."""
    return words(key_text(text))


@lru_cache(maxsize=16)
def _roots_of(said: frozenset[str]) -> frozenset[str]:
    return frozenset(map(root, said))


def beyond(gist: Gist, other: Gist) -> frozenset[str]:
    """The words, with their endings, by which a headline goes beyond another; no stop words and no figures."""
    return _forms(gist) - _forms(other)


def is_told_by(gist: Gist, other: Gist, telling: Telling) -> bool:
    """Whether all that a headline says beyond the other's stands in the other story's text, a number however written."""
    if lacks(gist.figures, other.figures) and lacks(gist.figures, (*other.figures, *telling.figures)):
        return False
    theirs = beyond(other, gist)
    return all(telling.tells(word, theirs) for word in beyond(gist, other))


def is_about(telling: Telling, gist: Gist) -> bool:
    """Whether a text tells of its headline: half of the headline's words stand in it.

    A form letter under every headline does not, and says nothing of whether two headlines are one story.
    """
    said = _forms(gist)
    return 2 * sum(map(telling.tells, said)) >= len(said)


def _forms(gist: Gist) -> frozenset[str]:
    return frozenset(
        one for one, word in zip(gist.forms, gist.words, strict=True) if word not in STOPWORDS and not word[0].isdigit()
    )
