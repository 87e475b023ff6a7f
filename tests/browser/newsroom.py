"""A wall with its web side on 127.0.0.1, and posts to put on it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from pydantic import SecretStr

from bot.clock import MachineClock
from bot.demo.pictures import picture
from bot.web import serve, web_app
from newsroom.delivery import Delivery, DeliveryId, Lane, State
from newsroom.ports import Jpeg, Pictures
from newsroom.post import Post, PostKind, Span, SpanKind
from newsroom.story import StoryId
from newsroom.target import Network, Target
from publishing.wall import Wall

CHANNEL = Target(Network.TELEGRAM, "@alwasat_alarabi")
ACCOUNT = Target(Network.X, "alwasat_alarabi")
NINE = 1_795_424_400.0
"""Unix seconds of 2026-11-23 09:00 UTC."""

Part = str | tuple[str, SpanKind] | tuple[str, SpanKind, str]


class DrawnPictures:
    """Implements `newsroom.ports.Pictures`: draws a picture for every post that offers one, keyed by its address."""

    async def jpeg_of(self, post: Post) -> Jpeg | None:
        """The drawn picture; none for a post without candidates."""
        if not post.pictures:
            return None
        section, _, seed = post.pictures[0].url.rpartition("/")
        content = picture(section, seed)
        return Jpeg(content, 1200, 675, blake2b(content, digest_size=8).hexdigest())


@dataclass(frozen=True, slots=True)
class WallServer:
    """A served wall."""

    wall: Wall
    port: int

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"http://127.0.0.1:{self.port}/wall"


@asynccontextmanager
async def served(
    wall: Wall, port: int = 0, pictures: Pictures | None = None, token: SecretStr | None = None
) -> AsyncIterator[WallServer]:
    """Serve this wall until the end of the context: as in the demo, or behind a token where one is given."""
    app = web_app(
        wall,
        pictures or DrawnPictures(),
        MachineClock(),
        token=token,
        demo=token is None,
        health=_well,
        site_name="الوسط العربي",
    )
    async with serve(app, host="127.0.0.1", port=port) as bound:
        yield WallServer(wall, bound)


async def _well() -> Mapping[str, Any]:
    return {"ok": True}


def written(*parts: Part) -> tuple[str, tuple[Span, ...]]:
    """Text and spans of a post from its parts; offsets in UTF-16 units, as the Bot API counts."""
    text, spans = "", []
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        words, kind, *url = part
        spans.append(Span(kind, _units(text), _units(words), *url))
        text += words
    return text, tuple(spans)


def a_post(target: Target, *parts: Part, kind: PostKind = PostKind.TEXT, **fields: Any) -> Post:
    """A post of these parts; its length is what the parts have in UTF-16 units."""
    text, spans = written(*parts)
    limit = 280 if target.network is Network.X else 1024
    post = Post(
        target.id, kind, text, spans, link="https://alwasat.example.com/?p=48207", length=_units(text), limit=limit
    )
    return replace(post, **fields)


def sent(post: Post, number: int = 1, at: float = NINE) -> Delivery:
    """The delivery of that post, sent."""
    story = StoryId(f"story{number}")
    return Delivery(
        DeliveryId(f"{story}>{post.target}"), story, post, Lane.BREAKING, at, at, at + 600, State.SENT, settled=at
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
