"""What stood before an order, for the trail: as it was when the order was carried out first, however often it is."""

from newsroom.daybook import Tokens
from newsroom.order import Order


class Before:
    """Remembers it.

    Args:
        tokens: where the first word counts.
    """

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def of(self, order: Order, now: str) -> str:
        """`now` is what stands at this moment; after a crash that may be the order's own work, and is not told."""
        first = await self._tokens.claim(f"before:{order.id}", f"={now}")
        return first.removeprefix("=")
