"""The words of a post as X counts them, and as X shows them: pure.

That `text` comes back with t.co links and HTML entities is on record for reads (FxEmbed #24, dogsheep's
twitter-to-sqlite #21); that a new post's answer has them as well is taken from there.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b

from twitter_text import extract_urls_with_indices, parse_tweet
from twitter_text.config import config

PLAIN_LIMIT = 280
PREMIUM_LIMIT = 25_000

_CASHTAG = re.compile(r"(?<![\w$])\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?!\w)")
"""As twitter-text has it (`cashtag` in its regexes). The same symbol twice counts twice."""
_HASHTAG = re.compile(r"(?<![\w&])#(\w*[^\W\d]\w*)")
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A text on X's scales.

    Attributes:
        length: Weighted.
        fits: Whether it is within the limit.
        is_clean: Whether it holds no character X forbids (U+FFFE, U+FEFF, U+FFFF).
    """

    length: int
    fits: bool
    is_clean: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A post's text as the API gives it back.

    Attributes:
        text: Links are t.co links, pictures one more at the end, `&`, `<` and `>` are HTML entities.
        entities: What is in the text and where, in code points.
    """

    text: str
    entities: Json


def normal(text: str) -> str:
    """The text X keeps: NFC, one kind of line end, no white space around it."""
    return re.sub(r"\r\n?", "\n", unicodedata.normalize("NFC", text)).strip()


def weigh(text: str, limit: int) -> Weighed:
    """Weigh a text by twitter-text 3 (URLs 23, most letters 1, emoji 2)."""
    parsed = parse_tweet(text, {**config["defaults"], "max_weighted_tweet_length": limit})
    length = int(parsed.weightedLength)
    fits = length <= limit
    return Weighed(length, fits, is_clean=bool(parsed.valid) or not fits or length == 0)


def urls_in(text: str) -> list[tuple[int, int, str]]:
    """Everything X makes a link of, bare domains too: start, end, words."""
    return [(*each["indices"], each["url"]) for each in extract_urls_with_indices(text)]


def cashtags_in(text: str) -> list[str]:
    """Every `$SYMBOL`, in order."""
    return [match[1] for match in _CASHTAG.finditer(text)]


def shown(text: str, picture_page: str, media_keys: tuple[str, ...]) -> Shown:
    """The text as the API gives it back.

    Args:
        text: As kept.
        picture_page: Address of the post's first picture.
        media_keys: Of its pictures.
    """
    out, urls, done = "", list[Json](), 0
    for start, end, words in urls_in(text):
        out += html.escape(text[done:start], quote=False)
        expanded = words if "://" in words else f"http://{words}"
        link = short_link(expanded)
        urls.append({"start": len(out), "end": len(out) + len(link), "url": link, **_addresses(expanded)})
        out, done = out + link, end
    out += html.escape(text[done:], quote=False)
    if media_keys:
        out += " " if out else ""
        link = short_link(picture_page)
        place = {"start": len(out), "end": len(out) + len(link), "url": link, **_addresses(picture_page)}
        urls += [{**place, "media_key": key} for key in media_keys]
        out += link
    return Shown(out, _entities(out, urls))


def cut(text: str, post_page: str) -> str:
    """The beginning of a long (Premium) post, as `text` gives it; the whole stands in `note_tweet`."""
    kept = text
    while weigh(f"{kept}… {post_page}", PLAIN_LIMIT).length > PLAIN_LIMIT:
        kept = kept[: min(len(kept) - 1, PLAIN_LIMIT)]
    return f"{kept}… {post_page}"


def short_link(address: str) -> str:
    """The t.co link for an address: 23 characters, the same each time."""
    number = int.from_bytes(blake2b(address.encode(), digest_size=8).digest())
    letters = ""
    for _ in range(10):
        number, rest = divmod(number, len(_BASE62))
        letters += _BASE62[rest]
    return f"https://t.co/{letters}"


def _addresses(expanded: str) -> Json:
    display = expanded.partition("://")[2]
    return {"expanded_url": expanded, "display_url": display if len(display) <= 27 else f"{display[:26]}…"}


def _entities(text: str, urls: list[Json]) -> Json:
    found: Json = {}
    for name, pattern in (("hashtags", _HASHTAG), ("cashtags", _CASHTAG)):
        tags = [{"start": each.start(), "end": each.end(), "tag": each[1]} for each in pattern.finditer(text)]
        found |= {name: tags} if tags else {}
    return found | ({"urls": urls} if urls else {})
