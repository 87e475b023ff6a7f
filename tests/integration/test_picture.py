"""Pictures: checked for what they are, converted, and never a reason to lose or delay a post."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from newsroom.entry import Picture, PictureSource
from newsroom.errors import FetchFailed, PictureRefused
from newsroom.ports import Jpeg, Pictures
from newsroom.post import Post, PostKind
from newsroom.target import TargetId
from publishing.card import WIDE, CardMaker
from publishing.jpeg import LONGEST_SIDE, MOST_BYTES
from publishing.picture import PictureDesk, check_and_convert
from publishing.style import HouseStyle
from tests.support.clock import ManualClock

RED, BLUE = (200, 30, 30), (20, 60, 220)
GPS = Image.Exif()
GPS[0x010E] = "secret place"


def _flag(width: int = 800, height: int = 600) -> Image.Image:
    """Red, with a blue quarter at the bottom right: any turn of it shows."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, height // 2, width, height))
    return image


def _file(image: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _read(jpeg: Jpeg) -> Image.Image:
    image = Image.open(BytesIO(jpeg.content))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (jpeg.width, jpeg.height))
    return image


def _close(one: object, other: tuple[int, ...], apart: int = 25) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) <= apart for a, b in zip(one, other, strict=True))


def _turned(orientation: int) -> bytes:
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
    return _file(_flag() if undo is None else _flag().transpose(undo), "JPEG", exif=exif)


# --- one picture -----------------------------------------------------------------------------------------


@cache
def _formats() -> dict[str, bytes]:
    flag, clear = _flag(), _flag().convert("RGBA")
    clear.putalpha(255)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    moving = {"save_all": True, "append_images": [flag.rotate(180)]}
    return {
        "jpeg": _file(flag, "JPEG"),
        "progressive": _file(flag, "JPEG", progressive=True),
        "cmyk": _file(flag.convert("CMYK"), "JPEG"),
        "profile": _file(flag, "JPEG", icc_profile=profile),
        "broken profile": _file(flag, "JPEG", icc_profile=b"none"),
        "mpo": _file(flag, "MPO", **moving),
        "png": _file(flag, "PNG"),
        "palette": _file(flag.quantize(16), "PNG"),
        "alpha": _file(clear, "PNG"),
        "apng": _file(flag, "PNG", **moving),
        "webp": _file(flag, "WEBP"),
        "moving webp": _file(flag, "WEBP", **moving),
        "avif": _file(flag, "AVIF"),
        "gif": _file(flag, "GIF"),
        "moving gif": _file(flag, "GIF", **moving),
    } | {f"exif {orientation}": _turned(orientation) for orientation in range(1, 9)}


@pytest.mark.parametrize("name", _formats())
def test_what_news_pages_serve_becomes_an_upright_jpeg(name: str) -> None:
    """Every format, mode and way of holding a camera: red above, blue below on the right."""
    image = _read(check_and_convert(_formats()[name]))
    assert image.size == (800, 600)
    assert _close(image.getpixel((10, 10)), RED)
    assert _close(image.getpixel((10, 590)), RED)
    assert _close(image.getpixel((790, 590)), BLUE)


def test_sixteen_bits_of_grey_keep_their_shades() -> None:
    """A dark half stays dark and a light half light; plain conversion would make both white."""
    grey = Image.new("I;16", (800, 600), 50 * 257)
    grey.paste(200 * 257, (400, 0, 800, 600))
    image = _read(check_and_convert(_file(grey, "PNG")))
    assert _close(image.getpixel((10, 10)), (50, 50, 50))
    assert _close(image.getpixel((790, 10)), (200, 200, 200))


def test_what_is_transparent_becomes_white() -> None:
    """And not black, as plain conversion would have it."""
    clear = Image.new("RGBA", (800, 600), (0, 0, 0, 0))
    assert _close(_read(check_and_convert(_file(clear, "PNG"))).getpixel((5, 5)), (255, 255, 255))
    grey = Image.new("LA", (800, 600), (0, 0))
    assert _close(_read(check_and_convert(_file(grey, "PNG"))).getpixel((5, 5)), (255, 255, 255))


def test_nothing_of_the_source_but_its_pixels_goes_out() -> None:
    """No place, no comment, no profile."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    jpeg = check_and_convert(_file(_flag(), "JPEG", exif=GPS, comment=b"secret name", icc_profile=profile))
    assert not {"exif", "comment", "icc_profile"} & _read(jpeg).info.keys()
    assert b"secret" not in jpeg.content


def test_a_large_picture_shrinks_to_what_both_networks_take() -> None:
    """Within 2,560 px and 5 MB, even where every pixel differs."""
    noise = Image.effect_noise((4000, 3000), 100).convert("RGB")
    jpeg = check_and_convert(_file(noise, "JPEG", quality=95))
    assert max(jpeg.width, jpeg.height) == LONGEST_SIDE
    assert len(jpeg.content) < MOST_BYTES


def test_the_same_bytes_give_the_same_digest() -> None:
    """By it a network's own copy is found again."""
    content = _file(_flag(), "PNG")
    assert check_and_convert(content) == check_and_convert(content)
    assert check_and_convert(content).digest != check_and_convert(_file(_flag(700, 600), "PNG")).digest


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (_file(_flag(299, 600), "PNG"), "299x600 px is a thumbnail"),
        (_file(_flag(1000, 320), "PNG"), "1000x320 px is a banner"),
        (_file(Image.new("1", (4100, 4000)), "PNG"), "4100x4000 px is too many to decode"),
        (_file(Image.new("1", (20_000, 20_000)), "PNG"), "bomb"),
        (_file(_flag(), "TIFF"), "none of JPEG, PNG, WEBP, GIF, AVIF"),
        (_file(_flag(), "BMP"), "none of JPEG"),
        (_file(_flag(), "JPEG")[:2000], "broken"),
        (_file(_flag(), "PNG")[:500], "broken"),
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


# --- the desk --------------------------------------------------------------------------------------------


class Web:
    """A fetcher whose pictures a test lays down; an address without one is not found, one with a gate waits."""

    def __init__(self) -> None:
        self.pictures: dict[str, bytes] = {}
        self.gates: dict[str, asyncio.Event] = {}
        self.asked: list[str] = []
        self.fault: Exception | None = None

    async def page(self, url: str) -> tuple[str, bytes, str]:
        """Nobody asks for pages here."""
        raise FetchFailed(url)

    async def picture(self, url: str) -> bytes:
        """The bytes laid down for that address."""
        self.asked.append(url)
        if self.fault:
            raise self.fault
        if url in self.gates:
            await self.gates[url].wait()
        if url not in self.pictures:
            raise FetchFailed(f"{url}: 404")
        return self.pictures[url]


A, B = "https://a.com/a.jpg", "https://a.com/b.jpg"


def _post(*urls: str, kind: PostKind = PostKind.PHOTO) -> Post:
    pictures = tuple(Picture(url, PictureSource.MEDIA) for url in urls)
    return Post(TargetId("telegram:@a"), kind, "نص", pictures=pictures, headline="زلزال يضرب كريت", kicker="عاجل")


@pytest.fixture
def web() -> Web:
    """An empty web."""
    return Web()


@pytest.fixture
def clock() -> ManualClock:
    """Time that a test moves."""
    return ManualClock()


@pytest.fixture(scope="module")
def cards() -> CardMaker:
    """The house's cards."""
    return CardMaker(HouseStyle(site_name="الوسط العربي"))


@pytest.fixture
async def desk(web: Web, clock: ManualClock) -> AsyncIterator[PictureDesk]:
    """A desk without cards, which waits eight seconds."""
    opened = PictureDesk(web, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def drawing_desk(web: Web, clock: ManualClock, cards: CardMaker) -> AsyncIterator[PictureDesk]:
    """A desk that draws cards."""
    opened = PictureDesk(web, clock, cards)
    yield opened
    await opened.close()


async def test_the_first_candidate_that_is_fit_is_taken(desk: PictureDesk, web: Web) -> None:
    """One not found and one too small are passed over, in their order."""
    web.pictures = {B: _file(_flag(100, 100), "PNG"), "https://a.com/c.jpg": _file(_flag(), "PNG")}
    pictures: Pictures = desk
    jpeg = await pictures.jpeg_of(_post(A, B, "https://a.com/c.jpg"))
    assert jpeg == check_and_convert(web.pictures["https://a.com/c.jpg"])
    assert web.asked == [A, B, "https://a.com/c.jpg"]


async def test_a_text_has_no_picture(drawing_desk: PictureDesk, web: Web) -> None:
    """A post that stepped down is not given one again."""
    web.pictures = {A: _file(_flag(), "PNG")}
    assert await drawing_desk.jpeg_of(_post(A, kind=PostKind.TEXT)) is None
    assert await drawing_desk.jpeg_of(_post(A, kind=PostKind.PLAIN)) is None
    assert web.asked == []


async def test_two_who_ask_at_once_share_one_fetch(desk: PictureDesk, web: Web, clock: ManualClock) -> None:
    """And the next target gets the same bytes without any."""
    web.pictures, web.gates = {A: _file(_flag(), "PNG")}, {A: asyncio.Event()}
    both = asyncio.gather(desk.jpeg_of(_post(A)), desk.jpeg_of(_post(A)))
    await clock.until_asleep(2)
    web.gates[A].set()
    one, other = await both
    assert one is other is await desk.jpeg_of(_post(A))
    assert web.asked == [A]


async def test_a_picture_that_is_late_is_left_behind_and_there_for_the_next(
    desk: PictureDesk, web: Web, clock: ManualClock
) -> None:
    """The text goes out after eight seconds; the retry has the picture without asking again."""
    web.pictures, web.gates = {A: _file(_flag(), "PNG")}, {A: asyncio.Event()}
    asking = asyncio.create_task(desk.jpeg_of(_post(A)))
    await clock.until_asleep()
    assert clock.next_due == 8.0
    clock.advance(8.0)
    assert await asking is None
    web.gates[A].set()
    assert await desk.jpeg_of(_post(A)) is not None
    assert web.asked == [A]


async def test_a_source_that_hangs_leaves_time_for_the_next(desk: PictureDesk, web: Web, clock: ManualClock) -> None:
    """Half of the time each, so that one dead host does not cost the picture."""
    web.pictures, web.gates = {B: _file(_flag(), "PNG")}, {A: asyncio.Event()}
    asking = asyncio.create_task(desk.jpeg_of(_post(A, B)))
    await clock.until_asleep()
    clock.advance(4.0)
    assert await asking is not None


async def test_a_refusal_is_remembered_and_a_failed_fetch_is_not(desk: PictureDesk, web: Web) -> None:
    """What is no picture stays none; a server may recover."""
    web.pictures = {A: b"<svg/>"}
    assert await desk.jpeg_of(_post(A)) is None
    assert await desk.jpeg_of(_post(B)) is None
    web.pictures = {A: _file(_flag(), "PNG"), B: _file(_flag(), "PNG")}
    assert await desk.jpeg_of(_post(A)) is None
    assert await desk.jpeg_of(_post(B)) is not None


async def test_a_fault_of_our_own_costs_the_picture_and_not_the_post(
    desk: PictureDesk, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    """Any exception is logged with its trace, and the post goes out as text."""
    web.fault = RuntimeError("a fault in the guard")
    assert await desk.jpeg_of(_post(A)) is None
    assert "a fault in the guard" in caplog.text


async def test_memory_for_pictures_is_bounded(web: Web, clock: ManualClock) -> None:
    """The oldest is forgotten and fetched again when it is wanted again."""
    noise = _file(Image.effect_noise((400, 400), 90).convert("RGB"), "PNG")
    web.pictures = {A: noise, B: noise}
    size = len(check_and_convert(noise).content)
    desk = PictureDesk(web, clock, kept_bytes=size + size // 2)
    for url in (A, B, B, A):
        assert await desk.jpeg_of(_post(url)) is not None
    assert web.asked == [A, B, A]
    await desk.close()


async def test_a_card_takes_the_place_of_a_picture_that_is_not_fit(drawing_desk: PictureDesk, web: Web) -> None:
    """Where cards are on, a photo post without its photo shows the headline."""
    web.pictures = {A: _file(_flag(100, 100), "PNG")}
    card = await drawing_desk.jpeg_of(_post(A))
    assert card is not None
    assert (card.width, card.height) == WIDE


async def test_a_photo_that_is_fit_goes_out_without_a_card(drawing_desk: PictureDesk, web: Web) -> None:
    """Cards are for what has none."""
    web.pictures = {A: _file(_flag(), "PNG")}
    assert await drawing_desk.jpeg_of(_post(A)) == check_and_convert(web.pictures[A])


async def test_a_card_post_carries_its_photo_behind_the_headline(drawing_desk: PictureDesk, web: Web) -> None:
    """With a photo it is another card than without."""
    web.pictures = {A: _file(_flag(), "PNG")}
    with_photo = await drawing_desk.jpeg_of(_post(A, kind=PostKind.CARD))
    without = await drawing_desk.jpeg_of(_post(kind=PostKind.CARD))
    assert with_photo is not None
    assert without is not None
    assert _close(_read(with_photo).getpixel((20, 20)), RED, 40)
    assert not _close(_read(without).getpixel((20, 20)), RED, 40)


async def test_a_card_without_its_photo_comes_within_the_limit(
    drawing_desk: PictureDesk, web: Web, clock: ManualClock
) -> None:
    """The fetch is given up a second earlier, and the card is drawn in it."""
    web.gates = {A: asyncio.Event()}
    asking = asyncio.create_task(drawing_desk.jpeg_of(_post(A, kind=PostKind.CARD)))
    await clock.until_asleep()
    assert clock.next_due == 7.0
    clock.advance(7.0)
    assert await asking is not None


async def test_the_loop_runs_on_while_a_card_is_drawn(drawing_desk: PictureDesk) -> None:
    """Pillow works in a thread of its own."""
    asking = asyncio.create_task(drawing_desk.jpeg_of(_post(kind=PostKind.CARD)))
    turns = 0
    while not asking.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 20


async def test_two_targets_get_one_card(drawing_desk: PictureDesk) -> None:
    """The same bytes, so that a network's own copy can be used again."""
    one, other = [await drawing_desk.jpeg_of(_post(kind=PostKind.CARD)) for _ in range(2)]
    assert one is other


async def test_closing_gives_up_what_is_under_way(web: Web, clock: ManualClock) -> None:
    """Who still waits gets none, and nothing is left running."""
    web.gates = {A: asyncio.Event()}
    desk = PictureDesk(web, clock)
    asking = asyncio.create_task(desk.jpeg_of(_post(A)))
    await clock.until_asleep()
    await desk.close()
    assert await asking is None
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("picture: ")]
