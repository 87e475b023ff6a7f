"""Card layout: lines of even length, as large as they can be, that part nothing which belongs together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.card_layout import LINE_HEIGHT, MOST_LINES, Frame, block_of

FRAME = Frame(width=1072, height=420, largest=88, smallest=34)


def _width(text: str, size: int) -> float:
    """A face in which every sign is half as wide as it is high."""
    return len(text) * size / 2


def test_a_short_headline_stands_on_one_line() -> None:
    """Two words are set larger than any longer headline."""
    block = block_of("وفاة البابا", FRAME, _width)
    assert block.lines == ("وفاة البابا",)
    assert block.size > FRAME.largest


def test_lines_are_even() -> None:
    """No line is much shorter than another where the words allow it."""
    headline = " ".join(["خمسة"] * 12)
    block = block_of(headline, FRAME, _width)
    assert len({len(line) for line in block.lines}) == 1
    assert len(block.lines) > 1


def test_fewer_lines_win_until_another_gains_an_eighth() -> None:
    """The headline that fits two lines at nearly the full size is not broken into three."""
    headline = "زعيم كوريا الشمالية يبحث مع وفد عسكري"
    assert len(block_of(headline, FRAME, _width).lines) == 2


@pytest.mark.parametrize(
    ("headline", "apart"),
    [
        ("اتفاق لوقف إطلاق النار في غزة يبدأ الأحد", "في"),
        ("مقتل خمسة جنود وإصابة 15 آخرين قرب بيروت", "15"),
        ("الرئيس يلتقي رئيس الوزراء ثم يغادر إلى عمان", "إلى"),
    ],
)
def test_no_line_ends_on_what_leads_to_the_next(headline: str, apart: str) -> None:
    """A preposition stays with its noun, a number with what it counts."""
    lines = block_of(headline, FRAME, _width).lines
    assert len(lines) > 1
    assert not [line for line in lines[:-1] if line.split()[-1] == apart]


@pytest.mark.parametrize(
    ("headline", "together"),
    [
        ("Apple تطلق iPhone 17 Pro Max بسعر 1,199 دولارا", "iPhone 17 Pro Max"),
        ("المستشفيات اللبنانية تستقبل جرحى وقال «حزب الله» إنه سيرد", "«حزب الله»"),
        ("تصريح عاجل من البيت الأبيض – ترامب يلغي الصفقة الآن", "الأبيض –"),
    ],
)
def test_a_name_stays_on_one_line_and_no_line_begins_with_a_dash(headline: str, together: str) -> None:
    """A foreign name in two lines would be turned round; a quotation of two words is a name."""
    lines = block_of(headline, Frame(width=700, height=600, largest=88, smallest=34), _width).lines
    assert len(lines) > 1
    assert any(together in line for line in lines), lines


def test_a_headline_too_long_for_the_card_says_that_it_was_cut() -> None:
    """At the smallest size it loses words at its end, and an ellipsis stands for them."""
    block = block_of("مصر وقطر تعلنان التوصل إلى اتفاق " * 12, FRAME, _width)
    assert block.lines[-1].endswith("…")
    assert block.size == FRAME.smallest


def test_a_word_too_long_for_the_card_is_cut_too() -> None:
    """Nothing runs over the edge, not even what is no word."""
    block = block_of("ب" * 500, FRAME, _width)
    assert block.lines[0].endswith("…")
    assert _width(block.lines[0], block.size) <= FRAME.width


def test_no_headline_is_no_line() -> None:
    """An empty title draws nothing and breaks nothing."""
    assert block_of("", FRAME, _width).lines == ()


@given(st.lists(st.text("ابجدهوزح", min_size=1, max_size=12), min_size=1, max_size=40))
@settings(max_examples=100)
def test_any_headline_stays_within_its_frame(words: list[str]) -> None:
    """Every line within the width, all lines within the height, every word in its order."""
    block = block_of(" ".join(words), FRAME, _width)
    assert 0 < len(block.lines) <= MOST_LINES
    assert all(_width(line, block.size) <= FRAME.width for line in block.lines)
    assert len(block.lines) * LINE_HEIGHT * block.size <= FRAME.height
    kept = " ".join(block.lines).removesuffix("…").split()
    assert kept == words[: len(kept)]
