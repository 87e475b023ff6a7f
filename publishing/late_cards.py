"""Late cards: the house's cards, whose drawer is made when the first card is wanted.

Pillow, its libraries and two fonts take 7 MB (measured), and a worker polls its feeds long before it draws.
"""

from typing import TYPE_CHECKING

from newsroom.ports import Jpeg
from publishing.style import CARD_SIZES, HouseStyle

if TYPE_CHECKING:
    from publishing.card import CardMaker


class LateCards:
    """Stands in the place of a `card.CardMaker`. One thread at a time may ask it.

    Args:
        style: as of `CardMaker`.
    """

    def __init__(self, style: HouseStyle) -> None:
        self.size = CARD_SIZES[style.card_shape]
        self._style = style
        self._maker: CardMaker | None = None

    def card(self, headline: str, kicker: str, size: tuple[int, int], picture: Jpeg | None = None) -> Jpeg:
        """One card.

        Raises:
            TemplateBroken: as `CardMaker`, with the first.
        """
        return self.maker().card(headline, kicker, size, picture)

    def maker(self) -> "CardMaker":
        """Who draws, made when it is first asked for.

        Raises:
            TemplateBroken: as `CardMaker`.
        """
        if self._maker is None:
            from publishing.card import CardMaker  # noqa: PLC0415 - see the module's docstring

            self._maker = CardMaker(self._style)
        return self._maker


def cards_when_wanted(style: HouseStyle) -> LateCards | None:
    """Who will draw this house's cards; None where it wants none.

    What the newsroom brought of its own is looked at here, so that a worker with a font that will not do never starts.
    What ships is not: it is drawn with in the tests, and `ajil check` looks at it on the machine itself.

    Raises:
        TemplateBroken: as `CardMaker`, of what is the newsroom's own.
    """
    if style.cards == "off":
        return None
    late = LateCards(style)
    if style.has_own_cards:
        late.maker()
    return late
