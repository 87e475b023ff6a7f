"""The scan: entries found in bytes, and distrust wherever bytes could mislead."""

from collections.abc import Sequence
from xml.parsers import expat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.parse import parse
from feeds.scan import MOST_ENTRIES, Distrust, Familiar, Scan, Sighting, cut, is_cut_short, key_of, scan

HEAD = b'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>t</title>\n'
TAIL = b"</channel></rss>"
FEED = "https://alwasat.example.com/feed/"


def an_item(number: int, extra: bytes = b"", text: str = "نص") -> bytes:
    """An entry as WordPress writes it."""
    return (
        f"<item><title>خبر {number}</title><link>https://alwasat.example.com/{number}/</link>"
        f"<comments>https://alwasat.example.com/{number}/#respond</comments>"
        f'<guid isPermaLink="false">https://alwasat.example.com/?p={number}</guid>'
        f"<description><![CDATA[<p>{text}</p>]]></description>"
    ).encode() + (
        extra
        + f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded><slash:comments>0</slash:comments>".encode()
        + b"</item>\n"
    )


def a_feed(*items: bytes) -> bytes:
    """These entries in a feed."""
    return HEAD + b"".join(items) + TAIL


def trusted(body: bytes, content_type: str = "", familiar: Familiar | None = None) -> Scan:
    """The scan of what must be trusted."""
    found = scan(body, content_type, familiar)
    assert isinstance(found, Scan), found
    return found


def why_not(body: bytes, content_type: str = "") -> str:
    """Why this must not be trusted."""
    found = scan(body, content_type)
    assert isinstance(found, Distrust), found
    return found.why


def key(number: int) -> bytes:
    """What entry `number` is known by."""
    return key_of(f"https://alwasat.example.com/?p={number}")


def digest_of_item(item: bytes) -> bytes:
    """What the scan makes of one entry."""
    return trusted(a_feed(item)).sightings[0].digest


def test_every_entry_is_found_in_the_order_of_the_document() -> None:
    """With the key that its parsed guid has."""
    assert [sighting.key for sighting in trusted(a_feed(*map(an_item, (3, 1, 2)))).sightings] == [
        key(3),
        key(1),
        key(2),
    ]


def test_a_cut_holds_the_entries_that_are_asked_for_and_the_frame() -> None:
    """It is a feed of its own."""
    body = a_feed(*map(an_item, (1, 2, 3)))
    small = cut(body, trusted(body), {key(1), key(3)})
    assert small.startswith(HEAD.removesuffix(b"<title>t</title>\n"))
    assert small.endswith(TAIL)
    assert [entry.guid[-1] for entry in parse(small, {}, FEED)] == ["1", "3"]


def test_readers_who_comment_change_nothing() -> None:
    """WordPress counts comments in the entry, and turns its link from #respond to #comments with the first."""
    item = an_item(1)
    commented = item.replace(b"<slash:comments>0", b"<slash:comments>12").replace(b"#respond", b"#comments")
    assert digest_of_item(commented) == digest_of_item(item)


@pytest.mark.parametrize("old", ["خبر 1", "<p>نص</p>]]></description>", "<p>نص</p>]]></content"])
def test_an_edit_changes_the_digest_and_not_the_key(old: str) -> None:
    """In the title, in the excerpt, and in the beginning of the text."""
    item = an_item(1)
    edited = item.replace(old.encode(), b"x" + old.encode())
    assert digest_of_item(edited) != digest_of_item(item)
    assert trusted(a_feed(edited)).sightings[0].key == key(1)


def test_an_edit_deep_in_a_long_text_is_not_worth_a_look() -> None:
    """No post is made of what stands there."""
    long = an_item(1, text="كلمة " * 5000)
    description, text = long[: long.index(b"<content")], long[long.index(b"<content") :]
    assert digest_of_item(description + text[:-200] + b"x" + text[-200:]) == digest_of_item(long)
    assert digest_of_item(description + text[:200] + b"x" + text[200:]) != digest_of_item(long)


@pytest.mark.parametrize(
    ("guid", "text"),
    [
        (b"  https://a.example/?p=1\n", "https://a.example/?p=1"),
        (b"https://a.example/?p=1&amp;x=2", "https://a.example/?p=1&x=2"),
        (b"https://a.example/?p=1&#038;x=2", "https://a.example/?p=1&x=2"),
        (b"<![CDATA[https://a.example/?a&b]]>", "https://a.example/?a&b"),
        ("خبر-١".encode(), "خبر-١"),
        (b"a&#55357;&#56832;b", "a😀b"),
        (b"<![CDATA[a&#xD83D;&#xDE00;b]]>", "a😀b"),
        (b"a&#55357;b&#0;&#x110000;", "ab"),
        (b"a&#99999999999999999999;", "a"),
        (b"a&#" + b"9" * 4000 + b";", "a"),
    ],
)
def test_a_guid_means_the_same_however_it_is_written(guid: bytes, text: str) -> None:
    """The scan and the parser know an entry by the same key, so that either may take over from the other."""
    body = a_feed(b"<item><title>t</title><guid>" + guid + b"</guid></item>")
    assert trusted(body).sightings[0].key == key_of(text)
    assert parse(body, {}, FEED)[0].guid == text


@pytest.mark.parametrize(
    "reference", [b"&amp;#55357;", b"&amp;#55357;&amp;#56832;", b"&amp;#0;", b"&amp;#" + b"9" * 4000 + b";"]
)
def test_a_guid_escaped_twice_has_one_key_in_scan_and_parser(reference: bytes) -> None:
    """What stands for no character counts in neither."""
    body = a_feed(b"<item><title>t</title><guid>a" + reference + b"</guid></item>")
    (entry,) = parse(body, {}, FEED)
    assert trusted(body).sightings[0].key == key_of(entry.guid)


def test_what_was_seen_before_is_not_looked_at_again_and_reads_the_same() -> None:
    """A scan that knows the bytes gives what one that does not know them gives."""
    body = a_feed(*map(an_item, range(20)))
    first = trusted(body)
    assert trusted(body, familiar=familiar_of(first.sightings[5:])) == first
    lying = {sighting.mark: (b"k" * 8, b"d" * 8, 3) for sighting in first.sightings[:1]}
    assert trusted(body, familiar=lying).sightings[0].key == b"k" * 8


def familiar_of(sightings: Sequence[Sighting]) -> Familiar:
    """As `feeds.known` keeps them."""
    return {each.mark: (each.key, each.digest, each.end - each.start) for each in sightings}


@given(st.lists(st.integers(0, 30), max_size=25, unique=True), st.lists(st.integers(0, 30), max_size=25, unique=True))
def test_whatever_changed_a_scan_that_knows_the_last_body_gives_what_a_fresh_one_gives(
    before: list[int], after: list[int]
) -> None:
    """Entries added, removed and moved about, anywhere."""
    first, body = scan(a_feed(*map(an_item, before))), a_feed(*map(an_item, after))
    familiar = familiar_of(first.sightings) if isinstance(first, Scan) else {}
    assert scan(body, familiar=familiar) == scan(body)


@pytest.mark.parametrize(
    "after",
    [
        b"<item><guid>1</guid></item> junk</item><item><guid>2</guid></item>",
        b"<item><guid>1</guid></item></item><item><guid>2</guid></item>",
        b"<item><guid>1</guid></item><!-- <item> --><item><guid>2</guid></item>",
        b"<item><guid>1</guid></item><items><guid>2</guid></items>",
        b"<item><guid>1</guid></item>]]><item><guid>2</guid></item>",
    ],
)
def test_what_follows_a_known_entry_is_looked_at_all_the_same(after: bytes) -> None:
    """It ends where it ended only if another one follows at once; otherwise a fresh look decides."""
    first = trusted(a_feed(b"<item><guid>1</guid></item>", b"<item><guid>2</guid></item>"))
    assert scan(a_feed(after), familiar=familiar_of(first.sightings)) == scan(a_feed(after))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not RSS 2"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "not RSS 2"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id></entry></feed>', "not RSS 2"),
        (b"<rdf:RDF><item><guid>1</guid></item></rdf:RDF>", "not RSS 2"),
        (a_feed(), "no entries"),
        (a_feed(b"<item><title>t</title></item>"), "an entry has no guid"),
        (a_feed(b"<item><guid/><title>t</title></item>"), "an entry has no guid"),
        (a_feed(b"<item><guid></guid></item>"), "a guid is not plain text"),
        (a_feed(b"<item><guid>" + b"&amp;" * 1000 + b"</guid></item>"), "a guid is not plain text"),
        (a_feed(b"<item><guidance>1</guidance></item>"), "an entry has no guid"),
        (a_feed(b'<item><guid a=">">1</guid></item>'), "an attribute of a guid"),
        (a_feed(b"<item><x><guid>1</guid></x><guid>2</guid></item>"), "an entry has two guids"),
        (a_feed(b"<item><guid>1<b>2</b></guid></item>"), "a guid is not plain text"),
        (a_feed(an_item(1), an_item(1)), "two entries have the same guid"),
        (a_feed(b"<item><guid>1</guid>", an_item(2)), "an entry does not end"),
        (a_feed(an_item(1), b"<!-- <item>x</item> -->", an_item(2)), "something stands between two entries"),
        (a_feed(an_item(1), b"<title>late</title>", an_item(2)), "something stands between two entries"),
        (a_feed(b"<items><guid>1</guid></item>"), "an element that only begins like an entry"),
        (a_feed(an_item(1, b"<d><![CDATA[</item><item><guid>9</guid>]]></d>")), "an entry ends inside a CDATA section"),
        (a_feed(an_item(1, b"<d><![CDATA[ <item> ]]></d>")), "an entry does not end"),
        (
            a_feed(b"<item><d><![CDATA[<guid>9</guid>]]></d></item>"),
            "a guid stands inside a CDATA section",
        ),
        (a_feed(an_item(1, b"<!-- </item><item> -->")), "a comment stands in an entry"),
        (a_feed(an_item(1, b"<?php </item><item> ?>")), "a comment stands in an entry"),
        (a_feed(an_item(1, b"<d>]]></d><d><![CDATA[</item><item><guid>2</guid>]]></d>")), "an entry ends inside"),
        (a_feed(b"<item><guid>1</guid><content:encoded><![CDATA[x]]></item>"), "a full text does not end"),
        (b"<!DOCTYPE rss [<!ENTITY g '1'>]>" + a_feed(an_item(1)), "a document type may define entities"),
        (a_feed(an_item(1)).replace(b"UTF-8", b"windows-1256"), "written in windows-1256"),
        (a_feed(an_item(1)).decode().encode("utf-16"), "not RSS 2"),
    ],
)
def test_bytes_that_could_mislead_are_not_trusted(body: bytes, why: str) -> None:
    """The whole feed is parsed instead."""
    assert why_not(body).startswith(why)


def test_an_entry_quoted_in_an_article_is_no_entry() -> None:
    """An article about RSS holds `</item>` in its text: distrusted, and parsed as one."""
    quoted = a_feed(an_item(1, b"<d><![CDATA[<pre></item><item><guid>9</guid></pre>]]></d>"), an_item(2))
    why_not(quoted)
    assert [entry.guid[-1] for entry in parse(quoted, {}, FEED)] == ["1", "2"]


def test_an_end_of_entry_quoted_in_an_article_is_harmless() -> None:
    """Where no beginning is quoted, the last end before the next beginning is the real one."""
    body = a_feed(an_item(1, b"<d><![CDATA[ </item> ]]></d>"), an_item(2))
    assert [sighting.key for sighting in trusted(body).sightings] == [key(1), key(2)]


@pytest.mark.parametrize(
    "content_type", ["text/xml; charset=windows-1256", 'application/rss+xml; charset="ISO-8859-1"']
)
def test_a_header_that_names_another_charset_is_believed(content_type: str) -> None:
    """It wins over the one in the document, so the bytes may not be what they seem."""
    assert why_not(a_feed(an_item(1)), content_type).startswith("written in")


def test_a_feed_of_ten_thousand_entries_is_read_to_the_thousandth() -> None:
    """The newest stand first; no news feed is that long."""
    assert len(trusted(a_feed(*map(an_item, range(MOST_ENTRIES + 500)))).sightings) == MOST_ENTRIES


@pytest.mark.parametrize(
    ("body", "short"),
    [
        (a_feed(an_item(1)), False),
        (a_feed(an_item(1)) + b"\n<!-- cached -->\n", False),
        (b"\xef\xbb\xbf" + a_feed(an_item(1)), False),
        (a_feed(an_item(1))[:-6], True),
        (a_feed(an_item(1))[:200], True),
        (b"<rss/>", False),
        (b'<?xml version="1.0"?><!-- <a> --><feed><entry/></feed>', False),
        (b'<?xml version="1.0"?><!-- <a> --><feed><entry/>', True),
        (b"<!DOCTYPE html><html><body>", True),
        (b"<!DOCTYPE rss [ <!ENTITY a 'b'> ]><rss></rss>", False),
        (b"<rdf:RDF></rdf:RDF>", False),
        (b'{"version": 1}', False),
        (b"", False),
        (b"<?x?>" * 800, False),
        (b"<?x" * 1300, False),
    ],
)
def test_a_body_whose_end_is_missing_is_known(body: bytes, *, short: bool) -> None:
    """Its last entry may be half a story."""
    assert is_cut_short(body) is short


SCRAPS = (
    b"",
    b"<item>",
    b"</item>",
    b"<![CDATA[",
    b"]]>",
    b"<guid>",
    b"</guid>",
    b"\0",
    b"<!--",
    b"-->",
    b"&amp;",
    b"<?",
)


def is_well_formed(body: bytes) -> bool:
    """Whether a strict parser takes it: only then is there one right way to read it."""
    try:
        expat.ParserCreate().Parse(body, True)  # noqa: FBT003 - the standard library takes it by position only.
    except expat.ExpatError:
        return False
    return True


@settings(max_examples=100)
@given(st.data())
def test_no_mutation_breaks_the_scan(data: st.DataObject) -> None:
    """Bytes cut out, doubled and replaced: it is scanned or distrusted, and never takes an entry for another."""
    body = a_feed(*map(an_item, range(4)))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 60)))
        scrap = data.draw(st.sampled_from(SCRAPS))
        body = body[:start] + scrap + body[end:]
    found = scan(body)
    if isinstance(found, Scan):
        keys = [each.key for each in found.sightings]
        assert len(set(keys)) == len(keys)
        if is_well_formed(body):
            assert [key_of(entry.guid) for entry in parse(body, {}, FEED)] == keys
