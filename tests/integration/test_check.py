"""What `ajil check` finds where it asks: each channel, the editors' chat, feeds and their hubs, on real sockets."""

from collections.abc import AsyncIterator

import pytest

from bot.check_feeds import Named, feeds, hubs
from bot.check_places import places
from bot.clock import MachineClock
from bot.finding import Finding, Level
from bot.settings import Settings
from feeds.feed_list import FeedList
from newsroom.subscription import Stage, Subscription
from store.server import connect
from store.store import redis_store
from tests.support.fake_telegram import TOKEN, FakeTelegram
from tests.support.feed_server import FeedServer
from tests.support.store_server import StoreServer

ONE, TWO, DESK = -1001000000001, -1001000000002, -1001000000777
HUB = "https://hub.example.com/"
REFUSED = "654321:another-bots-token-which-is-refused"


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """Two channels in which the bot may do everything."""
    async with FakeTelegram() as opened:
        for chat in (ONE, TWO):
            opened.add_channel(chat, "الوسط العربي")
        yield opened
        opened.assert_clean()


async def found_on(telegram: FakeTelegram, **given: object) -> dict[str, Finding]:
    """What is found of a house with both channels."""
    settings = {"telegram_bot_token": TOKEN, "telegram_api_url": telegram.url, "telegram_channels": f"{ONE},{TWO}"}
    return {found.what: found async for found in places(Settings.model_validate({**settings, **given}))}


async def test_a_right_that_is_missing_is_told_by_how_much_it_harms(telegram: FakeTelegram) -> None:
    """Without the right to post nothing goes out; without the others, corrections alone."""
    telegram.demote(ONE, "can_post_messages")
    telegram.demote(TWO, "can_edit_messages", "can_delete_messages")
    found = await found_on(telegram)
    assert found[f"telegram:{ONE}"].level is Level.FAIL
    assert found[f"telegram:{TWO}"].level is Level.WARN
    for words in ("edit messages of others and pin, delete messages", "switch it on under Administrators"):
        assert words in found[f"telegram:{TWO}"].said


async def test_a_group_in_the_place_of_a_channel_is_asked_for_its_own_rights(telegram: FakeTelegram) -> None:
    """Nobody needs leave to post in a group that made the bot an administrator."""
    telegram.add_group(DESK, "التحرير")
    found = await found_on(telegram, telegram_channels=str(DESK))
    assert found[f"telegram:{DESK}"].level is Level.OK


async def test_a_channel_that_is_not_there_is_told_with_the_mend(telegram: FakeTelegram) -> None:
    """And so is one that threw the bot out."""
    telegram.vanish(ONE)
    telegram.kick(TWO)
    found = await found_on(telegram)
    for chat in (ONE, TWO):
        assert found[f"telegram:{chat}"].level is Level.FAIL
        assert "administrator" in found[f"telegram:{chat}"].said


async def test_a_token_that_is_refused_is_one_line(telegram: FakeTelegram) -> None:
    """What follows from it is not told again for each channel."""
    found = await found_on(telegram, telegram_bot_token=REFUSED)
    assert list(found) == ["telegram"]
    assert found["telegram"].level is Level.FAIL
    assert REFUSED not in found["telegram"].said


async def test_the_editors_chat_is_looked_at(telegram: FakeTelegram) -> None:
    """None, a number that is nobody's, a group that threw the bot out, and one in which it may speak."""
    levels = [(await found_on(telegram))["TELEGRAM_DESK"].level]
    levels.append((await found_on(telegram, telegram_desk=DESK))["TELEGRAM_DESK"].level)
    telegram.add_group(DESK, "التحرير")
    telegram.kick(DESK)
    levels.append((await found_on(telegram, telegram_desk=DESK))["TELEGRAM_DESK"].level)
    telegram.promote(DESK)
    levels.append((await found_on(telegram, telegram_desk=DESK))["TELEGRAM_DESK"].level)
    assert levels == [Level.WARN, Level.FAIL, Level.FAIL, Level.OK]


async def test_a_hub_is_told_of_by_what_was_asked_of_it(valkey: StoreServer) -> None:
    """A feed that names one is told what it would be good for; where hubs may reach us, how it stands."""
    valkey.wipe()
    clock, heard = MachineClock(), {"port": 8080, "public_url": "https://a.example.com", "hook_secret": "a-word" * 4}
    async with FeedServer(clock) as server, connect(valkey.url) as open_server:
        site = server.site("wasat")
        site.publish("خبر قديم")
        site.headers["Link"] = f'<{HUB}>; rel="hub"'
        kept = Subscription("p", site.url, HUB, site.url, Stage.REFUSED, why="not for you")
        await redis_store(open_server).subscriptions.keep(kept)
        plain = {"feeds": site.url, "fetch_allow": "127.0.0.0/8", "redis_url": valkey.url}
        said = []
        for more in ({}, heard):
            settings, named = Settings.model_validate({**plain, **more}), Named()
            listing = FeedList(settings.feeds)
            assert [found.level async for found in feeds(listing, settings, clock, named)] == [Level.OK, Level.OK]
            said += [(found.level, found.said) async for found in hubs(settings, named, clock)]
    assert said == [
        (Level.OK, f"{HUB} would tell sooner than a poll: PORT, HOOK_SECRET, PUBLIC_URL (docs/push.md)"),
        (Level.WARN, f"{HUB} refuses to tell us of the feed: not for you"),
    ]
