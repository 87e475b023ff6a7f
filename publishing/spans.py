"""Marked text: what a template's HTML says, as plain text and the stretches that are bold or linked.

Telegram takes text and offsets apart (`entities`), so nothing is ever escaped on the wire and no cut can break a tag.
Inside the house marks count code points; `spans_of` turns them into UTF-16 units, Telegram's measure.
"""

import html
import re
from dataclasses import dataclass

from newsroom.errors import TemplateBroken
from newsroom.post import Span, SpanKind

_KINDS = {
    "b": SpanKind.BOLD,
    "strong": SpanKind.BOLD,
    "i": SpanKind.ITALIC,
    "em": SpanKind.ITALIC,
    "u": SpanKind.UNDERLINE,
    "s": SpanKind.STRIKETHROUGH,
    "del": SpanKind.STRIKETHROUGH,
    "tg-spoiler": SpanKind.SPOILER,
    "blockquote": SpanKind.BLOCKQUOTE,
    "code": SpanKind.CODE,
    "a": SpanKind.TEXT_LINK,
}
_PIECE = re.compile(r"<!--.*?-->|<(?P<close>/?)(?P<tag>[a-zA-Z][\w-]*)(?P<rest>[^<>]*)>|(?P<text>[^<]+)|<", re.DOTALL)
_HREF = re.compile(r"""\s+href\s*=\s*(?:"([^"]*)"|'([^']*)')\s*""")


class MarkupBroken(TemplateBroken):
    """The HTML is none that Telegram can show.

    Attributes:
        fragment: what to look for in the template.
    """

    def __init__(self, reason: str, fragment: str) -> None:
        super().__init__(reason)
        self.fragment = fragment


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked stretch; offsets count code points."""

    kind: SpanKind
    start: int
    end: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """Text with its marks, outer before inner."""

    text: str
    marks: tuple[Mark, ...] = ()


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts offsets and its limits of 1024 and 4096."""
    return len(text) + sum(char > "\uffff" for char in text)


def marked_of(source: str) -> Marked:
    """The text and marks of a template's HTML.

    Raises:
        MarkupBroken: a tag that Telegram does not know, is not closed, or carries what it may not.
    """
    text: list[str] = []
    marks: list[Mark] = []
    still_open: list[tuple[str, Mark]] = []
    length = 0
    for piece in _PIECE.finditer(source):
        tag = (piece["tag"] or "").lower()
        if piece["text"]:
            text.append(html.unescape(piece["text"]))
            length += len(text[-1])
        elif tag and piece["close"]:
            marks.append(_closed(tag, still_open, length))
        elif tag:
            still_open.append((tag, _opened(tag, piece["rest"], length)))
        elif piece.group() == "<":
            raise MarkupBroken("a bare < (write &lt;)", "<")
    if still_open:
        raise MarkupBroken(f"<{still_open[-1][0]}> is never closed", f"<{still_open[-1][0]}")
    # Of two that cover the same words the outer closes last: turned round, it stays before the inner in a stable sort.
    marks.reverse()
    return Marked("".join(text), tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end))))


def _opened(tag: str, rest: str, start: int) -> Mark:
    if tag not in _KINDS:
        raise MarkupBroken(f"<{tag}> is none of the tags Telegram shows ({', '.join(_KINDS)})", f"<{tag}")
    href = _HREF.fullmatch(rest)
    if tag == "a":
        url = html.unescape(href[1] or href[2] or "") if href else ""
        if not url.startswith(("http://", "https://")):
            raise MarkupBroken("<a> needs href and nothing else, with an http or https address", "<a")
        return Mark(_KINDS[tag], start, start, url)
    if rest.strip():
        raise MarkupBroken(f"<{tag}> takes no attributes", f"<{tag}")
    return Mark(_KINDS[tag], start, start)


def _closed(tag: str, still_open: list[tuple[str, Mark]], end: int) -> Mark:
    if not still_open or still_open[-1][0] != tag:
        raise MarkupBroken(f"</{tag}> closes nothing that is open here", f"</{tag}")
    mark = still_open.pop()[1]
    return Mark(mark.kind, mark.start, end, mark.url)


def spans_of(marked: Marked) -> tuple[Span, ...]:
    """The marks as Telegram counts them."""
    return tuple(
        Span(
            mark.kind,
            utf16_length(marked.text[: mark.start]),
            utf16_length(marked.text[mark.start : mark.end]),
            mark.url,
        )
        for mark in marked.marks
    )
