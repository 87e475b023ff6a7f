"""Hints: what a site's headers say about when to come again. Pure; a header that cannot be read says nothing."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_UNCACHEABLE = re.compile(r"\bno-(?:cache|store)\b", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,9}(?:\.\d+)?")

SAME_SECOND = 2.0
"""Seconds. Last-Modified counts whole seconds, and WordPress's ETag is its digest: a post that comes in the same second
as the last one, after our poll, answers 304 until the next edit (facts: measured on WordPress's own code)."""


def http_date(value: str | None) -> datetime | None:
    """The moment an HTTP date names; None when it names none."""
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    # HTTP dates are always in GMT (RFC 9110, section 5.6.7), even where the zone was left out.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the site asks us to stay away (RFC 9110, section 10.2.3); None when it does not ask.

    Args:
        headers: Of the answer.
        now: Aware; used for a date when the answer has no Date of its own, which would spare us a skewed clock.
    """
    value = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    until = http_date(value)
    if until is None:
        return None
    since = http_date(headers.get("Date")) or now
    return max(0.0, (until - since).total_seconds())


def age(headers: Mapping[str, str]) -> float:
    """Seconds the body lay in a shared cache."""
    value = headers.get("Age", "").strip()
    return float(value) if _SECONDS.fullmatch(value) else 0.0


def fresh_for(headers: Mapping[str, str]) -> float:
    """Seconds for which the site declares the body fresh, less those it has lain in a cache already."""
    control = headers.get("Cache-Control")
    if not control or _UNCACHEABLE.search(control):
        return 0.0
    found = _MAX_AGE.search(control)
    return max(0.0, float(found[1]) - age(headers)) if found else 0.0


def refetch_after(headers: Mapping[str, str]) -> float | None:
    """Seconds after which to look again without validators; None when Last-Modified is old enough to be trusted."""
    gap = _gap(headers)
    return SAME_SECOND + 1.0 - max(0.0, gap) if gap is not None and gap < SAME_SECOND else None


def fresh_since(headers: Mapping[str, str]) -> float:
    """Unix seconds of an answer whose Last-Modified is too young to be trusted; 0 for one that is not."""
    date, gap = http_date(headers.get("Date")), _gap(headers)
    return date.timestamp() if date is not None and gap is not None and gap < SAME_SECOND else 0.0


def _gap(headers: Mapping[str, str]) -> float | None:
    modified, date = http_date(headers.get("Last-Modified")), http_date(headers.get("Date"))
    return None if modified is None or date is None else (date - modified).total_seconds()
