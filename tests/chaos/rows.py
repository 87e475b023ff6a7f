"""The table of the guarantee: one row for each fault, made of what a run measured. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

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
    is_window: bool = False
    """It strikes, on purpose, the one instant that cannot be closed: duplicates are counted there, not forbidden."""

    @property
    def is_kept(self) -> bool:
        """Whether the promise held; what was skipped proves nothing and breaks nothing."""
        return not self.verdict.losses if self.is_window else self.verdict.is_kept

    @property
    def result(self) -> str:
        """In a word."""
        if self.skipped:
            return f"not tried: {self.skipped}"
        if self.is_window:
            return f"the known window: {self.verdict.duplicates} of {self.times}"
        return ("kept" if self.is_kept else "**BROKEN**") + (f"; {self.notes}" if self.notes else "")


HEAD = ("fault", "times", "stories", "deliveries", "duplicates", "silent losses", "uncertain left", "seconds", "result")


def cells(row: Row) -> tuple[str, ...]:
    """A row as words."""
    if row.skipped:
        return (row.fault, *("–",) * (len(HEAD) - 2), row.result)
    verdict = row.verdict
    counts = (row.times, verdict.stories, verdict.deliveries, verdict.duplicates, verdict.losses, verdict.uncertain)
    return (row.fault, *(f"{count:,}" for count in counts), f"{row.seconds:.0f}", row.result)


def total(rows: Sequence[Row]) -> Row:
    """All rows as one, but for the window, which is told apart."""
    counted = [row for row in rows if not row.is_window]
    verdict = sum((row.verdict for row in counted), Judgement())
    return Row("**all**", sum(row.times for row in counted), verdict, sum(row.seconds for row in rows))


def markdown(rows: Sequence[Row]) -> str:
    """The table."""
    lines = [HEAD, ("---", *("--:",) * (len(HEAD) - 2), "---"), *(cells(row) for row in (*rows, total(rows)))]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
