"""The twin of change.lua: planning changes of posts that stand, and what must hold before one is taken."""

import re
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from math import inf

from newsroom.delivery import TAKEN_BACK, Delivery, Lane, State, as_taken, change_id, delivery_id, picture_id, thread_id
from newsroom.errand import EDIT_SECONDS, EDITABLE_SECONDS, EDITS_AT_MOST, WORN, Errand, Revision, Standing
from newsroom.story import StoryId

Rank = tuple[int, int]
FIRST: Rank = (-1, 0)
"""What an editor wants of a post goes before all news."""
_QUIET = 2
"""A late picture and a thread's button go behind all news."""
_ON_ITS_WAY = frozenset({State.PLANNED, State.SENDING, State.UNCERTAIN})


@dataclass(slots=True)
class _Record:
    """What is kept of one post's changes."""

    edit_due: float = 0.0
    """Unix seconds from which the next edit may go."""
    is_withdrawn: bool = False
    newest: str = ""
    """Address of the newest post of the thread that it began."""


def _number_in(url: str) -> int:
    """Of a post, by its address: the greater, the later."""
    found = re.search(r"(\d+)$", url)
    return int(found[1]) if found else 0


class MemoryChanges:
    """Changes of posts that stand. Times are unix seconds.

    Args:
        deliveries: all of the outbox's, by id; changes are put among them.
        enter: puts a new delivery into its lane with a rank.
        leave: takes one out of its lane.
    """

    def __init__(
        self,
        deliveries: MutableMapping[str, Delivery],
        enter: Callable[[Delivery, Rank], None],
        leave: Callable[[Delivery], None],
    ) -> None:
        self._deliveries = deliveries
        self._enter = enter
        self._leave = leave
        self._records: dict[str, _Record] = {}

    def plan(self, story: StoryId, revision: Revision, now: float, version: int) -> None:
        """One revision of a story's post, where it was posted."""
        first = self._deliveries.get(delivery_id(story, revision.target))
        if first is None:
            return
        record = self._records.setdefault(first.id, _Record())
        if revision.errand is Errand.PICTURE:
            if not record.is_withdrawn:
                self._plan_picture(first, revision, now, version)
            return
        if record.is_withdrawn and not revision.by:
            return
        post = revision.breaking if first.lane is Lane.BREAKING else revision.ordinary
        waiting = self._deliveries.get(change_id(first.id, first.changes))
        revised = replace(first, post=post)
        if first.state is State.PLANNED:
            self._revise_planned(revised, revision, now)
        elif waiting and waiting.state is State.PLANNED and waiting.errand is Errand.POST:
            self._revise_planned(replace(waiting, post=post), revision, now)
        elif waiting and waiting.state is State.PLANNED and not revision.by:
            self._deliveries[waiting.id] = replace(waiting, post=post)
        elif self._may_change(first, waiting, revision, now):
            self._plan_next(revised, record, revision, now, version)

    def _revise_planned(self, revised: Delivery, revision: Revision, now: float) -> None:
        """New words for a post that was not sent: the same delivery brings them. Or it is taken back."""
        if revision.errand is not Errand.DELETE:
            due = revised.due if revision.due is None else revision.due or now
            self._deliveries[revised.id] = replace(revised, by=revision.by or revised.by, due=due)
            if revision.due is not None:
                self._enter(self._deliveries[revised.id], FIRST)
            if revision.by:
                self._records.setdefault(revised.id, _Record()).is_withdrawn = True
            return
        standing = self._deliveries[revised.id]
        self._give_up(standing, State.REFUSED, TAKEN_BACK, now)

    def _may_change(self, first: Delivery, waiting: Delivery | None, revision: Revision, now: float) -> bool:
        is_changing = waiting is not None and waiting.state is State.SENDING
        if self._bearer(first).state not in {*_ON_ITS_WAY, State.SENT} and not is_changing:
            return False
        if revision.by:
            return True
        if first.state is State.SENT and now - first.settled > revision.within:
            return False
        if first.changes >= EDITS_AT_MOST:
            self._deliveries[first.id] = replace(first, why=WORN)
            return False
        return True

    def _plan_picture(self, first: Delivery, revision: Revision, now: float, version: int) -> None:
        name = picture_id(first.id)
        if first.state is not State.SENT or now - first.settled > revision.within or name in self._deliveries:
            return
        change = Delivery(
            id=name,
            story=first.story,
            post=revision.breaking if first.lane is Lane.BREAKING else revision.ordinary,
            lane=first.lane,
            admitted=now,
            due=now,
            expires=first.settled + revision.within,
            settled=now,
            errand=Errand.PICTURE,
            of=first.id,
        )
        self._enter(change, (_QUIET, version))

    def _plan_next(self, revised: Delivery, record: _Record, revision: Revision, now: float, version: int) -> None:
        number = revised.changes + 1
        self._deliveries[revised.id] = replace(self._deliveries[revised.id], changes=number)
        record.is_withdrawn = record.is_withdrawn or bool(revision.by)
        sent = revised.settled if revised.state is State.SENT else now
        change = Delivery(
            id=change_id(revised.id, number),
            story=revised.story,
            post=revised.post,
            lane=revised.lane,
            admitted=now,
            due=now,
            expires=sent + revision.within,
            by=revision.by,
            settled=now,
            errand=revision.errand,
            of=revised.id,
        )
        self._enter(change, FIRST if revision.by else (int(revised.lane is not Lane.BREAKING), version))

    def ground_of(self, delivery: Delivery, now: float, gone: list[Delivery]) -> Delivery | float | None:
        """A delivery with what it finds standing; seconds for one that must wait; None for one given up here.

        `gone` learns of a post that ends here.
        """
        if not delivery.of or delivery.errand is Errand.POST:
            return self._under_its_thread(delivery)
        post, record = self._deliveries[delivery.of], self._records[delivery.of]
        is_quiet = delivery.errand.is_quiet
        bearer = post if is_quiet else self._bearer(post)
        if bearer.state not in {*_ON_ITS_WAY, State.SENT}:
            self._give_up(delivery, State.EXPIRED, "the post does not stand any more", now)
            return None
        if not is_quiet and delivery.id != change_id(post.id, post.changes):
            self._give_up(delivery, State.EXPIRED, "a newer change took its place", now)
            return None
        if bearer.state is State.PLANNED and not is_quiet and delivery.by:
            self._overtake(delivery, bearer, now, gone)
            return None
        if bearer.state is not State.SENT:
            return inf
        if not is_quiet and not delivery.by and record.edit_due > now:
            return record.edit_due - now
        stands = Standing(post.message_ids, post.post)
        words = as_taken(delivery.errand, delivery.post, post.post)
        return replace(delivery, stands=stands, post=replace(words, newest=record.newest))

    def _bearer(self, post: Delivery) -> Delivery:
        """What brings a post that is not known to stand: its own delivery, or a repost of which the first step is done."""
        changes = (self._deliveries[change_id(post.id, number)] for number in range(post.changes, 0, -1))
        steps = (change for change in changes if change.errand is Errand.POST and change.state in _ON_ITS_WAY)
        return next(steps, post)

    def _overtake(self, change: Delivery, bearer: Delivery, now: float, gone: list[Delivery]) -> None:
        """An editor decided while the post was under way, and it came to nothing: it does not go out as it was."""
        if change.errand is Errand.DELETE:
            self._give_up(bearer, State.REFUSED, TAKEN_BACK, now)
            gone.append(self._deliveries[bearer.id])
            self._give_up(change, State.EXPIRED, "the post does not stand any more", now)
        else:
            self._deliveries[bearer.id] = replace(bearer, post=change.post, by=change.by)
            self._give_up(change, State.EXPIRED, "the post itself goes out with these words", now)

    def _under_its_thread(self, delivery: Delivery) -> Delivery:
        """A post with the number of the one under which it hangs, if that stands."""
        first = self._deliveries.get(delivery_id(StoryId(delivery.post.thread), delivery.target))
        stands = first is not None and first.state is State.SENT and first.message_ids
        number = first.message_ids[0] if first is not None and stands else ""
        return replace(delivery, post=replace(delivery.post, reply_to=number))

    def _hang_button(self, sent: Delivery, now: float) -> None:
        """Under the first post of the thread, to this newest one."""
        first = self._deliveries.get(delivery_id(StoryId(sent.post.thread), sent.target))
        if first is None or first.state is not State.SENT or not sent.url or now - first.settled > EDITABLE_SECONDS:
            return
        record = self._records.setdefault(first.id, _Record())
        if _number_in(sent.url) < _number_in(record.newest):
            return
        record.newest = sent.url
        name = thread_id(first.id)
        before = self._deliveries.get(name)
        change = Delivery(
            id=name,
            story=first.story,
            post=first.post,
            lane=first.lane,
            admitted=now,
            due=now,
            expires=first.settled + EDITABLE_SECONDS,
            fence=before.fence if before else 0,
            settled=now,
            errand=Errand.THREAD,
            of=first.id,
        )
        self._enter(change, (_QUIET, 0))

    def taken(self, delivery: Delivery, now: float) -> None:
        """The next edit of the same post waits."""
        if delivery.stands is not None and not delivery.errand.is_quiet:
            self._records[delivery.of].edit_due = now + EDIT_SECONDS

    def settled(self, before: Delivery, delivery: Delivery, now: float) -> None:
        """Note in the post's own record what stands now."""
        if not delivery.of:
            if delivery.state is State.SENT and delivery.post.thread:
                self._hang_button(delivery, now)
            return
        post = self._deliveries[delivery.of]
        is_reposting = before.errand is Errand.REPOST and delivery.errand is Errand.POST
        if is_reposting or (delivery.errand is Errand.DELETE and delivery.state is State.SENT):
            self._deliveries[post.id] = replace(post, state=State.REMOVED)
        elif delivery.state is State.SENT:
            self._deliveries[post.id] = replace(
                post,
                state=State.SENT,
                post=delivery.post,
                message_ids=delivery.message_ids or post.message_ids,
                url=delivery.url or post.url,
                settled=now if delivery.errand is Errand.POST else post.settled,
            )

    def _give_up(self, delivery: Delivery, state: State, why: str, now: float) -> None:
        self._leave(delivery)
        self._deliveries[delivery.id] = replace(delivery, state=state, why=why, settled=now)
