"""Whether words read back from a network are the words that were sent. Pure.

Networks do not echo: both normalise to NFC and trim, Telegram drops embedding marks and turns runs of direction marks
into joiners (tdlib, misc.cpp), X shortens links and escapes three characters.
"""

import html
import re
import unicodedata
from hashlib import blake2b

_LINK = re.compile(r"https?://\S+")
_UNSEEN = {"Cf", "Cc", "Co", "Cn", "Cs"}


def words_of(text: str) -> str:
    """What of a text survives every network: visible characters without links, spaces folded."""
    bare = _LINK.sub(" ", unicodedata.normalize("NFC", html.unescape(text)))
    seen = "".join(
        " " if char.isspace() else char for char in bare if char.isspace() or unicodedata.category(char) not in _UNSEEN
    )
    return " ".join(seen.split())


def print_of(text: str) -> str:
    """Fingerprint of a text's words, to be kept in the text's place; empty where it is nothing but links."""
    words = words_of(text)
    return blake2b(words.encode(), digest_size=16).hexdigest() if words else ""


def same_words(sent: str, read: str) -> bool:
    """Whether both say the same; texts that are nothing but links never do."""
    words = words_of(sent)
    return bool(words) and words == words_of(read)
