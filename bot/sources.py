"""A source, as the command line takes it: a feed's or an article's address, a file, or `-` for pasted text."""

import html
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from feeds.article import entry_of_page
from feeds.charset import text_of
from feeds.parse import parse
from feeds.pasted import entry_of_text
from newsroom.arabic import display
from newsroom.entry import Entry
from newsroom.errors import EntryRefused, FetchFailed
from newsroom.ports import Fetcher
from newsroom.site import Site

SNIFFED_BYTES = 2_048
"""How far into a body its kind is looked for; a feed names itself in its first element."""
NAMED_WITHIN_BYTES = 65_536
_PAPER = re.compile(
    r"<channel\b[^>]*>\s*(?:(?!<item\b).)*?<title>(.*?)</title>|property=[\"']og:site_name[\"']\s+content=[\"']([^\"']+)",
    re.DOTALL,
)
_FEED_MARKS = (b"<rss", b"<feed", b"<rdf:rdf", b"<channel")
_PAGE_MARKS = (b"<!doctype html", b"<html", b"<head", b"<body")


@dataclass(frozen=True, slots=True)
class Body:
    """What a source held."""

    name: str
    content: bytes
    url: str = ""
    content_type: str = ""


async def read_source(name: str, fetcher: Fetcher) -> Body:
    """The bytes of one source.

    Raises:
        FetchFailed: it cannot be had; says why.
    """
    if name.startswith(("http://", "https://")):
        url, content, content_type = await fetcher.page(name)
        return Body(name, content, url, content_type)
    if name == "-":
        return Body("-", sys.stdin.buffer.read())
    try:
        return Body(name, Path(name).read_bytes())  # noqa: ASYNC240 - nothing else runs while a file is read
    except OSError as fault:
        raise FetchFailed(f"{name} cannot be read: {fault.strerror or fault}") from fault


def entries_of(body: Body, site: Site) -> tuple[Entry, ...]:
    """The entries of a source, in its own order; one for a page or a pasted text.

    Raises:
        FetchFailed: it looks like a feed and is none.
        EntryRefused: it is a page or a text without a headline.
    """
    head = body.content[:SNIFFED_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        raise EntryRefused(f"{body.name} is empty")
    if any(mark in head for mark in _PAGE_MARKS) and not any(mark in head for mark in _FEED_MARKS):
        return (entry_of_page(body.content, body.url, body.content_type, site),)
    if any(mark in head for mark in _FEED_MARKS) or head.startswith((b"<?xml", b"{")) or _is_utf16(body.content):
        headers = {"content-type": body.content_type} if body.content_type else {}
        return parse(body.content, headers, body.url or body.name)
    return (entry_of_text(text_of(body.content, body.content_type), site),)


def paper_of(body: Body) -> str:
    """The paper's own name, as the source gives it: a feed's title, a page's og:site_name; empty for a text.

    A section's feed is titled «section – paper» (WordPress, feed-rss2.php), so the last part is the paper.
    """
    head = text_of(body.content[:NAMED_WITHIN_BYTES], body.content_type)
    named = _PAPER.search(head)
    if named is None:
        return ""
    name = html.unescape(next(part for part in named.groups() if part))
    return display(name.replace("<![CDATA[", "").replace("]]>", "").rpartition("–")[2])


def _is_utf16(content: bytes) -> bool:
    return content.startswith((b"\xff\xfe", b"\xfe\xff"))
