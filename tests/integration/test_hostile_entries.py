"""Corpora of hostile and odd input through every door of the entry side: entries or a refusal, and nothing else.

Nothing is opened and nobody is asked meanwhile: Python's own audit events say so.
"""

import html
import io
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import feedparser
import pytest

from feeds.article import entry_of_page
from feeds.charset import is_garbled
from feeds.markup import plain
from feeds.parse import parse
from feeds.pasted import entry_of_text
from newsroom.entry import Entry
from newsroom.errors import EntryRefused, FetchFailed
from newsroom.site import Site

FEED = "https://site.example.com/feed/"
SITE = Site(name="الوسط العربي", sections=("الشرق قادم", "أخبار"))
CORPORA = ("feedparser", "go-fuzz-corpus/xml", "miniflux", "blns", "trojan-source")
SLOWEST_SECONDS = 10.0
Door = Callable[[bytes], tuple[Entry, ...]]
UNSEEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\x00"
PYTHONS_OWN = tuple(filter(None, (sys.prefix, sys.base_prefix, sys.pycache_prefix)))


class Watch:
    """Counts files opened and addresses reached while it is on; Python's own modules are not counted."""

    def __init__(self) -> None:
        self.is_on = False
        self.reached: list[str] = []
        sys.addaudithook(self._hear)

    @contextmanager
    def on(self) -> Iterator[None]:
        """Count inside."""
        self.is_on = True
        try:
            yield
        finally:
            self.is_on = False

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.is_on:
            return
        # A number is a file that is open already, as when Python keeps the byte code of a module.
        if event == "open" and not (isinstance(arguments[0], int) or str(arguments[0]).startswith(PYTHONS_OWN)):
            self.reached.append(f"open {arguments[0]!r}")
        elif event in {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "urllib.Request"}:
            self.reached.append(f"{event} {arguments[1:]}")


@pytest.fixture(scope="module")
def watch() -> Watch:
    """One for all: an audit hook cannot be taken away again."""
    return Watch()


def as_feed(body: bytes) -> tuple[Entry, ...]:
    """Through the feed's door."""
    return parse(body, {"content-type": "text/xml"}, FEED)


def as_page(body: bytes) -> tuple[Entry, ...]:
    """Through the page's door."""
    return (entry_of_page(body, "https://site.example.com/a/", "text/html", SITE),)


def as_text(body: bytes) -> tuple[Entry, ...]:
    """Through the editor's door."""
    return (entry_of_text(body.decode("utf-8", "replace"), SITE),)


def _files(shared: Path, corpus: str) -> list[Path]:
    folder = shared / "data" / "hostile" / corpus
    if not folder.is_dir():
        pytest.skip(f"SKIPPED ALOUD: the corpus {corpus} is not here")
    return sorted(file for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("door", [as_feed, as_page, as_text])
@pytest.mark.parametrize("corpus", CORPORA)
def test_hostile_input_gives_entries_or_a_refusal(corpus: str, door: Door, shared: Path, watch: Watch) -> None:
    """No other exception, no file, no address, no wait; and what comes out is clean display text."""
    for file in _files(shared, corpus):
        body = file.read_bytes()
        started = time.monotonic()
        with watch.on():
            entries, sentence = _answer(door, body)
        assert len(entries) or len(sentence) > 20, f"{file.name} is refused without a sentence"
        assert time.monotonic() - started < SLOWEST_SECONDS, f"{file.name} took too long"
        for entry in entries:
            assert _is_clean(entry), f"{file.name} gave {entry!r}"
    assert watch.reached == []


@pytest.mark.parametrize("door", [as_feed, as_page, as_text])
def test_every_naughty_string_is_harmless_as_a_headline(door: Door, shared: Path, watch: Watch) -> None:
    """Overrides, invisible letters, markup, commands and numbers: shown as they are, or not at all."""
    strings = json.loads((shared / "data" / "hostile" / "blns" / "blns.json").read_text(encoding="utf-8"))
    for string in strings:
        text = html.escape(string)
        item = f"<item><title>{text}</title><guid>1</guid></item>"
        forms: dict[Door, str] = {
            as_feed: f"<rss><channel>{item}</channel></rss>",
            as_page: f"<h1>{text}</h1><body class='single'>",
            as_text: string,
        }
        with watch.on():
            entries, _ = _answer(door, forms[door].encode("utf-8", "replace"))
        assert all(_is_clean(entry) for entry in entries), repr(string)
    assert watch.reached == []


def test_no_entry_that_feedparser_finds_is_lost(shared: Path) -> None:
    """Its own 2,142 tests: what is left out has no words, or words that cannot be read."""
    for file in _files(shared, "feedparser/tests"):
        body = file.read_bytes()
        if file.parent.name == "chardet":
            # No charset is named in these, and none of them is Arabic: what cannot be read is left out.
            continue
        found = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False).entries
        legible = [entry for entry in found if _has_words(entry)]
        entries, _ = _answer(as_feed, body)
        assert len(entries) >= len(legible), f"{file.name} has {len(legible)} entries, and {len(entries)} came"


def _has_words(entry: Mapping[str, str]) -> bool:
    return bool(plain(entry.get("title", "")) or entry.get("link") or entry.get("id"))


def test_the_watch_hears_what_it_must_hear(watch: Watch, tmp_path: Path) -> None:
    """Without this, silence would prove nothing."""
    (tmp_path / "x").write_bytes(b"")
    with watch.on():
        (tmp_path / "x").read_bytes()
    assert watch.reached == [f"open {str(tmp_path / 'x')!r}"]
    watch.reached.clear()


def _answer(door: Door, body: bytes) -> tuple[tuple[Entry, ...], str]:
    """The entries, and the sentence of the refusal."""
    try:
        entries = door(body)
    except (FetchFailed, EntryRefused) as refused:
        return (), str(refused)
    return entries, "entries came, or a feed without any"


def _is_clean(entry: Entry) -> bool:
    texts = (
        entry.title,
        entry.byline,
        entry.lead,
        entry.body,
        *entry.categories,
        *(picture.alt for picture in entry.pictures),
    )
    addresses = (entry.link, entry.shortlink, *(picture.url for picture in entry.pictures))
    return (
        not any(unseen in text for text in texts for unseen in UNSEEN)
        and not any("\n" in text for text in (entry.title, entry.byline, entry.lead))
        and all(address == "" or address.startswith(("http://", "https://")) for address in addresses)
    )


def test_the_measured_feeds_parse_into_whole_entries(shared: Path, watch: Watch) -> None:
    """Every entry of every feed of the measured corpus has all that a post needs."""
    for file in sorted((shared / "data" / "feeds").glob("*.xml")):
        body = file.read_bytes()
        with watch.on():
            entries = parse(
                body, {"content-type": "application/rss+xml; charset=UTF-8"}, "https://site100.example/feed/"
            )
        assert len(entries) == body.count(b"<item>"), f"{file.name} lost entries"
        assert len({entry.guid for entry in entries}) == len(entries)
        for entry in entries:
            _must_be_whole(entry)
    assert watch.reached == []


def _must_be_whole(entry: Entry) -> None:
    assert entry.title, entry.guid
    assert not is_garbled(entry.title + entry.lead), entry.guid
    assert entry.post_id is not None, entry.guid
    assert entry.shortlink == entry.guid == f"https://{entry.site}/?p={entry.post_id}"
    assert entry.link.startswith(f"https://{entry.site}/2026/"), entry.guid
    assert entry.published is not None, entry.guid
    assert len(entry.categories) >= 3, entry.guid
    assert entry.byline, entry.guid
    assert len(entry.lead) >= 40, entry.guid
    assert "لمزيد من الأخبار" not in entry.body, entry.guid
    assert "appeared first" not in entry.body, entry.guid
    assert (entry.pictures[0].width, entry.pictures[0].height) == (1280, 720), entry.guid
    assert "150x150" not in "".join(picture.url for picture in entry.pictures), entry.guid
