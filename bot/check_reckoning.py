"""`ajil check --reconcile`: the ledger held against what stands in the channels and on X. Followers see nothing of it."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence

import aiohttp
from telegram.error import TelegramError
from tweepy.errors import TweepyException

from bot.clock import MachineClock
from bot.finding import Finding, Level
from bot.house import house_of
from bot.settings import Settings
from bot.wiring.account import open_x
from newsroom.delivery import Delivery
from newsroom.errors import NewsroomError
from newsroom.target import Network, Target
from publishing.reckoning import Reckoning, reckon, standing_posts
from publishing.telegram_bot import open_bot
from publishing.telegram_readback import TelegramReadBack
from publishing.x_readback import NEWEST as NEWEST_ON_X
from publishing.x_readback import XReadBack
from store.opening import STATE_FOLDER, open_store

NEWEST = 15
"""Posts of each target that are looked at. Telegram lets a bot write 20 messages a minute into a group, and each look
is one message in the desk's, deleted at once."""
BEYOND = 3
"""Numbers after the last that we know: a second copy would stand there."""
SENT_LOOKED_AT = 1_000


async def reckoned(settings: Settings) -> AsyncIterator[Finding]:
    """One line a target: how many posts stand as the ledger says, how many are missing, changed, doubled."""
    house = house_of(settings)
    try:
        async with open_store(settings.redis_url.get_secret_value(), STATE_FOLDER) as opened:
            sent = await opened.store.ledger.sent(SENT_LOOKED_AT)
    except NewsroomError as fault:
        yield Finding(Level.FAIL, "reconcile", str(fault))
        return
    for target in house.targets:
        posts = standing_posts(one for one in sent if one.target == target.id)[:NEWEST]
        try:
            if not posts:
                yield Finding(Level.OK, f"reconcile {target.id}", "nothing was posted yet")
            elif target.network is Network.X:
                yield _told(target, await _on_x(settings, posts))
            else:
                yield await _in_channel(settings, target, posts)
        except (TelegramError, TweepyException, aiohttp.ClientError, TimeoutError) as fault:
            yield Finding(Level.WARN, f"reconcile {target.id}", f"cannot be looked into: {fault}")


async def _in_channel(settings: Settings, target: Target, posts: Sequence[Delivery]) -> Finding:
    if settings.telegram_desk is None:
        mend = "set TELEGRAM_DESK: a bot sees a channel's posts only by forwarding them there"
        return Finding(Level.WARN, f"reconcile {target.id}", mend)
    numbers = [int(post.message_ids[0]) for post in posts]
    looked_at = range(min(numbers), max(numbers) + BEYOND + 1)
    async with open_bot(settings.telegram_bot_token, settings.telegram_api_url) as bot:
        seen = await TelegramReadBack(bot, settings.telegram_desk).words_at(target.address, looked_at)
    return _told(target, reckon(posts, seen))


async def _on_x(settings: Settings, posts: Sequence[Delivery]) -> Reckoning:
    async with open_x(settings) as client:
        seen = await XReadBack(client, MachineClock()).newest_words()
    return reckon(_in_reach(posts, seen), seen)


def _in_reach(posts: Iterable[Delivery], seen: Mapping[str, str]) -> list[Delivery]:
    """Those that are not older than all that X showed; numbers grow with time (snowflakes)."""
    oldest = min(map(int, seen), default=0) if len(seen) >= NEWEST_ON_X else 0
    return [post for post in posts if int(post.message_ids[0]) >= oldest]


def _told(target: Target, reckoning: Reckoning) -> Finding:
    said = f"{reckoning.standing} stand, {len(reckoning.missing)} missing, {len(reckoning.doubled)} doubled"
    if reckoning.changed:
        said += f", {len(reckoning.changed)} read otherwise (changed by hand?)"
    where = [post.url or post.post.headline for post in reckoning.missing]
    where += [f"{post.url or post.post.headline} stands again as {number}" for post, number in reckoning.doubled]
    if where:
        said += ": " + "; ".join(where)
    return Finding(Level.OK if reckoning.is_clean else Level.WARN, f"reconcile {target.id}", said)
