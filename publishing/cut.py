"""Where an Arabic text may be cut, and what it looks like afterwards.

A cut never parts a number from its thousands or its unit, a grapheme, or a hashtag; it closes the quotation it opened,
and leaves no conjunction or preposition hanging.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

_WORD = re.compile(r"\S+")
_NUMBER = re.compile(r"[«“(]?[\u0621-\u064a\u0640]{0,4}[-+–\u2212$€£]?\d[\d.,٫٬/:]*")
"""A bare number, with an article or preposition written onto it or without; one with its sign (4%) is whole in itself."""
_NUMERALS = frozenset(
    _WORD.findall("""
        ثلاث ثلاثة أربع أربعة خمس خمسة ست ستة سبع سبعة ثمان ثماني ثمانية تسع تسعة عشر عشرة
        عشرون عشرين ثلاثون ثلاثين أربعون أربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون تسعين
        مئة مائة مئتا مئتي مائتا مائتي ثلاثمئة أربعمئة خمسمئة ستمئة سبعمئة ثمانمئة تسعمئة نصف ربع ثلث
    """)
)
"""Numbers in words lean like those in digits: «مئة ألف» cut after «مئة» would be another number."""
_DASH = re.compile(r"[-–—\u2212/x×]")
_SCORE = re.compile(r"\d\s*[-–—]\s*\d+$")
_HANGING = frozenset(
    _WORD.findall("""
        و ف ثم أو او أم بل لكن في من إلى الى على عن مع عند لدى حتى منذ خلال بعد قبل بين ضد نحو حول دون تحت فوق عبر ضمن
        رغم بسبب بشأن أن إن ان كأن لأن بأن إذ إذا لو كي لا لم لن ما قد سوف هل ليس غير سوى مثل كما كل بعض أي
        التي الذي الذين اللذين اللتين هذا هذه ذلك تلك هو هي هم كان كانت يكون
    """)
)
"""Words that promise another; no text ends on one."""
_TRAILING = " \t،؛:,;.!؟?…-–—|/\\«“‘([{\"'"
_PAIRS = {"«": "»", "“": "”", "‘": "’", "(": ")", "[": "]", "{": "}"}
_JOINERS = "\u200d\ufe0e\ufe0f\u20e3"


_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})[\u064b-\u0652]*(?:[.!؟?]+|[.!؟?]*[»”’)]+[.!؟?]+|[.!؟?]+[»”’)]+)(?=\s)")
"""A stop after a word: one after a letter or two is an initial (د. محمد), one after a digit a number's."""
_WORTH_A_STOP = 0.7
"""How much of a cut text must be left when it is given back to its last full stop."""


def cut_points(text: str) -> tuple[int, ...]:
    """Offsets at which the text may end, ascending: after a word, never after one that leans on the next."""
    words = list(_WORD.finditer(text))
    return tuple(word.end() for word, following in pairwise(words) if not leans(word.group(), following.group()))


def leans(word: str, following: str) -> bool:
    """Whether a word says something else without the next: a number (3 مليارات), the dash of a score (2 - 1)."""
    if _NUMBER.fullmatch(word) or word in _NUMERALS:
        return True
    return bool(_DASH.fullmatch(word) and following[0].isdigit())


def hangs(word: str) -> bool:
    """Whether a word only leads to the next: a conjunction, a preposition, a relative pronoun."""
    bare = "".join(char for char in word if not unicodedata.combining(char)).lstrip("«“‘([")
    return bare in _HANGING or (bare[:1] in {"و", "ف"} and bare[1:] in _HANGING)


def shortened(text: str, end: int) -> str:
    """The text up to a cut point, tidied: nothing hanging, an ellipsis, its quotations closed. Empty if none is left."""
    kept = text[:end].rstrip(_TRAILING)
    while kept:
        before, _, last = kept.rpartition(" ")
        if _SCORE.search(kept) or not (hangs(last) or leans(last, " ")):
            break
        kept = before.rstrip(_TRAILING)
    return f"{kept}…{_closing(kept)}" if kept else ""


def whole_sentences(text: str, cut: str) -> str:
    """The beginning of the text up to its last full stop within the cut; empty where that would lose too much.

    Args:
        text: the whole text.
        cut: a beginning of it, as `shortened` gives it.
    """
    stops = [stop.end() for stop in _SENTENCE_END.finditer(text) if stop.end() <= len(cut)]
    if not stops or stops[-1] < _WORTH_A_STOP * len(cut) or _closing(text[: stops[-1]]):
        return ""
    return text[: stops[-1]]


def _closing(text: str) -> str:
    still_open: list[str] = []
    for char in text:
        if char in _PAIRS:
            still_open.append(_PAIRS[char])
        elif char in still_open:
            del still_open[len(still_open) - 1 - still_open[::-1].index(char) :]
    return "".join(reversed(still_open))


def graphemes(text: str) -> Iterator[int]:
    """Offsets at which a character as readers count it ends, ascending; the last is the text's length.

    Marks stay on their letter, joiners and skin tones in their emoji, two regional letters are one flag.
    """
    flag = 0
    for offset in range(1, len(text)):
        before, after = text[offset - 1], text[offset]
        flag = flag + 1 if _is_regional(before) else 0
        if _extends(after) or before == "\u200d" or (flag % 2 and _is_regional(after)):
            continue
        yield offset
    if text:
        yield len(text)


def _extends(char: str) -> bool:
    return (
        char in _JOINERS
        or unicodedata.category(char).startswith("M")
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
