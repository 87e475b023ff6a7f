"""A story: what the newsroom knows of one event's article, and the keys by which it knows it again."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import NewType

from newsroom.arabic import display, key_text
from newsroom.entry import Entry, Picture
from newsroom.link import canonical, host_of, identity_of, post_number_of
from newsroom.marker import Kicker, Marker, Place, marker_of
from newsroom.site import Site

__all__ = ["Kicker", "Signal", "Story", "StoryId", "keys_of_link", "learnt", "story_of"]

StoryId = NewType("StoryId", str)

# WordPress's first user and what sites call it; the house prints no such byline (facts: Arabic newsroom §1).
_NOBODY = re.compile(r"(wp ?)?admin\w*|administrator|root|web ?master|wordpress|ادمن|مدير الموقع|مشرف الموقع")


class Signal(StrEnum):
    """What says that a story is breaking; never the mere word in a title."""

    CATEGORY = "category"
    TITLE = "title"
    TITLE_SUFFIX = "title_suffix"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Story:
    """One article as the newsroom judges and renders it."""

    id: StoryId
    keys: tuple[str, ...]
    """Every key under which this story may come again; any hit is the same story."""
    headline: str
    """Display text without marker and kicker; empty when the title was nothing but a marker."""
    met: datetime
    """When the newsroom first met it."""
    kicker: Kicker | None = None
    """From the title's own marker; None for a plain title."""
    signals: frozenset[Signal] = frozenset()
    section: str = ""
    tags: tuple[str, ...] = ()
    byline: str = ""
    lead: str = ""
    body: str = ""
    link: str = ""
    shortlink: str = ""
    pictures: tuple[Picture, ...] = ()
    published: datetime | None = None
    site: str = ""
    feed: str = ""
    filed: tuple[str, ...] = ()
    """Every category and tag as the site names them; `section` and `tags` are what readers are shown of them."""
    thread: StoryId = StoryId("")
    """The first story of the thread in which this one is an update; empty where it begins its own."""

    @property
    def dated(self) -> datetime:
        """When it happened for the newsroom: its own date, or else when we met it."""
        return self.published or self.met


def story_of(entry: Entry, site: Site, met: datetime) -> Story:
    """The story that an entry tells.

    Args:
        entry: one feed item, page or pasted text.
        site: the names of the site it comes from.
        met: when the newsroom met it, aware.
    """
    names = _names_of(site)
    headline, marker = marker_of(_without_name(display(entry.title), site.name), (site.name,) if site.name else ())
    categories = _by_key(entry.categories)
    section, tags = _filed_under(categories, names)
    keys = _keys_of(entry, headline)
    return Story(
        id=StoryId(_digest(keys[0])),
        keys=keys,
        headline=headline,
        met=met,
        kicker=marker.kicker if marker else None,
        signals=_signals_of(categories, marker, names) | ({Signal.EDITOR} if entry.is_flash else set()),
        section=section,
        tags=tags,
        byline="" if _NOBODY.fullmatch(key_text(entry.byline)) else display(entry.byline),
        lead=entry.lead,
        body=entry.body,
        link=canonical(entry.link) if entry.link else "",
        shortlink=entry.shortlink,
        pictures=entry.pictures,
        published=entry.published,
        site=entry.site or host_of(entry.link),
        feed=entry.feed,
        filed=tuple(categories.values()),
    )


def learnt(known: Story, story: Story) -> Story:
    """`story` as the newest telling of `known`: it keeps name, thread and date of first meeting, and has both's keys."""
    keys = tuple(dict.fromkeys((*known.keys, *story.keys)))
    return replace(story, id=known.id, met=known.met, thread=known.thread, keys=keys)


def keys_of_link(url: str) -> tuple[str, ...]:
    """The keys that an address alone gives; empty when it names a whole site or nothing."""
    number = post_number_of(url)
    if number is not None:
        return (f"post:{host_of(url)}:{number}",)
    identity = identity_of(url)
    return (f"link:{_digest(identity)}",) if identity else ()


def _without_name(title: str, name: str) -> str:
    """A page's title ends in its site's name: «… - الوسط العربي». That is no part of the headline."""
    if not name or name not in title:
        return title
    return re.sub(rf"(?<=\S)\s*[-–—|]\s*{re.escape(name)}\s*$", "", title)


def _keys_of(entry: Entry, headline: str) -> tuple[str, ...]:
    site = entry.site or host_of(entry.link)
    keys = [f"post:{site}:{entry.post_id}"] if entry.post_id is not None and site else []
    if entry.guid:
        named = keys_of_link(entry.guid)
        # A guid that is no address is only unique within its site.
        keys += [*named, f"guid:{_digest(identity_of(entry.guid) or f'{site} {entry.guid}')}"]
    for url in (entry.link, entry.shortlink):
        keys += keys_of_link(url) if url else ()
    if not keys:
        # A pasted text has nothing but its words; a title alone is never an identity (facts: Arabic newsroom §3).
        keys.append(f"text:{_digest(key_text(headline) + ' / ' + key_text(entry.body or entry.lead))}")
    # A WordPress number outlives a slug, a guid outlives a link: the strongest first, as the id is made of it.
    strength = ("post:", "guid:", "link:", "text:")
    return tuple(sorted(dict.fromkeys(keys), key=lambda key: strength.index(key[:5])))


def _by_key(categories: tuple[str, ...]) -> dict[str, str]:
    """Categories in the feed's order under their keys, each in its first spelling."""
    named: dict[str, str] = {}
    for name in categories:
        named.setdefault(key_text(name), display(name))
    named.pop("", None)
    return named


@dataclass(frozen=True, slots=True)
class _Names:
    """A site's names as keys."""

    sections: frozenset[str]
    silent: frozenset[str]
    breaking: frozenset[str]


@lru_cache(maxsize=64)
def _names_of(site: Site) -> _Names:
    """Kept, for a site's names are the same for each of its stories and folding them is half of `story_of`'s time."""
    breaking = frozenset(key_text(name) for name in site.breaking_categories)
    return _Names(
        sections=frozenset(key_text(name) for name in site.sections),
        silent=breaking | {key_text(name) for name in site.generic_sections},
        breaking=breaking,
    )


def _filed_under(categories: dict[str, str], names: _Names) -> tuple[str, tuple[str, ...]]:
    """Section and tags; WordPress's feed does not tell the two apart, the site's list of sections does."""
    telling = {key: name for key, name in categories.items() if key not in names.silent}
    section = next((key for key in telling if not names.sections or key in names.sections), "")
    tags = tuple(name for key, name in telling.items() if key != section and key not in names.sections)
    return telling.get(section, ""), tags


def _signals_of(categories: dict[str, str], marker: Marker | None, names: _Names) -> frozenset[Signal]:
    signals: set[Signal] = set()
    if not names.breaking.isdisjoint(categories):
        signals.add(Signal.CATEGORY)
    if marker and marker.urgent:
        signals.add(Signal.TITLE_SUFFIX if marker.place is Place.SUFFIX else Signal.TITLE)
    return frozenset(signals)


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
