"""Reading an account on X back: its own newest posts are asked for and compared by their words.

GET /2/users/{id}/tweets; an owned read costs $0.001 a post (X API pricing 2026). The words that come back carry t.co
links and escaped characters, so links are left out of the comparison.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from tweepy.errors import HTTPException

from newsroom.delivery import Delivery
from newsroom.ports import Clock
from newsroom.receipt import AGAIN_SECONDS, Absent, Blind, Found, ReadBack, blind
from publishing.sameness import same_words
from publishing.x_client import XClient
from publishing.x_receipts import receipt_of

LOOKED_AT, PAGES = 100, 5
"""The most posts that X gives at once, and how often it is asked at most. Only posts since the delivery was admitted are
asked for, and paid for."""
NEWEST = 20
"""Posts that are held against the ledger."""
SKEW = timedelta(minutes=6)
"""How far X's clock and ours may be apart: it refuses what is signed five minutes off, so whoever is further off posted nothing."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a post that was edited; each has a number of its own."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class _Page:
    """Of a timeline, the newest post first."""

    posts: Sequence[Mapping[str, Any]]
    further: str | None
    """How to ask for what is older; empty where nothing is, None where the answer does not show all that it should."""


class XReadBack:
    """Looks for posts on one account's own timeline, and for the newest version of one that was edited."""

    def __init__(self, client: XClient, clock: Clock) -> None:
        """Take the client that posts for the account; the clock tells how far a limit's end is."""
        self._client = client
        self._clock = clock
        self._account = ""

    async def find(self, delivery: Delivery) -> ReadBack:
        """Look for a delivery's post among the newest of the account."""
        since = datetime.fromtimestamp(delivery.admitted, UTC) - SKEW
        asked = {"max_results": str(LOOKED_AT), "start_time": f"{since:%Y-%m-%dT%H:%M:%SZ}"}
        seen = 0
        for _ in range(PAGES):
            try:
                page = await self._newest(asked)
            except (HTTPException, aiohttp.ClientError, TimeoutError) as fault:
                failed = receipt_of(fault, now=self._clock.now())
                return blind(failed, f"the account cannot be read back: {type(fault).__name__}")
            for post in page.posts:
                if _moment(post) >= since and same_words(delivery.post.text, str(post.get("text", ""))):
                    return Found((str(post["id"]),), f"https://x.com/i/status/{post['id']}")
            seen += len(page.posts)
            if page.further is None:
                return Blind(
                    "the account cannot be read back: the answer shows no posts, nor that there are none", AGAIN_SECONDS
                )
            if page.further == "" or (page.posts and _moment(page.posts[-1]) < since):
                return Absent()
            asked["pagination_token"] = page.further
        return Blind(f"the account posted {seen} times since; not found among those")

    async def newest_words(self) -> dict[str, str]:
        """The words of the account's newest posts, by number.

        Raises:
            HTTPException: X refuses.
            aiohttp.ClientError: it cannot be reached.
        """
        page = await self._newest({"max_results": str(NEWEST)})
        return {str(post["id"]): str(post.get("text", "")) for post in page.posts}

    async def newest_version(self, number: str) -> Version | None:
        """The version shown now of the post one of whose versions has this number; None where X does not tell.

        GET /2/tweets/:id gives every version the numbers of all, oldest first (docs.x.com, edit posts).
        """
        try:
            post = await self._post(number)
            newest = _history(post)[-1]
            return Version(newest, str((post if newest == number else await self._post(newest))["text"]))
        except (HTTPException, aiohttp.ClientError, TimeoutError, LookupError):
            return None

    async def _post(self, number: str) -> Mapping[str, Any]:
        """One post by its number, empty where the answer holds none."""
        answer = await self._client.request("GET", f"/2/tweets/{number}")
        post = answer.document.get("data")
        return post if isinstance(post, dict) else {}

    async def _newest(self, asked: Mapping[str, str]) -> _Page:
        if not self._account:
            self._account = (await self._client.request("GET", "/2/users/me")).id
        fields = {"tweet.fields": "created_at"}
        answer = await self._client.request("GET", f"/2/users/{self._account}/tweets", params=fields | dict(asked))
        posts = answer.document.get("data", [])
        found = [post for post in posts if isinstance(post, dict)] if isinstance(posts, list) else []
        return _Page(found, _further(answer.document, shown=len(found)))


def _further(document: Mapping[str, Any], shown: int) -> str | None:
    """How a page's successor is asked for: see `_Page`.

    A failure of X's own may come with status 200 and `errors` alone; an account that posted nothing has
    `meta.result_count` 0, and no `data` (docs.x.com, timelines).
    """
    meta = document.get("meta")
    if not isinstance(meta, dict) or (not shown and (document.get("errors") or meta.get("result_count") != 0)):
        return None
    return str(meta.get("next_token", ""))


def _history(post: Mapping[str, Any]) -> list[str]:
    """The numbers of all versions, oldest first. They become part of an address, so digits alone are taken."""
    numbers = post.get("edit_history_tweet_ids")
    return [str(each) for each in numbers if str(each).isdecimal()] if isinstance(numbers, list) else []


def _moment(post: Mapping[str, Any]) -> datetime:
    """When it was posted; one without a date counts as new, for a post that is taken for absent is sent twice."""
    try:
        return datetime.fromisoformat(str(post.get("created_at")))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
