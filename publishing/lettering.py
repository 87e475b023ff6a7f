"""Lettering: a typeface, and text measured and drawn with it as an Arabic typesetter would."""

import unicodedata
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from PIL import ImageDraw, ImageFont, features

from newsroom.errors import TemplateBroken
from publishing.colour import Rgb

BOLD = "IBMPlexSansArabic-Bold.ttf"
MEDIUM = "IBMPlexSansArabic-Medium.ttf"

_NEEDED = "عج4٤A«»،؟%"
"""Signs of an Arabic headline: web fonts come in parts, and the Arabic part has often neither digits nor Latin letters."""
_NOBODYS = "\U0010fffe"
_PARTS_OF_EMOJI = "\u200d\ufe0e\ufe0f\u20e3"

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
        TemplateBroken: no font can be read from the file, it lacks signs that headlines need, or Arabic letters are not
            joined here.
    """

    def __init__(self, file: Path | None, shipped: str, language: str, *, right_to_left: bool) -> None:
        self._language = language
        self._direction = "rtl" if right_to_left else "ltr"
        self._sizes: dict[int, ImageFont.FreeTypeFont] = {}
        self._drawable: dict[str, bool] = {}
        if not features.check_feature("raqm"):
            # Without it Pillow draws letters apart and from left to right, and says nothing.
            raise TemplateBroken("Pillow was built without raqm here: Arabic letters on cards would stand apart")
        name = file or shipped
        try:
            self._content = file.read_bytes() if file else (files("templates") / "fonts" / shipped).read_bytes()
            joined, apart = self.width("لا", 100), self.width("ل", 100) + self.width("ا", 100)
        except OSError as error:
            raise TemplateBroken(f"{name}: no font can be read from it ({error})") from error
        if lacking := [sign for sign in _NEEDED if self._lacks(sign)]:
            raise TemplateBroken(
                f"{name}: the font has no sign for {' '.join(lacking)}: it would stand as an empty box"
            )
        if joined >= apart:
            raise TemplateBroken(f"{name}: the font does not join Arabic letters")

    def width(self, text: str, size: int) -> float:
        """Width in px of the text set at a size in px."""
        return self._at(size).getlength(text, direction=self._direction, language=self._language)

    def ink(self, text: str, size: int) -> Box:
        """What the text blackens, measured from the left end of its baseline."""
        return self._at(size).getbbox(text, direction=self._direction, language=self._language, anchor="ls")

    def draw(self, draw: ImageDraw.ImageDraw, end: tuple[float, float], text: str, size: int, fill: Rgb | str) -> None:
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

    def drawable(self, text: str) -> str:
        """The text without signs that the face lacks: an emoji or «‼» would stand there as an empty box.

        Letters and digits stay: a word that is missing would be worse than one that is badly set.
        """
        return " ".join("".join(filter(self._is_drawable, text)).split())

    def _is_drawable(self, sign: str) -> bool:
        category = unicodedata.category(sign)
        if sign in _PARTS_OF_EMOJI or category in {"Cn", "Co"} or "\U000e0000" <= sign <= "\U000e007f":
            return False
        if category[0] in "LMNZC":
            return True
        if sign not in self._drawable:
            self._drawable[sign] = not self._lacks(sign)
        return self._drawable[sign]

    def _lacks(self, sign: str) -> bool:
        """Whether the font draws the sign as it draws one that no font has."""
        drawn, box = (self._at(40).getmask(text) for text in (sign, _NOBODYS))
        return drawn.size == box.size and bytes(drawn) == bytes(box)

    def _at(self, size: int) -> ImageFont.FreeTypeFont:
        if size not in self._sizes:
            self._sizes[size] = ImageFont.truetype(BytesIO(self._content), size, layout_engine=ImageFont.Layout.RAQM)
        return self._sizes[size]
