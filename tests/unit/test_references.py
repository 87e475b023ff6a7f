"""References: what stands for no character is taken out, and all else is left as it is written."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.references import mended, unescaped


@pytest.mark.parametrize(
    "text",
    [
        "",
        "نص",
        "&",
        "&#",
        "&#x",
        "&amp;",
        "&#8217;",
        "&#038;",
        "&#39;",
        "&#13;&#10;",
        "&#128512;",
        "&#x1F600;",
        "&#65532;",
    ],
)
def test_what_stands_for_a_character_is_left_as_it_is_written(text: str) -> None:
    """So is what is no reference."""
    assert mended(text) == text


@pytest.mark.parametrize(
    "code", [*range(9), 11, 12, *range(14, 32), 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFFFE, 0xFFFF, 0x110000]
)
def test_no_way_of_writing_what_is_no_character_is_left(code: int) -> None:
    """Decimal or not, with zeros before it or not, ended or not."""
    for number in (f"{code}", f"000000000{code}", f"x{code:x}", f"X{code:X}", f"x0000{code:x}"):
        assert mended(f"s&#{number};z") == "sz"
        assert mended(f"s&#{number} z") == "s z"


def test_a_high_half_is_joined_to_the_low_one_right_behind_it() -> None:
    """Nothing else makes a character of them."""
    assert mended("&#55357;&#55357;&#56832;&#56832;") == "😀"
    assert mended("&#55357; &#56832;") == " "
    assert mended("&#56832;&#55357;") == ""


@pytest.mark.parametrize(
    "text", ["&#&#0;55357;", "&&#0;#55357;", "&#x&#0;D83D;", "&#55&#0;357;", "&#xD8&#0;3D;", "&#X&#55357"]
)
def test_what_is_taken_out_joins_nothing_into_a_reference(text: str) -> None:
    """A hostile feed could hide one in another."""
    again = mended(text)
    assert mended(again) == again


@given(
    st.lists(
        st.sampled_from(["&", "#", "x", "0", "5", "55357", "56832", "D83D", ";", "&#0;", "&#x", "&amp;", "a"]),
        max_size=12,
    )
)
def test_whatever_is_written_can_be_encoded_afterwards(pieces: list[str]) -> None:
    """And what was mended is whole."""
    text = mended("".join(pieces))
    assert mended(text) == text
    unescaped(text).encode()


def test_thousands_of_digits_are_read_without_an_error() -> None:
    """Python refuses to make a number of them."""
    assert unescaped(f"a&#{'9' * 5000};b") == "ab"
    assert unescaped(f"a&#{'0' * 5000}1575;b") == "aاb"
    with pytest.raises(ValueError, match="digits"):
        html.unescape(f"&#{'9' * 5000};")
