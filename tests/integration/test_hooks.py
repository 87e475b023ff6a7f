"""The site's hook on a real socket: what it tells is posted once, and nobody else gets in."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.turnstile import Turnstile
from bot.web import serve
from feeds.push import NUDGE_REST, PUBLISHED_AT_MOST
from newsroom.errand import Errand
from newsroom.feed_change import FeedChange
from newsroom.rate import Spacing
from newsroom.rules import Rules
from tests.support.clock import ManualClock
from tests.support.hook_rig import FEED, HookRig, entries, hook_rig, posts
from tests.support.log_capture import logged
from tests.support.site_hook import a_note

URGENT = 48250
"""An article of the sample that the site files under its word for breaking."""


def a_clock() -> ManualClock:
    """Five minutes after that article."""
    return ManualClock(datetime(2024, 7, 20, 20, 15, tzinfo=UTC))


async def test_what_the_site_publishes_is_planned_before_it_is_answered() -> None:
    """202: the plugin need not send it again."""
    async with hook_rig(a_clock()) as rig:
        assert await rig.sender.note(a_note(posts()[URGENT])) == 202
        [delivery] = await rig.planned()
        assert "أوبك" in delivery.post.text
        assert rig.hooks("publish") == 1
        assert rig.nudged == [FEED]


@pytest.mark.parametrize("hook_first", [True, False])
async def test_hook_and_feed_tell_one_story_and_one_post_goes_out(*, hook_first: bool) -> None:
    """Whichever comes first, with a featured picture that the feed does not name: one post, and no edit of it."""
    featured = {"url": "https://alwasat.example.com/wp-content/uploads/2024/07/featured.jpg"}
    note = a_note({**posts()[URGENT], "image": featured})
    [entry] = [entry for entry in entries() if entry.post_id == URGENT]
    async with hook_rig(a_clock()) as rig:
        if hook_first:
            assert await rig.sender.note(note) == 202
        await rig.desk.take_in([entry], first_sight=False)
        if not hook_first:
            assert await rig.sender.note(note) == 202
        [delivery] = await rig.planned()
        assert delivery.errand is Errand.POST


async def test_the_first_sight_of_a_feed_does_not_take_back_what_the_hook_told() -> None:
    """The worker starts, the site publishes, and only then the feed is asked for the first time."""
    async with hook_rig(a_clock()) as rig:
        assert await rig.sender.note(a_note(posts()[URGENT])) == 202
        await rig.desk.take_in(entries(), first_sight=True)
        [delivery] = await rig.planned()
        life = await rig.store.ledger.life(delivery.story)
        assert life is not None
        assert life.verdict == "breaking"


async def test_a_hook_does_not_make_news_of_a_feeds_baseline() -> None:
    """What stood there at first sight stays what it is; an article that we never met and that was changed is no news."""
    async with hook_rig(a_clock(), rules=Rules(post_ordinary=True)) as rig:
        baseline = [entry for entry in entries() if entry.post_id != URGENT]
        await rig.desk.take_in(baseline, first_sight=True)
        for post in posts().values():
            if post["id"] != URGENT:
                assert await rig.sender.note(a_note(post)) == 202
        assert await rig.sender.note(a_note(posts()[URGENT], "update")) == 202
        assert await rig.planned() == []
        assert await rig.store.feeds.recall(FEED) is None


async def test_the_hook_of_a_site_is_open_while_a_feed_of_it_is_on_the_list() -> None:
    """Editors change the list while the house runs."""
    async with hook_rig(a_clock()) as rig:
        await rig.store.feed_changes.note(FEED, FeedChange(is_added=False, by="13 عمر", order="1", at=1.0))
        await rig.feeds.look()
        assert await rig.sender.note(a_note(posts()[URGENT])) == 403
        assert (await rig.planned(), rig.nudged) == ([], [])
        await rig.store.feed_changes.note(FEED, FeedChange(is_added=True, by="13 عمر", order="2", at=2.0))
        await rig.feeds.look()
        assert await rig.sender.note(a_note(posts()[URGENT])) == 202
        assert rig.nudged == [FEED]


async def test_an_edit_of_a_known_article_is_told_at_once() -> None:
    """The post that waits says the new words."""
    post = posts()[URGENT]
    async with hook_rig(a_clock()) as rig:
        await rig.sender.note(a_note(post))
        edited = {**post, "title": "أوبك+ تخفض الإنتاج 1.5 مليون برميل يوميًا"}
        assert await rig.sender.note(a_note(edited, "update")) == 202
        assert any("1.5" in delivery.post.text for delivery in await rig.planned())
        assert rig.hooks("update") == 1


async def test_an_article_that_becomes_breaking_by_an_edit_goes_out() -> None:
    """An editor files it under عاجل a minute later."""
    post = posts()[URGENT]
    async with hook_rig(a_clock()) as rig:
        await rig.sender.note(a_note({**post, "categories": ["اقتصاد"]}))
        assert await rig.planned() == []
        await rig.sender.note(a_note(post, "update"))
        assert len(await rig.planned()) == 1


async def test_what_the_site_takes_back_is_put_to_the_desk() -> None:
    """By its number, though its address is another one in the trash; what we never met is nobody's business."""
    post = posts()[URGENT]
    async with hook_rig(a_clock()) as rig:
        await rig.sender.note(a_note(post))
        bare = {name: post[name] for name in ("id", "guid")}
        gone = {**bare, "link": "https://alwasat.example.com/opec__trashed/"}
        assert await rig.sender.note(a_note(gone, "trash")) == 202
        assert ["أوبك" in life.story.headline for life in rig.asked] == [True]
        unknown = {"id": 7, "guid": "https://alwasat.example.com/?p=7", "link": "https://alwasat.example.com/?p=7"}
        assert await rig.sender.note(a_note(unknown, "trash")) == 202
        assert len(rig.asked) == 1


async def test_a_note_that_is_sent_twice_is_taken_once() -> None:
    """An old change that somebody sends again would undo a newer one: 409, and nothing happens."""
    async with hook_rig(a_clock()) as rig:
        body = json.dumps(a_note(posts()[URGENT])).encode()
        headers = rig.sender.sealed(body)
        assert [await rig.sender.post(body, headers) for _ in range(3)] == [202, 409, 409]
        assert rig.hooks("repeated") == 2
        assert len(await rig.planned()) == 1


async def test_who_does_not_know_the_secret_gets_nowhere() -> None:
    """Forged, unsigned, stale, of another site, of another type, no JSON, another form: each has its own status."""
    async with hook_rig(a_clock()) as rig:
        body = json.dumps(a_note(posts()[URGENT])).encode()
        sealed, sender = rig.sender.sealed(body), rig.sender
        staging = {**posts()[URGENT], "link": "https://staging.alwasat.example.com/opec/"}
        assert await sender.post(body, sender.sealed(body, secret="guessed")) == 401
        assert await sender.post(body, {"Content-Type": "application/json"}) == 401
        assert await sender.post(body, sender.sealed(body, age=301.0)) == 403
        assert await sender.post(body, {**sealed, "Content-Type": "text/plain"}) == 415
        assert await sender.post(body, {**sealed, "Content-Encoding": "gzip"}) == 415
        assert await sender.post(b"{", sender.sealed(b"{")) == 400
        assert await sender.note({"version": 1}) == 422
        assert await sender.note(a_note(staging)) == 403
        refused = ["forged", "unsigned", "stale", "wrong_type", "wrong_type", "not_json", "wrong_form", "foreign"]
        assert [answer["why"] for answer in sender.answers] == refused
        assert all(set(answer) == {"ok", "why"} for answer in sender.answers)
        assert rig.hooks("wrong_type") == 2
        assert await rig.planned() == []
        assert await rig.store.hooks.first_time("untouched-so-far")


async def test_a_hook_without_a_secret_is_not_there() -> None:
    """As any address that does not exist."""
    async with hook_rig(a_clock(), secret="") as rig:
        assert await rig.sender.note(a_note(posts()[URGENT])) == 404


async def test_a_body_that_is_too_long_is_not_read_to_its_end() -> None:
    """Neither one that says so nor one that does not."""
    async with hook_rig(a_clock()) as rig:
        body = json.dumps(a_note({**posts()[URGENT], "content": "a" * 1_000_000})).encode()
        assert await rig.sender.post(body, rig.sender.sealed(body)) == 413
        head = b"POST /hooks/wordpress HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        head += _lines(rig.sender.sealed(b""))
        chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
        answer = await said_to(rig, head, *[chunk] * 20)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert rig.hooks("too_large") == 2


async def test_a_body_that_comes_too_slowly_is_not_awaited() -> None:
    """408, and the connection is closed; other requests were served meanwhile."""
    async with hook_rig(a_clock(), body_seconds=0.3) as rig:
        head = b"POST /hooks/wordpress HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n"
        slow = asyncio.create_task(said_to(rig, head + _lines(rig.sender.sealed(b"")), b"a"))
        assert await rig.sender.note(a_note(posts()[URGENT])) == 202
        assert (await slow).startswith(b"HTTP/1.1 408 ")


async def said_to(rig: HookRig, *pieces: bytes) -> bytes:
    """What the server says to this, until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(rig.url.rpartition(":")[2]))
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionResetError:
        return await reader.read()
    finally:
        writer.close()


def _lines(headers: dict[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n"


async def test_headers_without_end_are_refused() -> None:
    """Too many of them, or one that is too long."""
    async with hook_rig(a_clock()) as rig:
        many = b"".join(b"X-%d: a\r\n" % number for number in range(200))
        for lines in (many, b"X-Long: " + b"a" * 5_000 + b"\r\n"):
            answer = await said_to(rig, b"POST /hooks/wordpress HTTP/1.1\r\nHost: a\r\n" + lines + b"\r\n")
            assert b" 400 " in answer.partition(b"\r\n")[0]


async def test_who_knocks_too_often_is_told_when_to_come_again() -> None:
    """By address and in all; the site itself finds the door open once it has waited."""
    clock = a_clock()
    narrow = Turnstile(clock, each=Spacing(every=2.0, burst=3))
    async with hook_rig(clock, turnstile=narrow) as rig:
        body = json.dumps(a_note(posts()[URGENT])).encode()
        forged = rig.sender.sealed(body, secret="guessed")
        assert [await rig.sender.post(body, forged) for _ in range(5)] == [401, 401, 401, 429, 429]
        assert rig.sender.headers[-1]["Retry-After"] == "2"
        clock.advance(2.0)
        assert await rig.sender.note(a_note(posts()[URGENT])) == 202


async def test_while_the_store_is_away_the_site_is_asked_to_come_again() -> None:
    """503 with Retry-After; nothing was taken, so nothing is lost."""
    async with hook_rig(a_clock(), is_store_down=True) as rig:
        assert await rig.sender.note(a_note(posts()[URGENT])) == 503
        assert int(rig.sender.headers[-1]["Retry-After"]) > 0
        assert await rig.planned() == []


async def test_an_import_is_left_to_the_feed_and_its_gates() -> None:
    """More in a minute than any newsroom writes: a hook would tell them one by one, and none would be held."""
    async with hook_rig(a_clock(), rules=Rules(post_ordinary=True)) as rig:
        for number in range(1, PUBLISHED_AT_MOST + 6):
            link = f"https://alwasat.example.com/?p={number}"
            dated = {"published": "2024-07-20T20:14:00Z", "guid": link, "link": link}
            await rig.sender.note(a_note({"id": number, "title": f"المادة المستوردة رقم {number * 7919}", **dated}))
        assert len((await rig.store.outbox.recent(0)).stories) == PUBLISHED_AT_MOST


async def test_an_editor_who_saves_ten_times_costs_the_site_two_polls() -> None:
    """One at once, and one for all the rest once the first has had its time; what came last is not forgotten."""
    clock = a_clock()
    async with hook_rig(clock) as rig:
        stop = asyncio.Event()
        running = asyncio.create_task(rig.nudges.run(stop))
        for _ in range(10):
            await rig.sender.note(a_note(posts()[URGENT], "update"))
        assert rig.nudged == [FEED]
        await clock.walk(3 * NUDGE_REST)
        assert rig.nudged == [FEED, FEED]
        stop.set()
        await running


async def test_a_flood_of_forgeries_fills_no_log_and_no_log_holds_the_secret() -> None:
    """One line on each kind in a minute; the metrics count them all."""
    with logged() as lines:
        async with hook_rig(a_clock()) as rig:
            body = json.dumps(a_note(posts()[URGENT])).encode()
            for _ in range(50):
                await rig.sender.post(body, rig.sender.sealed(body, secret="guessed"))
            await rig.sender.note(a_note(posts()[URGENT]))
            assert rig.hooks("forged") == 50
    assert lines.getvalue().count('"action": "hook_refused"') == 1
    assert rig.sender.secret not in lines.getvalue()


async def test_headers_that_never_end_are_not_awaited_for_ever() -> None:
    """One letter at a time, or none at all: the connection is closed."""
    async with serve(web.Application(), host="127.0.0.1", port=0, idle_seconds=0.5) as port:
        for begun in (b"", b"POST /hooks/wordpress HTTP/1.1\r\nX-Slow: a"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(begun)
            async with asyncio.timeout(5):
                assert await reader.read() == b""
            writer.close()
