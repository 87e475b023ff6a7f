"""The brush of the demo's pictures: gradients, translucent shapes and light, on a canvas of twice the final size.

Drawing at twice the size and bringing it down is Pillow's way to smooth edges.
"""

import math
from collections.abc import Callable, Sequence
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1200, 675
"""Pixels of the finished picture; 16:9, which both networks show uncut."""

W, H = 2 * WIDTH, 2 * HEIGHT
"""Pixels of the canvas."""

Colour = tuple[int, int, int]
Point = tuple[float, float]
Shape = Callable[[ImageDraw.ImageDraw], None]
"""Draws itself in white on a black mask."""


def colours(*words: str) -> tuple[Colour, ...]:
    """Colours from six hexadecimal digits each."""
    return tuple((int(word[:2], 16), int(word[2:4], 16), int(word[4:], 16)) for word in words)


def gradient(top: Colour, bottom: Colour, tilt: float) -> Image.Image:
    """A canvas that goes from one colour to the other, tilted by so many degrees (up to 25)."""
    # Turned, the ramp has black corners: only its middle is used.
    ramp = Image.linear_gradient("L").rotate(tilt, Image.Resampling.BICUBIC).crop((40, 40, 216, 216))
    over = Image.new("RGB", (W, H), bottom)
    return Image.composite(over, Image.new("RGB", (W, H), top), ramp.resize((W, H), Image.Resampling.BICUBIC))


def finished(canvas: Image.Image, chance: Random) -> Image.Image:
    """Bring the canvas down to its final size, with a breath of noise against bands in the gradients."""
    small = canvas.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    # From `chance`, not Image.effect_noise, which cannot be seeded: the same seed is to give the same bytes.
    noise = Image.frombytes("L", small.size, chance.randbytes(WIDTH * HEIGHT))
    faint = Image.blend(Image.new("L", small.size, 128), noise, 0.05)
    return ImageChops.overlay(small, faint.convert("RGB"))


def lay(canvas: Image.Image, colour: Colour, strength: float, shape: Shape, blur: float = 0) -> None:
    """Lay a shape over the canvas, `strength` from 0 (nothing) to 1 (opaque), its edge softened by `blur` pixels."""
    mask = Image.new("L", canvas.size, 0)
    shape(ImageDraw.Draw(mask))
    if blur:
        # Blurred small and brought up again: the same softness at a sixteenth of the work.
        small = mask.resize((W // 4, H // 4), Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(blur / 4))
        mask = small.resize(canvas.size, Image.Resampling.BICUBIC)
    canvas.paste(colour, (0, 0), mask.point([int(value * strength) for value in range(256)]))


def glow(canvas: Image.Image, colour: Colour, x: float, y: float, radius: float) -> None:
    """A disc of light with its halo."""
    lay(canvas, colour, 0.45, disc(x, y, radius * 1.7), blur=radius * 0.8)
    lay(canvas, colour, 0.95, disc(x, y, radius))


def disc(x: float, y: float, radius: float) -> Shape:
    """A full circle."""
    return lambda pen: pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)


def circle(x: float, y: float, radius: float, width: float, stretch: float = 1.0) -> Shape:
    """The line of a circle, made wider by `stretch`."""
    box = (x - radius * stretch, y - radius, x + radius * stretch, y + radius)
    return lambda pen: pen.ellipse(box, outline=255, width=int(width))


def polygon(points: Sequence[Point]) -> Shape:
    """A filled outline."""
    return lambda pen: pen.polygon(list(points), fill=255)


def path(points: Sequence[Point], width: float) -> Shape:
    """A line through the points."""
    return lambda pen: pen.line(list(points), fill=255, width=int(width), joint="curve")


def crescent(x: float, y: float, radius: float) -> Shape:
    """The night side of a sphere: its disc less the same disc moved towards the light."""

    def draw(pen: ImageDraw.ImageDraw) -> None:
        disc(x, y, radius)(pen)
        dx, dy = radius * 0.5, radius * 0.45
        pen.ellipse((x - dx - radius, y - dy - radius, x - dx + radius, y - dy + radius), fill=0)

    return draw


def ridge(chance: Random, base: float, height: float) -> list[Point]:
    """The outline of a dune or a hill: three sines over each other, closed along the canvas's foot."""
    waves = [
        (chance.uniform(0.6, 1.1) * height / n, chance.uniform(0.5, 1.3) * n, chance.uniform(0, math.tau))
        for n in (1, 2, 4)
    ]
    line = [
        (float(x), base - sum(size * math.sin(math.tau * pace * x / W + phase) for size, pace, phase in waves))
        for x in range(0, W + 20, 20)
    ]
    return [*line, (float(W), float(H)), (0.0, float(H))]


def star(x: float, y: float, radius: float, turn: float) -> list[Point]:
    """An eight-pointed star, turned by so many radians."""
    reaches = (radius if step % 2 == 0 else radius * 0.72 for step in range(16))
    angles = (turn + step * math.pi / 8 for step in range(16))
    return [(x + r * math.cos(a), y + r * math.sin(a)) for r, a in zip(reaches, angles, strict=True)]


def orbit(x: float, y: float, radius: float, turn: float) -> list[Point]:
    """A flat ellipse around a point, turned by so many radians."""
    flat = ((radius * math.cos(a), 0.24 * radius * math.sin(a)) for a in (math.tau * step / 180 for step in range(181)))
    return [(x + a * math.cos(turn) - b * math.sin(turn), y + a * math.sin(turn) + b * math.cos(turn)) for a, b in flat]
