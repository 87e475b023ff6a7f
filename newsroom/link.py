"""A link: one form for one article, however it was written, shared or tracked."""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from newsroom.halves import without_halves

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid"
    r"|_ga|_gl|ocid|cmpid|ref_src|ref_url|amp|outputtype|source_platform",
    re.IGNORECASE,
)
_AMP = re.compile(r"(?<=.)/amp/?$|\.amp(?=\.html?$)", re.IGNORECASE)
_SAFE = "/:@!$&'()*+,;=~-._"
_POST_PATHS = frozenset({"", "/", "/index.php"})
_LONGEST_NUMBER = 19
"""Digits; MySQL's BIGINT, which WordPress counts with, has no more."""


@lru_cache(maxsize=8)
def canonical(url: str) -> str:
    """The link in its one form: lower-case scheme and host, no tracking, no AMP, no fragment, UTF-8 percent-encoding.

    `%D8` and `%d8` and the letter itself come out the same. A text that is no web address is given back stripped.
    Kept for a moment, as `_split` is: each key of a story asks for the same address again.
    """
    url = without_halves(url)
    parts = _split(url)
    if parts is None:
        return url.strip()
    host, port = _one_host(parts.hostname or ""), parts.port
    netloc = host if port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, _one_path(parts.path), _one_query(parts.query), ""))


def host_of(url: str) -> str:
    """Host of a web address, lower case and without `www.`; empty when there is none."""
    parts = _split(url)
    return _one_host(parts.hostname or "").removeprefix("www.") if parts else ""


def shown_address(url: str) -> str:
    """A feed's address without the password and the key that may stand in it.

    A query may hold a key, and may be all that tells two feeds apart: its digest stands for it.
    """
    parts = urlsplit(url)
    query = blake2b(parts.query.encode(), digest_size=4).hexdigest() if parts.query else ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


def post_number_of(url: str) -> int | None:
    """N of WordPress's `https://site/?p=N`, the form of its guids and shortlinks; None for any other address.

    Source: get_the_guid and wp_get_shortlink in WordPress core.
    """
    parts = _split(url)
    if parts is None or parts.path not in _POST_PATHS:
        return None
    number = dict(parse_qsl(parts.query)).get("p", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < _LONGEST_NUMBER else None


def identity_of(url: str) -> str:
    """What of a link names the article: without scheme, `www.` and last slash; empty when it names a whole site.

    A feed that gives the home page as every entry's link would otherwise be one story.
    """
    parts = _split(canonical(url))
    if parts is None:
        return ""
    path = parts.path.rstrip("/")
    if not path and not parts.query:
        return ""
    return parts.netloc.removeprefix("www.") + path + (f"?{parts.query}" if parts.query else "")


def _one_host(host: str) -> str:
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


@lru_cache(maxsize=8)
def _split(url: str) -> SplitResult | None:
    """The parts of a web address; None for what is none."""
    try:
        parts = urlsplit(url.strip())
        is_web = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_web else None


def _one_path(path: str) -> str:
    path = _AMP.sub("", path)
    try:
        text = unicodedata.normalize("NFC", unquote(path, errors="strict"))
    except UnicodeDecodeError:
        # Escapes of another encoding stay as they are written: two such links are one when they are written alike.
        return quote(path, safe=_SAFE + "%")
    return quote(text, safe=_SAFE) or "/"


def _one_query(query: str) -> str:
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not _TRACKING.fullmatch(name)]
    return urlencode(
        sorted((unicodedata.normalize("NFC", name), unicodedata.normalize("NFC", value)) for name, value in kept)
    )
