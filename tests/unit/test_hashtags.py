"""Hashtags: what X and Telegram link, in the order of what the headline says."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.hashtags import LONGEST, hashtag_of, hashtags_of

HEADLINE = "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين"
LEAD = "استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي."
TAGS = ("بوتين", "روسيا", "كوريا الشمالية", "كيم يونج أون")


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("كوريا الشمالية", "#كوريا_الشمالية"),
        ("الشرق قادم", "#الشرق_قادم"),
        ("حرب-السودان", "#حرب_السودان"),
        ("أوبك+", "#أوبك"),
        ("F-16", "#F_16"),
        ("«طوفان الأقصى»", "#طوفان_الأقصى"),
        ("كأس العالم 2026", "#كأس_العالم_2026"),
        ("عَاجِلٌ", "#عاجل"),
        ("عـــاجل", "#عاجل"),
        ("النفط & الغاز", "#النفط_الغاز"),
        ("U.S.", "#US"),
        ("#غزة", "#غزة"),
        ("كو\u200fريا", "#كوريا"),
        ("می\u200cخواهم", "#می_خواهم"),
        ("2026", ""),
        ("٢٠٢٦", ""),
        ("—", ""),
        ("", ""),
        ("وزارة التعليم العالي والبحث العلمي", ""),
    ],
)
def test_a_name_becomes_a_tag_by_the_rules_of_x(name: str, tag: str) -> None:
    """Signs part or vanish, vowel signs and tatweel go, and a tag needs a letter and at most thirty signs."""
    assert hashtag_of(name) == tag


def test_the_tags_of_the_sample_article_come_as_an_editor_would_order_them() -> None:
    """The section, then what the headline names, in its order; of روسيا it speaks by روسي."""
    section_first = hashtags_of(TAGS, HEADLINE, LEAD, 3, section="الشرق قادم")
    assert section_first == ("#الشرق_قادم", "#كوريا_الشمالية", "#روسيا")


def test_without_a_section_the_lead_and_then_the_editor_decide() -> None:
    """After the headline's names come the lead's, then the rest as they were given."""
    assert hashtags_of(TAGS, HEADLINE, LEAD, 9) == ("#كوريا_الشمالية", "#روسيا", "#كيم_يونج_أون", "#بوتين")


def test_a_name_is_met_with_a_preposition_written_onto_it() -> None:
    """بروسيا speaks of روسيا, ولبنان of لبنان, للسودان of السودان, and مصرع not of مصر."""
    headline = "مصرع خمسة بروسيا ولبنان يرسل فريقًا للسودان وببيروت حداد"
    tags = ("مصر", "بيروت", "السودان", "لبنان", "روسيا")
    assert hashtags_of(tags, headline, "", 4) == ("#روسيا", "#لبنان", "#السودان", "#بيروت")


def test_labels_and_generic_sections_are_no_tags() -> None:
    """The kicker stands in the post already, and «أخبار» says nothing."""
    assert hashtags_of(("عاجل", "أخبار", "غزة"), "خبر", "", 9, section="أخبار", generic=("أخبار",)) == ("#غزة",)


def test_a_tag_that_stands_in_the_headline_is_not_repeated() -> None:
    """An author who wrote #غزة has tagged the post."""
    assert hashtags_of(("غزة", "مصر"), "#غزة: دخول المساعدات", "", 2) == ("#مصر",)


def test_two_spellings_of_one_name_are_one_tag() -> None:
    """Hamza and final letters do not make another tag."""
    assert hashtags_of(("الإمارات", "الامارات", "إيران"), "", "", 9) == ("#الإمارات", "#إيران")


def test_no_more_than_asked_for() -> None:
    """A limit of none gives none."""
    assert hashtags_of(TAGS, HEADLINE, LEAD, 0, section="الشرق قادم") == ()


@given(st.text(max_size=50))
@settings(max_examples=100)
def test_whatever_the_name_the_tag_is_linked_whole(name: str) -> None:
    """One sign, then letters, marks, digits and underscores only, with a letter among them (twitter-text's rule)."""
    tag = hashtag_of(name)
    assert tag == "" or (re.fullmatch(r"#\w+", tag) and not tag[1:].isdigit() and len(tag) <= LONGEST + 1)
