"""The whole: a news site, both networks and a store, all real servers on this machine, and the worker between them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.clock import MachineClock
from tests.support.fake_telegram import TOKEN, FakeTelegram
from tests.support.fake_x import FakeX
from tests.support.feed_server import FakeSite, FeedServer
from tests.support.store_server import StoreServer
from tests.support.telegram_posts import StoredPost
from tests.support.x_oauth import XKeys
from tests.support.x_posts import XPost

ONE, TWO = -1001000000001, -1001000000002
EDITOR, STRANGER = 11, 66
KEYS = XKeys("api-key", "api-secret", "access-token", "access-token-secret")


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything around a worker."""

    telegram: FakeTelegram
    x: FakeX
    server: FeedServer
    store: StoreServer
    folder: Path

    @property
    def site(self) -> FakeSite:
        """The newsroom's own."""
        return self.server.sites["wasat"]

    @property
    def settings(self) -> dict[str, str]:
        """What a worker on this stage is told."""
        return {
            "REDIS_URL": self.store.url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram.url,
            "TELEGRAM_CHANNELS": f"{ONE},{TWO}",
            "EDITORS": f"{EDITOR}:admin",
            "X_API_KEY": KEYS.api_key,
            "X_API_SECRET": KEYS.api_secret,
            "X_ACCESS_TOKEN": KEYS.access_token,
            "X_ACCESS_TOKEN_SECRET": KEYS.access_token_secret,
            "X_API_URL": self.x.url,
            "FEEDS": self.site.url,
            "POLL_SECONDS": "1",
            "SITE_NAME": "الوسط العربي",
            "FETCH_ALLOW": "127.0.0.0/8",
        }

    def channel(self, chat_id: int = ONE) -> list[StoredPost]:
        """What followers of a channel see."""
        return self.telegram.posts(chat_id)

    def answers(self, user_id: int = EDITOR) -> list[str]:
        """What the bot said to a person, as it stands now."""
        return [post.text for post in self.telegram.posts(user_id)]

    def tweets(self) -> tuple[XPost, ...]:
        """What followers on X see."""
        return self.x.posts()

    def forget_pace(self) -> None:
        """Nothing was posted lately: how fast a chat may be written to is not what is looked at."""
        with self.store.client() as redis:
            for name in redis.scan_iter("{ajil}:rate:*"):
                redis.delete(name)

    def assert_clean(self) -> None:
        """Neither network was asked for anything its specification does not know."""
        self.telegram.assert_clean()
        self.x.assert_clean()


@asynccontextmanager
async def open_stage(store: StoreServer, folder: Path) -> AsyncIterator[Stage]:
    """An empty stage: a site with two old articles, two channels, one account, one editor."""
    store.wipe()
    async with FakeTelegram() as telegram, FakeX(keys=KEYS) as x, FeedServer(MachineClock()) as server:
        site = server.site("wasat")
        site.publish("خبر قديم أول عن المدينة", category="عاجل")
        site.publish("خبر قديم ثان عن الميناء", category="عاجل")
        for chat_id in (ONE, TWO):
            telegram.add_channel(chat_id, "الوسط العربي")
        telegram.add_user(EDITOR, "Ali")
        telegram.add_user(STRANGER, "Someone")
        yield Stage(telegram, x, server, store, folder)


@pytest.fixture
async def stage(valkey: StoreServer, tmp_path: Path) -> AsyncIterator[Stage]:
    """An empty stage on the session's own store."""
    async with open_stage(valkey, tmp_path) as opened:
        yield opened
