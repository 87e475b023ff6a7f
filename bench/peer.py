"""A peer of a bench: a process of its own that serves or measures, is told and tells lines, and ends when its input does."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

MOST_BYTES = 1 << 24
"""Of one line."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The process, from here."""

    told: asyncio.StreamWriter
    tells: asyncio.StreamReader

    async def said(self) -> str:
        """The next line it says; empty when it has ended."""
        return (await self.tells.readline()).decode().strip()

    async def asked(self, words: str) -> str:
        """Tell it something, and read its answer."""
        self.told.write(f"{words}\n".encode())
        return await self.said()


@asynccontextmanager
async def open_peer(*arguments: str, python: str = sys.executable) -> AsyncIterator[Peer]:
    """Start an interpreter with these arguments, until the end of the context."""
    child = await asyncio.create_subprocess_exec(python, *arguments, stdin=PIPE, stdout=PIPE, limit=MOST_BYTES)
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield Peer(child.stdin, child.stdout)
    finally:
        child.stdin.close()
        await child.wait()
