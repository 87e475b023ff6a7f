"""Fetching over real sockets: validators learnt, limits kept, the guard at the socket, faults as values."""

import asyncio
import socket
import ssl
import tracemalloc
from collections.abc import AsyncIterator, Callable
from ipaddress import IPv4Network

import pytest
from aiohttp import web
from yarl import URL

from feeds.answer import Answer, FeedDown, Fetched, Unchanged
from feeds.fault import GaveUp
from feeds.fetch import FeedFetcher, Limits, _next
from feeds.validators import Echo, Validators
from tests.support import feed_troubles
from tests.support.clock import ManualClock
from tests.support.feed_server import FakeSite, FeedServer, Kind, Tags, Trouble

LOOPBACK = (IPv4Network("127.0.0.0/8"),)
QUICK = Limits(seconds=2.0, slow_after_seconds=0.3)


@pytest.fixture(scope="session")
def tls() -> ssl.SSLContext:
    """Building one costs more than most tests here."""
    return ssl.create_default_context()


@pytest.fixture
async def fetcher(clock: ManualClock, tls: ssl.SSLContext) -> AsyncIterator[FeedFetcher]:
    """A fetcher that may reach this machine."""
    async with FeedFetcher(clock, allow=LOOPBACK, limits=QUICK, tls=tls) as opened:
        yield opened


def a_site(sites: FeedServer, clock: ManualClock, tags: Tags = Tags.UNTOUCHED) -> FakeSite:
    """A site with an article that is long published."""
    site = sites.site("wasat", tags=tags)
    site.publish("خبر أول")
    clock.advance(3600)
    return site


async def poll(fetcher: FeedFetcher, site: FakeSite, times: int) -> list[Answer]:
    """Poll one after another, each with what the last one taught."""
    answers: list[Answer] = []
    validators = Validators()
    for _ in range(times):
        answer = await fetcher.fetch(site.url, validators)
        answers.append(answer)
        validators = answer.validators if not isinstance(answer, FeedDown) else validators
    return answers


async def down(fetcher: FeedFetcher, url: str) -> FeedDown:
    """Fetch what must not be had."""
    answer = await fetcher.fetch(url, Validators())
    assert isinstance(answer, FeedDown), answer
    return answer


async def test_a_body_comes_with_what_is_to_be_echoed(
    fetcher: FeedFetcher, sites: FeedServer, clock: ManualClock
) -> None:
    """The first poll brings the feed, its validators and its content type."""
    site = a_site(sites, clock)
    answer = await fetcher.fetch(site.url, Validators())
    assert isinstance(answer, Fetched)
    assert answer.body == site.page(1)
    assert answer.validators.headers() == {"If-None-Match": site.etag, "If-Modified-Since": site.last_modified}
    assert answer.headers["content-type"].startswith("application/rss+xml")


@pytest.mark.parametrize("tags", Tags)
async def test_an_unchanged_feed_answers_304_whatever_stands_before_the_site(
    fetcher: FeedFetcher, sites: FeedServer, clock: ManualClock, tags: Tags
) -> None:
    """After three learning polls at most, 99 of 100 polls of an unchanged feed cost the site no body."""
    site = a_site(sites, clock, tags)
    answers = await poll(fetcher, site, 103)
    assert sum(isinstance(answer, Unchanged) for answer in answers[3:]) >= 99
    assert site.counts()[Kind.BODY] <= 3


@pytest.mark.parametrize("tags", Tags)
async def test_a_change_is_never_hidden_by_what_was_learnt(
    fetcher: FeedFetcher, sites: FeedServer, clock: ManualClock, tags: Tags
) -> None:
    """Once 304 is the rule, an edit still brings a body, and the next poll 304 again."""
    site = a_site(sites, clock, tags)
    before = (await poll(fetcher, site, 5))[-1]
    assert isinstance(before, Unchanged)
    site.publish("خبر ثان")
    clock.advance(3600)
    after = await fetcher.fetch(site.url, before.validators)
    assert isinstance(after, Fetched)
    assert "خبر ثان".encode() in after.body
    assert isinstance(await fetcher.fetch(site.url, after.validators), Unchanged)


async def test_plain_asks_for_the_body_whatever_is_known(
    fetcher: FeedFetcher, sites: FeedServer, clock: ManualClock
) -> None:
    """A refetch sends no validators, and what was learnt of echoing them stays."""
    site = a_site(sites, clock, Tags.APACHE)
    known = (await poll(fetcher, site, 3))[-1]
    assert isinstance(known, Unchanged)
    answer = await fetcher.fetch(site.url, known.validators, plain=True)
    assert isinstance(answer, Fetched)
    assert "If-None-Match" not in site.asked[-1].headers
    assert answer.validators.echo is Echo.BARE
    assert answer.validators.proven


async def test_a_body_of_the_same_second_asks_for_one_refetch(
    fetcher: FeedFetcher, sites: FeedServer, clock: ManualClock
) -> None:
    """WordPress counts whole seconds: what comes within that of the last edit would be 304 until the next."""
    site = sites.site("wasat")
    site.publish("خبر أول")
    fresh = await fetcher.fetch(site.url, Validators())
    assert isinstance(fresh, Fetched)
    assert fresh.refetch_after is not None
    site.publish("خبر من الثانية نفسها")
    hidden = await fetcher.fetch(site.url, fresh.validators)
    assert isinstance(hidden, Unchanged)
    clock.advance(fresh.refetch_after)
    found = await fetcher.fetch(site.url, fresh.validators, plain=True)
    assert isinstance(found, Fetched)
    assert "من الثانية نفسها".encode() in found.body
    assert found.refetch_after is None


async def test_a_site_whose_last_modified_is_its_clock_is_not_refetched_for_ever(
    fetcher: FeedFetcher, sites: FeedServer, clock: ManualClock
) -> None:
    """Some sites stamp each answer with the present: after three quarters of a minute that is known to say nothing."""
    site = sites.site("wasat")
    asked_again = []
    validators = Validators()
    for _ in range(30):
        site.publish("خبر")
        answer = await fetcher.fetch(site.url, validators, plain=True)
        assert isinstance(answer, Fetched)
        validators = answer.validators
        asked_again.append(answer.refetch_after is not None)
        clock.advance(3)
    assert asked_again == [True] * 16 + [False] * 14


async def test_a_burst_of_posts_is_refetched_to_its_end(
    fetcher: FeedFetcher, sites: FeedServer, clock: ManualClock
) -> None:
    """Ten bodies of the same second each ask for another look."""
    site = sites.site("wasat")
    validators = Validators()
    for number in range(10):
        site.publish(f"خبر {number}")
        answer = await fetcher.fetch(site.url, validators, plain=True)
        assert isinstance(answer, Fetched)
        assert answer.refetch_after is not None
        validators = answer.validators
        clock.advance(0.1)


async def test_connections_are_kept_between_polls(sites: FeedServer, clock: ManualClock) -> None:
    """Twenty polls travel on one connection."""
    ports: set[object] = set()

    async def note(request: web.Request) -> web.Response:
        ports.add(request.transport.get_extra_info("peername") if request.transport else None)
        return web.Response(text="<rss></rss>")

    site = a_site(sites, clock)
    site.trouble = note
    async with FeedFetcher(clock, allow=LOOPBACK) as fetcher:
        await poll(fetcher, site, 20)
    assert len(ports) == 1


@pytest.mark.parametrize("url", ["https://hub.example.com:99999/", "https://[::1/", "not an address"])
async def test_a_form_for_an_address_that_is_none_is_answered_with_why(fetcher: FeedFetcher, url: str) -> None:
    """A feed may name a hub so; the others are asked all the same."""
    status, why = await fetcher.post(url, {})
    assert status == 0
    assert why


async def test_a_permanent_redirect_is_told(fetcher: FeedFetcher, sites: FeedServer, clock: ManualClock) -> None:
    """The body comes from the new address, and the answer names it."""
    new = a_site(sites, clock)
    old = sites.site("old")
    old.trouble = feed_troubles.redirect(new.url, 301)
    answer = await fetcher.fetch(old.url, Validators())
    assert isinstance(answer, Fetched)
    assert answer.moved == answer.url == new.url


async def test_a_temporary_redirect_is_followed_and_not_remembered(
    fetcher: FeedFetcher, sites: FeedServer, clock: ManualClock
) -> None:
    """A hop that is not permanent makes all behind it provisional."""
    new, middle, old = a_site(sites, clock), sites.site("middle"), sites.site("old")
    old.trouble = feed_troubles.redirect(middle.url, 302)
    middle.trouble = feed_troubles.redirect(new.url, 301)
    answer = await fetcher.fetch(old.url, Validators())
    assert isinstance(answer, Fetched)
    assert not answer.moved
    assert answer.url == new.url


async def test_a_chain_of_redirects_ends_after_five(fetcher: FeedFetcher, sites: FeedServer) -> None:
    """Six requests are made, and then no more."""
    site = sites.site("wasat")
    site.trouble = feed_troubles.redirect(site.url)
    assert (await down(fetcher, site.url)).why == "the site redirects more than 5 times"
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254"),
        ("http://[::ffff:169.254.169.254]/", "mapped"),
        ("http://10.0.0.1/", "private"),
        ("http://2130706434:99999/", "cannot be understood"),
        ("file:///etc/passwd", "only http and https"),
        ("gopher://127.0.0.1/", "only http and https"),
        ("", "without saying where"),
    ],
)
async def test_a_redirect_leads_nowhere_it_must_not(fetcher: FeedFetcher, sites: FeedServer, to: str, why: str) -> None:
    """Each hop passes the same guard."""
    site = sites.site("wasat")
    site.trouble = feed_troubles.redirect(to)
    assert why in (await down(fetcher, site.url)).why


def test_https_is_never_left_for_http() -> None:
    """What was asked for in secret is not fetched in the open; the other way is welcome."""
    secret, open_ = URL("https://alwasat.example.com/feed/"), URL("http://alwasat.example.com/feed/")
    with pytest.raises(GaveUp, match="from https to http"):
        _next(secret, str(open_))
    assert _next(open_, str(secret)) == secret
    assert _next(secret, "../rss") == URL("https://alwasat.example.com/rss")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "Mon, 23 Nov 2026 09:05:00 GMT", "Date": "Mon, 23 Nov 2026 09:00:00 GMT"}, 300.0),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
async def test_a_site_that_asks_to_be_left_alone_is_heard(
    fetcher: FeedFetcher, sites: FeedServer, headers: dict[str, str], seconds: float | None
) -> None:
    """Retry-After is read as seconds and as a date by the site's own clock."""
    site = sites.site("wasat")
    site.trouble = feed_troubles.status(503, headers)
    answer = await down(fetcher, site.url)
    assert (answer.status, answer.retry_after) == (503, seconds)
    assert answer.why == "the site answered 503 (Service Unavailable)"


WHOLE = b"<rss><channel>" + b"<item><guid>1</guid></item>" * 2000 + b"</channel></rss>"


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (feed_troubles.reset, "closed the connection without an answer"),
        (lambda: feed_troubles.half(WHOLE), "ended in the middle of the body"),
        (feed_troubles.silence, "did not answer in time"),
        (lambda: feed_troubles.drip(0.01), "sends too slowly"),
        (lambda: feed_troubles.drip(1.0), "sends too slowly"),
        (lambda: feed_troubles.announced(100_000_000), "larger than 5 MB"),
        (feed_troubles.endless, "larger than 5 MB"),
        (lambda: feed_troubles.body(b"<rss>" * 1_100_000), "larger than 5 MB"),
        (feed_troubles.bomb, "larger than 5 MB"),
        (lambda: feed_troubles.bomb(encoding="deflate"), "larger than 5 MB"),
        (lambda: feed_troubles.encoded("gzip"), "cannot be inflated"),
        (lambda: feed_troubles.encoded("br"), "proper HTTP"),
        (lambda: feed_troubles.encoded("zstd"), "proper HTTP"),
        (lambda: feed_troubles.status(418), "418"),
        (lambda: feed_troubles.status(204), "204"),
    ],
    ids=[
        "reset",
        "half",
        "silence",
        "drip",
        "a byte a second",
        "100 MB",
        "endless",
        "huge",
        "gzip bomb",
        "deflate bomb",
        "no gzip",
        "br",
        "zstd",
        "teapot",
        "nothing",
    ],
)
async def test_a_fault_of_a_site_is_a_value_with_words(
    fetcher: FeedFetcher, sites: FeedServer, trouble: Callable[[], Trouble], why: str
) -> None:
    """Nothing that a site does raises out of a fetch."""
    site = sites.site("wasat")
    site.trouble = trouble()
    assert why in (await down(fetcher, site.url)).why


async def test_a_bomb_takes_no_memory_to_speak_of(fetcher: FeedFetcher, sites: FeedServer) -> None:
    """200 kB that inflate to 210 MB are dropped at five, and what they took is given back."""
    site = sites.site("wasat")
    site.trouble = feed_troubles.bomb()
    tracemalloc.start()
    try:
        await down(fetcher, site.url)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10_000_000


async def test_a_slow_site_delays_no_other(fetcher: FeedFetcher, sites: FeedServer, clock: ManualClock) -> None:
    """While fifty sites are silent and one drips, another is answered as ever."""
    good = a_site(sites, clock)
    for number in range(50):
        sites.site(f"silent{number}").trouble = feed_troubles.silence()
    sites.site("drip").trouble = feed_troubles.drip(0.05)
    waiting = [
        asyncio.create_task(fetcher.fetch(site.url, Validators())) for site in sites.sites.values() if site is not good
    ]
    answer = await fetcher.fetch(good.url, Validators())
    assert isinstance(answer, Fetched)
    assert not any(task.done() for task in waiting), "it was answered before any of the others was given up"
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.parametrize("raw", [b"not http at all\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 999_999 + b"\r\n\r\n"])
async def test_what_is_not_http_is_a_fault(fetcher: FeedFetcher, raw: bytes) -> None:
    """A server that speaks something else, or headers without end."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        assert (await down(fetcher, f"http://127.0.0.1:{port}/")).why == "the answer is not proper HTTP"


async def test_nobody_listening_is_a_fault(fetcher: FeedFetcher) -> None:
    """The port is closed."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        assert (await down(fetcher, f"http://127.0.0.1:{port}/")).why == "the site refused the connection"


@pytest.mark.parametrize("url", ["", "feed", "http://", "http://[::1", "http://a b/", "ftp://127.0.0.1/", "//x/"])
async def test_an_address_that_is_none_is_a_fault(fetcher: FeedFetcher, url: str) -> None:
    """What stands in the settings may be anything."""
    assert (await down(fetcher, url)).why
