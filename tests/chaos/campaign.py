"""The campaign: every row of the table, in order, in the numbers of a plan."""

import random
import signal
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from tests.chaos import clocks, errands, stores, strikes
from tests.chaos.house import House, open_house
from tests.chaos.judgement import Judgement
from tests.chaos.networks import TROUBLES, Trouble, trouble_in
from tests.chaos.points import CLAIMS, RECOVERY, SEND_PATH, TELEGRAM_SEND, X_SEND, Blow, Moment, Point
from tests.chaos.rows import Row
from tests.chaos.scene import Scene, open_scene, row_of
from tests.support.store_process import SAFE, StoreProcess, store_process


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
    evictions: int
    failovers: int
    orders_to_stop: int
    """For each point of the two posts' requests."""
    jumps: int
    """Of each clock."""
    errands: int
    """Kills while editors push and the site corrects."""
    edits_at_each_point: int


CUT_OFF_SECONDS = 0.3
"""How long before its master's death a replica heard from it last: an intent and its result fit in."""
WINDOW = Point(Moment.HALF, TELEGRAM_SEND)
"""The last look at the clock is done, the last bytes are not gone. X refuses the same words a second time."""
WHOLE = Plan(
    houses=3,
    kills_at_each_point=100,
    kills_in_each_recovery=25,
    kills_at_random=1000,
    kills_without_desk=100,
    stops_at_random=300,
    stops_at_each_point=25,
    troubles=25,
    wounds=25,
    wipes=20,
    evictions=20,
    failovers=50,
    orders_to_stop=10,
    jumps=24,
    errands=150,
    edits_at_each_point=20,
)
"""What the guarantee is measured by; under 40 minutes on two cores."""
PARTS = {
    "killed at points": 8,
    "killed in claims": 2,
    "killed in recovery": 4,
    "killed at random": 3,
    "stopped at random": 4,
    "stopped at points": 3,
    "wiped": 2,
    "failed over": 3,
    "failed over, cut off": 3,
    "errands": 2,
    "killed in edits": 2,
}
"""Rows that are made in parts side by side; each part has its own houses, workers and chance."""


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
    seed: str
    struck: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def chance(self, words: str) -> random.Random:
        """Chance that can be repeated."""
        return random.Random(f"{self.seed} {words}")  # noqa: S311 - a test is to be repeated, not to be secret

    def makers(self) -> dict[str, Callable[[], Awaitable[Row]]]:
        """Every row by its short name, in the order of the table."""
        return {
            "killed at points": self.killed_at_points,
            "killed in claims": self.killed_in_claims,
            "killed in recovery": self.killed_in_recovery,
            "killed at random": self.killed_at_random,
            "killed without desk": self.killed_without_desk,
            "killed in edits": self.killed_in_edits,
            "errands": self.killed_over_errands,
            "told to stop": self.told_to_stop,
            "stopped at random": self.stopped_at_random,
            "stopped at points": self.stopped_at_points,
            "stopped in the window": self.stopped_in_window,
            "troubled": partial(self.troubled, TROUBLES),
            **{f"troubled {trouble}": partial(self.troubled, [trouble]) for trouble in TROUBLES},
            **{f"wounded {name}": partial(self.wounded, name) for name in stores.WOUNDS},
            "wiped": partial(self.forgetting, "store wiped (FLUSHALL)", stores.wiped, self.plan.wipes),
            "evicted": partial(self.forgetting, "store evicts keys (allkeys-lru)", stores.evicted, self.plan.evictions),
            "failed over": partial(self.failed_over, 0.0),
            "failed over, cut off": partial(self.failed_over, CUT_OFF_SECONDS),
            "clock of the store": self.store_clock_jumps,
            "clock of the workers": self.worker_clock_jumps,
        }

    # --- workers -----------------------------------------------------------------------------------------

    async def _dealt(
        self,
        fault: str,
        points: Sequence[Blow],
        *,
        hands: int,
        provoked: bool,
        has_desk: bool = True,
        more: Mapping[str, str] | None = None,
    ) -> Row:
        async with self.scene.houses("w", self.plan.houses, has_desk=has_desk, more=more) as houses:

            async def strike() -> int:
                tally = await strikes.deal(houses, points, self.chance(fault), hands=hands, provoked=provoked)
                self.struck += tally.struck
                self.missed += tally.missed
                return tally.times

            # Without a desk some stay uncertain for good, and waiting longer changes nothing.
            return await row_of(fault, houses, strike, settle_seconds=90.0 if has_desk else 12.0)

    async def killed_at_points(self) -> Row:
        """The send path."""
        blows = [Blow(point) for point in SEND_PATH for _ in range(self.plan.kills_at_each_point)]
        return await self._dealt("worker killed at a named point of the send path", blows, hands=2, provoked=False)

    async def killed_in_claims(self) -> Row:
        """Where posts are words alone, the step that finds one claims it: a look, or the settling of the one before."""
        blows = [Blow(point) for point in CLAIMS for _ in range(self.plan.kills_at_each_point)]
        fault = "worker killed in a step that claims the post it finds"
        return await self._dealt(fault, blows, hands=2, provoked=False, more={"CARDS": "off"})

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
        """The one instant that no look at the clock can close: its fuse ends it there."""
        fault = "worker stopped past its lease in the middle of its last write to Telegram"
        return await self._stopped(fault, [WINDOW], None)

    async def told_to_stop(self) -> Row:
        """SIGTERM, as a host sends it before a deployment."""
        points = [Point(moment, send) for send in (TELEGRAM_SEND, X_SEND) for moment in Moment]
        blows = [Blow(point, 1, signal.SIGTERM) for point in points for _ in range(self.plan.orders_to_stop)]
        return await self._dealt(
            "worker told to stop (SIGTERM) inside a post's request", blows, hands=2, provoked=False
        )

    # --- what is more than one post -----------------------------------------------------------------------

    async def killed_in_edits(self) -> Row:
        """The site corrects what stands; the worker dies in the middle of the edit."""
        blows = errands.blows(self.plan.edits_at_each_point)
        return await self._over_errands(
            "worker killed in the middle of an edit",
            lambda houses, chance: strikes.deal(houses, blows, chance, hands=1),
        )

    async def killed_over_errands(self) -> Row:
        """Editors push and the site corrects; the worker dies at any instant."""
        return await self._over_errands(
            "worker killed at a random instant, while editors push and the site corrects",
            lambda houses, chance: strikes.kill_at_random(
                houses, self.plan.errands, chance, hands=1, lives=errands.LIVES
            ),
        )

    async def _over_errands(
        self, fault: str, deal: Callable[[Sequence[House], random.Random], Awaitable[strikes.Tally]]
    ) -> Row:
        again: list[int] = []
        async with self.scene.houses("e", self.plan.houses, more=errands.SETTINGS) as houses:

            async def strike() -> int:
                chance = self.chance(fault)
                async with errands.busy_editors(houses, chance) as repeated:
                    tally = await deal(houses, chance)
                again.extend(repeated)
                self.struck += tally.struck
                self.missed += tally.missed
                return tally.times

            row = await row_of(fault, houses, strike, settle_seconds=60.0)
            edited = sum(errands.edits(house) for house in houses)
        pushed = sum(number > errands.PUSHED_FROM for house in houses for number in house.stories)
        notes = f"{pushed} pushes, {len(again)} said again by an editor who got no answer, {edited} edits"
        return replace(row, notes=notes)

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
                return await trouble_in(
                    houses, troubles, self.plan.troubles * len(troubles), self.chance(name).randrange(10**6)
                )

            return await row_of(name, houses, strike, settle_seconds=75.0)

    # --- the store ---------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _own_store(self) -> AsyncIterator[tuple[House, StoreProcess]]:
        place = Path(tempfile.mkdtemp(prefix="o", dir=self.scene.folder))
        async with (
            store_process(place / "a", *SAFE) as store,
            open_house("o", self.scene.nursery, store.url, place, self.scene.environment) as house,
        ):
            yield house, store

    async def wounded(self, name: str) -> Row:
        """The store suffers, and recovers with all it knew."""
        async with self._own_store() as (house, store):

            async def strike() -> int:
                return await stores.wound(house, store, stores.WOUNDS[name], self.plan.wounds, self.chance(name))

            return await row_of(name, [house], strike)

    async def forgetting(self, fault: str, hurt: stores.Wound, times: int) -> Row:
        """The store forgets while workers deliver: nothing that went out goes out again, and the editors are told."""
        async with self._own_store() as (house, store):
            older: dict[int, str] = {}

            async def strike() -> int:
                for turn in range(times):
                    await stores.wound(house, store, hurt, 1, self.chance(f"{fault} {turn}"))
                    older.update(house.stories)
                    house.turn_page()
                    house.unmet.clear()
                await house.meet_again()
                await stores.wound(house, store, stores.scripts_forgotten, 1, self.chance("after"))
                return times

            row = await row_of(fault, [house], strike)
            house.stories = older
            before = await house.judge()
            gone, alerts = before.losses, house.count_said("alert")
            # What waited is gone with the store; it is no silent loss where the editors are told what happened to it.
            told = before if not alerts else Judgement(tuple(fate for fate in before.fates if fate.posts))
            notes = f"{gone} posts were forgotten with it, {alerts} workers raised an alert"
            evidence = (*row.evidence, *(str(fate) for fate in told.broken()))
            return replace(row, verdict=row.verdict + told, evidence=evidence, notes=notes)

    async def failed_over(self, cut_off: float) -> Row:
        """The master dies, the replica takes over, the old one comes back as a replica."""
        fault = "failover to a replica" + (f" that was cut off {cut_off:g} s before" if cut_off else "")
        place = Path(tempfile.mkdtemp(prefix="f", dir=self.scene.folder))
        async with AsyncExitStack() as stack:
            pair = [await stack.enter_async_context(store_process(place / name, *SAFE)) for name in ("a", "b")]
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

    # --- clocks -------------------------------------------------------------------------------------------

    async def store_clock_jumps(self) -> Row:
        """Every lease, rate and lifetime is the store's: they end at once, or last two hours more."""
        fault = "clock of the store two hours on and back"
        if not clocks.LIBRARIES:
            return Row(fault, skipped="libfaketime is not installed")
        place = Path(tempfile.mkdtemp(prefix="k", dir=self.scene.folder))
        clock = clocks.WallClock(place / "clock")
        clock.jump("+0")
        async with (
            store_process(place / "a", *SAFE, environment=clock.environment) as store,
            open_house("k", self.scene.nursery, store.url, place, self.scene.environment) as house,
        ):
            return await self._jumping(fault, house, clock)

    async def worker_clock_jumps(self) -> Row:
        """What is news, and what is too old, is judged by the worker's clock."""
        fault = "clock of the workers two hours on and back"
        if not clocks.LIBRARIES:
            return Row(fault, skipped="libfaketime is not installed")
        clock = clocks.WallClock(self.scene.folder / "clock")
        clock.jump("+0")
        async with open_scene(clock.environment) as scene, scene.houses("k", 1) as [house]:
            return await self._jumping(fault, house, clock)

    async def _jumping(self, fault: str, house: House, clock: clocks.WallClock) -> Row:
        async def strike() -> int:
            for _ in range(2):
                await house.hire()
            async with strikes.news_in([house]):
                return await clock.keep_jumping(self.plan.jumps, self.chance(fault))

        return await row_of(fault, [house], strike)
