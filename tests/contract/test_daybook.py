"""The daybook: one suite over the memory twin and the real server."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsroom.admission import Wait
from newsroom.delivery import Delivery
from newsroom.errand import FOR_EVER, Errand, Revision
from newsroom.feed_change import FeedChange
from newsroom.order import Form, Note, Notice, Order
from store.keys import NOTES_KEPT
from store.server import connect
from store.store import Store, memory_store, redis_store
from tests.support.clock import ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL, a_post, a_story, an_admission

NOW = datetime.now(UTC)  # noqa: TID251 - a real server has a real clock
ORDER = Order("7", Form.COMMAND, 11, "علي", -1001, 42, "/push خبر", 100.5, photo="AgAC", is_private=True)
NOTE = Note(101.0, "11 علي", "push", "s1", "", "خبر")
NOTICE = Notice("alert:parked", -1001, 77, "d1", 5.5, "meaning")


@pytest.fixture(params=["memory", "valkey"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """Each kind of store, empty."""
    if request.param == "memory":
        yield memory_store(ManualClock(NOW))
        return
    running = request.getfixturevalue(request.param)
    running.wipe()
    async with connect(running.url) as server:
        yield redis_store(server)


async def test_an_order_is_begun_once_however_often_it_comes(store: Store) -> None:
    """Telegram may bring an update again, after it was done too."""
    assert [await store.journal.begin(ORDER), await store.journal.begin(ORDER)] == [True, False]
    assert await store.journal.done(ORDER.id, ())
    assert not await store.journal.begin(ORDER)


async def test_an_order_that_was_begun_is_unfinished_until_it_is_done(store: Store) -> None:
    """Whoever listens next finds it, whole, oldest first."""
    late = replace(ORDER, id="8", at=200.0)
    for order in (late, ORDER):
        await store.journal.begin(order)
    assert await store.journal.unfinished() == (ORDER, late)
    await store.journal.done(ORDER.id, ())
    assert await store.journal.unfinished() == (late,)


async def test_an_orders_notes_are_written_once_with_its_end(store: Store) -> None:
    """A crash and a second end leave no second line."""
    await store.journal.begin(ORDER)
    assert [await store.journal.done(ORDER.id, [NOTE]) for _ in range(2)] == [True, False]
    assert await store.journal.notes(10) == (NOTE,)


async def test_notes_come_newest_first_and_no_more_are_kept_than_were_promised(store: Store) -> None:
    """A flood of refusals cannot fill the store."""
    for number in range(NOTES_KEPT + 5):
        await store.journal.note(replace(NOTE, at=float(number)))
    assert [note.at for note in await store.journal.notes(2)] == [NOTES_KEPT + 4, NOTES_KEPT + 3]
    assert len(await store.journal.notes(NOTES_KEPT + 5)) == NOTES_KEPT


async def test_a_notice_is_recalled_by_its_name_until_it_is_forgotten(store: Store) -> None:
    """One a name: the newest."""
    newer, other = replace(NOTICE, shown="d2"), replace(NOTICE, name="card:1")
    for notice in (NOTICE, newer, other):
        await store.notices.remember(notice)
    assert await store.notices.recall(NOTICE.name) == newer
    assert await store.notices.named("alert:") == (newer,)
    await store.notices.forget(NOTICE.name)
    assert await store.notices.recall(NOTICE.name) is None
    assert await store.notices.named("") == (other,)


async def test_old_notices_and_those_beyond_a_number_are_forgotten_and_others_stay(store: Store) -> None:
    """By how their name begins; of equal age the greater name counts as the newer."""
    for number in range(6):
        await store.notices.remember(replace(NOTICE, name=f"alert:{number}", at=100.25 + number))
    await store.notices.remember(replace(NOTICE, name="alert:5b", at=105.25))
    await store.notices.remember(replace(NOTICE, name="card:1", at=1.0))
    await store.notices.trim("alert:", 102.25, 10)
    assert [it.name for it in await store.notices.named("alert:")] == [
        f"alert:{it}" for it in ("2", "3", "4", "5", "5b")
    ]
    await store.notices.trim("alert:", 0.0, 2)
    assert [it.name for it in await store.notices.named("")] == ["alert:5", "alert:5b", "card:1"]
    await store.notices.trim("card:", 2.0, 10)
    assert [it.name for it in await store.notices.named("")] == ["alert:5", "alert:5b"]


async def test_a_token_means_what_was_given_and_a_claim_belongs_to_the_first(store: Store) -> None:
    """Two editors pressing at once: the second learns who the first was."""
    await store.tokens.give("t1", "undo s1")
    assert [await store.tokens.read(token) for token in ("t1", "t2")] == ["undo s1", None]
    assert await store.tokens.claimed("card:1") == ""
    assert [await store.tokens.claim("card:1", by) for by in ("11 علي", "12 منى", "11 علي")] == ["11 علي"] * 3
    assert await store.tokens.claimed("card:1") == "11 علي"


async def test_a_role_is_given_changed_and_taken(store: Store) -> None:
    """By the person's number."""
    await store.roster.enlist(11, "editor")
    await store.roster.enlist(12, "chief")
    await store.roster.enlist(11, "admin")
    assert await store.roster.roles() == {11: "admin", 12: "chief"}
    await store.roster.strike(11)
    assert await store.roster.roles() == {12: "chief"}


async def test_the_last_word_on_a_feed_is_kept_whole_until_it_is_forgotten(store: Store) -> None:
    """By its address to the letter, whatever stands in it."""
    feed, keyed = "https://alwasat.example.com/feed/", "https://ali:word@alwasat.example.com/feed/?key=س&n=1"
    added, removed = (
        FeedChange(is_added=True, by="13 عمر", order="7", at=100.25, was_known=True),
        FeedChange(is_added=False, by="12 منى", order="8", at=200.5),
    )
    assert await store.feed_changes.all() == {}
    for one, change in ((feed, added), (keyed, added), (feed, removed)):
        await store.feed_changes.note(one, change)
    assert await store.feed_changes.all() == {feed: removed, keyed: added}
    await store.feed_changes.forget([feed, "https://never.example.com/"])
    await store.feed_changes.forget([])
    assert await store.feed_changes.all() == {keyed: added}


async def test_a_stopped_target_takes_nothing_and_another_goes_on(store: Store) -> None:
    """Everything is kept."""
    await store.outbox.admit([an_admission(a_story(met=NOW), CHANNEL, ACCOUNT)], 0)
    await store.brakes.stop(CHANNEL.id, "11 علي")
    assert await store.brakes.stopped() == {CHANNEL.id: "11 علي"}
    assert await store.outbox.take(CHANNEL.id, "w1", 60.0) == Wait(None, "paused")
    assert isinstance(await store.outbox.take(ACCOUNT.id, "w1", 60.0), Delivery)
    await store.brakes.go(CHANNEL.id)
    assert isinstance(await store.outbox.take(CHANNEL.id, "w1", 60.0), Delivery)


async def test_a_hold_keeps_what_feeds_bring_and_lets_an_editors_own_pass(store: Store) -> None:
    """Even behind it, in the slower lane."""
    await store.brakes.hold("11 علي")
    assert await store.brakes.held() == "11 علي"
    feeds, pushed = a_story(1, met=NOW), a_story(2, met=NOW)
    await store.outbox.admit([an_admission(feeds, CHANNEL), an_admission(pushed, CHANNEL, by="11 علي")], 0)
    taken = await store.outbox.take(CHANNEL.id, "w1", 60.0)
    assert isinstance(taken, Delivery)
    assert taken.story == pushed.id
    await store.brakes.release()
    assert await store.brakes.held() == ""


async def test_a_waiting_post_that_an_editor_makes_their_own_passes_a_hold_and_keeps_their_words(store: Store) -> None:
    """The site's next edit does not take them back."""
    story = a_story(met=NOW)
    await store.brakes.hold("12 منى")
    await store.outbox.admit([an_admission(story, CHANNEL)], 0)
    for words, by in (("كلمات المحرّر", "11 علي"), ("كلمات الموقع", "")):
        post = replace(a_post(story), text=words)
        await store.outbox.revise(story.id, [Revision(CHANNEL.id, Errand.EDIT, post, post, FOR_EVER, by)])
    taken = await store.outbox.take(CHANNEL.id, "w1", 60.0)
    assert isinstance(taken, Delivery)
    assert (taken.post.text, taken.by) == ("كلمات المحرّر", "11 علي")


async def test_a_post_that_waits_is_let_go_or_put_off_by_an_editor_and_goes_before_all_that_waits(store: Store) -> None:
    """Sixty that wait for a word before it do not keep it back."""
    far = NOW.timestamp() + 10**6
    waiting = [a_story(number, met=NOW) for number in range(1, 61)]
    asked = [replace(an_admission(story, CHANNEL), dues={CHANNEL.id: far}) for story in waiting]
    await store.outbox.admit(asked, 0)
    last, post = waiting[-1], a_post(waiting[-1])

    def due(at: float) -> Revision:
        return Revision(CHANNEL.id, Errand.EDIT, post, post, FOR_EVER, "11 علي", due=at)

    assert isinstance(await store.outbox.take(CHANNEL.id, "w1", 60.0), Wait)
    await store.outbox.revise(last.id, [due(NOW.timestamp() + 10**5)])
    assert isinstance(await store.outbox.take(CHANNEL.id, "w1", 60.0), Wait)
    await store.outbox.revise(last.id, [due(NOW.timestamp() - 1)])
    taken = await store.outbox.take(CHANNEL.id, "w1", 60.0)
    assert isinstance(taken, Delivery)
    assert (taken.story, taken.by) == (last.id, "11 علي")
