"""Cards and pictures: CPU and memory of each, over real headlines.

    python -m bench.cards [--headlines FILE.tsv COLUMN]... [--examples FOLDER]

Without a file the headlines of this module are used. `--examples` writes the cards that docs/cards shows.
Targets: a card takes at most 120 ms CPU and 60 MB more memory, a picture at most 200 MB more even at the largest size
that is let in. Linux only: peaks are read from /proc.
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import median, quantiles

from PIL import Image, ImageDraw, ImageFilter

from bench.process import peak, peak_anew
from newsroom.ports import Jpeg
from publishing.card import SQUARE, WIDE, CardMaker, Size
from publishing.jpeg import check_and_convert
from publishing.style import HouseStyle

STYLE = HouseStyle(site_name="الوسط العربي")
HEADLINES = {
    "main": "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين",
    "one-word": "زلزال",
    "long": "مصر وقطر والولايات المتحدة تعلن في بيان مشترك التوصل إلى اتفاق لوقف إطلاق النار في غزة يبدأ سريانه الأحد",
    "latin": "Brent يقفز 4% و«أوبك+» تخفض الإنتاج 1.2 مليون برميل يوميًا بعد إسقاط F-16",
    "correction": "قوة زلزال كريت 5.9 درجات وليست 6.9",
    "tashkeel": "الرَّئِيسُ يُعْلِنُ حَالَةَ الطَّوَارِئِ وَيَدْعُو إِلَى انْتِخَابَاتٍ مُبَكِّرَةٍ",
}
EXAMPLES: tuple[tuple[str, Size, bool], ...] = (
    ("main", WIDE, True),
    ("main", SQUARE, False),
    ("one-word", WIDE, False),
    ("long", WIDE, False),
    ("long", SQUARE, True),
    ("latin", WIDE, True),
    ("correction", WIDE, False),
    ("tashkeel", SQUARE, True),
)

Work = Callable[[], object]


def main() -> None:
    """Measure, print, and hold the targets."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--headlines", nargs=2, action="append", default=[], metavar=("FILE", "COLUMN"))
    options.add_argument("--examples", type=Path)
    chosen = options.parse_args()
    if chosen.examples:
        _write_examples(chosen.examples)
    headlines = list(HEADLINES.values())
    for file, column in chosen.headlines:
        headlines += [line.split("\t")[int(column)] for line in Path(file).read_text("utf-8").splitlines()[1:]]
    _measure_cards([line for line in dict.fromkeys(headlines) if len(line.split()) <= 25][:200])
    _measure_pictures()


def _measure_cards(headlines: list[str]) -> None:
    cards, photo = CardMaker(STYLE), a_photo()
    for size in (WIDE, SQUARE):
        for behind in (None, photo):
            spent = [_cpu(partial(cards.card, headline, "عاجل", size, behind)) for headline in headlines]
            name = f"{size[0]}x{size[1]} {'over a photo' if behind else 'plain'}"
            tenth = quantiles(spent, n=10)[-1]
            print(
                f"card {name:22} n={len(spent)}  median {median(spent):.0f}  p90 {tenth:.0f}  max {max(spent):.0f} ms CPU"
            )
            assert max(spent) <= 120
    more = _in_a_child(_card_memory)
    print(f"card: {more:.0f} MB more at the peak")
    assert more <= 60


def _measure_pictures() -> None:
    for name, kind in (("progressive JPEG, 39.7 MP", "JPEG"), ("RGBA PNG, 16.0 MP", "PNG")):
        more = _in_a_child(partial(_picture_memory, kind))
        print(f"picture, {name}: {more:.0f} MB more at the peak")
        assert more <= 200


def _cpu(work: Work) -> float:
    """Milliseconds of CPU."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


def _card_memory() -> float:
    cards, photo = CardMaker(STYLE), a_photo()
    return _peak_growth(lambda: cards.card(HEADLINES["long"], "عاجل", SQUARE, photo))


def _picture_memory(kind: str) -> float:
    if kind == "JPEG":
        image, options = Image.effect_noise((6300, 6300), 80).convert("RGB"), {"progressive": True, "quality": 80}
    else:
        image, options = Image.effect_noise((4000, 3990), 80).convert("RGBA"), {"compress_level": 1}
    file = BytesIO()
    image.save(file, kind, **options)
    image.close()
    return _peak_growth(lambda: check_and_convert(file.getvalue()))


def _peak_growth(work: Work) -> float:
    """Megabytes by which the peak during the work lies above what the process held before it."""
    before = peak_anew()
    work()
    return peak() - before


def _in_a_child(measure: Callable[[], float]) -> float:
    """A fresh process, so that one measurement's leftovers do not hide another's needs."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure)


def a_photo() -> Jpeg:
    """A made-up evening over a town: bright sky above, lights below, as hard to write on as a real one."""
    sky = Image.linear_gradient("L").resize((1600, 1067))
    image = Image.composite(
        Image.new("RGB", sky.size, (246, 196, 140)), Image.new("RGB", sky.size, (88, 140, 196)), sky
    )
    draw = ImageDraw.Draw(image)
    draw.ellipse((1150, 110, 1290, 250), fill=(255, 240, 200))
    left = 0
    for house in range(16):
        width, height, shade = 70 + house * 37 % 90, 260 + house * 211 % 430, 40 + house * 53 % 80
        draw.rectangle((left, 1067 - height, left + width, 1067), fill=(shade, shade + 8, shade + 20))
        for window in range(height * width // 900):
            x, y = left + 10 + window % (width // 26) * 26, 1087 - height + window // (width // 26) * 34
            if (window * 7 + house) % 5 < 3:
                draw.rectangle((x, y, x + 12, y + 16), fill=(250, 225, 150))
        left += width + house % 3 * 8
    file = BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(file, "JPEG", quality=92)
    return check_and_convert(file.getvalue())


def _write_examples(folder: Path) -> None:
    cards, photo = CardMaker(STYLE), a_photo()
    for name, size, behind in EXAMPLES:
        kicker = "تصحيح" if name == "correction" else "عاجل"
        card = cards.card(HEADLINES[name], kicker, size, photo if behind else None)
        shape = "wide" if size == WIDE else "square"
        image = Image.open(BytesIO(card.content)).resize((size[0] // 2, size[1] // 2), Image.Resampling.LANCZOS)
        image.quantize(256).save(folder / f"{name}-{shape}-{'photo' if behind else 'plain'}.png", optimize=True)


if __name__ == "__main__":
    main()
