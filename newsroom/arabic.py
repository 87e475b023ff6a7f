"""Arabic text: the form that readers see, and the form by which two texts are compared.

`display` frees a text of what nobody sees and changes no word of it; `key_text` gives the form in which
spelling, vowel signs, letter shapes and digits no longer make a difference. A key is never shown.
"""

import re
import unicodedata

ALM = "\u061c"
"""ARABIC LETTER MARK: makes a line that begins with a digit or a Latin letter run from right to left."""
RLM = "\u200f"
LRM = "\u200e"
ZWNJ = "\u200c"
ZWJ = "\u200d"
FSI = "\u2068"
PDI = "\u2069"
TATWEEL = "\u0640"

# Default_Ignorable_Code_Point of Unicode 17 (DerivedCoreProperties.txt) and the interlinear marks, but not the whole
# category Cf: U+0600-0605, U+06DD and U+08E2 are of that category and are seen.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Controls that are no white space, lone surrogates (no encoder takes them) and what XML 1.0 forbids.
_FORBIDDEN = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
_UNSEEN = re.compile(f"[{_INVISIBLE}{_FORBIDDEN}]")

# Arabic letters that join to the letter after them (ArabicShaping.txt, type D): after these, and only after these, a
# ZWNJ shows, because it breaks the join.
_JOINING = "\u0626\u0628\u062a-\u062e\u0633-\u063f\u0641-\u0647\u0649\u064a\u067e\u0686\u06a4\u06a9\u06af\u06cc"
ARABIC_MARKS = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff"
)
"""Vowel signs and their like, as ranges of a character class."""
# Invisible characters that do visible work, and are kept there: the flag of England and its like, ZWJ and the
# variation selector inside an emoji, ZWNJ where it breaks a join.
_WORKING = re.compile(
    "(?P<flag>\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f)"
    f"|(?P<emoji>(?<=[\u203c\u2049\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff])[\ufe0e\ufe0f](?:\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff]))?"
    "|(?<=[\u2600-\u27bf\U0001f000-\U0001faff])\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])"
    "|(?<=[#*0-9])\ufe0f(?=\u20e3))"
    f"|(?P<join>(?<=[{_JOINING}])[{ARABIC_MARKS}]*\u200c(?=[\u0620-\u064a\u066e-\u06d3]))"
)

# Letter shapes (Arabic Presentation Forms A and B) as old converters leave them. The word signs U+FDF0-FDFF are not
# among them: an author who wrote one of those meant the sign.
_SHAPES = re.compile("[\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdc7\ufe70-\ufefc]")

# The general combining blocks too: a key is as blind to the accents of "Café" as to the vowel signs of «مقهًى».
_DIACRITICS = re.compile(f"[{ARABIC_MARKS}{TATWEEL}\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_ONE_LETTER = {
    "ا": "أإآٱٲٳٵ",
    "ي": "ىیئىېےۍۓ",
    "و": "ؤۋۏ",
    "ه": "ةہھەۀۂۃ",
    "ك": "کگڪݣڭ",
    "ب": "پ",
    "ج": "چ",
    "ف": "ڤڥ",
    "ز": "ژ",
}
# What stays as it is stands in the table too: for a character that it lacks, `translate` catches an exception.
_LETTERS = {code: chr(code) for code in (*range(0x20, 0x7F), *range(0x600, 0x700))} | {
    ord(variant): letter for letter, variants in _ONE_LETTER.items() for variant in variants
}
_FIGURES = {ord(zero) + digit: str(digit) for zero in "٠۰" for digit in range(10)} | {
    ord("٫"): ".",
    ord("٬"): ",",
    ord("،"): ",",
}
_SEPARATED = re.compile(r"\d+(?:[.,]\d+)+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NO_WORD = re.compile(r"[^\w.,]|_")
# A full stop that does not stand between two digits.
_LOOSE_STOP = re.compile(r"\.(?:(?!\d)|(?<!\d\.))")


def display(text: str) -> str:
    """The text as a reader should get it: NFC, letters instead of letter shapes, single spaces, nothing unseen.

    No word and no visible character is changed or lost; the caller has undone HTML's escapes.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if _USUAL.fullmatch(text) is None:
        text = unicodedata.normalize("NFC", _SHAPES.sub(_letters_of_shape, text))
        text = _without_unseen(text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def key_text(text: str) -> str:
    """The text for comparison: words of folded letters and digits, parted by single spaces.

    Two texts that differ only in vowel signs, letter shapes, hamza seats, Persian letters, kinds of digits, case,
    punctuation or unseen characters have one key. Idempotent.
    """
    key = text.translate(_USUAL_KEYS) if _USUAL.fullmatch(text) else _NO_WORD.sub(" ", _unified(text))
    if "." in key or "," in key:
        key = _SEPARATED.sub(_one_decimal_sign, key).replace(",", " ")
        key = _LOOSE_STOP.sub(" ", key)
    return " ".join(key.split())


def bare(text: str) -> str:
    """The text without vowel signs and tatweel; every letter stays."""
    return _DIACRITICS.sub("", text)


def fold(text: str) -> str:
    """The text with one letter for all its shapes and no vowel signs; punctuation and digits stay as they stand."""
    return bare(text).translate(_LETTERS).lower()


def words(key: str) -> tuple[str, ...]:
    """The words of a key text."""
    return tuple(key.split())


def _without_unseen(text: str) -> str:
    if _UNSEEN.search(text) is None:
        return text
    kept: list[str] = []
    start = 0
    for working in _WORKING.finditer(text):
        kept += (_UNSEEN.sub("", text[start : working.start()]), working.group())
        start = working.end()
    return "".join((*kept, _UNSEEN.sub("", text[start:])))


def _letters_of_shape(shape: re.Match[str]) -> str:
    # A shape of a vowel sign alone decomposes into a space (or tatweel) and the sign: the carrier was never written.
    return unicodedata.normalize("NFKC", shape.group()).lstrip(" " + TATWEEL) or shape.group()


def _unified(text: str) -> str:
    """One character for all that a key takes for the same; what stands between words stays."""
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    text = _DIACRITICS.sub("", text).translate(_LETTERS)
    # Decomposed twice, because folding the case of one letter may give another that decomposes.
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _DIACRITICS.sub("", text).translate(_FIGURES)


def _one_decimal_sign(number: re.Match[str]) -> str:
    written = number.group()
    return written.replace(",", "" if _THOUSANDS.fullmatch(written) else ".")


def _usual_key(char: str) -> str:
    one = _unified(char)
    return one if one.isalnum() or one in {"", ".", ","} else " "


# What nearly all Arabic news is written with: each of these has its key whatever stands beside it, so that one pass
# does for the many of `_unified`.
_USUAL_CHARACTERS = "\t\n\r -~\u00a0«»\u2013\u2014\u2018-\u201d\u2026،؛؟\u0621-\u063a\u0640-\u0652\u0660-\u066c"
_USUAL = re.compile(f"[{_USUAL_CHARACTERS}]*")
_USUAL_KEYS = {code: _usual_key(chr(code)) for code in range(0x2027) if _USUAL.fullmatch(chr(code))}
