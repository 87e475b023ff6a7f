"""An admission: what the outbox is asked to write in one step for a story, and what it can answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsroom.batch import Batch
from newsroom.delivery import Delivery, Lane, State
from newsroom.errand import Revision
from newsroom.post import Post
from newsroom.story import Story, StoryId
from newsroom.target import TargetId


@dataclass(frozen=True, slots=True)
class Admission:
    """A story with the posts that are to go out for it; `posts` is empty when it is only to be known."""

    story: Story
    posts: tuple[Post, ...]
    lane: Lane
    verdict: str
    """Class of the verdict: breaking, ordinary, held or ignored."""
    reason: str
    expires: float
    """Unix seconds after which the posts are no longer news."""
    by: str = ""
    """The editor who pushed it; empty for a feed's own."""
    completes: bool = False
    """Adds the deliveries that a known story lacks, and never a second of one it has: an editor's push, or an
    article that was filed as breaking only after it was met. A story ignored at first sight is completed by an
    editor alone."""
    same_as: StoryId | None = None
    """The known story this one was found to be: its keys are learnt."""
    rewrite: bool = False
    """The very article was edited: the store keeps this version from now on."""
    revisions: tuple[Revision, ...] = ()
    """What a reader would see of that edit: planned in the same step, where the story was posted."""
    dues: Mapping[TargetId, float] = field(default_factory=dict)
    """Unix seconds before which a post is not taken; a target that is not named here has its post at once."""
    batch: Batch | None = None
    """With what it waits for the desk: written down in the same step."""
    relation: str = ""
    """Class of the relation: new, duplicate, update or lookalike."""
    ground: str = ""
    of: StoryId | None = None
    """The earlier story it relates to."""
    policies: Mapping[TargetId, str] = field(default_factory=dict)
    """What a rule of the house said at a target: `wait الليل`."""

    @property
    def moves_window(self) -> bool:
        """Whether writing it moves the window on."""
        return self.same_as is None or self.rewrite


@dataclass(frozen=True, slots=True)
class Admitted:
    """It was new (or a push completed it): these deliveries are planned now."""

    story: StoryId
    version: int
    """Of the window, after this step."""
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class AlreadyKnown:
    """Nothing was planned; this is the story it is, and how its deliveries stand."""

    story: StoryId
    version: int
    states: tuple[tuple[TargetId, State], ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """Another worker admitted stories since the window was read: read it again and judge anew. Nothing was written."""


AdmitOutcome = Admitted | AlreadyKnown | Moved


@dataclass(frozen=True, slots=True)
class Recent:
    """The stories admitted after `since`, and the version of the window that includes them."""

    version: int
    stories: tuple[Story, ...]
    forgotten: float = 0.0
    """Unix seconds at which the store lost all it knew: what a site dates earlier is no news. 0: it never did."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing may be taken now. `seconds` until something may, None when the lane is empty or paused.

    0 means at once: what stood first may not go at all and was refused, so ask again.
    """

    seconds: float | None
    why: str = ""
    gone: tuple[Delivery, ...] = field(default=(), compare=False)
    """What was refused, or had expired, when its turn came: its state is written. The wait itself is the same without."""
