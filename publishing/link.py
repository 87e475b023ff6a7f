"""The link that stands in a post: whole to every reader of addresses, without others' trackers, with our own."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

from newsroom.link import canonical, host_of

_UNENCODED = "%/?&=:;,@+$~[]"
"""Signs that structure an address. Brackets and quotes are encoded: twitter-text ends an address at an unpaired one."""
_LAST = "/=_-"
"""Signs on which a path or query may end. Any other is taken there for the sentence's own, and is encoded."""


def public(url: str, ours: Mapping[str, str] | None = None) -> str:
    """The address as it goes out, percent-encoded; empty where it is no web address.

    A raw Arabic letter would end the link in the middle on X (measured), and cost its full length.

    Args:
        url: the article's address or shortlink.
        ours: our own parameters, added at the end.
    """
    if not host_of(url):
        return ""
    parts = urlsplit(canonical(url))
    if parts.scheme not in {"http", "https"}:
        return ""
    added = [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in (ours or {}).items()]
    query = "&".join([parts.query, *added] if parts.query else added)
    return urlunsplit((parts.scheme, parts.netloc, _whole(parts.path), _whole(query), ""))


def _whole(part: str) -> str:
    part = quote(part, safe=_UNENCODED)
    if not part or part[-1].isalnum() or part[-1] in _LAST:
        return part
    return f"{part[:-1]}%{ord(part[-1]):02X}"
