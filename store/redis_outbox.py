"""The outbox on a Redis-protocol server: every step one Lua script, so whole or not at all."""

import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from newsroom.admission import Admission, AdmitOutcome, Admitted, AlreadyKnown, Moved, Recent, Wait
from newsroom.delivery import Delivery, Lane, State
from newsroom.errand import AT_ONCE, EDITS_AT_MOST, WORN, Revision
from newsroom.errors import LeaseLost, StoreUnavailable
from newsroom.ports import Showing
from newsroom.post import Post, PostKind
from newsroom.story import StoryId
from newsroom.target import TargetId
from store.codec import delivery_of, ids_json, policies_json, post_json, post_of_json, story_json, story_of_json
from store.epoch import Epoch
from store.keys import MEMORY_SECONDS, SENT_KEPT, UPDATE_SECONDS, WINDOW_STORIES, short
from store.redis_ledger import RedisLedger
from store.redis_memory import feed_state_json
from store.server import Server
from store.terms import Terms, told_refused, told_shut

RANK = {Lane.BREAKING: 0, Lane.ORDINARY: 10**12}
"""Score of a lane before the window's version is added: breaking before ordinary, first in first out."""

VERIFIED_AT_MOST = 3
"""How often one step may meet another server."""
_STRANGE = (["epoch"], [["epoch"]])
"""What `take` and `admit` answer on a server that was not verified."""

_CHANGES = {"ranks": RANK, "memory": MEMORY_SECONDS, "most": EDITS_AT_MOST, "worn": WORN}


class RedisOutbox:
    """Implements `newsroom.ports.Outbox`."""

    def __init__(self, server: Server, terms: Terms | None = None) -> None:
        """Take an open server, and the terms on which deliveries may go."""
        self._server = server
        self._terms = terms or Terms()
        self._told: dict[TargetId, str] = {}
        self._read: dict[TargetId, Post] = {}
        """What the store keeps of the delivery that stands next in each lane."""
        self._ledger = RedisLedger(server)
        self.epoch = Epoch(server)

    async def recent(self, since: int) -> Recent:
        """See `newsroom.ports.Outbox`; so for all below."""
        version, forgotten, *stories = await self._server.run("recent", since)
        return Recent(int(version), tuple(story_of_json(text) for text in stories), float(forgotten or 0))

    async def admit(
        self, admissions: Sequence[Admission], version: int, showing: Showing | None = None
    ) -> tuple[AdmitOutcome, ...]:
        """One script for all: none of another worker's can stand between them."""
        requests = [json.dumps(_request(admission), ensure_ascii=False) for admission in admissions]
        seen = (short(showing.feed), feed_state_json(showing.state)) if showing else ("", "")
        answers, _ = await self._known("admit", version, f"[{','.join(requests)}]", *seen)
        outcomes = tuple(_outcome(answer) for answer in answers)
        for admission, request, outcome in zip(admissions, requests, outcomes, strict=True):
            if isinstance(outcome, Admitted):
                self.epoch.admitted(admission.story.met.timestamp(), request, outcome.deliveries)
        return outcomes

    async def _known(self, name: str, *args: str | float, is_copied: bool = False) -> tuple[Any, int | None]:
        """A step that is taken on a verified server only, and how many replicas hold it where that is asked."""
        for _ in range(VERIFIED_AT_MOST):
            token, copies = self.epoch.token, None
            if is_copied:
                answer, copies = await self._server.run_copied(name, *args, token)
            else:
                answer = await self._server.run(name, *args, token)
            if answer not in _STRANGE:
                return answer, copies
            await self.epoch.verify(token)
        raise StoreUnavailable("the store moves from server to server; nothing is sent until it stands still")

    async def revise(self, story: StoryId, revisions: Sequence[Revision]) -> None:
        """One script, the same steps as in an admission."""
        asked = json.dumps([_revision(revision) for revision in revisions], ensure_ascii=False)
        await self._server.run("revise", story, asked, json.dumps(_CHANGES))

    async def look(
        self, target: TargetId, worker: str = "", lease_seconds: float = 0.0, kinds: Collection[PostKind] = ()
    ) -> Delivery | Wait:
        """The script that takes, told which kinds of post it may."""
        answer, _ = await self._known("take", target, worker, _words_of(kinds), lease_seconds, self._terms_of(target))
        return await self._taken(target, answer)

    async def take(self, target: TargetId, worker: str, lease_seconds: float) -> Delivery | Wait:
        """`sending`, fence and lease are committed before the answer, so before any request."""
        terms, is_copied = self._terms_of(target), self.epoch.replicas > 0
        answer, copies = await self._known("take", target, worker, "*", lease_seconds, terms, is_copied=is_copied)
        taken = await self._taken(target, answer)
        if isinstance(taken, Delivery) and copies == 0:
            why = "no replica has confirmed the claim"
            # Given back on a server that was promoted meanwhile and never heard of it, there is nothing to give back.
            with suppress(LeaseLost):
                await self.settle(replace(taken, state=State.PLANNED, due=taken.settled, why=why))
            raise StoreUnavailable(f"{why}: what only one server knows may be lost with it, so nothing is sent")
        return taken

    def _terms_of(self, target: TargetId) -> str:
        """They are the same for as long as the worker lives, and every step names them."""
        if target not in self._told:
            self._told[target] = self._terms.of_lane(target)
        return self._told[target]

    async def _taken(self, target: TargetId, answer: list[str]) -> Delivery | Wait:
        kind, *rest = answer
        if kind == "wait":
            seconds, why = rest
            if why == "empty":
                self.epoch.emptied(target)
            return Wait(float(seconds) if seconds else None, why)
        if kind == "expired":
            return Wait(0.0, "expired", await self._ledger.deliveries(rest))
        if kind == "refused":
            why, name, first = rest
            told_refused(name, why, is_first=bool(first))
            return Wait(0.0, why, await self._ledger.deliveries([name]))
        fields = _fields(rest)
        self.epoch.met(fields)
        self._read[target] = post_of_json(fields["post"])
        return delivery_of(fields)

    def _words(self, delivery: Delivery) -> str:
        """Its post as the store keeps it; empty where that is what was read of it there."""
        return "" if delivery.post is self._read.get(delivery.target) else post_json(delivery.post)

    async def settle(self, delivery: Delivery) -> None:
        """Written under the fence only."""
        await self._settled(delivery, "")

    async def settle_then_take(
        self, delivery: Delivery, worker: str, lease_seconds: float, kinds: Collection[PostKind]
    ) -> Delivery | Wait:
        """One script does both; where the server is no longer the one that was verified, it settles alone."""
        following = await self._settled(delivery, self.epoch.token, worker, lease_seconds, _words_of(kinds))
        if following in ([], *_STRANGE):
            return await self.look(delivery.target)
        return await self._taken(delivery.target, following)

    async def _settled(
        self, delivery: Delivery, token: str, worker: str = "", lease_seconds: float = 0.0, kinds: str = ""
    ) -> list[str]:
        """Settle, and claim or have shown what stands next where an epoch is named."""
        answer, *following = await self._server.run(
            "settle",
            delivery.id,
            delivery.fence,
            delivery.state,
            delivery.why,
            self._words(delivery),
            ids_json(delivery.message_ids),
            delivery.url,
            max(0.0, delivery.due - delivery.settled),
            max(0.0, delivery.readable - delivery.settled),
            delivery.parks,
            SENT_KEPT,
            self._terms_of(delivery.target),
            delivery.errand,
            token,
            worker,
            lease_seconds,
            kinds,
            "1" if delivery.cools else "",
        )
        self.epoch.settled(delivery)
        if answer == "shut":
            told_shut(delivery)
        elif answer != "ok":
            raise LeaseLost(f"{delivery.id} is no longer ours to settle")
        return list(following[0]) if following else []

    async def uncertain(self, *, readable: bool = False) -> tuple[Delivery, ...]:
        """One script for all targets."""
        found = await self._server.run("uncertain", "1" if readable else "")
        return tuple(delivery_of(_fields(flat)) for flat in found)

    async def now(self) -> float:
        """Of the server that writes."""
        return await self._server.time()

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


def _words_of(kinds: Collection[PostKind]) -> str:
    """As next.lua reads them."""
    return "".join(f"{kind} " for kind in kinds)


def _fields(flat: Sequence[str]) -> dict[str, str]:
    """A hash as HGETALL gives it inside a script."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _revision(revision: Revision) -> dict[str, Any]:
    return {
        "target": revision.target,
        "errand": revision.errand,
        "within": revision.within,
        "by": revision.by,
        **({} if revision.due is None else {"due": revision.due}),
        "breaking": post_json(revision.breaking),
        "ordinary": post_json(revision.ordinary),
    }


def _outcome(answer: list[Any]) -> AdmitOutcome:
    match answer:
        case ["moved"]:
            return Moved()
        case ["known", story, version, *states]:
            pairs = _fields(states).items()
            return AlreadyKnown(StoryId(story), int(version), tuple((TargetId(t), State(s)) for t, s in pairs))
        case ["admitted", story, version, *planned]:
            # Their fields come with the answer: to ask for them would cost each story a round trip of its own.
            return Admitted(StoryId(story), int(version), tuple(delivery_of(_fields(flat)) for flat in planned))
        case _:
            raise StoreUnavailable(f"the store gave an answer nobody knows: {answer!r}")


def _request(admission: Admission) -> dict[str, Any]:
    story, met = admission.story, admission.story.met.timestamp()
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
        "admitted": met,
        "expires": admission.expires,
        **({"published": story.published.timestamp()} if story.published else {}),
        "revisions": [_revision(revision) for revision in admission.revisions],
        "terms": _CHANGES,
        "relation": admission.relation,
        "ground": admission.ground,
        "of": admission.of or "",
        "policies": policies_json(admission.policies),
        **({"batch": {**asdict(admission.batch), "kept": UPDATE_SECONDS}} if admission.batch else {}),
        "posts": [
            {
                "target": post.target,
                "json": post_json(post),
                "thread": post.thread,
                "due": admission.dues.get(post.target, AT_ONCE),
            }
            for post in admission.posts
        ],
        "memory": MEMORY_SECONDS,
        "window": WINDOW_STORIES,
    }
