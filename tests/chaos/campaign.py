"""The campaign: every row of the table, in order, in the numbers of a plan."""

import asyncio
import random
import signal
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from tests.chaos import stores, strikes
from tests.chaos.house import House, open_house
from tests.chaos.judgement import Judgement
from tests.chaos.networks import TROUBLES, Trouble, trouble_in
from tests.chaos.points import RECOVERY, SEND_PATH, TELEGRAM_SEND, X_SEND, Blow, Moment, Point
from tests.chaos.rows import Row
from tests.chaos.scene import Scene, row_of
from tests.chaos.servers import StoreProcess, store_process


@dataclass(frozen=True, slots=True)
class Plan:
    """How often each thing is done."""

    houses: int
    kills_at_each_point: int
    kills_in_each_recovery: int
    kills_at_random: int
    kills_without_desk: int
    stops_at_random: int
    stops_at_each_point: int
    troubles: int
    """For each kind of trouble."""
    wounds: int
    """For each kind of wound of the store."""
    wipes: int
    failovers: int


CUT_OFF_SECONDS = 0.3
"""How long before its master's death a replica heard from it last: an intent and its result fit in."""
SIDE_BY_SIDE = 3
WINDOW = Point(Moment.HALF, TELEGRAM_SEND)
"""X refuses the same words a second time, so there the late one harms nobody."""
WHOLE = Plan(
    houses=6,
    kills_at_each_point=100,
    kills_in_each_recovery=25,
    kills_at_random=1000,
    kills_without_desk=100,
    stops_at_random=300,
    stops_at_each_point=25,
    troubles=25,
    wounds=25,
    wipes=20,
    failovers=50,
)
"""What the guarantee is measured by; under 40 minutes on two cores."""


@dataclass(slots=True)
class Campaign:
    """Rows in the numbers of a plan.

    Attributes:
        scene: where.
        plan: how often.
        seed: of all chance.
        struck: how often each named point was struck.
        missed: points that were not reached.
    """

    scene: Scene
    plan: Plan
    seed: int
    struck: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def chance(self, words: str) -> random.Random:
        """Chance that can be repeated."""
        return random.Random(f"{self.seed} {words}")  # noqa: S311 - a test is to be repeated, not to be secret

    async def rows(self, only: str = "") -> AsyncIterator[Row]:
        """One after another; each row's houses are its own. `only` is a part of a row's short name."""
        makers: list[tuple[str, Callable[[], Awaitable[Row]]]] = [
            ("killed at points", self.killed_at_points),
            ("killed in recovery", self.killed_in_recovery),
            ("killed at random", self.killed_at_random),
            ("killed without desk", self.killed_without_desk),
            ("stopped at random", self.stopped_at_random),
            ("stopped at points", self.stopped_at_points),
            ("stopped in the window", self.stopped_in_window),
            *((f"troubled {trouble}", partial(self.troubled, [trouble])) for trouble in TROUBLES),
            *((f"wounded {name}", partial(self.wounded, name)) for name in stores.WOUNDS),
            ("wiped", self.wiped),
            *(("failed over", partial(self.failed_over, cut_off)) for cut_off in (0.0, CUT_OFF_SECONDS)),
        ]
        wanted = [make for name, make in makers if only in name]
        while wanted:
            # What mostly waits (for a lease, for a quiet time) shares the processor; what kills has it alone.
            side_by_side = SIDE_BY_SIDE if isinstance(wanted[0], partial) else 1
            group, wanted = wanted[:side_by_side], wanted[side_by_side:]
            for row in await asyncio.gather(*(make() for make in group)):
                yield row

    # --- workers -----------------------------------------------------------------------------------------

    async def _dealt(
        self, fault: str, points: Sequence[Blow], *, hands: int, provoked: bool, has_desk: bool = True
    ) -> Row:
        async with self.scene.houses("w", self.plan.houses, has_desk=has_desk) as houses:

            async def strike() -> int:
                tally = await strikes.deal(houses, points, self.chance(fault), hands=hands, provoked=provoked)
                self.struck += tally.struck
                self.missed += tally.missed
                return tally.times

            # Without a desk some stay uncertain for good, and waiting longer changes nothing.
            return await row_of(fault, houses, strike, settle_seconds=45.0 if has_desk else 12.0)

    async def killed_at_points(self) -> Row:
        """The send path."""
        blows = [Blow(point) for point in SEND_PATH for _ in range(self.plan.kills_at_each_point)]
        return await self._dealt("worker killed at a named point of the send path", blows, hands=2, provoked=False)

    async def killed_in_recovery(self) -> Row:
        """A death in the middle of a post, and one of whoever recovers it."""
        blows = [Blow(point) for point in RECOVERY for _ in range(self.plan.kills_in_each_recovery)]
        return await self._dealt(
            "worker killed while it recovers what a killed one left", blows, hands=1, provoked=True
        )

    async def killed_without_desk(self) -> Row:
        """Nobody can read a channel back then: what is uncertain stays so, and is shown."""
        sends = [Point(moment, send) for send in (TELEGRAM_SEND, X_SEND) for moment in (Moment.HALF, Moment.ANSWERED)]
        blows = [Blow(point) for point in sends for _ in range(self.plan.kills_without_desk // len(sends))]
        fault = "worker killed in a post, and there is no editors' chat"
        row = await self._dealt(fault, blows, hands=2, provoked=False, has_desk=False)
        return replace(row, notes="what Telegram left uncertain stays so, and is shown")

    async def stopped_at_points(self) -> Row:
        """Struck in the middle of a request, it sleeps past its lease and goes on with that very request."""
        points = [Point(moment, send) for send in (TELEGRAM_SEND, X_SEND) for moment in Moment]
        return await self._stopped("worker stopped past its lease inside a post's request", points, WINDOW)

    async def stopped_in_window(self) -> Row:
        """The one instant that nobody can close: the last look at the clock is done, the last bytes are not gone."""
        fault = "worker stopped past its lease in the middle of its last write to Telegram"
        return replace(await self._stopped(fault, [WINDOW], None), is_window=True)

    async def _stopped(self, fault: str, points: Sequence[Point], but: Point | None) -> Row:
        each = self.plan.stops_at_each_point
        blows = [Blow(point, 1, signal.SIGSTOP) for point in points if point != but for _ in range(each)]
        return await self._dealt(fault, blows, hands=2, provoked=False)

    async def killed_at_random(self) -> Row:
        """By hand, at any instant."""
        fault = "worker killed at a random instant"
        async with self.scene.houses("r", self.plan.houses) as houses:

            async def strike() -> int:
                return (await strikes.kill_at_random(houses, self.plan.kills_at_random, self.chance(fault))).times

            return await row_of(fault, houses, strike)

    async def stopped_at_random(self) -> Row:
        """By hand, at any instant, past the lease; another worker goes on."""
        fault = "worker stopped past its lease at a random instant, two running"
        async with self.scene.houses("r", self.plan.houses) as houses:

            async def strike() -> int:
                return (await strikes.stop_at_random(houses, self.plan.stops_at_random, self.chance(fault))).times

            return await row_of(fault, houses, strike)

    # --- networks ----------------------------------------------------------------------------------------

    async def troubled(self, troubles: Sequence[Trouble]) -> Row:
        """Both networks misbehave."""
        name = f"both networks: {troubles[0]}" if len(troubles) == 1 else "both networks: every fault in turn"
        async with self.scene.houses("n", min(2, self.plan.houses)) as houses:

            async def strike() -> int:
                return await trouble_in(houses, troubles, self.plan.troubles * len(troubles), self.seed)

            return await row_of(name, houses, strike, settle_seconds=75.0)

    # --- the store ---------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _own_store(self) -> AsyncIterator[tuple[House, StoreProcess]]:
        place = Path(tempfile.mkdtemp(prefix="o", dir=self.scene.folder))
        async with (
            store_process(place / "a") as store,
            open_house("o", self.scene.nursery, store.url, place, self.scene.environment) as house,
        ):
            yield house, store

    async def wounded(self, name: str) -> Row:
        """The store suffers, and recovers with all it knew."""
        async with self._own_store() as (house, store):

            async def strike() -> int:
                return await stores.wound(house, store, stores.WOUNDS[name], self.plan.wounds, self.chance(name))

            return await row_of(name, [house], strike)

    async def wiped(self) -> Row:
        """Everything forgotten while workers deliver: nothing that went out goes out again."""
        async with self._own_store() as (house, store):
            older: dict[int, str] = {}

            async def strike() -> int:
                for _ in range(self.plan.wipes):
                    await stores.wound(house, store, stores.wiped, 1, self.chance(f"wipe {len(older)}"))
                    older.update(house.stories)
                    house.turn_page()
                    house.unmet.clear()
                await stores.wound(house, store, stores.scripts_forgotten, 1, self.chance("after"))
                return self.plan.wipes

            row = await row_of("store wiped (FLUSHALL)", [house], strike)
            house.stories = older
            before = await house.judge()
            gone, alerts = before.losses, house.count_said("alert")
            # What waited is gone with the store; it is no silent loss where an editor is told that the store was wiped.
            told = before if not alerts else Judgement(tuple(fate for fate in before.fates if fate.posts))
            notes = f"{gone} posts were forgotten with it, {alerts} workers raised an alert"
            evidence = (*row.evidence, *(str(fate) for fate in told.broken()))
            return replace(row, verdict=row.verdict + told, evidence=evidence, notes=notes)

    async def failed_over(self, cut_off: float) -> Row:
        """The master dies, the replica takes over, the old one comes back as a replica."""
        fault = "failover to a replica" + (f" that was cut off {cut_off:g} s before" if cut_off else "")
        place = Path(tempfile.mkdtemp(prefix="f", dir=self.scene.folder))
        async with AsyncExitStack() as stack:
            pair = [await stack.enter_async_context(store_process(place / name)) for name in ("a", "b")]
            stores.point_at(place, pair[0])
            house = await stack.enter_async_context(
                open_house("f", self.scene.nursery, f"unix://{place}/front", place, self.scene.environment)
            )

            async def strike() -> int:
                times = self.plan.failovers // 2
                for number in range(times):
                    await self._one_failover(house, place, pair, cut_off, self.chance(f"{fault} {number}"))
                    pair.reverse()
                return times

            return await row_of(fault, [house], strike)

    async def _one_failover(
        self, house: House, place: Path, pair: Sequence[StoreProcess], cut_off: float, chance: random.Random
    ) -> None:
        master, replica = pair
        await replica.follow(master)

        async def over(_: StoreProcess, __: random.Random) -> None:
            await stores.fail_over(place, master, replica, cut_off=cut_off)

        await stores.wound(house, master, over, 1, chance)
        await house.dismiss()
        await master.start()
