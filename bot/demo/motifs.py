"""Six motifs, one for each section of the demo's paper, each with palettes: sky above, sky below, then its own."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from bot.demo import brush
from bot.demo.brush import Colour, H, Shape, W, lay

Draw = Callable[[Image.Image, Random, tuple[Colour, ...]], None]


@dataclass(frozen=True, slots=True)
class Motif:
    """What a section's pictures show, and in which colours."""

    draw: Draw
    palettes: tuple[tuple[Colour, ...], ...]


def _dunes(canvas: Image.Image, chance: Random, palette: tuple[Colour, ...]) -> None:
    """A sun over layers of sand."""
    sun, *layers = palette
    x, y = chance.uniform(0.2, 0.8) * W, chance.uniform(0.28, 0.46) * H
    brush.glow(canvas, sun, x, y, chance.uniform(0.13, 0.19) * H)
    for step, colour in enumerate(layers):
        hill = brush.ridge(chance, (0.56 + 0.13 * step) * H, (0.10 - 0.012 * step) * H)
        lay(canvas, colour, 0.92, brush.polygon(hill))


def _market(canvas: Image.Image, chance: Random, palette: tuple[Colour, ...]) -> None:
    """Columns that climb, and a line above them."""
    columns, line, light = palette
    lay(canvas, light, 0.25, brush.disc(chance.uniform(0.5, 0.9) * W, 0.1 * H, 0.5 * H), blur=0.3 * H)
    count = chance.randint(11, 15)
    width = W / (count + 1)
    level = chance.uniform(0.18, 0.28)
    pen = ImageDraw.Draw(canvas, "RGBA")
    tops = []
    for step in range(count):
        level = min(0.78, max(0.14, level + chance.uniform(-0.05, 0.11)))
        x, y = width * (step + 0.6), H * (0.94 - level)
        tops.append((x + width * 0.31, y - 0.07 * H))
        shade = (*columns, int(255 * (0.30 + 0.5 * step / count)))
        pen.rounded_rectangle((x, y, x + width * 0.62, H * 1.2), width * 0.12, fill=shade)
    lay(canvas, line, 1.0, brush.path(tops, 0.012 * H))
    for x, y in (tops[0], tops[-1]):
        lay(canvas, line, 1.0, brush.disc(x, y, 0.018 * H))


def _arena(canvas: Image.Image, chance: Random, palette: tuple[Colour, ...]) -> None:
    """The lanes of a track that bends away, and a ball of light."""
    lane, ball, shade = palette
    side = chance.choice((0.12, 0.88))
    y = chance.uniform(1.0, 1.25) * H
    for step in range(9):
        line = brush.circle(side * W, y, (0.35 + 0.155 * step) * H, 0.02 * H, stretch=1.35)
        lay(canvas, lane if step % 3 else shade, 0.55, line)
    x = 0.5 + (0.5 - side) * chance.uniform(0.2, 0.7)
    brush.glow(canvas, ball, x * W, chance.uniform(0.2, 0.4) * H, 0.10 * H)


def _zellige(canvas: Image.Image, chance: Random, palette: tuple[Colour, ...]) -> None:
    """Eight-pointed stars, as on a tiled wall, with light falling over them."""
    bright, dark, light = palette
    side = H / chance.choice((2.5, 3.0, 3.5))
    turn = chance.choice((0.0, math.pi / 8))
    pen = ImageDraw.Draw(canvas, "RGBA")
    for row in range(-1, math.ceil(H / side) + 1):
        for column in range(-1, math.ceil(W / side) + 1):
            x, y = side * (column + 0.5), side * (row + 0.5)
            pen.polygon(brush.star(x, y, side * 0.5, turn), fill=(*bright, chance.randint(70, 205)))
            pen.polygon(brush.star(x, y, side * 0.29, turn + math.pi / 8), fill=(*dark, 200))
            pen.polygon(brush.star(x, y, side * 0.13, turn), fill=(*bright, 170))
    lay(canvas, light, 0.33, brush.disc(chance.uniform(0.1, 0.9) * W, 0.0, 0.6 * H), blur=0.35 * H)


def _orbit(canvas: Image.Image, chance: Random, palette: tuple[Colour, ...]) -> None:
    """A planet with its rings among stars."""
    planet, ring, stars = palette
    pen = ImageDraw.Draw(canvas, "RGBA")
    for _ in range(240):
        x, y, size = chance.uniform(0, W), chance.uniform(0, H), chance.choice((2, 2, 3, 3, 5))
        pen.ellipse((x - size, y - size, x + size, y + size), fill=(*stars, chance.randint(60, 220)))
    x, y = chance.uniform(0.3, 0.7) * W, chance.uniform(0.42, 0.58) * H
    radius = chance.uniform(0.2, 0.28) * H
    turn = math.radians(chance.uniform(-24, -12))
    brush.glow(canvas, planet, x, y, radius)
    lay(canvas, (8, 10, 30), 0.55, brush.crescent(x, y, radius), blur=radius * 0.25)
    for reach, width in ((1.75, 14), (2.05, 8), (2.5, 5)):
        lay(canvas, ring, 0.8 / reach, brush.path(brush.orbit(x, y, radius * reach, turn), width))


def _signal(canvas: Image.Image, chance: Random, palette: tuple[Colour, ...]) -> None:
    """A skyline at dusk under spreading waves of news."""
    wave, near, far = palette
    x, y = chance.uniform(0.25, 0.75) * W, 0.7 * H
    for step in range(7):
        lay(canvas, wave, 0.5 - 0.06 * step, brush.circle(x, y, (0.16 + 0.15 * step) * H, 0.014 * H))
    lay(canvas, far, 0.95, _skyline(chance, 0.30, 0.52))
    lay(canvas, near, 0.95, _skyline(chance, 0.14, 0.34))
    brush.glow(canvas, wave, x, y - 0.02 * H, 0.02 * H)


def _skyline(chance: Random, low: float, high: float) -> Shape:
    houses: list[tuple[float, float, float, float]] = []
    x = -20.0
    while x < W:
        width = chance.uniform(0.03, 0.08) * W
        houses.append((x, H * (1 - chance.uniform(low, high)), x + width, float(H)))
        x += width * chance.uniform(0.8, 1.15)

    def draw(pen: ImageDraw.ImageDraw) -> None:
        for house in houses:
            pen.rectangle(house, fill=255)

    return draw


MOTIFS = {
    "أخبار": Motif(
        _signal,
        (
            brush.colours("2b3a67", "e0876a", "ffe3c2", "1c2447", "46507f"),
            brush.colours("1d3557", "8ab6c9", "f7f3e3", "12263f", "3b6283"),
            brush.colours("4a2545", "e2725b", "ffe8d1", "2b142c", "743f5c"),
        ),
    ),
    "الشرق قادم": Motif(
        _dunes,
        (
            brush.colours("f2b279", "fbe3c0", "fff3d6", "d98e5f", "b5644a", "7f3f3d", "4d2733"),
            brush.colours("7fb4c4", "f6d9b8", "fff6e0", "d9a273", "b87454", "7d4a47", "48303c"),
            brush.colours("c56a6c", "f7c58f", "ffe9bd", "b0585b", "863f52", "5a2d46", "351f36"),
        ),
    ),
    "اقتصاد": Motif(
        _market,
        (
            brush.colours("0d3b44", "1d7874", "9be0c8", "f4d58d", "bff0e4"),
            brush.colours("1b2a49", "35638e", "9cc6ea", "ffd27a", "cfe8ff"),
            brush.colours("3a2440", "8c4a6b", "f0b7a4", "ffe08a", "ffd9e6"),
        ),
    ),
    "رياضة": Motif(
        _arena,
        (
            brush.colours("0b5d4b", "2fa36b", "eaf7dd", "fff4c2", "0a4a3d"),
            brush.colours("7a2e1d", "d8643a", "ffe3cc", "fff2cf", "5c1f15"),
            brush.colours("1c3f72", "4d8fc4", "e6f2fb", "fff5cf", "142f57"),
        ),
    ),
    "ثقافة": Motif(
        _zellige,
        (
            brush.colours("14505c", "0c3842", "e3b866", "0e2e38", "ffe9bf"),
            brush.colours("5b2a4e", "381a36", "e6a57e", "2b1329", "ffe0c9"),
            brush.colours("264a3b", "16302a", "d9c27a", "10231f", "fff0c4"),
        ),
    ),
    "علوم": Motif(
        _orbit,
        (
            brush.colours("0a0f2c", "2b2f6b", "e8a87c", "f4e3c1", "ffffff"),
            brush.colours("07172b", "1c5078", "7fd1c7", "e2f7ee", "ffffff"),
            brush.colours("1a0f2e", "593a78", "f2a0b5", "ffe3ea", "ffffff"),
        ),
    ),
}
"""By the section's name; "أخبار" serves every other section."""
