"""The epoch: whose memory this is, and since when. A worker's side of verify.lua and epoch.lua.

`admit` and `take` look at their server inside the script and do nothing on one that was not verified. Then it is
verified here, once for all workers: after a failover that may have lost the newest writes, what waited is read back
before anything is sent; where all is gone, what stands in the feeds is no news (docs/decisions/0010-epoch.md).
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Iterable
from uuid import uuid4

from newsroom.alert import Alert, Trouble
from newsroom.delivery import Delivery, State, target_of
from newsroom.errors import StoreUnavailable
from newsroom.target import TargetId
from store.server import Server

log = logging.getLogger(__name__)

LEASE_SECONDS = 60.0
"""How long a claim of the lost time may be under way where no claim was ever seen; else the longest lease seen."""
WITHIN_SECONDS = 3_600
"""After a loss: a story that is met later than this and is older than the loss is no news any more, or was known."""
SKEW_SECONDS = 120
"""How far the site's clock and the store's may be apart."""
FENCE_GAP = 1_000
"""Attempts that a delivery never comes to: a fence after a loss is none of those before it."""
VERSION_LEAP = 1_000_000
"""Stories that a lost time never holds: a window's version after a loss is none of those before it."""

RECALLED_AT_MOST = 500
"""Admissions that a worker keeps, some 3 kB each, to tell a store that lost them."""
RECALLED_AT_ONCE = 50

_TERMS = json.dumps({
    "lease": LEASE_SECONDS, "within": WITHIN_SECONDS, "skew": SKEW_SECONDS, "gap": FENCE_GAP, "leap": VERSION_LEAP,
})  # fmt: skip


class Epoch:
    """What one worker knows of the store's epoch, of what it admitted of late, and of what waits there."""

    def __init__(self, server: Server) -> None:
        """Nothing is known yet; the first step that asks for it verifies."""
        self._server = server
        self._verifying = asyncio.Lock()
        self._claims = 0
        self._admitted: deque[tuple[float, str]] = deque(maxlen=RECALLED_AT_MOST)
        self._waiting: dict[str, float] = {}
        self.token = ""
        self.replicas = 0
        """Replicas that followed when the store was last asked."""
        self.tidings: asyncio.Queue[Alert] = asyncio.Queue()
        """What the desk must know of it."""

    async def verify(self, stale: str) -> None:
        """Look at the server and its memory, and take what follows in one step; `stale` is the token that was refused.

        Raises:
            StoreUnavailable: it does not answer; nothing is known then.
        """
        async with self._verifying:
            if self.token != stale:
                return
            synced = "1" if await self._server.syncs_always() else ""
            what, token, replicas, doubted, claims, now = await self._server.run(
                "verify", self.token, uuid4().hex, synced, self._claims, _TERMS
            )
            self.replicas, self._claims = int(replicas), int(claims)
            log.info("the store is verified: %s", what, extra={"action": "store_verified"})
            waited, brought = len(self._waiting), 0
            try:
                if self.token not in {"", token}:
                    brought = await self._bring_back(float(now), token)
            finally:
                self._tell(str(what), waited, int(doubted) + brought)
            # Not before: until all is brought back, the next step verifies again and brings it.
            self.token = token

    async def _bring_back(self, now: float, token: str) -> int:
        """Tell the store what this worker admitted of late: it may have lost it. Gives how many posts it had lost.

        A memory that begins anew learns the stories alone, so that they are not met as news.
        """
        with_posts = self.token.partition(":")[0] == token.partition(":")[0]
        if not with_posts:
            self._waiting.clear()
        late = [request for met, request in self._admitted if met > now - WITHIN_SECONDS]
        requests = late if with_posts else [_without_posts(request) for request in late]
        brought = 0
        for first in range(0, len(requests), RECALLED_AT_ONCE):
            batch = f"[{','.join(requests[first : first + RECALLED_AT_ONCE])}]"
            for kind, *rest in await self._server.run("admit", "", batch, "", "", token):
                if kind == "epoch":
                    raise StoreUnavailable("the store moved again while it was told what it had lost")
                brought += len(rest) - 2 if kind == "admitted" else 0
        return brought

    def _tell(self, what: str, waited: int, doubted: int) -> None:
        if what == "forgot":
            why = f"posts that waited and are forgotten: {waited}"
            self.tidings.put_nowait(Alert(Trouble.STORE_FORGOT, "", why, count=waited))
        elif what == "evicted":
            why = f"posts that waited and are looked for before they are sent: {doubted}"
            self.tidings.put_nowait(Alert(Trouble.STORE_EVICTS, "", why, count=doubted))
        elif what == "moved" or (what == "adopted" and doubted):
            why = f"posts that waited and are looked for before they are sent: {doubted}"
            self.tidings.put_nowait(Alert(Trouble.STORE_MOVED, "", why, count=doubted))

    def met(self, fields: dict[str, str]) -> None:
        """What a shown or taken delivery tells besides itself."""
        self.replicas = int(fields.get("replicas", self.replicas))
        self._claims = max(self._claims, int(fields.get("claims") or 0))

    def admitted(self, met: float, request: str, deliveries: Iterable[Delivery]) -> None:
        """A story became known, and these posts wait. Those whose time is over are let go: others may have settled them."""
        self._admitted.append((met, request))
        self._waiting = {name: expires for name, expires in self._waiting.items() if expires > met}
        self._waiting.update({delivery.id: delivery.expires for delivery in deliveries})

    def settled(self, delivery: Delivery) -> None:
        """Its state was written."""
        if delivery.state is not State.PLANNED:
            self._waiting.pop(delivery.id, None)

    def emptied(self, target: TargetId) -> None:
        """Nothing waits in this lane."""
        for name in [name for name in self._waiting if target_of(name) == target]:
            del self._waiting[name]


def _without_posts(request: str) -> str:
    """The same admission of a story that is known, and no news."""
    asked = json.loads(request)
    asked |= {"posts": [], "revisions": [], "verdict": "ignored", "reason": "first_sight", "completes": False}
    asked.pop("batch", None)
    return json.dumps(asked, ensure_ascii=False)
