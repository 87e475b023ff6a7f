"""What bench.push is measured beside: a script for the same job. `FEEDS=… TELEGRAM_API_URL=… python -m bench.plain_script HOW`.

One loop a feed over one aiohttp session, both validators echoed, and sendMessage for each entry of the section that was not
there before. No store, no judgement, no retry: whatever goes wrong is lost. Says `ready` once every feed was read.

    feedparser   reads as a good script does: feedparser, without what nobody needs
    bytes        finds title, address and section in the bytes: what no worker undercuts on this machine
"""

import asyncio
import io
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import aiohttp
import feedparser

from tests.support.fake_telegram import TOKEN

SECTION = "عاجل"
_ITEM = re.compile(rb"<item>.*?</item>", re.DOTALL)
_FIELD = {
    name: re.compile(rb"<%s[^>]*>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</%s>" % (name, name))
    for name in (b"title", b"link", b"guid", b"category")
}


class Row(NamedTuple):
    """An entry."""

    name: str
    title: str
    link: str
    section: str


def by_feedparser(body: bytes) -> Sequence[Row]:
    """All entries."""
    feed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    return [Row(entry.id, entry.title, entry.link, entry.tags[0].term) for entry in feed.entries]


def by_bytes(body: bytes) -> Sequence[Row]:
    """The newest entry."""
    item = _ITEM.search(body)
    assert item is not None
    found = {name: field.search(item[0]) for name, field in _FIELD.items()}
    said = {name.decode(): match[1].decode() if match else "" for name, match in found.items()}
    return [Row(said["guid"], said["title"], said["link"], said["category"])]


READERS: Mapping[str, Callable[[bytes], Sequence[Row]]] = {"feedparser": by_feedparser, "bytes": by_bytes}


class Script:
    """All feeds."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        read: Callable[[bytes], Sequence[Row]],
        channel: str,
        telegram: str,
        seconds: float,
    ) -> None:
        """Nothing was read yet."""
        self._read = read
        self._session = session
        self._channel = channel
        self._address = f"{telegram}/bot{TOKEN}/sendMessage"
        self._seconds = seconds

    async def follow(self, url: str, first: asyncio.Barrier) -> None:
        """One feed, for ever."""
        echo: Mapping[str, str] = {}
        seen: set[str] = set()
        while True:
            async with self._session.get(url, headers=echo) as response:
                body, headers = await response.read(), response.headers
                echo = {"If-None-Match": headers["ETag"], "If-Modified-Since": headers["Last-Modified"]}
            if response.status == 200:
                new = [row for row in self._read(body) if row.name not in seen]
                for row in new if seen else ():
                    if row.section == SECTION:
                        await self._send(f"{row.title}\n\n{row.link}")
                if not seen:
                    await first.wait()
                seen |= {row.name for row in new}
            await asyncio.sleep(self._seconds)

    async def _send(self, text: str) -> None:
        async with self._session.post(self._address, json={"chat_id": self._channel, "text": text}) as answer:
            await answer.read()


async def main(read: Callable[[bytes], Sequence[Row]], environment: Mapping[str, str]) -> None:
    """Until it is killed."""
    feeds = environment["FEEDS"].split()
    channel, telegram = environment["TELEGRAM_CHANNELS"], environment["TELEGRAM_API_URL"]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session, asyncio.TaskGroup() as group:
        script = Script(session, read, channel, telegram, float(environment["POLL_SECONDS"]))
        first = asyncio.Barrier(len(feeds) + 1)
        for url in feeds:
            group.create_task(script.follow(url, first))
        await first.wait()
        print("ready", flush=True)


if __name__ == "__main__":
    asyncio.run(main(READERS[sys.argv[1]], os.environ))
