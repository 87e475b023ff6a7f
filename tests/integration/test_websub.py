"""Hubs on real sockets: asked, verified, believed by their signature, renewed, denied and left."""

import hmac
from dataclasses import replace
from datetime import timedelta

from pydantic import SecretStr
from typing_extensions import override

from feeds.feed_list import FeedList
from feeds.fetch import FeedFetcher
from feeds.subscriber import LEASE, LEASE_HELD_SECONDS, Subscriber, Terms
from feeds.websub import AGAIN_MOST, Announced
from newsroom.feed_change import FeedChange
from newsroom.subscription import Stage, Subscription
from store.memory_push import MemorySubscriptions
from store.store import memory_store
from tests.support.clock import ManualClock
from tests.support.fake_hub import FakeHub
from tests.support.hub_rig import NEWS, hub_rig, page_of, remembered
from tests.support.intake_room import until
from tests.support.site_hook import SECRET


async def test_a_feed_that_names_a_hub_is_subscribed_to_and_the_lease_renewed_in_time() -> None:
    """The hub verifies that it was we; two thirds of its lease later it is asked again, and goes on."""
    async with hub_rig() as rig:
        active = await rig.subscribed()
        assert active.stage is Stage.ACTIVE
        [asked] = rig.hub.asked
        assert asked["hub.mode"] == "subscribe"
        assert asked["hub.topic"] == rig.site.url
        assert asked["hub.callback"] == f"{rig.callbacks}/{active.path}"
        await rig.read()
        assert len(rig.hub.asked) == 1
        rig.clock.advance(active.due - rig.clock.now().timestamp() + 1)
        await rig.turn()
        await until(lambda: len(rig.hub.asked) == 2)
        assert rig.hub.asked[1] == asked
        await until(lambda: rig.came_to("verified") == 2)
        assert (await rig.kept()).ends > active.ends


async def test_what_the_hub_brings_is_taken_in_at_once_and_the_feed_polled() -> None:
    """What the feed had shown before is no news; the feed's own memory is left to the poll."""
    async with hub_rig() as rig:
        await rig.subscribed()
        await remembered(rig)
        rig.site.publish(NEWS)
        await rig.hub.publish(rig.site.url, page_of(rig.site))
        assert rig.hub.answers == [202]
        assert rig.door.news() == [NEWS]
        assert rig.nudged == [rig.site.url]
        state = await rig.store.feeds.recall(rig.site.url)
        assert state is not None
        assert len(state.known) == 1


async def test_a_hub_that_brings_the_new_entry_alone_is_understood() -> None:
    """Most hubs leave out what they sent before."""
    async with hub_rig() as rig:
        await rig.subscribed()
        await remembered(rig)
        number = rig.site.publish(NEWS)
        whole, rig.site.articles = rig.site.articles, {number: rig.site.articles[number]}
        rig.site.touch()
        await rig.hub.publish(rig.site.url, page_of(rig.site))
        rig.site.articles = whole
        assert rig.door.news() == [NEWS]


async def test_a_feed_that_was_never_seen_is_only_polled() -> None:
    """Its first sight is its baseline, whoever shows it."""
    async with hub_rig() as rig:
        await rig.subscribed()
        await rig.hub.publish(rig.site.url, page_of(rig.site))
        assert rig.hub.answers == [202]
        assert rig.door.calls == 0
        assert rig.nudged == [rig.site.url]


async def test_what_is_older_than_the_newest_known_is_left_to_the_poll() -> None:
    """A hub may bring what stands below the feed's window: yesterday's articles are not today's news."""
    async with hub_rig() as rig:
        await rig.subscribed()
        await remembered(rig)
        rig.site.publish("خبر من الأمس", ago=timedelta(days=1))
        rig.site.edit(1, "خبر قديم بعنوان جديد")
        await rig.hub.publish(rig.site.url, page_of(rig.site))
        assert rig.door.calls == 0
        assert rig.nudged == [rig.site.url]


async def test_content_without_the_hubs_signature_is_dropped() -> None:
    """Forged, unsigned, or signed with the plain house secret."""
    async with hub_rig() as rig:
        active = await rig.subscribed()
        await remembered(rig)
        rig.site.publish(NEWS)
        body, callback = page_of(rig.site), f"{rig.callbacks}/{active.path}"
        for signature in ("", "sha256=" + "0" * 64, "sha1=" + hmac.new(SECRET.encode(), body, "sha1").hexdigest()):
            assert await rig.hub.send(callback, body, {"X-Hub-Signature": signature}) == 401
        assert rig.came_to("forged") == 3
        assert rig.door.calls == 0
        assert rig.nudged == []


async def test_a_path_that_nobody_was_told_is_gone_and_verifies_nothing() -> None:
    """A stranger can neither bring anything nor sign us up."""
    async with hub_rig() as rig:
        await rig.subscribed()
        guessed = f"{rig.callbacks}/{'0' * 40}"
        assert await rig.hub.send(guessed, page_of(rig.site), {}) == 410
        assert (await rig.hub.ask(guessed, mode="subscribe", topic=rig.site.url, challenge="c"))[0] == 404
        assert await rig.hub.send(f"{rig.callbacks}/../wordpress", b"", {}) == 404
        active = await rig.kept()
        question = {"mode": "subscribe", "topic": "https://evil.example.com/feed/", "challenge": "c"}
        assert (await rig.hub.ask(f"{rig.callbacks}/{active.path}", **question))[0] == 404
        assert (
            await rig.hub.ask(f"{rig.callbacks}/{active.path}", mode="unsubscribe", topic=rig.site.url, challenge="c")
        )[0] == 404
        assert await rig.kept() == active


async def test_a_body_that_is_no_feed_costs_a_poll_and_nothing_else() -> None:
    """Signed by the hub all the same: a hub of old says only that there is something."""
    async with hub_rig() as rig:
        await rig.subscribed()
        await remembered(rig)
        for body in (b"", b"not a feed", b"<rss><channel>" + b"<item>" * 1000):
            await rig.hub.publish(rig.site.url, body)
        assert rig.hub.answers == [202] * 3
        assert rig.door.calls == 0


async def test_a_body_beyond_all_measure_is_not_read() -> None:
    """As much as a feed may have, and no more."""
    async with hub_rig() as rig:
        await rig.subscribed()
        await rig.hub.publish(rig.site.url, b"a" * 5_000_001)
        assert rig.hub.answers == [413]


async def test_a_hub_that_denies_us_is_asked_again_a_day_later() -> None:
    """And nothing that it brings meanwhile is taken."""
    async with hub_rig() as rig:
        rig.hub.denies = "not this site"
        await rig.read()
        await until(lambda: rig.came_to("denied") == 1)
        denied = await rig.kept()
        assert (denied.stage, denied.why) == (Stage.REFUSED, "not this site")
        assert await rig.hub.send(f"{rig.callbacks}/{denied.path}", b"", {}) == 410
        rig.hub.denies = ""
        rig.clock.advance(AGAIN_MOST)
        await rig.turn()
        await until(lambda: bool(rig.hub.subscribers))


async def test_a_hub_that_is_away_is_asked_again_later_and_its_word_is_kept() -> None:
    """For whoever asks why there is no push."""
    async with hub_rig() as rig:
        rig.hub.refuses_with = 503
        await rig.read()
        assert (await rig.kept()).why == "503 not now"
        assert len(rig.hub.asked) == 1
        await rig.turn()
        assert len(rig.hub.asked) == 1
        rig.hub.refuses_with = 0
        rig.clock.advance(600)
        await rig.turn()
        await until(lambda: bool(rig.hub.subscribers))


async def test_a_hub_that_moved_is_followed() -> None:
    """§5.1: with 307 or 308, the same form again."""
    async with hub_rig() as rig:
        rig.hub.moved_to = f"{rig.hub.url}new-place"
        assert (await rig.subscribed()).stage is Stage.ACTIVE


async def test_a_feed_that_is_no_longer_ours_is_given_up_at_its_hub() -> None:
    """The hub verifies that too; what it brings in between is refused for good."""
    store = memory_store(ManualClock())
    async with hub_rig(feeds=("https://other.example.com/feed/",), store=store) as rig:
        gone = Subscription(
            "d" * 40, "https://was.example.com/feed/", rig.hub.url, rig.site.url, Stage.ACTIVE, ends=9e9
        )
        await store.subscriptions.keep(replace(gone, asked=1.0, due=9e9))
        await rig.turn()
        await until(lambda: rig.came_to("verified") == 1)
        assert rig.hub.asked[-1]["hub.mode"] == "unsubscribe"
        assert await store.subscriptions.all() == ()
        assert await rig.hub.send(f"{rig.callbacks}/{gone.path}", b"", {}) == 410


async def test_what_a_hub_brings_of_a_feed_that_editors_removed_is_left_and_the_hub_given_up() -> None:
    """The hub may go on until it has verified that."""
    async with hub_rig() as rig:
        await rig.subscribed()
        await remembered(rig)
        await rig.store.feed_changes.note(rig.site.url, FeedChange(is_added=False, by="13 عمر", order="1", at=1.0))
        await rig.feeds.look()
        rig.site.publish(NEWS)
        await rig.hub.publish(rig.site.url, page_of(rig.site))
        assert (rig.door.taken, rig.nudged) == ([], [])
        await rig.turn()
        await until(lambda: not rig.hub.subscribers)


async def test_a_feed_that_another_worker_was_just_told_of_is_not_given_up() -> None:
    """Whoever asks the hubs may not have looked at the list since."""
    store = memory_store(ManualClock())
    async with hub_rig(feeds=("https://other.example.com/feed/",), store=store) as rig:
        feed = "https://added.example.com/feed/"
        await store.feed_changes.note(feed, FeedChange(is_added=True, by="13 عمر", order="1", at=1.0))
        kept = Subscription("d" * 40, feed, rig.hub.url, rig.site.url, Stage.ACTIVE, asked=1.0, ends=9e9, due=9e9)
        await store.subscriptions.keep(kept)
        await rig.turn()
        await rig.turn()
        assert await store.subscriptions.all() == (kept,)
        assert rig.hub.asked == []


async def test_a_feed_that_names_another_hub_leaves_the_first() -> None:
    """One feed, one hub: nothing is told twice for ever."""
    async with hub_rig() as rig, FakeHub() as second:
        first = await rig.subscribed()
        rig.site.headers["Link"] = f'<{second.url}>; rel="hub", <{rig.site.url}>; rel="self"'
        await rig.read()
        await rig.turn()
        await until(lambda: bool(second.subscribers) and not rig.hub.subscribers)
        now = await rig.kept()
        assert (now.hub, now.stage) == (second.url, Stage.ACTIVE)
        assert now.path != first.path


async def test_a_feed_that_is_removed_and_added_again_is_subscribed_to_again() -> None:
    """Though it names the hub that it always named."""
    async with hub_rig(feeds=("https://other.example.com/feed/",)) as rig:

        async def note(order: str, *, is_added: bool) -> None:
            change = FeedChange(is_added=is_added, by="13 عمر", order=order, at=float(order))
            await rig.store.feed_changes.note(rig.site.url, change)
            await rig.feeds.look()

        await note("1", is_added=True)
        await rig.subscribed()
        await note("2", is_added=False)
        await rig.turn()
        await until(lambda: not rig.hub.subscribers)
        await note("3", is_added=True)
        assert (await rig.subscribed()).stage is Stage.ACTIVE


async def test_what_a_store_lost_is_subscribed_to_again_within_the_hour() -> None:
    """A feed that goes on naming its hub is written down anew; a subscription that lives is left as it is."""
    async with hub_rig() as rig:
        active = await rig.subscribed()
        rig.clock.advance(3600.0)
        await rig.turn()
        await rig.read()
        assert await rig.kept() == active
        await rig.store.subscriptions.drop(active.path)
        rig.hub.subscribers.clear()
        await rig.read()
        assert await rig.store.subscriptions.all() == ()
        rig.clock.advance(3600.0)
        await rig.turn()
        assert (await rig.subscribed()).stage is Stage.ACTIVE


class _ReadMeanwhile(MemorySubscriptions):
    """While something is written down, the feed is read, and names another hub."""

    def __init__(self, feed: str, then: Announced) -> None:
        super().__init__()
        self.subscriber: Subscriber | None = None
        self._read = (feed, then)

    @override
    async def keep(self, subscription: Subscription) -> None:
        """Kept, and meanwhile."""
        await super().keep(subscription)
        if self.subscriber is not None:
            subscriber, self.subscriber = self.subscriber, None
            subscriber.spot(*self._read)


async def test_a_hub_that_is_named_while_another_is_written_down_is_not_forgotten() -> None:
    """The feed names it for good, and nobody would say so again."""
    feed, clock = "https://paper.example.com/feed/", ManualClock()
    first, second = (Announced(f"https://{name}.example.com/", feed) for name in ("first", "second"))
    kept, leases = _ReadMeanwhile(feed, second), memory_store(clock).leases
    await leases.hold(LEASE, "w2", LEASE_HELD_SECONDS)  # Another worker asks the hubs.
    async with FeedFetcher(clock) as courier:
        subscriber = Subscriber(
            Terms(SecretStr(SECRET), "https://us.example.com/hooks/websub"),
            FeedList((feed,)),
            kept,
            courier=courier,
            leases=leases,
            clock=clock,
            worker="w1",
        )
        kept.subscriber = subscriber
        subscriber.spot(feed, first)
        await subscriber.round()
        await subscriber.round()
    assert {known.hub: known.stage is Stage.LEAVING for known in await kept.all()} == {
        first.hub: True,
        second.hub: False,
    }


async def test_a_hub_without_tls_is_not_told_a_secret() -> None:
    """Outside tests: whoever listens on the way could sign in its name."""
    async with hub_rig() as rig:
        strict = Subscriber(
            Terms(SecretStr(SECRET), rig.callbacks),
            FeedList((rig.site.url,)),
            rig.store.subscriptions,
            courier=FeedFetcher(rig.clock),
            leases=rig.store.leases,
            clock=rig.clock,
            worker="w2",
        )
        strict.spot(rig.site.url, Announced(rig.hub.url, rig.site.url))
        await strict.round()
        assert await rig.store.subscriptions.all() == ()
