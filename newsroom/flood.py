"""A flood: more entries at once than a newsroom writes. It is held for the desk, for a feed was reset, moved or renumbered.

A rewritten host, scheme or slug brings a whole feed back as unseen; rivals then posted 10 to 230 old stories (facts:
field §"Duplicates after guid/domain/slug change").
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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


SCHEMES_KEPT = 9
"""A feed whose guids are made in so many ways (bare slugs, hashes) tells nothing by yet another one."""
_AHEAD = timedelta(minutes=10)
_NUMBER = re.compile(
    r"(?<![0-9a-f])[0-9a-f]*+\d[0-9a-f]*+|(?:(?<![0-9a-f])[a-f]++)?\d[0-9a-f]*+",
    re.IGNORECASE,
)
"""A run of hexadecimal digits with a decimal one in it, of whatever script: `[0-9a-f]*\\d[0-9a-f]*`. It begins where the run
does or not at all, so that a guid of nothing but letters is read once."""
SCHEME_CHARACTERS = 300
"""Of a guid; how it is made is told by its beginning, and the store keeps it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a feed shows now, and what is remembered of what it showed before."""

    count: int
    """Entries that it shows in all."""
    schemes: frozenset[str] = frozenset()
    """`schemes_of` the entries known before; empty when nothing is remembered of them."""
    newest: datetime | None = None
    """The newest date known before: what is no older is news, however much of it there is. None where none
    is known (it was empty, or tells no dates): then only what is young enough to be breaking is."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """The unseen entries of one poll, parted."""

    held: tuple[Entry, ...]
    """They wait for the desk."""
    through: tuple[Entry, ...]
    """They go on."""
    why: Flood | None
    """None where nothing is held."""


def sift(unseen: Sequence[Entry], shown: Shown, rules: Rules, now: datetime) -> Sifted:
    """Part what must wait for the desk from what goes on.

    What is no older than all that the feed had shown is no re-identified old story: thirty such between two polls are a
    busy half minute or an outage, and go on. A feed whose guids are made anew is held whole, and so are more young
    ones at once than any newsroom writes: an import that dates everything today.
    """
    since = shown.newest or now - rules.breaking_for
    young = [entry for entry in unseen if _is_young(entry, since, now)]
    old = [entry for entry in unseen if not _is_young(entry, since, now)]
    if len(unseen) >= rules.flood_least and _are_made_anew(unseen, shown):
        return Sifted(tuple(unseen), (), Flood.NEW_SCHEME)
    if len(young) > rules.flood_young:
        return Sifted(tuple(unseen), (), Flood.TOO_MANY)
    why = flood_of(old, shown, rules, now)
    return Sifted(tuple(old), tuple(young), why) if why else Sifted((), tuple(unseen), None)


def flood_of(unseen: Sequence[Entry], shown: Shown, rules: Rules, now: datetime) -> Flood | None:
    """Why these entries, none of them certainly young, must wait for the desk; None where they need not."""
    if len(unseen) < rules.flood_least:
        return None
    # The most telling reason first: the desk reads it.
    if _are_made_anew(unseen, shown):
        return Flood.NEW_SCHEME
    if _are_most([entry.published is not None and now - entry.published > rules.news_for for entry in unseen]):
        return Flood.OLD_DATES
    if len(unseen) > rules.flood_count:
        return Flood.TOO_MANY
    return Flood.TOO_GREAT_A_SHARE if len(unseen) > rules.flood_share * shown.count else None


def _is_young(entry: Entry, since: datetime, now: datetime) -> bool:
    """A date ahead of time proves nothing, and is held by `judge` alone. Feeds tell whole seconds: the same one is no older."""
    return entry.published is not None and since <= entry.published <= now + _AHEAD


def _are_made_anew(unseen: Sequence[Entry], shown: Shown) -> bool:
    tells = 0 < len(shown.schemes) < SCHEMES_KEPT
    return tells and _are_most([scheme_of(entry.guid) not in shown.schemes for entry in unseen])


def schemes_of(entries: Iterable[Entry]) -> frozenset[str]:
    """How the guids of these entries are made."""
    return frozenset(scheme_of(entry.guid) for entry in entries)


def with_schemes(known: frozenset[str], entries: Iterable[Entry]) -> frozenset[str]:
    """What is remembered of a feed after it showed these entries too."""
    return frozenset(sorted(known | schemes_of(entries))[:SCHEMES_KEPT])


def scheme_of(guid: str) -> str:
    """A guid with what differs from entry to entry struck out: «https://paper.example.com/?p=#»."""
    guid = guid[:SCHEME_CHARACTERS]
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
