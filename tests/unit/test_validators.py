"""Validators: what is echoed, and how the right way is learnt. Hints: what headers say."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from feeds import hints
from feeds.validators import Echo, Validators, bare, ways_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MODIFIED = "Mon, 23 Nov 2026 08:00:00 GMT"
LATER = "Mon, 23 Nov 2026 08:30:00 GMT"


def sent(etag: str = "", modified: str = "") -> Mapping[str, str]:
    """The headers of an answer."""
    return {"ETag": etag, "Last-Modified": modified}


def learnt(*answers: Mapping[str, str], start: Validators | None = None) -> Validators:
    """What these bodies, one after another, teach."""
    validators = start or Validators()
    for headers in answers:
        validators = validators.after_200(headers, asked=bool(validators.headers()))
    return validators


@pytest.mark.parametrize(
    ("etag", "plain"),
    [
        ('"a"', '"a"'),
        ('"a-gzip"', '"a"'),
        ('"a--gzip"', '"a"'),
        ('"a;gzip"', '"a"'),
        ('"a-br"', '"a"'),
        ('W/"a"', '"a"'),
        ('w/"a-gzip"', '"a"'),
        ("a-gzip", "a"),
        ('"gzip"', '"gzip"'),
        ("", ""),
    ],
)
def test_an_altered_etag_is_restored(etag: str, plain: str) -> None:
    """As the site made it, before a server compressed its body."""
    assert bare(etag) == plain


def test_a_site_that_leaves_its_etag_alone_gets_both_back() -> None:
    """WordPress wants both to match."""
    assert learnt(sent('"a"', MODIFIED)).headers() == {"If-None-Match": '"a"', "If-Modified-Since": MODIFIED}


@pytest.mark.parametrize("etag", ['"a-gzip"', 'W/"a"'])
def test_an_altered_etag_is_echoed_bare_from_the_first_time(etag: str) -> None:
    """Without a poll in vain."""
    assert learnt(sent(etag, MODIFIED)).headers() == {"If-None-Match": '"a"'}


def test_what_is_echoed_in_vain_is_given_up_for_the_next_way() -> None:
    """The site says itself that nothing changed, and sends the body all the same."""
    answer = sent('"a-gzip"', MODIFIED)
    echoes = [learnt(*[answer] * count).echo for count in range(1, 6)]
    assert echoes == [Echo.BARE, Echo.SINCE, Echo.BOTH, Echo.TAG, Echo.BARE]


def test_a_change_is_no_echo_in_vain() -> None:
    """A body that came with other validators says nothing against the way of asking."""
    assert learnt(sent('"a"', MODIFIED), sent('"b"', LATER), sent('"c"', MODIFIED)).echo is Echo.BOTH


def test_a_way_that_has_worked_is_not_given_up_for_one_body() -> None:
    """One machine of several behind a site may lag; three in a row are a change of the site."""
    answer = sent('"a"', MODIFIED)
    proven = learnt(answer).after_304()
    assert proven.proven
    assert learnt(answer, answer, start=proven).echo is Echo.BOTH
    assert learnt(answer, answer, start=proven).after_304().in_vain == 0
    assert learnt(answer, answer, answer, start=proven).echo is Echo.SINCE


def test_a_plain_refetch_teaches_nothing_of_echoes() -> None:
    """Nothing was echoed, so nothing was in vain."""
    validators = learnt(sent('"a"', MODIFIED)).after_304()
    after = validators.after_200(sent('"a"', MODIFIED), asked=False)
    assert (after.echo, after.proven, after.in_vain) == (Echo.BOTH, True, 0)


@pytest.mark.parametrize(
    ("etag", "modified", "first"),
    [('"a"', "", Echo.TAG), ('"a-gzip"', "", Echo.BARE), ("", MODIFIED, Echo.SINCE), ('"a"', MODIFIED, Echo.BOTH)],
)
def test_a_site_that_sends_one_validator_gets_that_one(etag: str, modified: str, first: Echo) -> None:
    """There is always a way, as long as something came."""
    assert ways_of(etag, modified)[0] is first
    assert len(learnt(sent(etag, modified)).headers()) == (2 if first is Echo.BOTH else 1)


def test_a_site_without_validators_is_asked_plainly() -> None:
    """And nothing of an earlier life is echoed."""
    assert learnt(sent('"a"', MODIFIED), sent()).headers() == {}


@pytest.mark.parametrize("value", ['"' + "a" * 300 + '"', '"\udce9"', '"a\x01"'])
def test_a_validator_that_could_not_be_sent_back_is_dropped(value: str) -> None:
    """A header may hold anything."""
    assert learnt(sent(value)).headers() == {}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30.0),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "Mon, 23 Nov 2026 09:10:00 GMT"}, 600.0),
        ({"Retry-After": "Mon, 23 Nov 2026 09:10:00"}, 600.0),
        ({"Retry-After": "Mon, 23 Nov 2020 09:10:00 GMT"}, 0.0),
        ({"Retry-After": "Mon, 23 Nov 2026 07:10:00 GMT", "Date": "Mon, 23 Nov 2026 07:00:00 GMT"}, 600.0),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "Mon, 99 Nov 2026 99:10:00 GMT"}, None),
        ({"Retry-After": "9" * 40}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(headers: dict[str, str], seconds: float | None) -> None:
    """By the site's clock where it shows one; what cannot be read says nothing."""
    assert hints.retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "max-age=300"}, 300.0),
        ({"Cache-Control": "public, MAX-AGE = 300"}, 300.0),
        ({"Cache-Control": "max-age=300", "Age": "100"}, 200.0),
        ({"Cache-Control": "max-age=300", "Age": "900"}, 0.0),
        ({"Cache-Control": "no-cache, max-age=300"}, 0.0),
        ({"Cache-Control": "s-maxage=300"}, 0.0),
        ({"Cache-Control": "max-age=soon"}, 0.0),
        ({}, 0.0),
    ],
)
def test_freshness_is_what_the_site_declares_less_its_age(headers: dict[str, str], seconds: float) -> None:
    """A cache that must not be used declares nothing."""
    assert hints.fresh_for(headers) == seconds


@pytest.mark.parametrize(
    ("modified", "date", "seconds"),
    [
        ("Mon, 23 Nov 2026 09:00:00 GMT", "Mon, 23 Nov 2026 09:00:00 GMT", 3.0),
        ("Mon, 23 Nov 2026 09:00:00 GMT", "Mon, 23 Nov 2026 09:00:01 GMT", 2.0),
        ("Mon, 23 Nov 2026 09:00:00 GMT", "Mon, 23 Nov 2026 09:00:02 GMT", None),
        ("Mon, 23 Nov 2026 09:00:05 GMT", "Mon, 23 Nov 2026 09:00:00 GMT", 3.0),
        ("Mon, 23 Nov 2026 09:00:00 GMT", "", None),
        ("", "Mon, 23 Nov 2026 09:00:00 GMT", None),
    ],
)
def test_a_body_younger_than_two_seconds_is_refetched_when_it_is_three_old(
    modified: str, date: str, seconds: float | None
) -> None:
    """By then the second of the last edit is over."""
    assert hints.refetch_after({"Last-Modified": modified, "Date": date}) == seconds
