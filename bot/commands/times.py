"""Times as editors write them: `18:30`, or `2026-11-25 08:00`, in the newsroom's own zone, with whichever digits."""

import re
from datetime import datetime, timedelta, tzinfo

from newsroom.ports import Clock

AT_MOST = timedelta(days=7)
"""Further ahead nobody knows what is news."""
_TIME = re.compile(
    r"(?:(?P<day>\d{4}-\d{1,2}-\d{1,2})\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})\s+(?P<rest>.+)", re.DOTALL
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


class Times:
    """Reads them.

    Args:
        clock: for now.
        zone: the newsroom's.
    """

    def __init__(self, clock: Clock, zone: tzinfo) -> None:
        self._clock = clock
        self._zone = zone

    def read(self, text: str) -> tuple[datetime, str] | None:
        """When, and what follows; an hour that has passed is tomorrow's. None where no time ahead is written."""
        found = _TIME.fullmatch(text.translate(_DIGITS))
        if found is None:
            return None
        now = self._clock.now().astimezone(self._zone)
        try:
            year, month, day = (int(part) for part in (found["day"] or f"{now:%Y-%m-%d}").split("-"))
            at = datetime(year, month, day, int(found["hour"]), int(found["minute"]), tzinfo=self._zone)
        except ValueError:
            return None
        if at <= now and not found["day"]:
            at += timedelta(days=1)
        return (at, text[found.start("rest") :]) if now < at <= now + AT_MOST else None
