"""A correction: what of an edited article its readers would see, and what becomes of the posts then. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from newsroom.arabic import bare, display
from newsroom.delivery import Lane
from newsroom.errand import EDITABLE_SECONDS, FOR_EVER, X_EDITABLE_SECONDS, Errand, Revision
from newsroom.ports import Renderer
from newsroom.post import Post
from newsroom.story import Story
from newsroom.target import Network, Target, TargetId, network_of
from newsroom.verdict import Breaking, Ordinary, Why, kicker_for

XCorrections = Literal["ignore", "repost", "edit"]
"""What becomes of a post on X when its article is edited: it stays; it is deleted and posted anew, which costs a
deletion and a post; it is edited within half an hour, which Premium accounts alone may."""

_PICTURE_SIZE = re.compile(r"(?:-\d+x\d+)?(\.\w+)(?:\?.*)?$")


@dataclass(frozen=True, slots=True)
class Corrections:
    """The house's way with edited articles. On Telegram a post is always edited in place."""

    on_x: XCorrections = "ignore"

    def errand(self, target: TargetId) -> Errand | None:
        """What is done at this target; None where the post stays as it is."""
        if network_of(target) is Network.TELEGRAM:
            return Errand.EDIT
        return {"ignore": None, "repost": Errand.REPOST, "edit": Errand.EDIT}[self.on_x]

    def within(self, target: TargetId) -> float:
        """Seconds after a post was sent in which it is still corrected."""
        edits_on_x = network_of(target) is Network.X and self.on_x == "edit"
        return X_EDITABLE_SECONDS if edits_on_x else EDITABLE_SECONDS


def revisions_of(
    before: Story, after: Story, targets: Iterable[Target], renderer: Renderer, corrections: Corrections
) -> tuple[Revision, ...]:
    """The revisions by which posts of the one become posts of the other; none where no reader would see a difference.

    Both tellings are set by the templates of today, so that a changed template alone changes nothing.
    """
    revisions = []
    for target in targets:
        errand = corrections.errand(target.id)
        if errand is None:
            continue
        old, new = _forms(before, target, renderer), _forms(after, target, renderer)
        if not all(looks_same(was, now) for was, now in zip(old, new, strict=True)):
            revisions.append(Revision(target.id, errand, *new, within=corrections.within(target.id)))
    return tuple(revisions)


def reworded(
    told: Story, targets: Iterable[Target], renderer: Renderer, corrections: Corrections, by: str
) -> tuple[Revision, ...]:
    """The revisions by which an editor has a story's posts tell it as `told` does, where posts may be edited."""
    return tuple(
        Revision(target.id, errand, *_forms(told, target, renderer), within=FOR_EVER, by=by)
        for target in targets
        if (errand := corrections.errand(target.id)) is not None
    )


def looks_same(one: Post, other: Post) -> bool:
    """Whether a reader would see no difference: vowel signs, tatweel and spaces are none; a letter is one."""
    return _seen(one.text) == _seen(other.text) and _picture(one) == _picture(other)


def _forms(story: Story, target: Target, renderer: Renderer) -> tuple[Post, Post]:
    """As it reads where it went out as breaking, and where as ordinary."""
    breaking = kicker_for(story, Breaking(Why.SITE_CATEGORY))
    ordinary = kicker_for(story, Ordinary(Why.NO_SIGNAL))
    return (
        renderer.render(story, breaking, Lane.BREAKING, target),
        renderer.render(story, ordinary, Lane.ORDINARY, target),
    )


def _seen(text: str) -> str:
    return display(bare(text))


def _picture(post: Post) -> str:
    """The first picture, whichever of WordPress's sizes is named."""
    return _PICTURE_SIZE.sub(r"\1", post.pictures[0].url) if post.pictures else ""
