"""The table of the guarantee: one row for each fault, made of what a run measured. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.chaos.judgement import Judgement


@dataclass(frozen=True, slots=True)
class Row:
    """What one fault did.

    Attributes:
        fault: in words.
        times: how often it struck.
        verdict: of all that was published meanwhile.
        seconds: how long it took.
        evidence: for each broken fate, what the workers wrote of it.
        skipped: why it could not be tried; empty where it was.
        notes: what else the reader must know.
    """

    fault: str
    times: int = 0
    verdict: Judgement = field(default_factory=Judgement)
    seconds: float = 0.0
    evidence: tuple[str, ...] = ()
    skipped: str = ""
    notes: str = ""
    floods: int = 0
    """Posts of articles that were no news when the newsroom first met them."""

    unmade: int = 0
    """Parts that broke off: nothing is known of what they would have shown, so the promise is not kept."""

    @property
    def is_kept(self) -> bool:
        """Whether the promise held; what was skipped proves nothing and breaks nothing."""
        return self.verdict.is_kept and not self.floods and not self.unmade

    def __add__(self, other: "Row") -> "Row":
        """Two parts of one row, made side by side."""
        return replace(
            self,
            fault=other.fault if self.unmade else self.fault,
            times=self.times + other.times,
            verdict=self.verdict + other.verdict,
            seconds=self.seconds + other.seconds,
            evidence=(*self.evidence, *other.evidence),
            notes="; ".join(dict.fromkeys(note for note in (self.notes, other.notes) if note)),
            floods=self.floods + other.floods,
            unmade=self.unmade + other.unmade,
        )

    @property
    def result(self) -> str:
        """In a word."""
        if self.skipped:
            return f"not tried: {self.skipped}"
        words = [
            "kept" if self.is_kept else "**BROKEN**",
            f"{self.unmade} parts broke off" * bool(self.unmade),
            self.notes,
        ]
        return "; ".join(word for word in words if word)


HEAD = (
    "fault",
    "times",
    "stories",
    "deliveries",
    "duplicates",
    "silent losses",
    "floods",
    "uncertain left",
    "seconds",
    "result",
)


def cells(row: Row) -> tuple[str, ...]:
    """A row as words."""
    if row.skipped:
        return (row.fault, *("–",) * (len(HEAD) - 2), row.result)
    verdict = row.verdict
    counts = (
        row.times,
        verdict.stories,
        verdict.deliveries,
        verdict.duplicates,
        verdict.losses,
        row.floods,
        verdict.uncertain,
    )
    return (row.fault, *(f"{count:,}" for count in counts), f"{row.seconds:.0f}", row.result)


def total(rows: Sequence[Row]) -> Row:
    """All rows as one."""
    verdict = sum((row.verdict for row in rows), Judgement())
    seconds, floods = sum(row.seconds for row in rows), sum(row.floods for row in rows)
    unmade = sum(row.unmade for row in rows)
    return Row("**all**", sum(row.times for row in rows), verdict, seconds, floods=floods, unmade=unmade)


def markdown(rows: Sequence[Row]) -> str:
    """The table."""
    lines = [HEAD, ("---", *("--:",) * (len(HEAD) - 2), "---"), *(cells(row) for row in (*rows, total(rows)))]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
