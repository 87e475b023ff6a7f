"""WebSub's pure side: which hub a feed names, what is asked of it, and whom we believe."""

import hmac
from dataclasses import replace

import pytest

from feeds.websub import (
    AGAIN_MOST,
    LEASE_MOST,
    LEASE_UNTOLD,
    VERIFY_SECONDS,
    Announced,
    Denied,
    Verified,
    announced,
    asked,
    asking,
    is_signed,
    path_of,
    secret_of,
    verdict_on,
)
from newsroom.subscription import Stage, Subscription

FEED = "https://alwasat.example.com/feed/"
HUB = "https://hub.example.com/"
SECRET = "the-houses-own-secret"
NOW = 1_700_000_000.0
ASKED = Subscription("a" * 40, FEED, HUB, FEED, Stage.ASKED, asked=NOW - 5)
RSS = b"""<?xml version="1.0"?><rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>a</title>
<atom:link href="https://alwasat.example.com/feed/" rel="self" type="application/rss+xml" />
<atom:link rel="hub" href="https://hub.example.com/"/>%s
<item><title>b</title><atom:link rel="hub" href="https://evil.example.com/"/></item></channel></rss>"""


@pytest.mark.parametrize(
    ("headers", "body", "hub", "topic"),
    [
        ({"link": f'<{HUB}>; rel="hub", <{FEED}?x>; rel="self"'}, b"", HUB, f"{FEED}?x"),
        ({"link": f"<{HUB}>; rel=hub"}, b"", HUB, FEED),
        ({"link": f'<https://a.example.com/wp-json/>; rel="https://api.w.org/", <{HUB}>; rel="hub"'}, b"", HUB, FEED),
        ({"link": f'<{HUB}>; title="a, b"; rel="other hub"'}, b"", HUB, FEED),
        ({"link": f'<{HUB}>; REL="HUB"'}, b"", HUB, FEED),
        ({"link": f'<{HUB}>; rel="hub"'}, RSS.replace(b"hub.example", b"second.example"), HUB, FEED),
        ({}, RSS % b"", HUB, FEED),
        ({"link": f'<{FEED}?of=header>; rel="self"'}, RSS % b"", HUB, f"{FEED}?of=header"),
        ({}, (RSS % b"").replace(b"atom:link", b"link").replace(b"<item>", b"<entry>"), HUB, FEED),
        ({}, (RSS % b"").replace(b'"', b"'"), HUB, FEED),
        ({}, (RSS % b"").replace(b"/feed/", b"/feed/?a=1&amp;b=2"), HUB, f"{FEED}?a=1&b=2"),
        ({"link": '</hub>; rel="hub"'}, b"", "https://alwasat.example.com/hub", FEED),
        ({"link": f'<{HUB}\udce9>; rel="hub", <{HUB}>; rel="hub", <{FEED}\udce9>; rel="self"'}, b"", HUB, FEED),
        ({"link": f'<{HUB}\udce9>; rel="hub"'}, RSS % b"", HUB, FEED),
    ],
)
def test_a_hub_is_found_in_the_headers_first_and_in_the_head_of_the_feed_else(
    headers: dict[str, str], body: bytes, hub: str, topic: str
) -> None:
    """§4; a feed that does not name itself is asked for by its address."""
    assert announced(headers, body, FEED) == Announced(hub, topic)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b""),
        ({}, RSS.replace(b'rel="hub"', b'rel="alternate"', 1)),
        ({"link": '<javascript:alert(1)>; rel="hub"'}, b""),
        ({"link": '<ftp://hub.example.com/>; rel="hub"'}, b""),
        ({"link": f'<{HUB}>; rev="hub"'}, b""),
        ({"link": "<" * 100_000}, b"<link " * 100_000),
        ({"link": f'{"a" * 9_000}<{HUB}>; rel="hub"'}, b""),
    ],
)
def test_what_is_no_hub_is_none(headers: dict[str, str], body: bytes) -> None:
    """Nor what an entry says: readers may write there."""
    assert announced(headers, body, FEED) is None


def test_each_subscription_has_a_path_and_a_secret_of_its_own_that_every_worker_knows() -> None:
    """Another hub, topic, feed or house: another path. The same again: the same, so nothing secret is kept."""
    found = Announced(HUB, FEED)
    path = path_of(SECRET, FEED, found)
    others = [
        path_of(SECRET, FEED, Announced(f"{HUB}2", FEED)),
        path_of(SECRET, FEED, Announced(HUB, f"{FEED}2")),
        path_of(SECRET, f"{FEED}2", found),
        path_of("another", FEED, found),
    ]
    assert path == path_of(SECRET, FEED, found)
    assert len({path, *others}) == 5
    assert len({secret_of(SECRET, name) for name in (path, *others)}) == 5
    assert len(secret_of(SECRET, path).encode()) < 200
    assert SECRET not in path


def test_a_hub_is_asked_for_a_lease_and_told_a_secret() -> None:
    """§5.1; to leave, neither is said."""
    form = asking(ASKED, "https://ajil.example.com/hooks/websub/a", "s")
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == FEED
    assert form["hub.secret"] == "s"
    assert int(form["hub.lease_seconds"]) > 0
    assert set(asking(replace(ASKED, stage=Stage.LEAVING), "c", "s")) == {"hub.callback", "hub.mode", "hub.topic"}


def a_question(**more: str) -> dict[str, str]:
    """A hub's question after a subscription."""
    told = {"mode": "subscribe", "topic": FEED, "challenge": "c1", "lease_seconds": "864000", **more}
    return {f"hub.{name}": value for name, value in told.items()}


def test_what_we_asked_is_verified_and_renewed_before_the_lease_ends() -> None:
    """The challenge comes back; after two thirds of the lease we ask again."""
    verdict = verdict_on(ASKED, a_question(), NOW)
    assert isinstance(verdict, Verified)
    assert verdict.challenge == "c1"
    assert verdict.after is not None
    assert verdict.after.is_live(NOW)
    assert verdict.after.ends == NOW + 864_000
    assert NOW < verdict.after.due < verdict.after.ends - 86_400


@pytest.mark.parametrize(
    ("subscription", "question"),
    [
        (replace(ASKED, stage=Stage.FOUND), a_question()),
        (replace(ASKED, stage=Stage.REFUSED), a_question()),
        (replace(ASKED, stage=Stage.LEAVING), a_question()),
        (replace(ASKED, asked=NOW - VERIFY_SECONDS - 1), a_question()),
        (ASKED, a_question(topic="https://other.example.com/feed/")),
        (ASKED, a_question(challenge="")),
        (ASKED, a_question(challenge="c" * 2_000)),
        (ASKED, a_question(mode="unsubscribe")),
        (replace(ASKED, stage=Stage.ACTIVE), a_question(mode="unsubscribe")),
        (ASKED, a_question(mode="publish")),
        (ASKED, {}),
    ],
)
def test_a_question_that_follows_from_nothing_we_asked_is_not_answered(
    subscription: Subscription, question: dict[str, str]
) -> None:
    """Else anybody could sign us up, or off."""
    assert verdict_on(subscription, question, NOW) is None


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("60", 60), ("1", 60), ("0", 60), ("99999999999", LEASE_MOST), ("", LEASE_UNTOLD), ("-5", LEASE_UNTOLD)],
)
def test_a_lease_is_believed_within_reason(told: str, seconds: float) -> None:
    """No hub makes us ask every second, or never again."""
    verdict = verdict_on(ASKED, a_question(lease_seconds=told), NOW)
    assert isinstance(verdict, Verified)
    assert verdict.after is not None
    assert verdict.after.ends == NOW + seconds


def test_leaving_is_verified_too_and_a_denial_is_taken_for_what_it_is() -> None:
    """§5.2: a hub that denies is asked again a day later."""
    left = verdict_on(replace(ASKED, stage=Stage.LEAVING), a_question(mode="unsubscribe"), NOW)
    assert left == Verified("c1", None)
    denied = verdict_on(
        replace(ASKED, stage=Stage.ACTIVE, ends=NOW + 50), a_question(mode="denied", reason="x" * 999), NOW
    )
    assert isinstance(denied, Denied)
    assert denied.after.stage is Stage.REFUSED
    assert not denied.after.is_live(NOW)
    assert len(denied.after.why) == 200
    assert denied.after.due == NOW + AGAIN_MOST


def test_a_hub_that_does_not_answer_is_asked_less_and_less_often() -> None:
    """Down to once a day; a lease that runs goes on meanwhile."""
    gaps, subscription = [], replace(ASKED, stage=Stage.FOUND)
    for _ in range(12):
        subscription = asked(subscription, NOW)
        gaps.append(subscription.due - NOW)
    assert gaps == sorted(gaps)
    assert gaps[0] == 600
    assert gaps[-1] == AGAIN_MOST
    assert subscription.stage is Stage.ASKED
    assert asked(replace(ASKED, stage=Stage.ACTIVE, ends=NOW + 9), NOW).stage is Stage.ACTIVE


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_signature_of_the_recommendation_is_known(method: str) -> None:
    """§7.1; in capital letters too. Another secret, body or method is none."""
    given = f"{method}={hmac.new(b's', b'body', method).hexdigest()}"
    assert is_signed("s", given, b"body")
    assert is_signed("s", given.upper(), b"body")
    assert not is_signed("t", given, b"body")
    assert not is_signed("s", given, b"body ")
    assert not is_signed("s", given[:-1], b"body")


@pytest.mark.parametrize(
    "given",
    ["", "sha256", "sha256=", "=", "md5=" + "0" * 32, "sha256=\u0660", hmac.new(b"s", b"body", "sha256").hexdigest()],
)
def test_what_is_no_signature_is_not_believed(given: str) -> None:
    """Missing, of a method that is none of the four, or in letters that are none."""
    assert not is_signed("s", given, b"body")
