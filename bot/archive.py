"""`ajil report --export FILE` and `--import FILE`: the whole state, out of the store and into another, empty one."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path

from bot.settings import Settings
from bot.terminal import FAILED, complain, open_logs, say
from newsroom.errors import NewsroomError
from store.archive import export, restore
from store.opening import STATE_FOLDER, open_server

Work = Callable[[], Coroutine[None, None, int]]


def run_export(settings: Settings, file: Path) -> int:
    """Write the state to a file that its owner alone may read; returns the exit code.

    It appears under its name only when it is whole: a full disk leaves the older file as it was.
    """
    part = file.with_name(f"{file.name}.part")

    async def write() -> int:
        count = 0
        async with open_server(settings.redis_url.get_secret_value(), STATE_FOLDER) as (server, _):
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
                async for line in export(server):
                    out.write(f"{line}\n")
                    count += 1
        part.replace(file)
        return count - 2

    return _tell(settings, write, f"keys are in {file}")


def run_import(settings: Settings, file: Path) -> int:
    """Lay the file's state into the store, which must be empty; returns the exit code."""

    async def read() -> int:
        text = await asyncio.to_thread(file.read_text, "utf-8")
        # Not splitlines: a headline may hold a line separator of Unicode's, which JSON leaves as it is.
        lines = text.split("\n")
        async with open_server(settings.redis_url.get_secret_value(), STATE_FOLDER) as (server, _):
            return await restore(server, lines)

    return _tell(settings, read, "keys are in the store")


def _tell(settings: Settings, work: Work, done: str) -> int:
    open_logs(settings, "ERROR")
    try:
        say(f"{asyncio.run(work())} {done}")
    except (NewsroomError, OSError, UnicodeError) as fault:
        complain(str(fault))
        return FAILED
    return 0
