"""Half an hour at a hundred times a newsroom's rate: does the worker's memory stay where it is? Prints one line a minute.

    python -m bench.soak [MINUTES]

A newsroom writes 50 stories a day in 20 feeds that are polled every 30 s. Here a story comes every 3 s, and each feed is
polled every second. What the worker remembers is bounded by number (the window of stories, what was admitted lately) or by
bytes (pictures), so the warm-up is a number of stories, which come faster, until all of it was full and was once replaced as
a whole: a window that is full still takes 1.6 MB more until its first stories have left it, one here and one there, and stays
there for good (measured: 8,000 stories through a window alone). Then, for so many minutes, a straight line is laid through the
worker's own memory (least squares). Pages of files, the code of its libraries above all, are left out: a host may take them
from whoever sleeps and give them back (in one run resident memory fell by 6 MB for two minutes, and the line told of 4 MB an hour).
"""

import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import linear_regression

from bench.process import own
from newsroom.window import KEPT_AT_MOST
from tests.chaos.headlines import headline
from tests.e2e.conftest import Stage, open_stage
from tests.support.feed_server import FakeSite
from tests.support.store_server import valkey_server
from tests.support.worker import a_worker

MINUTES = 30.0
WARM_STORIES, WARM_SECONDS = KEPT_AT_MOST + 100, 0.4
"""More than the window, the 500 admitted and the pictures that are remembered; how often one comes meanwhile."""
FEEDS, OLD_STORIES = 20, 110
"""Together more than the window holds."""
BODY = "<p>قال مسؤول محلي إن الجسر انهار فجر اليوم دون وقوع ضحايا بين المارة.</p>" * 10
STORY_SECONDS, LOOK_SECONDS = 3.0, 5.0
MOST_PER_HOUR = 1.0
"""Megabytes."""


async def soak(stage: Stage, sites: list[FakeSite], minutes: float) -> float:
    """Megabytes an hour that the worker grew by, after the warm-up."""
    chance = random.Random(1)  # noqa: S311 - which feed has the next story needs no secrecy
    settings = {**stage.settings, "FEEDS": ",".join(site.url for site in sites)}
    looks: list[tuple[float, float]] = []
    async with a_worker(stage.folder, settings, afresh=True) as worker:
        await worker.until(lambda: worker.said().count('"action": "feed_first_sight"') == len(sites), 60)
        begun = next_story = next_line = time.monotonic()
        number, end = 0, begun + minutes * 60
        while (now := time.monotonic()) < end:
            if now >= next_story:
                number += 1
                chance.choice(sites).publish(headline("soak", number), category="عاجل")
                if number <= WARM_STORIES:
                    stage.forget_pace()
                    next_story, end = now + WARM_SECONDS, now + minutes * 60
                else:
                    next_story = now + STORY_SECONDS
            if now >= next_line:
                print(
                    f"{(now - begun) / 60:4.0f} min {own(worker.process.pid):6.1f} MB {len(stage.channel())} posts",
                    flush=True,
                )
                next_line = now + 60
            if number > WARM_STORIES:
                looks.append(((now - begun) / 3600, own(worker.process.pid)))
            await asyncio.sleep(LOOK_SECONDS if now + LOOK_SECONDS < next_story else max(0.1, next_story - now))
        code = await worker.stop()
        assert code == 0, worker.said()[-2000:]
    print(f"{number} stories, {len(stage.channel())} posts in a channel")
    return linear_regression(*zip(*looks, strict=True)).slope


async def main(minutes: float) -> int:
    """Soak and tell; 1 when it grew by more than it may."""
    with tempfile.TemporaryDirectory(prefix="ajil-") as folder, valkey_server(Path(folder)) as store:
        async with open_stage(store, Path(folder)) as stage:
            sites = [stage.server.site(f"paper{number}", window=OLD_STORIES, text=BODY) for number in range(FEEDS)]
            for site in sites:
                for old in range(OLD_STORIES):
                    site.publish(headline(site.name, old))
            slope = await soak(stage, sites, minutes)
    print(f"memory grew by {slope:+.2f} MB an hour (at most {MOST_PER_HOUR})")
    return int(slope > MOST_PER_HOUR)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES)))
