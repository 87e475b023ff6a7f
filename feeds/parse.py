"""Parse: the bytes of a feed into its entries. Pure; the one door of feedparser.

feedparser is given a stream and never the body itself: a body that is an address or a file's path would be fetched or
opened (measured, 6.0.14). It is given UTF-8 of our own reading, and a document within bounds. What it raises, and it
raised four unrelated classes on 67 of 3,952 fuzzed inputs, comes out as `FetchFailed`.
"""

import io
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import feedparser

from feeds import json_feed, rest_posts
from feeds.bounds import MOST_ENTRIES, bounded, what_it_looks_like
from feeds.charset import is_garbled, text_of
from feeds.wordpress import Fields, entry_of
from newsroom.entry import Entry
from newsroom.errors import FetchFailed

_log = logging.getLogger(__name__)

# Otherwise each parse looks for a library that is not here: an eighth of its time for one entry (measured).
feedparser.api.PREFERRED_XML_PARSERS.clear()

_FULL_TEXT, _FULL_TEXT_ENDS = "<content:encoded><![CDATA[", "]]></content:encoded>"
# WordPress counts comments in three elements of every entry; each costs feedparser as much as the title (measured).
_OF_COMMENTS = re.compile(r"<(comments|wfw:commentRss|slash:comments)>[^<>\[\]]*</\1>")
_CONTROLS = re.compile("[\x80-\x9f]")
_WESTERN = {
    byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
"""Signs of windows-1252 that were written as if their bytes were letters' numbers, as feedparser reads them."""


def parse(body: bytes, headers: Mapping[str, str], feed: str) -> tuple[Entry, ...]:
    """The entries of a feed (RSS 0.9 to 2.0, Atom, CDF, JSON Feed) or a list of WordPress posts, in the order of the document, at most 1,000.

    An entry in letters that cannot be read is left out, and so is one without title, guid and link; the log says so.

    Args:
        body: decompressed.
        headers: of the response; only `Content-Type` matters, in whatever case.
        feed: address of the feed; becomes `Entry.feed`, and relative links are read against it.

    Raises:
        FetchFailed: it is no feed, or none that can be read; the sentence says what it looks like.
    """
    return tuple(legible(rows_of(body, headers, feed), feed))


def rows_of(body: bytes, headers: Mapping[str, str], feed: str) -> Sequence[Fields]:
    """The fields of each entry, before their words are read; `parse` in two halves, as each may take its time.

    Raises:
        FetchFailed: as `parse` does.
    """
    text = text_of(body, next((value for name, value in headers.items() if name.lower() == "content-type"), ""))
    rows: Sequence[Fields]
    if rest_posts.is_list_of_posts(text):
        rows = rest_posts.fields_of(text, feed)
    else:
        rows = json_feed.fields_of(text, feed) if text.lstrip()[:1] == "{" else _read(text, feed)
    return rows[:MOST_ENTRIES]


def _read(text: str, feed: str) -> list[Fields]:
    document, full_texts = _set_aside(bounded(text, feed))
    document = _OF_COMMENTS.sub("", document)
    try:
        parsed = feedparser.parse(
            io.BytesIO(document.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            # Half of its time (measured), for HTML that is never published.
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        raise FetchFailed(f"{feed} cannot be read as a feed: {type(error).__name__} in feedparser.") from error
    if not parsed.entries and not parsed.version:
        raise FetchFailed(f"{feed} is no feed: it answered with {what_it_looks_like(text)}.")
    for row in parsed.entries if full_texts else ():
        _put_back(row, full_texts)
    rows: list[Fields] = parsed.entries
    return rows


def _set_aside(document: str) -> tuple[str, dict[str, str]]:
    """The document with a mark in the place of each full text, and the texts by their marks.

    A third of feedparser's time goes into carrying an article's HTML from one buffer to the next (measured).
    """
    pieces: list[str] = []
    texts: dict[str, str] = {}
    start = 0
    while (opened := document.find(_FULL_TEXT, start)) >= 0:
        begins = opened + len(_FULL_TEXT)
        ends = document.find("]]>", begins)
        if ends < 0:
            break
        pieces.append(document[start:begins])
        # The end of a section may be written inside one, in two pieces; such a text is left to feedparser.
        if document.startswith(_FULL_TEXT_ENDS, ends):
            mark = f"ajil-full-text-{len(texts)}"
            texts[mark] = document[begins:ends]
            pieces.append(mark)
        else:
            pieces.append(document[begins:ends])
        start = ends
    return "".join((*pieces, document[start:])), texts


def _put_back(row: dict[str, Any], texts: Mapping[str, str]) -> None:
    """Where feedparser has a mark, as it would have had the text."""
    contents = row.get("content")
    places = [*(contents if isinstance(contents, list) else ()), row.get("summary_detail"), row]
    for place in places:
        for name in ("value", "summary"):
            if isinstance(place, dict) and (text := texts.get(str(place.get(name)))) is not None:
                whole = text.replace("\r\n", "\n").strip()
                place[name] = whole.translate(_WESTERN) if _CONTROLS.search(whole) else whole


def legible(rows: Sequence[Fields], feed: str) -> Iterator[Entry]:
    """The entries that can be read, one by one, and at the end one line in the log for all others."""
    left_out: list[str] = []
    for number, row in enumerate(rows, 1):
        entry = entry_of(row, feed)
        if is_garbled(entry.title) or is_garbled(entry.lead):
            left_out.append(f"{entry.link or entry.guid or number}: its letters cannot be read, as of another charset")
        elif not (entry.title or entry.guid or entry.link):
            left_out.append(f"number {number}: it has neither title nor guid nor link")
        else:
            yield entry
    if left_out:
        told = {"action": "entries_left_out", "feed": feed}
        _log.warning("%d entries of %s are left out, the first is %s.", len(left_out), feed, left_out[0], extra=told)
