"""Validators: what to echo so that a site may answer 304, and how that is learnt for each feed.

WordPress sends ETag = md5 of Last-Modified and compares both headers strictly: with both sent both must match, with one
that one. Apache's mod_deflate turns the ETag into `"…-gzip"`, nginx's gzip into `W/"…"`; echoing those with both headers
never gives 304 (measured: 0 of 60; issue 172 of radgeek/feedwordpress shows one in the wild). So an altered ETag is
echoed bare, alone; a server that compares weakly, as RFC 9110 asks, takes that just as well. What is echoed in vain is
given up for the next way. Last-Modified alone comes after the ETag, as some sites set it to a moment that never moves.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from feeds.hints import fresh_since, refetch_after

_ALTERED = re.compile(r'^W/|[-:;]+(?:gzip|br|zstd|deflate)"?$', re.IGNORECASE)
_TOO_LONG = 256
"""Characters. No validator of an honest site is near it, and thousands are kept in memory."""

_FRESH_MOST = 45.0
"""Seconds. Where every body is fresh for so long, Last-Modified is the site's clock: it says nothing of a post."""


class Echo(IntEnum):
    """A way to ask whether something changed."""

    BOTH = 0
    """If-None-Match and If-Modified-Since, as a site that leaves its ETag alone expects."""
    BARE = 1
    """If-None-Match alone, freed of what a compressing server added."""
    SINCE = 2
    """If-Modified-Since alone."""
    TAG = 3
    """If-None-Match alone, as it came."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a feed sent to be echoed, and how echoing it fared."""

    etag: str = ""
    last_modified: str = ""
    echo: Echo = Echo.BOTH
    in_vain: int = 0
    """Bodies in a row that came although the site's own validators said that nothing changed."""
    proven: bool = False
    """This way of asking has been answered with 304."""
    fresh_since: float = 0.0
    """Unix seconds of the first of the bodies in a row whose Last-Modified was not two seconds old; 0 for none."""

    def headers(self) -> dict[str, str]:
        """The request headers that ask for a body only if something changed."""
        match self.echo:
            case Echo.BARE:
                return {"If-None-Match": bare(self.etag)}
            case Echo.TAG:
                return {"If-None-Match": self.etag}
            case Echo.SINCE:
                return {"If-Modified-Since": self.last_modified}
            case Echo.BOTH:
                asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
                return {name: value for name, value in asked.items() if value}

    def after_304(self) -> "Validators":
        """This way of asking works."""
        return self if self.proven and not self.in_vain else replace(self, proven=True, in_vain=0)

    def after_200(self, headers: Mapping[str, str], *, asked: bool) -> "Validators":
        """What to echo after a body came.

        Args:
            headers: Of the answer.
            asked: Whether these validators were echoed in the request.
        """
        etag, modified = _clean(headers.get("ETag")), _clean(headers.get("Last-Modified"))
        ways = ways_of(etag, modified)
        fresh_at = fresh_since(headers)
        since = min(self.fresh_since or fresh_at, fresh_at)
        if not ways:
            return Validators()
        known = self.echo in ways and bool(self.etag or self.last_modified)
        found = Validators(etag, modified, self.echo if known else ways[0], fresh_since=since)
        if not known or not asked:
            return replace(found, proven=self.proven, in_vain=self.in_vain) if known else found
        return self._judged(found, ways)

    def refetch_after(self, headers: Mapping[str, str]) -> float | None:
        """Seconds after which to look again without validators; None when the answer with these headers is settled.

        Args:
            headers: Of the answer that taught these validators.
        """
        moved = fresh_since(headers) - self.fresh_since
        return refetch_after(headers) if moved <= _FRESH_MOST else None

    def _judged(self, found: "Validators", ways: tuple[Echo, ...]) -> "Validators":
        same_tag = bool(found.etag) and bare(found.etag) == bare(self.etag)
        same_time = bool(found.last_modified) and found.last_modified == self.last_modified
        if not same_tag and not same_time:
            return replace(found, proven=self.proven)
        in_vain = self.in_vain + 1
        # A way that has worked is given three bodies: one machine of several behind a site may lag.
        if in_vain < (3 if self.proven else 1):
            return replace(found, proven=self.proven, in_vain=in_vain)
        return replace(found, echo=ways[(ways.index(self.echo) + 1) % len(ways)])


def ways_of(etag: str, last_modified: str) -> tuple[Echo, ...]:
    """The ways in which these can be echoed, the most promising first."""
    if etag and _ALTERED.search(etag):
        return (Echo.BARE, Echo.SINCE, Echo.BOTH, Echo.TAG) if last_modified else (Echo.BARE, Echo.TAG)
    if etag:
        return (Echo.BOTH, Echo.SINCE, Echo.TAG) if last_modified else (Echo.TAG,)
    return (Echo.SINCE,) if last_modified else ()


def bare(etag: str) -> str:
    """The ETag as the site made it, before a compressing server marked it: `W/"a"` and `"a-gzip"` are both `"a"`."""
    if not _ALTERED.search(etag):
        return etag
    tag = etag[2:] if etag[:2] in {"W/", "w/"} else etag
    quote = '"' if tag.endswith('"') else ""
    return re.sub(r"[-:;]+(?:gzip|br|zstd|deflate)$", "", tag.removesuffix('"'), flags=re.IGNORECASE) + quote


def _clean(value: str | None) -> str:
    """A header may hold anything; only what can be sent back unharmed is kept."""
    value = (value or "").strip()
    return value if value.isascii() and value.isprintable() and len(value) <= _TOO_LONG else ""
