"""Colour: what can be read on what, by the rule of WCAG 2.2 (relative luminance, contrast ratio)."""

from PIL import ImageColor

from newsroom.errors import TemplateBroken

Rgb = tuple[int, int, int]

BLACK: Rgb = (0, 0, 0)
WHITE: Rgb = (255, 255, 255)
READABLE = 4.5
"""To one: the least contrast of text (WCAG 2.2, success criterion 1.4.3)."""


def rgb(name: str) -> Rgb:
    """The channels of a colour as the settings write it.

    Raises:
        TemplateBroken: it is none.
    """
    try:
        red, green, blue, *_ = ImageColor.getrgb(name)
    except ValueError as error:
        raise TemplateBroken(f"the cards' colours: {error}") from error
    return red, green, blue


def contrast(one: Rgb, other: Rgb) -> float:
    """From 1, the same, to 21, black on white."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def is_light(colour: Rgb) -> bool:
    """Whether it wants a dark ground."""
    return contrast(colour, BLACK) > contrast(colour, WHITE)


def readable_on(ground: Rgb, wanted: Rgb) -> Rgb:
    """The wanted colour where it can be read on the ground, else black or white."""
    if contrast(ground, wanted) >= READABLE:
        return wanted
    return BLACK if is_light(ground) else WHITE


def _luminance(colour: Rgb) -> float:
    parts = [value / 255 for value in colour]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
