"""Pictures for the demo's stories, drawn from a section and a seed: nobody's photo, no words, no two alike."""

import io
from functools import lru_cache
from random import Random

from PIL import ImageOps

from bot.demo.brush import finished, gradient
from bot.demo.motifs import MOTIFS

KEPT = 32
"""Pictures kept in memory, about 80 kB each; a feed shows ten."""


@lru_cache(maxsize=KEPT)
def picture(section: str, seed: str, size: tuple[int, int] | None = None) -> bytes:
    """Draw the picture of a story: up to 0.3 s of processor time, so not on the loop.

    Args:
        section: chooses the motif and its palettes.
        seed: the same seed gives the same picture.
        size: width and height of a cropped copy, as WordPress keeps some.

    Returns:
        A JPEG, of `brush.WIDTH` x `brush.HEIGHT` pixels where no size is given.
    """
    chance = Random(seed)
    motif = MOTIFS.get(section, MOTIFS["أخبار"])
    sky, ground, *palette = chance.choice(motif.palettes)
    canvas = gradient(sky, ground, chance.uniform(-25, 25))
    motif.draw(canvas, chance, tuple(palette))
    whole = finished(canvas, chance)
    out = io.BytesIO()
    (ImageOps.fit(whole, size) if size else whole).save(out, "JPEG", quality=86, optimize=True, progressive=True)
    return out.getvalue()
