"""Colour: what can be read on what."""

import pytest

from newsroom.errors import TemplateBroken
from publishing.colour import BLACK, WHITE, Rgb, contrast, is_light, readable_on, rgb


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#FFFFFF", "#000000", 21.0),
        ("#777777", "#FFFFFF", 4.48),
        ("#C8102E", "#FFFFFF", 5.88),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    """The first two are the examples that every checker shows."""
    assert contrast(rgb(one), rgb(other)) == pytest.approx(expected, abs=0.01)
    assert contrast(rgb(other), rgb(one)) == contrast(rgb(one), rgb(other))


@pytest.mark.parametrize(
    ("ground", "wanted", "ink"), [("#FFD400", WHITE, BLACK), ("#0E1B2E", BLACK, WHITE), ("#C8102E", WHITE, WHITE)]
)
def test_a_colour_that_cannot_be_read_gives_way_to_black_or_white(ground: str, wanted: Rgb, ink: Rgb) -> None:
    """White letters stay on red, and turn black on yellow."""
    assert readable_on(rgb(ground), wanted) == ink


def test_light_and_dark_are_told_apart_by_what_can_be_read_on_them() -> None:
    """Yellow is light, though its blue is none."""
    assert [is_light(rgb(name)) for name in ("#FFD400", "#F2EEE6", "#C8102E", "#14181F")] == [True, True, False, False]


def test_what_is_no_colour_is_refused() -> None:
    """In words."""
    with pytest.raises(TemplateBroken, match="the cards' colours"):
        rgb("reddish")
