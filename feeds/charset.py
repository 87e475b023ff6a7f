"""A charset: which one a body is really written in, whatever its labels say.

Old Arabic sites serve windows-1256 without a label, UTF-8 under a windows-1256 label, or UTF-8 that a database
stored twice. What cannot be read becomes U+FFFD, and `is_garbled` tells: garbled words are never posted.
"""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # The long marks first: UTF-32's begins with UTF-16's.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How `<` and the letter after it look where the mark was left out (XML 1.0, appendix F).
_SHAPES = (
    (re.compile(rb"<\0\0\0[^\0]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0<\0\0\0[^\0]"), "utf-32-be"),
    (re.compile(rb"<\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0<\0[^\0]"), "utf-16-be"),
)
_LABEL_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
_LABEL_IN_BODY = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})|<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_LABEL_WITHIN_BYTES = 4096
# Python knows codecs that are no charset of a page (zlib, idna, unicode_escape): a label must not reach them.
_CHARSETS = re.compile(
    r"cp\d+|iso8859-\d+|koi8-\w|mac-\w+|gb\w+|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|utf-\d+|tis-620|hz"
)
_WESTERN = "cp1252"
_ARABIC = ("cp1256", "iso8859-6")

_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[\u0621-\u0652]+")
_COMMON_WORD = re.compile(r"\b(?:[وبفك]?ال[\u0621-\u0652]{2,}|في|من|على|إلى|عن|أن|إن|ما|لا|بعد|مع)\b")
_COMMON_SHARE = 0.05
"""Arabic prose has a fifth of such words and more; texts in fourteen other charsets, read as Arabic, had none (measured)."""

_HALVES = re.compile("[\u00d8-\u00db][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
"""One Arabic letter's two UTF-8 bytes, each read as a Western letter."""
_ACCENTED = re.compile("[\u00c0-\u00ff]")
_BYTES_OF_WESTERN = {ord(bytes([byte]).decode("cp1252", "replace")): byte for byte in range(0x80, 0xA0)}


def text_of(body: bytes, content_type: str = "") -> str:
    """The body as text, without byte order mark; what cannot be read is U+FFFD. Never raises.

    Args:
        body: decompressed.
        content_type: the `Content-Type` header, where there is one.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return body.decode(charset, "replace").removeprefix("\ufeff")
    for shape, charset in _SHAPES:
        if shape.match(body):
            return body.decode(charset, "replace")
    # Valid UTF-8 beyond ASCII is UTF-8: no text of another charset comes out valid by chance, so labels do not count.
    # A letter broken here and there (a cut transfer, one bad entry) does not change that.
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") * 2 <= len(text) - len(text.encode("ascii", "ignore")):
        return _stored_once(text)
    return _by_label(body, content_type)


def is_garbled(text: str) -> bool:
    """Whether text was read in a wrong charset: broken letters, or Western accents where letters should be."""
    if text.isascii():
        return False
    halves = len(_HALVES.findall(text))
    # Windows-1256 read as Western is accents and signs throughout; no Western language accents every second letter.
    accents = len(_ACCENTED.findall(text))
    return (
        "\ufffd" in text
        or (halves >= 3 and halves * 5 >= len(text))
        or (accents >= 4 and accents * 2 >= len(_LETTER.findall(text)))
    )


def _by_label(body: bytes, content_type: str) -> str:
    """Not UTF-8: Arabic where it reads as Arabic, whatever the label; then the label; then Western."""
    share, charset = max((_common_share(_read(body, name)), name) for name in _ARABIC)
    if share >= _COMMON_SHARE:
        return _read(body, charset)
    labelled = (text for name in _labels(body, content_type) if (text := _read(body, name)))
    return next(labelled, "") or body.decode(_WESTERN, "replace")


def _labels(body: bytes, content_type: str) -> list[str]:
    """Charsets by Python's name, as header, XML declaration and `<meta>` give them."""
    found = _LABEL_IN_HEADER.findall(content_type)
    for in_xml, in_meta in _LABEL_IN_BODY.findall(body[:_LABEL_WITHIN_BYTES]):
        found.append((in_xml or in_meta).decode("ascii", "ignore"))
    charsets: list[str] = []
    for label in found:
        try:
            name = codecs.lookup(label).name
        except LookupError:
            continue
        # Browsers read all three as windows-1252 (WHATWG, encoding standard).
        name = _WESTERN if name in {"ascii", "iso8859-1"} else name
        if _CHARSETS.fullmatch(name):
            charsets.append(name)
    return charsets


def _read(body: bytes, charset: str) -> str:
    """The body in that charset; empty where a byte has no place in it."""
    try:
        return body.decode(charset)
    except (UnicodeError, LookupError):
        return ""


def _common_share(text: str) -> float:
    words = len(_WORD.findall(text))
    return len(_COMMON_WORD.findall(text)) / words if words else 0.0


def _stored_once(text: str) -> str:
    """The text, or what it was before a database took its UTF-8 for Western letters and encoded it again."""
    if not is_garbled("".join(_HALVES.findall(text[:100_000]))):
        return text
    try:
        return text.translate(_BYTES_OF_WESTERN).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
