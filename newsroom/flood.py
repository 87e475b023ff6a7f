"""A flood: more entries at once than a newsroom writes. It is held for the desk, for a feed was reset, moved or renumbered.

A rewritten host, scheme or slug brings a whole feed back as unseen; rivals then posted 10 to 230 old stories (facts:
field §"Duplicates after guid/domain/slug change").
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qsl, urlsplit

from newsroom.entry import Entry
from newsroom.rules import Rules


class Flood(StrEnum):
    """Why a batch is taken for a flood."""

    TOO_MANY = "too_many"
    TOO_GREAT_A_SHARE = "too_great_a_share"
    OLD_DATES = "old_dates"
    NEW_SCHEME = "new_scheme"
    """The guids are made otherwise than this feed's guids were."""


_NUMBER = re.compile(r"[0-9a-f]*\d[0-9a-f]*", re.IGNORECASE)


def flood_of(
    unseen: Sequence[Entry], shown: int, rules: Rules, now: datetime, schemes: frozenset[str] = frozenset()
) -> Flood | None:
    """Why these entries must wait for the desk; None where they need not.

    Args:
        unseen: the entries of one poll that the feed had not shown before.
        shown: how many entries the feed shows in all.
        rules: how many are too many, and how old is old.
        now: aware time.
        schemes: `schemes_of` the entries known before; empty when nothing is remembered of them.
    """
    if len(unseen) < rules.flood_least:
        return None
    # The most telling reason first: the desk reads it.
    if schemes and _are_most([scheme_of(entry.guid) not in schemes for entry in unseen]):
        return Flood.NEW_SCHEME
    if _are_most([entry.published is not None and now - entry.published > rules.news_for for entry in unseen]):
        return Flood.OLD_DATES
    if len(unseen) > rules.flood_count:
        return Flood.TOO_MANY
    return Flood.TOO_GREAT_A_SHARE if len(unseen) > rules.flood_share * shown else None


def schemes_of(entries: Iterable[Entry]) -> frozenset[str]:
    """How the guids of these entries are made."""
    return frozenset(scheme_of(entry.guid) for entry in entries)


def scheme_of(guid: str) -> str:
    """A guid with what differs from entry to entry struck out: «https://paper.example.com/?p=#»."""
    try:
        parts = urlsplit(guid.strip())
        names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    except ValueError:
        return _NUMBER.sub("#", guid)
    if not parts.netloc:
        return _NUMBER.sub("#", guid)
    path = "/".join(
        _NUMBER.sub("#", segment) if segment.isdigit() else "*" * bool(segment) for segment in parts.path.split("/")
    )
    return f"{parts.scheme}://{parts.netloc}{path}" + ("?" + "&".join(f"{name}=#" for name in names) if names else "")


def _are_most(answers: Sequence[bool]) -> bool:
    return 2 * sum(answers) > len(answers)
