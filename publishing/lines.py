"""Lines: a rendered template's white space closed up, and each line made to run the right way.

Both networks take the direction of a line from its first strong character. A line that begins with a Latin letter or a
digit would run from left to right and throw its signs to the wrong side (measured: «4% قفزة»); ARABIC LETTER MARK
before it mends that, weighs 1 on X, and survives Telegram, which turns RLM into ZWNJ.
"""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise

from newsroom.arabic import ALM
from publishing.spans import Mark, Marked

_WORD = re.compile(r"\S+")
_ADDRESS_ALONE = re.compile(r"https?://\S+")


def closed_up(marked: Marked) -> Marked:
    """Without spare white space, and never more than one blank line: a part that was dropped leaves no hole."""
    kept = _kept(marked.text)
    text = "".join(marked.text[offset] for offset in kept).replace("\t", " ")
    moved = (
        replace(mark, start=bisect_left(kept, mark.start), end=bisect_left(kept, mark.end)) for mark in marked.marks
    )
    trimmed = (_trimmed(mark, text) for mark in moved)
    return Marked(text, tuple(mark for mark in trimmed if mark.end > mark.start))


def _kept(text: str) -> list[int]:
    """Offsets of the characters that stay: words, one space between two, two newlines at most."""
    kept: list[int] = []
    newlines: list[int] = []
    start = 0
    for line in text.split("\n"):
        words = list(_WORD.finditer(line))
        if words:
            kept += newlines[:2] if kept else []
            newlines.clear()
        for place, word in enumerate(words):
            first = start + word.start()
            kept += range(first - 1 if place else first, start + word.end())
        start += len(line) + 1
        newlines.append(start - 1)
    return kept


def _trimmed(mark: Mark, text: str) -> Mark:
    covered = text[mark.start : mark.end]
    start = mark.start + len(covered) - len(covered.lstrip())
    return replace(mark, start=start, end=start + len(covered.strip()))


def directed(marked: Marked) -> Marked:
    """With ALM before each line that would not run from right to left by itself.

    An address alone on its line stays as it is: it runs from left to right everywhere, and clients shorten it.
    """
    inserted: list[int] = []
    start = 0
    for line in marked.text.split("\n"):
        if needs_mark(line):
            inserted.append(start)
        start += len(line) + 1
    edges = [0, *inserted, len(marked.text)]
    text = ALM.join(marked.text[a:b] for a, b in pairwise(edges))
    # A mark that begins with its line begins after the inserted ALM; one that ends there ends before it.
    marks = (
        replace(mark, start=mark.start + _upto(inserted, mark.start + 1), end=mark.end + _upto(inserted, mark.end))
        for mark in marked.marks
    )
    return Marked(text, tuple(marks))


def needs_mark(line: str) -> bool:
    """Whether the first character with a direction (or digit, which takes the line's) is not Arabic."""
    if _ADDRESS_ALONE.fullmatch(line):
        return False
    for char in line:
        match unicodedata.bidirectional(char):
            case "R" | "AL" | "AN":
                return False
            case "L" | "EN":
                return True
            case _:
                continue
    return False


def _upto(inserted: list[int], offset: int) -> int:
    return bisect_left(inserted, offset)
