"""Markup: HTML of a feed or a page, read into blocks of display text and the pictures that stand among them.

Knows HTML, WordPress's classes and the plugins that write into articles; what of it is the lead is said elsewhere.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feeds.boilerplate import LEAD_AT_LEAST
from feeds.credit import byline_of
from feeds.pictures import pictures_of_tag
from feeds.references import mended, unescaped
from feeds.themes import FURNITURE, OTHER_STORIES
from newsroom.arabic import display
from newsroom.entry import Picture

_DEEPEST = 2_000
"""Elements inside one another. Lexbor needs the square of it: 0.4 s for 20,000, 70 s for 200,000 (measured)."""


_LONGEST = 400_000
"""Characters of one entry's HTML that are read; the longest stories have a tenth, and a feed may hold megabytes."""


class Kind(StrEnum):
    """What a block is to a reader."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CAPTION = "caption"
    QUOTE = "quote"
    LIST = "list"
    TABLE = "table"


_KIND_OF_TAG = (
    dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), Kind.HEADING)
    | dict.fromkeys(("figure", "figcaption", "caption"), Kind.CAPTION)
    | dict.fromkeys(("li", "dt", "dd"), Kind.LIST)
    | dict.fromkeys(("table", "th", "td"), Kind.TABLE)
    | {"blockquote": Kind.QUOTE}
)
_PLAIN_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "body", "center", "pre", "hr", "address", "details"}
    | {"summary", "ul", "ol", "dl", "tr"}
)
_UNREAD = frozenset(
    {"script", "style", "template", "iframe", "object", "embed", "svg", "math", "canvas", "form", "button", "select"}
    | {"textarea", "input", "label", "nav", "aside", "dialog", "audio", "video", "title", "head"}
)
_CAPTION_NAMES = frozenset(
    {"wp-caption", "wp-caption-text", "wp-element-caption", "caption", "image-caption", "photo-caption"}
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_EMOJI = re.compile(r"\b(?:wp-smiley|emoji)\b")
_SHORTCODE = re.compile(
    r"\[(?:/[a-z][\w-]*|[a-z][\w-]*\s+[\w-]+=[^\[\]]*|embed|gallery|caption|video|audio|playlist)\]", re.IGNORECASE
)
_NEVER_CLOSED = "p|li|td|th|tr|dt|dd|option|br|img|hr|input|meta|link|source|wbr|area|base|col|embed|track"
_OPENED_OR_CLOSED = re.compile(rf"<(/?)(?!(?:{_NEVER_CLOSED})\b)[a-z]", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|blockquote|body|br|button|center|cite|code|del|div|em|embed|figure|font|form|frame|h[1-6]|head|hr|html|i|iframe|img|input|ins|li|link|mark"
    r"|marquee|meta|object|ol|p|q|s|script|small|span|strong|style|sub|sup|svg|table|td|template|textarea|time|title|tr|u|ul|video|audio|wbr)\b[^>]*>?|<!--",
    re.IGNORECASE,
)
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|div|br|img|a|strong|b|span|figure|h[1-6]|ul|blockquote)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of text, never empty."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Markup:
    """What a piece of HTML says and shows, in its order."""

    blocks: tuple[Block, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The running text; with quotes, lists and tables only where there is no other, as on sites laid out in tables."""
        running = tuple(block.text for block in self.blocks if block.kind is Kind.PARAGRAPH)
        if any(len(text) >= LEAD_AT_LEAST for text in running):
            return running
        return tuple(block.text for block in self.blocks if block.kind not in {Kind.HEADING, Kind.CAPTION})


def tree_of(html: str) -> LexborHTMLParser:
    """The document; an empty one in place of one that nests deeper than any article, which would cost minutes."""
    return LexborHTMLParser("" if _is_too_deep(html) else mended(html))


def read(html: str, base: str = "") -> Markup:
    """Blocks and pictures of a piece of HTML, or of plain text with a paragraph on each line.

    Args:
        html: may be escaped once too often, as some feeds have it in CDATA (read: akhbarona.com).
        base: address against which pictures' addresses are read.
    """
    html = html[:_LONGEST]
    if not _TAG.search(html) and _ESCAPED_TAG.search(html):
        html = unescaped(html)
    if "<" not in html:
        lines = (display(unescaped(line)) for line in html.splitlines())
        return Markup(tuple(Block(Kind.PARAGRAPH, line) for line in lines if line))
    body = tree_of(html).body
    return read_node(body, base) if body is not None else Markup()


def read_node(node: LexborNode, base: str = "") -> Markup:
    """Blocks and pictures inside one element."""
    reading = _Reading(base)
    reading.walk(node)
    captions = {picture.alt for picture in reading.pictures if picture.alt}
    blocks = (Block(Kind.CAPTION, block.text) if block.text in captions else block for block in reading.blocks)
    return Markup(tuple(blocks), tuple(reading.pictures))


def plain(html: str) -> str:
    """Display text of a short piece that should have no markup and may have some: a title, a name, a category."""
    # Twice, because titles come escaped twice: WordPress escapes, and so do some plugins after it.
    for _ in range(2):
        if _TAG.search(html):
            html = " ".join(block.text for block in read(html).blocks)
        html = unescaped(html)
    return display(html)


def _is_too_deep(html: str) -> bool:
    if html.count("<") <= _DEEPEST:
        return False
    depth = 0
    for tag in _OPENED_OR_CLOSED.finditer(html):
        depth = depth + 1 if not tag[1] else max(0, depth - 1)
        if depth > _DEEPEST:
            return True
    return False


class _Reading:
    """One walk through a tree, without recursion: pages may nest deeper than Python's stack."""

    __slots__ = ("_base", "_kinds", "_opens_bold", "_parts", "blocks", "pictures")

    def __init__(self, base: str) -> None:
        self.blocks: list[Block] = []
        self.pictures: list[Picture] = []
        self._base = base
        self._kinds = [Kind.PARAGRAPH]
        self._parts: list[str] = []
        self._opens_bold = False

    def walk(self, root: LexborNode) -> None:
        node = root.first_child
        while node is not None:
            is_entered = self._enter(node)
            if is_entered and (child := node.first_child) is not None:
                node = child
                continue
            if is_entered:
                self._leave(node)
            while (after := node.next) is None:
                parent = node.parent
                if parent is None or parent.mem_id == root.mem_id:
                    break
                self._leave(parent)
                node = parent
            node = after
        self._end_block()

    def _enter(self, node: LexborNode) -> bool:
        """Take in what the node says by itself; whether its children are to be read."""
        tag = node.tag or ""
        if tag == "-text":
            self._parts.append(node.text_content or "")
        elif tag in {"img", "amp-img"}:
            self._see(node)
        elif tag == "br":
            self._end_block()
        elif tag == "noscript":
            # Lazy loaders leave the real picture here; the words are for readers without scripts.
            for image in node.css("img"):
                self._see(image)
        elif not tag.startswith("-") and tag not in _UNREAD:
            return self._open(tag, node.attributes)
        return False

    def _open(self, tag: str, attributes: dict[str, str | None]) -> bool:
        names: frozenset[str] = frozenset()
        if attributes:
            named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
            names = frozenset(named.split())
            if names & FURNITURE or OTHER_STORIES.search(named) or "hidden" in attributes:
                return False
            if _HIDDEN.search(attributes.get("style") or ""):
                return False
        if _is_block(tag):
            self._end_block()
            self._kinds.append(Kind.CAPTION if names & _CAPTION_NAMES else _KIND_OF_TAG.get(tag, self._kinds[-1]))
        elif tag in {"b", "strong"}:
            self._opens_bold = not "".join(self._parts).strip()
        return True

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if _is_block(tag):
            self._end_block()
            self._kinds.pop()
        elif tag in {"b", "strong"} and self._opens_bold and byline_of(display("".join(self._parts))):
            # «<strong>تقرير: محمد الحكيم</strong> استقبل…»: a byline is a paragraph, though it was typed into one.
            self._end_block()

    def _end_block(self) -> None:
        raw = "".join(self._parts).strip()
        self._parts.clear()
        # Most of what stands between blocks is white space.
        if raw and (text := display(_SHORTCODE.sub("", raw) if "[" in raw else raw)):
            self.blocks.append(Block(Kind.CAPTION if "[/caption]" in raw else self._kinds[-1], text))

    def _see(self, image: LexborNode) -> None:
        attributes = image.attributes
        if _EMOJI.search(attributes.get("class") or ""):
            # WordPress writes emoji into its feeds as pictures (wp_staticize_emoji): the sign is in the description.
            self._parts.append(attributes.get("alt") or "")
            return
        frame = image.parent
        sources = (
            [source.attributes.get("srcset") or "" for source in frame.css("source")]
            if frame is not None and frame.tag == "picture"
            else []
        )
        link = (frame.attributes.get("href") or "") if frame is not None and frame.tag == "a" else ""
        self.pictures += pictures_of_tag(attributes, self._base, link=link, srcsets=sources)


def _is_block(tag: str) -> bool:
    return tag in _KIND_OF_TAG or tag in _PLAIN_BLOCKS
