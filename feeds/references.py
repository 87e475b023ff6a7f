"""References: numbers that stand for characters in XML and HTML (`&#1575;`), also those that stand for none.

Software that counts in UTF-16 writes an emoji as two halves, and neither half is a character: feedparser gives up the
whole document for one of them. Pure.
"""

import html
import re

_NUMBER = r"&#(?:[xX][0-9a-fA-F]++|[0-9]++);?+"
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]++)|([0-9]++));?+")
_RUN = re.compile(rf"(&(?:#[xX]?)?)?((?:{_NUMBER})++)")
"""References side by side, and the beginning of another that what follows them could complete once they are gone."""
_SUSPECT = re.compile(
    r"&#(?:0++(?![0-9])|0*+(?:[12]?[0-9]|3[01]|5[5-7][0-9]{3}|6553[45])(?![0-9])|[0-9]{7}"
    r"|[xX](?:0++(?![0-9a-fA-F])|0*+(?:1?[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF])(?![0-9a-fA-F])|[0-9a-fA-F]{6}))"
)
"""What may be no character, or is written too long; nearly every feed has references, and nearly none of these."""
_LAST = 0x10FFFF
_MOST_DIGITS = 7
"""Of a character's number, without zeros before it; reading thousands of digits is refused by Python itself."""
_LONGEST = 12
"""Characters of a reference that is left as it is written."""


def mended(text: str) -> str:
    """The text with two halves of a character joined to it, and without references to what XML forbids."""
    return _RUN.sub(_of_run, text) if _SUSPECT.search(text) else text


def unescaped(text: str) -> str:
    """`html.unescape` for whatever a feed may hold: it raises for thousands of digits, and gives a sign for half a character."""
    return html.unescape(mended(text))


def _of_run(run: re.Match[str]) -> str:
    kept: list[str] = []
    high = 0
    for reference in _REFERENCE.finditer(run[2]):
        code = _code_of(reference)
        if high and 0xDC00 <= code <= 0xDFFF:
            kept.append(chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00))
        elif _is_character(code):
            written = reference[0]
            # Closed, so that it cannot grow by the digits behind one that is left out.
            kept.append(written if written[-1] == ";" and len(written) <= _LONGEST else f"&#{code};")
        high = code if 0xD800 <= code <= 0xDBFF else 0
    begun = run[1] or ""
    # «&#&#0;55357;»: what stood apart must not become one.
    return begun + ("".join(kept) or (" " if begun else ""))


def _code_of(reference: re.Match[str]) -> int:
    digits = (reference[1] or reference[2]).lstrip("0")
    if len(digits) > _MOST_DIGITS:
        return _LAST + 1
    return int(digits or "0", 16 if reference[1] else 10)


def _is_character(code: int) -> bool:
    """XML 1.0, section 2.2."""
    if code < 0x20:
        return code in {0x9, 0xA, 0xD}
    return code <= _LAST and not 0xD800 <= code <= 0xDFFF and code not in {0xFFFE, 0xFFFF}
