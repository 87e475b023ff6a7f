"""The posts of every account: what may be posted, edited, deleted, and how it is given back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.x_media import Attachment
from tests.support.x_problems import (
    CASHTAGS,
    DUPLICATE,
    EMPTY,
    NOT_PERMITTED,
    QUOTE,
    REPLY,
    TOO_LONG,
    RefusedError,
    forbidden,
    invalid,
    not_found,
)
from tests.support.x_wording import PLAIN_LIMIT, PREMIUM_LIMIT, Json, cashtags_in, cut, normal, shown, weigh

EDIT_WINDOW = timedelta(minutes=30)
EDITS = 5
"""Docs, edit posts: 30 minutes, 5 edits, each with an id of its own."""


@dataclass(frozen=True, slots=True)
class XAccount:
    """One account on X.

    Attributes:
        id: Number of the user.
        username: Handle, without the at sign.
        name: As shown.
        premium: Whether it may write long posts and edit.
        created_at: When it was opened.
    """

    id: str
    username: str
    name: str
    premium: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class XVersion:
    """One version of a post; each edit makes another, with an id of its own.

    Attributes:
        id: Number of the post.
        text: As X keeps it: NFC, trimmed.
        media: Pictures, with the alt text they had when they were attached.
        created_at: By the fake's clock.
        arrived: `time.monotonic()` when the request came in.
    """

    id: str
    text: str
    media: tuple[Attachment, ...]
    created_at: datetime
    arrived: float


@dataclass(frozen=True, slots=True)
class XPost:
    """One post as followers see it, with its past.

    Attributes:
        account: Who posted.
        history: Every version, oldest first.
        deleted: Whether it is gone from the timeline.
        reply_settings: Who may reply, empty for everybody.
        made_with_ai: As disclosed.
        paid_partnership: As disclosed.
    """

    account: XAccount
    history: tuple[XVersion, ...]
    deleted: bool = False
    reply_settings: str = ""
    made_with_ai: bool = False
    paid_partnership: bool = False

    @property
    def id(self) -> str:
        """Of the version shown now."""
        return self.history[-1].id

    @property
    def text(self) -> str:
        """As shown now."""
        return self.history[-1].text

    @property
    def media(self) -> tuple[Attachment, ...]:
        """As shown now."""
        return self.history[-1].media

    @property
    def created_at(self) -> datetime:
        """Of the version shown now."""
        return self.history[-1].created_at

    @property
    def arrived(self) -> float:
        """Monotonic seconds, of the first version."""
        return self.history[0].arrived


@dataclass(frozen=True, slots=True)
class Draft:
    """A post as a request asks for it, its shape already checked."""

    text: str
    media: tuple[Attachment, ...]
    previous_id: str | None
    reply_to: str | None
    quotes: str | None
    reply_settings: str
    made_with_ai: bool
    paid_partnership: bool


def draft_of(body: Mapping[str, Any], media: tuple[Attachment, ...]) -> Draft:
    """Read a draft from the body of `POST /2/tweets`."""
    return Draft(
        text=normal(body.get("text") or ""),
        media=media,
        previous_id=(body.get("edit_options") or {}).get("previous_post_id"),
        reply_to=(body.get("reply") or {}).get("in_reply_to_tweet_id"),
        quotes=body.get("quote_tweet_id"),
        reply_settings=body.get("reply_settings") or "",
        made_with_ai=bool(body.get("made_with_ai")),
        paid_partnership=bool(body.get("paid_partnership")),
    )


class PostBook:
    """Every post, deleted ones too.

    Args:
        new_id: Gives the next id; ids ascend.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        self.posts: list[XPost] = []
        """In the order of their first versions."""
        self.refuses_duplicates = True
        """X does, by a rule it does not document; a sender must be safe without it (facts: reliability)."""
        self._new_id = new_id

    def check(self, account: XAccount, draft: Draft, now: datetime) -> XPost | None:
        """Refuse what may not be posted.

        Returns:
            The post that the draft is an edit of, if it is one.

        Raises:
            RefusedError: 400 or 403, in X's words.
        """
        _check_text(draft, PREMIUM_LIMIT if account.premium else PLAIN_LIMIT)
        if draft.reply_to is not None:
            raise forbidden(REPLY)  # Self-serve plans since 2026-02; the docs do not exempt one's own posts.
        if draft.quotes is not None:
            raise forbidden(QUOTE)  # Self-serve plans since 2026-04.
        edited = self._editable(account, draft.previous_id, now) if draft.previous_id else None
        if self.refuses_duplicates and any(
            post.account == account and not post.deleted and post is not edited and post.text == draft.text
            for post in self.posts
            if draft.text
        ):
            raise forbidden(DUPLICATE)
        return edited

    def publish(self, account: XAccount, draft: Draft, edited: XPost | None, now: datetime, arrived: float) -> XPost:
        """Commit a draft that `check` let pass."""
        version = XVersion(self._new_id(), draft.text, draft.media, now, arrived)
        if edited is not None:
            post = replace(edited, history=(*edited.history, version))
            self.posts[self.posts.index(edited)] = post
            return post
        post = XPost(
            account=account,
            history=(version,),
            reply_settings=draft.reply_settings,
            made_with_ai=draft.made_with_ai,
            paid_partnership=draft.paid_partnership,
        )
        self.posts.append(post)
        return post

    def deletable(self, account: XAccount, post_id: str) -> XPost:
        """The post that goes when this account deletes any version of it.

        Raises:
            RefusedError: 404 when it does not exist, 403 when it is another's.
        """
        post = self.find(post_id)
        if post is None:
            raise RefusedError(404, not_found("tweet", "id", post_id))
        if post.account != account:
            raise forbidden(NOT_PERMITTED, "the post is another account's")
        return post

    def delete(self, post: XPost) -> None:
        """Delete a post, with every version of it (docs, edit posts)."""
        self.posts[self.posts.index(post)] = replace(post, deleted=True)

    def find(self, post_id: str) -> XPost | None:
        """The post one of whose versions has this id, unless it was deleted."""
        for post in self.posts:
            if not post.deleted and any(version.id == post_id for version in post.history):
                return post
        return None

    def timeline(self, account_id: str, query: Mapping[str, str]) -> tuple[list[XPost], Json]:
        """One page of an account's posts, newest first, and the `meta` of the answer.

        Raises:
            RefusedError: 400, the token leads nowhere.
        """
        asked_for = _filter_of(query)
        posts = [post for post in self.posts if post.account.id == account_id and not post.deleted and asked_for(post)]
        posts.sort(key=lambda post: int(post.id), reverse=True)
        page = posts[: int(query.get("max_results", "10"))]
        meta: Json = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
        if len(page) < len(posts):
            meta["next_token"] = _token_after(page[-1].id)
        return page, meta

    def _editable(self, account: XAccount, post_id: str, now: datetime) -> XPost:
        post = self.find(post_id)
        if post is None or post.account != account:
            raise forbidden(NOT_PERMITTED, "there is no such post of this account")
        if not account.premium:
            raise forbidden(NOT_PERMITTED, "only Premium accounts edit")
        if post.id != post_id:
            raise forbidden(NOT_PERMITTED, "this version was edited already")
        if now - post.history[0].created_at > EDIT_WINDOW:
            raise forbidden(NOT_PERMITTED, "the 30 minutes for edits are over")
        if len(post.history) > EDITS:
            raise forbidden(NOT_PERMITTED, "it was edited 5 times")
        return post


def _check_text(draft: Draft, limit: int) -> None:
    if not draft.text:
        if not draft.media:
            raise invalid(EMPTY)
        return
    weighed = weigh(draft.text, limit)
    if not weighed.fits:
        raise invalid(TOO_LONG, {"text": [draft.text]})
    if not weighed.is_clean:
        raise invalid("$.text: holds characters that no post may hold", {"text": [draft.text]})
    if len(cashtags_in(draft.text)) > 1:
        raise forbidden(CASHTAGS)


_NO_END = 10**19
"""Above every id of 19 digits."""
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def _token_after(post_id: str) -> str:
    """A page's token: the last id on it, in base 36 as the specification says."""
    number, token = int(post_id), ""
    while number:
        number, rest = divmod(number, 36)
        token = _ALPHABET[rest] + token
    return token


def _id_in(token: str) -> int:
    if not token or set(token) - set(_ALPHABET):
        message = f"The `pagination_token` query parameter value [{token}] is not valid"
        raise invalid(message, {"pagination_token": [token]})
    return int(token, 36)


def _filter_of(query: Mapping[str, str]) -> Callable[[XPost], bool]:
    """Who passes the parameters of a timeline; an id takes precedence over a time (specification)."""
    above = int(query.get("since_id", "0"))
    below = min(int(query.get("until_id", _NO_END)), _id_in(query.get("pagination_token", "zzzzzzzzzzzzz")))
    start = datetime.fromisoformat(query["start_time"]) if "start_time" in query and not above else None
    end = datetime.fromisoformat(query["end_time"]) if "end_time" in query and "until_id" not in query else None

    def passes(post: XPost) -> bool:
        within = (start is None or post.created_at >= start) and (end is None or post.created_at < end)
        return above < int(post.id) < below and within

    return passes


def moment(value: datetime) -> str:
    """A time as X writes it, with milliseconds."""
    utc = value.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def version_of(post: XPost, post_id: str) -> XVersion:
    """The version that has this id."""
    return next(version for version in post.history if version.id == post_id)


def json_of(post: XPost, version: XVersion, fields: frozenset[str]) -> Json:
    """A post as the API gives it back, with the fields that were asked for beside the three that always come."""
    page = f"https://x.com/{post.account.username}/status/{version.id}"
    keys = tuple(picture.key for picture in version.media)
    whole = shown(version.text, f"{page}/photo/1", keys)
    # Weighing takes milliseconds, and only Premium posts can be long.
    is_long = post.account.premium and not weigh(version.text, PLAIN_LIMIT).fits
    first = post.history[0].created_at
    everything: Json = {
        "id": version.id,
        "text": cut(version.text, page) if is_long else whole.text,
        "edit_history_tweet_ids": [each.id for each in post.history],
        "author_id": post.account.id,
        "created_at": moment(version.created_at),
        "edit_controls": {
            "is_edit_eligible": post.account.premium,
            "editable_until": moment(first + EDIT_WINDOW),
            "edits_remaining": EDITS + 1 - len(post.history),
        },
    }
    everything |= {"entities": whole.entities} if whole.entities else {}
    everything |= {"attachments": {"media_keys": list(keys)}} if keys else {}
    everything |= {"note_tweet": {"text": version.text, "entities": whole.entities}} if is_long else {}
    asked = fields | {"id", "text", "edit_history_tweet_ids"}
    return {name: value for name, value in everything.items() if name in asked}
