"""Bounds: what is handed to the feed reader, a whole document of a bearable size, or a refusal that says what came.

The prologue is left out: it can hold entities that grow, and servers print warnings before it. A last entry that the
transfer cut in two is left out too: half a headline is none.
"""

import logging
import re

from feeds.markup import plain
from feeds.references import mended
from newsroom.errors import FetchFailed

MOST_ENTRIES = 1000
_MOST_TAGS = 150_000
"""Of the feed itself, its articles' HTML not counted; feedparser needs 1 s for 100,000 (measured), and 1,000 entries have 40,000."""
_MOST_CATEGORIES = 500
"""Of one entry; feedparser compares each with all before it: 3.8 s for 20,000 (measured)."""

_BEARABLE = 20_000
"""Characters; a document no longer than that, with few elements, is not looked at any closer."""

_log = logging.getLogger(__name__)

_FIRST_TAG = re.compile(r"<(!doctype\s+)?([a-z][\w:.-]*)", re.IGNORECASE)
_ROOT = re.compile(r"<((?:[\w.-]+:)?(?:rss|feed|rdf|channel))(?=[\s>/])", re.IGNORECASE)
_ROOT_WITHIN = 200_000
"""Characters; a server that prints warnings before the feed prints few."""
_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 forbids and editors paste from word processors; one of them makes a feed unreadable to a strict reader."""
_CATEGORY = re.compile(r"<(?:[\w.-]+:)?(?:category|subject|keywords)\b", re.IGNORECASE)
_LONG_KEYWORDS = re.compile(r"<((?:[\w.-]+:)?(?:tags|keywords))\b[^>]{0,500}>[^<]{5000,}</\1\s*>", re.IGNORECASE)
"""Split at commas by feedparser, and compared as categories are."""
_LONG_TAG = re.compile(r"<\w[^<>]{2000,}")
_MOST_ATTRIBUTES = 200
"""Of one element; expat's reader looks for each among all."""
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,200})", re.IGNORECASE)


def bounded(text: str, feed: str) -> str:
    """The document, from its root on, whole, with at most `MOST_ENTRIES` entries.

    Args:
        text: of the body.
        feed: its address, for the sentence of a refusal.

    Raises:
        FetchFailed: it is no feed, breaks off before its first entry is complete, or is made to be slow.
    """
    root = _ROOT.search(text, 0, _ROOT_WITHIN)
    first = _FIRST_TAG.search(text, 0, _ROOT_WITHIN)
    if root is None or (first is not None and _is_html(first)):
        raise FetchFailed(f"{feed} is no feed: it answered with {what_it_looks_like(text)}.")
    document = _whole(mended(_FORBIDDEN.sub("", text[root.start() :])), root[1], feed)
    if len(document) <= _BEARABLE and document.count("<") <= _MOST_CATEGORIES:
        return document
    document = _LONG_KEYWORDS.sub("", document)
    _must_be_bearable(document, feed)
    return document


def what_it_looks_like(text: str) -> str:
    """A few words that tell an operator what a body is, when it is no feed."""
    start = text.lstrip()
    if not start:
        return "nothing at all"
    if (tag := _FIRST_TAG.match(start)) and _is_html(tag):
        title = _TITLE.search(text, 0, _ROOT_WITHIN)
        return f"an HTML page titled «{plain(title[1])}»" if title else "an HTML page without a title"
    if start[0] in "{[":
        return "JSON that is no JSON Feed"
    if tag:
        return f"XML whose root is <{tag[2][:40]}>"
    return f"plain text that begins «{plain(start[:60])}»"


def _is_html(tag: re.Match[str]) -> bool:
    return tag[2].lower() in {"html", "head", "body"} or tag[0].lower().startswith("<!doctype html")


def _must_be_bearable(document: str, feed: str) -> None:
    """Counting costs less than a hundredth of parsing."""
    skeleton = _without_cdata(document)
    if skeleton.count("<") > 2 * _MOST_TAGS:
        raise FetchFailed(
            f"{feed} has more than {_MOST_TAGS} elements: no news feed has, and reading it would take too long."
        )
    if any(tag.count("=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.findall(skeleton)):
        raise FetchFailed(f"{feed} has an element with more than {_MOST_ATTRIBUTES} attributes: no news feed has.")
    if len(_CATEGORY.findall(skeleton)) > _MOST_CATEGORIES and any(
        len(_CATEGORY.findall(entry)) > _MOST_CATEGORIES for entry in _ENTRY.split(skeleton)
    ):
        raise FetchFailed(f"{feed} has an entry with more than {_MOST_CATEGORIES} categories: no story has.")


def _without_cdata(document: str) -> str:
    # By hand, because a pattern would search to the end of the document anew from each section that never ends.
    kept: list[str] = []
    start = 0
    while (opened := document.find("<![CDATA[", start)) >= 0 and (closed := document.find("]]>", opened)) >= 0:
        kept.append(document[start:opened])
        start = closed + 3
    return "".join((*kept, document[start:]))


def _whole(document: str, root: str, feed: str) -> str:
    """The document without entries beyond the bound and without a broken last one, and closed."""
    end_of_root = document.rfind(f"</{root}")
    if end_of_root > 0 and document.count("<item") + document.count("<entry") <= MOST_ENTRIES:
        return document
    starts = [entry.start() for entry in _ENTRY.finditer(document)]
    if len(starts) > MOST_ENTRIES:
        _log.warning(
            "%s has %d entries; only the first %d are read.",
            feed,
            len(starts),
            MOST_ENTRIES,
            extra={"action": "feed_cut", "feed": feed},
        )
        document = document[: starts[MOST_ENTRIES]]
    end = max((entry.end() for entry in _ENTRY_END.finditer(document)), default=0)
    if not end:
        raise FetchFailed(f"{feed} breaks off before its first entry is complete ({len(document)} characters came).")
    if end_of_root < 0:
        _log.warning(
            "%s breaks off; what follows its last complete entry is left out.",
            feed,
            extra={"action": "feed_cut", "feed": feed},
        )
    return f"{document[:end]}{'</channel>' if root.lower() == 'rss' else ''}</{root}>"
