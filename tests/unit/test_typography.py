"""Typography: spaces, quotes, ellipses and digits are mended; words are not."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.style import Digits
from publishing.typography import neat

_ARABIC = st.text(alphabet=' "«»“”…..،؛:؟!()0123456789٠١٢٣%abجملةعربيةوفيهالعددَّ\u00a0\u200f', max_size=60)


@pytest.mark.parametrize(
    ("written", "posted"),
    [
        ('قال "أوبك" إنها ستخفض', "قال «أوبك» إنها ستخفض"),
        ('ونقلت عن “أون” قوله "نعم"', "ونقلت عن “أون” قوله “نعم”"),
        ('قال «إن "أوبك" ستخفض»', "قال «إن “أوبك” ستخفض»"),
        ('قال “إن "أوبك" ستخفض”', "قال “إن ‘أوبك’ ستخفض”"),
        ('حركتا "فتح" و"حماس"', "حركتا «فتح» و«حماس»"),
        ('شاشة 65" من "سوني"', 'شاشة 65" من «سوني»'),
        ('رئيس الوزراء: "العملية "الأخيرة" انتهت"', "رئيس الوزراء: «العملية “الأخيرة” انتهت»"),
        ('"قمة "فتح" و"حماس" في القاهرة"', "«قمة “فتح” و“حماس” في القاهرة»"),
        ('قالت: "العملية ""الأخيرة"" انتهت"', "قالت: «العملية “الأخيرة” انتهت»"),
        ("الرئيس: '' لا تفاوض '' قبل وقف النار", "الرئيس: «لا تفاوض» قبل وقف النار"),
        ("قال »لن نستسلم« و»لا« اليوم", "قال «لن نستسلم» و«لا» اليوم"),
        ('"قال "فلان إنه', "«قال »فلان إنه"),
        ('علامة " وحيدة', 'علامة " وحيدة'),
        ('The "Brent" price', 'The "Brent" price'),
    ],
)
def test_straight_quotes_become_the_authors_pair(written: str, posted: str) -> None:
    """Pairs take the marks the author uses elsewhere, nested pairs the other ones; inches and orphans stay."""
    assert neat(written) == posted


@pytest.mark.parametrize(
    ("written", "posted"),
    [
        ("قال...", "قال…"),
        ("قال ....", "قال…"),
        ("قال . . . ثم", "قال… ثم"),
        ("عاجل .. القاهرة", "عاجل .. القاهرة"),
        ("قال…. ثم", "قال… ثم"),
    ],
)
def test_three_dots_become_an_ellipsis_and_two_stay(written: str, posted: str) -> None:
    """Two dots are an Egyptian newsroom's own mark and no ellipsis."""
    assert neat(written) == posted


@pytest.mark.parametrize(
    ("written", "posted"),
    [
        ("القاهرة ، وبيروت ؛ ودمشق", "القاهرة، وبيروت؛ ودمشق"),
        ("القاهرة،وبيروت", "القاهرة، وبيروت"),
        ("مصادر : وقف النار", "مصادر: وقف النار"),
        ("مصادر:وقف النار", "مصادر: وقف النار"),
        ("عند 10:30 صباحًا", "عند 10:30 صباحًا"),
        ("ماذا جرى ؟ ولماذا !", "ماذا جرى؟ ولماذا!"),
        ("بنسبة 1،5 نقطة", "بنسبة 1،5 نقطة"),
        ("« تدخل عاجل » ( أ ف ب )", "«تدخل عاجل» (أ ف ب)"),
        ("انتهى .", "انتهى."),
        ("دولارا للبرميل .وقال محللون", "دولارا للبرميل. وقال محللون"),
        ("بلغ 48 جنيهًا.وقال المصدر", "بلغ 48 جنيهًا. وقال المصدر"),
        ("قال لـ «العربية.نت» وإيلاف.كوم وأ.ف.ب", "قال لـ«العربية.نت» وإيلاف.كوم وأ.ف.ب"),
        ("الدولار 48 جنيها...والذهب", "الدولار 48 جنيها… والذهب"),
        ("«قمة بغداد»..القادة يدعون لـ«وقف فوري»للحرب", "«قمة بغداد».. القادة يدعون لـ«وقف فوري» للحرب"),
        ("…وقال: «…ثم عاد»", "…وقال: «…ثم عاد»"),
        ("منصة .NET تعود", "منصة .NET تعود"),
        ("الأهلي  يفوز\u00a02 – 1", "الأهلي يفوز 2 – 1"),
    ],
)
def test_spaces_stand_where_a_typesetter_puts_them(written: str, posted: str) -> None:
    """None before a mark, one after it, none inside brackets; scores, times and decimals are left alone."""
    assert neat(written) == posted


@pytest.mark.parametrize(
    ("digits", "posted"),
    [
        ("keep", "أسقطت ٢ F-16 وخسرت 1٫5 مليار و3 جنود #كأس_2026"),
        ("ascii", "أسقطت 2 F-16 وخسرت 1.5 مليار و3 جنود #كأس_2026"),
        ("arab", "أسقطت ٢ F-16 وخسرت ١٫٥ مليار و٣ جنود #كأس_2026"),
    ],
)
def test_digits_follow_the_house(digits: Digits, posted: str) -> None:
    """Names and hashtags keep their digits; a tag with other digits would be another tag."""
    assert neat("أسقطت ٢ F-16 وخسرت 1٫5 مليار و3 جنود #كأس_2026", digits) == posted


def test_an_address_in_a_text_is_kept_to_the_letter() -> None:
    """Quotes, colons and dots of an address are not punctuation."""
    assert neat('انظر https://a.com/x...y:zع،ب "هنا"', "arab") == "انظر https://a.com/x...y:zع،ب «هنا»"


def test_presentation_forms_and_direction_marks_are_undone() -> None:
    """Letters of old converters become letters again; embeddings, overrides, isolates and marks go."""
    assert neat("\u202b\ufecb\ufe8e\ufe9f\ufede\u202c \u2067Brent\u2069 \u200fيقفز\u061c") == "عاجل Brent يقفز"


@given(_ARABIC)
@settings(max_examples=100)
def test_neat_twice_is_neat_once(text: str) -> None:
    """A text that went through an editor's hand and a feed is not changed a second time."""
    once = neat(text)
    assert neat(once) == once


@given(_ARABIC)
@settings(max_examples=100)
def test_words_and_digits_are_never_changed(text: str) -> None:
    """Only spaces and marks differ: letters, vowel signs and digits are the author's, in the author's order."""

    def letters(of: str) -> str:
        return unicodedata.normalize("NFC", re.sub(r"[^\w\u064b-\u0652]+", "", of))

    assert letters(neat(text)) == letters(text)
