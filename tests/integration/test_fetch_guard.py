"""The guard at real sockets, secret sites, pages and pictures."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import IPv4Network
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

from feeds.answer import FeedDown, Fetched
from feeds.fetch import FeedFetcher, Limits, kept_for
from feeds.names import Names
from feeds.validators import Validators
from newsroom.errors import FetchFailed
from tests.support import feed_troubles
from tests.support.certificate import self_signed
from tests.support.clock import ManualClock
from tests.support.feed_server import FeedServer
from tests.support.name_server import name_server

LOOPBACK = (IPv4Network("127.0.0.0/8"),)
QUICK = Limits(seconds=2.0)


@pytest.fixture
async def fetcher(clock: ManualClock) -> AsyncIterator[FeedFetcher]:
    """A fetcher that may reach this machine."""
    async with FeedFetcher(clock, allow=LOOPBACK, limits=QUICK) as opened:
        yield opened


async def down(fetcher: FeedFetcher, url: str) -> FeedDown:
    """Fetch what must not be had."""
    answer = await fetcher.fetch(url, Validators())
    assert isinstance(answer, FeedDown), answer
    return answer


# --- the guard ------------------------------------------------------------------------------------------------


class _Names(AbstractResolver):
    """A name server in hostile hands: every name lives on this machine."""

    def __init__(self) -> None:
        self.asked = 0

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0),
            ResolveResult(hostname=host, host="::1", port=port, family=socket.AF_INET6, proto=0, flags=0),
        ]

    @override
    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
async def trap() -> AsyncIterator[tuple[int, list[Any]]]:
    """A port of this machine that counts who comes."""
    came: list[Any] = []

    def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer.get_extra_info("peername"))
        writer.close()

    async with await asyncio.start_server(note, "127.0.0.1", 0) as listener:
        yield listener.sockets[0].getsockname()[1], came


def spellings(port: int) -> list[str]:
    """Two hundred ways to write loopback, private and metadata addresses."""
    hosts = ["127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0"]
    hosts += [
        "0.0.0.0",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.0.0.1.",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "\uff11\uff12\uff17.0.0.1",
    ]
    hosts += ["169.254.169.254", "2852039166", "0xa9fea9fe", "168.63.129.16", "192.0.0.192"]
    hosts += ["10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "100.100.100.200", "224.0.0.1", "255.255.255.255"]
    v6 = ["::1", "::", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:ffff:7f00:1", "2002:7f00:1::"]
    v6 += ["64:ff9b::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2001:0:7f00:1::", "fe80::1", "fc00::1"]
    v6 += ["fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1", "::ffff:a9fe:a9fe", "2001:5::1", "3fff::1", "100::1"]
    names = [*hosts, *(f"[{address}]" for address in v6)]
    forms = ["http://{h}:{p}/", "https://{h}:{p}/x", "http://user:pass@{h}:{p}/", "HTTP://{h}:{p}/?q=http://a.example/"]
    urls = [form.format(h=name, p=port) for name in names for form in forms]
    assert len(urls) >= 200
    return urls


async def test_no_spelling_of_a_forbidden_address_is_connected_to(
    clock: ManualClock, trap: tuple[int, list[Any]]
) -> None:
    """Two hundred spellings, and nobody comes to the port that waits for them."""
    port, came = trap
    async with FeedFetcher(clock, limits=QUICK) as fetcher:
        answers = await asyncio.gather(*(fetcher.fetch(url, Validators()) for url in spellings(port)))
    assert all(isinstance(answer, FeedDown) for answer in answers)
    assert came == []


async def test_a_name_server_that_points_home_is_not_followed(clock: ManualClock, trap: tuple[int, list[Any]]) -> None:
    """Rebinding: whatever a name resolves to, it is the connected address that counts."""
    port, came = trap
    names = _Names()
    async with FeedFetcher(clock, limits=QUICK, resolver=names) as fetcher:
        answer = await down(fetcher, f"http://alwasat.example.com:{port}/feed/")
        with pytest.raises(FetchFailed, match="loopback"):
            await fetcher.picture("http://alwasat.example.com/cover.jpg")
        with pytest.raises(FetchFailed, match="loopback"):
            await fetcher.page("http://alwasat.example.com/")
    assert names.asked > 0
    assert "loopback" in answer.why
    assert came == []


async def test_a_name_server_that_changes_its_answer_leads_nowhere(
    clock: ManualClock, trap: tuple[int, list[Any]]
) -> None:
    """A real name server: where the site lives at first, and the second time this very machine.

    The site redirects to the port of the trap, so that its name is asked for again in the middle of one fetch.
    """
    port, came = trap
    site_address, here = "127.0.0.2", "127.0.0.1"

    async def send_on(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": f"http://news.example.com:{port}/feed/"})

    app = web.Application()
    app.router.add_get("/feed/", send_on)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, site_address, 0).start()
    served = runner.addresses[0][1]
    allow = (IPv4Network(f"{site_address}/32"),)
    try:
        async with (
            name_server((site_address,), (here,)) as (names, resolver),
            FeedFetcher(clock, allow=allow, limits=QUICK, resolver=resolver) as fetcher,
        ):
            answer = await down(fetcher, f"http://news.example.com:{served}/feed/")
            assert answer.why == "the address 127.0.0.1 is refused: loopback"
            for path in ("page", "picture"):
                with pytest.raises(FetchFailed, match="loopback"):
                    await getattr(fetcher, path)(f"http://{path}.example.com:{port}/")
            assert names.asked[:2] == ["news.example.com", "news.example.com"]
    finally:
        await runner.cleanup()
    assert came == []


async def test_names_that_nobody_answers_hold_up_no_other() -> None:
    """Forty lookups hang, as they do for ten seconds where a name server is silent; the next one is answered."""
    hanging = Event()

    def slow(host: str, *_: int) -> list[tuple[socket.AddressFamily, int, str]]:
        if host.startswith("dead"):
            hanging.wait(10)
        return [(socket.AF_INET, 6, "127.0.0.1")]

    names = Names(slow)
    dead = [asyncio.create_task(names.resolve(f"dead{number}.example.com", 80)) for number in range(40)]
    try:
        async with asyncio.timeout(2.0):
            [found] = await names.resolve("alive.example.com", 80)
        assert (found["host"], found["hostname"], found["port"]) == ("127.0.0.1", "alive.example.com", 80)
        assert not any(task.done() for task in dead)
    finally:
        hanging.set()
        await asyncio.gather(*dead)
        await names.close()


def test_idle_connections_leave_room_for_everything_else() -> None:
    """Each is an open file: a thousand hosts on a host that allows 1,024 are asked over new connections."""
    assert kept_for(400, 1024) == 75.0
    assert kept_for(1000, 1024) == 5.0
    assert kept_for(10_000, 65_536) == 75.0


async def test_an_open_network_does_not_open_its_disguises(clock: ManualClock, trap: tuple[int, list[Any]]) -> None:
    """FETCH_ALLOW opens what it names and nothing else."""
    port, came = trap
    async with FeedFetcher(clock, allow=(IPv4Network("10.0.0.0/8"),), limits=QUICK) as fetcher:
        await down(fetcher, f"http://127.0.0.1:{port}/")
        await down(fetcher, f"http://[::ffff:127.0.0.1]:{port}/")
    assert came == []


# --- secret sites ---------------------------------------------------------------------------------------------


async def test_a_certificate_that_nobody_vouches_for_is_a_fault(
    fetcher: FeedFetcher, clock: ManualClock, tmp_path: Path
) -> None:
    """A site that shows its own certificate is refused, and fetched once its authority is known."""
    certificate = await self_signed(tmp_path)
    async with _secret_site(certificate.shown()) as url:
        assert (await down(fetcher, url)).why == "the certificate of the site is not valid"
        trusted = ssl.create_default_context(cafile=str(certificate.file))
        async with FeedFetcher(clock, allow=LOOPBACK, tls=trusted) as trusting:
            assert isinstance(await trusting.fetch(url, Validators()), Fetched)


@asynccontextmanager
async def _secret_site(context: ssl.SSLContext) -> AsyncIterator[str]:
    """A feed over TLS."""

    async def feed(_: web.Request) -> web.Response:
        return web.Response(text="<rss></rss>")

    app = web.Application()
    app.router.add_get("/feed/", feed)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        yield f"https://127.0.0.1:{runner.addresses[0][1]}/feed/"
    finally:
        await runner.cleanup()


# --- pages and pictures -----------------------------------------------------------------------------------------


async def test_a_page_comes_with_its_final_address_and_charset(fetcher: FeedFetcher, sites: FeedServer) -> None:
    """The article reader needs to know in what it was written, and where it really stands."""
    old, new = sites.site("old"), sites.site("new")
    old.trouble = feed_troubles.redirect(new.url)
    new.trouble = feed_troubles.body("<h1>خبر</h1>".encode("windows-1256"), "text/html; charset=windows-1256")
    assert await fetcher.page(old.url) == (
        new.url,
        "<h1>خبر</h1>".encode("windows-1256"),
        "text/html; charset=windows-1256",
    )


async def test_a_picture_may_be_larger_than_a_page(fetcher: FeedFetcher, sites: FeedServer) -> None:
    """Six megabytes are a picture, and no page."""
    site = sites.site("wasat")
    site.trouble = feed_troubles.body(b"\xff\xd8" * 3_000_000, "image/jpeg")
    assert len(await fetcher.picture(site.url)) == 6_000_000
    with pytest.raises(FetchFailed, match="larger than 5 MB"):
        await fetcher.page(site.url)


async def test_a_page_that_is_not_there_fails_with_words(fetcher: FeedFetcher, sites: FeedServer) -> None:
    """The editor who pushed the address reads why."""
    site = sites.site("wasat")
    site.trouble = feed_troubles.status(404)
    with pytest.raises(FetchFailed, match=r"the site answered 404 \(Not Found\)"):
        await fetcher.page(site.url)


async def test_a_fetcher_is_opened_before_it_is_used(clock: ManualClock) -> None:
    """Nothing is connected by building it."""
    with pytest.raises(RuntimeError, match="async with"):
        await FeedFetcher(clock).fetch("http://127.0.0.1/", Validators())
