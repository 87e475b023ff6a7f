"""A push: the site tells us what it published, changed or took back, and the corridor takes it as it takes a feed's.

There is no second way to publish: what a hook brings goes through the desk's own door, where the poll that finds it
later meets a story that is known. Nothing is remembered of the feed itself, so that a push neither makes a baseline
nor breaks one.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import SecretStr

from feeds.feed_list import FeedList
from feeds.hook import Event, Letter, Refusal, entry_of_note, read_note, refusal_of
from feeds.poll import Door
from newsroom.entry import Entry
from newsroom.flood import Shown
from newsroom.ports import Clock, Ledger, Life
from newsroom.site import Site
from newsroom.story import story_of
from newsroom.subscription import Hooks

_log = logging.getLogger(__name__)

PUBLISHED_AT_MOST, WITHIN_SECONDS = 60, 60.0
"""More articles in a minute than any newsroom writes are an import: the feed shows them, and its gates hold a flood."""

NUDGE_REST = 10.0
"""Seconds between two polls that pushes cause: an editor who saves ten times costs the site one."""
NUDGED_AT_MOST = 3
"""Feeds of one site that are polled after a push; a site may have a feed for each of a hundred sections."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A note was believed, and what it said is taken care of."""

    event: Event
    link: str


class WordPressPush:
    """Receives the notes of the plugin.

    Args:
        secret: Shared with the plugin; empty keeps the hook closed.
        feeds: Ours; only articles of their sites are taken.
        door: Where entries go: the desk.
        hooks: Which notes came already.
        ledger: What is known.
        clock: Time.
        ask: Puts a posted story that was taken back to the desk; it is asked about once, whoever asks.
        nudge: Has the feeds of a site polled soon.
    """

    def __init__(
        self,
        secret: SecretStr,
        feeds: FeedList,
        door: Door,
        *,
        hooks: Hooks,
        ledger: Ledger,
        clock: Clock,
        ask: Callable[[Life], Awaitable[None]],
        nudge: Callable[[str], None],
    ) -> None:
        self._secret = secret.get_secret_value()
        self._feeds = feeds
        self._door = door
        self._hooks = hooks
        self._ledger = ledger
        self._clock = clock
        self._ask = ask
        self._nudge = nudge
        self._published: deque[float] = deque(maxlen=PUBLISHED_AT_MOST)

    @property
    def is_open(self) -> bool:
        """Whether there is a secret."""
        return bool(self._secret)

    async def receive(self, letter: Letter) -> Taken | Refusal:
        """Take a letter in; when this returns `Taken`, what it said is in the outbox.

        Raises:
            StoreUnavailable: It is not taken, and will not be under the same name: the plugin sends it under another.
        """
        refusal = refusal_of(letter, self._secret, self._clock.now().timestamp())
        if refusal is not None:
            return refusal
        note = read_note(letter.body)
        if isinstance(note, Refusal):
            return note
        entry, event = entry_of_note(note), Event(note.event)
        if entry.site not in self._feeds.sites:
            _log.warning(
                "A hook of %s was refused: none of our feeds stands there.",
                entry.site or "no site",
                extra={"action": "hook_foreign"},
            )
            return Refusal.FOREIGN
        # Before anything is done: an old change that is sent again would undo a newer one.
        if not await self._hooks.first_time(note.delivery):
            return Refusal.REPEATED
        await self._act(event, entry)
        return Taken(event, entry.link)

    async def _act(self, event: Event, entry: Entry) -> None:
        if event is Event.PUBLISH:
            await self._publish(entry)
            return
        life = await self._life(entry)
        if event is Event.TRASH:
            await self._take_back(life)
        elif life is not None:
            await self._door.take_in((entry,), first_sight=False)
            self._nudge(entry.site)
        else:
            # A typing error mended in last week's article is no news; what is, the feed will show.
            self._nudge(entry.site)

    async def _publish(self, entry: Entry) -> None:
        now = self._clock.monotonic()
        is_import = len(self._published) == PUBLISHED_AT_MOST and now - self._published[0] < WITHIN_SECONDS
        self._published.append(now)
        if is_import:
            told = {"action": "hook_flood", "url": entry.link}
            _log.warning("The site publishes too fast; what it tells us is left to its feed.", extra=told)
        else:
            await self._door.take_in((entry,), first_sight=False, shown=Shown(count=1))
        self._nudge(entry.site)

    async def _take_back(self, life: Life | None) -> None:
        if life is None:
            return
        story = life.story
        _log.warning("The site took back: %s", story.headline, extra={"action": "article_gone", "story": story.id})
        await self._ask(life)

    async def _life(self, entry: Entry) -> Life | None:
        for key in story_of(entry, Site(), self._clock.now()).keys:
            life = await self._ledger.life(key)
            if life is not None:
                return life
        return None


class Nudges:
    """Has feeds polled after a push: what they show then is known, and tells the rhythm that the push works.

    The first push of a while leads to a poll at once; those that follow soon share one, which `run` sees to.

    Args:
        feeds: Ours.
        poll: Has one of them polled at once: `Intake.nudge`.
        clock: Time.
    """

    def __init__(self, feeds: FeedList, poll: Callable[[str], object], clock: Clock) -> None:
        self._feeds = feeds
        self._poll = poll
        self._clock = clock
        self._nudged: dict[str, float] = {}
        self._owed: set[str] = set()

    def site(self, site: str) -> None:
        """The feeds of a site; a few of them where it has many."""
        for feed in self._feeds.sites.get(site, ())[:NUDGED_AT_MOST]:
            self.feed(feed)

    def feed(self, feed: str) -> None:
        """One feed."""
        self._owed.add(feed)
        self._pay(feed)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`."""
        while not await self._clock.wait(stop, NUDGE_REST / 5):
            for feed in tuple(self._owed):
                self._pay(feed)

    def _pay(self, feed: str) -> None:
        now = self._clock.monotonic()
        if now - self._nudged.get(feed, -NUDGE_REST) >= NUDGE_REST:
            self._nudged[feed] = now
            self._owed.discard(feed)
            self._poll(feed)
