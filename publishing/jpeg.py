"""JPEG: what a site serves as a picture becomes what both networks take, or is refused with the reason. Pure.

Telegram takes photos of 10 MB whose sides sum to 10,000 px, X takes 5 MB; both scale anything over 2,560 px down
themselves. So every picture leaves as an sRGB JPEG within 2,560 px and 5 MB, upright, with nothing else in the file.
"""

import re
import struct
import zlib
from contextlib import suppress
from hashlib import blake2b
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from newsroom.errors import PictureRefused
from newsroom.ports import Jpeg
from publishing.candidates import SMALLEST, is_banner

LONGEST_SIDE = 2560
MOST_BYTES = 5_000_000

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
"""What news pages serve. Pillow reads forty more, and nearly all its holes were in those (its own fuzzing corpus)."""
_MOST_PIXELS = {"JPEG": 40_000_000, "MPO": 40_000_000}
"""A JPEG is decoded at a fraction of its size, so more is allowed."""
_MOST_PIXELS_ELSE = 16_000_000
"""Either limit keeps the memory of one conversion under 200 MB (bench/cards.py)."""
_QUALITIES = (88, 80, 70, 55)
_MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(!doctype\s+\w+|[a-z]+)", re.IGNORECASE | re.DOTALL)

# What Pillow's readers raise on files that are cut off, broken or made to break them. All were met in its corpus.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    AttributeError,
    EOFError,
    MemoryError,
    RuntimeError,
    Warning,
    struct.error,
    zlib.error,
    ImageCms.PyCMSError,
)


def check_and_convert(content: bytes) -> Jpeg:
    """The picture as both networks take it.

    Args:
        content: the bytes as they were fetched; neither name nor Content-Type is believed.

    Raises:
        PictureRefused: it is no picture, is broken, too small, too long in one direction, or a bomb.
    """
    try:
        with _opened(content) as image:
            _check_size(image)
            return encoded(_within(_in_srgb(_upright(image)), LONGEST_SIDE))
    except PictureRefused:
        raise
    except Image.DecompressionBombError as bomb:
        raise PictureRefused("it is a bomb: a small file of far too many pixels") from bomb
    except _BROKEN as error:
        raise PictureRefused(f"the picture is broken: {str(error) or type(error).__name__}") from error


def encoded(image: Image.Image) -> Jpeg:
    """An RGB image as JPEG of less than 5 MB, with no metadata.

    Raises:
        PictureRefused: it is larger even at the lowest quality.
    """
    # Pillow would write a comment that stood in the source back into the file.
    image.info.clear()
    for quality in _QUALITIES:
        file = BytesIO()
        # Not progressive: that takes 13 ms more for 4 % of the bytes, and both platforms write their own files anyway.
        image.save(file, "JPEG", quality=quality, optimize=True)
        content = file.getvalue()
        if len(content) < MOST_BYTES:
            return Jpeg(content, image.width, image.height, blake2b(content, digest_size=16).hexdigest())
    raise PictureRefused(f"the picture is over {MOST_BYTES // 1_000_000} MB at any quality")


def smaller(jpeg: Jpeg, longest: int) -> Jpeg:
    """The same picture with neither side longer than this, in px; for a screen, not for sending."""
    if max(jpeg.width, jpeg.height) <= longest:
        return jpeg
    with Image.open(BytesIO(jpeg.content)) as image:
        image.draft("RGB", (longest, longest))
        return encoded(_within(image, longest))


def _opened(content: bytes) -> Image.Image:
    if markup := _MARKUP.match(content[:1024]):
        kind = "an SVG" if b"svg" in content[:1024].lower() else f"a page <{markup[1].decode('ascii')}>"
        raise PictureRefused(f"it is {kind}, no picture")
    try:
        return Image.open(BytesIO(content), formats=_FORMATS)
    except UnidentifiedImageError as unknown:
        raise PictureRefused(f"it is none of {', '.join(_FORMATS)}") from unknown


def _check_size(image: Image.Image) -> None:
    """Refuse by the size that the head declares, before a pixel is decoded."""
    width, height = image.size
    size = f"{width}x{height} px"
    if width * height > _MOST_PIXELS.get(image.format or "", _MOST_PIXELS_ELSE):
        raise PictureRefused(f"{size} is too many to decode safely")
    if min(width, height) < SMALLEST:
        raise PictureRefused(f"{size} is a thumbnail; the shorter side needs {SMALLEST}")
    if is_banner(width, height):
        raise PictureRefused(f"{size} is a banner; the longer side may be three times the shorter")


def _upright(image: Image.Image) -> Image.Image:
    """Decoded (the first frame, where it moves) and turned as its EXIF says; unreadable EXIF says nothing."""
    # Decodes at 1/2, 1/4 or 1/8 where that is still large enough: memory falls with it.
    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    with suppress(*_BROKEN):
        ImageOps.exif_transpose(image, in_place=True)  # Without in_place it copies even what stands upright.
    return image


def _in_srgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        # 16 bits a channel; Pillow's own convert("L") would clip everything over 255 to white.
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image = _on_white(image if image.mode == "RGBA" else image.convert("RGBA"))
    if image.mode not in {"RGB", "CMYK", "L"}:
        image = image.convert("RGB")
    image = _by_profile(image)
    return image if image.mode == "RGB" else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    ground.info = image.info
    return ground


def _by_profile(image: Image.Image) -> Image.Image:
    """Colours through the picture's own profile; as they stand where it has none or a broken one."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except _BROKEN:
        return image
    return converted or image


def _within(image: Image.Image, longest: int) -> Image.Image:
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return image
