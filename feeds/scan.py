"""Scan: where each entry of a feed stands, which it is and whether it changed, by a look at the bytes. Pure.

feedparser needs 83 ms for 100 entries; this needs less than 1 ms, so that the cost of a poll follows what is new and not
the length of the feed. It reads RSS 2 as WordPress writes it, and says `Distrust` wherever bytes could mislead it; the
whole feed is then parsed. Mistaking one thing for another would lose or repeat a story, distrust costs only time.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from feeds.references import unescaped

MOST_ENTRIES = 1000
"""Of one body; the rest, which is older, is left alone. No news feed is that long, a hostile one may be."""

REFERENCES_DEEP = 5
"""Times over that the references in a guid are resolved; one in another a thousand deep would take minutes."""
GUID_LONGEST = 4096
"""Of a guid in which references are resolved; a longer one, which no software writes, is known by all that it says."""
TEXT_BYTES = 4096
"""Of an entry's full text that count for its digest: a post is made of its beginning, and hashing all of it would cost
as much as everything else here."""

_HEAD_BYTES = 4096
_RSS = re.compile(rb"<rss[\s>]")
_FRAME = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>)?\s*+<rss(?:\s[^>]*+)?>\s*+<channel(?:\s[^>]*+)?>")
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)")
_ROOT = re.compile(
    # Atomic and possessive, as a hostile prologue could otherwise be divided in exponentially many ways.
    rb"\A(?:\xef\xbb\xbf)?(?>\s++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[.*?\])?[^>]*+>)*+<([A-Za-z_][\w.:-]*+)",
    re.DOTALL,
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_NEXT = re.compile(rb"\s*+(?=<item)")
_OPEN, _CLOSE = b"<![CDATA[", b"]]>"
_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
"""Only for entries in which every section ends; elsewhere its time would grow with the square of their number."""


class Sighting(NamedTuple):
    """One entry in the bytes of a body."""

    key: bytes
    """Digest of its guid."""
    digest: bytes
    """Digest of what a post is made of."""
    mark: int
    """Python's own hash of its bytes: the fastest there is, and meaningless in another process."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scan:
    """A body that can be trusted to be what it looks like."""

    head: int
    """Where the frame around the entries is open: the elements of the channel itself say nothing of an entry."""
    tail: int
    """Where the last entry ends."""
    sightings: tuple[Sighting, ...]
    """In the order of the document."""


@dataclass(frozen=True, slots=True)
class Distrust:
    """The bytes might mislead: parse the whole feed."""

    why: str


class _Misleading(Exception):
    """The text says what might mislead."""


Familiar = Mapping[int, tuple[bytes, bytes, int]]
"""Key, digest and length of entries whose very bytes were scanned before in this process, by their mark, in their order."""


def scan(body: bytes, content_type: str = "", familiar: Familiar | None = None) -> Scan | Distrust:
    """Find every entry of an RSS 2 feed.

    Args:
        body: Inflated.
        content_type: The header; its charset wins over the one in the body (RFC 7303, section 3).
        familiar: Of the last scan of the same feed: bytes that are the same again are not looked at again.
    """
    try:
        _must_be_plain_rss(body, content_type)
        sightings = _sightings(body, familiar or {})
    except _Misleading as misleading:
        return Distrust(str(misleading))
    if len({sighting.key for sighting in sightings}) < len(sightings):
        return Distrust("two entries have the same guid")
    frame = _FRAME.match(body, 0, sightings[0].start)
    return Scan(frame.end() if frame else sightings[0].start, sightings[-1].end, tuple(sightings))


def cut(body: bytes, found: Scan, keys: Collection[bytes]) -> bytes:
    """A small feed: the frame of the body, and of its entries only those with these keys."""
    wanted = [body[sighting.start : sighting.end] for sighting in found.sightings if sighting.key in keys]
    return b"".join((body[: found.head], *wanted, body[found.tail :]))


def key_of(guid: str) -> bytes:
    """What an entry is known by: eight bytes, as tens of thousands of them are kept in memory.

    feedparser leaves some references in a guid and resolves others, so all of them are resolved here.
    """
    for _ in range(REFERENCES_DEEP if len(guid) <= GUID_LONGEST else 0):
        if "&" not in guid or (plain := unescaped(guid)) == guid:
            break
        guid = plain
    return blake2b(guid.strip().encode("utf-8", "surrogatepass"), digest_size=8).digest()


def digest_of(*parts: bytes) -> bytes:
    """What an entry said: eight bytes."""
    return blake2b(b"".join(parts), digest_size=8).digest()


def is_cut_short(body: bytes) -> bool:
    """Whether the end of the document is missing: its last entry may then be half a story."""
    root = _ROOT.match(body, 0, _HEAD_BYTES)
    if root is None or body.find(b"<", root.end()) < 0:
        return False
    return body.rfind(b"</" + root[1]) < 0


def _must_be_plain_rss(body: bytes, content_type: str) -> None:
    head = body[:_HEAD_BYTES]
    if not _RSS.search(head):
        raise _Misleading("not RSS 2")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise _Misleading("a document type may define entities")
    declared = _DECLARED.search(head)
    charset = _CHARSET.search(content_type)
    for name in (declared[1].decode("ascii") if declared else "", charset[1] if charset else ""):
        if name and name.lower() not in _UTF8:
            raise _Misleading(f"written in {name}")


def _sightings(body: bytes, familiar: Familiar) -> list[Sighting]:
    """One pass over the body: every entry ends at the last `</item>` before the next begins.

    Most of the time would go into looking for the next entry; where the one that stood here before, or below a new one,
    stands here again, it is where that one ends.
    """
    found: list[Sighting] = []
    start = body.find(b"<item")
    if start < 0:
        raise _Misleading("no entries")
    gap, expected = start, _Expected(familiar)
    while start >= 0 and len(found) < MOST_ENTRIES:
        if body[gap:start].strip():
            raise _Misleading("something stands between two entries")
        sighting, following = expected.at(body, start) or _searched(body, start, familiar)
        expected.go_on_after(sighting.mark)
        found.append(sighting)
        start, gap = following, sighting.end
    return found


def _searched(body: bytes, start: int, familiar: Familiar) -> tuple[Sighting, int]:
    """The entry that begins here, by looking for its end, and where the next begins; -1 where none does."""
    following = body.find(b"<item", start + 5)
    close = body.rfind(b"</item>", start, following if following >= 0 else len(body))
    if close < 0:
        raise _Misleading("an entry does not end")
    mark = hash(body[start : close + 7])
    known = familiar.get(mark)
    key, digest = known[:2] if known else _look(body, start, close)
    return Sighting(key, digest, mark, start, close + 7), following


class _Expected:
    """The entries of the last body, one of which is expected to stand where another ended."""

    def __init__(self, familiar: Familiar) -> None:
        self._entries = [(mark, *known) for mark, known in familiar.items()]
        self._places = {mark: place for place, mark in enumerate(familiar)}
        self._next = 0

    def at(self, body: bytes, start: int) -> tuple[Sighting, int] | None:
        """The expected entry, if it stands here byte for byte and another entry follows."""
        if self._next >= len(self._entries):
            return None
        mark, key, digest, length = self._entries[self._next]
        end = start + length
        after = _NEXT.match(body, end)
        if after is None or hash(body[start:end]) != mark:
            return None
        return Sighting(key, digest, mark, start, end), after.end()

    def go_on_after(self, mark: int) -> None:
        """This entry was met; the one that stood below it is expected next."""
        self._next = self._places.get(mark, self._next - 1) + 1


def _look(body: bytes, start: int, close: int) -> tuple[bytes, bytes]:
    """Key and digest of the entry that begins at `start`, and whose end tag begins at `close`."""
    _must_be_closed(body, start, close)
    _must_be_uncommented(body, start, close)
    return _key(body, start, close), _digest(body, start, close)


def _must_be_closed(body: bytes, start: int, close: int) -> None:
    """Neither the beginning nor the end of an entry may stand inside a CDATA section."""
    if body[start + 5 : start + 6] not in b"> \t\r\n":
        raise _Misleading("an element that only begins like an entry")
    # Whatever was opened after the last end of a section is open still at the end of the entry.
    last = body.rfind(_CLOSE, start, close)
    if body.find(_OPEN, max(last, start), close) >= 0:
        raise _Misleading("an entry ends inside a CDATA section")


def _must_be_uncommented(body: bytes, start: int, close: int) -> None:
    """A comment or an instruction may hold anything, the end of this entry and the beginning of the next included."""
    if body.find(b"<!--", start, close) < 0 and body.find(b"<?", start, close) < 0:
        return
    bare = _CDATA.sub(b"", body[start:close])
    if b"<!--" in bare or b"<?" in bare:
        raise _Misleading("a comment stands in an entry")


def _key(body: bytes, start: int, close: int) -> bytes:
    tag = body.find(b"<guid", start, close)
    text = body.find(b">", tag, close) + 1
    end = body.find(b"</guid>", text, close)
    if tag < 0 or text <= 0 or end < 0 or body[tag + 5 : tag + 6] not in b"> \t\r\n":
        raise _Misleading("an entry has no guid")
    if body.count(b'"', tag, text) % 2 or body.count(b"'", tag, text) % 2:
        raise _Misleading("an attribute of a guid holds the end of a tag")
    if body.find(b"<guid", end, close) >= 0:
        raise _Misleading("an entry has two guids")
    opened = body.rfind(_OPEN, start, tag)
    if opened >= 0 and body.find(_CLOSE, opened, tag) < 0:
        raise _Misleading("a guid stands inside a CDATA section")
    return _key_of_bytes(body[text:end])


def _key_of_bytes(guid: bytes) -> bytes:
    """The same key that the parsed guid has: freed of CDATA and of references."""
    guid = guid.strip()
    if guid.startswith(_OPEN) and guid.endswith(_CLOSE):
        guid = guid[len(_OPEN) : -len(_CLOSE)].strip()
    if not guid or b"<" in guid or len(guid) > GUID_LONGEST:
        raise _Misleading("a guid is not plain text")
    if b"&" in guid:
        return key_of(guid.decode("utf-8", "replace"))
    return blake2b(guid, digest_size=8).digest()


def _digest(body: bytes, start: int, close: int) -> bytes:
    """Everything of the entry but most of its full text, and the comments, which change with every reader.

    WordPress's link turns from #respond to #comments with the first comment, and the count with each. They stand
    before and after the full text, so that the text itself need not be searched.
    """
    text = body.find(b"<content:encoded", start, close)
    if text < 0:
        whole = _without(body[start:close], b"<comments>", b"</comments>")
        return digest_of(_without(whole, b"<slash:comments>", b"</slash:comments>"))
    rest = body.rfind(b"</content:encoded>", text, close)
    if rest < 0:
        raise _Misleading("a full text does not end")
    return digest_of(
        _without(body[start:text], b"<comments>", b"</comments>"),
        body[text : min(text + TEXT_BYTES, rest)],
        _without(body[rest:close], b"<slash:comments>", b"</slash:comments>"),
    )


def _without(part: bytes, opening: bytes, closing: bytes) -> bytes:
    start = part.find(opening)
    end = part.find(closing, start) if start >= 0 else -1
    return part[:start] + part[end:] if end >= 0 else part
