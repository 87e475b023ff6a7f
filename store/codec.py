"""What the store writes and reads back: stories and posts as JSON, deliveries as hashes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from pydantic import TypeAdapter

from newsroom.batch import Batch
from newsroom.delivery import Delivery, DeliveryId, Lane, State, as_taken
from newsroom.errand import Errand, Standing
from newsroom.post import Post
from newsroom.story import Story, StoryId
from newsroom.target import TargetId

BODY_KEPT = 1_200
"""Characters of a body that are kept as evidence for `relate`: its first 80 words decide (facts: arabic §3)."""

POSTS_READ = 512
"""Posts that are read once while they wait: they are answered when admitted, shown, and taken. Some 2 MB at most."""

_STORY = TypeAdapter(Story)
_POST = TypeAdapter(Post)
_IDS = TypeAdapter(tuple[str, ...])
_POLICIES = TypeAdapter(dict[TargetId, str])
_BATCH = TypeAdapter(Batch)


def story_json(story: Story) -> str:
    """A story as the store keeps it."""
    return _STORY.dump_json(replace(story, body=story.body[:BODY_KEPT])).decode()


def story_of_json(text: str) -> Story:
    """The story again; fields that a later version added get their defaults."""
    return _STORY.validate_json(text)


def post_json(post: Post) -> str:
    """A post as the store keeps it: every retry and every worker sends exactly this."""
    return _POST.dump_json(post).decode()


def policies_json(policies: Mapping[TargetId, str]) -> str:
    """What rules of the house said, by target."""
    return _POLICIES.dump_json(dict(policies)).decode()


def policies_of_json(text: str) -> Mapping[TargetId, str]:
    """The same again."""
    return _POLICIES.validate_json(text)


def batch_of_json(text: str) -> Batch:
    """With what a story waited."""
    return _BATCH.validate_json(text)


def ids_json(ids: tuple[str, ...]) -> str:
    """Message ids as the store keeps them."""
    return json.dumps(ids)


def _ids(text: str) -> tuple[str, ...]:
    # A delivery that was not sent yet has none, and the reader of all others costs as much as a request's head.
    return () if text in {"", "[]"} else _IDS.validate_json(text)


@lru_cache(POSTS_READ)
def post_of_json(text: str) -> Post:
    """The post again; one and the same for the same text, as nothing of a post ever changes."""
    return _POST.validate_json(text)


def delivery_of(fields: Mapping[str, str]) -> Delivery:
    """A delivery from its hash; a change of a post takes the form of the post that stands."""
    post, stands = post_of_json(fields["post"]), None
    if "stands_post" in fields:
        stands = Standing(_ids(fields["stands_ids"]), post_of_json(fields["stands_post"]))
        post = replace(as_taken(Errand(fields["errand"]), post, stands.post), newest=fields.get("stands_newest", ""))
    replied = _ids(fields.get("reply_ids", ""))
    answered = replied[0] if replied else ""
    if answered != post.reply_to:
        post = replace(post, reply_to=answered)
    return Delivery(
        id=DeliveryId(fields["id"]),
        story=StoryId(fields["story"]),
        post=post,
        lane=Lane(fields["lane"]),
        admitted=float(fields["admitted"]),
        due=float(fields["due"]),
        expires=float(fields["expires"]),
        state=State(fields["state"]),
        attempts=int(fields["attempts"]),
        fence=int(fields["fence"]),
        lease_until=float(fields.get("lease", "0")),
        base=int(fields.get("base", "0")),
        message_ids=_ids(fields.get("ids", "")),
        url=fields.get("url", ""),
        why=fields.get("why", ""),
        by=fields.get("by", ""),
        settled=float(fields["settled"]),
        readable=float(fields.get("readable", "0")),
        doubted=fields.get("doubted") == "1",
        errand=Errand(fields.get("errand", Errand.POST)),
        of=fields.get("of", ""),
        changes=int(fields.get("changes", "0")),
        stands=stands,
    )
