"""Cards: Arabic set as it should be, within the frame, readable over any photo."""

from contextlib import nullcontext
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat, features

from newsroom.errors import TemplateBroken
from newsroom.ports import Jpeg
from publishing.card import SQUARE, WIDE, CardMaker, Size
from publishing.card_layout import LINE_HEIGHT, block_of
from publishing.jpeg import encoded
from publishing.lettering import BOLD, Face
from publishing.sheet import Sheet
from publishing.style import Colours, HouseStyle

STYLE = HouseStyle(site_name="الوسط العربي")
HEADLINES = [
    "زلزال",
    "وفاة البابا",
    "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين",
    "الأمم المتحدة تدعو إلى تدخل عاجل لوقف المجاعة في السودان",
    "Brent يقفز 4% و«أوبك+» تخفض الإنتاج 1.2 مليون برميل يوميًا بعد إسقاط F-16",
    "الرَّئِيسُ يُعْلِنُ حَالَةَ الطَّوَارِئِ وَيَدْعُو إِلَى انْتِخَابَاتٍ مُبَكِّرَةٍ",
    "مصر وقطر تعلنان في بيان مشترك التوصل إلى اتفاق لوقف إطلاق النار في غزة يبدأ سريانه الأحد المقبل ويتضمن تبادل الأسرى",
]


@pytest.fixture(scope="module")
def cards() -> CardMaker:
    """The house's cards."""
    return CardMaker(STYLE)


@pytest.fixture(scope="module")
def bold() -> Face:
    """The face of headlines."""
    return Face(None, BOLD, "ar", right_to_left=True)


def _photo(colour: str) -> Jpeg:
    return encoded(Image.new("RGB", (1600, 1000), colour))


def _drawn(face: Face, text: str) -> Image.Image:
    """The text in white on black, 100 px, ending at the right edge."""
    image = Image.new("L", (600, 200))
    face.draw(ImageDraw.Draw(image), (590, 130), text, 100, "white")
    return image


def test_pillow_shapes_arabic_here() -> None:
    """Raqm, HarfBuzz and FriBiDi are in the wheel; without them letters would stand apart, from left to right."""
    assert [features.check(name) for name in ("raqm", "harfbuzz", "fribidi")] == [True, True, True]


def test_letters_join(bold: Face) -> None:
    """Lam and alef are one sign, and a word is one stroke where its letters apart are as many as there are."""
    assert bold.width("لا", 100) < bold.width("ل", 100) + bold.width("ا", 100)
    joined, apart = _drawn(bold, "بيتنا"), _drawn(bold, "ب\u200cي\u200cت\u200cن\u200cا")
    assert joined.getbbox() != apart.getbbox()
    row = 129  # Letters join on the baseline, where this row cuts them.
    assert _runs(joined, row) < _runs(apart, row)


def _runs(image: Image.Image, row: int) -> int:
    """How many separate stretches of ink a row cuts."""
    line = [image.getpixel((column, row)) != 0 for column in range(image.width)]
    return sum(ink and not before for before, ink in pairwise([False, *line]))


def test_text_runs_from_right_to_left(bold: Face) -> None:
    """The tall alef that is written first stands at the right."""
    image = _drawn(bold, "ا دد")
    left, upper, right, _ = image.getbbox() or (0, 0, 0, 0)
    highest = image.crop((left, upper, right, upper + 10)).getbbox() or (0, 0, 0, 0)
    assert highest[0] > (right - left) / 2


def test_a_percentage_stands_as_readers_of_arabic_expect(cards: CardMaker) -> None:
    """At the start of a line «4%» is drawn as within a line, its sign on the left."""
    at_start = cards.card("4% قفزة", "", WIDE)
    marked = cards.card("\u061c4% قفزة", "", WIDE)
    assert at_start == marked


@pytest.mark.parametrize("size", [WIDE, SQUARE], ids=["wide", "square"])
@pytest.mark.parametrize("colour", ["white", "black", ""], ids=["white photo", "black photo", "no photo"])
@pytest.mark.parametrize("headline", HEADLINES, ids=lambda headline: headline[:12])
def test_a_card_is_a_jpeg_of_its_size_dark_under_the_words(
    cards: CardMaker, size: Size, colour: str, headline: str
) -> None:
    """White words on a white sky would be none: the card darkens its photo where they stand."""
    jpeg = cards.card(headline, "عاجل", size, _photo(colour) if colour else None)
    image = Image.open(BytesIO(jpeg.content))
    assert (image.format, image.size, (jpeg.width, jpeg.height)) == ("JPEG", size, size)
    assert len(jpeg.content) < 400_000
    # The left margin beside the lowest line of the headline shows the ground alone.
    beside = image.convert("L").crop((4, int(size[1] * 0.75), 40, int(size[1] * 0.8)))
    assert ImageStat.Stat(beside).mean[0] < 105


def test_a_photo_is_seen_above_the_words(cards: CardMaker) -> None:
    """Its upper part keeps its colour."""
    jpeg = cards.card(HEADLINES[2], "عاجل", WIDE, _photo("#40A060"))
    above = Image.open(BytesIO(jpeg.content)).crop((0, 0, 1200, 60))
    assert ImageStat.Stat(above).mean == pytest.approx([64, 160, 96], abs=12)


def _where(image: Image.Image, low: tuple[int, int, int], high: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """The box around all pixels whose channels lie within the bounds."""
    within = Image.new("L", image.size, 255)
    for channel, least, most in zip(image.split(), low, high, strict=True):
        table = [255 if least <= value <= most else 0 for value in range(256)]
        within = ImageChops.darker(within, channel.point(table))
    box = within.getbbox()
    assert box, "no such colour on the card"
    return box


@pytest.mark.parametrize("size", [WIDE, SQUARE], ids=["wide", "square"])
@pytest.mark.parametrize("kicker", ["عاجل", "تصحيح", "متابعة"])
def test_the_label_is_centred_by_its_ink(size: Size, kicker: str) -> None:
    """As much ground above the letters as below, as much before as after (to a pixel or two of JPEG)."""
    green = CardMaker(HouseStyle(colours=Colours(kicker="#008000")))
    image = Image.open(BytesIO(green.card("", kicker, size).content))
    left, top, right, bottom = _where(image, (0, 100, 0), (60, 190, 60))
    ink = _where(image, (190, 190, 190), (255, 255, 255))
    assert abs((ink[0] - left) - (right - ink[2])) <= 4
    assert abs((ink[1] - top) - (bottom - ink[3])) <= 4


def _real_headlines(shared: Path) -> list[str]:
    """Two hundred titles of 2 to 25 words from the measured sets."""
    titles: dict[str, None] = {}
    for name, column in (("breaking-dev.tsv", 2), ("dups-dev.tsv", 2), ("dups-dev.tsv", 3)):
        for line in (shared / "data" / name).read_text("utf-8").splitlines()[1:]:
            titles.setdefault(line.split("\t")[column])
    return [title for title in titles if 2 <= len(title.split()) <= 25][:200]


def test_two_hundred_real_headlines_fit_and_balance(shared: Path, bold: Face) -> None:
    """Nothing over the edge, nothing cut, and no last line of one short word where two lines could be even."""
    headlines = _real_headlines(shared)
    assert len(headlines) == 200
    for headline in headlines:
        for size in (WIDE, SQUARE):
            for with_photo in (False, True):
                frame = Sheet(*size).frame(has_kicker=True, with_photo=with_photo)
                block = block_of(bold.drawable(headline), frame, bold.width)
                widths = [bold.width(line, block.size) for line in block.lines]
                assert " ".join(block.lines) == bold.drawable(headline)
                assert max(widths) <= frame.width
                assert len(block.lines) * LINE_HEIGHT * block.size <= frame.height
                lonely = len(block.lines) > 1 and " " not in block.lines[-1] and widths[-1] < 0.4 * max(widths)
                assert not lonely, block.lines


def test_each_line_has_to_earn_its_place(bold: Face) -> None:
    """Three lines are weighed against one by twice the gain, whatever two would have been worth."""
    frame = Sheet(*WIDE).frame(has_kicker=True, with_photo=False)
    assert len(block_of("قوة زلزال كريت 5.9 درجات وليست 6.9", frame, bold.width).lines) <= 2


def test_signs_that_the_face_lacks_are_left_out(bold: Face) -> None:
    """An emoji would stand there as an empty box; letters, marks and currencies stay."""
    assert bold.drawable("عاجل ‼ \u27f5 غارة \u2223 1\ufe0f\u20e3 ‖ 北京") == "عاجل غارة 1 北京"
    assert bold.drawable("الأهلي بطلًا 🏆🔴 👨\u200d👩\u200d👧 ☺\ufe0f بـ5€ و«أوبك+» ﷺ") == "الأهلي بطلًا بـ5€ و«أوبك+» ﷺ"


def test_the_houses_colours_logo_and_name_are_on_the_card(tmp_path: Path) -> None:
    """By setting: ground, label and logo."""
    logo = tmp_path / "logo.png"
    Image.new("RGBA", (300, 100), "#00FF00").save(logo)
    style = replace(STYLE, colours=Colours(kicker="#FFD400", ground="#003322"), logo=logo)
    image = Image.open(BytesIO(CardMaker(style).card("خبر", "عاجل", WIDE).content))
    assert _where(image, (220, 180, 0), (255, 240, 60))[2] == pytest.approx(Sheet(*WIDE).right, abs=3)
    assert _where(image, (0, 200, 0), (60, 255, 60))[0] == pytest.approx(Sheet(*WIDE).margin, abs=3)
    assert _where(image, (0, 15, 0), (20, 60, 60))[0] == 0


@pytest.mark.parametrize("with_photo", [True, False])
def test_a_house_of_light_colours_has_dark_words_on_a_light_card(*, with_photo: bool) -> None:
    """Where the words stand the ground is light, over a dark photo too."""
    light = CardMaker(replace(STYLE, colours=Colours(ground="#F2EEE6", text="#14181F", kicker="#FFD400")))
    jpeg = light.card(HEADLINES[2], "عاجل", WIDE, _photo("black") if with_photo else None)
    image = Image.open(BytesIO(jpeg.content)).convert("L")
    assert ImageStat.Stat(image.crop((4, 500, 40, 540))).mean[0] > 150
    grey = image.crop((100, 400, 1136, 540)).histogram()
    assert sum(grey[:40]) > 5000, "dark words"
    assert sum(grey[200:]) > 50_000 or with_photo, "on a light ground"


@pytest.mark.parametrize(("badge", "ink"), [("#FFD400", 0), ("#C8102E", 255), ("#14181F", 255)])
def test_the_label_can_be_read_on_any_colour(badge: str, ink: int) -> None:
    """White on yellow could not: there its letters are black."""
    card = CardMaker(replace(STYLE, colours=Colours(kicker=badge, ground="#767676"))).card("", "عاجل", WIDE)
    grey = Image.open(BytesIO(card.content)).convert("L").tobytes()
    right, label = int(Sheet(*WIDE).right), Image.new("RGB", (1, 1), badge).convert("L").tobytes()[0]
    # Where the label stands is found by its colour, just within its right edge; the ground is of another.
    rows = [row for row in range(300) if abs(grey[row * WIDE[0] + right - 6] - label) < 12]
    line = grey[rows[len(rows) // 2] * WIDE[0] :][right - 110 : right - 4]
    assert min(abs(value - ink) for value in line) < 40


@pytest.mark.parametrize(
    "broken",
    [
        {"colours": Colours(kicker="reddish")},
        {"colours": Colours(ground="#EEEEEE")},
        {"logo": Path("nowhere.png")},
        {"font_bold": Path("nowhere.ttf")},
        {"font_medium": Path(__file__)},
        {"logo": Path(__file__)},
    ],
    ids=["colour", "white on white", "logo", "missing font", "no font", "no logo"],
)
def test_a_style_that_cannot_be_drawn_is_refused_at_start(broken: dict[str, object]) -> None:
    """Not when news must go out."""
    with pytest.raises(TemplateBroken):
        CardMaker(replace(STYLE, **broken))  # type: ignore[arg-type]  # One field each, by name.


@pytest.mark.parametrize(
    ("font", "reason"),
    [
        ("liberation/LiberationSans-Bold.ttf", "no sign for ع"),
        ("noto/NotoKufiArabic-Bold.ttf", "no sign for"),
        ("dejavu/DejaVuSans-Bold.ttf", ""),
    ],
    ids=["Latin alone", "Arabic alone", "both"],
)
def test_a_font_that_lacks_signs_of_a_headline_is_refused_at_start(font: str, reason: str) -> None:
    """«Brent يقفز 4%» would be set half in empty boxes."""
    file = Path("/usr/share/fonts/truetype") / font
    if not file.is_file():
        pytest.skip(f"SKIPPED ALOUD: no {font} on this machine")
    with pytest.raises(TemplateBroken, match=reason) if reason else nullcontext():
        CardMaker(replace(STYLE, font_bold=file))


def test_an_english_house_sets_its_lines_from_left_to_right() -> None:
    """Direction belongs to the language; letters still need raqm."""
    english = CardMaker(HouseStyle(site_name="Al-Wasat", language="en"))
    assert english.card("Brent jumps 4%", "UPDATE", WIDE).width == 1200
