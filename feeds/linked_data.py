"""Linked data: what a page says of its article in JSON-LD, as Yoast, Rank Math and news systems write it.

Yoast writes one `@graph` whose parts point at one another by `@id`; others write a list, or one object, or text where
schema.org asks for an object. All of it comes from the page and is tolerated; none of it is trusted to have a type.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from feeds.json_text import read_json
from feeds.markup import plain
from feeds.pictures import offered, pixels
from newsroom.entry import Picture, PictureSource
from newsroom.link import canonical

Node = Mapping[str, Any]

_MOST_NODES = 5_000
_LONGEST = 1_000_000
"""Characters of one script; Yoast's graph has 5,000."""
_ARTICLE = re.compile(
    r"(?:\w*NewsArticle|Article|BlogPosting|LiveBlogPosting|Report|TechArticle|ScholarlyArticle|SocialMediaPosting)"
)
_AROUND = re.compile(r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*\Z")


class LinkedData:
    """All nodes of a page's scripts, and the one that is its article, or stands for one."""

    __slots__ = ("_by_id", "article")

    def __init__(self, scripts: Iterable[str], link: str = "") -> None:
        """Read them.

        Args:
            scripts: texts of `<script type="application/ld+json">`; one that is no JSON is passed over.
            link: of the page, in its one form: where it describes several articles, the one with this address is meant.
        """
        nodes = list(_nodes(scripts))
        self._by_id: dict[str, Node] = {}
        for node in nodes:
            # A bare {"@id": …} points at the node; it is not the node.
            if isinstance(name := node.get("@id"), str) and len(node) > 1:
                self._by_id[name] = {**self._by_id.get(name, {}), **node}
        articles = [node for node in nodes if _is_article(node) and _text(node.get("headline") or node.get("name"))]
        named = (node for node in articles if link and link in _addresses(node))
        # Where Yoast's articles are switched off, the page itself has the date, the writer and the picture.
        pages = (node for node in nodes if link in _addresses(node) and node.get("datePublished") and _is_page(node))
        self.article: Node = next(named, articles[0] if articles else next(pages, {}))

    def text(self, *members: str) -> str:
        """The first of these members of the article that has a text, as display text."""
        return next((text for member in members if (text := _text(self.article.get(member)))), "")

    def names(self, member: str) -> tuple[str, ...]:
        """Texts of a member that may be a text with commas, a list, or nodes with names (`articleSection`, `author`)."""
        value = self.article.get(member)
        if isinstance(value, str):
            value = re.split(r"\s*[,،;؛]\s*", value)
        return tuple(
            name
            for row in _list(value)
            if (name := _text(self._node(row).get("name") if isinstance(row, Mapping) else row))
        )

    def organisations(self) -> frozenset[str]:
        """Names of the article's publisher and of every organisation or site on the page: none of them is a writer."""
        kinds = {"Organization", "NewsMediaOrganization", "WebSite"}
        told = (node for node in self._by_id.values() if kinds & set(map(str, _list(node.get("@type")))))
        return frozenset(
            name for node in (*told, self._node(self.article.get("publisher"))) if (name := _text(node.get("name")))
        )

    def pictures(self, base: str) -> Iterator[Picture]:
        """The article's own images, full size first."""
        members = ("image", "primaryImageOfPage", "thumbnailUrl")
        for row in (row for member in members for row in _list(self.article.get(member))):
            node = self._node(row) if isinstance(row, Mapping) else {"url": row}
            address = next(
                (
                    url
                    for name in ("contentUrl", "url", "@id")
                    if isinstance(url := node.get(name), str) and "#" not in url
                ),
                "",
            )
            width, height = (_pixels(node.get(side)) for side in ("width", "height"))
            yield from offered(
                address, PictureSource.MEDIA, base=base, width=width, height=height, alt=_text(node.get("caption"))
            )

    def _node(self, row: object) -> Node:
        """The node itself, or the node that it points at."""
        if not isinstance(row, Mapping):
            return {}
        name = row.get("@id")
        return {**self._by_id.get(name, {}), **row} if isinstance(name, str) else row


def _nodes(scripts: Iterable[str]) -> Iterator[Node]:
    """Every object of every script, outermost first; a stack and not recursion, because depth is the page's choice."""
    rest: list[object] = []
    for script in scripts:
        if len(script) > _LONGEST:
            continue
        try:
            # strict: WordPress plugins leave line breaks inside texts.
            rest.append(read_json(_AROUND.sub("", script).strip(), strict=False))
        except (ValueError, RecursionError):
            continue
    rest.reverse()
    for _ in range(_MOST_NODES):
        if not rest:
            return
        row = rest.pop()
        if isinstance(row, Mapping):
            yield row
            rest.extend(reversed([value for value in row.values() if isinstance(value, dict | list)]))
        elif isinstance(row, list):
            rest.extend(reversed(row))


def _is_article(node: Node) -> bool:
    return any(
        _ARTICLE.fullmatch(kind.rsplit("/", 1)[-1]) for kind in _list(node.get("@type")) if isinstance(kind, str)
    )


def _is_page(node: Node) -> bool:
    return not {"WebPage", "ItemPage"}.isdisjoint(map(str, _list(node.get("@type"))))


def _addresses(node: Node) -> set[str]:
    about = node.get("mainEntityOfPage")
    found = (node.get("url"), node.get("@id"), about.get("@id") if isinstance(about, Mapping) else about)
    return {canonical(address) for address in found if isinstance(address, str)}


def _list(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    if isinstance(value, list):
        return next((text for row in value if (text := _text(row) if not isinstance(row, list) else "")), "")
    if isinstance(value, Mapping):
        value = value.get("@value")
    return plain(value) if isinstance(value, str) else ""


def _pixels(value: object) -> int:
    if isinstance(value, Mapping):
        value = value.get("value")
    return pixels(str(value)) if isinstance(value, str | int) else 0
