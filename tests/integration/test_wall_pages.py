"""The wall's web side: the page, the stream, the pictures, the files and the door, over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.web import LINE_LIMIT, STOP_SECONDS, serve, web_app
from bot.web_door import COOKIE
from bot.web_wall import HEARTBEAT_SECONDS, MOST_LISTENERS
from newsroom.entry import Picture, PictureSource
from newsroom.errors import StoreUnavailable
from newsroom.ports import Jpeg
from newsroom.post import Post, PostKind, SpanKind
from publishing.wall import Wall
from tests.browser.newsroom import ACCOUNT, CHANNEL, NINE, a_post, sent
from tests.support.clock import ManualClock

TOKEN = SecretStr("كلمة-سرّ long enough 9f2c")
JPEG = Jpeg(b"\xff\xd8\xff a picture \xff\xd9", 1200, 675, "abc123")
PHOTO = (Picture("https://alwasat.example.com/the-sites-own-address.jpg", PictureSource.MEDIA),)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u202e"


class OnePicture:
    """Implements `newsroom.ports.Pictures`: one JPEG for every post that offers a picture."""

    async def jpeg_of(self, post: Post) -> Jpeg | None:
        """The picture, or None for a post without candidates."""
        return JPEG if post.pictures else None


async def well() -> Mapping[str, Any]:
    """A healthy house."""
    return {"ok": True, "feeds": 1}


async def ill() -> Mapping[str, Any]:
    """A house whose store is gone."""
    raise StoreUnavailable("the store does not answer")


@asynccontextmanager
async def served(
    wall: Wall,
    clock: ManualClock | None = None,
    token: SecretStr | None = None,
    *,
    demo: bool = True,
    health: Callable[[], Awaitable[Mapping[str, Any]]] = well,
) -> AsyncIterator[str]:
    """The web side with this wall; gives its address."""
    app = web_app(
        wall, OnePicture(), clock or ManualClock(), token=token, demo=demo, health=health, site_name="الوسط العربي"
    )
    async with serve(app, host="127.0.0.1", port=0) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser without a script: it keeps cookies, also those of 127.0.0.1."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


async def event_of(stream: aiohttp.ClientResponse) -> dict[str, str]:
    """The next event or comment of a stream, by field name; a comment's name is empty."""
    lines: dict[str, str] = {}
    while (line := (await stream.content.readline()).decode().rstrip("\n")) or not lines:
        if line:
            name, _, value = line.partition(": " if not line.startswith(":") else ":")
            lines[name] = value.strip()
    return lines


# --- the page --------------------------------------------------------------------------------------------


async def test_the_first_html_shows_the_newest_posts_without_a_script(client: aiohttp.ClientSession) -> None:
    """Each in its own network's column, with its words, its length and its picture from our own server."""
    wall = Wall()
    words = ("🔴 ", ("عاجل | خبر", SpanKind.BOLD), "\n#الشرق_قادم")
    wall.show(sent(a_post(CHANNEL, *words, kind=PostKind.PHOTO, pictures=PHOTO), 1))
    wall.show(sent(a_post(ACCOUNT, "#عاجل | خبر"), 1))
    async with served(wall) as url, client.get(f"{url}/wall") as answer:
        html = await answer.text()
    assert '<html lang="ar" dir="rtl">' in html
    assert '<span class="bold">عاجل | خبر</span>\n<span class="tag">#الشرق_قادم</span>' in html
    assert '<span class="tag">#عاجل</span> | خبر' in html
    assert 'src="/wall/picture/story1%3Etelegram%3A%40alwasat_alarabi"' in html
    assert "the-sites-own-address" not in html
    assert html.count('class="post"') == 4  # two posts and two empty models for the script


async def test_words_of_a_feed_cannot_become_markup(client: aiohttp.ClientSession) -> None:
    """Wherever they stand: text, headline, lead, picture's words, the paper's name."""
    wall = Wall()
    for number, kind in enumerate((PostKind.TEXT, PostKind.PHOTO)):
        fields = {
            "headline": HOSTILE,
            "lead": HOSTILE,
            "alt": HOSTILE,
            "pictures": PHOTO,
            "link": f"https://a.example.com/{HOSTILE}",
        }
        wall.show(sent(a_post(CHANNEL, HOSTILE, (HOSTILE, SpanKind.BOLD), kind=kind, **fields), number))
    app = web_app(wall, OnePicture(), ManualClock(), token=None, demo=True, health=well, site_name=HOSTILE)
    async with serve(app, host="127.0.0.1", port=0) as port, client.get(f"http://127.0.0.1:{port}/wall") as answer:
        html = await answer.text()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert html.count("<script") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


async def test_every_answer_carries_the_policy_that_lets_nothing_foreign_run(client: aiohttp.ClientSession) -> None:
    """Pages, files, errors and streams alike."""
    async with served(Wall()) as url:
        for path in ("/wall", "/wall/wall.js", "/wall/events", "/wall/picture/none", "/health", "/nothing"):
            async with client.get(url + path) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert policy.startswith("default-src 'none'; script-src 'self';"), path
                assert "unsafe" not in policy, path
                assert "require-trusted-types-for 'script'" in policy, path
                assert answer.headers["X-Content-Type-Options"] == "nosniff", path
                assert answer.headers["Referrer-Policy"] == "no-referrer", path
                assert "Server" not in answer.headers, path


async def test_the_page_holds_no_inline_script_style_or_foreign_address(client: aiohttp.ClientSession) -> None:
    """The policy would break them; this finds them before a browser does."""
    wall = Wall()
    wall.show(sent(a_post(CHANNEL, "خبر", link=""), 1))
    async with served(wall) as url, client.get(f"{url}/wall") as answer:
        html = await answer.text()
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick" not in html
    assert "http://" not in html
    assert "https://" not in html


# --- the stream ------------------------------------------------------------------------------------------


async def test_a_post_comes_down_the_stream_with_its_number_and_all_its_parts(client: aiohttp.ClientSession) -> None:
    """In one line of JSON, whatever newlines the post has."""
    wall = Wall()
    async with served(wall) as url, client.get(f"{url}/wall/events?after=0") as stream:
        assert stream.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert await event_of(stream) == {"retry": "2000"}
        wall.show(sent(a_post(CHANNEL, "سطر\nثانٍ ", ("🔴", SpanKind.BOLD)), 1))
        event = await event_of(stream)
    told = json.loads(event["data"])
    assert (event["event"], event["id"]) == ("post", str(wall.newest))
    assert told["id"] == "story1>telegram:@alwasat_alarabi"
    assert [part["text"] for part in told["segments"]] == ["سطر\nثانٍ ", "🔴"]
    assert (told["network"], told["name"], told["handle"]) == ("telegram", "الوسط العربي", "@alwasat_alarabi")
    assert (told["utc"], told["length"], told["limit"]) == ("09:00", 11, 1024)


@pytest.mark.parametrize("as_header", [True, False])
async def test_a_stream_goes_on_after_the_last_event_that_was_read(
    client: aiohttp.ClientSession, *, as_header: bool
) -> None:
    """By the header a browser sends when it comes again, or by the address of a fresh page."""
    wall = Wall()
    for number in range(3):
        wall.show(sent(a_post(CHANNEL, f"{number}"), number, NINE + number))
    known = str(wall.posts()[1].number)
    headers = {"Last-Event-ID": known} if as_header else {}
    address = "/wall/events?after=0" if as_header else f"/wall/events?after={known}"
    async with served(wall) as url, client.get(url + address, headers=headers) as stream:
        await event_of(stream)
        event = await event_of(stream)
    assert json.loads(event["data"])["segments"][0]["text"] == "2"


@pytest.mark.parametrize("known", ["", "-1", "x", "٣", "9" * 400])
async def test_an_event_id_that_is_no_number_brings_everything(client: aiohttp.ClientSession, known: str) -> None:
    """It cannot be ours."""
    wall = Wall()
    wall.show(sent(a_post(CHANNEL, "خبر"), 1))
    async with served(wall) as url, client.get(f"{url}/wall/events", params={"after": known}) as stream:
        await event_of(stream)
        assert (await event_of(stream))["event"] == "post"


async def test_a_silent_stream_has_a_heartbeat_and_loses_no_news_by_it(client: aiohttp.ClientSession) -> None:
    """A proxy closes a stream that says nothing for a minute."""
    wall, clock = Wall(), ManualClock()
    async with served(wall, clock) as url, client.get(f"{url}/wall/events") as stream:
        await event_of(stream)
        for _ in range(2):
            await clock.until_asleep()
            clock.advance(HEARTBEAT_SECONDS)
            assert await event_of(stream) == {"": "still here"}
        wall.show(sent(a_post(CHANNEL, "خبر"), 1))
        assert (await event_of(stream))["event"] == "post"


async def test_streams_end_at_once_when_the_server_stops(client: aiohttp.ClientSession) -> None:
    """A restart must not wait for readers who never leave."""
    wall = Wall()
    loop = asyncio.get_running_loop()
    async with served(wall) as url:
        streams = [await client.get(f"{url}/wall/events") for _ in range(5)]
        for stream in streams:
            await event_of(stream)
        begun = loop.time()
    took = loop.time() - begun
    assert [await stream.content.read() for stream in streams] == [b""] * 5
    assert took < STOP_SECONDS / 2
    assert wall.listeners == 0


async def test_more_readers_than_a_newsroom_has_screens_are_turned_away(client: aiohttp.ClientSession) -> None:
    """Each open stream costs a connection; those that are open go on."""
    wall = Wall()
    async with served(wall) as url:
        held = [wall.subscribe() for _ in range(MOST_LISTENERS)]
        for listener in held:
            listener.__enter__()
        async with client.get(f"{url}/wall/events") as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
        for listener in held:
            listener.__exit__(None, None, None)
        async with client.get(f"{url}/wall/events") as answer:
            assert answer.status == 200


async def test_a_reader_who_left_is_forgotten_at_the_next_news(client: aiohttp.ClientSession) -> None:
    """Closed browsers must not pile up."""
    wall, clock = Wall(), ManualClock()
    async with served(wall, clock) as url:
        stream = await client.get(f"{url}/wall/events")
        await event_of(stream)
        stream.close()
        async with asyncio.timeout(10):
            number = 0
            while wall.listeners:
                number += 1
                wall.show(sent(a_post(CHANNEL, f"{number}"), number, NINE + number))
                await asyncio.sleep(0)


# --- pictures and files ----------------------------------------------------------------------------------


async def test_a_picture_is_the_checked_one_and_is_not_sent_twice(client: aiohttp.ClientSession) -> None:
    """Never the site's own file; and a browser that has it is told so."""
    wall = Wall()
    delivery = sent(a_post(CHANNEL, "خبر", kind=PostKind.PHOTO, pictures=PHOTO), 1)
    wall.show(delivery)
    async with served(wall) as url:
        address = f"{url}/wall/picture/story1%3Etelegram%3A%40alwasat_alarabi"
        async with client.get(address) as answer:
            assert (await answer.read(), answer.content_type) == (JPEG.content, "image/jpeg")
            etag = answer.headers["ETag"]
        async with client.get(address, headers={"If-None-Match": etag}) as answer:
            assert (answer.status, await answer.read()) == (304, b"")


async def test_a_post_without_a_picture_answers_with_nothing_and_an_unknown_one_with_404(
    client: aiohttp.ClientSession,
) -> None:
    """Nothing is not an error: the post went out as its text."""
    wall = Wall()
    wall.show(sent(a_post(CHANNEL, "خبر", kind=PostKind.PHOTO), 1))
    async with served(wall) as url:
        async with client.get(f"{url}/wall/picture/story1>telegram:@alwasat_alarabi") as answer:
            assert answer.status == 204
        async with client.get(f"{url}/wall/picture/story2>telegram:@alwasat_alarabi") as answer:
            assert answer.status == 404


async def test_files_are_kept_by_browsers_as_long_as_their_version_is_current(client: aiohttp.ClientSession) -> None:
    """A release changes the name; without a name they are asked for again, and answered with 304."""
    async with served(Wall()) as url:
        async with client.get(f"{url}/wall") as answer:
            version = (await answer.text()).split("wall.css?v=")[1].split('"')[0]
        async with client.get(f"{url}/wall/wall.css?v={version}") as answer:
            assert (answer.status, "immutable" in answer.headers["Cache-Control"]) == (200, True)
        async with client.get(f"{url}/wall/bold.ttf") as answer:
            assert (answer.content_type, answer.headers["Cache-Control"]) == ("font/ttf", "no-cache")
            etag = answer.headers["ETag"]
        async with client.get(f"{url}/wall/bold.ttf", headers={"If-None-Match": etag}) as answer:
            assert answer.status == 304


@pytest.mark.parametrize("name", ["wall.html.j2", "..%2fwall.css", "%2e%2e%2fbreaking.telegram.html.j2", "no.js"])
async def test_only_the_walls_own_files_are_served(client: aiohttp.ClientSession, name: str) -> None:
    """By a fixed list, so that no name leads anywhere else."""
    async with served(Wall()) as url, client.get(f"{url}/wall/{name}") as answer:
        assert answer.status == 404


async def test_a_header_or_address_beyond_all_measure_is_refused(client: aiohttp.ClientSession) -> None:
    """A browser sends a few hundred bytes."""
    async with served(Wall()) as url:
        async with client.get(f"{url}/wall", headers={"X-Long": "x" * (LINE_LIMIT + 1)}) as answer:
            assert answer.status == 400
        async with client.get(f"{url}/wall?x={'x' * (LINE_LIMIT + 1)}") as answer:
            assert answer.status == 400


# --- health ----------------------------------------------------------------------------------------------


async def test_health_tells_what_the_house_says_of_itself(client: aiohttp.ClientSession) -> None:
    """Without a token: a host's probe has none."""
    async with served(Wall(), token=TOKEN, demo=False) as url, client.get(f"{url}/health") as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True, "feeds": 1})


async def test_an_ill_house_says_so_with_503(client: aiohttp.ClientSession) -> None:
    """And why, in the words of the error."""
    async with served(Wall(), health=ill) as url, client.get(f"{url}/health") as answer:
        assert (answer.status, await answer.json()) == (503, {"ok": False, "why": "the store does not answer"})


# --- the door --------------------------------------------------------------------------------------------

BEHIND_THE_DOOR = ("/wall", "/wall/events", "/wall/picture/x", "/wall/wall.js")


async def test_without_a_token_set_there_is_no_wall_outside_the_demo(client: aiohttp.ClientSession) -> None:
    """There is no default word, and none can be guessed."""
    for nothing in (None, SecretStr("")):
        async with served(Wall(), token=nothing, demo=False) as url:
            for path in (*BEHIND_THE_DOOR, "/wall?token="):
                async with client.get(url + path) as answer:
                    assert answer.status == 404, path


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?token=%FF%00"])
async def test_without_the_right_word_the_wall_stays_shut(client: aiohttp.ClientSession, query: str) -> None:
    """Page, stream, pictures and files alike; and no cookie is given away."""
    async with served(Wall(), token=TOKEN, demo=False) as url:
        for path in BEHIND_THE_DOOR:
            async with client.get(url + path + query) as answer:
                assert answer.status == 401, path
                assert "Set-Cookie" not in answer.headers, path


async def test_the_word_opens_once_and_the_cookie_from_then_on(client: aiohttp.ClientSession) -> None:
    """The cookie is out of reach of scripts and of other sites, and does not hold the word."""
    async with served(Wall(), token=TOKEN, demo=False) as url:
        async with client.get(f"{url}/wall", params={"token": TOKEN.get_secret_value()}) as answer:
            given, welcome = answer.headers["Set-Cookie"], await answer.text()
        assert answer.status == 200
        assert {"HttpOnly", "SameSite=Strict", "Path=/wall"} <= {part.strip() for part in given.split(";")}
        assert "9f2c" not in given + welcome
        assert 'url=/wall"' in welcome
        for path, status in zip(BEHIND_THE_DOOR, (200, 200, 404, 200), strict=True):
            async with client.get(url + path) as answer:
                assert answer.status == status, path


async def test_behind_a_proxy_that_speaks_https_the_cookie_travels_by_https_only(client: aiohttp.ClientSession) -> None:
    """The worker itself sees plain HTTP there."""
    async with served(Wall(), token=TOKEN, demo=False) as url:
        params = {"token": TOKEN.get_secret_value()}
        async with client.get(f"{url}/wall", params=params, headers={"X-Forwarded-Proto": "https"}) as answer:
            assert "Secure" in answer.headers["Set-Cookie"]


async def test_a_new_word_shuts_out_the_old_cookie_and_a_forged_one(client: aiohttp.ClientSession) -> None:
    """Changing the token is how an editor is locked out."""
    params = {"token": TOKEN.get_secret_value()}
    async with (
        served(Wall(), token=TOKEN, demo=False) as url,
        client.get(f"{url}/wall", params=params) as answer,
    ):
        old = answer.cookies[COOKIE].value
    async with served(Wall(), token=SecretStr("another word"), demo=False) as url:
        for cookie in (old, "another word", "x"):
            async with client.get(f"{url}/wall", headers={"Cookie": f"{COOKIE}={cookie}"}) as answer:
                assert answer.status == 401
