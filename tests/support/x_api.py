"""What each endpoint of X does, once a request has come as far: pure but for the state it keeps."""

from collections.abc import Callable, Mapping
from datetime import datetime

from tests.support.x_endpoint import Endpoint
from tests.support.x_media import MediaShelf
from tests.support.x_meter import PRICED, Charge, Purse
from tests.support.x_posts import PostBook, XAccount, draft_of, json_of, moment, version_of
from tests.support.x_problems import not_found
from tests.support.x_request import Asked
from tests.support.x_wording import Json, urls_in

_EPOCH_MS = 1288834974657
"""Where snowflake ids begin to count: 2010-11-04."""

Answer = tuple[int, Json]
"""Status and body."""


class Snowflakes:
    """Ids as X makes them: digits that ascend with time.

    Args:
        clock: Time of X.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._last = 0

    def __call__(self) -> str:
        """The next id."""
        milliseconds = int(self._clock().timestamp() * 1000) - _EPOCH_MS
        self._last = max(self._last + 1, milliseconds << 22)
        return str(self._last)


class XApi:
    """X behind its front door.

    Args:
        new_id: Gives the next id.
        purse: Pays.
    """

    def __init__(self, new_id: Callable[[], str], purse: Purse) -> None:
        self.accounts: list[XAccount] = []
        self.book = PostBook(new_id)
        self.media = MediaShelf(new_id)
        self.purse = purse
        self._endpoints: Mapping[Endpoint, Callable[[Asked], Answer]] = {
            Endpoint.CREATE: self._create,
            Endpoint.DELETE: self._delete,
            Endpoint.LOOKUP: self._lookup,
            Endpoint.ME: self._me,
            Endpoint.TIMELINE: self._timeline,
            Endpoint.UPLOAD: self._upload,
            Endpoint.STATUS: self._status,
            Endpoint.INITIALIZE: self._initialize,
            Endpoint.APPEND: self._append,
            Endpoint.FINALIZE: self._finalize,
            Endpoint.METADATA: self._metadata,
        }

    def answer(self, asked: Asked) -> Answer:
        """Carry a request out.

        Raises:
            RefusedError: By the rules of X; nothing was changed and nothing paid.
        """
        if asked.endpoint in PRICED:
            self.purse.require()
        return self._endpoints[asked.endpoint](asked)

    def _create(self, asked: Asked) -> Answer:
        ids = (asked.body.get("media") or {}).get("media_ids") or []
        draft = draft_of(asked.body, self.media.attached(ids, asked.account.id, asked.now))
        edited = self.book.check(asked.account, draft, asked.now)
        self.purse.pay(Charge.POST_WITH_URL if urls_in(draft.text) else Charge.POST)
        post = self.book.publish(asked.account, draft, edited, asked.now, asked.arrived)
        return 201, {"data": json_of(post, post.history[-1], frozenset())}

    def _delete(self, asked: Asked) -> Answer:
        post = self.book.deletable(asked.account, asked.path["id"])
        self.purse.pay(Charge.DELETE)
        self.book.delete(post)
        return 200, {"data": {"deleted": True}}

    def _lookup(self, asked: Asked) -> Answer:
        post_id = asked.path["id"]
        post = self.book.find(post_id)
        if post is None:
            return 200, {"errors": [not_found("tweet", "id", post_id)]}
        self.purse.pay(Charge.OWNED_READ if post.account == asked.account else Charge.READ)
        return 200, {"data": json_of(post, version_of(post, post_id), _fields(asked, "tweet.fields"))}

    def _timeline(self, asked: Asked) -> Answer:
        user_id = asked.path["id"]
        if user_id not in {account.id for account in self.accounts}:
            return 200, {"errors": [not_found("user", "id", user_id)]}
        page, meta = self.book.timeline(user_id, asked.query)
        self.purse.pay(Charge.OWNED_READ if user_id == asked.account.id else Charge.READ, len(page))
        posts = [json_of(post, post.history[-1], _fields(asked, "tweet.fields")) for post in page]
        return 200, {"data": posts, "meta": meta} if posts else {"meta": meta}

    def _me(self, asked: Asked) -> Answer:
        account = asked.account
        everything: Json = {
            "id": account.id,
            "name": account.name,
            "username": account.username,
            "created_at": moment(account.created_at),
            "subscription_type": "Premium" if account.premium else "None",
        }
        fields = _fields(asked, "user.fields") | {"id", "name", "username"}
        return 200, {"data": {name: value for name, value in everything.items() if name in fields}}

    def _upload(self, asked: Asked) -> Answer:
        category = str(asked.body["media_category"])
        return 200, {"data": self.media.take_whole(asked.account.id, category, asked.media, asked.now)}

    def _initialize(self, asked: Asked) -> Answer:
        category, media_type = str(asked.body["media_category"]), str(asked.body["media_type"])
        size = int(asked.body["total_bytes"])
        return 200, {"data": self.media.begin(asked.account.id, category, media_type, size, asked.now)}

    def _append(self, asked: Asked) -> Answer:
        index = int(asked.body["segment_index"])
        return 200, {"data": self.media.append(asked.path["id"], asked.account.id, index, asked.media, asked.now)}

    def _finalize(self, asked: Asked) -> Answer:
        return 200, {"data": self.media.finish(asked.path["id"], asked.account.id, asked.now)}

    def _status(self, asked: Asked) -> Answer:
        return 200, {"data": self.media.status(asked.query["media_id"], asked.account.id, asked.now)}

    def _metadata(self, asked: Asked) -> Answer:
        media_id = str(asked.body["id"])
        alt_text = ((asked.body.get("metadata") or {}).get("alt_text") or {}).get("text")
        self.media.owned(media_id, asked.account.id, asked.now)
        self.purse.pay(Charge.METADATA)
        return 200, {"data": self.media.describe(media_id, asked.account.id, alt_text, asked.now)}


def _fields(asked: Asked, name: str) -> frozenset[str]:
    return frozenset(asked.query.get(name, "").split(",")) - {""}
