"""A withdrawal: what becomes of a story's posts when the site took the article back and an editor says what to do. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from newsroom.correction import Corrections
from newsroom.delivery import Delivery, State
from newsroom.errand import FOR_EVER, Errand, Revision
from newsroom.post import CAPTION_LIMIT_UTF16, Post, PostKind, Span
from newsroom.target import Network, network_of

_STANDS = frozenset({State.PLANNED, State.SENDING, State.SENT, State.UNCERTAIN})


def posts_standing(deliveries: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Of a story's deliveries those whose posts stand, or may come to stand; changes of them are none."""
    return tuple(delivery for delivery in deliveries if not delivery.of and delivery.state in _STANDS)


def deletions(deliveries: Iterable[Delivery], by: str) -> tuple[Revision, ...]:
    """Take every post back, everywhere."""
    return tuple(
        Revision(post.target, Errand.DELETE, post.post, post.post, within=FOR_EVER, by=by)
        for post in posts_standing(deliveries)
    )


def markings(deliveries: Iterable[Delivery], line: str, corrections: Corrections, by: str) -> tuple[Revision, ...]:
    """Put a line above the words of every post that may be edited where it stands: on X where the house edits there.

    Once: a post that is under it already stays as it is, for the order may be carried out again after a crash.
    """
    revisions = []
    for post in posts_standing(deliveries):
        if network_of(post.target) is Network.X and corrections.on_x != "edit":
            continue
        marked = with_line(post.post, line)
        revisions.append(Revision(post.target, Errand.EDIT, marked, marked, within=FOR_EVER, by=by))
    return tuple(revisions)


def with_line(post: Post, line: str) -> Post:
    """The post under a line of our own; where there is no room for all of it, under the line the headline alone."""
    head = f"{line}\n\n"
    if post.text.startswith(head):
        return post
    shift, limit = _units(head), post.limit or CAPTION_LIMIT_UTF16
    # X counts Arabic letters as one each, as UTF-16 does; its own length of the post holds its shortened links.
    if (post.length or _units(post.text)) + shift > limit:
        return replace(post, text=f"{head}{post.headline}", spans=(), link="")
    spans = tuple(Span(span.kind, span.offset + shift, span.length, span.url) for span in post.spans)
    spans = spans if post.kind is not PostKind.PLAIN else ()
    return replace(post, text=head + post.text, spans=spans, length=post.length + shift)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
