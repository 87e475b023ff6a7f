"""Rolling deploys under load: a new worker comes, the old one goes, and news goes on all the while."""

import asyncio
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from tests.chaos.headlines import headline
from tests.support.telegram_posts import StoredPost
from tests.support.worker import Worker, a_worker

if TYPE_CHECKING:
    from tests.e2e.conftest import Stage

STORY_SECONDS = 0.5
"""A story every so often: a hundred times what a newsroom writes."""
FIRST_WORD = "نبأ"
CONFLICT = "listens with this token"
QUIET_SECONDS = 3.0
"""Nothing came for so long: nothing more comes."""
WORKED_SECONDS = 1.5
"""How long the new worker has the house to itself before it is the old one."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """What followers saw of all the deploys together."""

    deploys: int
    stories: int
    lost: tuple[int, ...]
    """Which of the stories, in the order in which they came, no follower saw."""
    doubled: int
    gap: float
    """Seconds: the longest time in which nothing reached a channel though a story came every `STORY_SECONDS`, where the
    new worker works before the old one is told to go."""
    gap_at_once: float
    """The same, where the old one is told to go while the new one starts: a cold start is in it."""
    conflicts: int
    """How often one listener threw another out (409)."""
    exits: tuple[int, ...]
    """Exit codes of the workers that were sent away."""

    @override
    def __str__(self) -> str:
        """One line for a terminal."""
        return (
            f"{self.deploys} deploys, {self.stories} stories: {len(self.lost)} lost, {self.doubled} doubled, "
            f"longest gap {self.gap:.2f} s, {self.gap_at_once:.2f} s where both change at once, "
            f"{self.conflicts} conflicts of listeners, exit codes {sorted(set(self.exits))}"
        )


@dataclass(frozen=True, slots=True)
class _Deploy:
    begun: float
    ended: float
    at_once: bool


async def rolled(stage: "Stage", times: int) -> Rolled:
    """Deploy `times` times while stories come; every second time both change at once.

    Hosts differ: a rolling deploy starts the new worker first; Heroku sends SIGTERM and starts at the same moment.
    """
    async with AsyncExitStack() as stack:
        workers = [await _started(stack, stage, 0)]
        # What stands there at first sight is old news and goes nowhere.
        await workers[0].until_said('"action": "feed_first_sight"')
        press = asyncio.create_task(_press(stage), name="press")
        deploys: list[_Deploy] = []
        exits: list[int] = []
        try:
            for number in range(1, times + 1):
                old = workers[-1]
                await old.until_said('"action": "sent"')
                begun, at_once = time.monotonic(), number % 2 == 0
                workers.append(await _started(stack, stage, number, waits=not at_once))
                exits.append(await old.stop())
                await workers[-1].until_said('"action": "sent"')
                await asyncio.sleep(WORKED_SECONDS)
                deploys.append(_Deploy(begun, time.monotonic(), at_once))
        finally:
            press.cancel()
            with suppress(asyncio.CancelledError):
                await press
        await _quiet(stage, workers[-1])
        exits.append(await workers[-1].stop())
    conflicts = sum(worker.said().count(CONFLICT) for worker in workers)
    return _seen(stage, deploys, conflicts, tuple(exits))


async def _started(stack: AsyncExitStack, stage: "Stage", number: int, *, waits: bool = True) -> Worker:
    folder = Path(stage.folder) / f"worker-{number}"
    folder.mkdir()
    worker = await stack.enter_async_context(a_worker(folder, stage.settings, afresh=True))
    if waits:
        await worker.until_said('"action": "started"', 60)
    return worker


async def _press(stage: "Stage") -> None:
    """News without end, and no pacing left over."""
    number = 0
    while True:
        number += 1
        stage.site.publish(f"{FIRST_WORD} {headline('deploy', number)}", category="عاجل")
        stage.forget_pace()
        await asyncio.sleep(STORY_SECONDS)


async def _quiet(stage: "Stage", worker: Worker) -> None:
    """Until all that was written is posted, or nothing more comes."""
    posted, since = -1, time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        assert worker.process.returncode is None, worker.said()
        stage.forget_pace()
        if len(stage.channel()) != posted:
            posted, since = len(stage.channel()), time.monotonic()
        await asyncio.sleep(0.1)


def _seen(stage: "Stage", deploys: list[_Deploy], conflicts: int, exits: tuple[int, ...]) -> Rolled:
    posts = stage.channel()
    titles = [article.title for article in stage.site.articles.values() if article.title.startswith(FIRST_WORD)]
    met = [sum(title in post.text for post in posts) for title in titles]
    return Rolled(
        deploys=len(deploys),
        stories=len(titles),
        lost=tuple(number for number, count in enumerate(met, 1) if not count),
        doubled=sum(count > 1 for count in met),
        gap=_gap(posts, [deploy for deploy in deploys if not deploy.at_once]),
        gap_at_once=_gap(posts, [deploy for deploy in deploys if deploy.at_once]),
        conflicts=conflicts,
        exits=exits,
    )


def _gap(posts: list[StoredPost], deploys: list[_Deploy]) -> float:
    return max(
        (
            after.at - before.at
            for before, after in pairwise(posts)
            for deploy in deploys
            if deploy.begun <= after.at <= deploy.ended
        ),
        default=0.0,
    )
