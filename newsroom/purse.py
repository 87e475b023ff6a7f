"""The purse: what a post on X costs, and what the budget allows it. Pure; money is whole millionths of a dollar.

X bills each request, and a post with an address in it thirteen times as high as one without (docs.x.com, pricing,
pay-per-use since 2026-04-20). The same arithmetic runs inside the claim, in store/scripts/purse.lua and pace.lua.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from newsroom.delivery import Lane
from newsroom.errand import Errand
from newsroom.post import Post, PostKind

DOLLAR = 1_000_000
OVER_DAY = "over today's budget"
OVER_MONTH = "over this month's budget"
SAID_ALREADY = "another account posts these very words"
"""X's rules call the same text from several accounts spam (docs.x.com, developer guidelines)."""
SAID_SECONDS = 30 * 86_400
"""How long a text on X is nobody else's."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What X asks for one request."""

    post: int = 15_000
    link: int = 200_000
    """A post with an address in it, instead of `post`."""
    alt: int = 5_000
    """A picture's words for the blind."""
    delete: int = 10_000


@dataclass(frozen=True, slots=True)
class Spent:
    """What is in the books: paid, or held for a request that is under way."""

    day: int = 0
    """Since midnight, UTC."""
    month: int = 0
    """Since the first of the month, UTC."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How high the books may stand once a post is in them; None is no limit."""

    day: int | None = None
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be spent on X; None is no limit."""

    day: int | None = None
    month: int | None = None
    breaking: float = 0.3
    """Share of each that ordinary posts must leave to breaking ones, from 0 to 1."""

    def ceiling(self, lane: Lane) -> Ceiling:
        """For posts of this lane: breaking may spend all, ordinary leaves the share."""
        if lane is Lane.BREAKING:
            return Ceiling(self.day, self.month)
        return Ceiling(self._without_share(self.day), self._without_share(self.month))

    def _without_share(self, amount: int | None) -> int | None:
        return None if amount is None else amount - ceil(amount * self.breaking)


@dataclass(frozen=True, slots=True)
class Price:
    """Of one post."""

    request: int
    """Goes back into the purse when the request certainly was not carried out."""
    alt: int = 0
    """Paid while the picture is made ready, and once, however often the post is tried."""

    @property
    def total(self) -> int:
        """All that is set aside for it."""
        return self.request + self.alt


def price_of_errand(errand: Errand, post: Post, prices: Prices, *, described: bool = False) -> Price:
    """What a delivery to X costs. A repost must be able to pay for both its steps before it takes the first."""
    price = price_of(post, prices, described=described)
    match errand:
        case Errand.POST | Errand.EDIT | Errand.PICTURE | Errand.THREAD:
            return price
        case Errand.REPOST:
            return Price(prices.delete + price.request, price.alt)
        case Errand.DELETE:
            return Price(prices.delete)


def price_of(post: Post, prices: Prices, *, described: bool = False) -> Price:
    """What a post on X costs.

    Args:
        post: in the form in which it goes out.
        prices: X's.
        described: its picture's words for the blind are paid for already.
    """
    pictured = post.kind in {PostKind.PHOTO, PostKind.CARD}
    return Price(
        prices.link if post.link else prices.post,
        prices.alt if pictured and post.alt and not described else 0,
    )


def refusal(price: Price, spent: Spent, ceiling: Ceiling) -> str:
    """Why it may not be paid; empty when it may."""
    if ceiling.month is not None and spent.month + price.total > ceiling.month:
        return OVER_MONTH
    if ceiling.day is not None and spent.day + price.total > ceiling.day:
        return OVER_DAY
    return ""


def projected(spent: int, now: datetime) -> int:
    """What the month will have cost at its end if it goes on as it began.

    The first day counts as a whole day: the first post of a month says nothing about the rest of it.

    Args:
        spent: this month.
        now: aware.
    """
    now = now.astimezone(UTC)
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    whole = timedelta(days=monthrange(now.year, now.month)[1])
    return ceil(spent * (whole / max(now - first, timedelta(days=1))))


def affords_links(spent: Spent, budget: Budget, now: datetime) -> bool:
    """Whether ordinary posts may carry the dear link: the month is on its way to end inside the budget."""
    return budget.month is None or projected(spent.month, now) <= budget.month


def dollars(amount: int) -> str:
    """As people read it: `$1.215`."""
    return f"${amount / DOLLAR:.3f}"
