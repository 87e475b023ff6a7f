r"""Halves: lone surrogates, which JSON's escapes can write (`"\ud83d"`) and no encoder takes. Pure."""

import re

_HALF = re.compile("[\ud800-\udfff]")


def has_halves(text: str) -> bool:
    """Whether it holds half a character, so that it cannot be encoded."""
    return not text.isascii() and _HALF.search(text) is not None


def without_halves(text: str) -> str:
    """The text without them; what nobody could read is no loss, and a sign in its place would make a headline look garbled."""
    return text if text.isascii() else _HALF.sub("", text)
