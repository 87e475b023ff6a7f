"""A date: the moment an entry gives, however feeds and pages write it. No clock: what cannot be read is None."""

import re
from calendar import timegm
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_MONTHS = (
    # The names used in Egypt and the Gulf, in the Levant and Iraq, and in the Maghreb.
    ("يناير", "كانون الثاني", "جانفي"),
    ("فبراير", "شباط", "فيفري"),
    ("مارس", "آذار", "اذار"),
    ("أبريل", "ابريل", "إبريل", "نيسان", "أفريل"),
    ("مايو", "أيار", "ايار", "ماي"),
    ("يونيو", "يونيه", "حزيران", "جوان"),
    ("يوليو", "يوليه", "تموز", "جويلية", "يوليوز"),
    ("أغسطس", "اغسطس", "آب", "أوت", "غشت"),
    ("سبتمبر", "أيلول", "ايلول", "شتنبر"),
    ("أكتوبر", "اكتوبر", "تشرين الأول"),
    ("نوفمبر", "تشرين الثاني", "نونبر"),
    ("ديسمبر", "كانون الأول", "دجنبر"),
)
_MONTH_BY_NAME = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_ARABIC_DATE = re.compile(
    rf"(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(sorted(_MONTH_BY_NAME, key=len, reverse=True))})\s*[،,]?\s+(?P<year>\d{{4}})"
    r"(?:\D{1,4}(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?(?:\s*(?P<half>[صم])(?!\w))?(?:\s*(?P<sign>[+-])(?P<zone>\d{2}):?(?P<zone_minutes>\d{2}))?"
)
_WESTERN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)
_LONGEST = 100
"""Characters; no date is longer, and what is longer would be slow to search."""


def moment_of(text: str) -> datetime | None:
    """Aware UTC time of a date as ISO 8601, RFC 5322 or Arabic words write it; a date without a zone is taken as UTC."""
    written = text.strip()[:_LONGEST].translate(_WESTERN_DIGITS)
    for read in (datetime.fromisoformat, parsedate_to_datetime, _of_arabic):
        try:
            moment = read(written)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        # OverflowError: the year 9999 in another zone. TypeError, IndexError: parsedate_to_datetime on half a date.
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def moment_of_parts(parts: Sequence[int] | None) -> datetime | None:
    """Aware time of the nine-tuple, in UTC, that feedparser makes of a date."""
    if not parts:
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=timegm(tuple(parts)))
    except (ValueError, OverflowError):
        return None


def _of_arabic(text: str) -> datetime:
    found = _ARABIC_DATE.search(text)
    if found is None:
        raise ValueError(text)
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] == "م" else 0)
    offset = timedelta(hours=int(found["zone"] or 0), minutes=int(found["zone_minutes"] or 0))
    zone = timezone(-offset if found["sign"] == "-" else offset)
    return datetime(
        int(found["year"]), _MONTH_BY_NAME[found["month"]], int(found["day"]), hour, minute, second, tzinfo=zone
    )
