"""A hook: what WordPress says when an editor publishes, changes or takes back an article. Pure.

The plugin (docs/ajil-push.php) signs `timestamp.body` with HMAC-SHA256. A note carries the very texts that WordPress
would print into its feed, under the same names: it makes the same entry, hence the same story, whichever comes first.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from feeds.references import unescaped
from feeds.wordpress import entry_of
from newsroom.entry import HOOK, Entry

FRESH_SECONDS = 300.0
"""How old, or how far ahead, a signature may be: clocks differ, and what was overheard must not serve for ever."""

MOST_BYTES = 1_000_000
"""Of a note. The longest of 2,000 measured articles has 90 kB."""

SEALED = "sha256="
_STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SEAL = re.compile(r"sha256=[0-9a-f]{64}", re.ASCII)


class Refusal(StrEnum):
    """Why a hook is not let in."""

    CLOSED = "closed"
    UNSIGNED = "unsigned"
    FORGED = "forged"
    STALE = "stale"
    REPEATED = "repeated"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    TOO_MANY = "too_many"
    WRONG_TYPE = "wrong_type"
    NOT_JSON = "not_json"
    WRONG_FORM = "wrong_form"
    FOREIGN = "foreign"
    """Its article stands on a site whose feeds are not ours: a copy of the site for trials has the same secret."""
    UNASKED = "unasked"
    """A hub verifies what we did not ask."""
    GONE = "gone"
    """A hub brings what we gave up."""


class Event(StrEnum):
    """What happened on the site."""

    PUBLISH = "publish"
    UPDATE = "update"
    TRASH = "trash"
    """It was taken from the public, in whatever way."""


_Text = Annotated[str, Field(max_length=MOST_BYTES)]
_Short = Annotated[str, Field(max_length=4_000)]
_Names = Annotated[list[_Short], Field(max_length=200)]


class _Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class HookImage(_Form):
    """The article's featured image, which WordPress's own feed does not name."""

    url: _Short
    width: int = Field(0, ge=0, le=100_000)
    height: int = Field(0, ge=0, le=100_000)


class HookPost(_Form):
    """An article as the feed would print it; one that was taken back needs only its names."""

    id: int = Field(ge=1)
    guid: _Short
    link: _Short
    title: _Short = ""
    content: _Text = ""
    excerpt: _Text = ""
    categories: _Names = []
    tags: _Names = []
    author: _Short = ""
    published: _Short = ""
    """ISO 8601 in UTC; so is `modified`."""
    modified: _Short = ""
    image: HookImage | None = None


class Note(_Form):
    """What one request says."""

    version: Literal[1]
    event: Literal["publish", "update", "trash"]
    delivery: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{16,64}$")]
    """One attempt's own name: it is taken once."""
    post: HookPost


@dataclass(frozen=True, slots=True)
class Letter:
    """One request, as it came."""

    stamp: str
    """X-Ajil-Timestamp: Unix seconds."""
    seal: str
    """X-Ajil-Signature: `sha256=` and 64 hex digits."""
    body: bytes


def seal_of(secret: str, stamp: str, body: bytes) -> str:
    """The signature that the plugin puts on a body."""
    return SEALED + hmac.new(secret.encode(), stamp.encode("utf-8", "replace") + b"." + body, sha256).hexdigest()


def looks_signed(stamp: str, seal: str) -> bool:
    """Whether both headers have their form; worth knowing before a body is read."""
    return bool(_STAMP.fullmatch(stamp) and _SEAL.fullmatch(seal))


def refusal_of(letter: Letter, secret: str, now: float) -> Refusal | None:
    """Why a letter is not believed; None for one that whoever has the secret wrote, not long before `now` (Unix).

    Whether it is stale is said only of a letter that is genuine, so that a stranger learns nothing of our clock.
    """
    if not secret:
        return Refusal.CLOSED
    if not looks_signed(letter.stamp, letter.seal):
        return Refusal.UNSIGNED
    if not hmac.compare_digest(letter.seal, seal_of(secret, letter.stamp, letter.body)):
        return Refusal.FORGED
    return Refusal.STALE if abs(now - float(letter.stamp)) > FRESH_SECONDS else None


def read_note(body: bytes) -> Note | Refusal:
    """What a body says."""
    try:
        return Note.model_validate_json(body)
    except ValidationError as wrong:
        is_json = all(error["type"] != "json_invalid" for error in wrong.errors(include_input=False))
        return Refusal.WRONG_FORM if is_json else Refusal.NOT_JSON


def entry_of_note(note: Note) -> Entry:
    """The entry that the site's feed gives for the same article, and the featured picture beside it."""
    return replace(entry_of(_fields_of(note.post), ""), feed=HOOK)


def _fields_of(post: HookPost) -> Mapping[str, Any]:
    """Under feedparser's names, which `feeds.wordpress` reads."""
    fields: dict[str, Any] = {
        "id": post.guid,
        "link": post.link,
        # WordPress escapes a title once more for the feed, where feedparser takes that off; the rest stands in CDATA.
        "title": unescaped(post.title),
        "summary": post.excerpt,
        "authors": [{"name": post.author}],
        "tags": [{"term": name} for name in (*post.categories, *post.tags)],
    }
    if post.content:
        fields["content"] = [{"value": post.content}]
    fields |= {name: text for name, text in (("published", post.published), ("updated", post.modified)) if text}
    if post.image is not None:
        fields["media_content"] = [_media_of(post.image)]
    return fields


def _media_of(image: HookImage) -> Mapping[str, str]:
    return {"url": image.url, "medium": "image", "width": str(image.width), "height": str(image.height)}
