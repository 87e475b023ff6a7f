"""Text with entities, as Telegram takes it in: checked, cleaned, trimmed, its entities put in order.

What comes back from Telegram is not always what was sent: characters go, formatting is cut at the borders of links,
addresses become links by themselves. A reader that compares must know it, so this fake does it too.
Sources: tdlib/td, td/telegram/misc.cpp (`clean_input_string`, `replace_offending_characters`) and
td/telegram/MessageEntity.cpp (`fix_formatted_text`, `fix_entities`, `split_entities`, `get_type_priority`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.support.telegram_errors import Known, Refusal, RuleError

Json = dict[str, Any]

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITIES_LIMIT = 100

_SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_CODE = frozenset({"code", "pre"})
_PLACES = {
    **dict.fromkeys(_QUOTES, 0),
    "pre": 10,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    **{kind: 90 + number for number, kind in enumerate(_SPLITTABLE)},
    "custom_emoji": 99,
}
"""The order of entities that cover the same range; every kind that Telegram finds by itself stands at 50."""

_FOUND = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
_FIELD_OF = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id"}
_FIELDS = frozenset({"url", "user", "language", "custom_emoji_id"})

_GONE = re.compile("\r|[\u2028-\u202e\u0333\u033f\u030a]")
_SPACED = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_MARKS = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")
_INVISIBLE = re.compile(
    "[ \n\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc\U000e0000-\U000e007f]*"
)
_FINDERS = (
    ("url", re.compile(r"https?://[^\s<>\"«»]+[^\s<>\"«».,:;!?،؛؟'()\[\]]", re.IGNORECASE)),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}(?!\w)", re.ASCII)),
    (
        "hashtag",
        re.compile("(?<![\\w#])#(?=[\\w\u200c\u064b-\u065f\u0670]*[^\\W\\d])[\\w\u200c\u064b-\u065f\u0670]{1,256}"),
    ),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])", re.ASCII)),
)


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its entities; offsets and lengths in UTF-16 code units."""

    text: str
    entities: tuple[Json, ...] = ()


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_of(text: str, entities: Sequence[Json]) -> Formatted:
    """Take in the text of a message: 1 to 4096 units.

    Raises:
        RuleError: It would be refused.
    """
    taken = _taken(text, entities, TEXT_LIMIT, Known.TEXT_TOO_LONG)
    if not text:
        raise RuleError(Known.TEXT_EMPTY, "a text needs at least one character")
    if _INVISIBLE.fullmatch(taken.text):
        raise RuleError(Known.TEXT_NON_EMPTY, "a text needs something that can be seen")
    return taken


def caption_of(text: str, entities: Sequence[Json]) -> Formatted:
    """Take in a caption: 0 to 1024 units.

    Raises:
        RuleError: It would be refused.
    """
    return _taken(text, entities, CAPTION_LIMIT, Known.CAPTION_TOO_LONG)


def _taken(text: str, entities: Sequence[Json], limit: int, too_long: Known) -> Formatted:
    try:
        text.encode("utf-16-le")
    except UnicodeEncodeError:
        raise RuleError(Known.NOT_UTF8, "half a surrogate pair is no text") from None
    if units(text) > limit:
        raise RuleError(too_long, f"{units(text)} UTF-16 units, at most {limit}")
    if len(entities) > ENTITIES_LIMIT:
        raise _broken(f"{len(entities)} entities, at most {ENTITIES_LIMIT}")
    checked = [_checked(entity, text) for entity in entities]
    _nested(checked)
    trimmed = _trimmed(_cleaned(text, checked))
    return Formatted(trimmed.text, tuple(_ordered(trimmed)))


def _checked(entity: Json, text: str) -> Json:
    kind, offset, length = entity["type"], entity["offset"], entity["length"]
    if kind in _FOUND:
        raise _broken(f"a bot does not send {kind} entities: Telegram finds them")
    if kind not in _PLACES:
        raise _broken(f"no such entity type: {kind}")
    for name in _FIELDS & entity.keys():
        if _FIELD_OF.get(kind) != name and (kind, name) != ("pre", "language"):
            raise _broken(f"{name} does not belong on a {kind}")
    if kind in _FIELD_OF and _FIELD_OF[kind] not in entity:
        raise _broken(f"a {kind} needs {_FIELD_OF[kind]}")
    _inside(offset, length, text)
    return entity | {"url": _address(entity["url"])} if kind == "text_link" else entity


def _inside(offset: int, length: int, text: str) -> None:
    """Keep a range within the text and off the middle of a surrogate pair; words of tdlib/td, MessageEntity.cpp."""
    total = units(text)
    if offset < 0:
        raise _broken(f"receive an entity with incorrect offset {offset}")
    if length < 1:
        raise _broken(f"receive an entity with incorrect length {length}")
    if offset >= total:
        raise _broken(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if offset + length > total:
        raise _broken(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset "
            f"{offset + length}"
        )
    borders = _borders(text)
    if offset not in borders:
        raise _broken(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {offset}")
    if offset + length not in borders:
        raise _broken(f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol")


def _borders(text: str) -> dict[int, int]:
    """Map each UTF-16 offset at which a character begins (and the end) to the index of that character."""
    borders = {}
    offset = 0
    for index, character in enumerate(text):
        borders[offset] = index
        offset += 2 if ord(character) > 0xFFFF else 1
    borders[offset] = len(text)
    return borders


def _address(url: str) -> str:
    """Give a link's address as Telegram keeps it: host in small letters, never without a path."""
    parts = urlsplit(url)
    if parts.scheme == "tg":
        return url
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", url):
        raise _broken(f"entity URL '{url}' is invalid")
    return urlunsplit(parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/"))


def _nested(entities: Iterable[Json]) -> None:
    """Refuse what Telegram would silently drop: links, quotes and code that overlap, formatting inside code."""
    whole = sorted((each for each in entities if each["type"] not in _SPLITTABLE), key=_place)
    for first, second in pairwise(sorted((each for each in whole if each["type"] not in _QUOTES), key=_place)):
        if second["offset"] < _end(first):
            raise _broken(f"{first['type']} and {second['type']} overlap: one of them would be dropped")
    for quote in (each for each in whole if each["type"] in _QUOTES):
        for other in (each for each in whole if each is not quote and _touch(quote, each)):
            if other["type"] in _QUOTES or other["offset"] < quote["offset"] or _end(other) > _end(quote):
                raise _broken(f"{quote['type']} and {other['type']} overlap: one of them would be dropped")
    for code in (each for each in whole if each["type"] in _CODE):
        if any(each["type"] in _SPLITTABLE and _touch(code, each) for each in entities):
            raise _broken(f"formatting inside {code['type']} would be dropped")


def _touch(first: Json, second: Json) -> bool:
    return bool(first["offset"] < _end(second) and second["offset"] < _end(first))


def _end(entity: Json) -> int:
    return int(entity["offset"] + entity["length"])


def _place(entity: Json) -> tuple[int, int, int]:
    return entity["offset"], -entity["length"], _PLACES.get(entity["type"], 50)


def _cleaned(text: str, entities: Iterable[Json]) -> Formatted:
    """Drop and replace characters as `clean_input_string` does, and move the entities along."""
    moved: dict[int, int] = {}
    before = after = 0
    for character in text:
        moved[before] = after
        width = 2 if ord(character) > 0xFFFF else 1
        before += width
        after += 0 if _GONE.match(character) else width
    moved[before] = after
    kept = _MARKS.sub(lambda run: "\u200c" * len(run[0]), _SPACED.sub(" ", _GONE.sub("", text)))
    shifted = [
        each | {"offset": moved[each["offset"]], "length": moved[_end(each)] - moved[each["offset"]]}
        for each in entities
    ]
    return Formatted(kept, tuple(each for each in shifted if each["length"]))


def _trimmed(given: Formatted) -> Formatted:
    """Trim spaces and line breaks: at the end always, at the start up to the first entity."""
    text = given.text.rstrip(" \n")
    last = units(text)
    cut = [
        each | {"length": min(_end(each), last) - each["offset"]} for each in given.entities if each["offset"] < last
    ]
    first = min((each["offset"] for each in cut), default=last)
    start = min(len(text) - len(text.lstrip(" \n")), first)
    return Formatted(text[start:], tuple(each | {"offset": each["offset"] - start} for each in cut))


def _ordered(given: Formatted) -> list[Json]:
    """Add what Telegram finds by itself, cut formatting at the borders of the rest, and sort."""
    whole = [each for each in given.entities if each["type"] not in _SPLITTABLE]
    taken = [each for each in whole if each["type"] not in _QUOTES]
    for found in _found(given.text):
        if not any(_touch(found, each) for each in taken):
            taken.append(found)
            whole.append(found)
    runs = {kind: _runs(kind, given.entities) for kind in _SPLITTABLE}
    cuts = {each["offset"] for each in whole} | {_end(each) for each in whole}
    cuts |= {start for each in runs.values() for start, _ in each}
    pieces = [
        {"type": kind, "offset": start, "length": end - start}
        for kind, each in runs.items()
        for run in each
        for start, end in _cut(run, cuts)
    ]
    return sorted([*whole, *pieces], key=_place)


def _found(text: str) -> list[Json]:
    """Find addresses, mentions, hashtags and commands. Telegram finds more (bare domains, e-mail, telephones)."""
    found: list[Json] = []
    for kind, finder in _FINDERS:
        for match in finder.finditer(text):
            entity = {"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])}
            if not any(_touch(entity, each) for each in found):
                found.append(entity)
    return found


def _runs(kind: str, entities: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Join entities of one kind that overlap or touch."""
    runs: list[tuple[int, int]] = []
    for start, length in sorted((each["offset"], each["length"]) for each in entities if each["type"] == kind):
        if runs and start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(runs[-1][1], start + length))
        else:
            runs.append((start, start + length))
    return runs


def _cut(run: tuple[int, int], cuts: Iterable[int]) -> Iterable[tuple[int, int]]:
    start, end = run
    return pairwise(sorted({start, end, *(cut for cut in cuts if start < cut < end)}))


def _broken(rule: str) -> RuleError:
    return RuleError(Refusal(400, f"Bad Request: {rule}"), rule)
