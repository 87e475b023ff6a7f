"""An article: a page of a news site, read into the entry that the feed would have given.

Three witnesses, in this order: JSON-LD, the `og:` and `article:` tags, the markup itself. Which post it is, WordPress
says in places of its own; with that, a page that an editor pushes is known as the feed's story.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import dropwhile

from selectolax.lexbor import LexborNode

from feeds.boilerplate import LEAD_AT_LEAST, Prose, cut_short, prose_of
from feeds.charset import is_garbled, text_of
from feeds.credit import writer_of
from feeds.dates import moment_of
from feeds.markup import Markup, plain, read_node
from feeds.page import Page
from feeds.pictures import offered, pictures_of_tag, pixels, ranked
from feeds.themes import CONTENTS, FEATURED, HEADLINES, SECTIONS, TAGS, WRITERS
from feeds.wordpress import once, shortened
from newsroom.arabic import key_text
from newsroom.entry import Entry, Picture, PictureSource
from newsroom.errors import EntryRefused
from newsroom.link import host_of, identity_of, post_number_of
from newsroom.site import Site

_A_PAGE = re.compile(r"\s*(?:text/html|application/xhtml\+xml|text/plain|application/octet-stream|$)", re.IGNORECASE)
_A_FEED = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:rss|feed|rdf:RDF)\b")
# Classes that WordPress gives to pages that are no article (get_body_class), and to those that are.
_OF_LISTS = frozenset({"home", "blog", "archive", "category", "tag", "author", "search", "search-results", "error404"})
_OF_ARTICLES = frozenset({"single", "page"})
_PARTING = r"\s*(?:[-–—|»«•·:]|::)\s*"
_HEADLINE_AT_LEAST = 4
"""Words."""
_CLIMBED_AT_MOST = 6
"""Elements around the headline in which its text is looked for."""
_POST_CLASS = re.compile(r"postid-(\d{1,18})")
_POST_ELEMENT = re.compile(r"post-(\d{1,18})")
_POST_IN_API = re.compile(r"/wp/v2/posts/(\d{1,18})/?$")


def entry_of_page(body: bytes, url: str, content_type: str, site: Site) -> Entry:
    """The entry of the article on a page.

    Args:
        body: of the page, decompressed.
        url: where it was found, after redirects; empty for a page from a file.
        content_type: the header; empty when there was none.
        site: its name is cut off headlines, and is no byline.

    Raises:
        EntryRefused: it is no page, no article, has no headline, or cannot be read.
    """
    where = url or "This page"
    if not _A_PAGE.match(content_type):
        raise EntryRefused(f"{where} is {content_type.partition(';')[0].strip()}, not a page.")
    html = text_of(body, content_type)
    if _A_FEED.match(html):
        raise EntryRefused(f"{where} is a feed, not an article: give the address of one article.")
    page = Page(html, url)
    title = _headline_of(page, site)
    content = _content_of(page, title)
    if not _is_article(page, content, title):
        raise EntryRefused(
            f"{where} is no article: it is a list of stories, a search, an error page, or it has no text."
        )
    entry = _entry_of(page, content, title, site)
    if not entry.title:
        raise EntryRefused(f"{where} has no headline: neither in its data nor in its markup.")
    if is_garbled(entry.title) or is_garbled(entry.lead):
        raise EntryRefused(f"{where} cannot be read: its letters are of another charset than it says.")
    return entry


def _entry_of(page: Page, content: Markup, title: str, site: Site) -> Entry:
    prose = _prose_of(page, content, title, site)
    number, shortlink = _post_of(page)
    return Entry(
        title=title,
        site=host_of(page.link),
        post_id=number,
        link=page.link,
        shortlink=shortlink,
        byline=prose.byline,
        categories=_categories_of(page),
        lead=prose.lead,
        body=prose.body,
        pictures=ranked(_pictures_of(page, content)),
        published=_moment_of(page, "datePublished", "article:published_time", "time[datetime]"),
        modified=_moment_of(page, "dateModified", "article:modified_time", "time.updated[datetime]"),
    )


def _content_of(page: Page, title: str) -> Markup:
    """The text of the article: of the surest place that has any, the longest of its kind."""
    base = page.url or page.link
    for selector in CONTENTS:
        found = [read_node(node, base) for node in page.tree.css(selector)[:20]]
        longest = max(found, key=lambda markup: sum(map(len, markup.paragraphs)), default=Markup())
        if any(len(text) >= LEAD_AT_LEAST for text in longest.paragraphs):
            return longest
    return _below_headline(page, title)


def _below_headline(page: Page, title: str) -> Markup:
    """The text after the headline in the nearest element that holds both, where no place has a name that we know.

    A title of a few words is a section's more often than a story's, and what follows it there is a list.
    """
    node = _heading_of(page, title)
    for _ in range(_CLIMBED_AT_MOST):
        node = node.parent if node is not None else None
        if node is None or node.tag in {"body", "html"}:
            break
        around = read_node(node, page.url or page.link)
        after = dropwhile(lambda block: key_text(block.text) != key_text(title), around.blocks)
        below = Markup(tuple(after)[1:], around.pictures)
        if any(len(text) >= LEAD_AT_LEAST for text in below.paragraphs):
            return below
    return Markup()


def _heading_of(page: Page, title: str) -> LexborNode | None:
    """The heading that says the title, as long as a story's."""
    key = key_text(title)
    if len(key.split()) < _HEADLINE_AT_LEAST:
        return None
    return next((node for node in page.tree.css("h1, h2, h3")[:50] if key_text(node.text()) == key), None)


def _is_article(page: Page, content: Markup, title: str) -> bool:
    if page.classes & _OF_LISTS and not page.classes & _OF_ARTICLES:
        return False
    if page.link and not identity_of(page.link):
        # The address of the whole site: its front page, whatever its tags call it.
        return False
    is_called_so = (
        bool(page.data.article)
        or "article" in page.meta("og:type")
        or bool(page.meta("article:published_time"))
        or "single" in page.classes
    )
    return is_called_so or (
        bool(content.paragraphs) and (page.first("h1") != "" or _heading_of(page, title) is not None)
    )


def _headline_of(page: Page, site: Site) -> str:
    names = {
        key_text(name): name for name in (site.name, *page.meta("og:site_name"), *page.data.organisations()) if name
    }
    given = (
        page.data.text("headline", "name"),
        *map(plain, page.meta("og:title")),
        *(page.first(place) for place in HEADLINES),
    )
    headlines = [headline for text in given if (headline := _without_site(text, names))]
    headline = next(iter(headlines), "")
    if headline.endswith(("…", "...")):
        # Some systems cut the headline in their data at the 110 characters that search engines show.
        begun = headline.rstrip("….")
        headline = next(
            (longer for longer in headlines if longer.startswith(begun) and len(longer) > len(headline)), headline
        )
    return shortened(headline)


def _without_site(title: str, names: dict[str, str]) -> str:
    """The title without « - site» at its end; empty when it is nothing but the site's name."""
    for name in names.values():
        title = re.sub(rf"{_PARTING}{re.escape(name)}\s*$", "", title)
    return "" if key_text(title) in names else title


def _prose_of(page: Page, content: Markup, title: str, site: Site) -> Prose:
    writer = _writers_of(page, site)
    prose = prose_of(content.paragraphs, title, writer)
    if prose.lead:
        return prose
    body = page.data.article.get("articleBody")
    described = page.meta("og:description", "description", "twitter:description")[:1]
    # A description is cut after so many letters, and its paragraphs are glued together.
    others = (body.splitlines() if isinstance(body, str) else (), [cut_short(plain(text)) for text in described])
    told = (prose_of([plain(line) for line in lines], title, writer) for lines in others)
    return next((other for other in told if other.lead), prose)


def _writers_of(page: Page, site: Site) -> str:
    nobody = {key_text(name) for name in (site.name, *page.meta("og:site_name"), *page.data.organisations())}
    for names in (page.data.names("author"), page.meta("author", "article:author"), tuple(page.texts(WRITERS))[:1]):
        writers = once(
            writer for name in names if (writer := writer_of(plain(name))) and key_text(writer) not in nobody
        )
        if writers:
            return "، ".join(writers)
    return ""


def _post_of(page: Page) -> tuple[int | None, str]:
    """WordPress's number of the article and its short link, as far as the page gives them."""
    host = host_of(page.link)
    shortlink = page.absolute(page.first("link[rel='shortlink']", "href"))
    if host_of(shortlink) == host:
        number = post_number_of(shortlink)
        # A blog in a folder (multisite) counts its own posts: its numbers are not its host's.
        return (number, shortlink) if number is not None else (None, "")
    api = _POST_IN_API.search(page.first("link[rel='alternate'][type='application/json']", "href"))
    classes = (found for name in page.classes if (found := _POST_CLASS.fullmatch(name)))
    element = _POST_ELEMENT.fullmatch(page.first("article[id^='post-']", "id"))
    number = next((int(found[1]) for found in (api, *classes, element) if found), post_number_of(page.link))
    return number, ""


def _categories_of(page: Page) -> tuple[str, ...]:
    """Sections, then tags: WordPress writes its feed in this order, each by name."""
    sections = page.data.names("articleSection") or page.meta("article:section") or page.row(SECTIONS)
    tags = page.data.names("keywords") or page.meta("article:tag") or page.row(TAGS)
    return once(plain(name) for names in (sections, tags) for name in names)


def _pictures_of(page: Page, content: Markup) -> Iterator[Picture]:
    base = page.url or page.link
    yield from page.data.pictures(base)
    for image in page.tree.css(FEATURED)[:1]:
        yield from pictures_of_tag(image.attributes, base)
    yield from content.pictures
    sizes = [pixels(next(iter(page.meta(f"og:image:{side}")), "")) for side in ("width", "height")]
    for url in page.meta("og:image", "og:image:secure_url", "twitter:image"):
        yield from offered(url, PictureSource.PAGE, base=base, width=sizes[0], height=sizes[1])


def _moment_of(page: Page, member: str, meta: str, selector: str) -> datetime | None:
    given = (page.data.text(member), *page.meta(meta), page.first(selector, "datetime"))
    return next((moment for text in given if (moment := moment_of(text))), None)
