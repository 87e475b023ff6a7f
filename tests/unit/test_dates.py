"""Dates in the forms in which feeds and pages give them."""

from datetime import UTC, datetime

import pytest

from feeds.dates import moment_of, moment_of_parts

MOMENT = datetime(2024, 7, 20, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2024-07-20T21:00:00+00:00",
        "2024-07-20T21:00:00Z",
        "2024-07-21T00:00:00+03:00",
        "2024-07-20 21:00",
        "Sat, 20 Jul 2024 21:00:00 +0000",
        "Sun, 21 Jul 2024 00:00:00 +0300",
        "السبت, 20 يوليو 2024 21:00:00 +0000",
        "السبت ٢٠ يوليو، ٢٠٢٤ - 9:00 م",
        "20 تموز 2024 21:00",
        "21 جويلية 2024 00:00 +0300",
    ],
)
def test_a_date_is_read_in_every_form(text: str) -> None:
    """ISO 8601, RFC 5322, and the months' names of Egypt, the Levant and the Maghreb, in both kinds of digits."""
    assert moment_of(text) == MOMENT


@pytest.mark.parametrize(
    "text", ["", "أمس", "20 شهر 2024", "31 فبراير 2024", "9999-12-31T23:59:59-12:00", "منذ 3 ساعات", "0" * 200]
)
def test_what_is_no_date_is_none(text: str) -> None:
    """Nothing is guessed: without a date the newsroom takes the moment it met the story."""
    assert moment_of(text) is None


def test_months_of_two_words_are_told_apart() -> None:
    """Both «كانون» and both «تشرين» begin alike."""
    assert moment_of("5 كانون الثاني 2024") == datetime(2024, 1, 5, tzinfo=UTC)
    assert moment_of("5 كانون الأول 2024") == datetime(2024, 12, 5, tzinfo=UTC)


def test_the_parts_that_feedparser_gives_are_a_moment() -> None:
    """Nine numbers in UTC; absurd ones are none."""
    assert moment_of_parts((2024, 7, 20, 21, 0, 0, 5, 202, 0)) == MOMENT
    assert moment_of_parts((2024, 7, 20, 20, 59, 60, 5, 202, 0)) == MOMENT
    assert moment_of_parts((99999, 1, 1, 0, 0, 0, 0, 1, 0)) is None
    assert moment_of_parts(None) is None
