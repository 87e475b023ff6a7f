"""What bench.push is measured beside: a good script for the same job. `FEEDS=… TELEGRAM_API_URL=… python -m bench.plain_script`.

One loop a feed over one aiohttp session, both validators echoed, feedparser without what nobody needs, and sendMessage for
each entry of the section that was not there before. No store, no judgement, no retry: whatever goes wrong is lost. Says
`ready` once every feed was read.
"""

import asyncio
import io
import os
from collections.abc import Mapping

import aiohttp
import feedparser

from tests.support.fake_telegram import TOKEN

SECTION = "عاجل"


class Script:
    """All feeds."""

    def __init__(self, session: aiohttp.ClientSession, channel: str, telegram: str, seconds: float) -> None:
        """Nothing was read yet."""
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
                feed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
                new = [entry for entry in feed.entries if entry.id not in seen]
                for entry in new if seen else ():
                    if SECTION in (tag.term for tag in entry.tags):
                        await self._send(f"{entry.title}\n\n{entry.link}")
                if not seen:
                    await first.wait()
                seen |= {entry.id for entry in new}
            await asyncio.sleep(self._seconds)

    async def _send(self, text: str) -> None:
        async with self._session.post(self._address, json={"chat_id": self._channel, "text": text}) as answer:
            await answer.read()


async def main(environment: Mapping[str, str]) -> None:
    """Until it is killed."""
    feeds = environment["FEEDS"].split()
    channel, telegram = environment["TELEGRAM_CHANNELS"], environment["TELEGRAM_API_URL"]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session, asyncio.TaskGroup() as group:
        script = Script(session, channel, telegram, float(environment["POLL_SECONDS"]))
        first = asyncio.Barrier(len(feeds) + 1)
        for url in feeds:
            group.create_task(script.follow(url, first))
        await first.wait()
        print("ready", flush=True)


if __name__ == "__main__":
    asyncio.run(main(os.environ))
