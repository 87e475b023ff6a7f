"""WebSub: a hub tells us of a feed (W3C Recommendation, 23 January 2018; sections are given as §). Pure.

Path and secret of a subscription are made of the house's own secret and of what is subscribed to: nothing secret is
kept, every worker knows them, and another hub or topic is another address.
"""

import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha1, sha256, sha384, sha512
from typing import Any

from feeds.pictures import web_address
from feeds.references import unescaped
from newsroom.halves import has_halves
from newsroom.subscription import Stage, Subscription

LEASE_SECONDS = 10 * 86_400
"""What we ask for; the hub decides (§5.1)."""
LEASE_LEAST, LEASE_MOST = 60.0, 90 * 86_400.0
LEASE_UNTOLD = 86_400.0
"""A hub that does not say how long, though it must (§5.3)."""
RENEW_AT = 2 / 3
"""Of a lease: a hub that is away for hours then costs nothing."""
VERIFY_SECONDS = 86_400.0
"""How long after our request a hub may come to verify it."""
AGAIN_SECONDS, AGAIN_MOST = 600.0, 86_400.0
CHALLENGE_MOST = 1_024
"""Characters; it stands in the first line of a request."""

_HEAD_BYTES = 64_000
_LINK_HEADER_MOST = 8_000
_FIRST_ENTRY = re.compile(rb"<(?:item|entry)[\s>/]")
_LINK_ELEMENT = re.compile(rb"<(?:\w{1,20}:)?link\s([^<>]{1,2000})>")
_ATTRIBUTE = re.compile(r"""\b(rel|href)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_LINK_VALUE = re.compile(r"""<([^<>]{1,2000})>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]*))?)*)""")
_REL = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))""", re.IGNORECASE)

_METHODS: Mapping[str, Callable[..., Any]] = {"sha1": sha1, "sha256": sha256, "sha384": sha384, "sha512": sha512}
"""Those that §7.1 knows."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What a feed says of its hub (§4)."""

    hub: str
    topic: str


def announced(headers: Mapping[str, str], body: bytes, feed: str) -> Announced | None:
    """The hub that a feed names and the name under which it knows itself; None where it names no hub.

    The headers of the answer come before the links in its head; what stands in the entries counts nothing.

    Args:
        headers: Lower-case names.
        body: Of the feed.
        feed: Its address, the topic of one that does not name itself.
    """
    named = _named(_of_header(headers.get("link", "")), feed)
    if not named.get("hub"):
        named = {**_named(_of_head(body), feed), **named}
    return Announced(named["hub"], named.get("self", feed)) if named.get("hub") else None


def _named(links: Iterator[tuple[str, str]], feed: str) -> dict[str, str]:
    """The first address of each kind that is one."""
    found: dict[str, str] = {}
    for rel, href in links:
        # A byte beyond UTF-8 in a header comes as half a character: nobody could be asked at such an address.
        if has_halves(href):
            continue
        for name in {"hub", "self"} & set(rel.lower().split()):
            if name not in found and (address := web_address(href, feed)):
                # A topic is a name: not one letter of it is changed, for the hub compares it with its own.
                is_whole = href.startswith(("http://", "https://"))
                found[name] = href if is_whole else address
    return found


def _of_header(value: str) -> Iterator[tuple[str, str]]:
    for href, more in _LINK_VALUE.findall(value[:_LINK_HEADER_MOST]):
        if (rel := _REL.search(more)) is not None:
            yield rel[1] or rel[2], href


def _of_head(body: bytes) -> Iterator[tuple[str, str]]:
    first = _FIRST_ENTRY.search(body, 0, _HEAD_BYTES)
    head = body[: first.start() if first else _HEAD_BYTES]
    if b"hub" not in head:
        return
    for (written,) in (found.groups() for found in _LINK_ELEMENT.finditer(head)):
        parts = {
            name: double or single for name, double, single in _ATTRIBUTE.findall(written.decode("utf-8", "replace"))
        }
        if parts.get("rel") and parts.get("href"):
            yield parts["rel"], unescaped(parts["href"])


def path_of(secret: str, feed: str, announcement: Announced) -> str:
    """The last part of a callback's address: nobody guesses it, and no two subscriptions share it (§5.1)."""
    return _made_of(secret, "path", f"{feed}\n{announcement.hub}\n{announcement.topic}")[:40]


def secret_of(secret: str, path: str) -> str:
    """What a hub signs with: its own for each subscription; §5.1 wants less than 200 bytes."""
    return _made_of(secret, "secret", path)


def _made_of(secret: str, purpose: str, text: str) -> str:
    return hmac.new(secret.encode(), f"ajil websub {purpose}\n{text}".encode(), sha256).hexdigest()


def asking(subscription: Subscription, callback: str, secret: str) -> dict[str, str]:
    """The form of our request to a hub (§5.1)."""
    leaves = subscription.stage is Stage.LEAVING
    form = {
        "hub.callback": callback,
        "hub.mode": "unsubscribe" if leaves else "subscribe",
        "hub.topic": subscription.topic,
    }
    return form if leaves else {**form, "hub.lease_seconds": str(LEASE_SECONDS), "hub.secret": secret}


def asked(subscription: Subscription, now: float) -> Subscription:
    """As it is to be kept before a hub is asked; a hub may come to verify before it answers."""
    again = min(AGAIN_MOST, AGAIN_SECONDS * 2.0 ** min(subscription.tries, 10))
    goes_on = subscription.is_live(now) or subscription.stage is Stage.LEAVING
    stage = subscription.stage if goes_on else Stage.ASKED
    return replace(subscription, stage=stage, asked=now, tries=subscription.tries + 1, due=now + again)


@dataclass(frozen=True, slots=True)
class Verified:
    """A hub's question is to be answered with its challenge."""

    challenge: str
    after: Subscription | None
    """To be kept; None for one that has ended."""


@dataclass(frozen=True, slots=True)
class Denied:
    """A hub does not want us, now or any longer."""

    after: Subscription


def verdict_on(subscription: Subscription, query: Mapping[str, str], now: float) -> Verified | Denied | None:
    """What a hub's question comes to (§5.2, §5.3); None for one that does not follow from anything we asked."""
    mode, challenge = query.get("hub.mode", ""), query.get("hub.challenge", "")
    if query.get("hub.topic", "") != subscription.topic:
        return None
    if mode == "denied":
        why = query.get("hub.reason", "")[:200] or "the hub gives no reason"
        return Denied(replace(subscription, stage=Stage.REFUSED, ends=0.0, due=now + AGAIN_MOST, why=why))
    was_asked = subscription.asked <= now < subscription.asked + VERIFY_SECONDS
    if not was_asked or not 0 < len(challenge) <= CHALLENGE_MOST:
        return None
    if mode == "unsubscribe" and subscription.stage is Stage.LEAVING:
        return Verified(challenge, None)
    if mode == "subscribe" and subscription.stage in {Stage.ASKED, Stage.ACTIVE}:
        lease = _lease_of(query.get("hub.lease_seconds", ""))
        ends, due = now + lease, now + RENEW_AT * lease
        return Verified(challenge, replace(subscription, stage=Stage.ACTIVE, ends=ends, due=due, tries=0, why=""))
    return None


def _lease_of(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,12}", text, re.ASCII):
        return LEASE_UNTOLD
    return max(LEASE_LEAST, min(LEASE_MOST, float(text)))


def is_signed(secret: str, signature: str, body: bytes) -> bool:
    """Whether X-Hub-Signature (`method=hex`, §7.1) was made with this secret over this body; in constant time."""
    method, equals, given = signature.strip().partition("=")
    maker = _METHODS.get(method.lower())
    if maker is None or not equals or not given.isascii():
        return False
    return hmac.compare_digest(given.lower(), hmac.new(secret.encode(), body, maker).hexdigest())
