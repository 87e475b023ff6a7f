"""One Chromium for the session, one private tab for each test; the tests say aloud when there is none."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.browser import found, running
from publishing.wall import Wall
from tests.browser.chromium import Tab, opened
from tests.browser.newsroom import WallServer, served


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the browser's debugging websocket."""
    binary = found()
    if binary is None:
        pytest.skip(
            "SKIPPED ALOUD: no Chromium on this machine (apt-get install chromium fonts-noto-core fonts-noto-color-emoji)"
        )
    with running(binary, tmp_path_factory.mktemp("chromium")) as address:
        yield address


@pytest.fixture
async def tab(chromium: str) -> AsyncIterator[Tab]:
    """A tab of its own: nothing is left from other tests."""
    async with opened(chromium) as page:
        yield page


@pytest.fixture
async def server() -> AsyncIterator[WallServer]:
    """An empty wall, served as in the demo."""
    async with served(Wall()) as wall:
        yield wall


@pytest.fixture
async def page(tab: Tab, server: WallServer) -> AsyncIterator[Tab]:
    """The empty wall, open and live. At the end: nothing complained, and nothing foreign was asked for."""
    await tab.goto(server.url)
    await tab.until("document.getElementById('live').dataset.state === 'live'")
    yield tab
    assert tab.complaints == []
    origin = server.url.removesuffix("/wall")
    assert [url for url in tab.requests if not url.startswith(origin)] == []
