"""The bytes of a feed become entries, or a sentence that says why not."""

import json
import logging
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from feeds.bounds import MOST_ENTRIES
from feeds.parse import parse
from newsroom.entry import Entry
from newsroom.errors import FetchFailed

FEED = "https://site.example.com/feed/"
ALWASAT = Path(__file__).parents[1] / "data" / "alwasat"
ITEM = "<item><title>{0}</title><link>https://site.example.com/{0}</link><guid isPermaLink='false'>{0}</guid></item>"


def rss(*items: str, end: str = "</channel></rss>") -> bytes:
    """An RSS 2 feed."""
    return f"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>c</title>{''.join(items)}{end}".encode()


def titles(body: bytes, content_type: str = "") -> list[str]:
    """Titles of a feed's entries."""
    return [entry.title for entry in parse(body, {"Content-Type": content_type} if content_type else {}, FEED)]


def refusal(body: bytes) -> str:
    """The sentence with which a body is refused."""
    with pytest.raises(FetchFailed) as raised:
        parse(body, {}, FEED)
    return str(raised.value)


@pytest.mark.parametrize("name", ["feed.xml", "feed-2.xml", "feed-breaking.xml"])
def test_the_sample_feeds_give_their_expected_twins(name: str) -> None:
    """Every entry, in the order of the document, field by field."""
    expected = json.loads((ALWASAT / "expected.json").read_text(encoding="utf-8"))[name]
    entries = parse((ALWASAT / name).read_bytes(), {}, "https://alwasat.example.com/feed/")
    assert [_as_twin(entry) for entry in entries] == expected


def _as_twin(entry: Entry) -> dict[str, Any]:
    return {
        "post_id": entry.post_id,
        "title": entry.title,
        "byline": entry.byline,
        "categories": list(entry.categories),
        "lead": entry.lead,
        "pictures": [picture.url for picture in entry.pictures],
        "published": entry.published.isoformat() if entry.published else None,
    }


def test_an_edited_headline_keeps_its_identity() -> None:
    """Twenty minutes later the first headline reads otherwise; guid, number and link are the same."""
    first, second = (
        next(entry for entry in parse((ALWASAT / name).read_bytes(), {}, FEED) if entry.post_id == 48207)
        for name in ("feed.xml", "feed-2.xml")
    )
    assert first.title != second.title
    assert (first.guid, first.link, first.shortlink) == (second.guid, second.link, second.shortlink)


@pytest.mark.parametrize(
    "label", ["", "text/xml", "text/xml; charset=iso-8859-1", "application/rss+xml; charset=utf-8"]
)
@pytest.mark.parametrize("declared", ["", "windows-1256", "utf-8", "iso-8859-1"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "cp1256"])
def test_arabic_titles_are_intact_in_every_charset_and_under_every_label(
    charset: str, declared: str, label: str
) -> None:
    """What the document and the header say of the charset is believed only where the letters agree."""
    text = (ALWASAT / "feed.xml").read_text(encoding="utf-8")
    head = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    body = (head + text.partition("?>")[2]).encode(charset, "xmlcharrefreplace")
    assert titles(body, label) == titles(text.encode())


def test_an_entry_in_another_charset_than_its_feed_is_left_out_aloud(caplog: pytest.LogCaptureFixture) -> None:
    """The others come; a headline of broken letters is never posted."""
    broken = ITEM.format("نص").encode().replace("نص".encode(), "خبر عاجل من القاهرة".encode("cp1256"), 1)
    body = rss(ITEM.format("أول خبر في النشرة"), "@", ITEM.format("ثالث خبر في النشرة")).replace(b"@", broken)
    with caplog.at_level(logging.WARNING):
        assert titles(body) == ["أول خبر في النشرة", "ثالث خبر في النشرة"]
    assert "1 entries of https://site.example.com/feed/ are left out" in caplog.text
    assert "its letters cannot be read" in caplog.text


@pytest.mark.parametrize(
    ("body", "looks"),
    [
        (b"", "nothing at all"),
        (b" \n\t", "nothing at all"),
        ("<!DOCTYPE html><html><head><title>خطأ 404</title></head></html>".encode(), "an HTML page titled «خطأ 404»"),
        (b"\xef\xbb\xbf<html><body>maintenance</body></html>", "an HTML page without a title"),
        (b"<html><body><rss><channel><item><title>x</title></item></channel></rss></body></html>", "an HTML page"),
        (b"Error establishing a database connection", "plain text that begins «Error establishing"),
        (b"<sitemapindex><sitemap/></sitemapindex>", "XML whose root is <sitemapindex>"),
        (b'{"code":"rest_no_route"}', "JSON that is no JSON Feed"),
        (b'{"version":', "JSON that cannot be read"),
        (b"[" * 100_000, "JSON that cannot be read"),
        (rss(end=""), "breaks off before its first entry is complete"),
        (rss("<item><title>زعيم كور", end=""), "breaks off before its first entry is complete"),
        (b"\0" * 1_000, "plain text"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_sentence_that_says_what_it_is(body: bytes, looks: str) -> None:
    """The operator learns which feed it was and what stood there."""
    sentence = refusal(body)
    assert looks in sentence
    assert FEED in sentence


def test_a_feed_without_entries_is_a_feed() -> None:
    """A new section has none yet."""
    assert parse(rss(), {}, FEED) == ()


def test_a_feed_that_breaks_off_gives_its_whole_entries_alone() -> None:
    """Half a headline is none."""
    assert titles(rss(ITEM.format("a"), ITEM.format("b"), ITEM.format("c")[:40], end="")) == ["a", "b"]


@pytest.mark.parametrize(
    "before",
    ["\n\n", "<br />\n<b>Warning</b>: include(): failed in <b>/x.php</b><br />\n", "\ufeff\ufeff", "<!-- cached -->"],
)
def test_what_a_server_prints_before_the_feed_is_passed_over(before: str) -> None:
    """PHP's warnings and empty lines are the commonest breakage of WordPress feeds."""
    assert titles(before.encode() + rss(ITEM.format("a"))) == ["a"]


@pytest.mark.parametrize("spoiler", ["\x0b", "\x03", "\x00", "&nbsp;", "&", "<b>x", "\uffff"])
def test_signs_that_xml_forbids_spoil_no_feed(spoiler: str) -> None:
    """Editors paste them from word processors."""
    assert (
        len(titles(rss(ITEM.format("a"), ITEM.format("b").replace("<title>b", f"<title>b{spoiler}"), ITEM.format("c"))))
        == 3
    )


_NO_CHARACTER = [
    "&#xD83D;",
    "&#56832;&#55357;",
    "&#55357",
    "&#x110000;",
    "&#99999999999999999999;",
    f"&#{'9' * 5000};",
    "&#0;",
    "&#XB;",
]


@pytest.mark.parametrize("place", ["title", "link", "guid", "category", "description"])
@pytest.mark.parametrize("written", [*_NO_CHARACTER, *(no_one.replace("&", "&amp;") for no_one in _NO_CHARACTER)])
def test_a_number_that_stands_for_no_character_spoils_no_entry(written: str, place: str) -> None:
    """Escaped once or twice; all that is read of the entry can be kept."""
    texts = {
        "title": "خبر",
        "link": "https://site.example.com/a",
        "guid": "a",
        "category": "سياسة",
        "description": "كلام",
    }
    item = "".join(f"<{name}>{text}{written if name == place else ''}</{name}>" for name, text in texts.items())
    first, spoilt = parse(rss(ITEM.format("x"), f"<item>{item}</item>"), {}, FEED)
    assert (first.title, spoilt.title, spoilt.categories) == ("x", "خبر", ("سياسة",))
    assert spoilt.link.startswith("https://site.example.com/a")
    f"{spoilt.guid}{spoilt.link}{spoilt.title}{spoilt.lead}{spoilt.body}".encode()


@pytest.mark.parametrize(
    "emoji", ["&#55357;&#56832;", "&#xd83d;&#xDE00;", "&#55357;&#xDE00;", "&#128512;", "&#x1f600;"]
)
def test_an_emoji_is_read_however_its_number_is_written(emoji: str) -> None:
    """Also as the two halves that UTF-16 has of it, and in HTML that was escaped for the feed."""
    text = f"<description>&lt;p>{emoji.replace('&', '&amp;')} &lt;b>قال&lt;/b> المتحدث إن الجسر سيفتح غدا&lt;/p></description></item>"
    (entry,) = parse(rss(ITEM.format(f"مبروك {emoji} للفائزين").replace("</item>", text)), {}, FEED)
    assert entry.title == "مبروك 😀 للفائزين"
    assert entry.body.startswith("😀 قال المتحدث")


def test_entities_of_a_document_type_are_not_expanded() -> None:
    """Nine lines of them grow to gigabytes, and some name files."""
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = rss(ITEM.format("x").replace("<title>x", "<title>x &b; &f;")).replace(b"<rss", bomb.encode() + b"<rss")
    (title,) = titles(body)
    assert "aaaa" not in title
    assert "root" not in title


def test_a_body_that_is_a_path_or_an_address_opens_neither(tmp_path: Path) -> None:
    """Feedparser given such a body would read the file or fetch the address."""
    file = tmp_path / "feed.xml"
    file.write_bytes(rss(ITEM.format("secret")))
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/feed"
        for body in (str(file), f"file://{file}", address, f"feed:{address}"):
            assert "plain text" in refusal(body.encode())
        with pytest.raises(BlockingIOError):
            server.accept()


def test_at_most_a_thousand_entries_are_read_and_they_are_the_first() -> None:
    """The rest is older; thirty thousand would take seconds."""
    found = titles(rss(*(ITEM.format(number) for number in range(3_000))))
    assert found == [str(number) for number in range(MOST_ENTRIES)]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (rss("<item><title>x</title>" + "<category>a</category>" * 20_000 + "</item>"), "categories"),
        (rss("<item><title>x</title>" + "<a>" * 400_000 + "</item>"), "elements"),
        (
            rss("<item " + " ".join(f"a{number}='1'" for number in range(50_000)) + "><title>x</title></item>"),
            "attributes",
        ),
    ],
)
def test_a_feed_that_is_made_to_be_slow_is_refused_at_once(body: bytes, why: str) -> None:
    """Each of these took feedparser seconds or minutes."""
    assert why in refusal(body)


def test_keywords_without_end_are_left_out_of_an_entry() -> None:
    """They would be compared each with each; the story itself is read."""
    keywords = f"<tags>{','.join(map(str, range(100_000)))}</tags>"
    (entry,) = parse(rss(ITEM.format("x").replace("</item>", f"{keywords}</item>")), {}, FEED)
    assert (entry.title, entry.categories) == ("x", ())


@pytest.mark.parametrize("kept", ["<guid>7</guid>", "<link>https://site.example.com/7</link>", "<title>x</title>"])
def test_an_entry_is_kept_when_anything_names_it(kept: str) -> None:
    """One without a title is for the judgement to hold; one without anything is none."""
    assert len(parse(rss(f"<item>{kept}</item>", "<item><description>x</description></item>"), {}, FEED)) == 1


def test_atom_gives_the_same_fields() -> None:
    """With labels before terms, and the date of the change beside the date of publication."""
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><title>f</title><entry><title type="html">&lt;b&gt;عنوان&lt;/b&gt; &amp;amp; خبر</title>
    <id>https://site.example.com/?p=7</id><link href="https://site.example.com/a/"/><link rel="enclosure" type="image/jpeg" href="/a.jpg"/>
    <published>2024-07-20T21:00:00Z</published><updated>2024-07-20T22:00:00Z</updated><author><name>سارة محمود</name></author>
    <category term="news" label="أخبار"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>استقبل زعيم كوريا الشمالية وفدًا عسكريًا روسيًا اليوم.</p></div></content>
    </entry></feed>"""
    (entry,) = parse(body.encode(), {"content-type": "application/atom+xml"}, FEED)
    assert entry.title == "عنوان & خبر"
    assert (entry.post_id, entry.link, entry.byline, entry.categories) == (
        7,
        "https://site.example.com/a/",
        "سارة محمود",
        ("أخبار",),
    )
    assert entry.lead == "استقبل زعيم كوريا الشمالية وفدًا عسكريًا روسيًا اليوم."
    assert entry.pictures[0].url == "https://site.example.com/a.jpg"
    assert entry.published == datetime(2024, 7, 20, 21, tzinfo=UTC)
    assert entry.modified == datetime(2024, 7, 20, 22, tzinfo=UTC)


def test_rss_1_gives_entries_that_stand_beside_their_channel() -> None:
    """RDF: the address is an attribute, the date is Dublin Core's."""
    body = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <channel rdf:about="https://site.example.com/"><title>c</title></channel>
    <item rdf:about="https://site.example.com/a"><title>عنوان</title><link>https://site.example.com/a</link><dc:date>2024-07-20T21:00:00Z</dc:date></item></rdf:RDF>"""
    (entry,) = parse(body.encode(), {}, FEED)
    assert (entry.title, entry.guid, entry.link) == (
        "عنوان",
        "https://site.example.com/a",
        "https://site.example.com/a",
    )
    assert entry.published == datetime(2024, 7, 20, 21, tzinfo=UTC)


def test_json_feed_gives_the_same_fields() -> None:
    """Versions 1 and 1.1, with writers under either name."""
    row = {
        "id": 7,
        "url": "https://site.example.com/a/",
        "title": "عنوان",
        "content_html": "<p>استقبل زعيم كوريا الشمالية وفدًا عسكريًا روسيًا اليوم.</p>",
        "date_published": "2024-07-21T00:00:00+03:00",
        "author": {"name": "سارة محمود"},
        "tags": ["أخبار", 5, None],
        "image": "https://site.example.com/a.jpg",
        "attachments": [{"url": "https://site.example.com/b.jpg", "mime_type": "image/jpeg"}, 3],
    }
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [row, "x", {"id": ""}]})
    (entry,) = parse(body.encode(), {}, FEED)
    assert (entry.guid, entry.title, entry.link, entry.byline) == (
        "7",
        "عنوان",
        "https://site.example.com/a/",
        "سارة محمود",
    )
    assert entry.categories == ("أخبار",)
    assert entry.lead == "استقبل زعيم كوريا الشمالية وفدًا عسكريًا روسيًا اليوم."
    assert [picture.url[-5:] for picture in entry.pictures] == ["a.jpg", "b.jpg"]
    assert entry.published == datetime(2024, 7, 20, 21, tzinfo=UTC)


_HALF = "\ud83d"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"id": "a" + _HALF},
        {"url": "https://site.example.com/a" + _HALF},
        {"title": "عنوان" + _HALF},
        {"image": f"https://site.example.com/{_HALF}a.jpg"},
        {"content_html": f'<p><img src="/{_HALF}a.jpg">كلام{_HALF}</p>'},
        {"attachments": [{"url": f"https://site.example.com/{_HALF}b.jpg", "mime_type": "image/jpeg"}]},
        {"authors": [{"name": "سارة" + _HALF}], "tags": ["سياسة" + _HALF], "date_published": _HALF},
    ],
)
def test_half_a_character_in_json_costs_no_entry(spoilt: dict[str, Any]) -> None:
    """A title that was cut in the middle of an emoji; what is read can be kept, and a whole emoji is left whole."""
    row = {"id": "a", "url": "https://site.example.com/a", "title": "عنوان", **spoilt}
    items = [row, {"id": "b", "title": "ثان 😀"}]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    first, second = parse(body.encode(), {}, FEED)
    assert (first.guid, first.title, first.link) == ("a", "عنوان", "https://site.example.com/a")
    assert second.title == "ثان 😀"
    texts = (*first.categories, first.byline, first.lead, first.body, *(picture.url for picture in first.pictures))
    "".join(texts).encode()


def test_a_feed_of_excerpts_gives_the_first_sentence_without_what_wordpress_added() -> None:
    """The byline is glued to the sentence, the excerpt breaks off, and Yoast signs below it."""
    description = (
        "<p>تقرير: محمد الحكيم استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا. أجرى محادثات حسبما [&#8230;]</p>"
        "<p>ظهرت المقالة <a href='/'>عنوان</a> أولاً على <a href='/'>الوسط العربي</a>.</p>"
    )
    item = f"<item><title>عنوان</title><dc:creator>محمد الحكيم</dc:creator><description><![CDATA[{description}]]></description></item>"
    (entry,) = parse(rss(item).replace(b"<rss ", b"<rss xmlns:dc='http://purl.org/dc/elements/1.1/' "), {}, FEED)
    assert entry.lead == "استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا."
    assert entry.byline == "محمد الحكيم"


def test_a_date_in_arabic_words_is_read() -> None:
    """Plugins translate what the standard writes in English."""
    (entry,) = parse(
        rss("<item><title>x</title><pubDate>السبت, 20 يوليو 2024 21:00:00 +0000</pubDate></item>"), {}, FEED
    )
    assert entry.published == datetime(2024, 7, 20, 21, tzinfo=UTC)
    assert entry.modified is None


def test_direction_marks_and_invisible_letters_are_taken_out_of_a_title() -> None:
    """They could make a headline read backwards."""
    assert (
        titles(rss(ITEM.format("ok"), "<item><title>\u202eعاجل\u202c\u2066 خ\u200bبر</title></item>"))[1] == "عاجل خبر"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<p>يعقد مجلس الأمن الدولي جلسة طارئة مساء اليوم.</p>",
        "  <p>سطر\r\nوسطر</p>\r\n",
        "<p>end of a section: ]]]]><![CDATA[> and on</p>",
        "<p>It\x92s \x93quoted\x94 as windows-1252 would have it</p>",
        "",
        "ajil-full-text-0",
        "<p>&amp;amp; &lt;b&gt;</p>",
    ],
)
@pytest.mark.parametrize("described", ["<description><![CDATA[<p>قصير</p>]]></description>", ""])
def test_a_full_text_reads_the_same_whether_feedparser_sees_it_or_not(text: str, described: str) -> None:
    """It is set aside only where it is one CDATA section; a space in the tag keeps it in."""
    feed = (
        "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
        "<item><title>خبر</title><guid>urn:1</guid>{}<content:encoded{}><![CDATA[{}]]></content:encoded></item>"
        "</channel></rss>"
    )
    aside, seen = (parse(feed.format(described, space, text).encode(), {}, FEED) for space in ("", " "))
    assert aside == seen
