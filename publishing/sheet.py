"""Sheet: the geometry of a card. Every length is a share of one unit, so that both shapes of card look alike."""

from dataclasses import dataclass
from math import sqrt

from publishing.card_layout import LINE_HEIGHT, Block, Frame


@dataclass(frozen=True, slots=True)
class Sheet:
    """A card of one size. All lengths in px."""

    width: int
    height: int

    @property
    def unit(self) -> float:
        """One on the wide card, 1.2 on the square one."""
        return sqrt(self.width * self.height) / 900

    @property
    def margin(self) -> float:
        """Between text and edge."""
        return 64 * self.unit

    @property
    def right(self) -> float:
        """Where lines end, on the right."""
        return self.width - self.margin

    @property
    def foot(self) -> float:
        """Top of the strip with the site's name."""
        return self.height - 104 * self.unit

    @property
    def badge_height(self) -> float:
        """Of the label's box."""
        return 60 * self.unit

    @property
    def badge_gap(self) -> float:
        """Between label and headline."""
        return 20 * self.unit

    def frame(self, *, has_kicker: bool, with_photo: bool) -> Frame:
        """The room for the headline. Over a photo it keeps to the lower part, so that the photo is seen."""
        above = self.margin + (self.badge_height + self.badge_gap if has_kicker else 0)
        room = self.foot - above
        height = min(room, self.height * (0.5 if with_photo else 1.0))
        return Frame(
            width=int(self.width - 2 * self.margin),
            height=int(height),
            largest=int((76 if with_photo else 88) * self.unit),
            smallest=int(34 * self.unit),
        )

    def block_top(self, block: Block, *, has_kicker: bool, with_photo: bool) -> float:
        """Where the headline's first line box begins: on the foot over a photo, else in the optical middle."""
        tall = len(block.lines) * LINE_HEIGHT * block.size
        if with_photo:
            return self.foot - tall - 8 * self.unit
        badge = self.badge_height + self.badge_gap if has_kicker else 0
        free = self.foot - self.margin - badge - tall
        return self.margin + badge + free * 0.5
