"""A page: what a news site's HTML says in its head, its data and its markup, without yet deciding whom to believe."""

from collections.abc import Iterator, Sequence
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feeds.linked_data import LinkedData
from feeds.markup import tree_of
from feeds.wordpress import web_link
from newsroom.arabic import display
from newsroom.link import host_of


class Page:
    """One parsed page and where it was found."""

    __slots__ = ("_meta", "classes", "data", "link", "tree", "url")

    def __init__(self, html: str, url: str) -> None:
        """Parse it.

        Args:
            html: of the page.
            url: where it was found, after redirects; empty for a page from a file.
        """
        self.url = url
        self.tree: LexborHTMLParser = tree_of(html)
        self._meta = list(_meta_of(self.tree))
        self.classes = frozenset(self.first("body", "class").lower().split())
        self.link = self._own_link()
        scripts = (script.text() for script in self.tree.css("script[type='application/ld+json']"))
        self.data = LinkedData(scripts, self.link)

    def meta(self, *names: str) -> tuple[str, ...]:
        """Contents of the `<meta>` tags of the first of these names that there is, in their order."""
        for name in names:
            if found := tuple(content for called, content in self._meta if called == name):
                return found
        return ()

    def first(self, selector: str, attribute: str = "") -> str:
        """Text, or an attribute, of the first element that matches; empty when none does."""
        node = self.tree.css_first(selector)
        if node is None:
            return ""
        return (node.attributes.get(attribute) or "") if attribute else display(node.text())

    def texts(self, selector: str) -> Iterator[str]:
        """Display texts of all elements that match."""
        return (text for node in self.tree.css(selector) if (text := display(node.text())))

    def row(self, selectors: Sequence[str]) -> tuple[str, ...]:
        """Display texts of what the first selector finds that finds any, as far as it stands in the first one's row.

        The boxes of other stories on the page have the same classes, and their sections are not this story's.
        """
        for selector in selectors:
            if nodes := self.tree.css(selector):
                row = _row_of(nodes[0])
                return tuple(text for node in nodes if _row_of(node) == row and (text := display(node.text())))
        return ()

    def absolute(self, url: str) -> str:
        """The address of something on the page; empty when it is none."""
        try:
            return urljoin(self.url or self.link, url.strip()) if url.strip() else ""
        except ValueError:
            return ""

    def _own_link(self) -> str:
        """Its canonical address, where that is an address of the same site; else where it was found."""
        found = web_link(self.url)
        for named in (self.first("link[rel='canonical']", "href"), *self.meta("og:url")):
            link = web_link(named, self.url)
            # A page may name any address as its own; followers are sent to the site that the editor chose.
            if link and (not found or _is_same_site(host_of(link), host_of(found))):
                return link
        return found


def _row_of(node: LexborNode) -> int:
    """Names the element around a link, or around the item of a list that holds it."""
    around = node.parent
    if around is not None and around.tag in {"li", "span"} and around.parent is not None:
        around = around.parent
    return around.mem_id if around is not None else 0


def _meta_of(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for node in tree.css("meta"):
        attributes = node.attributes
        name = (attributes.get("property") or attributes.get("name") or "").lower()
        content = attributes.get("content") or ""
        if name and content.strip():
            yield name, content


def _is_same_site(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
