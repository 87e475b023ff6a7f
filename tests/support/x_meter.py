"""What X counts: dollars and requests.

Prices: docs.x.com, pricing, pay-per-use since 2026-04-20. Limits: docs.x.com, rate limits, per user and 15 minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import Literal

from tests.support.x_endpoint import Endpoint
from tests.support.x_problems import depleted


class Charge(StrEnum):
    """What is paid for. Uploads and `GET /2/users/me` are on no price list and are answered with an empty purse too."""

    POST = "post"
    POST_WITH_URL = "post with a URL"
    DELETE = "delete"
    METADATA = "media metadata"
    OWNED_READ = "owned read"
    READ = "read"


PRICES: Mapping[Charge, Decimal] = {
    Charge.POST: Decimal("0.015"),
    Charge.POST_WITH_URL: Decimal("0.200"),
    Charge.DELETE: Decimal("0.010"),
    Charge.METADATA: Decimal("0.005"),
    Charge.OWNED_READ: Decimal("0.001"),
    Charge.READ: Decimal("0.005"),
}
"""Dollars for one request; for reads, dollars for one post in the answer."""

PRICED = frozenset({Endpoint.CREATE, Endpoint.DELETE, Endpoint.METADATA, Endpoint.TIMELINE, Endpoint.LOOKUP})

LIMITS: Mapping[Endpoint, int] = {
    Endpoint.CREATE: 100,
    Endpoint.DELETE: 50,
    Endpoint.LOOKUP: 900,
    Endpoint.ME: 75,
    Endpoint.TIMELINE: 900,
    Endpoint.UPLOAD: 500,
    Endpoint.STATUS: 1000,
    Endpoint.INITIALIZE: 1875,
    Endpoint.APPEND: 1875,
    Endpoint.FINALIZE: 1875,
    Endpoint.METADATA: 500,
}
"""Requests for one user in one window."""

WINDOW = timedelta(minutes=15)
DAY = timedelta(hours=24)
DAY_LIMIT = 10_000
"""Posts in 24 hours for one app."""


class Purse:
    """The developer's prepaid credits. What was refused is not charged (not on record either way).

    Args:
        credit: Dollars paid in.
        developer: Number of the developer account, which the refusal names.
    """

    def __init__(self, credit: Decimal, developer: str) -> None:
        self.credit = credit
        self.charges: list[tuple[Charge, Decimal]] = []
        """Every payment, oldest first."""
        self._developer = developer

    @property
    def spent(self) -> Decimal:
        """Dollars, over all accounts."""
        return sum((paid for _, paid in self.charges), Decimal(0))

    def require(self) -> None:
        """Refuse when nothing is left.

        Raises:
            RefusedError: 402.
        """
        if self.credit <= 0:
            raise depleted(self._developer)

    def pay(self, charge: Charge, count: int = 1) -> None:
        """Take the price, or refuse and take nothing.

        Raises:
            RefusedError: 402, when the credit does not cover it.
        """
        price = PRICES[charge] * count
        if price > self.credit:
            raise depleted(self._developer)
        if count:
            self.credit -= price
            self.charges.append((charge, price))


@dataclass(slots=True)
class _Window:
    limit: int
    remaining: int
    ends: datetime

    def headers(self, prefix: str) -> dict[str, str]:
        return {
            f"{prefix}-limit": str(self.limit),
            f"{prefix}-remaining": str(self.remaining),
            f"{prefix}-reset": str(ceil(self.ends.timestamp())),
        }


Whose = Literal["app", "user"]


class RateLimits:
    """Fixed windows, one for each endpoint and account, that begin with the first request in them."""

    def __init__(self) -> None:
        self._windows: dict[tuple[Endpoint, str], _Window] = {}
        self._days: dict[Whose, _Window] = {}

    def count(self, endpoint: Endpoint, account: str, now: datetime) -> tuple[bool, dict[str, str]]:
        """Count one request.

        Returns:
            Whether it is within the limits, and the headers its answer carries.
        """
        window = self._windows.get((endpoint, account))
        if window is None or window.ends <= now:
            window = self._windows[endpoint, account] = _Window(LIMITS[endpoint], LIMITS[endpoint], now + WINDOW)
        counted = [("x-rate-limit", window), *self._days_of(endpoint, now)]
        within = all(each.remaining > 0 for _, each in counted)
        headers: dict[str, str] = {}
        for prefix, each in counted:
            each.remaining -= 1 if within else 0
            headers |= each.headers(prefix)
        return within, headers

    def _days_of(self, endpoint: Endpoint, now: datetime) -> list[tuple[str, _Window]]:
        if endpoint is not Endpoint.CREATE:
            return []
        for window in self._days.values():
            if window.ends <= now:
                window.remaining, window.ends = window.limit, now + DAY
        return [(f"x-{whose}-limit-24hour", window) for whose, window in self._days.items()]

    def set(self, endpoint: Endpoint, account: str, remaining: int, ends: datetime) -> None:
        """Begin a window in which so many requests are left."""
        self._windows[endpoint, account] = _Window(max(LIMITS[endpoint], remaining), remaining, ends)

    def set_day(self, remaining: int, ends: datetime, whose: Whose) -> None:
        """Begin to count posts by the day, as X does on some plans; only then do answers carry the day's headers."""
        self._days[whose] = _Window(max(DAY_LIMIT, remaining), remaining, ends)
