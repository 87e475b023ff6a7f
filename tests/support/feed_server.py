"""News sites on a real socket, with WordPress's manners: its RSS, its validators, its pages, its counting of seconds.

What is imitated is wp-includes/class-wp.php and feed-rss2.php: Last-Modified is that of the whole site in whole seconds,
ETag is its md5, and with both validators sent both must match exactly. Apache's mod_deflate and nginx's gzip alter the
ETag on its way out and not on its way back, which is why echoing it fails.
"""

import asyncio
import gzip
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from enum import Enum
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

from aiohttp import web

from newsroom.ports import Clock

Trouble = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""What a site does instead of answering properly; see `tests.support.feed_troubles`."""

_HEAD = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:atom="http://www.w3.org/2005/Atom"
\txmlns:slash="http://purl.org/rss/1.0/modules/slash/"
\txmlns:media="http://search.yahoo.com/mrss/">
<channel>
\t<title>الوسط العربي</title>
\t<link>{home}</link>
\t<description>أخبار</description>
\t<lastBuildDate>{built}</lastBuildDate>
\t<generator>https://wordpress.org/?v=6.9</generator>
"""
_ENTRY = """\t<item>
\t\t<title>{title}</title>
\t\t<link>{home}/{slug}/</link>
\t\t<comments>{home}/{slug}/#respond</comments>
\t\t<dc:creator><![CDATA[محرر الوسط]]></dc:creator>
\t\t<pubDate>{published}</pubDate>
\t\t<category><![CDATA[{category}]]></category>
\t\t<guid isPermaLink="false">{guid}</guid>
\t\t<description><![CDATA[<p>{lead}</p>]]></description>
\t\t<content:encoded><![CDATA[<p>{lead}</p>{text}]]></content:encoded>
\t\t<slash:comments>{comments}</slash:comments>
\t\t{more}
\t</item>
"""
_TAIL = "</channel>\n</rss>\n"


class Tags(Enum):
    """What stands between WordPress and its reader, by what it does to the ETag."""

    UNTOUCHED = "untouched"
    APACHE = "apache"
    """mod_deflate: `"…-gzip"`."""
    NGINX = "nginx"
    """gzip on: `W/"…"`."""


class Kind(Enum):
    """What a request came to."""

    BODY = "200"
    NOT_MODIFIED = "304"
    PAGE = "page"
    """An older page of the feed."""
    POSTS = "posts"
    """WordPress's own list of posts."""
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    kind: Kind
    at: float
    """Seconds of the loop's clock: real time, whatever the site's own clock says."""
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Article:
    """One post of a site."""

    number: int
    title: str
    published: datetime
    modified: datetime
    guid: str
    category: str
    comments: int = 0


@dataclass(slots=True)
class FakeSite:
    """A WordPress site with one feed. Its clock is the server's."""

    name: str
    home: str
    clock: Clock
    tags: Tags = Tags.UNTOUCHED
    window: int = 10
    compresses: bool = False
    text: str = ""
    """HTML that follows the lead of each article; makes feeds as long as real ones."""
    more: str = ""
    """Elements that plugins add to each entry."""
    headers: dict[str, str] = field(default_factory=dict)
    """Sent with every body and 304."""
    trouble: Trouble | None = None
    lists_posts: bool = False
    """Whether the REST list of posts is open; many sites close it."""
    page_trouble: dict[int, Trouble] = field(default_factory=dict)
    """Only of these older pages."""
    asked: list[Asked] = field(default_factory=list)
    articles: dict[int, Article] = field(default_factory=dict)
    highest: int = 0
    """Number of the last article; none is given twice."""
    touched: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    """When anything on the site was last edited."""
    _rendered: dict[int, bytes] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Of the feed."""
        return f"{self.home}/feed/"

    def publish(
        self, title: str, *, ago: timedelta = timedelta(), guid: str = "", category: str = "أخبار", number: int = 0
    ) -> int:
        """Publish an article, dated `ago` before now; returns its number."""
        number = number or self.highest + 1
        self.highest = max(self.highest, number)
        now = self.clock.now()
        self.articles[number] = Article(number, title, now - ago, now, guid or f"{self.home}/?p={number}", category)
        self.touch()
        return number

    def edit(self, number: int, title: str) -> None:
        """Give an article another title."""
        self.articles[number] = replace(self.articles[number], title=title, modified=self.clock.now())
        self.touch()

    def comment(self, number: int) -> None:
        """A reader comments: WordPress counts it in the feed."""
        self.articles[number] = replace(self.articles[number], comments=self.articles[number].comments + 1)
        self.touch()

    def remove(self, number: int) -> None:
        """Move an article to the trash."""
        del self.articles[number]
        self.touch()

    def touch(self) -> None:
        """Something on the site was edited, be it in this feed or not: Last-Modified belongs to the whole site."""
        self.touched = self.clock.now()
        self._rendered.clear()

    def counts(self) -> Counter[Kind]:
        """How often each kind of answer was given."""
        return Counter(asked.kind for asked in self.asked)

    def page(self, number: int) -> bytes | None:
        """The body of a page of the feed; None when there is no such page."""
        if number not in self._rendered:
            newest = sorted(self.articles.values(), key=lambda each: (each.published, each.number), reverse=True)
            shown = newest[(number - 1) * self.window : number * self.window]
            if not shown and number > 1:
                return None
            self._rendered[number] = self._feed(shown).encode()
        return self._rendered[number]

    def _feed(self, shown: list[Article]) -> str:
        head = _HEAD.format(home=self.home, built=format_datetime(self.touched, usegmt=True))
        return head + "".join(self._entry(article) for article in shown) + _TAIL

    def _entry(self, article: Article) -> str:
        return _ENTRY.format(
            title=escape(article.title),
            home=self.home,
            slug=f"2026/11/23/{article.number}",
            published=format_datetime(article.published, usegmt=True),
            category=article.category,
            guid=escape(article.guid),
            lead=f"تفاصيل {article.title} كما رواها مراسلنا من المدينة صباح اليوم.",
            text=self.text,
            more=self.more,
            comments=article.comments,
        )

    def posts(self, query: Mapping[str, str]) -> list[dict[str, Any]] | None:
        """A page of the REST list; None when there is no such page. The site's zone is three hours before Greenwich."""
        after = query.get("after")
        since = datetime.fromisoformat(after).replace(tzinfo=timezone(timedelta(hours=3))) if after else None
        every = [each for each in self.articles.values() if since is None or each.published > since]
        newest = sorted(every, key=lambda each: (each.published, each.number), reverse=True)
        number, count = int(query.get("page", "1")), int(query["per_page"])
        shown = newest[(number - 1) * count : number * count]
        return [self._post(article) for article in shown] if shown or number == 1 else None

    def _post(self, article: Article) -> dict[str, Any]:
        lead = f"تفاصيل {article.title} كما رواها مراسلنا من المدينة صباح اليوم."
        moment = article.published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return {
            "id": article.number,
            "guid": {"rendered": escape(article.guid)},
            "link": f"{self.home}/2026/11/23/{article.number}/",
            "title": {"rendered": escape(article.title)},
            "excerpt": {"rendered": f"<p>{lead}</p>\n", "protected": False},
            "content": {"rendered": f"<p>{lead}</p>{self.text}", "protected": False},
            "date_gmt": moment,
            "modified_gmt": moment,
            "_embedded": {
                "author": [{"id": 1, "name": "محرر الوسط"}],
                "wp:term": [[{"taxonomy": "category", "name": article.category}], []],
            },
        }

    # --- WordPress's validators ---------------------------------------------------------------------------------

    @property
    def last_modified(self) -> str:
        """In whole seconds."""
        return format_datetime(self.touched.astimezone(UTC), usegmt=True)

    @property
    def etag(self) -> str:
        """As WordPress knows it."""
        return f'"{hashlib.md5(self.last_modified.encode(), usedforsecurity=False).hexdigest()}"'

    def sent_etag(self) -> str:
        """As it reaches the reader."""
        match self.tags:
            case Tags.UNTOUCHED:
                return self.etag
            case Tags.APACHE:
                return f'{self.etag[:-1]}-gzip"'
            case Tags.NGINX:
                return f"W/{self.etag}"

    def is_unchanged(self, request: web.Request) -> bool:
        """WordPress's own rule: with both validators both must match, with one that one."""
        etag = request.headers.get("If-None-Match", "").strip()
        since = request.headers.get("If-Modified-Since", "").strip()
        same_etag = etag == self.etag
        same_time = bool(since) and parsedate_to_datetime(since) >= parsedate_to_datetime(self.last_modified)
        return (same_etag and same_time) if etag and since else (same_etag or same_time)


class FeedServer:
    """A server of any number of sites. Use it as an async context manager.

    Args:
        clock: The sites' clock; it is what Date, Last-Modified and pubDate are made of.
    """

    def __init__(self, clock: Clock) -> None:
        self.sites: dict[str, FakeSite] = {}
        self.connections = 0
        """Connections that were opened."""
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        """Listen on a port of 127.0.0.1 that the system chooses."""
        app = web.Application()
        app.router.add_get("/{site}/feed/", self._feed)
        app.router.add_get("/{site}/wp-json/wp/v2/posts", self._posts)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop at once; requests that hang are broken off."""
        if self._runner is not None:
            await self._runner.cleanup()

    def site(self, name: str, *, tags: Tags = Tags.UNTOUCHED, window: int = 10, text: str = "") -> FakeSite:
        """Open a site."""
        site = FakeSite(name, f"{self.url}/{name}", self._clock, tags=tags, window=window, text=text)
        self.sites[name] = site
        return site

    async def _feed(self, request: web.Request) -> web.StreamResponse:
        site = self.sites.get(request.match_info["site"])
        if site is None:
            raise web.HTTPNotFound
        at, headers = asyncio.get_running_loop().time(), dict(request.headers)
        if site.trouble is not None:
            site.asked.append(Asked(Kind.TROUBLE, at, headers))
            return await site.trouble(request)
        number = int(request.query.get("paged", "1"))
        if number > 1:
            site.asked.append(Asked(Kind.PAGE, at, headers))
            if number in site.page_trouble:
                return await site.page_trouble[number](request)
            return self._answer(request, site, site.page(number))
        if site.is_unchanged(request):
            site.asked.append(Asked(Kind.NOT_MODIFIED, at, headers))
            return web.Response(status=304, headers=self._headers(site))
        answer = self._answer(request, site, site.page(number))
        # When it is handed out, not when it was asked for: what the site does until then is no reader's time.
        site.asked.append(Asked(Kind.BODY, asyncio.get_running_loop().time(), headers))
        return answer

    async def _posts(self, request: web.Request) -> web.Response:
        site = self.sites.get(request.match_info["site"])
        if site is None or not site.lists_posts:
            raise web.HTTPNotFound
        site.asked.append(Asked(Kind.POSTS, asyncio.get_running_loop().time(), dict(request.headers)))
        posts = site.posts(request.query)
        if posts is None:
            return web.json_response({"code": "rest_post_invalid_page_number"}, status=400)
        return web.json_response(posts)

    def _answer(self, request: web.Request, site: FakeSite, body: bytes | None) -> web.Response:
        if body is None:
            raise web.HTTPNotFound
        headers = self._headers(site)
        if site.compresses and "gzip" in request.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return web.Response(body=body, headers=headers, content_type="application/rss+xml", charset="UTF-8")

    def _headers(self, site: FakeSite) -> dict[str, str]:
        date = format_datetime(self._clock.now().astimezone(UTC), usegmt=True)
        return {"ETag": site.sent_etag(), "Last-Modified": site.last_modified, "Date": date, **site.headers}
