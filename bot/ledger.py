"""`ajil why` and `ajil report`: the ledger, read from the store."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from bot.commands.life import batches_of, lines_of, spent_of, targets_of, why_of
from bot.commands.replies import Replies
from bot.settings import Settings
from bot.terminal import FAILED, complain, open_logs, say
from newsroom.batch import Batches
from newsroom.errors import NewsroomError
from newsroom.order import Note
from newsroom.ports import Ledger
from store.opening import STATE_FOLDER, open_store

REPORTED = 20
"""Posts of each kind that a report lists."""

NOTES = 10_000
"""All that are kept."""

Reader = Callable[[Ledger, Replies, Batches], Awaitable[str]]


def why(settings: Settings, link: str) -> int:
    """Tell the life of the story at `link`."""

    async def read(ledger: Ledger, replies: Replies, _: Batches) -> str:
        return await why_of(link, ledger, replies)

    return _tell(settings, read)


def report(settings: Settings) -> int:
    """Tell what waits, what wants a person, and what was sent last."""

    async def read(ledger: Ledger, replies: Replies, batches: Batches) -> str:
        sections = [
            batches_of(await batches.waiting(), replies),
            targets_of(await ledger.counts(), replies),
            spent_of(await ledger.spent(), replies),
            lines_of(await ledger.unsettled(REPORTED), replies),
            lines_of(await ledger.sent(REPORTED), replies),
        ]
        return "\n\n".join(section for section in sections if section)

    return _tell(settings, read)


def audit(settings: Settings) -> int:
    """Print the audit trail, oldest first, as lines of JSON."""

    async def read() -> Sequence[Note]:
        async with open_store(settings.redis_url.get_secret_value(), STATE_FOLDER) as opened:
            return await opened.store.journal.notes(NOTES)

    open_logs(settings, "ERROR")
    try:
        notes = asyncio.run(read())
    except NewsroomError as fault:
        complain(str(fault))
        return FAILED
    for note in reversed(notes):
        at = datetime.fromtimestamp(note.at, UTC).isoformat(timespec="milliseconds")
        say(json.dumps({**asdict(note), "at": at}, ensure_ascii=False))
    return 0


def _tell(settings: Settings, read: Reader) -> int:
    open_logs(settings, "ERROR")

    async def ask() -> str:
        async with open_store(settings.redis_url.get_secret_value(), STATE_FOLDER) as opened:
            return await read(opened.store.ledger, Replies(settings.language, settings.timezone), opened.store.batches)

    try:
        say(asyncio.run(ask()))
    except NewsroomError as fault:
        complain(str(fault))
        return FAILED
    return 0
