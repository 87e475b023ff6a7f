"""Arabic text: what readers see keeps every visible character; what is compared forgets how it was written."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.arabic import ALM, FSI, LRM, PDI, RLM, TATWEEL, ZWNJ, bare, display, fold, key_text, words

_EXAMPLES = settings(max_examples=100, deadline=None)
_VOWELS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u06e1"
_UNSEEN = "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u180e\u034f"
_LETTERS = "ءابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآؤئ"
_ARABIC = st.text(alphabet=_LETTERS + " 0123456789٠١٢٣۴۵.,:،-«»", max_size=40)
_ANY = st.text(st.characters(codec="utf-8"), max_size=40)
_IGNORABLE_LETTERS = "\u115f\u1160\u3164\uffa0"
_VISIBLE = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters=_IGNORABLE_LETTERS).filter(
        lambda char: not ("\ufb50" <= char <= "\ufdff" or "\ufe70" <= char <= "\ufeff")
    ),
    max_size=30,
)


def _sprinkled(text: str, marks: str, places: list[int]) -> str:
    """`text` with the marks after some of its characters."""
    return "".join(char + marks[place % len(marks)] * (place % 2) for char, place in zip(text, places, strict=True))


@_EXAMPLES
@given(_ANY)
def test_the_key_of_a_key_is_itself(text: str) -> None:
    """Keys may be keyed again."""
    assert key_text(key_text(text)) == key_text(text)


@_EXAMPLES
@given(_ARABIC, st.data())
def test_vowel_signs_and_tatweel_make_no_other_key(text: str, data: st.DataObject) -> None:
    """Signs may stand after any letter."""
    places = data.draw(st.lists(st.integers(0, 99), min_size=len(text), max_size=len(text)))
    signed = "".join(
        char + ((_VOWELS + TATWEEL)[place % 11] * (place % 2) if char.isalpha() else "")
        for char, place in zip(text, places, strict=True)
    )
    assert key_text(signed) == key_text(text)


@_EXAMPLES
@given(_ARABIC, st.data())
def test_unseen_characters_make_no_other_key(text: str, data: st.DataObject) -> None:
    """Marks of direction, joiners and soft hyphens may stand anywhere."""
    places = data.draw(st.lists(st.integers(0, 99), min_size=len(text), max_size=len(text)))
    assert key_text(_sprinkled(text, _UNSEEN + ZWNJ, places)) == key_text(text)


@_EXAMPLES
@given(st.text(alphabet=_LETTERS + "Aa09٠٫٬.,،…_ \u00a0-–“»؟\u0651\u0640", max_size=40))
def test_a_text_of_usual_characters_has_the_key_that_the_long_way_gives(text: str) -> None:
    """A character that is not among the usual ones sends the whole text the long way; an unseen one leaves no trace."""
    assert key_text("\u200b" + text) == key_text(text)


@pytest.mark.parametrize("form", ["isolated", "initial", "medial", "final"])
def test_letter_shapes_make_no_other_key(form: str) -> None:
    """Each of the letter shapes that Unicode names reads as its letter."""
    shapes = {
        unicodedata.normalize("NFKC", char): char
        for char in map(chr, range(0xFE80, 0xFEFD))
        if unicodedata.decomposition(char).startswith(f"<{form}>")
    }
    assert len(shapes) > 20
    for letters, shape in shapes.items():
        assert key_text(f"ق{shape}م") == key_text(f"ق{letters}م")
        assert display(f"ق{shape}م") == f"ق{letters}م"


@_EXAMPLES
@given(_ARABIC)
def test_decomposed_letters_make_no_other_key(text: str) -> None:
    """A hamza typed as a sign of its own is the same hamza."""
    assert key_text(unicodedata.normalize("NFD", text)) == key_text(text)


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("إستقالة رئيس الوزراء اللبنانى", "استقالة رئيس الوزراء اللبناني"),
        ("ایران تعلن تخصیب الیورانیوم بنسبة ۶۰٪", "إيران تعلن تخصيب اليورانيوم بنسبة 60%"),
        ("1.5 مليون", "١٫٥ مليون"),
        ("1,5 مليون", "1.5 مليون"),
        ("1,234 قتيلا", "١٬٢٣٤ قتيلًا"),
        ("«عاجل» | عَاجِل", "عاجل - ﻋﺎﺟﻞ"),
        ("كوريا_الشمالية", "#كوريا الشمالية"),
        ("Café", "CAFE"),
        ("عاجل \uff5c خبر", "عاجل | خبر"),
    ],
)
def test_two_spellings_have_one_key(written: str, otherwise: str) -> None:
    """Hamza seats, Persian letters, kinds of digits, signs and case do not count."""
    assert key_text(written) == key_text(otherwise)


@pytest.mark.parametrize(
    ("one", "another"),
    [("1.5 مليون", "15 مليون"), ("1,234", "1.234"), ("2 1", "21"), ("زعيم", "زعماء"), ("كتاب", "كتب")],
)
def test_different_words_and_numbers_keep_different_keys(one: str, another: str) -> None:
    """Folding forgets spelling, not meaning."""
    assert key_text(one) != key_text(another)


def test_the_words_of_a_key_are_its_parts() -> None:
    """In their order."""
    assert words(key_text("«الأهلي» يفوز 2 – 1")) == ("الاهلي", "يفوز", "2", "1")
    assert words("") == ()


@_EXAMPLES
@given(_VISIBLE, st.data())
def test_display_never_loses_a_visible_character(text: str, data: st.DataObject) -> None:
    """Whatever unseen characters were mixed in."""
    places = data.draw(st.lists(st.integers(0, 99), min_size=len(text), max_size=len(text)))
    shown = display(_sprinkled(text, _UNSEEN, places))
    assert "".join(char for char in shown if char not in " \ufe0e\ufe0f") == unicodedata.normalize("NFC", text)


@_EXAMPLES
@given(st.text(alphabet=_LETTERS + _VOWELS + "Aa09٠٫٬.,،…_ \u00a0\t\n-–“»؟\u0640", max_size=40))
def test_display_goes_the_quick_way_only_where_the_long_way_says_the_same(text: str) -> None:
    """What nobody sees sends it the long way, and is gone at its end."""
    assert display(text) == display(f"{text}\u200b")


@_EXAMPLES
@given(_ANY)
def test_display_of_display_is_itself(text: str) -> None:
    """Feeds, stories and templates may each clean once more."""
    assert display(display(text)) == display(text)


@_EXAMPLES
@given(_ANY)
def test_display_holds_no_control_and_no_mark_of_direction(text: str) -> None:
    """A headline cannot turn round the line it stands in, nor break it."""
    marks = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff\u00ad") | {
        ALM,
        RLM,
        LRM,
        FSI,
        PDI,
    }
    assert not marks & set(display(text))
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in display(text))


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("خبر\u00a0 \t\n جديد \u202f", "خبر جديد"),
        ("\u202eعاجل\u202c", "عاجل"),
        ("كو\u200cريا", "كوريا"),
        ("بيت\u200bلحم", "بيتلحم"),
        ("\ud83d وجه", "وجه"),
        ("", ""),
        ("plain  text ", "plain text"),
    ],
)
def test_display_cleans_what_nobody_sees(given_text: str, shown: str) -> None:
    """Spaces of all kinds become one; broken surrogates, which no encoder takes, go."""
    assert display(given_text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "مي\u200cخواهم",
        "👨\u200d👩\u200d👧",
        "⚡\ufe0f",
        "❤\ufe0f\u200d🔥",
        "1\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f إنجلترا",
        "محمد ﷺ",
        "سورة البقرة \u06dd 255",
        "هُوَ وعَامٌّ",
        "ـــ",
    ],
)
def test_display_keeps_what_does_visible_work(text: str) -> None:
    """Joiners inside emoji and words, flags, word signs, verse marks and vowel signs are seen."""
    assert display(text) == text


def test_a_tag_character_outside_a_flag_is_no_hiding_place() -> None:
    """Letters of plane 14 are seen by no reader, yet read by machines."""
    assert display("خبر\U000e0041\U000e0042\U000e0043") == "خبر"


def test_folding_keeps_signs_and_digits() -> None:
    """Patterns over titles need the punctuation."""
    assert fold("عَاجِلٌ | إصابة ١٢: «Breaking»") == "عاجل | اصابه ١٢: «breaking»"


def test_bare_text_keeps_each_letter() -> None:
    """Only signs and tatweel go."""
    assert bare("عَـــاجِلٌ | أُسرة") == "عاجل | أسرة"
