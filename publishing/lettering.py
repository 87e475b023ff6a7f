"""Lettering: a typeface, and text measured and drawn with it as an Arabic typesetter would."""

import unicodedata
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from PIL import ImageDraw, ImageFont, features

from newsroom.errors import TemplateBroken

BOLD = "IBMPlexSansArabic-Bold.ttf"
MEDIUM = "IBMPlexSansArabic-Medium.ttf"

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in px."""


class Face:
    """One typeface at every size, in one language and its direction.

    Args:
        file: a TTF; None for the one that ships.
        shipped: the file under templates/fonts that ships.
        language: ISO 639-1; chooses letter shapes where a face has several.
        right_to_left: the direction of a line.

    Raises:
        TemplateBroken: no font can be read from the file, or Arabic letters are not joined here.
    """

    def __init__(self, file: Path | None, shipped: str, language: str, *, right_to_left: bool) -> None:
        self._language = language
        self._direction = "rtl" if right_to_left else "ltr"
        self._sizes: dict[int, ImageFont.FreeTypeFont] = {}
        if not features.check_feature("raqm"):
            # Without it Pillow draws letters apart and from left to right, and says nothing.
            raise TemplateBroken("Pillow was built without raqm here: Arabic letters on cards would stand apart")
        try:
            self._content = file.read_bytes() if file else (files("templates") / "fonts" / shipped).read_bytes()
            joined, apart = self.width("لا", 100), self.width("ل", 100) + self.width("ا", 100)
        except OSError as error:
            raise TemplateBroken(f"{file or shipped}:1: no font can be read from it ({error})") from error
        if joined >= apart:
            raise TemplateBroken(f"{file or shipped}:1: the font does not join Arabic letters")

    def width(self, text: str, size: int) -> float:
        """Width in px of the text set at a size in px."""
        return self._at(size).getlength(text, direction=self._direction, language=self._language)

    def ink(self, text: str, size: int) -> Box:
        """What the text blackens, measured from the left end of its baseline."""
        return self._at(size).getbbox(text, direction=self._direction, language=self._language, anchor="ls")

    def draw(self, draw: ImageDraw.ImageDraw, end: tuple[float, float], text: str, size: int, fill: str) -> None:
        """Draw one line; `end` is the right end of its baseline, in px."""
        draw.text(
            end,
            text,
            fill=fill,
            font=self._at(size),
            anchor="rs",
            direction=self._direction,
            language=self._language,
        )

    def _at(self, size: int) -> ImageFont.FreeTypeFont:
        if size not in self._sizes:
            self._sizes[size] = ImageFont.truetype(BytesIO(self._content), size, layout_engine=ImageFont.Layout.RAQM)
        return self._sizes[size]


def drawable(text: str) -> str:
    """The text without signs for which a text face has no glyph: emoji would stand there as empty boxes."""
    kept = (char for char in text if not (char > "\u2190" and unicodedata.category(char) in {"So", "Cn", "Co", "Sk"}))
    return " ".join("".join(char for char in kept if char not in "\u200d\ufe0e\ufe0f\u20e3").split())
