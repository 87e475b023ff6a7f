"""A reckoning: the ledger held against what stands at a target. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newsroom.delivery import Delivery
from newsroom.errand import Errand
from publishing.sameness import same_words


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a look at one target came to."""

    standing: int
    """Posts that stand as the ledger says."""
    missing: tuple[Delivery, ...] = ()
    """The ledger has them as sent; they are not there."""
    changed: tuple[Delivery, ...] = ()
    """Something stands under their number, in other words: edited by hand, or another's post."""
    doubled: tuple[tuple[Delivery, str], ...] = ()
    """The same words stand a second time, under this number."""

    @property
    def is_clean(self) -> bool:
        """Nothing is missing and nothing doubled; what an editor changed by hand is an editor's business."""
        return not self.missing and not self.doubled


def standing_posts(sent: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Of what was sent, newest first, what should stand now: each post once, in its newest words.

    None that was deleted, and none whose number nobody knows.
    """
    newest: dict[str, Delivery] = {}
    for delivery in sent:
        # A picture or a button that came later changed no words; what it carries may be older ones.
        if not delivery.errand.is_quiet:
            newest.setdefault(delivery.of or delivery.id, delivery)
    return tuple(one for one in newest.values() if one.errand is not Errand.DELETE and one.message_ids)


def reckon(posts: Iterable[Delivery], seen: Mapping[str, str]) -> Reckoning:
    """Hold them against what was seen.

    Args:
        posts: `standing_posts` of one target.
        seen: words by number, of every number that was looked at and is taken.
    """
    standing, missing, changed, doubled = 0, [], [], []
    numbers = {number for post in posts for number in post.message_ids}
    for post in posts:
        words = seen.get(post.message_ids[0])
        if words is None:
            missing.append(post)
        elif same_words(post.post.text, words):
            standing += 1
        else:
            changed.append(post)
        doubled += [
            (post, number)
            for number, other in seen.items()
            if number not in numbers and same_words(post.post.text, other)
        ]
    return Reckoning(standing, tuple(missing), tuple(changed), tuple(doubled))
