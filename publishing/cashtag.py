"""Cashtags: X refuses a post with more than one ($AAPL و $TSLA) from an app like ours (X API v2, 2026)."""

import re

from newsroom.arabic import ZWNJ

_FOUND = re.compile(r"(?P<address>https?://\S+)|(?<![\w$])\$(?=[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w))")
"""As twitter-text has it, but for what may stand before; in an address a dollar is none."""


def one_cashtag(text: str) -> str:
    """The text with its first cashtag; in every other an invisible sign parts the dollar from its letters.

    Followers read the same words; only the link to the share's page is gone.
    """
    seen = False

    def parted(found: re.Match[str]) -> str:
        nonlocal seen
        if found["address"] or not seen:
            seen = seen or not found["address"]
            return found.group()
        return f"${ZWNJ}"

    return _FOUND.sub(parted, text)
