"""A figure: a number in a headline, whichever way it is written, and what it counts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10

from newsroom.arabic import fold


@dataclass(frozen=True, slots=True)
class Figure:
    """One number; «12 ألف قتيل» is 12,000 of «قتيل»."""

    value: float
    counts: str = ""
    """Key word right after the number; empty at the end of a headline."""


def _table(words: str, values: Iterable[float]) -> dict[str, float]:
    """Spellings of one number stand between bars: «ثلاثة ثلاث | أربعة أربع»."""
    return {fold(word): value for spelt, value in zip(words.split("|"), values, strict=True) for word in spelt.split()}


# Number words in all cases and genders; the duals among them count the thing they name.
_ADDED = (
    _table(
        "واحد واحدة | اثنان اثنين اثنتان اثنتين | ثلاثة ثلاث | أربعة أربع | خمسة خمس | ستة ست | سبعة سبع"
        "| ثمانية ثماني ثمان | تسعة تسع | عشرة عشر",
        range(1, 11),
    )
    | _table(
        "عشرون عشرين | ثلاثون ثلاثين | أربعون أربعين | خمسون خمسين | ستون ستين | سبعون سبعين | ثمانون ثمانين"
        "| تسعون تسعين",
        range(20, 100, 10),
    )
    | _table(
        "مئة مائة | مئتان مئتين مئتي مائتان مائتين مائتي | ثلاثمئة ثلاثمائة | أربعمئة أربعمائة | خمسمئة خمسمائة"
        "| ستمئة ستمائة | سبعمئة سبعمائة | ثمانمئة ثمانمائة | تسعمئة تسعمائة",
        range(100, 1000, 100),
    )
)
_MULTIPLIED = _table("ألف ألفا | مليون مليونا | مليار مليارا بليون", (1e3, 1e6, 1e9)) | _table(
    "آلاف | ملايين | مليارات", (1e3, 1e6, 1e9)
)
_ALONE = _table(
    "ألف | مليون | مليار | ألفان ألفين ألفي | مليونان مليونين مليوني | مليارين ملياري | أحد إحدى",
    (1e3, 1e6, 1e9, 2e3, 2e6, 2e9, 0),
) | _table("ثنائية بثنائية هدفين بهدفين | ثلاثية بثلاثية | رباعية برباعية | خماسية بخماسية", range(2, 6))
# The dual says «two» with no number beside it. Only nouns whose plural is another word: «مصريين» may be two or many.
_PAIRED = "قتيل شهيد شخص جندي طفل شاب جريح عام شهر يوم أسبوع صاروخ جثمان"
_PAIRS = {fold(noun + ending): fold(noun) for noun in _PAIRED.split() for ending in ("ان", "ين")}
_TEEN = frozenset({fold("عشر"), fold("عشرة")})
_ELEVEN = frozenset({fold("أحد"), fold("إحدى")})
_NUMBER_WORDS = _ADDED.keys() | _ALONE.keys() | _ELEVEN
_GOALS = re.compile("[0-9]{1,2}")
_NUMERAL = re.compile(r"(?:و|ب|ل|وال|بال|لل|ال)?(\d+(?:\.\d+)?)[مه]?")


def figures_of(words: Sequence[str]) -> tuple[Figure, ...]:
    """The figures among key words, in their order."""
    figures: list[Figure] = []
    at = 0
    while at < len(words):
        if words[at] in _PAIRS:
            figures.append(Figure(2, _PAIRS[words[at]]))
            at += 1
            continue
        value, end = _number_at(words, at)
        if value:
            figures.append(Figure(value, words[end] if end < len(words) else ""))
        at = end
    return tuple(figures)


def in_digits(words: Sequence[str]) -> Iterator[str]:
    """The words with every number from three up in digits: «10 آلاف»، «عشرة آلاف» and «10000» are one."""
    at = 0
    while at < len(words):
        value, end = _number_at(words, at)
        if value < 3:
            yield words[at]
            at += 1
            continue
        numeral = _NUMERAL.fullmatch(words[at])
        hung = words[at][: numeral.start(1)] if numeral else ""
        yield hung + (str(int(value)) if value.is_integer() else str(value))
        at = end


def scores_of(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Two small numbers side by side; a third makes them a date."""
    row = ("", *words, "")
    for before, home, away, after in zip(row, row[1:], row[2:], (*row[3:], ""), strict=False):
        if _GOALS.fullmatch(home) and _GOALS.fullmatch(away) and not before.isdigit() and not after.isdigit():
            yield home, away


def disagree(these: Iterable[Figure], those: Iterable[Figure]) -> bool:
    """Each has a number that the other lacks: two tolls, two dates, two scores.

    A number that only one headline gives is no contradiction, nor is a rounding within one hundredth (measured:
    220 and 221.64 points are one story).
    """
    left, right = tuple(these), tuple(those)
    return bool(left and right) and lacks(left, right) and lacks(right, left)


def lacks(these: Iterable[Figure], those: Iterable[Figure]) -> bool:
    """Some number of these is not among those."""
    others = {figure.value for figure in those}
    return any(not any(_is_same(figure.value, other) for other in others) for figure in these)


def _is_same(value: float, other: float) -> bool:
    """Equal, or one is the other rounded or cut to fewer digits: 43,800 and 44,000, but not 6 and 6.1."""
    if value == other:
        return True
    coarser, finer = sorted((value, other), key=_digits)
    if _digits(coarser) < 2 or abs(finer - coarser) > coarser / 100:
        return False
    if not coarser % 1 and not finer % 1 and coarser % 100:
        # 44,000 may stand for 43,800; the 170th and the 171st episode are two.
        return False
    unit = 10.0 ** (floor(log10(coarser)) - _digits(coarser) + 1)
    return coarser in {round(finer / unit) * unit, floor(finer / unit) * unit}


def _digits(value: float) -> int:
    return len(f"{value:.3f}".rstrip("0").replace(".", "").strip("0"))


def _number_at(words: Sequence[str], at: int) -> tuple[float, int]:
    """The number that begins at `at` and where it ends; 0 and the next word where there is none."""
    if words[at].isalpha() and words[at] not in _NUMBER_WORDS:
        return 0.0, at + 1
    value, end = _below_thousand(words, at)
    if not value:
        return float(_ALONE.get(words[at], 0)), at + 1
    while end < len(words) and words[end] in _MULTIPLIED:
        value *= _MULTIPLIED[words[end]]
        end += 1
    return value, end


def _below_thousand(words: Sequence[str], at: int) -> tuple[float, int]:
    numeral = _NUMERAL.fullmatch(words[at])
    if numeral:
        return float(numeral.group(1)), at + 1
    if words[at] in _ELEVEN and at + 1 < len(words) and words[at + 1] in _TEEN:
        return 11.0, at + 2
    value, end = float(_ADDED.get(words[at], 0)), at + 1
    while value and end < len(words):
        if words[end] in _TEEN and value < 10:
            value += 10
        elif words[end].startswith("و") and words[end][1:] in _ADDED:
            value += _ADDED[words[end][1:]]
        else:
            break
        end += 1
    return value, end
