"""Rounds of one part, for tests: a fault of ours ends them, where the worker would go on."""

from bot.rounds import Look, Rounds
from newsroom.alert import Alert
from newsroom.ports import Clock


class NoAlarm:
    """Implements `newsroom.ports.Alarm`: nothing may be the matter."""

    async def tell(self, alert: Alert) -> None:
        """It is."""
        raise AssertionError(alert)

    async def over(self, cause: str) -> None:
        """Nothing was."""
        raise AssertionError(cause)


def rounds_of(look: Look, clock: Clock, rest_seconds: float) -> Rounds:
    """A part that makes these rounds."""
    return Rounds("part", look, clock, NoAlarm(), rest_seconds=rest_seconds)
