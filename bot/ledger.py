"""`ajil why` and `ajil report`: the ledger, read from the store."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.commands.life import life_of, lines_of, spent_of, targets_of
from bot.commands.replies import Replies
from bot.settings import Settings
from bot.terminal import FAILED, complain, open_logs, say
from newsroom.errors import NewsroomError
from newsroom.ports import Ledger
from newsroom.story import keys_of_link
from store.opening import STATE_FOLDER, open_store

REPORTED = 20
"""Posts of each kind that a report lists."""

Reader = Callable[[Ledger, Replies], Awaitable[str]]


def why(settings: Settings, link: str) -> int:
    """Tell the life of the story at `link`."""

    async def read(ledger: Ledger, replies: Replies) -> str:
        for name in (*keys_of_link(link), link):
            life = await ledger.life(name)
            if life is not None:
                return life_of(life, replies)
        return replies("why_unknown")

    return _tell(settings, read)


def report(settings: Settings) -> int:
    """Tell what waits, what wants a person, and what was sent last."""

    async def read(ledger: Ledger, replies: Replies) -> str:
        sections = [
            targets_of(await ledger.counts(), replies),
            spent_of(await ledger.spent(), replies),
            lines_of(await ledger.unsettled(REPORTED), replies),
            lines_of(await ledger.sent(REPORTED), replies),
        ]
        return "\n\n".join(section for section in sections if section)

    return _tell(settings, read)


def _tell(settings: Settings, read: Reader) -> int:
    open_logs(settings, "ERROR")

    async def ask() -> str:
        async with open_store(settings.redis_url, STATE_FOLDER) as opened:
            return await read(opened.store.ledger, Replies(settings.language))

    try:
        say(asyncio.run(ask()))
    except NewsroomError as fault:
        complain(str(fault))
        return FAILED
    return 0
