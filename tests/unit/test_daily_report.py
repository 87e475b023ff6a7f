"""When the daily report is due: once a day at its hour in the newsroom's own time."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.commands.daily_report import due_on
from bot.settings import SettingsWrongError
from tests.unit.conftest import Setter

CAIRO, NEW_YORK = ZoneInfo("Africa/Cairo"), ZoneInfo("America/New_York")
DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        (datetime(2026, 11, 24, 5, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 24, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 6, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 7, 0, tzinfo=UTC), False),
    ],
)
def test_a_report_is_due_from_its_hour_in_the_newsroom_for_an_hour(now: datetime, *, is_due: bool) -> None:
    """Eight in Cairo is six in UTC; who starts at noon says nothing of it."""
    assert due_on(now, time(8), CAIRO) == (DAY if is_due else None)


def test_a_report_late_in_the_evening_is_still_due_after_midnight() -> None:
    """And it is yesterday's, so that it is no second one."""
    assert due_on(datetime(2026, 11, 24, 23, 50, tzinfo=UTC), time(23, 45), ZoneInfo("UTC")) == DAY
    assert due_on(datetime(2026, 11, 25, 0, 10, tzinfo=UTC), time(23, 45), ZoneInfo("UTC")) == DAY


@pytest.mark.parametrize(("month", "day"), [(3, 8), (11, 1), (6, 1)])
def test_every_day_has_one_report_when_the_clocks_change_too(month: int, day: int) -> None:
    """New York leaves out 02:30 on 8 March 2026 and has 01:30 twice on 1 November."""
    for at in (time(2, 30), time(1, 30)):
        minutes = [
            datetime(2026, month, day, hour, minute, tzinfo=UTC) for hour in range(4, 20) for minute in range(60)
        ]
        due = [now for now in minutes if due_on(now, at, NEW_YORK) == date(2026, month, day)]
        assert len(due) == 60
        assert (due[-1] - due[0]).total_seconds() == 59 * 60


def test_the_hour_is_a_setting_that_may_be_off_and_is_eight_unless_set(given: Setter) -> None:
    """An empty one is no value, as everywhere."""
    assert [given().daily_report, given(DAILY_REPORT="").daily_report] == [time(8), time(8)]
    assert given(DAILY_REPORT=" 18:30 ").daily_report == time(18, 30)
    assert [given(DAILY_REPORT=word).daily_report for word in ("off", "OFF")] == [None, None]


@pytest.mark.parametrize("hour", ["25:00", "eight", "8", "08:00:00"])
def test_what_is_no_hour_is_refused_with_an_example(given: Setter, hour: str) -> None:
    """Rather than read as another."""
    with pytest.raises(SettingsWrongError, match=r"DAILY_REPORT is wrong: a time of day is written 08:00; off is none"):
        given(DAILY_REPORT=hour)
