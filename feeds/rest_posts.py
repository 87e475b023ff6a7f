"""REST posts: WordPress's own list of articles, asked where a feed has no older pages.

Fields come under feedparser's names, with the guid, the address and the words that the feed gives them, so that an
article is the same story whichever way it came (WordPress core: class-wp-rest-posts-controller.php).
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from yarl import URL

from feeds.json_text import read_json
from feeds.references import unescaped
from feeds.wordpress import Fields
from newsroom.errors import FetchFailed

POSTS_AT_ONCE = 50
"""With everything embedded, some 20 kB each."""

_ZONES = timedelta(days=1)
"""`after` is compared with the site's local time, and we do not know its zone."""
_ASKED = "id,guid,link,title,excerpt,content,date_gmt,modified_gmt,_links,_embedded"
_EMBEDDED = "author,wp:term,wp:featuredmedia"
_ROOT = re.compile(r"<([^<>\s]{1,500})>\s*;\s*rel=\"?https://api\.w\.org/\"?")
_FEED = re.compile(r"(?:feed(?:/(?:rss2?|atom|rdf))?|rss|rss2|atom)/?$")


def posts_address(feed: str, link: str, newest: float) -> URL | None:
    """Where the articles of a feed are listed; None for one that does not hold the whole site.

    Args:
        feed: Address of the feed.
        link: The `Link` header of its answer, in which WordPress tells where its REST root is.
        newest: Unix seconds of the newest article known; 0 when none is.
    """
    home = _home_of(feed)
    if home is None:
        return None
    told = _ROOT.search(link)
    root = _root_of(home, told[1]) if told else home.join(URL("wp-json/"))
    if root is None:
        return None
    if "rest_route" in root.query:
        posts = root.update_query(rest_route="/wp/v2/posts")
    else:
        posts = root.join(URL("wp/v2/posts")).with_query(None)
    query = {"per_page": str(POSTS_AT_ONCE), "_embed": _EMBEDDED, "_fields": _ASKED}
    if newest:
        query["after"] = (datetime.fromtimestamp(newest, UTC) - _ZONES).strftime("%Y-%m-%dT%H:%M:%S")
    return posts.update_query(query)


def _home_of(feed: str) -> URL | None:
    """The site of its main feed. That of a section looks the same, and has no list of its own where we shall ask."""
    url = URL(feed)
    found = _FEED.search(url.path)
    if found is not None and not url.query:
        return url.with_path(url.path[: found.start()])
    return url.with_query(None) if set(url.query) == {"feed"} else None


def _root_of(home: URL, told: str) -> URL | None:
    """The root that the site tells, if it is that of the feed's own home: a section's feed tells that of the site."""
    try:
        root = URL(told)
    except ValueError:
        return None
    folder = root.path.removesuffix("/").removesuffix("wp-json").removesuffix("index.php")
    same = (root.host or "").removeprefix("www.") == (home.host or "").removeprefix("www.")
    return root if same and folder.rstrip("/") == home.path.rstrip("/") else None


def is_list_of_posts(text: str) -> bool:
    """Whether JSON may be such a list; a JSON Feed is an object."""
    return text.lstrip()[:1] == "["


def fields_of(text: str, feed: str) -> tuple[Fields, ...]:
    """The fields of each post, in the order of the list.

    Args:
        text: Of the body.
        feed: Address, for the sentence of a refusal.

    Raises:
        FetchFailed: It is no JSON, or no list of posts.
    """
    try:
        rows = read_json(text)
    # RecursionError: 100,000 brackets are enough.
    except (ValueError, RecursionError) as error:
        raise FetchFailed(f"{feed} answered with JSON that cannot be read ({type(error).__name__}).") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "guid" in row for row in rows):
        raise FetchFailed(f"{feed} is no feed: it answered with JSON that is no list of posts.")
    return tuple(_fields(row) for row in rows)


def _fields(row: dict[str, Any]) -> Fields:
    embedded = row.get("_embedded")
    inside = embedded if isinstance(embedded, dict) else {}
    return {
        # Escaped for HTML, as all that is "rendered"; the feed's is escaped for XML, and is read as such.
        "id": unescaped(_rendered(row, "guid")),
        "link": row.get("link"),
        "title": _rendered(row, "title"),
        "summary": _rendered(row, "excerpt"),
        "content": [{"value": _rendered(row, "content")}],
        "authors": [{"name": author.get("name")} for author in _rows(inside.get("author"))],
        "tags": [{"term": term.get("name")} for term in _terms(inside.get("wp:term"))],
        "media_content": [_picture(media) for media in _rows(inside.get("wp:featuredmedia"))],
        "published": _moment(row, "date_gmt"),
        "updated": _moment(row, "modified_gmt"),
    }


def _rendered(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    text = value.get("rendered") if isinstance(value, dict) else value
    return text if isinstance(text, str) else ""


def _moment(row: dict[str, Any], name: str) -> str:
    """WordPress leaves out the zone of what it calls GMT."""
    value = row.get(name)
    return f"{value}Z" if isinstance(value, str) and value else ""


def _rows(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _terms(value: object) -> Iterator[dict[str, Any]]:
    """Sections first, then tags, as the feed has them; each taxonomy is a list of its own."""
    for terms in value if isinstance(value, list) else []:
        yield from _rows(terms)


def _picture(media: dict[str, Any]) -> dict[str, Any]:
    details = media.get("media_details")
    sizes = details if isinstance(details, dict) else {}
    return {
        "url": media.get("source_url"),
        "medium": "image",
        "width": str(sizes.get("width") or ""),
        "height": str(sizes.get("height") or ""),
    }
