"""JSON's texts, taken in so that each of them can be encoded: an escape may be half a character, and then nothing keeps it."""

import json
import re
from typing import Any

from newsroom.halves import has_halves, without_halves

_MAY_HAVE_HALVES = re.compile("\\\\u[dD][89a-fA-F]|[\ud800-\udfff]")
"""An emoji that is escaped has two of these; few feeds escape any."""


def read_json(text: str, *, strict: bool = True) -> Any:
    """What the text says, without halves of characters.

    Args:
        text: JSON.
        strict: Control characters inside texts are refused.

    Raises:
        ValueError: It is no JSON.
        RecursionError: It nests too deep; 100,000 brackets are enough.
    """
    said = json.loads(text, strict=strict)
    if _MAY_HAVE_HALVES.search(text) is None:
        return said
    written = json.dumps(said, ensure_ascii=False)
    return json.loads(without_halves(written)) if has_halves(written) else said
