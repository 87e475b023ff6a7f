"""The subscriber: notices which feeds name a hub, asks the hubs, and answers when they come to verify that it was we.

One worker asks, under a lease; any worker answers, for what was asked stands in the store. A feed that names another
hub, or that is no longer ours, is given up at the old one.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from pydantic import SecretStr

from feeds.answer import Answer, Fetched, Source
from feeds.feed_list import FeedList
from feeds.validators import Validators
from feeds.websub import (
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
from newsroom.ports import Clock, Leases
from newsroom.subscription import Stage, Subscription, Subscriptions

_log = logging.getLogger(__name__)

LEASE, LEASE_HELD_SECONDS = "websub", 60.0
REST_SECONDS = 5.0
"""Between two looks whether a hub is to be asked."""
_FORGOTTEN_AFTER = 3600.0
"""Seconds. As often what feeds name is written down anew, for the store may have lost it."""


class Courier(Protocol):
    """Who carries a form to a hub: the guarded fetcher."""

    async def post(self, url: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Status and first words of the answer; 0 and why where none came."""
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """Who we are to hubs."""

    secret: SecretStr
    """The house's own; every path and every subscription's secret is made of it."""
    callbacks: str
    """Address below which hubs find us; a path follows."""
    plain: bool = False
    """Hubs without TLS are taken too: whoever listens on the way learns the secret, so only in tests."""


class Subscriber:
    """Keeps the subscriptions to the hubs of our feeds.

    Args:
        terms: Who we are to hubs.
        feeds: Ours.
        kept: What was asked of hubs.
        courier: Carries our requests.
        leases: Only one worker asks.
        clock: Time.
        worker: Our name.
    """

    def __init__(
        self,
        terms: Terms,
        feeds: FeedList,
        kept: Subscriptions,
        *,
        courier: Courier,
        leases: Leases,
        clock: Clock,
        worker: str,
    ) -> None:
        self._terms = terms
        self._feeds = feeds
        self._kept = kept
        self._courier = courier
        self._leases = leases
        self._clock = clock
        self._worker = worker
        self._seen: dict[str, Announced] = {}
        self._forgot = clock.monotonic()
        self._found: dict[str, Announced] = {}
        """What is yet to be written down."""

    def spot(self, feed: str, found: Announced | None) -> None:
        """A feed was read, and names this hub, or none."""
        if found is None or feed not in self._feeds or self._seen.get(feed) == found:
            return
        if self._is_refused(found):
            told = {"action": "hub_refused", "feed": feed}
            _log.warning("The hub of a feed is not asked, for its address is not https: %s", found.hub, extra=told)
        else:
            self._found[feed] = found
        self._seen[feed] = found

    async def round(self) -> None:
        """Note what was found, and ask a hub where one is to be asked and no other worker does.

        Raises:
            StoreUnavailable: no hub is asked.
        """
        self._forget()
        await self._write_down()
        if await self._leases.hold(LEASE, self._worker, LEASE_HELD_SECONDS):
            await self._ask_the_next()

    async def verify(self, path: str, query: Mapping[str, str]) -> Verified | Denied | None:
        """A hub's question, with what it is answered already written down; None for one we know nothing of.

        Raises:
            StoreUnavailable: It cannot be answered now.
        """
        subscription = await self._kept.find(path)
        if subscription is None:
            return None
        verdict = verdict_on(subscription, query, self._now())
        told = {"action": "hub", "feed": subscription.feed}
        if verdict is None:
            _log.warning("A hub wanted to verify what we did not ask.", extra=told)
        elif verdict.after is None:
            await self._kept.drop(path)
            _log.info("The hub ended a subscription that we gave up.", extra=told)
        else:
            await self._kept.keep(verdict.after)
            hours, why = (verdict.after.ends - self._now()) / 3600, verdict.after.why
            if isinstance(verdict, Denied):
                _log.warning("The hub refuses to tell us of the feed: %s", why, extra=told)
            else:
                _log.info("The hub tells us of the feed, for the next %.0f hours.", hours, extra=told)
        return verdict

    async def source_of(self, path: str) -> Subscription | None:
        """The subscription whose content may come under this path; None for what we gave up or never asked."""
        subscription = await self._kept.find(path)
        is_ours = subscription is not None and subscription.stage in {Stage.ASKED, Stage.ACTIVE}
        return subscription if is_ours else None

    def is_signed(self, subscription: Subscription, signature: str, body: bytes) -> bool:
        """Whether this hub's signature stands on this body."""
        return is_signed(self._secret_of(subscription.path), signature, body)

    def _forget(self) -> None:
        """What is no longer ours may come back, and be new; what is refused is told once."""
        is_time = self._clock.monotonic() - self._forgot >= _FORGOTTEN_AFTER
        if is_time:
            self._forgot = self._clock.monotonic()
        self._seen = {
            feed: found
            for feed, found in self._seen.items()
            if feed in self._feeds and (not is_time or self._is_refused(found))
        }

    def _is_refused(self, found: Announced) -> bool:
        return not self._terms.plain and not found.hub.startswith("https://")

    async def _write_down(self) -> None:
        """What was found since; a hub that a feed no longer names is given up."""
        for feed, found in tuple(self._found.items()):
            path = path_of(self._terms.secret.get_secret_value(), feed, found)
            for other in await self._kept.all():
                if other.feed == feed and other.path != path and other.stage is not Stage.LEAVING:
                    await self._kept.keep(replace(other, stage=Stage.LEAVING, due=0.0, tries=0))
            known = await self._kept.find(path)
            if known is None or known.stage is Stage.LEAVING:
                await self._kept.keep(Subscription(path, feed, found.hub, found.topic))
            # The feed may have been read meanwhile, and name another hub.
            if self._found.get(feed) is found:
                del self._found[feed]

    async def _ask_the_next(self) -> None:
        now = self._now()
        for subscription in await self._kept.all():
            due = subscription
            if subscription.stage is not Stage.LEAVING and not await self._is_ours(subscription.feed):
                due = replace(subscription, stage=Stage.LEAVING, due=now, tries=0)
            if due.due <= now:
                await self._ask(due, now)

    async def _is_ours(self, feed: str) -> bool:
        """One that was added a moment ago may be known to another worker alone."""
        return feed in self._feeds or feed in await self._feeds.look()

    async def _ask(self, subscription: Subscription, now: float) -> None:
        if subscription.stage is Stage.LEAVING and (subscription.tries > 3 or not subscription.asked):
            await self._kept.drop(subscription.path)  # Its lease ends by itself, and what comes meanwhile is refused.
            return
        before = asked(subscription, now)
        await self._kept.keep(before)
        callback = f"{self._terms.callbacks}/{before.path}"
        form = asking(before, callback, self._secret_of(before.path))
        status, said = await self._courier.post(before.hub, form)
        told = {"action": "hub", "feed": before.feed}
        if 200 <= status < 300:
            _log.info("The hub of the feed was asked to %s.", form["hub.mode"], extra=told)
            return
        why = said if not status else f"{status} {said}".strip()
        _log.warning("The hub of the feed could not be asked to %s: %s", form["hub.mode"], why[:200], extra=told)
        if (current := await self._kept.find(before.path)) == before:
            await self._kept.keep(replace(current, why=why[:200]))

    def _secret_of(self, path: str) -> str:
        return secret_of(self._terms.secret.get_secret_value(), path)

    def _now(self) -> float:
        return self._clock.now().timestamp()


class SpottingSource:
    """Implements `feeds.answer.Source`: shows each feed's body to the subscriber on its way.

    Args:
        source: Where answers come from.
        subscriber: Wants to know of hubs.
    """

    def __init__(self, source: Source, subscriber: Subscriber) -> None:
        self._source = source
        self._subscriber = subscriber

    async def fetch(self, url: str, validators: Validators, *, plain: bool = False) -> Answer:
        """One request; what the feed says of a hub is noted."""
        answer = await self._source.fetch(url, validators, plain=plain)
        if isinstance(answer, Fetched):
            self._subscriber.spot(url, announced(answer.headers, answer.body, answer.url))
        return answer
