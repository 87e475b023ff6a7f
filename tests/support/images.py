"""Images made for tests, and what became of them."""

from io import BytesIO

from PIL import Image

from newsroom.ports import Jpeg

RED, BLUE = (200, 30, 30), (20, 60, 220)


def flag(width: int = 800, height: int = 600) -> Image.Image:
    """Red, with a blue quarter at the bottom right: any turn of it shows."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, height // 2, width, height))
    return image


def file_of(image: Image.Image, kind: str, **options: object) -> bytes:
    """The image as a file of that kind."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def read(jpeg: Jpeg) -> Image.Image:
    """What goes out, read again; it is what it says it is."""
    image = Image.open(BytesIO(jpeg.content))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (jpeg.width, jpeg.height))
    return image


def is_close(one: object, other: tuple[int, ...], apart: int = 25) -> bool:
    """Whether a pixel has this colour, but for what JPEG changes."""
    assert isinstance(one, tuple)
    return all(abs(a - b) <= apart for a, b in zip(one, other, strict=True))
