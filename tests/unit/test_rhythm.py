"""The rhythm: when to poll next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.rhythm import (
    BACKOFF_MOST,
    PUSH_TRUSTED_AFTER,
    RETRY_AFTER_MOST,
    THROTTLED_LEAST,
    Hints,
    History,
    after_answer,
    after_change,
    after_failure,
    after_first_sight,
    history_of,
    is_silent_too_long,
    next_poll,
    spacing_of,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC).timestamp()
BASE = 30.0
HOUR = 3600.0


def failed(times: int) -> History:
    """A feed that is down."""
    history = History(phase=0.3)
    for _ in range(times):
        history = after_failure(history)
    return history


def changed(history: History, *moments: float, by_push: bool = False) -> History:
    """A feed that had something new then."""
    for moment in moments:
        history = after_change(history, moment, by_push=by_push)
    return history


def polls(history: History, hints: Hints, start: float, count: int) -> list[float]:
    """The moments of so many polls."""
    moments = [start]
    for _ in range(count):
        moments.append(moments[-1] + next_poll(history, hints, moments[-1], BASE))
    return moments


def test_a_quiet_feed_is_polled_at_the_pace_of_the_house() -> None:
    """After its first poll, whenever that was, it keeps to its own slot."""
    moments = polls(history_of("https://alwasat.example.com/feed/"), Hints(), NOON + 7.3, 100)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert BASE / 2 <= gaps[0] <= BASE * 1.5
    assert gaps[1:] == pytest.approx([BASE] * 99)


def test_a_restart_finds_the_same_slot() -> None:
    """The phase comes from the address alone: two workers and two lives agree on it."""
    url = "https://alwasat.example.com/feed/"
    first, second = (polls(history_of(url), Hints(), NOON + start, 5)[-1] for start in (3.0, 11.0))
    assert (first - second) % BASE == pytest.approx(0.0, abs=1e-6)


def test_thousand_feeds_do_not_come_together() -> None:
    """Their slots fill the interval evenly: no tenth of it holds more than twice its share."""
    slots = [history_of(f"https://site{number}.example/feed/").phase for number in range(1000)]
    tenths = [sum(tenth / 10 <= slot < (tenth + 1) / 10 for slot in slots) for tenth in range(10)]
    assert max(tenths) < 200
    assert min(tenths) > 50


@given(st.floats(0, 1), st.floats(0, 1), st.floats(1e9, 2e9), st.floats(1, 3600))
def test_a_poll_is_never_far_from_its_interval(phase: float, chance: float, now: float, base: float) -> None:
    """Whatever the phase, the chance and the moment, jitter included."""
    seconds = next_poll(History(phase=phase), Hints(chance=chance), now, base)
    assert 0.44 * base <= seconds <= 1.56 * base


def test_chance_moves_a_poll_by_a_twentieth_at_most() -> None:
    """Enough to part feeds that share a phase, too little to be late."""
    early, late = (next_poll(History(phase=0.3), Hints(chance=chance), NOON, BASE) for chance in (0.0, 1.0))
    assert late - early == pytest.approx(BASE / 10)


def test_failures_back_off_from_one_minute_to_a_quarter_of_an_hour() -> None:
    """With the pace of the house at 30 s."""
    seconds = [next_poll(failed(times), Hints(chance=0.0), NOON, BASE) for times in (1, 2, 3, 4, 5, 6, 1000)]
    assert seconds == [60, 120, 240, 480, 900, 900, 900]
    assert BACKOFF_MOST == 900


def test_one_good_answer_ends_the_backoff() -> None:
    """Recovery is at once."""
    recovered = after_answer(failed(9))
    assert next_poll(recovered, Hints(), NOON, BASE) <= 1.5 * BASE
    assert changed(failed(9), NOON).failures == 0


def test_retry_after_is_obeyed_and_never_undercut() -> None:
    """Chance only adds to it: the site gave the moment to all its readers."""
    for chance in (0.0, 0.5, 1.0):
        hints = Hints(chance=chance, status=429, retry_after=300.0)
        assert 300.0 <= next_poll(failed(1), hints, NOON, BASE) <= 330.0


def test_a_retry_after_of_a_year_is_an_hour() -> None:
    """A mistyped header must not silence a newspaper."""
    hints = Hints(chance=0.0, status=503, retry_after=365 * 86400.0)
    assert next_poll(failed(1), hints, NOON, BASE) == RETRY_AFTER_MOST


def test_a_retry_after_of_nothing_does_not_undo_the_backoff() -> None:
    """`Retry-After: 0` from a site that keeps failing is no invitation."""
    assert next_poll(failed(5), Hints(chance=0.0, status=503, retry_after=0.0), NOON, BASE) == 900


@pytest.mark.parametrize("status", [429, 503])
def test_a_throttling_site_is_left_alone_for_a_minute(status: int) -> None:
    """Even where it does not say for how long, and the house polls every second."""
    assert next_poll(failed(1), Hints(chance=0.0, status=status), NOON, 1.0) == THROTTLED_LEAST
    assert next_poll(failed(1), Hints(chance=0.0, status=500), NOON, 1.0) == 2.0


def test_a_declared_freshness_slows_to_half_the_pace_at_most() -> None:
    """A cache that says an hour would make breaking news an hour late."""
    fresh = History(phase=0.0)
    assert next_poll(fresh, Hints(fresh_for=3600.0), NOON, BASE) == pytest.approx(2 * BASE)
    assert next_poll(fresh, Hints(fresh_for=10.0), NOON, BASE) == pytest.approx(BASE)


def test_a_refetch_comes_when_it_is_due() -> None:
    """The one-second hole is closed two to three seconds later, whatever the phase."""
    assert next_poll(History(phase=0.9), Hints(refetch_after=2.5), NOON, BASE) == 2.5


def test_a_refetch_makes_no_feed_wait_longer_than_its_own_interval() -> None:
    """A house that polls each second meets the next story of a busy feed after one, not after three."""
    assert next_poll(History(phase=0.5), Hints(refetch_after=2.5), NOON, 1.0) <= 1.5


def test_a_feed_that_is_down_is_not_refetched() -> None:
    """Backoff goes before everything."""
    assert next_poll(failed(1), Hints(chance=0.0, refetch_after=2.5), NOON, BASE) == 60.0


def busy_at(hour: int) -> History:
    """A site that publishes most in this hour, a little in all others but three of the night."""
    start = datetime(2026, 11, 20, tzinfo=UTC)
    history = History(phase=0.0)
    for day in range(3):
        for each in (hour for hour in range(24) if hour not in {2, 3, 4}):
            for minute in range(20 if each == hour else 2):
                moment = start + timedelta(days=day, hours=each, minutes=minute)
                history = changed(history, moment.timestamp())
    return history


def test_busy_hours_are_polled_twice_as_often() -> None:
    """Learnt from when this site publishes."""
    assert next_poll(busy_at(12), Hints(), NOON, BASE) == pytest.approx(BASE / 2)
    assert next_poll(busy_at(12), Hints(), NOON + 6 * HOUR, BASE) == pytest.approx(BASE)


def test_dead_hours_are_polled_less_often() -> None:
    """Where the hours beside it are dead as well: summer time moves habits by one."""
    three, five = (datetime(2026, 11, 23, hour, tzinfo=UTC).timestamp() for hour in (3, 5))
    assert next_poll(busy_at(12), Hints(), three, BASE) == pytest.approx(1.5 * BASE)
    assert next_poll(busy_at(12), Hints(), five, BASE) == pytest.approx(BASE)


def test_busy_hours_never_make_polls_faster_than_five_seconds() -> None:
    """Unless the house itself wished for less."""
    history = busy_at(12)
    assert next_poll(history, Hints(), NOON, 8.0) == pytest.approx(5.0)
    assert next_poll(history, Hints(), NOON, 1.0) == pytest.approx(1.0)


def test_old_habits_fade() -> None:
    """A site that changes its hours is followed within weeks: counts are halved when one is full."""
    history = busy_at(12)
    for number in range(600):
        history = changed(history, NOON + 6 * HOUR + number)
    assert next_poll(history, Hints(), NOON, BASE) == pytest.approx(BASE)
    assert next_poll(history, Hints(), NOON + 6 * HOUR, BASE) == pytest.approx(BASE / 2)


def test_a_push_that_works_slows_the_polls() -> None:
    """Three changes told by push, and polling is only the safety net; one that it missed, and it is trusted no more."""
    told = changed(History(phase=0.0), *(NOON + number for number in range(PUSH_TRUSTED_AFTER)), by_push=True)
    assert next_poll(told, Hints(), NOON, BASE) == pytest.approx(4 * BASE)
    missed = changed(told, NOON + 10)
    assert next_poll(missed, Hints(), NOON, BASE) == pytest.approx(BASE)


@pytest.mark.parametrize(
    ("feeds", "base", "seconds"), [(1, 30.0, 0.0), (2, 30.0, 1.0), (60, 30.0, 0.5), (1000, 30.0, 0.03), (3, 1.0, 1 / 3)]
)
def test_the_feeds_of_one_host_are_kept_apart(feeds: int, base: float, seconds: float) -> None:
    """By a second where there is room, and evenly where there is not; one feed alone waits for nobody."""
    assert spacing_of(feeds, base) == pytest.approx(seconds)


def test_silence_beyond_the_habit_of_a_feed_is_noticed() -> None:
    """A feed with something every hour, and ten hours at night, is missed after twenty."""
    days = [NOON + day * 86400 + hour * HOUR for day in range(5) for hour in range(15)]
    history = changed(History(phase=0.0), *days)
    last = history.habit.last_change
    assert history.habit.longest_gap == pytest.approx(10 * HOUR, rel=0.3)
    assert not is_silent_too_long(history, last + 12 * HOUR)
    assert is_silent_too_long(history, last + 21 * HOUR)


def test_a_feed_whose_habit_is_not_known_is_never_called_silent() -> None:
    """Nine changes are too few to know."""
    history = changed(History(phase=0.0), *(NOON + number for number in range(9)))
    assert not is_silent_too_long(history, NOON + 365 * 86400)


def test_a_short_burst_makes_no_habit_of_minutes() -> None:
    """A feed that brought twenty things in an hour is not missed over lunch."""
    history = changed(History(phase=0.0), *(NOON + number * 60 for number in range(20)))
    assert not is_silent_too_long(history, history.habit.last_change + 7 * HOUR)
    assert is_silent_too_long(history, history.habit.last_change + 9 * HOUR)


def test_first_sight_tells_the_habit() -> None:
    """The dates in the feed stand in for the weeks in which we did not watch; those in the future tell nothing."""
    now = datetime.fromtimestamp(NOON, UTC)
    dates = [now - timedelta(hours=hours) for hours in range(1, 13)]
    history = after_first_sight(History(phase=0.5), [*dates, None, now + timedelta(days=400)], NOON)
    assert history.habit.changes == 12
    assert history.habit.last_change == NOON - HOUR
    assert history.habit.longest_gap == pytest.approx(HOUR)
    assert history.phase == 0.5


def test_one_ancient_date_at_first_sight_does_not_put_the_alarm_to_sleep() -> None:
    """A date of 1970, or a story pinned for years, says nothing of how often news comes."""
    now = datetime.fromtimestamp(NOON, UTC)
    dates = [now - timedelta(minutes=30 * number) for number in range(1, 20)]
    history = after_first_sight(History(phase=0.5), [*dates, datetime(1970, 1, 2, tzinfo=UTC)], NOON)
    assert not is_silent_too_long(history, NOON + 24 * HOUR)
    assert is_silent_too_long(history, NOON + 96 * HOUR)


def test_a_gap_that_was_watched_is_not_shortened_by_a_first_sight() -> None:
    """A feed may be taken for new again, when its memory was lost."""
    watched = changed(History(phase=0.5), NOON - 200 * HOUR, NOON - 100 * HOUR)
    assert after_first_sight(watched, [], NOON).habit.longest_gap == 100 * HOUR


def test_a_history_is_never_changed_in_place() -> None:
    """Each step makes a new one, so that what was decided can be decided again."""
    history = History(phase=0.5)
    changed(history, NOON)
    after_failure(history)
    assert history == History(phase=0.5)
    assert replace(history) == history
