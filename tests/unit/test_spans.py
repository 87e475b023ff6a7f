"""Marked text: from a template's HTML to text and UTF-16 offsets, closed up and directed."""

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.arabic import ALM
from newsroom.errors import TemplateBroken
from newsroom.post import Span, SpanKind
from publishing.lines import closed_up, directed, needs_mark
from publishing.spans import Marked, marked_of, spans_of, utf16_length


def _covered(marked: Marked, span: Span) -> str:
    """What a client shows for a span: cut out of the UTF-16 text, as Telegram counts."""
    units = marked.text.encode("utf-16-le")
    return units[2 * span.offset : 2 * (span.offset + span.length)].decode("utf-16-le")


def test_marks_are_counted_in_utf_16_units() -> None:
    """The red circle takes two units, so what follows it begins two later."""
    marked = marked_of('🔴 <b>عاجل | نص</b>\n<a href="https://a.com/?p=1&amp;b=2">التفاصيل</a>')
    assert marked.text == "🔴 عاجل | نص\nالتفاصيل"
    assert spans_of(marked) == (
        Span(SpanKind.BOLD, 3, 9),
        Span(SpanKind.TEXT_LINK, 13, 8, "https://a.com/?p=1&b=2"),
    )


def test_nested_marks_come_outer_first() -> None:
    """Telegram shows nesting only when the outer entity precedes."""
    spans = spans_of(marked_of("<blockquote><i>أ<b>ب</b></i></blockquote>"))
    assert [span.kind for span in spans] == [SpanKind.BLOCKQUOTE, SpanKind.ITALIC, SpanKind.BOLD]


@pytest.mark.parametrize(
    "source",
    [
        "<b>نص",
        "نص</b>",
        "<b><i>نص</b></i>",
        "<p>نص</p>",
        "<b class='x'>نص</b>",
        "<a>نص</a>",
        '<a href="javascript:alert(1)">نص</a>',
        '<a href="https://a.com" title="x">نص</a>',
        "3 < 4",
    ],
)
def test_html_that_telegram_cannot_show_is_refused(source: str) -> None:
    """Unknown, unclosed or crossed tags, attributes and unsafe addresses raise, with the reason."""
    with pytest.raises(TemplateBroken, match="<"):
        marked_of(source)


@given(st.lists(st.tuples(st.sampled_from(["", "b", "i", "code"]), st.text(min_size=1, max_size=12)), max_size=6))
@settings(max_examples=100)
def test_any_words_come_out_as_they_went_in(parts: list[tuple[str, str]]) -> None:
    """Escaped words are text again, and each mark covers exactly its own words."""
    clean = [(tag, words.replace("\r", " ")) for tag, words in parts]
    source = "".join(f"<{tag}>{html.escape(words)}</{tag}>" if tag else html.escape(words) for tag, words in clean)
    marked = marked_of(source)
    assert marked.text == "".join(words for _, words in clean)
    assert [_covered(marked, span) for span in spans_of(marked)] == [words for tag, words in clean if tag]


def test_length_is_that_of_utf_16() -> None:
    """A sign outside the first plane counts twice, an Arabic letter once."""
    assert utf16_length("🔴 عاجل") == len("🔴 عاجل".encode("utf-16-le")) // 2 == 7


def test_parts_that_were_dropped_leave_no_hole() -> None:
    """Spare spaces go, three empty lines are one, and marks move along."""
    marked = marked_of("\n  <b> عاجل  |  نص </b> \n\n\n\n  \n<i></i>التفاصيل\t \n\n\n")
    closed = closed_up(marked)
    assert closed.text == "عاجل | نص\n\nالتفاصيل"
    assert [(mark.kind, closed.text[mark.start : mark.end]) for mark in closed.marks] == [(SpanKind.BOLD, "عاجل | نص")]


@given(st.text(alphabet="ab \n\tأب", max_size=40), st.integers(0, 40), st.integers(0, 40))
@settings(max_examples=100)
def test_closing_up_keeps_every_letter_and_its_mark(text: str, one: int, other: int) -> None:
    """Letters and their marks survive; spaces never double, and lines never begin or end with one."""
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    marked = marked_of(f"{text[:start]}<b>{text[start:end]}</b>{text[end:]}")
    closed = closed_up(marked)
    assert "".join(closed.text.split()) == "".join(text.split())
    assert "\n\n\n" not in closed.text
    assert "  " not in closed.text
    assert all(line == line.strip() for line in closed.text.split("\n"))
    bold = "".join(closed.text[mark.start : mark.end] for mark in closed.marks)
    assert "".join(bold.split()) == "".join(text[start:end].split())
    assert bold == bold.strip()


def test_a_line_that_would_run_left_to_right_gets_a_mark_before_it() -> None:
    """Only that line; its bold stretch begins after the mark, and an address on its own line stays bare."""
    marked = marked_of("عاجل\n<b>Brent يقفز</b> 4%\nhttps://a.com/1\n<i>4% قفزة</i>")
    turned = directed(marked)
    assert turned.text == f"عاجل\n{ALM}Brent يقفز 4%\nhttps://a.com/1\n{ALM}4% قفزة"
    assert [_covered(turned, span) for span in spans_of(turned)] == ["Brent يقفز", "4% قفزة"]


@pytest.mark.parametrize(
    "line",
    ["عاجل | Brent", "🔴 عاجل", "«أوبك» Brent", "٤٪ قفزة", "", "🔴", "https://a.com/1"],
)
def test_a_line_that_begins_in_arabic_needs_no_mark(line: str) -> None:
    """Neutral signs are passed over; Arabic digits run like Arabic; an address alone is left as it is."""
    assert not needs_mark(line)


@pytest.mark.parametrize(
    "line",
    ["Brent يقفز", "4% قفزة", "«F-16» تسقط", "#NATO #روسيا", "✍\ufe0f John Smith", "https://a.com/1 التفاصيل"],
)
def test_a_line_that_begins_with_latin_or_a_digit_needs_a_mark(line: str) -> None:
    """A digit has no direction of its own, but at the start it takes its sign to the wrong side (measured)."""
    assert needs_mark(line)
