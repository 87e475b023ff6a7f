"""What the networks do wrong: each fault of the fakes strikes many requests while one worker delivers."""

from collections.abc import Sequence
from dataclasses import dataclass

from typing_extensions import override

from tests.chaos.house import House
from tests.chaos.strikes import news_in, until
from tests.support.faults import Fault, Faults
from tests.support.x_endpoint import Endpoint

TELEGRAM_CALL = "sendPhoto"
PROBABILITY = 0.3
OVERDUE_SECONDS = 2.5
"""Longer than a lease: the answer, if any, comes to a worker that no longer holds the delivery."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault with its numbers.

    Attributes:
        fault: which.
        seconds: of its delay.
        commits: whether it is carried out, where the fault leaves that open.
    """

    fault: Fault
    seconds: float = 0.0
    commits: bool | None = None

    @override
    def __str__(self) -> str:
        """For the table."""
        told = {True: ", carried out", False: ", not carried out", None: ""}[self.commits]
        return f"{self.fault.value}{f' {self.seconds:g} s' if self.seconds else ''}{told}"


TROUBLES = (
    Trouble(Fault.DROP_BEFORE_READ),
    Trouble(Fault.HANG_BEFORE_ACCEPT, 0.3),
    Trouble(Fault.HANG_BEFORE_ACCEPT, OVERDUE_SECONDS),
    *(
        Trouble(fault, commits=done)
        for fault in (Fault.HTML_502, Fault.HTML_503, Fault.JSON_500)
        for done in (True, False)
    ),
    Trouble(Fault.DROP_AFTER_ACCEPT),
    Trouble(Fault.RST_AFTER_ACCEPT),
    Trouble(Fault.HANG_AFTER_ACCEPT, 0.3),
    Trouble(Fault.HANG_AFTER_ACCEPT, OVERDUE_SECONDS),
    Trouble(Fault.HALF_BODY),
    Trouble(Fault.OK_BUT_NOT_JSON),
    Trouble(Fault.LATE_COMMIT, 0.3),
    Trouble(Fault.SLOW, 0.3),
    Trouble(Fault.SLOW, OVERDUE_SECONDS),
)
"""Every fault there is, after acceptance and before. A commit later than the lease is the platform's own breach of the
quiet time, which no client can mend; the table's text says so."""


async def trouble_in(houses: Sequence[House], troubles: Sequence[Trouble], times: int, seed: int) -> int:
    """Let each trouble strike posts on both networks until all together struck so often; tells how often."""
    faults = [fault for house in houses for fault in (house.telegram.faults, house.x.faults)]
    for number, fault in enumerate(faults):
        for order, trouble in enumerate(troubles):
            call = Endpoint.CREATE.value if number % 2 else TELEGRAM_CALL
            share = PROBABILITY / len(troubles)
            fault.chance(
                call,
                trouble.fault,
                share,
                seed + number * 100 + order,
                seconds=trouble.seconds,
                commits=trouble.commits,
            )
    before = played(faults)
    for house in houses:
        await house.hire()
    async with news_in(houses):
        await until(lambda: played(faults) - before >= times, seconds=180.0 + 6.0 * times)
    for fault in faults:
        fault.clear()
    return played(faults) - before


def played(faults: Sequence[Faults]) -> int:
    """How many faults struck."""
    return sum(len(each.played) for each in faults)
