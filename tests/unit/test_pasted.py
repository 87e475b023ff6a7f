"""An article pasted as text: what each line is, when no markup says it."""

from pathlib import Path

import pytest

from feeds.pasted import entry_of_text
from newsroom.errors import EntryRefused
from newsroom.site import Site

SITE = Site(name="الوسط العربي", sections=("الشرق قادم", "أخبار", "الشرق", "قادم الأيام"))
TITLE = "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون"
LEAD = "استقبل زعيم كوريا الشمالية كيم يونج أون، وفدًا عسكريًا من الاتحاد الروسي."
SECOND = "أجرى الزعيم محادثات مع نائب وزير الدفاع الروسي، الذي نقل تحيات الرئيس."


def pasted(*lines: str) -> str:
    """Lines as they come out of a browser, with empty ones between."""
    return "\n\n\u00a0\n".join(lines)


def test_a_pasted_article_gives_headline_byline_lead_and_body() -> None:
    """Subheadings, captions that come twice and the footer are left out."""
    text = pasted(
        "أخبارالشرق قادمعاجل",
        TITLE,
        "تقرير: محمد الحكيم",
        LEAD,
        "التعاون العسكري",
        SECOND,
        "زيارة بوتين",
        "زيارة بوتين",
        "لمزيد من الأخبار زوروا موقعنا: الوسط العربي",
        "مقالات ذات صلة",
        "بوتين يصل إلى بيونغ يانغ في زيارة رسمية تستمر يومين.",
    )
    entry = entry_of_text(text, SITE)
    assert (entry.title, entry.byline, entry.lead, entry.body) == (TITLE, "محمد الحكيم", LEAD, f"{LEAD}\n{SECOND}")
    assert entry.categories == ("أخبار", "الشرق قادم", "عاجل")
    assert (entry.link, entry.site, entry.post_id) == ("", "", None)


@pytest.mark.parametrize(
    ("line", "sections"),
    [
        ("أخبارالشرق قادمعاجل", ("أخبار", "الشرق قادم", "عاجل")),
        ("أخبار الشرق قادم عاجل", ("أخبار", "الشرق قادم", "عاجل")),
        ("الرئيسية / أخبار / الشرق قادم", ("أخبار", "الشرق قادم")),
        ("الرئيسية » عاجل", ("عاجل",)),
        ("اخبار | عاجل", ("أخبار", "عاجل")),
        ("الشرقعاجل", ("الشرق", "عاجل")),
        ("عاجل", ("عاجل",)),
        ("منوعات", ("منوعات",)),
    ],
)
def test_a_line_of_sections_before_the_headline_is_read_as_sections(line: str, sections: tuple[str, ...]) -> None:
    """Glued, parted or alone; the longest names first, in any spelling, and nothing may be left over."""
    entry = entry_of_text(pasted(line, TITLE, LEAD), SITE)
    assert (entry.categories, entry.title) == (sections, TITLE)


def test_sections_on_lines_of_their_own_are_all_read() -> None:
    """Some themes print one below the other."""
    entry = entry_of_text(pasted("أخبار", "الشرق قادم", "عاجل", TITLE, LEAD), SITE)
    assert (entry.categories, entry.title) == (("أخبار", "الشرق قادم", "عاجل"), TITLE)


def test_glued_sections_are_no_headline_on_a_site_whose_sections_nobody_told() -> None:
    """The generic names and the name for breaking stick to the unknown one as no word does."""
    entry = entry_of_text(pasted("أخبارالشرق قادمعاجل", TITLE, LEAD), Site())
    assert (entry.categories, entry.title) == (("أخبار", "الشرق قادم", "عاجل"), TITLE)


@pytest.mark.parametrize(
    "title",
    [
        "عاجل | مقتل 5 أشخاص في انهيار مبنى سكني بالإسكندرية",
        "أخبار سارة لأصحاب المعاشات",
        "وفاة طفل بسبب الطعام",
        "الشرق قادم: هل تتغير خريطة التحالفات؟",
        "الأهلي يفوز على الزمالك 2 – 1..",
    ],
)
def test_a_headline_that_names_a_section_is_a_headline(title: str) -> None:
    """Only a line that consists of sections and of nothing else is a line of sections."""
    entry = entry_of_text(pasted(title, "فاز الفريق على منافسه في المباراة النهائية", LEAD), SITE)
    assert (entry.title, entry.categories) == (title, ())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing stands in it"),
        (" \n\u00a0\n\u200f", "nothing stands in it"),
        (LEAD, "ends with a full stop"),
        (f"{LEAD}\n{SECOND}", "ends with a full stop"),
        ("كلمة " * 26, "has 26 words"),
        ("تقرير: محمد الحكيم", "nothing stands in it"),
        ("لمزيد من الأخبار زوروا موقعنا: الوسط العربي", "nothing stands in it"),
        ("https://site.example.com/?p=7", "nothing stands in it"),
        ("🔴🔴🔴\n" + LEAD, "has no words"),
    ],
)
def test_a_text_without_a_headline_is_refused_with_the_reason(text: str, why: str) -> None:
    """A paragraph is not made a headline: the editor is told to write one."""
    with pytest.raises(EntryRefused, match="There is no headline in the text") as raised:
        entry_of_text(text, SITE)
    assert why in str(raised.value)


def test_a_headline_alone_is_enough() -> None:
    """A breaking line has no text yet."""
    entry = entry_of_text("عاجل | زلزال يضرب كريت", SITE)
    assert (entry.title, entry.lead, entry.body) == ("عاجل | زلزال يضرب كريت", "", "")


@pytest.mark.parametrize(
    "line",
    [
        "https://www.site.example.com/?p=7&utm_source=x",
        "<https://www.site.example.com/?p=7>",
        "الرابط: https://www.site.example.com/?p=7",
    ],
)
def test_an_address_on_a_line_of_its_own_is_the_link(line: str) -> None:
    """With or without a label; WordPress's short form names the post as well."""
    entry = entry_of_text(pasted(TITLE, LEAD, line), SITE)
    assert (entry.link, entry.shortlink) == ("https://www.site.example.com/?p=7",) * 2
    assert (entry.site, entry.post_id, entry.title) == ("site.example.com", 7, TITLE)


def test_an_address_inside_a_sentence_is_no_link_of_the_article() -> None:
    """It leads to what the sentence speaks of."""
    assert entry_of_text(pasted(TITLE, f"{LEAD} راجع https://other.example.com/x للمزيد."), SITE).link == ""


def test_a_name_before_the_date_is_the_byline() -> None:
    """Themes print it without a label between headline and text."""
    entry = entry_of_text(pasted(TITLE, "محمد الحكيم", "20 يوليو، 2024", "دقيقتان", LEAD), SITE)
    assert (entry.byline, entry.lead, entry.body) == ("محمد الحكيم", LEAD, LEAD)


def test_what_stands_before_the_headline_without_being_one_is_passed_over() -> None:
    """A date, a byline, a link to another story."""
    entry = entry_of_text(pasted("20 يوليو، 2024", "اقرأ أيضًا: خبر آخر", "تقرير: محمد الحكيم", TITLE, LEAD), SITE)
    assert (entry.title, entry.byline, entry.lead) == (TITLE, "محمد الحكيم", LEAD)


def test_a_line_of_hashtags_gives_tags() -> None:
    """Editors paste their own posts too."""
    entry = entry_of_text(pasted(TITLE, LEAD, "#كوريا_الشمالية #روسيا"), SITE)
    assert entry.categories == ("كوريا الشمالية", "روسيا")


def test_a_headline_that_comes_twice_is_one() -> None:
    """Once from the title and once from the heading."""
    entry = entry_of_text(pasted(TITLE, TITLE, LEAD), SITE)
    assert (entry.title, entry.lead) == (TITLE, LEAD)


def test_the_sample_reads_alike_with_any_kind_of_line_end() -> None:
    """Windows, old Mac, and line separators of word processors."""
    text = (Path(__file__).parents[1] / "data" / "alwasat" / "pasted.txt").read_text(encoding="utf-8")
    assert len({entry_of_text(text.replace("\n", end), SITE) for end in ("\n", "\r\n", "\r", "\u2028")}) == 1


def test_a_pasted_book_is_read_only_at_its_beginning() -> None:
    """A hundred thousand letters are ten times the longest story."""
    entry = entry_of_text(TITLE + "\n" + f"{LEAD}\n{SECOND}\n" * 100_000, SITE)
    assert entry.title == TITLE
    assert len(entry.body) <= 20_000


def test_signs_of_lists_and_of_bold_are_no_words() -> None:
    """A page's trail of sections comes with bullets, a chat's bold line with stars."""
    entry = entry_of_text(pasted("• مصر", "*عاجل | ارتفاع عدد المصابين في حادث قطار طنطا*", LEAD), Site())
    assert (entry.categories, entry.title) == (("مصر",), "عاجل | ارتفاع عدد المصابين في حادث قطار طنطا")


def test_a_trail_that_ends_in_the_cut_title_is_no_headline() -> None:
    """Newspaper prints it above the section."""
    lines = ("الرئيسية مصر ارتفاع عدد المصابين...", "مصر", "ارتفاع عدد المصابين في حادث قطار طنطا إلى 37", LEAD)
    assert entry_of_text(pasted(*lines), Site()).title == lines[2]
