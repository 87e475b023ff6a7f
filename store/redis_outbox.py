"""The outbox on a Redis-protocol server: every step one Lua script, so whole or not at all."""

import json
from collections.abc import Sequence
from typing import Any

from newsroom.delivery import Delivery, Lane, State
from newsroom.errand import EDITS_AT_MOST, WORN, Revision
from newsroom.errors import LeaseLost, StoreUnavailable
from newsroom.ports import Admission, AdmitOutcome, Admitted, AlreadyKnown, Moved, Recent, Wait
from newsroom.story import StoryId
from newsroom.target import TargetId
from store.codec import delivery_of, ids_json, post_json, story_json, story_of_json
from store.keys import MEMORY_SECONDS, SENT_KEPT, WINDOW_STORIES
from store.redis_ledger import RedisLedger
from store.server import Server
from store.terms import Terms, told_refused, told_shut

RANK = {Lane.BREAKING: 0, Lane.ORDINARY: 10**12}
"""Score of a lane before the window's version is added: breaking before ordinary, first in first out."""

_CHANGES = {"ranks": RANK, "memory": MEMORY_SECONDS, "most": EDITS_AT_MOST, "worn": WORN}


class RedisOutbox:
    """Implements `newsroom.ports.Outbox`."""

    def __init__(self, server: Server, terms: Terms | None = None) -> None:
        """Take an open server, and the terms on which deliveries may go."""
        self._server = server
        self._terms = terms or Terms()
        self._ledger = RedisLedger(server)

    async def recent(self, since: int) -> Recent:
        """See `newsroom.ports.Outbox`; so for all below."""
        version, *stories = await self._server.run("recent", since)
        return Recent(int(version), tuple(story_of_json(text) for text in stories))

    async def admit(self, admissions: Sequence[Admission], version: int) -> tuple[AdmitOutcome, ...]:
        """One script for all: none of another worker's can stand between them."""
        requests = json.dumps([_request(admission) for admission in admissions], ensure_ascii=False)
        answers = await self._server.run("admit", version, requests)
        return tuple([await self._outcome(answer) for answer in answers])

    async def _outcome(self, answer: list[Any]) -> AdmitOutcome:
        match answer:
            case ["moved"]:
                return Moved()
            case ["known", story, version, *states]:
                pairs = zip(states[::2], states[1::2], strict=True)
                return AlreadyKnown(StoryId(story), int(version), tuple((TargetId(t), State(s)) for t, s in pairs))
            case ["admitted", story, version, *ids]:
                return Admitted(StoryId(story), int(version), await self._ledger.deliveries(ids))
            case _:
                raise StoreUnavailable(f"the store gave an answer nobody knows: {answer!r}")

    async def revise(self, story: StoryId, revisions: Sequence[Revision]) -> None:
        """One script, the same steps as in an admission."""
        asked = json.dumps([_revision(revision) for revision in revisions], ensure_ascii=False)
        await self._server.run("revise", story, asked, json.dumps(_CHANGES))

    async def peek(self, target: TargetId) -> Delivery | Wait:
        """The script that takes, without a worker: it shows and claims nothing."""
        return _taken(await self._server.run("take", target, "", 0, self._terms.of_take(target)))

    async def take(self, target: TargetId, worker: str, lease_seconds: float) -> Delivery | Wait:
        """`sending`, fence and lease are committed before the answer, so before any request."""
        return _taken(await self._server.run("take", target, worker, lease_seconds, self._terms.of_take(target)))

    async def settle(self, delivery: Delivery) -> None:
        """Written under the fence only."""
        answer = await self._server.run(
            "settle",
            delivery.id,
            delivery.fence,
            delivery.state,
            delivery.why,
            post_json(delivery.post),
            ids_json(delivery.message_ids),
            delivery.url,
            max(0.0, delivery.due - delivery.settled),
            max(0.0, delivery.readable - delivery.settled),
            delivery.parks,
            SENT_KEPT,
            self._terms.of_settle(delivery.target),
            delivery.errand,
        )
        if answer == "shut":
            told_shut(delivery)
        elif answer != "ok":
            raise LeaseLost(f"{delivery.id} is no longer ours to settle")

    async def uncertain(self) -> tuple[Delivery, ...]:
        """One script for all targets."""
        found = await self._server.run("uncertain")
        return tuple(delivery_of(_fields(flat)) for flat in found)

    async def resolve(self, delivery: Delivery) -> None:
        """Written under the fence only, and moves it on."""
        answer = await self._server.run(
            "resolve",
            delivery.id,
            delivery.fence,
            delivery.state,
            delivery.why,
            ids_json(delivery.message_ids),
            delivery.url,
            max(0.0, delivery.readable - delivery.settled),
            SENT_KEPT,
        )
        if answer != "ok":
            raise LeaseLost(f"{delivery.id} is no longer uncertain")


def _taken(answer: list[str]) -> Delivery | Wait:
    kind, *rest = answer
    if kind == "wait":
        seconds, why = rest
        return Wait(float(seconds) if seconds else None, why)
    if kind == "refused":
        why, name, first = rest
        told_refused(name, why, is_first=bool(first))
        return Wait(0.0, why)
    return delivery_of(_fields(rest))


def _fields(flat: Sequence[str]) -> dict[str, str]:
    """A hash as HGETALL gives it inside a script."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _revision(revision: Revision) -> dict[str, Any]:
    return {
        "target": revision.target,
        "errand": revision.errand,
        "within": revision.within,
        "by": revision.by,
        "breaking": post_json(revision.breaking),
        "ordinary": post_json(revision.ordinary),
    }


def _request(admission: Admission) -> dict[str, Any]:
    story = admission.story
    return {
        "story": story.id,
        "same_as": admission.same_as or "",
        "moves": admission.moves_window,
        "rewrite": admission.rewrite,
        "idents": [*story.keys, story.id],
        "json": story_json(story),
        "verdict": admission.verdict,
        "reason": admission.reason,
        "by": admission.by,
        "completes": admission.completes,
        "lane": admission.lane,
        "rank": RANK[admission.lane],
        "admitted": story.met.timestamp(),
        "expires": admission.expires,
        "revisions": [_revision(revision) for revision in admission.revisions],
        "terms": _CHANGES,
        "posts": [{"target": post.target, "json": post_json(post)} for post in admission.posts],
        "memory": MEMORY_SECONDS,
        "window": WINDOW_STORIES,
    }
