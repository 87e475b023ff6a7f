"""A watch: what the intake keeps of one feed while it runs, and what it shows of it.

The only thing here that changes. It is small on purpose: a worker has thousands of them.
"""

from dataclasses import dataclass, field, replace
from math import inf
from sys import intern

from yarl import URL

from feeds import rhythm
from feeds.answer import Fetched
from feeds.known import Known, known_of
from feeds.rhythm import History, history_of
from feeds.validators import Validators
from newsroom.ports import FeedState

VERIFY_EVERY = 200
"""Unchanged polls, after which one asks plainly: a 304 that lies (a cache, a clock, a locked date) is found out."""

GAP_TRIES = 3
"""Polls that try to walk the older pages before what they hold is given up."""


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How a feed fares, for `/status` and the metrics. Times are Unix seconds; 0 means never."""

    url: str
    polls: int
    unchanged: int
    """Polls that brought nothing new."""
    last_good: float
    """When the site last answered with a feed, or with 304."""
    last_change: float
    """When something new stood in it."""
    failures: int
    """In a row."""
    why: str
    """Of the last failure; empty while all is well."""
    is_silent: bool
    """Nothing has come for much longer than is this feed's habit."""
    cached_seconds: float
    """For so long the site's own cache had kept the last body: news is late by up to as much."""
    moved: str
    """Where the site says that the feed lives now; empty when it did not move."""


@dataclass(slots=True, eq=False)
class Watch:
    """One feed."""

    url: str
    """As the house knows it."""
    host: str
    history: History
    known: Known | None = None
    """None until it was recalled, and at first sight."""
    validators: Validators = field(default_factory=Validators)
    newest: float = 0.0
    """Unix seconds of the newest published date met."""
    packed_schemes: str = ""
    """How its guids are made, a line each: a set of one takes three times the room."""
    due: float = 0.0
    not_before: float = 0.0
    """Seconds of `Clock.monotonic`; the site asked not to be polled before."""
    fingerprint: int | None = None
    """Python's hash of the last body that was taken in."""
    before_gap: Known | None = None
    """What was known before a gap that could not be closed yet."""
    gap_tries: int = 0
    moved: str = ""
    why: str = ""
    polls: int = 0
    unchanged: int = 0
    since_body: int = 0
    """Unchanged polls in a row."""
    last_good: float = 0.0
    cached_seconds: float = 0.0
    told: float = -inf
    """When it falls due as the rota was told, in seconds of `Clock.monotonic`."""
    told_down: str = ""
    """Why it is down, as the desk was told; empty where there is nothing to take back."""
    is_ours: bool = True
    """This worker polls it."""
    is_recalled: bool = False
    is_polled: bool = False
    """A poll is in flight."""
    is_taking: bool = False
    """Its entries are being handed over: not to be interrupted."""
    is_nudged: bool = False
    is_refetch: bool = False
    is_silent: bool = False
    is_settled: bool = False
    """Whatever the desk was told of it before it was ours is taken back, or told again."""
    has_slot: bool = False
    """Its host's next free moment is kept for it."""

    @property
    def schemes(self) -> frozenset[str]:
        """How its guids are made."""
        return frozenset(filter(None, self.packed_schemes.split("\n")))

    @schemes.setter
    def schemes(self, schemes: frozenset[str]) -> None:
        self.packed_schemes = "\n".join(sorted(schemes))

    @property
    def address(self) -> str:
        """Where to fetch it."""
        return self.moved or self.url

    @property
    def is_plain(self) -> bool:
        """Whether the body is wanted whatever the validators say."""
        return self.is_refetch or self.before_gap is not None or self.since_body >= VERIFY_EVERY

    def recall(self, state: FeedState | None) -> None:
        """Take up what was remembered before this process began, or since the feed was last ours."""
        self.is_recalled, self.is_settled = True, False
        if state is None or (self.known is not None and self.known.digests() == state.known):
            return  # Nobody else took anything in meanwhile.
        self.known, self.fingerprint, self.before_gap = known_of(state.known), None, None
        self.validators = Validators(state.etag, state.last_modified)
        self.newest = state.newest
        self.schemes = state.schemes
        if state.habit.changes:
            self.history = replace(self.history, habit=state.habit)
        # The process before this one may have died before the plain refetch that a body of its own second asks
        # for; an article of that second would then answer 304 for hours (found by killing: 12 of 711 lost).
        self.is_refetch = True

    def release(self) -> None:
        """It is ours no longer, and what is known of it is somebody else's to keep."""
        self.is_ours = self.is_recalled = False
        self.known, self.fingerprint, self.before_gap, self.validators = None, None, None, Validators()

    def note_answer(self, now: float, moved: str) -> None:
        """The site answered with a feed or with 304, at `now` (Unix seconds)."""
        self.last_good, self.why = now, ""
        self.moved = moved or self.moved

    def note_nothing_new(self) -> None:
        """Whatever came, it was all known."""
        self.unchanged += 1
        self.since_body += 1
        self.history = rhythm.after_answer(self.history)

    def note_failure(self, why: str) -> None:
        """There was no feed. One that moved is looked for at its old address again."""
        self.history = rhythm.after_failure(self.history)
        self.why, self.moved = why, ""

    def accept(self, fetched: Fetched, known: Known, newest: float) -> None:
        """All that stood in this body is taken care of."""
        self.known, self.newest = known, newest
        self.validators = fetched.validators
        self.fingerprint = hash(fetched.body)

    def health(self) -> FeedHealth:
        """As it is now."""
        return FeedHealth(
            url=self.url,
            polls=self.polls,
            unchanged=self.unchanged,
            last_good=self.last_good,
            last_change=self.history.habit.last_change,
            failures=self.history.failures,
            why=self.why,
            is_silent=self.is_silent,
            cached_seconds=self.cached_seconds,
            moved=self.moved,
        )


def state_of(
    known: Known, validators: Validators, newest: float, schemes: frozenset[str], history: History
) -> FeedState:
    """What is to be remembered of a feed."""
    seen = known.digests()
    return FeedState(seen, validators.etag, validators.last_modified, newest, schemes=schemes, habit=history.habit)


def watch_of(url: str) -> Watch:
    """Of a feed that was not polled yet."""
    try:
        address = URL(url)
        host = intern(f"{address.raw_host}:{address.port}")
    except ValueError:
        host = ""  # The fetch will say what is wrong with it.
    return Watch(url, host, history_of(url))
