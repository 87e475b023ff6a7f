"""The picture desk: a post has its picture in time, once for all who ask, and is never lost or delayed for it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from newsroom.entry import Picture, PictureSource
from newsroom.errors import FetchFailed
from newsroom.ports import Jpeg, Pictures
from newsroom.post import Post, PostKind
from newsroom.target import TargetId
from publishing.card import WIDE, CardMaker, Size
from publishing.jpeg import check_and_convert
from publishing.picture import PictureDesk
from publishing.style import HouseStyle
from tests.support.clock import ManualClock, wait_for_turn
from tests.support.images import RED, file_of, flag, is_close, read


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
    web.pictures = {B: file_of(flag(100, 100), "PNG"), "https://a.com/c.jpg": file_of(flag(), "PNG")}
    pictures: Pictures = desk
    jpeg = await pictures.jpeg_of(_post(A, B, "https://a.com/c.jpg"))
    assert jpeg == check_and_convert(web.pictures["https://a.com/c.jpg"])
    assert web.asked == [A, B, "https://a.com/c.jpg"]


async def test_a_text_has_no_picture(drawing_desk: PictureDesk, web: Web) -> None:
    """A post that stepped down is not given one again."""
    web.pictures = {A: file_of(flag(), "PNG")}
    assert await drawing_desk.jpeg_of(_post(A, kind=PostKind.TEXT)) is None
    assert await drawing_desk.jpeg_of(_post(A, kind=PostKind.PLAIN)) is None
    assert web.asked == []


async def test_two_who_ask_at_once_share_one_fetch(desk: PictureDesk, web: Web, clock: ManualClock) -> None:
    """And the next target gets the same bytes without any."""
    web.pictures, web.gates = {A: file_of(flag(), "PNG")}, {A: asyncio.Event()}
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
    web.pictures, web.gates = {A: file_of(flag(), "PNG")}, {A: asyncio.Event()}
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
    web.pictures, web.gates = {B: file_of(flag(), "PNG")}, {A: asyncio.Event()}
    asking = asyncio.create_task(desk.jpeg_of(_post(A, B)))
    await clock.until_asleep()
    clock.advance(4.0)
    assert await asking is not None


async def test_a_refusal_is_remembered_and_a_failed_fetch_is_not(desk: PictureDesk, web: Web) -> None:
    """What is no picture stays none; a server may recover."""
    web.pictures = {A: b"<svg/>"}
    assert await desk.jpeg_of(_post(A)) is None
    assert await desk.jpeg_of(_post(B)) is None
    web.pictures = {A: file_of(flag(), "PNG"), B: file_of(flag(), "PNG")}
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
    noise = file_of(Image.effect_noise((400, 400), 90).convert("RGB"), "PNG")
    web.pictures = {A: noise, B: noise}
    size = len(check_and_convert(noise).content)
    desk = PictureDesk(web, clock, kept_bytes=size + size // 2)
    for url in (A, B, B, A):
        assert await desk.jpeg_of(_post(url)) is not None
    assert web.asked == [A, B, A]
    await desk.close()


async def test_a_card_takes_the_place_of_a_picture_that_is_not_fit(drawing_desk: PictureDesk, web: Web) -> None:
    """Where cards are on, a photo post without its photo shows the headline."""
    web.pictures = {A: file_of(flag(100, 100), "PNG")}
    card = await drawing_desk.jpeg_of(_post(A))
    assert card is not None
    assert (card.width, card.height) == WIDE


async def test_a_photo_that_is_fit_goes_out_without_a_card(drawing_desk: PictureDesk, web: Web) -> None:
    """Cards are for what has none."""
    web.pictures = {A: file_of(flag(), "PNG")}
    assert await drawing_desk.jpeg_of(_post(A)) == check_and_convert(web.pictures[A])


async def test_a_card_post_carries_its_photo_behind_the_headline(drawing_desk: PictureDesk, web: Web) -> None:
    """With a photo it is another card than without."""
    web.pictures = {A: file_of(flag(), "PNG")}
    with_photo = await drawing_desk.jpeg_of(_post(A, kind=PostKind.CARD))
    without = await drawing_desk.jpeg_of(_post(kind=PostKind.CARD))
    assert with_photo is not None
    assert without is not None
    assert is_close(read(with_photo).getpixel((20, 20)), RED, 40)
    assert not is_close(read(without).getpixel((20, 20)), RED, 40)


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


async def test_the_loop_runs_on_while_a_card_is_drawn(web: Web, clock: ManualClock, cards: CardMaker) -> None:
    """Pillow works in a thread of its own: here a card is not ready before the loop has turned."""
    loop = asyncio.get_running_loop()

    class CardsWhenTheLoopHasTurned:
        size = WIDE

        def card(self, headline: str, kicker: str, size: Size, picture: Jpeg | None = None) -> Jpeg:
            wait_for_turn(loop)
            return cards.card(headline, kicker, size, picture)

    desk = PictureDesk(web, clock, CardsWhenTheLoopHasTurned())
    assert await desk.jpeg_of(_post(kind=PostKind.CARD)) is not None
    await desk.close()


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
