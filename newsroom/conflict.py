"""A conflict: what forbids that two headlines, however alike, are one story."""

from collections.abc import Sequence
from enum import StrEnum

from newsroom import figure, place
from newsroom.bearing import Bearing
from newsroom.gist import Gist


class Conflict(StrEnum):
    """In what two headlines contradict each other."""

    DAY = "day"
    """Another date, day of the week, month or part of the day."""
    DAY_IN_TEXT = "day_in_text"
    """The headlines say «today» alike, the texts name two days: a daily column, or one event told a day later."""
    TURN = "turn"
    """First and second: a round, a convoy, a session."""
    PLACE = "place"
    NUMBER = "number"
    SCORE = "score"
    WAY = "way"
    """Opposites: raises and lowers, opens and closes."""
    MOOD = "mood"
    """One denies or intends what the other says."""
    ORDER = "order"
    """The same words in another order: who beat whom."""


OTHER_EVENT = frozenset({Conflict.DAY, Conflict.TURN, Conflict.PLACE})
"""It happened elsewhere or at another time: not even a lookalike."""


def conflicts_of(these: Gist, those: Gist) -> frozenset[Conflict]:
    """In what two gists contradict each other. Symmetric."""
    ours, theirs = these.bearing, those.bearing
    found = (
        (Conflict.DAY, _another_day(ours, theirs)),
        (Conflict.DAY_IN_TEXT, _another_day_in_text(these.calendar, those.calendar)),
        (Conflict.TURN, _differ(ours.turns, theirs.turns)),
        (Conflict.PLACE, place.disagree(these.places, those.places) or _disjoint(ours.quarters, theirs.quarters)),
        (Conflict.NUMBER, figure.disagree(these.figures, those.figures)),
        (Conflict.SCORE, _differ(frozenset(these.scores), frozenset(those.scores))),
        (Conflict.WAY, _opposed(ours, theirs)),
        (Conflict.MOOD, ours.moods != theirs.moods),
        (Conflict.ORDER, _turned_round(these.forms, those.forms) or _turned_round(these.row, those.row)),
    )
    return frozenset([conflict for conflict, is_there in found if is_there])


def _another_day(ours: Bearing, theirs: Bearing) -> bool:
    return (
        _disjoint(ours.weekdays, theirs.weekdays)
        or _disjoint(ours.days, theirs.days)
        or _disjoint(ours.hours, theirs.hours)
        or _disjoint(ours.months, theirs.months)
        or _disjoint(ours.dates, theirs.dates)
    )


def _another_day_in_text(ours: Bearing, theirs: Bearing) -> bool:
    return _disjoint(ours.weekdays, theirs.weekdays) or _disjoint(ours.dates, theirs.dates)


def _opposed(ours: Bearing, theirs: Bearing) -> bool:
    """On some axis both take sides, and not the same: «يتراجع بعد صعوده» is opposed to «يصعد» too."""
    if not (ours.ways and theirs.ways):
        return False
    axes = {axis for axis, _ in ours.ways} & {axis for axis, _ in theirs.ways}
    return any(
        {way for way in ours.ways if way[0] == axis} != {way for way in theirs.ways if way[0] == axis} for axis in axes
    )


def _turned_round(these: Sequence[str], those: Sequence[str]) -> bool:
    """The words of both stand in another order; asked of the words as they end and of their stems.

    «الهند تسقط طائرة باكستانية» is no «باكستان تسقط طائرة هندية», nor is who accuses whom told by the stems of «زوج» and «زوجة».
    """
    common = frozenset(these).intersection(those)
    return [one for one in these if one in common] != [one for one in those if one in common]


def _disjoint(left: frozenset[object], right: frozenset[object]) -> bool:
    return bool(left and right) and left.isdisjoint(right)


def _differ(left: frozenset[object], right: frozenset[object]) -> bool:
    return bool(left and right) and left != right
