"""Make docs/wall.png anew: `python -m tests.browser.screenshot [FOLDER]`; with a folder, dark and phone pictures too.

The posts are the demo's own stories, parsed from its feed, judged, and rendered by the templates that send.
"""

import argparse
import asyncio
import io
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from bot.browser import found, running
from bot.clock import MachineClock
from bot.demo.paper import HOME, SITE, Paper
from bot.demo.pictures import picture
from bot.demo.press import Issue, slug_of
from bot.demo.stories import Article, written
from feeds.parse import parse
from newsroom.delivery import Delivery, Lane
from newsroom.errors import FetchFailed
from newsroom.rules import Rules
from newsroom.story import story_of
from newsroom.verdict import Breaking, judge, kicker_for
from publishing.card import CardMaker
from publishing.picture import PictureDesk
from publishing.render import TemplateRenderer
from publishing.style import HouseStyle
from publishing.wall import Wall
from tests.browser.chromium import Tab, opened
from tests.browser.newsroom import ACCOUNT, CHANNEL, NINE, sent, served

WALL_PNG = Path(__file__).parents[2] / "docs" / "wall.png"
SHOWN = (48329, 48311, 48301, 48319, 48207)
"""Numbers of the demo's articles, oldest first: the last one stands on top."""
STYLE = HouseStyle(site_name=SITE.name)
APART_SECONDS = 4 * 60.0
ZOOM = 8 / 9
"""The README's picture shows a window of 1440 x 1012 in 1280 x 900."""


class DrawnFetcher:
    """Implements `newsroom.ports.Fetcher` for pictures: draws what the demo's paper would serve."""

    async def page(self, url: str) -> tuple[str, bytes, str]:
        """No page is asked for here."""
        raise FetchFailed(f"{url} is not served")

    async def picture(self, url: str) -> bytes:
        """The picture of the article whose number is the file's name."""
        number = int(Path(url).stem)
        section = next(article.section for article in written() if article.number == number)
        return picture(section, str(number))


def deliveries() -> Iterator[Delivery]:
    """What the newsroom sends of these articles, oldest first."""
    articles = {article.number: article for article in written()}
    renderer = TemplateRenderer(STYLE)
    for place, number in enumerate(SHOWN):
        yield from _sent_of(articles[number], renderer, NINE + place * APART_SECONDS)


def _sent_of(article: Article, renderer: TemplateRenderer, moment: float) -> Iterator[Delivery]:
    issue = Issue(article, slug_of(article), moment, moment)
    feed = Paper("http://127.0.0.1/wp-content/uploads").feed((issue,)).encode()
    now = datetime.fromtimestamp(moment, UTC)
    (entry,) = parse(feed, {}, f"{HOME}/feed/")
    story = story_of(entry, SITE, now)
    verdict = judge(story, Rules(post_ordinary=True), now)
    lane = Lane.BREAKING if isinstance(verdict, Breaking) else Lane.ORDINARY
    for target in (CHANNEL, ACCOUNT):
        post = renderer.render(story, kicker_for(story, verdict), lane, target)
        yield sent(post, article.number, moment)


async def _take(address: str, folder: Path | None) -> None:
    wall = Wall()
    for delivery in deliveries():
        wall.show(delivery)
    pictures = PictureDesk(DrawnFetcher(), MachineClock(), CardMaker(STYLE))
    async with served(wall, pictures=pictures) as server, opened(address) as tab:
        await tab.call("Emulation.setTimezoneOverride", timezoneId="Africa/Cairo")
        await tab.size(1440, 1012, scale=ZOOM)
        await tab.goto(server.url)
        await tab.until("document.getElementById('live').dataset.state === 'live'")
        await _save(tab, WALL_PNG)
        if folder is None:
            return
        for name, width, height, dark in (
            ("light", 1280, 1800, False),
            ("dark", 1280, 1800, True),
            ("phone", 390, 844, False),
            ("phone-dark", 390, 844, True),
        ):
            await tab.size(width, height, dark=dark)
            await _save(tab, folder / f"{name}.png")
        await tab.ask("document.getElementById('show-x').click()")
        await _save(tab, folder / "phone-x.png")


async def _save(tab: Tab, file: Path) -> None:
    # "load" is not "drawn": a picture is decoded after it.
    await tab.ask("Promise.all([...document.images].map(image => image.decode()))")
    await tab.until("document.fonts.status === 'loaded'")
    shot = Image.open(io.BytesIO(await tab.picture())).convert("RGB")
    shot.save(file, optimize=True)


def main() -> None:
    """Take the pictures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, help="where to put the dark and the phone pictures")
    folder = asked.parse_args().folder
    binary = found()
    if binary is None:
        raise SystemExit("No Chromium on this machine: apt-get install chromium fonts-noto-core fonts-noto-color-emoji")
    with tempfile.TemporaryDirectory(prefix="ajil-shot") as profile, running(binary, Path(profile)) as address:
        asyncio.run(_take(address, folder))


if __name__ == "__main__":
    main()
