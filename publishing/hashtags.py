"""Hashtags: section and tags as words that X and Telegram link.

X links letters, digits, underscore and marks, needs a letter, and stops at anything else (twitter-text, measured:
#2026 is no hashtag, #كوريا-الشمالية ends before the dash); Telegram's rule is wider, so X's holds for both.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from newsroom.arabic import display, key_text
from newsroom.story import Kicker

LONGEST = 30
"""Letters; a longer tag is a sentence nobody follows."""

_PARTED = re.compile(r"[^\w.'’+]+|_+")
_DROPPED = re.compile(r"[.'’+]+")
_STEM = 3
"""Letters that must be left of a word for two words to be called kin."""
_PREFIXES = ("وبال", "وال", "بال", "كال", "فال", "لل", "ال")
_SUFFIXES = ("يات", "يون", "يين", "يه", "يا", "ات", "ون", "ين", "ان", "ي", "ا", "ه")


def hashtag_of(name: str) -> str:
    """The name as one hashtag with its sign; empty where it makes none (no letter, or longer than 30)."""
    plain = "".join(
        char
        for char in unicodedata.normalize("NFC", display(name).replace("\u200c", " "))
        if char != "\u0640" and not unicodedata.combining(char)
    )
    word = _PARTED.sub("_", _DROPPED.sub("", plain)).strip("_")
    if not word or len(word) > LONGEST or not any(char.isalpha() for char in word):
        return ""
    return f"#{word}"


def hashtags_of(
    names: Sequence[str], headline: str, lead: str, most: int, *, section: str = "", generic: Iterable[str] = ()
) -> tuple[str, ...]:
    """The hashtags of a story, the one to keep longest first.

    The section leads; then tags of which the headline speaks, in its order (of روسيا it also speaks by روسي); then
    those of the lead; then the rest as the editor gave them. Names that stand as hashtags in the text already, labels
    such as عاجل and generic sections are left out; two spellings of one name are one.

    Args:
        names: the story's tags.
        headline: what the post says first.
        lead: its first paragraph.
        most: how many at most.
        section: the story's section; empty to have none among the hashtags.
        generic: sections that say nothing.
    """
    unwanted = {key_text(name) for name in generic} | {key_text(kicker) for kicker in Kicker}
    unwanted |= {key_text(tag) for tag in re.findall(r"#(\w+)", f"{headline} {lead}")}
    found: dict[str, str] = {}
    for name in (section, *_by_mention(names, headline, lead)):
        tag = hashtag_of(name)
        key = key_text(tag)
        if tag and key not in unwanted:
            found.setdefault(key, tag)
    return tuple(found.values())[:most]


def _by_mention(names: Sequence[str], headline: str, lead: str) -> Sequence[str]:
    if len(names) < 2:
        return names
    texts = [[_stems(word) for word in key_text(text).split()] for text in (headline, lead)]

    def rank(name: str) -> tuple[int, int]:
        wanted = [_stem(word) for word in key_text(name).split()]
        for place, words in enumerate(texts):
            met = [next((at for at, stems in enumerate(words) if stem in stems), None) for stem in wanted]
            if met and None not in met:
                return place, met[0] or 0
        return len(texts), 0

    return sorted(names, key=rank)


def _stems(word: str) -> set[str]:
    """Stems of a word as it stands in a text, where a conjunction and a preposition may be written onto it."""
    after_and = word[1:] if word[0] in "وف" else word
    inner = after_and[1:] if after_and[:1] in set("بلك") else after_and
    return {_stem(part) for part in (word, after_and, inner) if len(part) >= _STEM}


def _stem(word: str) -> str:
    """A word of a key text without article and ending, where enough of it is left: روسيا and الروسية give روس."""
    if word.startswith(_PREFIXES):  # Most have none: one look instead of one for each.
        for prefix in _PREFIXES:
            if word.startswith(prefix) and len(word) - len(prefix) >= _STEM:
                word = word.removeprefix(prefix)
                break
    if word.endswith(_SUFFIXES):
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= _STEM:
                return word.removesuffix(suffix)
    return word
