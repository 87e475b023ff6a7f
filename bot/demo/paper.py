"""The demo paper's feed and pages, in the words a WordPress site of that kind serves."""

import html
import re
from datetime import UTC, datetime
from email.utils import format_datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.demo.press import FEED_LENGTH, Issue
from newsroom.site import Site

HOME = "https://alwasat.example.com"
"""Where the paper says it lives; example.com is nobody's (RFC 2606)."""

SITE = Site(
    name="الوسط العربي",
    sections=("الشرق قادم", "اقتصاد", "رياضة", "ثقافة", "علوم", "مقالات", "العالم", "مصر", "أفريقيا", "أخبار"),
)

_TYPOGRAPHY = str.maketrans({"“": "&#8220;", "”": "&#8221;", "–": "&#8211;", "…": "&#8230;"})
_TAGS = re.compile(r"<[^>]+>")
_EXCERPT_WORDS = 55  # WordPress's default, `excerpt_length`


class Paper:
    """Renders what readers and feed readers get.

    Args:
        uploads: where the pictures are served, as in `http://127.0.0.1:8000/wp-content/uploads`.
    """

    def __init__(self, uploads: str) -> None:
        self._uploads = uploads
        pages = Environment(
            loader=PackageLoader("bot.demo", "data"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        pages.filters |= {"wp_title": _title, "excerpt": _excerpt, "local": self._local, "rfc822": _rfc822, "iso": _iso}
        pages.globals |= {"home": HOME, "site": SITE, "picture": self._picture, "link": _link}
        self._feed = pages.get_template("feed.xml.j2")
        self._article = pages.get_template("article.html.j2")
        self._front = pages.get_template("front.html.j2")

    def feed(self, issues: tuple[Issue, ...]) -> str:
        """The RSS feed of the newest articles; `issues` newest first."""
        shown = issues[:FEED_LENGTH]
        return self._feed.render(issues=shown, changed=max(issue.modified for issue in shown))

    def article(self, issue: Issue) -> str:
        """An article's own page."""
        return self._article.render(issue=issue)

    def front(self, issues: tuple[Issue, ...]) -> str:
        """The front page: headlines."""
        return self._front.render(issues=issues)

    def _picture(self, issue: Issue, size: str = "") -> str:
        """Address of an article's picture; with a size, WordPress's name for the smaller copy."""
        month = datetime.fromtimestamp(issue.published, UTC).strftime("%Y/%m")
        return f"{self._uploads}/{month}/{issue.article.number}{size}.jpg"

    def _local(self, content: str) -> str:
        """An article's own HTML, with its pictures served from here; `]]>` would end the CDATA it stands in."""
        return content.replace(f"{HOME}/wp-content/uploads", self._uploads).replace("]]>", "]]&gt;")


def _link(issue: Issue) -> str:
    return f"{HOME}/{issue.slug}/"


def _title(title: str) -> str:
    """As WordPress writes a title in RSS: escaped, not in CDATA, its typography as numbers."""
    return html.escape(title, quote=False).translate(_TYPOGRAPHY)


def _excerpt(content: str) -> str:
    words = html.unescape(_TAGS.sub(" ", content)).split()
    return " ".join(words[:_EXCERPT_WORDS]) + (" […]" if len(words) > _EXCERPT_WORDS else "")


def _rfc822(moment: float) -> str:
    return format_datetime(datetime.fromtimestamp(moment, UTC))


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
