"""A story: its keys, what it is filed under, and what of it readers get."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import pytest

from newsroom.entry import Entry
from newsroom.site import Site
from newsroom.story import Kicker, Signal, Story, keys_of_link, learnt, story_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SITE = Site(name="الوسط العربي", sections=("الشرق قادم", "مصر"))
ENTRY = Entry(
    title="عاجل | زعيم كوريا الشمالية يبحث مع وفد روسي تعزيز التعاون",
    feed="https://paper.example.com/feed/",
    site="paper.example.com",
    guid="https://paper.example.com/?p=48207",
    post_id=48207,
    link="https://paper.example.com/%d8%b2%d8%b9%d9%8a%d9%85/?utm_source=rss",
    shortlink="https://paper.example.com/?p=48207",
    byline="محمد الحكيم",
    categories=("أخبار", "الشرق قادم", "عاجل", "بوتين", "روسيا", "كوريا الشمالية"),
    lead="استقبل زعيم كوريا الشمالية وفدًا عسكريًا.",
    body="استقبل زعيم كوريا الشمالية وفدًا عسكريًا.",
    published=NOON - timedelta(minutes=3),
)


def _story(**changes: object) -> Story:
    return story_of(replace(ENTRY, **changes), SITE, NOON)  # type: ignore[arg-type] # each test names fields of Entry


def test_the_sample_article_becomes_the_expected_story() -> None:
    """Headline, label, section, tags and byline as the sample's editors want them."""
    story = _story()
    assert story.headline == "زعيم كوريا الشمالية يبحث مع وفد روسي تعزيز التعاون"
    assert story.kicker is Kicker.BREAKING
    assert story.signals == {Signal.CATEGORY, Signal.TITLE}
    assert (story.section, story.tags) == ("الشرق قادم", ("بوتين", "روسيا", "كوريا الشمالية"))
    assert story.byline == "محمد الحكيم"
    assert story.link == "https://paper.example.com/%D8%B2%D8%B9%D9%8A%D9%85/"
    assert (story.met, story.published, story.dated) == (NOON, ENTRY.published, ENTRY.published)


def test_a_story_has_a_key_for_each_name_it_may_come_under() -> None:
    """WordPress's number first, as it outlives slug and title."""
    story = _story()
    assert story.keys[0] == "post:paper.example.com:48207"
    assert [key.partition(":")[0] for key in story.keys] == ["post", "guid", "link"]
    assert len(story.id) == 16


@pytest.mark.parametrize(
    "again",
    [
        {"title": "كيم يبحث مع وفد روسي تعزيز التعاون"},
        {"link": "https://paper.example.com/kim-2/"},
        {"guid": "http://www.paper.example.com/?p=48207"},
        {"guid": "48207@paper", "link": ""},
        {"post_id": None, "guid": "", "shortlink": ""},
        {"post_id": None, "guid": "", "link": ""},
    ],
)
def test_one_article_is_known_by_any_of_its_names(again: dict[str, object]) -> None:
    """A new title, slug, guid or host, or only a link or shortlink, leaves a key in common."""
    assert set(_story(**again).keys) & set(_story().keys)


@pytest.mark.parametrize(
    "other",
    [
        {
            "post_id": 1,
            "guid": "https://paper.example.com/?p=1",
            "link": "https://paper.example.com/a/",
            "shortlink": "",
        },
        {"site": "other.example.com", "guid": "x", "link": "https://other.example.com/a/", "shortlink": ""},
        {"post_id": None, "guid": "", "link": "https://paper.example.com/", "shortlink": ""},
    ],
)
def test_another_article_shares_no_key_although_the_title_is_the_same(other: dict[str, object]) -> None:
    """A title is no identity, nor is another site's number, nor the home page."""
    assert not set(_story(**other).keys) & set(_story().keys)


def test_a_guid_that_is_no_address_counts_within_its_site() -> None:
    """Two papers both have an entry «12»."""
    plain = {"post_id": None, "link": "", "shortlink": "", "guid": "12"}
    assert _story(**plain).keys != _story(**plain, site="other.example.com").keys


def test_a_pasted_text_is_known_by_its_words() -> None:
    """Title and text together, however they are spelt; another text is another story."""
    pasted = Entry(title="خبر من الميدان اليوم", body="وصلت القافلة صباحًا.")
    story = story_of(pasted, SITE, NOON)
    assert [key.partition(":")[0] for key in story.keys] == ["text"]
    assert story_of(replace(pasted, title="خبر من الميدان اليوم."), SITE, NOON).id == story.id
    assert story_of(replace(pasted, body="تأخرت القافلة."), SITE, NOON).id != story.id


def test_an_id_is_the_same_in_every_process() -> None:
    """The store outlives the worker that made it."""
    assert _story().id == blake2b(b"post:paper.example.com:48207", digest_size=8).hexdigest()


def test_without_configured_sections_the_first_telling_category_is_one() -> None:
    """Generic names and the word for breaking tell nothing."""
    story = story_of(ENTRY, Site(), NOON)
    assert (story.section, story.tags) == ("الشرق قادم", ("بوتين", "روسيا", "كوريا الشمالية"))


def test_a_second_section_is_no_tag() -> None:
    """«مصر» is a section of this paper."""
    story = _story(categories=("عاجل", "مصر", "الشرق قادم", "روسيا", "رُوسيا", "غير مصنف"))
    assert (story.section, story.tags) == ("مصر", ("روسيا",))


@pytest.mark.parametrize("category", ["عاجل", "#عاجل", "عَاجل 🔴", " عاجـل "])
def test_the_sites_own_category_is_a_signal_however_it_is_spelt(category: str) -> None:
    """It is the site's decision and the strongest signal."""
    assert _story(title="افتتاح مدرسة جديدة", categories=(category,)).signals == {Signal.CATEGORY}


def test_a_category_that_only_holds_the_word_is_no_signal() -> None:
    """«مساعدات عاجلة» is a subject."""
    assert _story(title="افتتاح مدرسة جديدة", categories=("مساعدات عاجلة", "الأخبار العاجلة")).signals == frozenset()


def test_a_marker_at_the_end_is_a_signal_of_its_own() -> None:
    """So that a house may trust it less."""
    assert _story(title="افتتاح جسر جديد في القاهرة.. عاجل", categories=()).signals == {Signal.TITLE_SUFFIX}


@pytest.mark.parametrize("byline", ["admin", "Admin", "administrator", "admin2", "webmaster", "أدمن", "مدير الموقع"])
def test_the_sites_own_account_is_no_byline(byline: str) -> None:
    """WordPress writes `admin` where nobody signed."""
    assert _story(byline=byline).byline == ""


@pytest.mark.parametrize(
    "title",
    ["انفجار في بيروت - الوسط العربي", "انفجار في بيروت | الوسط العربي", "الوسط العربي | عاجل: انفجار في بيروت"],
)
def test_the_papers_name_is_no_part_of_a_headline(title: str) -> None:
    """Page titles end in it, some desks begin with it."""
    assert _story(title=title).headline == "انفجار في بيروت"


def test_a_retold_story_keeps_its_name_and_all_its_keys() -> None:
    """The newest words under the oldest id."""
    known, again = (
        _story(),
        _story(title="كيم يستقبل وفدًا روسيًا", link="https://paper.example.com/new/", guid="x", post_id=None),
    )
    told = learnt(known, replace(again, met=NOON + timedelta(hours=1)))
    assert (told.id, told.met, told.headline) == (known.id, known.met, "كيم يستقبل وفدًا روسيًا")
    assert set(told.keys) == {*known.keys, *again.keys}


def test_a_link_alone_gives_the_key_of_its_story() -> None:
    """`ajil why LINK` asks so."""
    keys = _story().keys
    assert set(keys_of_link("https://paper.example.com/زعيم/")) <= set(keys)
    assert keys_of_link("http://www.paper.example.com/?p=48207") == ("post:paper.example.com:48207",)
    assert keys_of_link("https://paper.example.com/") == ()


def test_a_story_without_a_date_is_dated_when_it_was_met() -> None:
    """Pasted text has none."""
    assert _story(published=None).dated == NOON
