"""An entry: what one feed item, one page or one pasted text said, freed of its packaging and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

HOOK = "hook"
"""Stands in `Entry.feed` where the site sent the article by itself, before any feed was asked."""


class PictureSource(StrEnum):
    """Where a picture was named; in this order one is trusted over another (facts: WordPress core emits none)."""

    MEDIA = "media"
    """`media:content` of the feed, or the article's own image in JSON-LD: the editor's choice."""
    ENCLOSURE = "enclosure"
    BODY = "body"
    PAGE = "page"
    """`og:image`, often right, at times a site-wide default."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was offered with an entry; nothing about it has been believed or fetched yet."""

    url: str
    source: PictureSource
    width: int = 0
    """Pixels as the source claims, 0 where it says nothing."""
    height: int = 0
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. Texts are display text: unescaped, without markup and control characters, wording untouched."""

    title: str
    feed: str = ""
    """Address of the feed it stood in; `HOOK` when the site itself sent it; empty when an editor pushed it."""
    site: str = ""
    """Host of the site, lower case and without `www.`; empty when unknown (pasted text)."""
    guid: str = ""
    post_id: int | None = None
    """WordPress's number of the article (`?p=N`): the strongest key, stable under title and slug edits."""
    link: str = ""
    """Address of the article, percent-encoded, without tracking parameters; empty when unknown."""
    shortlink: str = ""
    """`https://site/?p=N` when the site gives it: short, and true after a slug edit."""
    byline: str = ""
    categories: tuple[str, ...] = ()
    """Sections and tags as given; WordPress RSS does not tell them apart."""
    lead: str = ""
    """First paragraph that tells the story: no byline, caption, boilerplate or date line."""
    body: str = ""
    """All telling paragraphs joined by newlines; evidence for `relate`, never published."""
    pictures: tuple[Picture, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    is_flash: bool = False
    """An editor's own headline, breaking by their word, before there is an article."""
