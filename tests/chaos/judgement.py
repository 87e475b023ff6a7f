"""Judgement: what became of each story at each target, by what followers see and what the editors are shown. Pure."""

from collections import Counter
from dataclasses import dataclass

from typing_extensions import override

from newsroom.delivery import Delivery, State
from newsroom.target import TargetId

SHOWN = frozenset({State.REFUSED, State.EXPIRED, State.UNCERTAIN})
"""States in which a delivery that followers do not see is shown to the editors, with a reason."""
UNFINISHED = frozenset({State.PLANNED, State.SENDING})


@dataclass(frozen=True, slots=True)
class Fate:
    """One story at one target.

    Attributes:
        headline: of the story.
        target: where.
        posts: how often it stands there.
        delivery: as the store knows it; None where it knows of none.
        is_stale: it stands there with words that the site has corrected since.
    """

    headline: str
    target: TargetId
    posts: int
    delivery: Delivery | None
    is_stale: bool = False

    @property
    def extra(self) -> int:
        """Posts that followers see too many."""
        return max(0, self.posts - 1)

    @property
    def is_unfinished(self) -> bool:
        """Whether it still waits or is in flight."""
        return self.delivery is not None and self.delivery.state in UNFINISHED

    @property
    def is_uncertain(self) -> bool:
        """Whether an editor has to look."""
        return self.delivery is not None and self.delivery.state is State.UNCERTAIN

    @property
    def is_silently_lost(self) -> bool:
        """Nobody sees it, or not as it was corrected, and nobody is told why."""
        if self.posts:
            return self.is_stale
        return self.delivery is None or self.delivery.state not in SHOWN or not self.delivery.why

    @override
    def __str__(self) -> str:
        """One line."""
        stands = f"{self.delivery.state} ({self.delivery.why})" if self.delivery else "unknown to the store"
        return f"{self.headline} at {self.target}: {self.posts} posts{', uncorrected' * self.is_stale}, {stands}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """All fates of one run, or of several."""

    fates: tuple[Fate, ...] = ()

    def __add__(self, other: "Judgement") -> "Judgement":
        """Both together."""
        return Judgement((*self.fates, *other.fates))

    @property
    def stories(self) -> int:
        """How many were published."""
        return len({fate.headline for fate in self.fates})

    @property
    def deliveries(self) -> int:
        """Stories times targets."""
        return len(self.fates)

    @property
    def duplicates(self) -> int:
        """Posts too many, over all."""
        return sum(fate.extra for fate in self.fates)

    @property
    def losses(self) -> int:
        """Deliveries that ended in silence; one that is not finished at the end has ended so too."""
        return sum(fate.is_silently_lost for fate in self.fates)

    @property
    def unfinished(self) -> int:
        """Deliveries that wait or are in flight, and those the store has not met."""
        return sum(fate.is_unfinished or fate.delivery is None for fate in self.fates)

    @property
    def uncertain(self) -> int:
        """Deliveries that an editor has to look at."""
        return sum(fate.is_uncertain for fate in self.fates)

    @property
    def states(self) -> Counter[str]:
        """How many stand in each state."""
        return Counter(fate.delivery.state.value if fate.delivery else "unknown" for fate in self.fates)

    @property
    def is_kept(self) -> bool:
        """Never twice, never silently lost."""
        return not self.duplicates and not self.losses

    def broken(self) -> tuple[Fate, ...]:
        """Every fate that breaks the promise."""
        return tuple(fate for fate in self.fates if fate.extra or fate.is_silently_lost)

    def left_uncertain(self) -> tuple[Fate, ...]:
        """Every fate that an editor has to look at: no promise is broken, and it should not be so."""
        return tuple(fate for fate in self.fates if fate.is_uncertain)
