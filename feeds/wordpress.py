"""WordPress: what a feed's entry means when WordPress, or a plugin of it, wrote it; right for other feeds as well.

Fields come under feedparser's names. WordPress's own feed (wp-includes/feed-rss2.php) names no picture, writes
sections and tags alike as `<category>`, and puts the number of the post into its guid: `https://site/?p=N`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from feeds.boilerplate import prose_of
from feeds.credit import writer_of
from feeds.dates import moment_of, moment_of_parts
from feeds.markup import Markup, plain, read
from feeds.pictures import is_picture_name, offered, pixels, ranked, web_address
from newsroom.arabic import key_text
from newsroom.entry import Entry, Picture, PictureSource
from newsroom.link import canonical, host_of, post_number_of

Fields = Mapping[str, Any]
"""An entry under feedparser's names; what stands under a name is never to be trusted to have a type."""

_LONGEST_TITLE = 1_000
"""Characters; what is longer is no headline, and comparing it would take long."""
_MOST_CATEGORIES = 50
_SMALLEST_THUMBNAIL_PIXELS = 300
_NAME_AT_MOST = 100
"""Characters; a longer name is not kept: it is a sentence that somebody filed an article under."""


def entry_of(fields: Fields, feed: str) -> Entry:
    """The entry that feedparser's fields describe.

    Args:
        fields: one of feedparser's entries, or another reader's under the same names.
        feed: address of the feed; relative links are read against it.
    """
    guid = _text(fields, "id").strip()
    link = _link_of(fields, feed, guid)
    site = host_of(link) or host_of(guid) or host_of(feed)
    title = shortened(plain(_text(fields, "title")))
    told = _markup_of(fields, link or feed)
    prose = prose_of(told.paragraphs, title, _writers_of(fields))
    # After a move to another domain guids keep the old one: the number is then of a table that the link's site may
    # have started anew, so it counts only where guid and link agree.
    number = post_number_of(guid) if host_of(guid) == site else None
    published, modified = _dates_of(fields)
    return Entry(
        title=title,
        feed=feed,
        site=site,
        guid=guid,
        post_id=number if number is not None else post_number_of(link),
        link=link,
        shortlink=guid if number is not None else "",
        byline=prose.byline,
        categories=_categories_of(fields),
        lead=prose.lead,
        body=prose.body,
        pictures=ranked((*_named_pictures(fields, link or feed), *told.pictures)),
        published=published,
        modified=modified,
    )


def shortened(title: str) -> str:
    """The title, cut at a word when it is longer than any headline."""
    return title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE].rsplit(" ", 1)[0] + "…"


def web_link(url: str, base: str = "") -> str:
    """The link in its one form; empty unless it is http or https and names a host."""
    address = web_address(url, base)
    return canonical(address) if address else ""


def once(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in order; spellings of one name are one."""
    by_key: dict[str, str] = {}
    for name in names:
        if name:
            by_key.setdefault(_key_of(name) if len(name) <= _NAME_AT_MOST else key_text(name) or name, name)
    return tuple(by_key.values())[:_MOST_CATEGORIES]


@lru_cache(maxsize=1024)
def _key_of(name: str) -> str:
    """What is one for all spellings of a name; kept, as it is asked for with each article."""
    return key_text(name) or name


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _rows(fields: Fields, name: str) -> list[Fields]:
    value = fields.get(name)
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _link_of(fields: Fields, feed: str, guid: str) -> str:
    # FeedBurner counts clicks through an address of its own and keeps the article's beside it.
    for url in (_text(fields, "feedburner_origlink"), _text(fields, "link")):
        if url and (link := web_link(url, feed)):
            return link
    return web_link(guid)


def _markup_of(fields: Fields, base: str) -> Markup:
    """The longest of the texts: a caption inside `media:content` comes as the entry's content too (measured)."""
    texts = [_text(content, "value") for content in _rows(fields, "content")]
    return read(max((*texts, _text(fields, "summary")), key=len), base)


def _writers_of(fields: Fields) -> str:
    names = [_text(author, "name") for author in _rows(fields, "authors")] or [_text(fields, "author")]
    return "، ".join(once(writer_of(plain(name)) for name in names))


def _categories_of(fields: Fields) -> tuple[str, ...]:
    names = (_text(tag, "label") or _text(tag, "term") for tag in _rows(fields, "tags"))
    return once(_name_of(name) if len(name) <= _NAME_AT_MOST else plain(name) for name in names)


@lru_cache(maxsize=1024)
def _name_of(written: str) -> str:
    """A section's or tag's name, kept: a site has few of them, and each of its articles several."""
    return plain(written)


def _dates_of(fields: Fields) -> tuple[datetime | None, datetime | None]:
    """When it was published and when it was changed, as far as it says."""
    updated = _moment_of(fields, "updated")
    return _moment_of(fields, "published") or _moment_of(fields, "created") or updated, updated


def _moment_of(fields: Fields, name: str) -> datetime | None:
    # Asked for, because feedparser answers for a missing `updated` with `published` and a warning.
    if name not in fields:
        return None
    return moment_of_parts(fields.get(f"{name}_parsed")) or moment_of(_text(fields, name))


def _named_pictures(fields: Fields, base: str) -> Iterator[Picture]:
    media = [content for content in _rows(fields, "media_content") if _is_image(content)]
    for content in sorted(media, key=lambda content: -_size(content)):
        yield from _offer(content, PictureSource.MEDIA, base)
    for thumbnail in _rows(fields, "media_thumbnail"):
        # A thumbnail is a crop for lists: its full-size form, or one that claims to be large.
        claimed = pixels(_text(thumbnail, "width"))
        pictures = tuple(_offer(thumbnail, PictureSource.MEDIA, base))
        if claimed >= _SMALLEST_THUMBNAIL_PIXELS or not claimed or any(not picture.width for picture in pictures):
            yield from pictures
    for link in _rows(fields, "links"):
        if link.get("rel") == "enclosure" and _is_image(link):
            yield from offered(_text(link, "href"), PictureSource.ENCLOSURE, base=base)
    image = fields.get("image")
    # `<image>` inside an entry, as Arabic systems other than WordPress write it; feedparser keeps its address as href.
    for url in (
        _text(image, "href") if isinstance(image, Mapping) else "",
        _text(fields, "image"),
        _text(fields, "href"),
    ):
        if url and is_picture_name(url):
            yield from offered(url, PictureSource.ENCLOSURE, base=base)


def _offer(row: Fields, source: PictureSource, base: str) -> tuple[Picture, ...]:
    return offered(
        _text(row, "url"), source, base=base, width=pixels(_text(row, "width")), height=pixels(_text(row, "height"))
    )


def _size(row: Fields) -> int:
    return pixels(_text(row, "width")) * max(1, pixels(_text(row, "height")))


def _is_image(row: Fields) -> bool:
    """By what it says of itself, else by its name; akhbarona.com writes `large="image"` and no medium (read)."""
    kind = _text(row, "type").lower()
    if kind:
        return kind.startswith("image/") or (kind == "text/html" and is_picture_name(_text(row, "href")))
    if medium := _text(row, "medium").lower():
        return medium == "image"
    return "image" in row.values() or is_picture_name(_text(row, "url") or _text(row, "href"))
