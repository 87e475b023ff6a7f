"""The ports: what the rooms ask of one another, in the fewest methods. Each says its guarantee and its errors.

Clock      now, monotonic, sleep, wait    time
Outbox     recent, admit, revise, look, take, settle, settle_then_take, uncertain, resolve   what is known, what must go
           out, who sends it
Ledger     life, sent, unsettled, failed, spent, counts  what became of things, for editors and the wall
Switch     pause, resume, paused, parked, park, unpark   the editors' brake, and lanes that stand
FeedMemory recall, remember               what each feed has shown us
Uploads    recall, remember               pictures a network already holds
Sightings  remember, after                what was seen standing in a channel
Addresses  moved_to, move                 chats that the network gave another number
Leases     hold, drop                     what only one worker may do
Alarm      tell, over                     what the desk must know unasked
Platform   ready_kinds, prepare, send, edit, remove, find   one target
Fetcher    page, picture                  bytes from the web, guarded
Renderer   render                         words for one target
Pictures   jpeg_of                        the picture of a post
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from newsroom.admission import Admission, AdmitOutcome, Recent, Wait
from newsroom.alert import Alert
from newsroom.batch import Batch
from newsroom.delivery import Delivery, Lane, State
from newsroom.errand import Revision
from newsroom.habit import NONE_YET, Habit
from newsroom.post import Post, PostKind
from newsroom.purse import Spent
from newsroom.receipt import ReadBack, Receipt
from newsroom.story import Kicker, Story, StoryId
from newsroom.target import Target, TargetId


class Event(Protocol):
    """What a wait can be ended by: asyncio.Event."""

    def is_set(self) -> bool:
        """Whether it happened."""

    async def wait(self) -> Literal[True]:
        """Until it happens."""


class Clock(Protocol):
    """Time. Tests bring their own."""

    def now(self) -> datetime:
        """Aware time, UTC."""

    def monotonic(self) -> float:
        """Seconds that never jump; for deadlines inside one process."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    async def wait(self, event: "Event", seconds: float) -> bool:
        """Wait until the event is set or the time is over; tells whether it is set."""


# --- the outbox -----------------------------------------------------------------------------------------


class Outbox(Protocol):
    """What is known and what must go out. Every method is atomic; all raise `StoreUnavailable`."""

    async def recent(self, since: int) -> Recent:
        """Stories admitted after window version `since` (0: the whole window), oldest first."""

    async def admit(
        self, admissions: Sequence[Admission], version: int, showing: "Showing | None" = None
    ) -> tuple[AdmitOutcome, ...]:
        """Seen-check, story and all its deliveries in ONE step for each admission, in order, in one round trip.

        An admission is refused as `Moved`, and all after it, when the window is not at the version they were
        judged by; each admission that is written moves it on by one. What the feed has shown is remembered in the
        same round trip, where none was refused.
        """

    async def revise(self, story: StoryId, revisions: Sequence[Revision]) -> None:
        """Plan what is to become of a story's posts, in ONE step; `admit` does the same with an edited article.

        A post that was not sent yet gets the new words, or is taken back. One that stands is changed by a delivery of
        its own (`post#n`), within the limits of newsroom/errand.py; newer words replace those that still wait.
        """

    async def look(
        self, target: TargetId, worker: str = "", lease_seconds: float = 0.0, kinds: Collection[PostKind] = ()
    ) -> Delivery | Wait:
        """What stands next in a lane: as a rule untouched, so that its picture can be made ready before the lease runs.

        A post of one of these `kinds` needs no preparing and is claimed as by `take`: its state is `sending`. Where a
        claim waits for replicas, nothing is claimed here.
        """

    async def take(self, target: TargetId, worker: str, lease_seconds: float) -> Delivery | Wait:
        """Claim the next due delivery: state `sending`, a new fence, a lease; committed before this returns.

        One delivery at most is in flight for a target. One whose lease ran out becomes `uncertain` here, a change of
        a post `planned` again.
        """

    async def settle(self, delivery: Delivery) -> None:
        """Write what `next_step` made of a taken delivery, under its fence.

        Raises:
            LeaseLost: another worker holds it, or it was settled; nothing was written.
        """

    async def settle_then_take(
        self, delivery: Delivery, worker: str, lease_seconds: float, kinds: Collection[PostKind]
    ) -> Delivery | Wait:
        """`settle`, and what stands next in its lane, in ONE step and round trip. Raises as `settle` does.

        What stands next is claimed or shown as by `look`.
        """

    async def uncertain(self, *, readable: bool = False) -> tuple[Delivery, ...]:
        """Every uncertain delivery, oldest first. One whose lease ran out becomes uncertain here too.

        `readable` leaves out what may not be read back yet, by the store's clock.
        """

    async def now(self) -> float:
        """Unix seconds by the store's own clock, which leases and read-backs go by."""

    async def resolve(self, delivery: Delivery) -> None:
        """Write what `read_back` made of an uncertain delivery, under its fence.

        Raises:
            LeaseLost: it is no longer uncertain, or was sent again meanwhile; nothing was written.
        """


@dataclass(frozen=True, slots=True)
class Life:
    """What the newsroom knows of one story's way."""

    story: Story
    verdict: str
    reason: str
    by: str
    admitted: float
    """Unix seconds."""
    deliveries: tuple[Delivery, ...]
    relation: str = ""
    """As it was judged when it was first met; empty in what an older version wrote."""
    ground: str = ""
    of: StoryId | None = None
    policies: Mapping[TargetId, str] = field(default_factory=dict)
    batch: Batch | None = None
    """With what it waited for the desk."""


class Ledger(Protocol):
    """What became of things. Reading only."""

    async def life(self, key: str) -> "Life | None":
        """A story by one of its keys or its id: what was decided, and how its deliveries stand."""

    async def unsettled(self, most: int) -> tuple[Delivery, ...]:
        """Uncertain, refused and expired deliveries, uncertain first, newest first."""

    async def failed(self, most: int) -> tuple[Delivery, ...]:
        """Refused and expired deliveries, newest first."""

    async def sent(self, most: int) -> tuple[Delivery, ...]:
        """The newest sent deliveries, newest first."""

    async def spent(self) -> Spent:
        """What posts on X have cost today and this month (UTC), with what is set aside for those under way."""

    async def shut(self, targets: Sequence[TargetId]) -> dict[TargetId, str]:
        """Those of the targets that asked us to wait for long and have taken no post since, and why."""

    async def counts(self) -> dict[TargetId, dict[State, int]]:
        """How many deliveries stand in each state that still wants attention (planned, sending, uncertain)."""


class Switch(Protocol):
    """The editors' brake: while paused nothing is taken, everything is kept."""

    async def pause(self, by: str) -> None:
        """Stop taking, for all workers, until resumed."""

    async def resume(self) -> None:
        """Take again."""

    async def paused(self) -> str:
        """Who paused it; empty when it runs."""

    async def parked(self) -> dict[TargetId, str]:
        """Targets that refuse us, and why: nothing is taken for them, everything is kept."""

    async def park(self, target: TargetId, why: str) -> None:
        """Take nothing for it: the network says that it would refuse us."""

    async def unpark(self, target: TargetId) -> None:
        """Take for it again."""


# --- memory for the rooms that fetch and send -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FeedState:
    """What one feed has shown us; `known` maps the digest of a guid to the digest of its content."""

    known: dict[bytes, bytes]
    etag: str = ""
    last_modified: str = ""
    newest: float = 0.0
    """Unix seconds of the newest published date met: the watermark that outlives every key."""
    habit: Habit = NONE_YET
    schemes: frozenset[str] = frozenset()
    """How its guids are made: `newsroom.flood.schemes_of` what it showed."""


@dataclass(frozen=True, slots=True)
class Showing:
    """What a feed has shown once its entries are admitted: remembered with them, and not without them."""

    feed: str
    state: FeedState


class FeedMemory(Protocol):
    """What each feed has shown us."""

    async def recall(self, feed: str) -> FeedState | None:
        """None at first sight: what stands in the feed then is a baseline, not news."""

    async def remember(self, feed: str, state: FeedState) -> None:
        """Replace it."""


class Uploads(Protocol):
    """Pictures that a network already holds, so that bytes travel once."""

    async def recall(self, owner: str, digest: str) -> str | None:
        """The network's own name (file_id) of the picture with this digest, for this bot or account."""

    async def remember(self, owner: str, digest: str, name: str) -> None:
        """Keep it."""

    async def forget(self, owner: str, digest: str) -> None:
        """The network no longer knows it."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A post that was seen standing in a channel."""

    number: int
    """Its own in the channel."""
    words: str
    """What `publishing.sameness.print_of` makes of its text or caption; empty where others posted it."""
    at: float
    """Unix seconds, by the network's clock, at which it was posted there."""


class Sightings(Protocol):
    """What was seen standing in each channel: the newest few hundred, for two days. What is missing proves nothing."""

    async def remember(self, target: TargetId, sighting: Sighting) -> None:
        """Keep it; the same again changes nothing."""

    async def after(self, target: TargetId, number: int) -> tuple[Sighting, ...]:
        """Those with a higher number, lowest first."""


class Addresses(Protocol):
    """Chats that the network gave another number, so that a restart need not be refused once more to know."""

    async def moved_to(self, target: TargetId) -> int | None:
        """The chat's number now; None where the setting still leads there."""

    async def move(self, target: TargetId, chat: int) -> None:
        """It has this number now, and so have its messages: what was known of theirs is forgotten in the same step."""


class Leases(Protocol):
    """What only one worker may do at a time, such as listening for the editors."""

    async def hold(self, name: str, worker: str, seconds: float) -> bool:
        """Take or renew; False while another worker holds it."""

    async def drop(self, name: str, worker: str) -> None:
        """Give it up, if it is ours."""


class Alarm(Protocol):
    """What the desk must know unasked: one message a cause, changed in place, never a storm. Never raises."""

    async def tell(self, alert: Alert) -> None:
        """Say it, once a cause; a second alert of the same cause changes what was said."""

    async def over(self, cause: str) -> None:
        """That trouble is over; nothing is said where nothing was."""


# --- platforms ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A picture that was checked and made fit for both networks."""

    content: bytes
    width: int
    height: int
    digest: str
    """blake2b of the content, hex."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What `prepare` made ready for a send: the picture's bytes, or the network's own name of it, or nothing."""

    picture: Jpeg | None = None
    uploaded: str = ""
    """file_id or media id; empty when the bytes travel with the post."""


class Platform(Protocol):
    """One target. Never raises for what the platform answers: that is a Receipt."""

    @property
    def target(self) -> Target:
        """Where it posts."""

    def ready_kinds(self) -> Collection[PostKind]:
        """Kinds of post for which `prepare` would do nothing just now: they may be sent as they are taken."""

    async def prepare(self, post: Post) -> Ready:
        """Fetch, convert and upload the picture. Followers see nothing of it and it may be repeated."""

    async def send(self, post: Post, ready: Ready, deadline: float) -> Receipt:
        """ONE request that followers can see. Not begun after `deadline` (`Clock.monotonic` seconds)."""

    async def edit(self, delivery: Delivery, ready: Ready, deadline: float) -> Receipt:
        """Put `delivery.post` in the place of `delivery.stands`; the same again is `Sent`. In time, as `send`."""

    async def remove(self, delivery: Delivery, deadline: float) -> Receipt:
        """Delete `delivery.stands`; what is gone already is `Sent`. In time, as `send`."""

    async def find(self, delivery: Delivery) -> ReadBack:
        """Look whether a delivery of unknown outcome stands there. Leaves no trace that followers see."""


class Fetcher(Protocol):
    """Bytes from the open web, through the guard. Raises `FetchFailed`."""

    async def page(self, url: str) -> tuple[str, bytes, str]:
        """(final address, body, content type with charset) of a page; at most 5 MB."""

    async def picture(self, url: str) -> bytes:
        """Body of a picture; at most 15 MB."""


class Renderer(Protocol):
    """Words for one target."""

    def render(self, story: Story, kicker: Kicker | None, lane: Lane, target: Target) -> Post:
        """The post; always within the network's limits. `lane` picks the template, `kicker` the label."""


class Pictures(Protocol):
    """The picture of a post, checked and converted; the same bytes for every target that asks."""

    async def jpeg_of(self, post: Post) -> Jpeg | None:
        """The first of the post's candidates that is fit, else the headline card where cards are on, else None.

        Never raises for a bad picture and never waits longer than the house's limit.
        """
