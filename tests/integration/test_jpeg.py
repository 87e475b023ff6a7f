"""One picture: checked for what it is, turned upright, converted to what both networks take, or refused with a reason."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from newsroom.errors import PictureRefused
from publishing.jpeg import LONGEST_SIDE, MOST_BYTES, check_and_convert, smaller
from tests.support.images import BLUE, RED, file_of, flag, is_close, read

GPS = Image.Exif()
GPS[0x010E] = "secret place"


def _turned(orientation: int, kind: str = "JPEG") -> bytes:
    """The flag stored as a camera held that way would, to be turned back by its EXIF."""
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    return file_of(flag() if undo is None else flag().transpose(undo), kind, exif=exif)


@cache
def _formats() -> dict[str, bytes]:
    plain, clear = flag(), flag().convert("RGBA")
    clear.putalpha(255)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    moving = {"save_all": True, "append_images": [plain.rotate(180)]}
    return {
        "jpeg": file_of(plain, "JPEG"),
        "progressive": file_of(plain, "JPEG", progressive=True),
        "cmyk": file_of(plain.convert("CMYK"), "JPEG"),
        "profile": file_of(plain, "JPEG", icc_profile=profile),
        "broken profile": file_of(plain, "JPEG", icc_profile=b"none"),
        "mpo": file_of(plain, "MPO", **moving),
        "png": file_of(plain, "PNG"),
        "palette": file_of(plain.quantize(16), "PNG"),
        "alpha": file_of(clear, "PNG"),
        "apng": file_of(plain, "PNG", **moving),
        "webp": file_of(plain, "WEBP"),
        "moving webp": file_of(plain, "WEBP", **moving),
        "avif": file_of(plain, "AVIF"),
        "gif": file_of(plain, "GIF"),
        "moving gif": file_of(plain, "GIF", **moving),
        "moving avif": file_of(plain, "AVIF", **moving),
        "png turned": _turned(6, "PNG"),
        "webp turned": _turned(8, "WEBP"),
        "avif turned": _turned(3, "AVIF"),
        "lossless webp": file_of(clear, "WEBP", lossless=True),
    } | {f"exif {orientation}": _turned(orientation) for orientation in range(1, 9)}


@pytest.mark.parametrize("name", _formats())
def test_what_news_pages_serve_becomes_an_upright_jpeg(name: str) -> None:
    """Every format, mode and way of holding a camera: red above, blue below on the right."""
    image = read(check_and_convert(_formats()[name]))
    assert image.size == (800, 600)
    assert is_close(image.getpixel((10, 10)), RED)
    assert is_close(image.getpixel((10, 590)), RED)
    assert is_close(image.getpixel((790, 590)), BLUE)


def test_sixteen_bits_of_grey_keep_their_shades() -> None:
    """A dark half stays dark and a light half light; plain conversion would make both white."""
    grey = Image.new("I;16", (800, 600), 50 * 257)
    grey.paste(200 * 257, (400, 0, 800, 600))
    image = read(check_and_convert(file_of(grey, "PNG")))
    assert is_close(image.getpixel((10, 10)), (50, 50, 50))
    assert is_close(image.getpixel((790, 10)), (200, 200, 200))


def test_what_is_transparent_becomes_white() -> None:
    """And not black, as plain conversion would have it."""
    clear = Image.new("RGBA", (800, 600), (0, 0, 0, 0))
    assert is_close(read(check_and_convert(file_of(clear, "PNG"))).getpixel((5, 5)), (255, 255, 255))
    grey = Image.new("LA", (800, 600), (0, 0))
    assert is_close(read(check_and_convert(file_of(grey, "PNG"))).getpixel((5, 5)), (255, 255, 255))


def test_nothing_of_the_source_but_its_pixels_goes_out() -> None:
    """No place, no comment, no profile."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    jpeg = check_and_convert(file_of(flag(), "JPEG", exif=GPS, comment=b"secret name", icc_profile=profile))
    assert not {"exif", "comment", "icc_profile"} & read(jpeg).info.keys()
    assert b"secret" not in jpeg.content


def test_a_large_picture_shrinks_to_what_both_networks_take() -> None:
    """Within 2,560 px and 5 MB, even where every pixel differs."""
    noise = Image.effect_noise((4000, 3000), 100).convert("RGB")
    jpeg = check_and_convert(file_of(noise, "JPEG", quality=95))
    assert max(jpeg.width, jpeg.height) == LONGEST_SIDE
    assert len(jpeg.content) < MOST_BYTES


def test_a_picture_for_a_screen_is_small_and_still_the_same() -> None:
    """For a proof; one that is small enough already is left alone."""
    jpeg = check_and_convert(file_of(flag(2000, 1500), "JPEG"))
    small = smaller(jpeg, 400)
    assert read(small).size == (400, 300)
    assert is_close(read(small).getpixel((390, 290)), BLUE)
    assert smaller(small, 400) is small


def test_the_same_bytes_give_the_same_digest() -> None:
    """By it a network's own copy is found again."""
    content = file_of(flag(), "PNG")
    assert check_and_convert(content) == check_and_convert(content)
    assert check_and_convert(content).digest != check_and_convert(file_of(flag(700, 600), "PNG")).digest


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (file_of(flag(299, 600), "PNG"), "299x600 px is a thumbnail"),
        (file_of(flag(1000, 320), "PNG"), "1000x320 px is a banner"),
        (file_of(Image.new("1", (4100, 4000)), "PNG"), "4100x4000 px is too many to decode"),
        (file_of(Image.new("1", (20_000, 20_000)), "PNG"), "bomb"),
        (file_of(flag(), "TIFF"), "none of JPEG, PNG, WEBP, GIF, AVIF"),
        (file_of(flag(), "BMP"), "none of JPEG"),
        (file_of(flag(), "JPEG")[:2000], "broken"),
        (file_of(flag(), "PNG")[:500], "broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG"),
        (b"<?xml version='1.0'?>\n<!-- x --><svg/>", "an SVG"),
        (b"<!DOCTYPE html><html><title>403</title>", "a page"),
        (b"", "none of"),
        (b"GIF89a", "none of|broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_may_not_be_posted_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    """Too small, too long, a bomb, another format, broken, or no picture at all."""
    with pytest.raises(PictureRefused, match=reason):
        check_and_convert(content)


_CORPUS = """
import resource, sys
from pathlib import Path
from newsroom.errors import PictureRefused
from publishing.jpeg import check_and_convert
resource.setrlimit(resource.RLIMIT_AS, (700_000_000, 700_000_000))
for file in sorted(file for file in Path(sys.argv[1]).rglob("*") if file.is_file()):
    try:
        jpeg = check_and_convert(file.read_bytes())
        print("accepted", file.name, jpeg.width, jpeg.height)
    except PictureRefused as refused:
        print("refused", file.name, refused)
"""


def test_every_file_that_ever_broke_pillow_is_accepted_or_refused(shared: Path) -> None:
    """In a process with 700 MB of address space: no crash, no other exception, no hang."""
    corpus = shared / "data" / "hostile" / "pillow-images"
    files = [file for file in corpus.rglob("*") if file.is_file()]
    run = subprocess.run(
        [sys.executable, "-c", _CORPUS, str(corpus)],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    lines = run.stdout.splitlines()
    assert len(lines) == len(files) > 100
    assert all(line.startswith(("accepted ", "refused ")) for line in lines)
    assert sum(line.startswith("accepted ") for line in lines) >= 5
