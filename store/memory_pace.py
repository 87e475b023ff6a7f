"""The twin of pace.lua, purse.lua and cool.lua: rates, purse and patience, for the outbox in memory."""

from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from newsroom.admission import Wait
from newsroom.delivery import Delivery, DeliveryId, Lane, State
from newsroom.errand import Errand
from newsroom.purse import OVER_DAY, SAID_ALREADY, SAID_SECONDS, Price, Spent, price_of_errand, refusal
from newsroom.rate import ALARM_SECONDS, Gate, Spacing
from newsroom.target import Network, TargetId, network_of
from store.keys import FLOOD_SECONDS
from store.terms import Terms, told_refused, told_shut


@dataclass(frozen=True, slots=True)
class _Held:
    """Money set aside for a request under way."""

    day: str
    month: str
    amount: int
    fee: int
    """Of it, the deletion that a repost begins with."""


@dataclass(frozen=True, slots=True)
class _Said:
    """Words on X, and the delivery that says them."""

    by: Delivery
    until: float


@dataclass(slots=True)
class _Books:
    """What was spent, and for what."""

    spent: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    held: dict[DeliveryId, _Held] = field(default_factory=dict)
    described: set[DeliveryId] = field(default_factory=set)


class MemoryPace:
    """What must hold before a delivery may be claimed, and what a settled one changes. Times are unix seconds."""

    def __init__(self, terms: Terms) -> None:
        """Nothing went yet, and nothing is spent."""
        self._terms = terms
        self._ahead: dict[str, float] = {}
        self._gone: defaultdict[str, deque[float]] = defaultdict(deque)
        self._books = _Books()
        self._said: dict[str, _Said] = {}
        self._cool: dict[str, float] = {}
        self._flood: dict[str, tuple[TargetId, float, float]] = {}
        self._told: set[str] = set()
        self._shut: dict[TargetId, DeliveryId] = {}

    def cool_until(self, target: TargetId) -> float:
        """Until when all channels of this target's bot must wait."""
        return self._cool.get(self._terms.limits.family(target), 0.0)

    def refusal(self, delivery: Delivery, now: float, states: dict[str, Delivery]) -> str:
        """Why it may not be posted at all; empty when it may. `states` are all deliveries as they stand."""
        if network_of(delivery.target) is not Network.X:
            return ""
        # What an earlier attempt held is there only when that attempt was read back and found nowhere.
        self._give_back(delivery.id)
        if delivery.errand is Errand.DELETE:
            # What an editor takes back is taken back whatever it costs.
            return ""
        said = self._speaker(delivery.post.text, now, states)
        if said is not None and said.target != delivery.target:
            told_refused(delivery.id, SAID_ALREADY, is_first=False)
            return SAID_ALREADY
        why = refusal(self._price(delivery), self.spent(now), self._terms.budget.ceiling(delivery.lane))
        if why:
            day, month = _periods(now)
            opening = f"{delivery.lane}:{day if why == OVER_DAY else month}"
            told_refused(delivery.id, why, is_first=opening not in self._told)
            self._told.add(opening)
        return why

    def wait(self, target: TargetId, lane: Lane, now: float) -> Wait | None:
        """The first gate that does not let it through yet."""
        for gate in self._terms.limits.gates(target):
            seconds = self._gate_wait(gate, lane, now)
            if seconds > 0:
                return Wait(seconds, gate.why)
        return None

    def let_through(self, delivery: Delivery, now: float, states: dict[str, Delivery]) -> None:
        """It goes: each gate counts it, its money is in the books, its words are its own."""
        for gate in self._terms.limits.gates(delivery.target):
            self._pass(gate, now)
        if network_of(delivery.target) is not Network.X:
            return
        price, books = self._price(delivery), self._books
        day, month = _periods(now)
        for period in (day, month):
            books.spent[period] += price.total
        fee = self._terms.prices.delete if delivery.errand is Errand.REPOST else 0
        books.held[delivery.id] = _Held(day, month, price.request, fee)
        if price.alt:
            books.described.add(delivery.id)
        if delivery.errand is Errand.DELETE:
            return
        words = delivery.post.text
        self._said[words] = _Said(self._speaker(words, now, states) or delivery, now + SAID_SECONDS)

    def settled(self, delivery: Delivery, wait: float, now: float) -> None:
        """Money goes back when nothing was carried out; a long wait shuts the target, a post opens it."""
        held = self._books.held.get(delivery.id)
        if held is not None and held.fee and delivery.errand is Errand.POST:
            # A repost took its first step: the deletion is paid.
            self._books.held[delivery.id] = replace(held, amount=held.amount - held.fee, fee=0)
        if delivery.state not in {State.SENT, State.UNCERTAIN}:
            self._give_back(delivery.id)
        if delivery.state is State.SENT:
            self._shut.pop(delivery.target, None)
        if delivery.cools and wait > 0 and delivery.state in {State.PLANNED, State.EXPIRED}:
            self._cool_down(delivery, wait, now)

    def shut_by(self, target: TargetId) -> DeliveryId | None:
        """The delivery that found a target shut for long; None where it is open."""
        return self._shut.get(target)

    def spent(self, now: float) -> Spent:
        """Today and this month."""
        day, month = _periods(now)
        return Spent(self._books.spent[day], self._books.spent[month])

    def _price(self, delivery: Delivery) -> Price:
        described = delivery.id in self._books.described
        return price_of_errand(delivery.errand, delivery.post, self._terms.prices, described=described)

    def _speaker(self, words: str, now: float, states: dict[str, Delivery]) -> Delivery | None:
        said = self._said.get(words)
        if said is None or said.until <= now or states[said.by.id].state in {State.REFUSED, State.EXPIRED}:
            return None
        return said.by

    def _gate_wait(self, gate: Gate, lane: Lane, now: float) -> float:
        if isinstance(gate.rate, Spacing):
            return gate.rate.wait(self._ahead.get(gate.name, 0.0), now, lane)
        return gate.rate.wait(self._gone[gate.name], now, lane)

    def _pass(self, gate: Gate, now: float) -> None:
        if isinstance(gate.rate, Spacing):
            self._ahead[gate.name] = gate.rate.after(self._ahead.get(gate.name, 0.0), now)
            return
        gone = self._gone[gate.name]
        gone.appendleft(now)
        while len(gone) > gate.rate.most:
            gone.pop()

    def _give_back(self, delivery: DeliveryId) -> None:
        held = self._books.held.pop(delivery, None)
        if held is not None:
            for period in (held.day, held.month):
                self._books.spent[period] -= held.amount

    def _cool_down(self, delivery: Delivery, wait: float, now: float) -> None:
        family = self._terms.limits.family(delivery.target)
        if family:
            other, asked, until = self._flood.get(family, (delivery.target, 0.0, 0.0))
            if until > now and other != delivery.target and abs(asked - wait) <= 1:
                self._cool[family] = now + wait
            self._flood[family] = (delivery.target, wait, now + FLOOD_SECONDS)
        if wait >= ALARM_SECONDS and delivery.target not in self._shut:
            self._shut[delivery.target] = delivery.id
            told_shut(delivery)


def _periods(now: float) -> tuple[str, str]:
    moment = datetime.fromtimestamp(now, UTC)
    return f"{moment:%Y-%m-%d}", f"{moment:%Y-%m}"
