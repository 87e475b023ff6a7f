"""Previews: a post sent to the desk exactly as it will go out, by the same sender and from the same post."""

from dataclasses import replace

from newsroom.ports import Clock, Platform
from newsroom.post import Post
from newsroom.receipt import Sent

SECONDS = 20.0
"""A preview that takes longer is not waited for: the question stands without it."""


class Previews:
    """Sends them.

    Args:
        desk: the editors' group, as any channel is posted to.
        chat: its number.
        clock: for the deadline.
    """

    def __init__(self, desk: Platform, clock: Clock, *, chat: int) -> None:
        self.chat = chat
        self._desk = desk
        self._clock = clock

    async def show(self, post: Post) -> int:
        """Put it into the group, without a sound; gives the message's number, 0 when it could not be shown."""
        shown = replace(post, target=self._desk.target.id, silent=True, thread="")
        receipt = await self._desk.send(shown, await self._desk.prepare(shown), self._clock.monotonic() + SECONDS)
        return int(receipt.ids[0]) if isinstance(receipt, Sent) and receipt.ids else 0
