"""Times as editors write them, in the newsroom's own zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.commands.times import Times
from tests.support.clock import ManualClock

RIYADH = ZoneInfo("Asia/Riyadh")
TIMES = Times(ManualClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC)), RIYADH)
"""It is noon there."""


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("18:30 خبر", datetime(2026, 11, 23, 18, 30, tzinfo=RIYADH)),
        ("١٨:٣٠ خبر", datetime(2026, 11, 23, 18, 30, tzinfo=RIYADH)),
        ("11:59 خبر", datetime(2026, 11, 24, 11, 59, tzinfo=RIYADH)),
        ("2026-11-25 08:00 خبر", datetime(2026, 11, 25, 8, 0, tzinfo=RIYADH)),
    ],
)
def test_a_time_is_read_and_what_follows_is_kept(text: str, at: datetime) -> None:
    """An hour that has passed is tomorrow's."""
    assert TIMES.read(text) == (at, "خبر")


@pytest.mark.parametrize(
    "text", ["", "خبر", "18:30", "25:00 خبر", "2026-11-20 08:00 خبر", "2027-01-01 08:00 خبر", "1:2 خبر"]
)
def test_what_is_no_time_ahead_is_not_read(text: str) -> None:
    """The editor is told how it is written."""
    assert TIMES.read(text) is None


def test_a_text_of_many_lines_is_kept_whole() -> None:
    """Its own digits, too."""
    assert TIMES.read("18:30 عنوان\n\nقتل ٣ أشخاص في الحادثة") == (
        datetime(2026, 11, 23, 18, 30, tzinfo=RIYADH),
        "عنوان\n\nقتل ٣ أشخاص في الحادثة",
    )
