"""An errand: what a delivery is to do with its target, and what it finds standing there."""

from dataclasses import dataclass
from enum import StrEnum

from newsroom.post import Post
from newsroom.target import TargetId

EDIT_SECONDS = 60.0
"""Between two edits of one post: an editor who corrects twice in a minute is shown once."""
EDITS_AT_MOST = 5
"""Of one post, in all: X takes no more (docs.x.com, edit posts), and a reader trusts no more."""
WORN = f"edited {EDITS_AT_MOST} times already, so it stays as it is"
"""What a post says of itself when one more edit was wanted."""
EDITABLE_SECONDS = 48 * 3600.0
"""After this a post is history."""
X_EDITABLE_SECONDS = 30 * 60.0
"""X lets a post be edited for half an hour (docs.x.com, edit posts)."""
LATE_PICTURE_SECONDS = 600.0
"""After this a post stays without its picture: who reads it has read it."""
AT_ONCE = 0.0
"""When a post is due that waits for nothing: whatever the store's clock says then, since a worker's may be ahead of it."""
FOR_EVER = 10.0**9
"""Seconds; an editor's own word knows no such limit."""


class Errand(StrEnum):
    """What a delivery does. All but `POST` change a post that stands, and may be repeated without harm."""

    POST = "post"
    EDIT = "edit"
    REPOST = "repost"
    """Delete the old post. Once it is gone the same delivery is a `POST` of the new words, with intent as any other."""
    DELETE = "delete"
    PICTURE = "picture"
    """Add the picture that was not ready when the post went out. The words are those that stand then; no reader takes
    it for a correction, so it is neither spaced out nor counted, and it waits behind all news."""
    THREAD = "thread"
    """Hang the button to the newest post of its thread under the first one; the words stay, and so it is as quiet."""

    @property
    def is_quiet(self) -> bool:
        """Whether it changes no words: neither spaced out nor counted, and behind all news."""
        return self in {Errand.PICTURE, Errand.THREAD}


@dataclass(frozen=True, slots=True)
class Standing:
    """A post as it stands at its target now."""

    ids: tuple[str, ...]
    """The network's own numbers; empty where it never told them."""
    post: Post


@dataclass(frozen=True, slots=True)
class Revision:
    """What is to become of a story's post at one target: new words, or none.

    Which of the two forms goes out, the lane says in which the post went out: an edit after half an hour does not
    take the kicker from a breaking story.
    """

    target: TargetId
    errand: Errand
    breaking: Post
    ordinary: Post
    within: float = EDITABLE_SECONDS
    """Seconds after the post was sent in which it is still done."""
    by: str = ""
    """The editor who wants it; it then goes before everything else and is neither spaced out nor counted."""
    due: float | None = None
    """Unix seconds before which a post that waits is not taken, from now on; None leaves that as it is."""
