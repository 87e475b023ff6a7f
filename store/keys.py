"""Every key the store writes, and how long it lives. Nothing else names a key: scripts build theirs by `key()` too.

All keys share one hash tag, so that a script's many keys lie in one slot of a cluster.
"""

from dataclasses import dataclass
from hashlib import blake2b

from newsroom.purse import SAID_SECONDS

ROOT = "{ajil}"

DAY_SECONDS = 86_400
MEMORY_SECONDS = 45 * DAY_SECONDS
"""How long a story is known. Far longer than anything is news; the watermark and the age limit stand behind it."""
UPDATE_SECONDS = 2 * DAY_SECONDS
"""Telegram drops updates after 24 h; twice that."""
HOOK_SECONDS = 2 * DAY_SECONDS
"""A note's signature is believed for five minutes."""
UPLOAD_SECONDS = 30 * DAY_SECONDS
SIGHTING_SECONDS = 2 * DAY_SECONDS
"""A read-back looks within minutes; an update of Telegram's comes within a day."""
SIGHTINGS_KEPT = 500
SPENT_SECONDS = 400 * DAY_SECONDS
"""More than a year: this month can be held against the same month a year ago."""
FLOOD_SECONDS = 1
WINDOW_STORIES = 2_000
SENT_KEPT = 1_000
NOTES_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of key."""

    name: str
    seconds: int | None
    """Lifetime; None stays until it is removed."""
    holds: str


KINDS = (
    Kind(
        "epoch", None, "hash: whose memory this is: id, server, when it moved or was begun anew; missing = all is gone"
    ),
    Kind("form", None, "string: number of the form of all this; missing = 1"),
    Kind("version", None, "string: number of the window, moved on by each admission"),
    Kind("recent", None, "zset: story ids by the version that wrote them, the newest 2,000"),
    Kind("story", MEMORY_SECONDS, "hash: json, all that was decided about it, by, admitted"),
    Kind("ident", MEMORY_SECONDS, "string: story id, for each key under which a story may come again"),
    Kind("delivery", MEMORY_SECONDS, "hash: one delivery, field by field; a change of a post is `post#n`"),
    Kind("of", MEMORY_SECONDS, "set: delivery ids of a story"),
    Kind("targets", None, "set: every target that ever had a delivery, or was parked"),
    Kind("lane", None, "zset: planned delivery ids of a target, breaking before ordinary, then first in"),
    Kind("flight", None, "string: the delivery of a target that is being sent"),
    Kind("last", None, "string: highest message id known of a target"),
    Kind("cool", None, "string with its own expiry: a target that asked us to wait"),
    Kind("flood", FLOOD_SECONDS, "hash: the last channel of a bot that asked us to wait, and how long"),
    Kind("shut", MEMORY_SECONDS, "string: the delivery that found a target shut for long; gone with the next post"),
    Kind(
        "rate", None, "string or list with its own expiry: when the next is due at a gate, or when the last ones went"
    ),
    Kind("spent", SPENT_SECONDS, "string: millionths of a dollar spent on X in a UTC day or month"),
    Kind("told", SPENT_SECONDS, "string: the first delivery that a day's or month's budget refused, by lane"),
    Kind("words", SAID_SECONDS, "string: the delivery that says a text on X, by the text's SHA-1"),
    Kind("sent", None, "zset: sent delivery ids by time, the newest 1,000"),
    Kind("uncertain", None, "zset: uncertain delivery ids by time"),
    Kind("failed", None, "zset: refused and expired delivery ids by time, the newest 1,000"),
    Kind("paused", None, "string: who paused the newsroom"),
    Kind("stopped", None, "hash: who stopped a target, by target"),
    Kind("holding", None, "string: who holds back what the feeds bring"),
    Kind("parked", None, "string: why a target refuses us; its lane stands still"),
    Kind("feed", None, "string: what a feed has shown us, as JSON"),
    Kind("upload", UPLOAD_SECONDS, "string: a network's own name of a picture"),
    Kind("order", UPDATE_SECONDS, "string: the mark of an order that was written down"),
    Kind("orders", None, "hash: orders that were begun and not done, as JSON, by id"),
    Kind("audit", None, "list: notes of what was done, as JSON, newest first, the newest 10,000"),
    Kind("notices", None, "hash: messages of ours that are kept true, as JSON, by name; what is trimmed, trim.lua"),
    Kind("token", UPDATE_SECONDS, "string: what a button means"),
    Kind("claim", UPDATE_SECONDS, "string: who was first to press, or to ask"),
    Kind("roster", None, "hash: roles given in the chat, by the person's number"),
    Kind("listed", None, "hash: what editors changed in the list of feeds, as JSON, by the feed's address"),
    Kind("sighting", SIGHTING_SECONDS, "zset: what was seen standing in a channel, by its number, the newest 500"),
    Kind("moved", None, "string: the number that the network gave a chat in the place of its own"),
    Kind("hook", HOOK_SECONDS, "string: a signed note of the site that was taken"),
    Kind("subscriptions", None, "hash: what was asked of a hub for a feed, as JSON, by its callback's path"),
    Kind("batches", None, "zset: batches that wait for the desk, by time"),
    Kind("batch", UPDATE_SECONDS, "hash: why stories wait together, the question, the answer, who gave it"),
    Kind("held", UPDATE_SECONDS, "zset: story ids of a batch, in the order in which they joined"),
    Kind("lease", None, "string with its own expiry: who does what only one may do"),
    Kind("rota", None, "zset: seats of the workers that poll feeds, by the time at which they run out"),
    Kind("turn", None, "string: number of the rota, moved on when somebody comes, goes or gives feeds back"),
    Kind("holder", None, "hash: the seat that polls a feed"),
    Kind("due", None, "zset: feeds by the time at which they fall due, as their holders told last"),
)


def key(kind: str, name: str = "") -> str:
    """The key of one thing: `{ajil}:story:ab12`. The scripts' `key()` in prelude.lua is the same rule."""
    return f"{ROOT}:{kind}:{name}" if name else f"{ROOT}:{kind}"


def short(text: str) -> str:
    """16 hex digits for a text too long or too strange to stand in a key."""
    return blake2b(text.encode(), digest_size=8).hexdigest()
