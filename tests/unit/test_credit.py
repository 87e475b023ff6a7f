"""Bylines are published: what is one, what only looks like one, and what stands glued to the front of a lead."""

import pytest

from feeds.credit import byline_of, is_dateline, without_credits, writer_of


@pytest.mark.parametrize(
    ("text", "writer"),
    [
        ("تقرير: محمد الحكيم", "محمد الحكيم"),
        ("تقرير : محمد الحكيم", "محمد الحكيم"),
        ("كتب - أحمد علي:", "أحمد علي"),
        ("كتبت| سارة محمود", "سارة محمود"),
        ("كتب/ت: منى سعيد", "منى سعيد"),
        ("كتب محمد الحكيم", "محمد الحكيم"),
        ("✍️ بقلم: د. حسام فوزي", "د. حسام فوزي"),
        ("إعداد – محمد عبد الرحمن أبو زيد", "محمد عبد الرحمن أبو زيد"),
        ("اعداد: محمد الحكيم وأحمد علي", "محمد الحكيم وأحمد علي"),
        ("تقرير وتصوير: محمد الحكيم", "محمد الحكيم"),
        ("تقرير: محمد الحكيم - القاهرة", "محمد الحكيم"),
        ("كتب: القاهرة - محمد علي", "محمد علي"),
        ("مراسلنا من غزة: أحمد منصور", "أحمد منصور"),
        ("القاهرة: محمد الحكيم", "محمد الحكيم"),
        ("By: John Smith", "John Smith"),
        ("by John Smith", "John Smith"),
        ("بواسطة علي حسن - 29 نوفمبر، 2026", "علي حسن"),
        ("كتبت سارة محمود - القاهرة", "سارة محمود"),
    ],
)
def test_a_byline_gives_the_name_without_its_label(text: str, writer: str) -> None:
    """Labels, delimiters, places and photographers around the name are left out."""
    assert byline_of(text) == writer


@pytest.mark.parametrize(
    "text",
    [
        "تقرير: إيران تستعد للرد",
        "تقرير: إسرائيل تستعد لضرب إيران",
        "تقرير: 40% من الشباب بلا عمل",
        "تقرير: رويترز",
        "تصوير: أحمد علي",
        "كتب: admin",
        "كتب التاريخ الجديد",
        "كتب محمد صلاح اسمه في التاريخ",
        "كتب محمد صلاح - اسمه في التاريخ",
        "القاهرة: لا تفاوض",
        "القاهرة – رويترز",
        "محمد الحكيم",
        "استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي.",
        "",
    ],
)
def test_what_only_looks_like_a_byline_is_none(text: str) -> None:
    """Headlines, agencies, photographers, accounts and sentences are not printed as somebody's name."""
    assert byline_of(text) == ""


@pytest.mark.parametrize(
    "account",
    [
        "admin",
        "Admin",
        "admin2",
        "administrator",
        "wp-admin",
        "مدير الموقع",
        "ادمن",
        "editor",
        "x@example.com",
        "",
        " - ",
    ],
)
def test_an_account_is_no_writer(account: str) -> None:
    """WordPress prints whoever uploaded the article; readers are told only people."""
    assert writer_of(account) == ""


@pytest.mark.parametrize("name", ["محمد الحكيم", "قسم الأخبار", "سارة عبد الله", "Administrative Office of the Court"])
def test_a_name_is_given_as_it_is(name: str) -> None:
    """Names that merely begin like an account's stay."""
    assert writer_of(name) == name


@pytest.mark.parametrize(
    "dateline",
    [
        "القاهرة – رويترز – ",
        "القاهرة (رويترز) - ",
        "بيروت، (أ ف ب) - ",
        "واشنطن/ الأناضول/ ",
        "بيروت في 20 يوليو /وكالات/ ",
        "القاهرة - ",
        "(د ب أ) - ",
    ],
)
def test_a_dateline_is_taken_off_the_front(dateline: str) -> None:
    """Place, agency and date before the first sentence are not of the story."""
    assert without_credits(f"{dateline}قال الرئيس إن الحدود مفتوحة.") == "قال الرئيس إن الحدود مفتوحة."


@pytest.mark.parametrize(
    "text",
    [
        "رويترز: مقتل 5 أشخاص في انفجار",
        "القاهرة: لا تفاوض على السيادة",
        "موسكو - كييف: مفاوضات جديدة",
        "القاهرة تستضيف القمة العربية غدًا",
        "بنا القرية على ضفة النهر",
    ],
)
def test_words_that_attribute_or_tell_stay(text: str) -> None:
    """An attribution is the sentence's own, and a city can be its subject."""
    assert without_credits(text) == text


def test_the_byline_of_a_known_writer_is_taken_off_the_front() -> None:
    """WordPress glues the byline to the first sentence in its excerpts."""
    assert without_credits("تقرير: محمد الحكيم استقبل زعيم كوريا", "محمد الحكيم") == "استقبل زعيم كوريا"
    assert without_credits("تقرير: محمد الحكيمي استقبل", "محمد الحكيم") == "تقرير: محمد الحكيمي استقبل"


@pytest.mark.parametrize(
    "text",
    [
        "القاهرة – رويترز",
        "20 يوليو، 2024",
        "السبت 20 يوليو 2024 09:41 م",
        "منذ 3 ساعات",
        "دقيقتان",
        "الأحد، ٢١ تموز ٢٠٢٤",
    ],
)
def test_a_line_of_place_agency_or_time_is_a_dateline(text: str) -> None:
    """What themes and agencies print between headline and text."""
    assert is_dateline(text)


@pytest.mark.parametrize("text", ["رأي.", "20 قتيلا في غزة", "القاهرة تتحرك", "", "مايو كلينك تحذر"])
def test_a_line_with_a_word_of_its_own_is_no_dateline(text: str) -> None:
    """One word that tells is enough."""
    assert not is_dateline(text)
