"""Card layout: where a headline breaks into lines, and how large it is set. Pure: only widths go in.

Lines are balanced by dynamic programming over the words. An uneven card reads worse than a slightly smaller one, so
fewer lines win until another line gains an eighth in size (facts: four uneven lines on the square card).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from publishing.cut import cut_points, graphemes, hangs, leans, shortened

MOST_LINES = 5
WORTH_A_LINE = 1.12
"""How much larger the type must become for one line more."""
LINE_HEIGHT = 1.42
"""Of the type size: tashkeel above one line and descenders of the line before do not meet (measured on Plex)."""

_REFERENCE = 100
"""Type size in px at which words are measured; widths grow with the size."""
_FEW_WORDS_LARGER = 1.4
"""Headlines of one or two words are set larger, or the card looks empty."""
_LOOSE_END = 0.35
"""Of the mean line, squared: the cost of a line that ends where it should not."""
_BAD_END = 0.9
"""What such an end takes from the looks of the whole: one line more or less may do without it."""
_SHORT_QUOTATION = 3
"""Words of a quotation that is a name more than a sentence, and stays on one line."""
_LONE_SIGN = re.compile(r"[-–—|/+&]")
_FOREIGN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,'’+&/-]*")

Width = Callable[[str, int], float]
"""Width in px of a text set at a size in px."""


@dataclass(frozen=True, slots=True)
class Block:
    """A headline set: its lines, in reading order, and the type size in px."""

    lines: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The room for a headline, in px, and the sizes between which it is set."""

    width: int
    height: int
    largest: int
    smallest: int


def block_of(headline: str, frame: Frame, width: Width) -> Block:
    """The headline within the frame. One that is too long even at the smallest size is cut, and says so by an ellipsis."""
    if block := _best(headline.split(), frame, width):
        return block
    cuts = [shortened(headline, point) for point in cut_points(headline)]
    first = headline.partition(" ")[0]
    for options in (cuts, [f"{first[:point]}…" for point in graphemes(first)]):
        if block := _longest(options, frame, width):
            return block
    return Block((), frame.smallest)


def _longest(options: Sequence[str], frame: Frame, width: Width) -> Block | None:
    """The longest option that can be set, of options in ascending order."""
    found, low, high = None, 0, len(options)
    while low < high:
        middle = (low + high) // 2
        if block := _best(options[middle].split(), frame, width):
            found, low = block, middle + 1
        else:
            high = middle
    return found


def _best(words: Sequence[str], frame: Frame, width: Width) -> Block | None:
    widths = [width(word, _REFERENCE) for word in words]
    space = width("ن ن", _REFERENCE) - width("نن", _REFERENCE)
    best: Block | None = None
    worth = 0.0
    for count in range(1, min(MOST_LINES, len(words)) + 1):
        lines, evenness, parted = _broken(words, widths, space, count)
        size = _largest_size(lines, frame, width)
        looks = size * (0.6 + 0.4 * evenness) * _BAD_END**parted / WORTH_A_LINE ** (count - 1)
        if size >= frame.smallest and looks > worth:
            best, worth = Block(lines, size), looks
    return best


def _largest_size(lines: Sequence[str], frame: Frame, width: Width) -> int:
    widest = max(width(line, _REFERENCE) for line in lines)
    largest = frame.largest * (_FEW_WORDS_LARGER if sum(line.count(" ") + 1 for line in lines) <= 2 else 1)
    size = int(min(largest, _REFERENCE * frame.width / widest, frame.height / (LINE_HEIGHT * len(lines))))
    # Hinting rounds advances at small sizes: the last pixel is looked for.
    while size and max(width(line, size) for line in lines) > frame.width:
        size -= 1
    return size


def _broken(
    words: Sequence[str], widths: Sequence[float], space: float, count: int
) -> tuple[tuple[str, ...], float, int]:
    """The words in exactly `count` lines as even as can be, how even (shortest to longest), how many end as none should."""
    starts = [0.0]
    for word_width in widths:
        starts.append(starts[-1] + word_width + space)
    mean = (starts[-1] - space) / count
    loose = _LOOSE_END * mean**2
    bad_ends = _bad_ends(words)

    def cost(start: int, end: int) -> float:
        ragged = (starts[end] - starts[start] - space - mean) ** 2
        return ragged + (loose if end in bad_ends else 0.0)

    # cheapest[end]: least cost of words[:end] in the lines so far, and where its last line begins.
    cheapest: list[tuple[float, tuple[int, ...]]] = [(0.0, ()), *[(inf, ())] * len(words)]
    for _ in range(count):
        cheapest = [
            min(
                ((cheapest[start][0] + cost(start, end), (*cheapest[start][1], end)) for start in range(end)),
                default=(inf, ()),
            )
            for end in range(len(words) + 1)
        ]
    ends = cheapest[-1][1]
    lines = [(start, end) for start, end in zip((0, *ends), ends, strict=False)]
    lengths = [starts[end] - starts[start] - space for start, end in lines]
    parted = len(bad_ends.intersection(ends))
    return tuple(" ".join(words[start:end]) for start, end in lines), min(lengths) / max(lengths), parted


def _bad_ends(words: Sequence[str]) -> frozenset[int]:
    """After how many words a line should not end.

    Not on a preposition, between a number and its noun, within a short quotation or a foreign name («iPhone / 17 Pro
    Max» would be turned round), nor before a dash, which would begin the next line.
    """
    bad = {
        end
        for end, (word, following) in enumerate(pairwise(words), 1)
        if hangs(word)
        or leans(word, following)
        or _LONE_SIGN.fullmatch(following)
        or (_FOREIGN.fullmatch(word) and _FOREIGN.fullmatch(following) and not (word + following).isdigit())
    }
    opened = 0
    for number, word in enumerate(words):
        if word.count("«") + word.count("“") > word.count("»") + word.count("”"):
            opened = number
        elif ("»" in word or "”" in word) and 0 < number - opened < _SHORT_QUOTATION:
            bad.update(range(opened + 1, number + 1))
    return frozenset(bad)
