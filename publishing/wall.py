"""The wall: what followers see, live on one page, and the platform of the dry run that posts nowhere else.

`Wall` is the list and its listeners; it knows nothing of the web. `WallPlatform` takes the place of a channel or an
account in the demo: it makes the picture ready and answers `Sent`, and no byte leaves the house.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from newsroom.delivery import Delivery, DeliveryId, State
from newsroom.ports import Clock, Pictures, Ready
from newsroom.post import WORDS_ALONE, Post, PostKind
from newsroom.receipt import Absent, Later, ReadBack, Receipt, Sent
from newsroom.target import Target
from publishing.departure import AGAIN_SECONDS

_TOO_LATE = Later(AGAIN_SECONDS, "the time for this attempt was over before it began")


@dataclass(frozen=True, slots=True)
class Shown:
    """A delivery as it stands on the wall."""

    number: int
    """Grows with every change of the wall. Made from the moment of settling, so that it goes on after a restart."""
    delivery: Delivery
    edited: bool = False
    """The post was sent before with other words."""


class Listener:
    """One reader of the wall, until the wall lets go of it; it may then come again.

    Args:
        waiting: what it is told first, oldest first; may be longer than `most`.
        most: how much news may wait for it before it counts as too slow.
    """

    def __init__(self, waiting: Sequence[Shown], most: int) -> None:
        self._waiting = deque(waiting)
        self._limit = len(waiting) + most
        self._news = asyncio.Event()
        self._open = True

    @property
    def is_open(self) -> bool:
        """False once it fell behind or the wall hung up."""
        return self._open

    def tell(self, shown: Shown) -> None:
        """Put news where it will be read; one that has too much unread is let go. Never waits."""
        if len(self._waiting) >= self._limit:
            self.close()
            return
        self._waiting.append(shown)
        self._news.set()

    def close(self) -> None:
        """Let go at once; what was unread stays unread."""
        self._open = False
        self._news.set()

    async def next(self) -> Shown | None:
        """The next change, or None once the wall let go. May be cancelled: nothing is lost by it."""
        while self._open and not self._waiting:
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft() if self._open else None


class Wall:
    """The newest sent posts, and those who watch them come.

    Args:
        most: how many posts it keeps; the oldest falls off.
        patience: how many changes a listener may leave unread before it is let go, so that a slow one never costs
            the newsroom time or memory.
    """

    def __init__(self, most: int = 60, patience: int = 64) -> None:
        self._most = most
        self._patience = patience
        self._shown: OrderedDict[DeliveryId, Shown] = OrderedDict()
        self._listeners: set[Listener] = set()
        self._last = 0

    @property
    def most(self) -> int:
        """How many posts it keeps."""
        return self._most

    @property
    def listeners(self) -> int:
        """How many watch it now."""
        return len(self._listeners)

    @property
    def newest(self) -> int:
        """Number of the last change; 0 while the wall is empty."""
        return self._last

    def posts(self) -> tuple[Shown, ...]:
        """What stands on it, newest first."""
        return tuple(reversed(self._shown.values()))

    def find(self, delivery: str) -> Delivery | None:
        """The delivery with this id, as long as it stands on the wall."""
        shown = self._shown.get(DeliveryId(delivery))
        return shown.delivery if shown else None

    def seed(self, deliveries: Iterable[Delivery]) -> None:
        """Fill it at the start with what `Ledger.sent` remembers, newest first."""
        for delivery in reversed(list(deliveries)):
            self.show(delivery)

    def show(self, delivery: Delivery) -> None:
        """Put a sent delivery up and tell all listeners. One that was not sent is not shown.

        A delivery that stands here already keeps its place: its post was edited, or it was told twice.
        """
        if delivery.state is not State.SENT:
            return
        before = self._shown.get(delivery.id)
        if before is not None and before.delivery.post == delivery.post:
            return
        self._last = max(self._last + 1, int(delivery.settled * 1000))
        if before is not None:
            # An edited post stands at the moment at which it was sent, as on the networks.
            delivery = replace(delivery, settled=before.delivery.settled)
        shown = Shown(self._last, delivery, edited=before is not None)
        self._shown[delivery.id] = shown
        while len(self._shown) > self._most:
            self._shown.popitem(last=False)
        for listener in self._listeners:
            listener.tell(shown)

    def take_down(self, delivery: DeliveryId) -> None:
        """A post was deleted: whoever opens the wall from now on does not find it."""
        self._shown.pop(delivery, None)

    @contextmanager
    def subscribe(self, after: int | None = None) -> Iterator[Listener]:
        """Watch the wall from now on.

        Args:
            after: number of the last change the reader knows: it is told what came since. A number that this wall
                does not know, say from before a restart, brings everything: the reader knows its own by delivery id.
                None brings only what is new.
        """
        listener = Listener(self._since(after), self._patience)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            listener.close()

    def hang_up(self) -> None:
        """Let go of every listener at once, as a server does that is about to stop."""
        for listener in self._listeners:
            listener.close()

    def _since(self, after: int | None) -> list[Shown]:
        if after is None:
            return []
        by_number = sorted(self._shown.values(), key=lambda shown: shown.number)
        known = any(shown.number == after for shown in by_number)
        return [shown for shown in by_number if not known or shown.number > after]


class WallPlatform:
    """A platform that posts nowhere: the dry run. Implements `newsroom.ports.Platform`.

    Args:
        target: the channel or account it stands for.
        pictures: where a post's picture is had.
        clock: for the deadline, and for where its running numbers begin.
    """

    def __init__(self, target: Target, pictures: Pictures, clock: Clock) -> None:
        self._target = target
        self._pictures = pictures
        self._clock = clock
        # Unix seconds grow faster than a newsroom posts, so numbers go on growing over a restart, as a channel's do.
        self._last_id = int(clock.now().timestamp())

    @property
    def target(self) -> Target:
        """The channel or account it stands for."""
        return self._target

    def ready_kinds(self) -> Collection[PostKind]:
        """Words alone."""
        return WORDS_ALONE

    async def prepare(self, post: Post) -> Ready:
        """Make the picture ready, as a real platform would."""
        if post.kind in {PostKind.PHOTO, PostKind.CARD}:
            return Ready(picture=await self._pictures.jpeg_of(post))
        return Ready()

    async def send(self, post: Post, ready: Ready, deadline: float) -> Receipt:
        """Say that it was sent. A photo post whose picture could not be had goes out as its text, as on a channel.

        Args:
            post: what would have been posted.
            ready: what `prepare` gave.
            deadline: `Clock.monotonic` seconds; after it nothing is sent.
        """
        del post, ready
        if self._clock.monotonic() > deadline:
            return _TOO_LATE
        self._last_id += 1
        return Sent(ids=(str(self._last_id),))

    async def edit(self, delivery: Delivery, ready: Ready, deadline: float) -> Receipt:
        """Say that it was edited; `Wall.show` puts the new words up."""
        del ready
        return await self.remove(delivery, deadline)

    async def remove(self, delivery: Delivery, deadline: float) -> Receipt:
        """Say that it was done, unless the time for it is over."""
        if self._clock.monotonic() > deadline:
            return _TOO_LATE
        return Sent(delivery.stands.ids if delivery.stands else ())

    async def find(self, delivery: Delivery) -> ReadBack:
        """Nothing stands anywhere but on the wall, and that shows only what was settled: so it may go out again."""
        del delivery
        return Absent()
