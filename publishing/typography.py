"""Typography: what an editor's hand would mend in a line without touching a word of it.

Only spaces, quotation marks, ellipses and, by setting, the shape of digits are changed. Spelling is never corrected:
that is the author's (facts: a bot that "corrects" hamza seats changes names).
"""

import re

from newsroom.arabic import display
from publishing.style import Digits

# An address is kept to the letter: a quote, a digit or a colon in it is not typography.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_ARABIC_LETTER = re.compile("[\u0621-\u064a\u0671-\u06d3]")
_A = "\u0621-\u064a\u0671-\u06d3"

_DOTS = re.compile(r"(?:\s*\.){3,}|\u2026(?:\s*[.\u2026])*")
_END = "\u064b-\u0652"
_SPACE_ASTRAY = re.compile(r"\s+([،؛؟!])(?=\w)")
# A full stop typed on the wrong side of its space, or without one. «العربية.نت» and «إيلاف.كوم» are names.
_STOP_ASTRAY = re.compile(rf"(?:(?<=[{_A}{_END}])\s+|(?<=[{_A}{_END}]{{3}}))\.(?=[{_A}]{{3}})(?!(?:كوم|شبكة|تيفي)\b)")
# «لـ «حماس»»: a particle written with a tatweel waits for the word that it is written onto.
_SPACE_OF_PARTICLE = re.compile(r"(?<![^\s«“(])([وف]?[بلك]ـ)\s+(?=[«“\"A-Za-z\d])")
_SPACE_BEFORE = re.compile(
    r"\s+(?=[،؛؟!…])|\s+(?=[»”\)\]](?!\w))|(?<=[^\d\s])\s+(?=:(?:\s|$))|(?<=[^\s.])\s+(?=\.(?:\s|$))"
)
_SPACE_INSIDE = re.compile(r"(?<=[«“\(\[])\s+")
_SPACE_AFTER = re.compile(
    rf"(?<=[،؛])(?=[{_A}A-Za-z«“\(])|(?<=[{_A}][:؟!])(?=[{_A}«“])"
    rf"|(?:(?<=[^\s.…«“‘(\[]…)|(?<=[^\s.…«“‘(\[]\.\.))(?=[{_A}«“])|(?<=[\w{_END}]{{2}}»)(?=[{_A}]{{2}})"
)

_MADE_OF_TWO = re.compile(r"(?<!')''(?!')|(?<!\")\"\"(?=\w)|(?<=\w)\"\"(?!\")")
_GUILLEMETS = re.compile(r"[«»]")
_TURNED = re.compile(r"(?:^|[\s،؛:(\[])[وفبلك]?»(?=\w)[^«»]+«(?!\w)")
_TURNING = str.maketrans("«»", "»«")
_OPENS = re.compile(r"(?:^|[\s(\[:،؛])(?:[وفبلك]ـ?|لل|بال|وال)?$")
"""What stands before a quote that opens another inside the first: a space, with a particle written onto it or without."""

_ROUNDS = 4
"""More than any text was seen to need (two)."""

_EASTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_WESTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_SEPARATORS = (
    (re.compile(r"(?<=\d)٫(?=\d)"), "."),
    (re.compile(r"(?<=\d)٬(?=\d)"), ","),
)
_TOKEN = re.compile(r"\S+")
_NOT_OURS = re.compile(r"[A-Za-z@#/]")
"""A token with one of these is a name, a handle or a tag: F-16, @user1, #2026_كأس."""


def neat(text: str, digits: Digits = "keep") -> str:
    """The text as it will be posted: one line, the author's words, the house's marks.

    Idempotent.

    Args:
        text: display text, from a feed, a page or an editor's hand.
        digits: which digits the house uses.
    """
    text = display(text)
    kept: list[str] = []
    start = 0
    for address in _ADDRESS.finditer(text):
        kept += (_mended(text[start : address.start()], digits), address.group())
        start = address.end()
    kept.append(_mended(text[start:], digits))
    return "".join(kept).strip()


def _mended(text: str, digits: Digits) -> str:
    """The text mended until nothing is left to mend: a space that was put in may show what a quote belongs to."""
    for _ in range(_ROUNDS):
        before, text = text, _once_mended(text)
        if text == before:
            break
    return _with_digits(text, digits)


def _once_mended(text: str) -> str:
    text = _DOTS.sub("…", text)
    text = _SPACE_OF_PARTICLE.sub(r"\1", _quotes(text))
    text = _STOP_ASTRAY.sub(". ", text)
    text = _SPACE_INSIDE.sub("", _SPACE_BEFORE.sub("", _SPACE_ASTRAY.sub(r"\1 ", text)))
    return _SPACE_AFTER.sub(" ", text)


def _quotes(text: str) -> str:
    """Straight double quotes as the pair the author uses elsewhere, else «»; inside a pair, the other pair."""
    if not _ARABIC_LETTER.search(text):
        return text
    text = _MADE_OF_TWO.sub('"', text)
    if len(_TURNED.findall(text)) * 2 == len(_GUILLEMETS.findall(text)):
        # Typed as they look from left to right: in a line from right to left they would stand turned outwards.
        text = text.translate(_TURNING)
    marks = [mark.start() for mark in re.finditer('"', text) if not _is_inch(text, mark.start())]
    outer = "“”" if "“" in text or "”" in text else "«»"
    letters = list(text)
    for opening, closing in _pairs(text, marks):
        # What was set already counts: the outer of two pairs is met first.
        before = "".join(letters[:opening])
        inside_guillemets = before.count("«") > before.count("»")
        inside_curly = before.count("“") > before.count("”")
        pair = "“”" if inside_guillemets else "‘’" if inside_curly else outer
        letters[opening], letters[closing] = pair[0], pair[1]
    return "".join(letters)


def _pairs(text: str, marks: list[int]) -> list[tuple[int, int]]:
    """Which straight quotes belong together, in the order in which they open: one in another, or one after another."""
    pairs: list[tuple[int, int]] = []
    still_open: list[int] = []
    for mark in marks:
        if not still_open or (
            len(still_open) == 1 and _OPENS.search(text[:mark]) and text[mark + 1 : mark + 2].strip()
        ):
            still_open.append(mark)
        else:
            pairs.append((still_open.pop(), mark))
    return sorted(pairs) if not still_open else list(zip(marks[0::2], marks[1::2], strict=False))


def _is_inch(text: str, mark: int) -> bool:
    """A straight quote after a digit, with none open before it, stands for inches: شاشة 65"."""
    return text[mark - 1 : mark].isdigit() and text[:mark].count('"') % 2 == 0


def _with_digits(text: str, digits: Digits) -> str:
    match digits:
        case "keep":
            return text
        case "ascii":
            for pattern, sign in _SEPARATORS:
                text = pattern.sub(sign, text)
            return text.translate(_EASTERN)
        case "arab":
            return _TOKEN.sub(_in_eastern, text)


def _in_eastern(token: re.Match[str]) -> str:
    word = token.group()
    return word if _NOT_OURS.search(word) else word.translate(_EASTERN).translate(_WESTERN)
