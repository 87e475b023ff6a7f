"""A layout: one template, read, tried and ready to set words. Pure from then on."""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, product

import jinja2

from newsroom.errors import TemplateBroken
from newsroom.post import TEXT_LIMIT_UTF16, X_LIMIT_WEIGHTED
from newsroom.story import Kicker
from newsroom.target import Network
from publishing.cashtag import one_cashtag
from publishing.fit import Words
from publishing.grammar import Unsayable, words_in
from publishing.lines import closed_up, directed
from publishing.spans import Marked, MarkupBroken, marked_of, utf16_length
from publishing.x_length import weighted_length

_TRIAL_HEADLINES = (
    "زعيم كوريا الشمالية يبحث مع وفد عسكري روسي تعزيز التعاون بين البلدين",
    'Brent يقفز 4% & «أوبك+» <تخفض> "الإنتاج"',
    "زلزال",
)
"""Plain, with all that HTML would stumble over, and of one word."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One accepted template.

    Attributes:
        name: the template's file name.
        uses: the words that stand in it.
    """

    name: str
    network: Network
    template: jinja2.Template
    uses: frozenset[str]
    site_name: str
    right_to_left: bool

    def set(self, words: Words) -> Marked:
        """The words in their places: white space closed up, lines directed, marks for what is bold or linked."""
        text = self.template.render(
            kicker=words.kicker,
            headline=words.headline,
            lead=words.lead,
            byline=words.byline,
            link=words.link,
            tags=words.tags,
            site_name=self.site_name,
        )
        marked = closed_up(marked_of(text) if self.network is Network.TELEGRAM else Marked(one_cashtag(text)))
        return directed(marked) if self.right_to_left else marked

    def length(self, text: str) -> int:
        """Of a final text, in the network's own measure."""
        return utf16_length(text) if self.network is Network.TELEGRAM else weighted_length(text)


def layout_of(press: jinja2.Environment, name: str, network: Network, *, site_name: str, right_to_left: bool) -> Layout:
    """Read a template, check what it says, and try it with every combination of parts.

    Raises:
        TemplateBroken: with file, line and what is wrong.
    """
    source, file = _source_of(press, name)
    try:
        uses = words_in(press.parse(source, name, file))
        layout = Layout(name, network, press.get_template(name), uses, site_name, right_to_left)
        for words in _trials():
            _demand(layout, words)
        _demand_room(layout)
    except (jinja2.TemplateSyntaxError, Unsayable) as broken:
        raise TemplateBroken(f"{file}:{broken.lineno}: {broken}") from broken
    except MarkupBroken as broken:
        raise TemplateBroken(f"{file}:{_line_of(broken.fragment, source)}: {broken}") from broken
    except _Wanting as wanting:
        raise TemplateBroken(f"{file}:1: {wanting}") from wanting
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise TemplateBroken(f"{file}:{_line_in(error, file)}: {error}") from error
    return layout


class _Wanting(TemplateBroken):
    """The template leaves out what every post must say, or leaves no room for it."""


def _demand(layout: Layout, words: Words) -> None:
    marked = layout.set(words)
    addresses = [marked.text, *(mark.url for mark in marked.marks)]
    for part in (words.headline, words.kicker):
        if part not in marked.text:
            raise _Wanting(f"the post does not say «{part}» (kicker and headline must stand in every post)")
    if not any(words.link in address for address in addresses):
        raise _Wanting("the post leaves out the link")


def _demand_room(layout: Layout) -> None:
    room = TEXT_LIMIT_UTF16 // 8 if layout.network is Network.TELEGRAM else X_LIMIT_WEIGHTED // 2
    own = layout.length(layout.set(Words(headline="ن")).text)
    if own > room:
        raise _Wanting(f"the template's own words take {own}; more than {room} leaves no room for the story")


def _trials() -> Iterator[Words]:
    """Words with every combination of parts that may be there or not, and each kicker with all of them and with none."""
    headlines = cycle(_TRIAL_HEADLINES)
    kickers = [str(kicker) for kicker in Kicker]
    combined = list(
        product(
            [("#الشرق_قادم", "#NATO", "#روسيا"), ("#كوريا_الشمالية",), ()],
            ["https://alwasat.example.com/?p=48207&a=1", ""],
            ["استقبل زعيم كوريا الشمالية وفدًا عسكريًا من الاتحاد الروسي & «حلفائه».", ""],
            ["محمد الحكيم", ""],
        )
    )
    trials = [*product(["", kickers[0]], combined), *product(kickers[1:], [combined[0], combined[-1]])]
    for kicker, (tags, link, lead, byline) in trials:
        yield Words(next(headlines), kicker, link, lead, byline, tags)


def _source_of(press: jinja2.Environment, name: str) -> tuple[str, str]:
    if press.loader is None:
        raise TemplateBroken(f"{name}:1: no folder of templates was given")
    try:
        source, file, _ = press.loader.get_source(press, name)
    except jinja2.TemplateNotFound as missing:
        raise TemplateBroken(f"{name}:1: there is no such template") from missing
    except UnicodeDecodeError as unreadable:
        raise TemplateBroken(f"{name}:1: the file is not UTF-8") from unreadable
    return source, file or name


def _line_of(fragment: str, source: str) -> int:
    return source[: max(0, source.lower().find(fragment.lower()))].count("\n") + 1


def _line_in(error: Exception, file: str) -> int:
    """The template's line at which rendering failed: Jinja writes it into the traceback."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return (lines[-1] if lines else None) or 1
