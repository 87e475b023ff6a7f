"""A gist: what of a story is compared with other stories. Made once for each, never shown."""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from sys import intern
from zlib import crc32

from newsroom.arabic import bare, fold, key_text, words
from newsroom.bearing import Bearing, bearing_of, calendar_of
from newsroom.figure import Figure, figures_of, in_digits, scores_of
from newsroom.outlet import is_outlet
from newsroom.place import Place, places_of
from newsroom.stem import STOPWORDS, form, root, stem
from newsroom.story import Story

OPENING_WORDS = 80
"""Two tellings of one story share their opening (facts: Arabic newsroom §3: containment over the first 80 words)."""
OPENING_CHARACTERS = 900
"""80 Arabic words are 520 characters on average; no longer text need be folded for them."""
COMPARED_CHARACTERS = 4000
"""Of a long text; 600 Arabic words, more than most wire stories."""
TITLE_CHARACTERS = 400
"""No headline is longer; a page's worth of text in a title must not cost a page's worth of comparing."""
TELLING_WORDS = 8
"""A text must say this many words that its headline does not, or it is no evidence beside the headline."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What of a story is compared."""

    title: str
    """The title's key: two headlines that differ only in typography have one. Empty for an empty headline."""
    words: tuple[str, ...]
    forms: tuple[str, ...]
    """Of each word, its form without what hangs before it."""
    row: tuple[str, ...]
    """Of each word, its stem."""
    line: str
    """The words sorted, for likeness that does not care about order."""
    stems: frozenset[str]
    """Of the words that tell which event it is: no figures, no stop words."""
    roots: frozenset[str]
    figures: tuple[Figure, ...]
    scores: tuple[tuple[str, str], ...]
    bearing: Bearing
    places: frozenset[Place]
    shingles: Sequence[int]
    """Pairs of neighbouring words of the text's opening that do not stand in the headline, in order, four bytes each.

    Empty without a text of its own.
    """
    calendar: Bearing
    """The days that the text's opening names."""


# What desks hang before and after a headline without changing what it says; read from folded text.
_MEDIA = (
    r"(?:بال|ال|ب)?(?:فيديو|فيديوهات|صور|صوره|البوم|البوم صور|اسماء|ارقام|مستندات|مستند|وثائق|خريطه|خرايط|لقطات)"
    r"|(?:بال|ال)?(?:فيديو|انفو|موشن) ?(?:جراف|غراف)(?:يك|يكس)?|شاهد|تفاصيل|التفاصيل|لايف|بث مباشر|موقع رسمي|بروفايل"
)
_SIGN = r"[.…:|/!–—-]"
_BEFORE = re.compile(rf"^\W*(?:(?:{_MEDIA})(?:\s+و\s?(?:{_MEDIA}))*|هام|الان)\s*{_SIGN}+\s*")
# A section that a desk or an agency hangs on a headline, as noun or as adjective: «رياضة |»، «سياسي /»، «… | أخبار».
_SECTION = (
    r"(?:عام|اخبار|سياسه|سياسيه?|اقتصاد|اقتصاديه?|رياضه|رياضيه?|ثقافه|ثقافيه?|اجتماعيه?|محليه?|محليات|دوليه?|عربي|عالم|عالميه?|امن|امنيه?"
    r"|تعليم|تعليميه?|فن|فنون|منوعات|حوادث|تقنيه|تكنولوجيا|علوم|مجتمع|عربي ودولي)"
)
_SECTION_BEFORE = re.compile(rf"^\W*{_SECTION}\s*[|/:]\s*")
_SECTION_AFTER = re.compile(rf"\s+[|/]\s*{_SECTION}\s*$")
_AFTER = re.compile(
    rf"\s*(?:(?:{_SIGN}+|[+(\[{{\u2039«<])\s*(?:{_MEDIA})(?:\s*[و+،,]\s*(?:{_MEDIA}))*\s*[)\]}}\u203a»>]?)\s*[.…!]*\s*$"
)
_OUTLET = re.compile(
    r"\s+[-–—|]\s+(?:(?:صحيفه|جريده|بوابه|موقع|قناه|شبكه|وكاله|مجله)(?:\s+\w+){1,3}"
    r"|(?:\w+\s+){0,2}(?:نيوز|اونلاين|بوست|تايمز)|[a-z]+(?:\s+[a-z]+){0,3})\s*$"
)
# A word is taken whole (++): cut into four wherever it can be, one of 400 letters takes minutes.
_HEAD = re.compile(r"^\W*((?:\w++\s?){1,4}?)\s*\|\s*")
_TAIL = re.compile(r"\s+[-–—|]\s+((?:\w++\s?){1,4})$")
_TAG_AFTER = re.compile(r"\s+#(\w+)\W*$")
# Where desks disagree about the seat of a hamza, and of the silent alef: «شئون»، «يبدأون»، «قرائة»، «هيأة»، «مائة»، «لاعبوا».
_SEATS = tuple(
    (re.compile(seat), one)
    for seat, one in (
        (r"مائ(?=[ةت])", "مئ"),
        (r"(?<=\w)(?:[ئء]و|أو(?=[ان]\b))", "ؤو"),
        (r"(?<=ا)ئ(?=[ةه]\b)", "ء"),
        (r"(?<=ي)أ(?=[ةه]\b)", "ئ"),
        (r"(?<=\w\wو)ا\b", ""),
    )
)
_PER_CENT = re.compile(r"\b(?:بال|في ال)(?:ميه|مايه)\b")
_YEAR = re.compile(r"(?<=\b\d{4})[مه]\b")
_LOOSE_SPACE = re.compile(r"(?<!\d) | (?!\d)")
_FEWEST_WORDS = 3
"""What is left of a headline must still be one."""


def title_key(headline: str) -> str:
    """The key of a headline: blind to spelling, signs, spacing, and to «| صور» or the outlet's name after it.

    Beyond `key_text` it knows that «مسئول» is «مسؤول»، «شيء» is «شئ»، «مائة» is «مئة»، «أميركا» is «أمريكا»، «5» is «خمسة»،
    «10 آلاف» is «10,000» and «60 %» is «60 بالمئة».
    """
    plain = bare(unicodedata.normalize("NFC", headline[:TITLE_CHARACTERS]))
    for seat, one in _SEATS:
        plain = seat.sub(one, plain)
    key = _PER_CENT.sub("", key_text(_without_trappings(fold(plain))))
    spelt = " ".join(in_digits(words(_YEAR.sub("", key))))
    # Spaces go, but for those between numbers: «لـ رويترز» is «لرويترز»، while «2 1» is not 21.
    return _LOOSE_SPACE.sub("", spelt.replace("ء", "")).replace("وو", "و").replace("اميرك", "امريك")


def gist_of(story: Story) -> Gist:
    """The gist of a story."""
    return _gist_of(story.headline, text_of(story)[:OPENING_CHARACTERS])


@lru_cache(maxsize=16)
def _gist_of(headline: str, text: str) -> Gist:
    """Kept for a moment: a story is compared, looked for among flashes and taken into the window, one after another."""
    # Interned, as a window of 2,000 headlines says the same few thousand words over and over.
    said = tuple(intern(word) for word in words(key_text(_without_trappings(fold(headline[:TITLE_CHARACTERS])))))
    telling = [word for word in said if word not in STOPWORDS and not word[0].isdigit()]
    opening = words(key_text(text))[:OPENING_WORDS]
    return Gist(
        title=title_key(headline),
        words=said,
        forms=tuple(intern(form(word)) for word in said),
        row=tuple(intern(stem(word)) for word in said),
        line=" ".join(sorted(said)),
        stems=frozenset(intern(stem(word)) for word in telling),
        roots=frozenset(intern(root(word)) for word in telling),
        figures=figures_of(said),
        scores=tuple(scores_of(said)),
        bearing=bearing_of(said),
        places=places_of(said),
        shingles=_shingles(said, opening),
        calendar=calendar_of(opening),
    )


def text_of(story: Story) -> str:
    """What the story tells under its headline."""
    return story.body or story.lead


def pairs_of(said: Sequence[str]) -> frozenset[int]:
    """The neighbouring pairs of words, each as a number of 32 bits."""
    encoded = " ".join(said).encode().split(b" ")
    return frozenset(map(crc32, map(b" ".join, pairwise(encoded))))


def _shingles(headline: Sequence[str], opening: Sequence[str]) -> Sequence[int]:
    """None where the text only says its headline again: that would be a title judging by itself."""
    known = set(headline)
    if sum(word not in known for word in opening) < TELLING_WORDS:
        return array("I")
    return array("I", sorted(pairs_of(opening) - pairs_of(headline)))


@lru_cache(maxsize=4)
def _without_trappings(folded: str) -> str:
    for pattern in (_SECTION_BEFORE, _BEFORE, _SECTION_AFTER, _OUTLET, _AFTER, _BEFORE, _AFTER):
        folded = _if_enough(pattern.sub("", folded), folded)
    head = _HEAD.match(folded)
    if head and is_outlet(head[1].split()):
        folded = _if_enough(folded[head.end() :], folded)
    tail, tag = _TAIL.search(folded), _TAG_AFTER.search(folded)
    if tail and is_outlet(tail[1].split()):
        return _if_enough(folded[: tail.start()], folded)
    # A hashtag at the end that says once more what was said; any other may tell where it was.
    if tag and tag[1].replace("_", " ") in folded[: tag.start()]:
        return _if_enough(folded[: tag.start()], folded)
    return folded


def _if_enough(left: str, whole: str) -> str:
    return left if len(left.split()) >= _FEWEST_WORDS else whole
