"""Pasted text: an article as an editor copies it from a page, read line by line into an entry.

What the page said by its markup is gone: sections come glued together, captions come twice, subheadings look like
paragraphs. The editor sees the post before it goes out; a guess may be wrong, and is the same every time.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from feeds.boilerplate import is_boilerplate, is_footer, prose_of
from feeds.credit import byline_of, is_dateline, writer_of
from feeds.wordpress import once, shortened, web_link
from newsroom.arabic import display, key_text
from newsroom.entry import Entry
from newsroom.errors import EntryRefused
from newsroom.link import host_of, post_number_of
from newsroom.site import Site

_LONGEST = 100_000
"""Characters read; ten times the longest news story."""
_HEADLINE_AT_MOST = 25
_SUBHEADING_AT_MOST = 8
_SECTION_AT_MOST = 2
_GLUED_AT_MOST = 6
_SECTIONS_AT_MOST = 12
"""Words of a headline, a subheading, a section of unknown name, a line with one of them, and a line of known ones."""
_SECTIONS_AT_MOST_CHARACTERS = 200

_ADDRESS = re.compile(r"(?:[^:\uff1a]{1,40}[:\uff1a]\s*)?<?(?P<url>https?://[^\s<>]+)>?", re.IGNORECASE)
_HASHTAGS = re.compile(r"(?:#\w+[\s،,]*)+")
_FINAL = re.compile(r"[.!؟?:؛…][\"”»)]*$")
_FULL_STOP = re.compile(r"(?<!\.)\.[\"”»)]*$")
_OF_A_LIST = re.compile(r"[•·▪●◦‣]+\s*(?=\w)")
_BOLD = re.compile(r"(?P<mark>\*\*?|__?)(?P<said>[^*_\s](?:[^*]*[^*_\s])?)(?P=mark)")
_CRUMBS_TO_A_CUT_TITLE = re.compile(r"(?:الصفحة )?الرئيسية\b.*(?:\.\.+|…)\Z")
_BREADCRUMB = ("الرئيسية", "الصفحة الرئيسية", "Home")


def entry_of_text(text: str, site: Site) -> Entry:
    """The entry of an article that was pasted as text.

    A line of section names, glued or parted, may stand before the headline; an address on a line of its own is the link.

    Args:
        text: as it was pasted.
        site: the names of its sections, by which a line of glued names is known.

    Raises:
        EntryRefused: there is no headline in it.
    """
    lines = [line for raw in text[:_LONGEST].splitlines() if (line := _bare_line(display(raw)))]
    link = next((url for line in lines if (url := _link_of(line))), "")
    told = [line for line in lines if not _link_of(line) and not _HASHTAGS.fullmatch(line)]
    categories, told = _sections_in(list(_before_footer(told)), site)
    title, told = _headline_in(told)
    prose = prose_of(_paragraphs(told), title, _bare_byline(told))
    number = post_number_of(link)
    tags = (tag.strip("#،,").replace("_", " ") for line in lines if _HASHTAGS.fullmatch(line) for tag in line.split())
    return Entry(
        title=shortened(title),
        site=host_of(link),
        post_id=number,
        link=link,
        shortlink=link if number is not None else "",
        byline=prose.byline,
        categories=once((*categories, *tags)),
        lead=prose.lead,
        body=prose.body,
    )


def _bare_line(line: str) -> str:
    """The line without the sign of its list, and without the stars by which chats mark what is bold."""
    line = _OF_A_LIST.sub("", line)
    bold = _BOLD.fullmatch(line)
    return bold["said"] if bold else line


def _link_of(line: str) -> str:
    """The address, where the line is nothing else but a short label: «الرابط: https://…»."""
    found = _ADDRESS.fullmatch(line)
    return web_link(found["url"]) if found else ""


def _before_footer(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number and is_footer(line):
            return
        yield line


def _sections_in(lines: list[str], site: Site) -> tuple[tuple[str, ...], list[str]]:
    """The sections named in the lines before the headline, and the lines after them."""
    if len(lines) > 1 and _CRUMBS_TO_A_CUT_TITLE.match(lines[0]):
        # «الرئيسية مصر ارتفاع عدد المصابين في...»: where the page stands, and its title cut.
        lines = lines[1:]
    sections: list[str] = []
    while len(lines) > 1 and (found := _sections_of(lines[0], lines[1], site)):
        sections += found
        lines = lines[1:]
    return tuple(name for name in sections if name not in _BREADCRUMB), lines


def _sections_of(line: str, following: str, site: Site) -> list[str]:
    known = (*site.sections, *site.generic_sections, *site.breaking_categories)
    if len(line.split()) > _SECTIONS_AT_MOST or len(line) > _SECTIONS_AT_MOST_CHARACTERS:
        return []
    if covering := _cover(line, (*known, *_BREADCRUMB)):
        return covering
    if _why_no_headline(following):
        return []
    if len(line.split()) <= _GLUED_AT_MOST and (glued := _glued(line, known)):
        return glued
    # One or two words, as hardly a headline has, with a headline after them: a section whose name nobody told us.
    is_one_section = len(line.split()) <= _SECTION_AT_MOST < len(following.split()) / 2
    return [line] if is_one_section and not (_FINAL.search(line) or byline_of(line) or is_dateline(line)) else []


def _cover(line: str, names: Iterable[str]) -> list[str]:
    """The names that the line consists of, with nothing left over: «أخبارالشرق قادمعاجل» is three sections."""
    by_letters = {key_text(name).replace(" ", ""): name for name in names}
    longest_first = sorted(filter(None, by_letters), key=len, reverse=True)
    letters = key_text(line).replace(" ", "")

    @cache
    def rest(start: int) -> tuple[str, ...] | None:
        if start == len(letters):
            return ()
        for name in longest_first:
            if letters.startswith(name, start) and (after := rest(start + len(name))) is not None:
                return (by_letters[name], *after)
        return None

    return list(rest(0) or ()) if letters else []


def _glued(line: str, names: Iterable[str]) -> list[str]:
    """Sections that are glued to one of unknown name, as on a site whose sections nobody told us.

    No Arabic word goes on with an article («أخبارالشرق»), and none of a headline ends in such a name («قادمعاجل»).
    """
    # Short names end everyday words: «الطعام» is not «عام».
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if len(name) >= 4)
    if not alternatives:
        return []
    before = re.match(rf"({alternatives})(?=ال\w)", line)
    after = re.search(rf"(?<=\w{{3}})(?<!ال)({alternatives})$", line)
    if not (before or after):
        return []
    middle = line[before.end() if before else 0 : after.start() if after else len(line)].strip()
    return [name for name in (before[1] if before else "", middle, after[1] if after else "") if name]


def _headline_in(lines: list[str]) -> tuple[str, list[str]]:
    """The headline, and the lines without it."""
    for number, line in enumerate(lines):
        if byline_of(line) or is_dateline(line) or is_boilerplate(line):
            continue
        if why := _why_no_headline(line):
            raise EntryRefused(
                f"There is no headline in the text: the first line {why}. Put the headline on a line of its own, before it."
            )
        return line, [*lines[:number], *lines[number + 1 :]]
    raise EntryRefused("There is no headline in the text: nothing stands in it but what belongs to the site.")


def _why_no_headline(line: str) -> str:
    """What makes a line a paragraph; empty for a line that may be a headline."""
    if len(line.split()) > _HEADLINE_AT_MOST:
        return f"has {len(line.split())} words, and a headline has {_HEADLINE_AT_MOST} at most"
    if _FULL_STOP.search(line):
        return "ends with a full stop, as paragraphs do"
    return "" if any(letter.isalpha() for letter in line) else "has no words"


def _bare_byline(lines: list[str]) -> str:
    """A name without a label, as themes print it: it stands directly before the date."""
    for name, date in pairwise(lines[:3]):
        if is_dateline(date) and 2 <= len(name.split()) <= 4 and not _FINAL.search(name) and not is_dateline(name):
            return writer_of(name)
    return ""


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """The lines without captions, which come twice (as description and below the picture), and without subheadings."""
    for number, line in enumerate(lines):
        is_caption = line in {*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2]}
        is_subheading = len(line.split()) <= _SUBHEADING_AT_MOST and not _FINAL.search(line)
        if not is_caption and (not is_subheading or byline_of(line)):
            yield line
