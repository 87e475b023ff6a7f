"""A small site with a feed whose articles have pictures, for what must be seen end to end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from aiohttp import web

from tests.support.telegram_client import picture

_ITEM = """<item><title>{title}</title><link>{home}/{number}/</link><guid isPermaLink="false">{home}/?p={number}</guid>
<pubDate>{date}</pubDate><category>{category}</category><description>{lead}</description>
<media:content url="{home}/{number}.jpg" medium="image" width="900" height="600"/></item>"""
_FEED = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>الوسط العربي</title><link>{home}</link><description>أخبار</description>{items}</channel></rss>"""


@dataclass
class NewsSite:
    """The site."""

    home: str = ""
    items: list[str] = field(default_factory=list)
    polls: int = 0

    @property
    def feed(self) -> str:
        """Its address."""
        return f"{self.home}/feed/"

    def publish(self, title: str, lead: str = "", category: str = "أخبار") -> int:
        """An article with a picture, now; gives its number."""
        number = len(self.items) + 1
        date = format_datetime(datetime.now(UTC))  # noqa: TID251 - a site has a clock of its own
        item = _ITEM.format(title=title, home=self.home, number=number, date=date, category=category, lead=lead)
        self.items.insert(0, item)
        return number


@asynccontextmanager
async def news_site() -> AsyncIterator[NewsSite]:
    """Serve it on 127.0.0.1."""
    site = NewsSite()

    async def feed(_: web.Request) -> web.Response:
        site.polls += 1
        text = _FEED.format(home=site.home, items="".join(site.items))
        return web.Response(text=text, content_type="application/rss+xml", charset="utf-8")

    async def photo(request: web.Request) -> web.Response:
        shade = 40 + int(request.match_info["number"]) * 20
        return web.Response(body=picture(900, 600, shade=shade), content_type="image/jpeg")

    app = web.Application()
    app.router.add_get("/feed/", feed)
    app.router.add_get("/{number}.jpg", photo)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        site.home = f"http://{host}:{port}"
        yield site
    finally:
        await runner.cleanup()
