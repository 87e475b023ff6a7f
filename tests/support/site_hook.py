"""The site's side of the hook: notes as docs/ajil-push.php writes them, signed or spoilt."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import uuid4

import aiohttp

from feeds.hook import seal_of
from newsroom.ports import Clock
from tests.support.feed_server import FakeSite

SECRET = "hook-secret-7d1f0c9b2a"

_PARTS = {
    "title": re.compile(r"<title>(.*?)</title>", re.DOTALL),
    "link": re.compile(r"<link>(.*?)</link>"),
    "guid": re.compile(r"<guid[^>]*>(.*?)</guid>"),
    "author": re.compile(r"<dc:creator><!\[CDATA\[(.*?)\]\]></dc:creator>"),
    "excerpt": re.compile(r"<description><!\[CDATA\[(.*?)\]\]></description>", re.DOTALL),
    "content": re.compile(r"<content:encoded><!\[CDATA\[(.*?)\]\]></content:encoded>", re.DOTALL),
}
_CATEGORY = re.compile(r"<category><!\[CDATA\[(.*?)\]\]></category>")
_IMAGE = re.compile(r'<media:content url="([^"]+)"(?:[^>]*? width="(\d+)" height="(\d+)")?')
_ENCLOSURE = re.compile(r'<enclosure url="([^"]+)"')
_PUBLISHED = re.compile(r"<pubDate>(.*?)</pubDate>")


def posts_of_feed(feed: str) -> list[dict[str, Any]]:
    """What WordPress's own functions gave for each entry of a feed: what stands between its tags, untouched.

    Taken out by hand, so that no reader of feeds has a say in what is compared with its reading.
    """
    return [_post_of(part.partition("</item>")[0]) for part in feed.split("<item>")[1:]]


def _post_of(text: str) -> dict[str, Any]:
    post: dict[str, Any] = {name: found[1] for name, part in _PARTS.items() if (found := part.search(text))}
    post["categories"] = _CATEGORY.findall(text)
    if (dated := _PUBLISHED.search(text)) is not None:
        post["published"] = parsedate_to_datetime(dated[1]).astimezone(UTC).isoformat()
    for place in (_IMAGE, _ENCLOSURE):
        if (image := place.search(text)) is not None:
            sides = [int(side or 0) for side in image.groups()[1:]]
            post["image"] = dict(zip(("url", "width", "height"), (image[1], *sides), strict=False))
            break
    return {"id": int(post["guid"].rpartition("=")[2]), "tags": [], **post}


def post_of(site: FakeSite, number: int) -> dict[str, Any]:
    """An article of a site."""
    page = site.page(1)
    assert page is not None
    return next(post for post in posts_of_feed(page.decode()) if post["id"] == number)


def a_note(post: Mapping[str, Any], event: str = "publish", **more: Any) -> dict[str, Any]:
    """A note with a name of its own."""
    return {"version": 1, "event": event, "delivery": str(uuid4()), "post": dict(post), **more}


@dataclass(slots=True)
class HookSender:
    """Sends notes to a worker."""

    url: str
    clock: Clock
    secret: str = SECRET
    answers: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def sealed(self, body: bytes, *, age: float = 0.0, secret: str = "") -> dict[str, str]:
        """The headers of a body that is signed now, or was some seconds ago."""
        stamp = str(int(self.clock.now().timestamp() - age))
        return {
            "Content-Type": "application/json",
            "X-Ajil-Timestamp": stamp,
            "X-Ajil-Signature": seal_of(secret or self.secret, stamp, body),
        }

    async def note(self, note: Mapping[str, Any], **headers: str) -> int:
        """Send a note, properly signed; gives the status."""
        body = json.dumps(note).encode()
        return await self.post(body, {**self.sealed(body), **headers})

    async def post(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Send anything; gives the status."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/hooks/wordpress", data=body, headers=headers) as answer,
        ):
            self.headers.append(dict(answer.headers))
            if answer.content_type == "application/json":
                self.answers.append(await answer.json())
            return answer.status
