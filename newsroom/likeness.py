"""Likeness: how close two headlines are, how much two texts share, and which words of a headline the other does not know."""

from newsroom.arabic import key_text, words
from newsroom.figure import figures_of, lacks
from newsroom.gist import COMPARED_CHARACTERS, Gist, pairs_of, text_of
from newsroom.stem import root, stem
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
    stands: dict[str, int] = {}
    for at, char in enumerate(left):
        stands[char] = stands.get(char, 0) | 1 << at
    row = whole = (1 << len(left)) - 1
    for char in right:
        met = row & stands.get(char, 0)
        row = (row + met) | (row - met)
    return len(left) - (row & whole).bit_count()


def cover(these: Gist, those: Gist) -> float | None:
    """How much of the shorter opening the other has, 0 to 1; None where either has no text of its own to compare."""
    shorter = min(len(these.shingles), len(those.shingles))
    return len(frozenset(these.shingles).intersection(those.shingles)) / shorter if shorter else None


def is_same_text(story: Story, known: Story) -> bool:
    """The whole texts are one but for a word here and there.

    Nine tenths of all pairs of words: a ministry's form letter with the names changed stays below.
    """
    left, right = (pairs_of(words(key_text(text_of(one)[:COMPARED_CHARACTERS]))) for one in (story, known))
    return bool(left and right) and len(left & right) >= 0.9 * len(left | right)


def is_told_by(gist: Gist, other: Gist, story: Story) -> bool:
    """Whether all that a headline says beyond the other's stands in the other story, in headline or text.

    A verb counts in any of its forms («يستقبل» where the text has «استقبل»), a number however it is written; a name
    only as it is: the root that makes two verb forms one makes «حسن» and «حسين» one too.
    """
    stems, has_other_numbers = gist.stems - other.stems, lacks(gist.figures, other.figures)
    if not stems and not has_other_numbers:
        return True
    said = words(key_text(f"{story.headline} {text_of(story)[:COMPARED_CHARACTERS]}"))
    if has_other_numbers and lacks(gist.figures, figures_of(said)):
        return False
    # A stem is a part of its word: only words that hold it need be stemmed.
    unsaid = {one for one in stems if not any(one in word and stem(word) == one for word in said)}
    if not all(one.startswith(_PRESENT) for one in unsaid):
        return False
    return not unsaid or {root(one) for one in unsaid} <= {root(word) for word in said}
