"""Likeness: closeness as it was measured, shared text, and what a text does not know."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.gist import Gist, gist_of, title_key
from newsroom.likeness import closeness, cover, is_about, is_same_text, is_told_by, telling_of
from newsroom.story import Story, StoryId
from tests.support.newsroom import MET

TEXT = " ".join(f"كلمة{number}" for number in range(60))


def _story(headline: str, body: str = "") -> Story:
    return Story(StoryId("s"), ("k",), headline, MET, body=body)


def _gist(headline: str, body: str = "") -> Gist:
    return gist_of(_story(headline, body))


def _by_table(left: str, right: str) -> float:
    """The textbook table of the longest common subsequence."""
    row = [0] * (len(right) + 1)
    for char in left:
        above = row
        row = [0]
        for at, other in enumerate(right):
            row.append(above[at] + 1 if char == other else max(row[at], above[at + 1]))
    length = len(left) + len(right)
    return 200.0 * row[-1] / length if length else 100.0


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="ابت جد", max_size=30), st.text(alphabet="ابت جد", max_size=30))
def test_closeness_is_the_textbook_figure(left: str, right: str) -> None:
    """The row of bits gives what the table gives."""
    these, those = _gist(left), _gist(right)
    assert closeness(these, those) == pytest.approx(_by_table(these.line, those.line))
    assert closeness(these, those) == closeness(those, these)


@pytest.mark.parametrize(
    ("left", "right", "figure"),
    [
        ("الأهلي يفوز على الزمالك 2-1", "الزمالك يفوز على الأهلي 2-1", 100.0),
        ("حماس توافق على مقترح الهدنة", "حماس ترفض مقترح الهدنة", 81.6),
        ("مقتل خمسة في حريق", "افتتاح معرض الكتاب", 22.9),
        ("", "", 100.0),
    ],
)
def test_closeness_has_the_figures_that_rapidfuzz_gave(left: str, right: str, figure: float) -> None:
    """`fuzz.token_sort_ratio` over the same keys, by which the thresholds were measured."""
    assert closeness(_gist(left), _gist(right)) == pytest.approx(figure, abs=0.1)


def test_texts_share_what_the_shorter_has_of_the_longer() -> None:
    """An excerpt against the whole article counts in full."""
    whole = _gist("عنوان أول", TEXT)
    assert cover(frozenset(whole.shingles), _gist("عنوان ثان", " ".join(TEXT.split()[:20]))) == 1.0
    assert cover(frozenset(whole.shingles), _gist("عنوان ثان", TEXT.replace("كلمة", "لفظة"))) == 0.0


@pytest.mark.parametrize("body", ["", "رأي.", "عنوان ثان عنوان ثان عنوان ثان عنوان ثان عنوان ثان"])
def test_a_text_that_adds_nothing_is_no_evidence(body: str) -> None:
    """None is not zero: nothing is known."""
    assert cover(frozenset(_gist("عنوان أول", TEXT).shingles), _gist("عنوان ثان", body)) is None


def test_one_text_with_a_word_changed_is_one_text() -> None:
    """A mended typo in sixty words; not ten new names."""
    mended = TEXT.replace("كلمة30", "كلمة31")
    renamed = " ".join("اسم" if number % 6 == 0 else word for number, word in enumerate(TEXT.split()))
    assert is_same_text(_story("ا", TEXT), _story("ب", mended))
    assert not is_same_text(_story("ا", TEXT), _story("ب", renamed))
    assert not is_same_text(_story("ا"), _story("ب"))


@pytest.mark.parametrize(
    ("headline", "is_told"),
    [
        ("الرئيس المصري يستقبل حسن بالقاهرة", "yes"),
        ("استقبال حسن", "yes"),
        ("الرئيس المصري يستقبل 25 نائبا", "yes"),
        ("الرئيس المصري يستقبل حسين بالقاهرة", "no"),
        ("الرئيس المصري يستقبل حسن ببغداد", "no"),
        ("الرئيس المصري يستقبل 26 نائبا", "no"),
        ("قمة عربية (2)", "no"),
        ("استقبال مصري", "yes"),
        ("استقبال رسمية", "yes"),
    ],
)
def test_a_text_tells_a_word_in_its_forms_and_a_name_as_it_is(headline: str, is_told: str) -> None:
    """Article, prefix, ending, verb form, number in words; not another name or number."""
    known = _story(
        "قمة عربية", "استقبل الرئيس السيد حسن وفدا من خمسة وعشرين نائبا من المصريين بالقاهرة ضمن استقبال رسمي"
    )
    assert is_told_by(_gist(headline), _gist(known.headline), telling_of(known)) is (is_told == "yes")


def test_a_form_letter_is_not_about_its_headline() -> None:
    """Half of the headline's words stand in a text that tells it, in whichever form."""
    told = telling_of(_story("", "استقبل الرئيس وفدا من النواب المصريين في القاهرة وبحث معهم قانون الانتخاب"))
    assert is_about(told, _gist("الرئيس يستقبل نوابا مصريين بالقاهرة"))
    assert not is_about(told, _gist("انهيار جسر على طريق الصعيد"))


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("فوز 2-1", "فوز 21"),
        ("انفجار في بيروت", "انفجار في حلب"),
        ("الفيديو يكشف القاتل", "يكشف القاتل"),
        ("صور", "فيديو"),
        ("مقتل 3 في غارة على غزة", "مقتل 13 في غارة على غزة"),
    ],
)
def test_titles_that_say_different_things_keep_different_keys(one: str, another: str) -> None:
    """Trappings are cut only where a sign parts them, and never down to nothing."""
    assert title_key(one) != title_key(another)


def test_a_title_of_dots_costs_nothing() -> None:
    """No pattern may run away on a hostile title."""
    assert title_key("خبر جديد هنا" + "." * 5000 + " (" * 2000).startswith("خبرجديدهنا")
