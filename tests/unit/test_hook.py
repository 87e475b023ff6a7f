"""The hook's pure side: who is believed, what a note says, and that it makes the feed's own story."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web_gate import STATUS
from feeds.hook import FRESH_SECONDS, MOST_BYTES, Letter, Note, Refusal, entry_of_note, read_note, refusal_of, seal_of
from feeds.parse import parse
from feeds.push import PUBLISHED_AT_MOST
from newsroom.entry import HOOK, Entry, PictureSource
from newsroom.relation import Duplicate, relate
from newsroom.site import Site
from newsroom.story import story_of
from newsroom.window import Window
from tests.support.newsroom import MET
from tests.support.site_hook import SECRET, a_note, posts_of_feed

ALWASAT = Path(__file__).parents[1] / "data" / "alwasat"
FEED = "https://alwasat.example.com/feed/"
NOW = 1_700_000_000.0
BODY = b'{"version": 1}'


def a_letter(*, stamp: str = "1700000000", secret: str = SECRET, body: bytes = BODY) -> Letter:
    """A letter that is signed with this secret."""
    return Letter(stamp, seal_of(secret, stamp, body), body)


def entry_of(post: dict[str, Any]) -> Entry:
    """The entry of an article that was just published."""
    note = read_note(json.dumps(a_note(post)).encode())
    assert isinstance(note, Note), note
    return entry_of_note(note)


def test_a_letter_that_was_signed_just_now_is_believed() -> None:
    """And so is one of five minutes ago, or of a clock that runs ahead as much."""
    for age in (0.0, FRESH_SECONDS, -FRESH_SECONDS):
        assert refusal_of(a_letter(), SECRET, NOW + age) is None


def test_a_letter_is_stale_after_five_minutes_and_before_its_time() -> None:
    """What was overheard does not serve for ever; the time stands under the signature."""
    assert refusal_of(a_letter(), SECRET, NOW + FRESH_SECONDS + 1) is Refusal.STALE
    assert refusal_of(a_letter(), SECRET, NOW - FRESH_SECONDS - 1) is Refusal.STALE
    made_younger = Letter(str(int(NOW + FRESH_SECONDS + 1)), a_letter().seal, BODY)
    assert refusal_of(made_younger, SECRET, NOW + FRESH_SECONDS + 1) is Refusal.FORGED


@pytest.mark.parametrize(
    "letter",
    [
        a_letter(secret="another-secret"),
        Letter("1700000000", a_letter().seal, BODY + b" "),
        Letter("1700000001", a_letter().seal, BODY),
    ],
)
def test_a_letter_whose_words_or_time_were_changed_is_forged(letter: Letter) -> None:
    """One byte is enough; a stranger is not told whether it would have been stale."""
    assert refusal_of(letter, SECRET, NOW) is Refusal.FORGED
    assert refusal_of(letter, SECRET, NOW + 10_000) is Refusal.FORGED


@pytest.mark.parametrize(
    ("stamp", "seal"),
    [
        ("", ""),
        ("1700000000", ""),
        ("", a_letter().seal),
        ("1700000000", a_letter().seal.removeprefix("sha256=")),
        ("1700000000", a_letter().seal.upper()),
        ("1700000000", "sha256=" + "\u0660" * 64),
        ("1.7e9", seal_of(SECRET, "1.7e9", BODY)),
        ("\u0661\u0667\u0660\u0660", seal_of(SECRET, "\u0661\u0667\u0660\u0660", BODY)),
        ("1700000000\n", seal_of(SECRET, "1700000000\n", BODY)),
        ("nan", seal_of(SECRET, "nan", BODY)),
        ("9" * 400, seal_of(SECRET, "9" * 400, BODY)),
    ],
)
def test_what_does_not_look_like_a_signature_is_none(stamp: str, seal: str) -> None:
    """Not even where the secret is known: one form, and no number that Python would read into something else."""
    assert refusal_of(Letter(stamp, seal, BODY), SECRET, NOW) is Refusal.UNSIGNED


def test_without_a_secret_the_hook_is_closed_even_to_a_signature_made_with_none() -> None:
    """An empty secret is no secret."""
    assert refusal_of(a_letter(secret=""), "", NOW) is Refusal.CLOSED


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"\x00"])
def test_a_body_that_is_no_json_is_called_so(body: bytes) -> None:
    """Nested without end, in other bytes, or nothing at all."""
    assert read_note(body) is Refusal.NOT_JSON


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"version": "1"},
        {"event": "delete_everything"},
        {"delivery": "short"},
        {"delivery": "with spaces in it, and more"},
        {"more": 1},
        {"post": {"id": 1}},
        {"post": {"id": "1", "guid": "g", "link": "l"}},
        {"post": {"id": 0, "guid": "g", "link": "l"}},
        {"post": {"id": 1, "guid": None, "link": "l"}},
        {"post": {"id": 1, "guid": "g", "link": "l", "title": ["a"]}},
        {"post": {"id": 1, "guid": "g", "link": "l", "title": "a" * 4_001}},
        {"post": {"id": 1, "guid": "g", "link": "l", "tags": ["a"] * 201}},
        {"post": {"id": 1, "guid": "g", "link": "l", "image": "https://a.example.com/a.jpg"}},
    ],
)
def test_a_note_in_another_form_is_refused(change: dict[str, Any]) -> None:
    """Types are not bent, and nothing unknown is let through."""
    note = {**a_note({"id": 1, "guid": "g", "link": "l"}), **change}
    assert read_note(json.dumps(note).encode()) is Refusal.WRONG_FORM


@pytest.mark.parametrize("name", ["feed.xml", "feed-2.xml", "feed-breaking.xml"])
def test_a_note_makes_the_same_entry_as_the_feed(name: str) -> None:
    """Word for word, for every article of the sample site: title, text, byline, sections, date and keys; and the same pictures."""
    feed = (ALWASAT / name).read_text("utf-8")
    parsed = parse(feed.encode(), {}, FEED)
    posts = posts_of_feed(feed)
    assert len(posts) == len(parsed) > 2
    for post, entry in zip(posts, parsed, strict=True):
        told = entry_of(post)
        assert told.feed == HOOK
        alike = (slot for slot in Entry.__slots__ if slot not in {"feed", "pictures"})
        differ = [(getattr(told, slot), getattr(entry, slot)) for slot in alike]
        assert [pair for pair in differ if pair[0] != pair[1]] == [], entry.title
        # A plugin may name the picture in the feed as an enclosure: the file is the same.
        assert {picture.url for picture in told.pictures} == {picture.url for picture in entry.pictures}
        assert [picture.url for picture in told.pictures[:1]] == [picture.url for picture in entry.pictures[:1]]


def test_hook_and_feed_are_one_story_whichever_comes_first() -> None:
    """A duplicate, and no edit: nobody's post changes to and fro between two doors."""
    feed = (ALWASAT / "feed.xml").read_text("utf-8")
    parsed = {entry.post_id: entry for entry in parse(feed.encode(), {}, FEED)}
    for post in posts_of_feed(feed):
        picture = {"url": f"https://alwasat.example.com/wp-content/uploads/2024/07/featured-{post['id']}.jpg"}
        both = (entry_of({**post, "image": picture}), parsed[post["id"]])
        for first, second in (both, both[::-1]):
            window = Window()
            window.add(story_of(first, Site(), MET))
            assert isinstance(relate(story_of(second, Site(), MET), window), Duplicate), post["title"]


def test_the_featured_picture_stands_first() -> None:
    """WordPress's feed does not name it; the hook does, and it is the editor's choice."""
    post = posts_of_feed((ALWASAT / "feed.xml").read_text("utf-8"))[0]
    entry = entry_of({**post, "image": {"url": "https://alwasat.example.com/wp-content/uploads/a.jpg", "width": 1280}})
    assert entry.pictures[0].url.endswith("/a.jpg")
    assert entry.pictures[0].source is PictureSource.MEDIA
    assert entry.pictures[0].width == 1280


def test_an_address_is_taken_as_it_is_written() -> None:
    """`&copy=2` is a part of an address, not a sign."""
    link = "https://alwasat.example.com/news?id=7&copy=2"
    entry = entry_of({"id": 7, "guid": link, "link": link, "title": "خبر"})
    assert "copy=2" in entry.link


def test_the_guide_tells_every_answer_and_every_bound() -> None:
    """docs/push.md, for whoever writes a plugin of their own."""
    guide = (ALWASAT.parents[2] / "docs" / "push.md").read_text("utf-8")
    assert {status.value for status in STATUS.values()} - {410} <= {int(found) for found in re.findall(r"\d{3}", guide)}
    assert set(STATUS) == set(Refusal)
    assert f"{PUBLISHED_AT_MOST} articles in a minute" in guide
    assert f"at most {MOST_BYTES // 1_000_000} MB" in guide
    assert f"believed for {('no', 'one', 'two', 'three', 'four', 'five')[int(FRESH_SECONDS // 60)]} minutes" in guide


@given(
    st.fixed_dictionaries(
        {name: st.text(max_size=60) for name in ("guid", "link", "title", "content", "excerpt", "author", "published")}
        | {name: st.lists(st.text(max_size=20), max_size=3) for name in ("categories", "tags")}
    ),
    st.sampled_from(["", "http://", "https://a.example.com/?p=", "https://[", "//", "<p><img src=x>", "2026-99-99T"]),
)
def test_whatever_stands_in_a_note_makes_an_entry_or_none_and_no_fault(post: dict[str, Any], begun: str) -> None:
    """A plugin of somebody's own may write anything."""
    strange = {name: begun + told if isinstance(told, str) else told for name, told in post.items()}
    note = read_note(json.dumps(a_note({"id": 1, **strange})).encode())
    if isinstance(note, Note):
        assert isinstance(story_of(entry_of_note(note), Site(), MET).keys, tuple)
