"""Render: a story becomes the post that one target's followers read. Pure once built.

Implements `newsroom.ports.Renderer`. What can be wrong with a template is found while this is built, so that nothing
breaks when news must go out.
"""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from newsroom.arabic import key_text
from newsroom.delivery import Lane
from newsroom.post import CAPTION_LIMIT_UTF16, TEXT_LIMIT_UTF16, X_LIMIT_WEIGHTED, Post, PostKind
from newsroom.story import Kicker, Story
from newsroom.target import Network, Target
from publishing import link
from publishing.candidates import ranked
from publishing.fit import Words, fit
from publishing.hashtags import hashtags_of
from publishing.layout import Layout, layout_of
from publishing.press import Form, files_by_form, press_of
from publishing.spans import Marked, spans_of
from publishing.style import HouseStyle
from publishing.typography import neat
from publishing.x_length import address_in

ALT_LIMIT = 1000
"""Characters of alternative text that X takes (API v2, media metadata)."""

_NO_WORDS = Words("")


class TemplateRenderer:
    """Sets stories by the house's templates.

    Args:
        style: the house's choices.
        folder: a folder whose templates take the place of the house's own of the same name; the others stay. One that
            names a channel or account in its own name is for that alone.
        affords_link: whether an ordinary post on X may carry its link now; asked under the link policy `budget` alone.

    Raises:
        TemplateBroken: a template cannot be read, says what it may not, or leaves out what it must say; the error names
            file, line and reason.
    """

    def __init__(
        self,
        style: HouseStyle,
        folder: Path | None = None,
        affords_link: Callable[[], bool] = lambda: True,
    ) -> None:
        self._style = style
        self._affords_link = affords_link
        press = press_of(folder)
        name = neat(style.site_name)
        self._layouts = {
            form: layout_of(press, file, form.network, site_name=name, right_to_left=style.right_to_left)
            for form, file in files_by_form(folder).items()
        }

    def render(self, story: Story, kicker: Kicker | None, lane: Lane, target: Target) -> Post:
        """The post; always within the network's limits. `lane` and `target` pick the template, `kicker` the label."""
        form = Form(lane, target.network)
        layout = self._layouts.get(form.of(target)) or self._layouts[form]
        words = self._words(story, kicker, lane, target.network)
        pictures = ranked(story.pictures)
        kind = self._kind(lane, target.network, has_pictures=bool(pictures))
        settings: dict[Words, Marked] = {}

        def length(words: Words) -> int:
            settings[words] = layout.set(words)
            return layout.length(settings[words].text)

        fitted = fit(words, _limit(target.network, kind), length)
        if fitted.headline != words.headline and target.network is Network.TELEGRAM:
            # No headline is cut for a picture: as a text it has four times the room of a caption.
            kind = PostKind.TEXT
            fitted = fit(words, _limit(target.network, kind), length)
        marked = settings.get(fitted) or layout.set(fitted)  # It was set to be measured, unless nothing was fit.
        shown = _shown(fitted, layout)
        return Post(
            target=target.id,
            kind=kind,
            text=marked.text,
            spans=spans_of(marked),
            link=shown.link or _address_in(marked.text, target.network),
            pictures=() if kind is PostKind.TEXT else pictures,
            alt=words.headline[:ALT_LIMIT],
            silent=self._style.silent_ordinary and lane is Lane.ORDINARY and target.network is Network.TELEGRAM,
            length=layout.length(marked.text),
            limit=_limit(target.network, kind),
            kicker=shown.kicker,
            headline=shown.headline,
            lead=shown.lead,
            tags=shown.tags,
        )

    def _words(self, story: Story, kicker: Kicker | None, lane: Lane, network: Network) -> Words:
        style = self._style
        headline = neat(story.headline, style.digits)
        lead = neat(story.lead, style.digits)
        if key_text(lead) == key_text(headline):
            lead = ""
        # X counts every tag against 280, and its readers know the section by the account; Telegram's search by section.
        most, section = (style.x_tags, "") if network is Network.X else (style.telegram_tags, story.section)
        return Words(
            headline=headline,
            kicker=str(kicker or ""),
            link=self._link(story, lane, network),
            lead=lead,
            byline=neat(story.byline, style.digits),
            tags=hashtags_of(story.tags, headline, lead, most, section=section, generic=style.generic_sections),
        )

    def _link(self, story: Story, lane: Lane, network: Network) -> str:
        """The shortlink where the site gives one: it is short and stays true when the slug is edited."""
        if network is Network.X and not self._x_links(lane):
            return ""
        ours = {
            name: value.replace("{network}", network).replace("{lane}", lane) for name, value in self._style.utm.items()
        }
        return link.public(story.shortlink, ours) or link.public(story.link, ours)

    def _x_links(self, lane: Lane) -> bool:
        match self._style.x_link:
            case "always":
                return True
            case "breaking":
                return lane is Lane.BREAKING
            case "budget":
                return lane is Lane.BREAKING or self._affords_link()
            case "never":
                return False

    def _kind(self, lane: Lane, network: Network, *, has_pictures: bool) -> PostKind:
        """Card, photo or text. A post on X that leaves out its link is a card: nothing else would show the brand."""
        without_link = network is Network.X and not self._x_links(lane)
        policy = self._style.cards
        if policy == "off":
            return PostKind.PHOTO if has_pictures else PostKind.TEXT
        by_class = policy == "always" or (policy == "breaking" and lane is Lane.BREAKING)
        return PostKind.CARD if by_class or without_link or not has_pictures else PostKind.PHOTO


def _limit(network: Network, kind: PostKind) -> int:
    if network is Network.X:
        return X_LIMIT_WEIGHTED
    return TEXT_LIMIT_UTF16 if kind is PostKind.TEXT else CAPTION_LIMIT_UTF16


def _shown(fitted: Words, layout: Layout) -> Words:
    """The words that the template really shows."""
    return Words(
        **{part.name: getattr(fitted if part.name in layout.uses else _NO_WORDS, part.name) for part in fields(Words)}
    )


def _address_in(text: str, network: Network) -> str:
    """An address that a headline brought along; X bills it as a link (even a bare alwasat.com), so the purse must know."""
    return address_in(text) if network is Network.X else ""
