"""The wall: its list and listeners, the dry run's platform, and what a page is told of a post."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web_view import segments_of, view_of
from newsroom.delivery import State
from newsroom.entry import Picture, PictureSource
from newsroom.ports import Jpeg, Platform, Ready
from newsroom.post import Post, PostKind, Span, SpanKind
from newsroom.receipt import Absent, Later, Sent
from publishing.wall import Shown, Wall, WallPlatform
from tests.browser.newsroom import ACCOUNT, CHANNEL, NINE, a_post, sent
from tests.support.clock import ManualClock

JPEG = Jpeg(b"\xff\xd8\xff a picture \xff\xd9", 1200, 675, "abc123")
PHOTO = (Picture("https://alwasat.example.com/a.jpg", PictureSource.MEDIA),)


class OnePicture:
    """Implements `newsroom.ports.Pictures`: one JPEG for every post that offers a picture."""

    def __init__(self) -> None:
        self.asked: list[Post] = []

    async def jpeg_of(self, post: Post) -> Jpeg | None:
        """The picture, or None for a post without candidates."""
        self.asked.append(post)
        return JPEG if post.pictures else None


def numbered(count: int, first: int = 1) -> list[Shown]:
    """What a wall says of `count` posts, oldest first."""
    wall = Wall(most=count)
    for number in range(first, first + count):
        wall.show(sent(a_post(CHANNEL, f"خبر {number}"), number, NINE + number))
    return list(reversed(wall.posts()))


# --- the list and its listeners --------------------------------------------------------------------------


def test_the_newest_post_stands_first_and_the_oldest_falls_off() -> None:
    """The wall is bounded."""
    wall = Wall(most=3)
    for number in range(5):
        wall.show(sent(a_post(CHANNEL, f"{number}"), number, NINE + number))
    assert [shown.delivery.post.text for shown in wall.posts()] == ["4", "3", "2"]
    assert wall.find("story0>telegram:@alwasat_alarabi") is None
    assert wall.find("story4>telegram:@alwasat_alarabi") is not None


@pytest.mark.parametrize("state", [state for state in State if state is not State.SENT])
def test_what_was_not_sent_is_not_shown(state: State) -> None:
    """Followers do not see it either."""
    wall = Wall()
    wall.show(replace(sent(a_post(CHANNEL, "خبر")), state=state))
    assert wall.posts() == ()


async def test_a_delivery_told_twice_is_one_and_an_edited_one_keeps_its_place() -> None:
    """Followers see one post, with its new words and the mark of an edit."""
    wall = Wall()
    first = sent(a_post(CHANNEL, "العنوان الأول"), 1, NINE)
    wall.show(first)
    wall.show(sent(a_post(CHANNEL, "خبر آخر"), 2, NINE + 5))
    with wall.subscribe() as listener:
        wall.show(replace(first, settled=NINE + 6))
        wall.show(replace(first, post=a_post(CHANNEL, "العنوان بعد التعديل"), settled=NINE + 7))
        told = await listener.next()
    assert told is not None
    assert (told.edited, told.delivery.post.text) == (True, "العنوان بعد التعديل")
    assert [(shown.delivery.post.text, shown.edited) for shown in wall.posts()] == [
        ("خبر آخر", False),
        ("العنوان بعد التعديل", True),
    ]


async def test_a_listener_is_told_what_comes_after_it_began_to_listen() -> None:
    """And nothing that stood there before."""
    wall = Wall()
    wall.show(sent(a_post(CHANNEL, "قديم"), 1))
    with wall.subscribe() as listener:
        wall.show(sent(a_post(CHANNEL, "جديد"), 2))
        told = await listener.next()
    assert told is not None
    assert told.delivery.post.text == "جديد"
    assert wall.listeners == 0


async def test_a_listener_that_comes_back_is_told_what_it_missed() -> None:
    """From the last number it knows, oldest first."""
    wall = Wall()
    for number in range(4):
        wall.show(sent(a_post(CHANNEL, f"{number}"), number, NINE + number))
    known = wall.posts()[2].number
    with wall.subscribe(after=known) as listener:
        missed = [await listener.next(), await listener.next()]
    assert [shown.delivery.post.text for shown in missed if shown] == ["2", "3"]


async def test_a_number_that_the_wall_does_not_know_brings_everything() -> None:
    """A page from before a restart must not miss a post; it knows its own posts by their ids."""
    wall = Wall()
    for number in range(3):
        wall.show(sent(a_post(CHANNEL, f"{number}"), number, NINE + number))
    with wall.subscribe(after=7) as listener:
        told = [await listener.next() for _ in range(3)]
    assert [shown.delivery.post.text for shown in told if shown] == ["0", "1", "2"]


def test_numbers_go_on_after_a_restart() -> None:
    """The seed gives each post the number it had, so that a page goes on where it was."""
    before = Wall()
    for number in range(3):
        before.show(sent(a_post(CHANNEL, f"{number}"), number, NINE + number))
    after = Wall()
    after.seed([shown.delivery for shown in before.posts()])
    assert after.posts() == before.posts()
    after.show(sent(a_post(CHANNEL, "جديد"), 9, NINE + 1))
    assert after.newest > before.newest


async def test_a_slow_listener_is_let_go_and_holds_up_nobody() -> None:
    """The newsroom never waits for a reader, and keeps no endless backlog for one."""
    wall = Wall(patience=3)
    with wall.subscribe() as slow, wall.subscribe() as quick:
        heard = []
        for number in range(10):
            wall.show(sent(a_post(CHANNEL, f"{number}"), number, NINE + number))
            heard.append(await quick.next())
        assert not slow.is_open
        assert await slow.next() is None
    assert [shown.delivery.post.text for shown in heard if shown] == [f"{number}" for number in range(10)]


async def test_a_long_backlog_is_not_held_against_a_listener() -> None:
    """What it is told at the start is our doing, not its slowness."""
    wall = Wall(most=50, patience=2)
    wall.seed(shown.delivery for shown in reversed(numbered(50)))
    with wall.subscribe(after=1) as listener:
        wall.show(sent(a_post(CHANNEL, "جديد"), 99, NINE + 99))
        assert listener.is_open
        assert len([await listener.next() for _ in range(51)]) == 51


async def test_hanging_up_ends_a_listener_that_waits() -> None:
    """At once: a server that stops has seconds."""
    wall = Wall()
    with wall.subscribe() as listener:
        waiting = asyncio.create_task(listener.next())
        await asyncio.sleep(0)
        wall.hang_up()
        assert await waiting is None


async def test_waiting_may_be_given_up_without_losing_news() -> None:
    """The stream gives up waiting at each heartbeat."""
    wall = Wall()
    with wall.subscribe() as listener:
        for number in range(3):
            waiting = asyncio.create_task(listener.next())
            # It is asleep now, and is woken and given up in the same turn of the loop: the narrowest moment.
            await asyncio.sleep(0)
            wall.show(sent(a_post(CHANNEL, f"{number}"), number, NINE + number))
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            told = await listener.next()
            assert told is not None
            assert told.delivery.post.text == f"{number}"


# --- the dry run's platform ------------------------------------------------------------------------------


async def test_the_dry_run_makes_the_picture_ready_and_says_sent_with_growing_numbers() -> None:
    """As a channel would, and nothing leaves the house."""
    pictures, clock = OnePicture(), ManualClock()
    platform: Platform = WallPlatform(CHANNEL, pictures, clock)
    photo = a_post(CHANNEL, "خبر", kind=PostKind.PHOTO, pictures=PHOTO)
    ready = await platform.prepare(photo)
    receipts = [await platform.send(photo, ready, clock.monotonic() + 1) for _ in range(3)]
    ids = [int(receipt.ids[0]) for receipt in receipts if isinstance(receipt, Sent)]
    assert ready == Ready(picture=JPEG)
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
    assert platform.target == CHANNEL


@pytest.mark.parametrize("kind", [PostKind.TEXT, PostKind.PLAIN])
async def test_the_dry_run_asks_for_no_picture_that_the_post_does_not_show(kind: PostKind) -> None:
    """A text post is a text post."""
    pictures = OnePicture()
    platform = WallPlatform(ACCOUNT, pictures, ManualClock())
    assert await platform.prepare(a_post(ACCOUNT, "خبر", kind=kind, pictures=PHOTO)) == Ready()
    assert pictures.asked == []


async def test_the_dry_run_sends_nothing_after_its_deadline() -> None:
    """The lease may belong to another by then; as nothing was sent, it may be tried again."""
    clock = ManualClock()
    platform = WallPlatform(CHANNEL, OnePicture(), clock)
    deadline = clock.monotonic()
    clock.advance(0.001)
    receipt = await platform.send(a_post(CHANNEL, "خبر"), Ready(), deadline)
    assert isinstance(receipt, Later)


async def test_what_the_dry_run_left_open_may_go_out_again() -> None:
    """A kill before the settling left nothing on the wall, and there is no other place where it could stand."""
    platform = WallPlatform(CHANNEL, OnePicture(), ManualClock())
    assert await platform.find(replace(sent(a_post(CHANNEL, "خبر")), state=State.UNCERTAIN)) == Absent()


def test_numbers_of_the_dry_run_go_on_growing_after_a_restart() -> None:
    """A read-back looks for numbers above the last known one."""
    clock = ManualClock()
    before = WallPlatform(CHANNEL, OnePicture(), clock)
    clock.advance(60)
    after = WallPlatform(CHANNEL, OnePicture(), clock)
    assert after._last_id > before._last_id


# --- what the page is told -------------------------------------------------------------------------------


def drawn(post: Post) -> list[tuple[str, tuple[str, ...], str]]:
    """The segments of a post, short."""
    return [(segment.text, segment.marks, segment.href) for segment in segments_of(post)]


def test_spans_count_in_utf16_units_past_an_emoji() -> None:
    """🔴 takes two units; one counted in code points would begin a letter early."""
    post = a_post(
        CHANNEL,
        "🔴 ",
        ("عاجل | خبر", SpanKind.BOLD),
        "\n\n",
        ("التفاصيل", SpanKind.TEXT_LINK, "https://a.example.com/?p=1"),
    )
    assert drawn(post) == [
        ("🔴 ", (), ""),
        ("عاجل | خبر", ("bold",), ""),
        ("\n\n", (), ""),
        ("التفاصيل", ("text_link",), "https://a.example.com/?p=1"),
    ]


def test_tags_and_addresses_are_found_as_the_networks_find_them() -> None:
    """A number is no tag, a fragment of an address is none, and a full stop is not part of an address."""
    post = a_post(ACCOUNT, "#عاجل | خبر #2026 a#b\nhttps://a.example.com/x?p=1#التعليقات.\n#كوريا_الشمالية، #روسيا")
    marked = [(text, marks, href) for text, marks, href in drawn(post) if marks]
    address = "https://a.example.com/x?p=1#التعليقات"
    assert marked == [
        ("#عاجل", ("tag",), ""),
        (address, ("text_link",), address),
        ("#كوريا_الشمالية", ("tag",), ""),
        ("#روسيا", ("tag",), ""),
    ]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example.com", "https://[", "", "https:///x"]
)
def test_an_address_that_a_browser_must_not_follow_from_here_is_no_link(url: str) -> None:
    """A feed may name anything; its words still stand."""
    post = a_post(CHANNEL, ("التفاصيل", SpanKind.TEXT_LINK, url), link=url)
    assert drawn(post) == [("التفاصيل", ("text_link",), "")]
    view = view_of(Shown(1, sent(post)), "")
    assert (view.link, view.preview) == ("", False)


SPANS = st.lists(
    st.builds(
        Span,
        st.sampled_from(SpanKind),
        st.integers(-5, 140),
        st.integers(-5, 140),
        st.sampled_from(["", "https://a.example.com"]),
    ),
    max_size=6,
)


@given(text=st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=60), spans=SPANS)
def test_no_span_however_wrong_loses_or_doubles_a_word(text: str, spans: list[Span]) -> None:
    """Overlapping, of negative length, beyond the end: the segments joined are the text."""
    post = replace(a_post(CHANNEL, text), spans=tuple(spans))
    assert "".join(segment.text for segment in segments_of(post)) == text


def test_a_span_that_splits_an_emoji_spoils_the_emoji_alone() -> None:
    """Half a surrogate pair cannot be drawn; the words around it can."""
    post = replace(a_post(CHANNEL, "خبر 🔴 عاجل"), spans=(Span(SpanKind.BOLD, 5, 6),))
    joined = "".join(segment.text for segment in segments_of(post))
    assert joined == "خبر \ufffd\ufffd عاجل"
