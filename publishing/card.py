"""Card: the headline as a picture, in the house's colours. CPU only; `picture.PictureDesk` calls it off the loop.

Pillow lays the text out with raqm (HarfBuzz, FriBiDi): letters are joined and turned there and nowhere else. A reshaper
before it would turn them twice.
"""

from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

from newsroom.arabic import ALM
from newsroom.errors import TemplateBroken
from newsroom.ports import Jpeg
from publishing.card_layout import LINE_HEIGHT, Block, block_of
from publishing.colour import BLACK, READABLE, WHITE, Rgb, contrast, is_light, readable_on, rgb
from publishing.jpeg import encoded
from publishing.lettering import BOLD, MEDIUM, Face
from publishing.lines import needs_mark
from publishing.sheet import Sheet
from publishing.style import CARD_SIZES, HouseStyle

WIDE, SQUARE = CARD_SIZES["wide"], CARD_SIZES["square"]

Size = tuple[int, int]
"""Width and height in px."""


class CardMaker:
    """Draws headline cards.

    Args:
        style: colours, logo, fonts, the site's name and the shape of card the house uses.

    Raises:
        TemplateBroken: a colour, the logo or a font of the style cannot be read, the words cannot be read on their
            ground, or Arabic letters are not joined here.
    """

    def __init__(self, style: HouseStyle) -> None:
        self.size: Size = CARD_SIZES[style.card_shape]
        self._bold = Face(style.font_bold, BOLD, style.language, right_to_left=style.right_to_left)
        self._medium = Face(style.font_medium, MEDIUM, style.language, right_to_left=style.right_to_left)
        self._grounds: dict[Size, Image.Image] = {}
        self._site_name = self._medium.drawable(style.site_name)
        self._ground, self._accent = rgb(style.colours.ground), rgb(style.colours.accent)
        self._text, self._badge = rgb(style.colours.text), rgb(style.colours.kicker)
        if (told := contrast(self._text, self._ground)) < READABLE:
            raise TemplateBroken(
                f"the cards' colours: text {style.colours.text} on ground {style.colours.ground} cannot be read "
                f"(contrast {told:.1f} to 1, and {READABLE} is needed)"
            )
        try:
            self._logo = Image.open(style.logo).convert("RGBA") if style.logo else None
        except OSError as error:
            raise TemplateBroken(f"{style.logo}: no logo can be read from it ({error})") from error

    def card(self, headline: str, kicker: str, size: Size, picture: Jpeg | None = None) -> Jpeg:
        """One card.

        Args:
            headline: display text; signs that a text face cannot draw are left out.
            kicker: the label; empty for none.
            size: px, `WIDE` or `SQUARE`.
            picture: the story's own, behind the headline.
        """
        sheet, with_photo = Sheet(*size), picture is not None
        frame = sheet.frame(has_kicker=bool(kicker), with_photo=with_photo)
        block = block_of(self._bold.drawable(headline), frame, self._bold.width)
        top = sheet.block_top(block, has_kicker=bool(kicker), with_photo=with_photo)
        image = self._photo(sheet, picture, top) if picture else self._plain(sheet)
        draw = ImageDraw.Draw(image)
        if kicker:
            self._draw_badge(draw, sheet, kicker, top - sheet.badge_gap)
        self._draw_headline(draw, sheet, block, top)
        self._draw_foot(image, draw, sheet)
        return encoded(image)

    def _photo(self, sheet: Sheet, picture: Jpeg, top: float) -> Image.Image:
        """The picture cut to the card, covered where words stand: 60 % at the first line, more below."""
        size = (sheet.width, sheet.height)
        with Image.open(BytesIO(picture.content)) as photo:
            photo.draft("RGB", size)
            # Faces stand in the upper half of news photos more often than in the lower. Bilinear takes two thirds of
            # bicubic's time (14 and 23 ms), and at a third off each side, under a shade, nobody tells the two apart.
            image = ImageOps.fit(photo.convert("RGB"), size, Image.Resampling.BILINEAR, centering=(0.5, 0.35))
        begin = max(0, int(top - sheet.badge_height - sheet.badge_gap - 220 * sheet.unit))
        # Light words want it darker than the ground, dark words lighter.
        third = self._far_from_text(self._ground)
        image.paste(third, (0, begin), _gradient(sheet.width, sheet.height - begin, int(top) - begin))
        return image

    def _plain(self, sheet: Sheet) -> Image.Image:
        """The house's ground, deeper towards the foot, with two rings of its own colour as its only ornament."""
        size = (sheet.width, sheet.height)
        if size not in self._grounds:
            self._grounds[size] = self._drawn_ground(sheet)
        return self._grounds[size].copy()

    def _drawn_ground(self, sheet: Sheet) -> Image.Image:
        size = (sheet.width, sheet.height)
        image = Image.new("RGB", size, self._ground)
        lines = Image.new("L", size, 0)
        draw = ImageDraw.Draw(lines)
        for radius, strength in ((430, 16), (300, 22)):
            reach = radius * sheet.unit
            draw.ellipse((-reach, -reach, reach, reach), fill=strength)
        image.paste(WHITE if is_light(self._text) else BLACK, (0, 0), lines)
        shade = Image.linear_gradient("L").resize(size).point(lambda value: value * 0.5)
        image.paste(BLACK if is_light(self._text) else WHITE, (0, 0), shade)
        return image

    def _far_from_text(self, colour: Rgb) -> Rgb:
        """The colour with two thirds of black, or of white where the words are dark."""
        red, green, blue = (channel // 3 if is_light(self._text) else 255 - (255 - channel) // 3 for channel in colour)
        return red, green, blue

    def _draw_badge(self, draw: ImageDraw.ImageDraw, sheet: Sheet, kicker: str, bottom: float) -> None:
        """The label, centred by what it blackens: a face's own middle leaves Arabic words sitting high."""
        size = int(36 * sheet.unit)
        left, up, right, down = self._bold.ink(kicker, size)
        padding = 26 * sheet.unit
        top = bottom - sheet.badge_height
        box = (sheet.right - (right - left) - 2 * padding, top, sheet.right, bottom)
        draw.rounded_rectangle(box, radius=8 * sheet.unit, fill=self._badge)
        baseline = (top + bottom) / 2 - (up + down) / 2
        advance = self._bold.width(kicker, size)
        ink = readable_on(self._badge, self._text)
        self._bold.draw(draw, (sheet.right - padding + advance - right, baseline), kicker, size, ink)

    def _draw_headline(self, draw: ImageDraw.ImageDraw, sheet: Sheet, block: Block, top: float) -> None:
        for number, line in enumerate(block.lines):
            # A line drawn alone has lost the Arabic letter before it, which gave «4%» its order.
            directed = ALM + line if needs_mark(line) else line
            baseline = top + (number * LINE_HEIGHT + 1.0) * block.size
            self._bold.draw(draw, (sheet.right, baseline), directed, block.size, self._text)

    def _draw_foot(self, image: Image.Image, draw: ImageDraw.ImageDraw, sheet: Sheet) -> None:
        """A bar along the edge, the site's name behind an accent, and the logo at the other end."""
        bar = sheet.height - 10 * sheet.unit
        draw.rectangle((0, bar, sheet.width, sheet.height), self._accent)
        middle = (sheet.foot + bar) / 2
        rule, tall = 8 * sheet.unit, 40 * sheet.unit
        if self._site_name:
            size = int(32 * sheet.unit)
            draw.rectangle((sheet.right - rule, middle - tall / 2, sheet.right, middle + tall / 2), self._accent)
            _, up, _, down = self._medium.ink(self._site_name, size)
            end = (sheet.right - rule - 18 * sheet.unit, middle - (up + down) / 2)
            self._medium.draw(draw, end, self._site_name, size, self._text)
        if self._logo:
            logo = ImageOps.contain(self._logo, (int(260 * sheet.unit), int(56 * sheet.unit)))
            image.paste(logo, (int(sheet.margin), int(middle - logo.height / 2)), logo)


def cards_of(style: HouseStyle) -> CardMaker | None:
    """Who draws this house's cards; None where it wants none.

    Raises:
        TemplateBroken: as `CardMaker`.
    """
    return None if style.cards == "off" else CardMaker(style)


def _gradient(width: int, height: int, first_line: int) -> Image.Image:
    """A mask from clear to dense without an edge: 160 of 255 (63 %) where the first line stands, 245 at the foot."""

    def density(row: int) -> int:
        if row < first_line:
            share = row / first_line
            return int(160 * share * share * (3 - 2 * share))
        return int(160 + 85 * (row - first_line) / (height - first_line))

    mask = Image.new("L", (1, height))
    mask.putdata([density(row) for row in range(height)])
    return mask.resize((width, height))
