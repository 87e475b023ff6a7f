"""The wall's line to its server in a real browser: restarts, refusals, and the door."""

from pydantic import SecretStr

from publishing.wall import Wall
from tests.browser.chromium import Tab
from tests.browser.newsroom import CHANNEL, NINE, WallServer, served
from tests.browser.sample import both_there, show


async def test_the_page_finds_its_way_back_when_the_server_restarts(tab: Tab) -> None:
    """It says that it lost the line, comes again by itself, and shows once what was sent meanwhile."""
    wall = Wall()
    show(wall, 1)
    async with served(wall) as server:
        port = server.port
        await tab.goto(server.url)
        await tab.until("document.getElementById('live').dataset.state === 'live'")
        show(wall, 2, NINE + 1)
        await both_there(tab, 2)
    await tab.until("document.getElementById('live').dataset.state === 'lost'")
    assert "انقطع" in await tab.ask("document.getElementById('live').textContent")
    reborn = Wall()
    reborn.seed(shown.delivery for shown in wall.posts())
    show(reborn, 3, NINE + 2)
    async with served(reborn, port):
        await tab.until("document.getElementById('live').dataset.state === 'live'", seconds=20)
        await both_there(tab, 3)
        show(reborn, 4, NINE + 3)
        await both_there(tab, 4)
    ids = await tab.ask("[...document.querySelectorAll('#telegram-posts .post')].map(post => post.dataset.id)")
    assert ids == [f"story{number}>{CHANNEL.id}" for number in (4, 3, 2, 1)]


async def test_a_refusal_is_not_the_end_of_listening(tab: Tab, server: WallServer) -> None:
    """A browser gives up for good on an error status, say from a proxy while the worker starts; the page does not."""
    await tab.goto(server.url)
    await tab.until("document.getElementById('live').dataset.state === 'live'")
    await tab.call("Fetch.enable", patterns=[{"urlPattern": "*/wall/events*"}])
    server.wall.hang_up()
    refused = await tab.event("Fetch.requestPaused")
    await tab.call("Fetch.fulfillRequest", requestId=refused["requestId"], responseCode=502)
    await tab.until("document.getElementById('live').dataset.state === 'lost'")
    let_through = await tab.event("Fetch.requestPaused")
    await tab.call("Fetch.continueRequest", requestId=let_through["requestId"])
    await tab.call("Fetch.disable")
    await tab.until("document.getElementById('live').dataset.state === 'live'")


async def test_the_word_in_the_address_opens_the_wall_and_leaves_the_address(tab: Tab) -> None:
    """The cookie serves page, stream and pictures; nobody reads the word over the editor's shoulder or in a history."""
    wall = Wall()
    show(wall)
    async with served(wall, token=SecretStr("open-sesame")) as server:
        await tab.goto(f"{server.url}?token=open-sesame")
        await tab.until("document.getElementById('live')?.dataset.state === 'live'")
        await tab.until("document.querySelectorAll('.picture.there').length === 2")
        assert await tab.ask("location.href") == server.url
        assert await tab.ask("document.cookie") == ""
        assert tab.complaints == []
