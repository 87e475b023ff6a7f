"""A title: the words, hashtags and signs it consists of, each with where it stands."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from newsroom.arabic import ARABIC_MARKS, TATWEEL, fold


class Sort(StrEnum):
    """What a piece of a title is."""

    WORD = "word"
    TAG = "tag"
    """A hashtag; its text is without the sign."""
    PARTING = "parting"
    """Parts one thing from another: a bar, two dots, a dash, an emoji."""
    COLON = "colon"
    COMMA = "comma"
    """Comma and semicolon: parts of one sentence."""
    QUESTION = "question"
    OPENING = "opening"
    CLOSING = "closing"
    OTHER = "other"
    """Belongs to the word beside it: a currency, a per cent sign, the minus of a number."""


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a title."""

    sort: Sort
    text: str
    """Folded, so that spelling makes no difference."""
    start: int
    end: int


# A tatweel or underscore that stands alone is typed for a dash: «عاجل ـ وزير الخارجية».
_WORD = f"(?:[^\\W_{TATWEEL}]|(?<=\\w){TATWEEL}|{TATWEEL}(?=\\w)|[{ARABIC_MARKS}])+"
_PIECE = re.compile(
    rf"(?P<tag>#\s?(?:{_WORD}|_)+)|(?P<word>\d+(?:[.,٫٬]\d+)+|{_WORD})|(?P<dots>\.\.+|…|_+)|(?P<minus>-(?=\d))|(?P<sign>\S)"
)
_SORTS = {
    **dict.fromkeys("«([{‘", Sort.OPENING),
    **dict.fromkeys("»)]}’", Sort.CLOSING),
    **dict.fromkeys(":", Sort.COLON),
    **dict.fromkeys("،,؛;", Sort.COMMA),
    **dict.fromkeys("؟?", Sort.QUESTION),
    **dict.fromkeys("@$€£¥%٪&'+#°", Sort.OTHER),
}
# Arabic desks open with ” as often as with “ (two of the sample headlines do): these take turns.
_EITHER_WAY = frozenset('"“”„')


@lru_cache(maxsize=4)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The pieces of a display text, in order. Kept for a moment: a title is asked for one form of marker after another."""
    tokens: list[Token] = []
    opened = False
    for piece in _PIECE.finditer(text):
        written = piece.group()
        sort = _sort_of(piece)
        if written in _EITHER_WAY:
            opened = not opened
            sort = Sort.OPENING if opened else Sort.CLOSING
        if sort:
            tokens.append(Token(sort, fold(written.lstrip("# ")), piece.start(), piece.end()))
    return tuple(tokens)


def _sort_of(piece: re.Match[str]) -> Sort | None:
    match piece.lastgroup:
        case "tag":
            return Sort.TAG
        case "word":
            return Sort.WORD
        case "minus":
            return Sort.OTHER
        case "sign":
            # Joiners and variation selectors belong to the emoji before them.
            joiner = unicodedata.category(piece.group()) in {"Cf", "Mn", "Me"}
            return None if joiner else _SORTS.get(piece.group(), Sort.PARTING)
        case _:
            return Sort.PARTING
