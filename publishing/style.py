"""The house style: every choice about looks that belongs to the newsroom and not to the code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from newsroom.site import Site

Digits = Literal["keep", "ascii", "arab"]
"""`keep`: as the author wrote them; `ascii`: 0-9; `arab`: the Arabic-Indic ones."""
LinkPolicy = Literal["always", "breaking", "budget", "never"]
"""Whether a post on X carries the link; one with a link costs $0.20 there, one without $0.015 (X pricing, 2026-04).
`budget`: breaking posts do, ordinary ones while the month is on its way to end inside its budget."""
CardPolicy = Literal["off", "fallback", "breaking", "always"]
"""When a headline card is drawn; each step includes the ones before it: `fallback` where a story has no fit picture,
`breaking` for every breaking story, `always` for every story."""
CardShape = Literal["wide", "square"]
CARD_SIZES: Mapping[CardShape, tuple[int, int]] = {"wide": (1200, 675), "square": (1080, 1080)}
"""Width and height in px."""
UTM_BLANKS = ("{network}", "{lane}")
"""What is filled in where it stands in a parameter's value: telegram or x, breaking or ordinary."""


@dataclass(frozen=True, slots=True)
class Colours:
    """The brand's colours, each as #RRGGBB."""

    kicker: str = "#C8102E"
    """Behind the label «عاجل»."""
    ground: str = "#0E1B2E"
    """Behind the headline where the card has no photo; its darker shade lies over a photo."""
    accent: str = "#C8102E"
    """The rule beside the site's name."""
    text: str = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """How this house's posts look. Plain values; bot.settings fills them in."""

    site_name: str = ""
    generic_sections: tuple[str, ...] = Site().generic_sections
    """Sections that say nothing to a reader and become no hashtag."""
    telegram_tags: int = 3
    x_tags: int = 2
    digits: Digits = "keep"
    utm: Mapping[str, str] = field(default_factory=dict)
    """Our own parameters at the end of each link, with `UTM_BLANKS` filled in."""
    x_link: LinkPolicy = "always"
    silent_ordinary: bool = True
    """Ordinary stories reach followers on Telegram without a sound."""
    cards: CardPolicy = "fallback"
    card_shape: CardShape = "wide"
    colours: Colours = field(default_factory=Colours)
    logo: Path | None = None
    """A PNG with transparency, drawn at the foot of a card; None for the site's name alone."""
    font_bold: Path | None = None
    """A TTF for headline and label; None for the IBM Plex Sans Arabic that ships with the house."""
    font_medium: Path | None = None
    """A TTF for the site's name."""
    language: str = "ar"
    """ISO 639-1; its direction is every line's direction, and fonts choose letter shapes by it."""

    @property
    def has_own_cards(self) -> bool:
        """Whether the newsroom brought colours, a logo or fonts of its own, which may not do."""
        return self.colours != Colours() or any((self.logo, self.font_bold, self.font_medium))

    @property
    def right_to_left(self) -> bool:
        """Whether lines run from right to left."""
        return self.language.partition("-")[0] in {"ar", "fa", "he", "ku", "ps", "ur"}
