"""What the wall's page is told of a post: pure, made once, drawn alike by the server's template and by the script.

A post is cut here into segments of plain text, each with its marks and perhaps an address. Whoever draws them sets
texts and attributes only, so that nothing a feed says can become markup.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import quote, urlsplit

from newsroom.post import Post, PostKind, SpanKind
from newsroom.target import Network
from publishing.wall import Shown

_ADDRESS = re.compile(r"https?://[^\s<>\"«»]+[^\s<>\"«».,:;!?()\[\]،؛؟]")
# Both networks draw these as links by themselves: a hash, then letters, digits or _, at least one of them a letter.
_TAG = re.compile(r"(?<![\w&/#])#(?=\w*[^\W\d_])[\w\u200c]+")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a post's text that is drawn in one way."""

    text: str
    marks: tuple[str, ...] = ()
    """Names of `SpanKind`, or "tag"; the style sheet knows each."""
    href: str = ""
    """Address it leads to; http or https, or empty."""


@dataclass(frozen=True, slots=True)
class PostView:
    """One post as both networks' columns draw it."""

    id: str
    number: int
    network: str
    name: str
    handle: str
    at: float
    """Unix seconds; the script writes it in the reader's own time zone."""
    utc: str
    segments: tuple[Segment, ...]
    silent: bool
    edited: bool
    picture: str
    """Path on our own server, empty for a post without one."""
    alt: str
    preview: bool
    """Whether the network would draw a block for the link."""
    link: str
    domain: str
    headline: str
    lead: str
    length: int
    limit: int
    note: str = ""
    """What a proof has to say of it; the wall says nothing."""

    def as_json(self) -> Mapping[str, object]:
        """The same, ready for `json.dumps`."""
        return asdict(self)


def view_of(shown: Shown, site_name: str) -> PostView:
    """Make the view of one post.

    Args:
        shown: the delivery as it stands on the wall.
        site_name: what followers know the paper by; where empty, the target's own address.
    """
    delivery = shown.delivery
    post = delivery.post
    network, _, address = delivery.target.partition(":")
    handle = f"@{address.removeprefix('@')}" if not address.startswith("-") else address
    with_picture = post.kind in {PostKind.PHOTO, PostKind.CARD}
    link = _web_address(post.link)
    moment = delivery.settled or delivery.admitted
    return PostView(
        id=delivery.id,
        number=shown.number,
        network=Network(network).value,
        name=site_name or handle,
        handle=handle,
        at=moment,
        utc=datetime.fromtimestamp(moment, UTC).strftime("%H:%M"),
        segments=tuple(segments_of(post)),
        silent=post.silent,
        edited=shown.edited,
        picture=f"/wall/picture/{quote(delivery.id, safe='')}" if with_picture else "",
        alt=post.alt,
        # A text post gets the network's own block; a photo post gets one only where its picture could not be had.
        preview=post.kind is PostKind.TEXT and bool(link),
        link=link,
        domain=urlsplit(link).hostname or "",
        headline=post.headline,
        lead=post.lead,
        length=post.length,
        limit=post.limit,
    )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """From where to where, in UTF-16 code units, something holds."""

    start: int
    end: int
    mark: str
    href: str = ""


def segments_of(post: Post) -> Iterator[Segment]:
    """Cut a post's text at every edge of its spans, its addresses and its tags; joined again they are the text.

    Spans count in UTF-16 code units (Bot API, MessageEntity); they may overlap. One that reaches beyond the text ends
    with it, one that splits a surrogate pair shows a replacement sign: a wrong span never hides words.
    """
    units = post.text.encode("utf-16-le", "surrogatepass")
    size = len(units) // 2
    stretches = [_Stretch(s.offset, s.offset + s.length, s.kind.value, s.url) for s in post.spans]
    stretches += _found(post.text, [s for s in stretches if s.mark == SpanKind.TEXT_LINK.value])
    edges = {0, size, *(min(max(edge, 0), size) for s in stretches for edge in (s.start, s.end))}
    for start, end in pairwise(sorted(edges)):
        over = [s for s in stretches if s.start <= start and s.end >= end]
        text = units[2 * start : 2 * end].decode("utf-16-le", "replace")
        marks = tuple(sorted({s.mark for s in over}))
        yield Segment(text, marks, _web_address(next((s.href for s in over if s.href), "")))


def _found(text: str, links: list[_Stretch]) -> list[_Stretch]:
    """Addresses and tags in the text, as the networks find them; none inside a link the post already has."""
    found: list[_Stretch] = []
    for pattern, mark in ((_ADDRESS, SpanKind.TEXT_LINK.value), (_TAG, "tag")):
        for match in pattern.finditer(text):
            start = _units(text[: match.start()])
            end = start + _units(match.group())
            if not any(start < other.end and end > other.start for other in (*links, *found)):
                found.append(_Stretch(start, end, mark, "" if mark == "tag" else match.group()))
    return found


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _web_address(url: str) -> str:
    """The address if a browser may follow it from here; a feed could name `javascript:` or `data:`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""
