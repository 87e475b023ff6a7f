"""The lookout over the memory twin: what the desk is told unasked, once, and when it is over."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from newsroom.alert import Alert, Trouble
from newsroom.delivery import DROPPED, Delivery, State, next_step, read_back, target_of
from newsroom.purse import OVER_DAY, OVER_MONTH, Budget
from newsroom.rate import ALARM_SECONDS
from newsroom.receipt import Absent, Dropped, Found, Later, NextMove, ReadBack, Receipt, Refused, Sent, Unknown
from newsroom.target import Target
from publishing.lookout import FRESH_SECONDS, LEASE_SECONDS, LOOKED_AT, SINGLY_AT_MOST, Lookout, is_still_spent
from store.store import memory_store
from store.terms import Terms
from tests.support.clock import ManualClock
from tests.support.newsroom import ACCOUNT, CHANNEL, a_story, an_admission


@dataclass
class Told:
    """Implements `newsroom.ports.Alarm`: keeps what it was told."""

    alerts: list[Alert] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    async def tell(self, alert: Alert) -> None:
        """Keep it."""
        self.alerts.append(alert)

    async def over(self, cause: str) -> None:
        """Keep it."""
        self.ended.append(cause)


class Rig:
    """A store in memory, its lookout, and what the desk was told."""

    def __init__(self, terms: Terms | None = None) -> None:
        self.clock = ManualClock()
        self.store = memory_store(self.clock, terms)
        self.told = Told()
        self.lookout = self.another(self.told)

    def another(self, told: Told, worker: str = "w1") -> Lookout:
        """A lookout of the same house, as another worker has one."""
        return Lookout(self.store, told, self.clock, targets=(CHANNEL.id, ACCOUNT.id), worker=worker)

    async def admit(self, *numbers: int, target: Target = CHANNEL) -> None:
        """Stories on their way."""
        version = (await self.store.outbox.recent(0)).version
        stories = [a_story(number, met=self.clock.now()) for number in numbers]
        await self.store.outbox.admit([an_admission(story, target) for story in stories], version)

    async def settle(self, receipt: Receipt, target: Target = CHANNEL) -> Delivery:
        """The next one comes to this."""
        taken = await self.store.outbox.take(target.id, "w1", 60.0)
        assert isinstance(taken, Delivery), taken
        settled = next_step(taken, receipt, self.clock.now().timestamp())
        await self.store.outbox.settle(settled)
        return settled

    async def doubt(self, number: int) -> None:
        """A story whose outcome nobody knows, and a look that meets it so."""
        await self.admit(number)
        await self.settle(Unknown("no answer"))
        await self.lookout.look()

    async def resolve(self, seen: ReadBack) -> Delivery:
        """Somebody has looked for the uncertain one."""
        [doubted] = await self.store.outbox.uncertain()
        resolved = read_back(doubted, seen, self.clock.now().timestamp())
        await self.store.outbox.resolve(resolved)
        return resolved


async def test_a_parked_target_is_one_alert_and_over_when_it_takes_posts_again() -> None:
    """However often it is looked at."""
    rig = Rig()
    await rig.lookout.look()
    await rig.store.switch.park(CHANNEL.id, "no rights")
    for _ in range(3):
        await rig.lookout.look()
    assert rig.told.alerts == [Alert(Trouble.PARKED, CHANNEL.id, "no rights")]
    rig.told.ended.clear()
    await rig.store.switch.unpark(CHANNEL.id)
    for _ in range(2):
        await rig.lookout.look()
    assert rig.told.ended == [rig.told.alerts[0].cause]


async def test_a_refusal_that_parks_the_lane_is_told_as_that_and_as_no_lost_post() -> None:
    """The post waits."""
    rig = Rig()
    await rig.admit(1)
    await rig.settle(Refused("no rights", NextMove.PARK))
    await rig.lookout.look()
    assert [alert.trouble for alert in rig.told.alerts] == [Trouble.PARKED]


async def test_what_an_earlier_worker_told_is_ended_at_the_first_look_unless_it_stands() -> None:
    """The worker that told it may be gone."""
    rig = Rig()
    await rig.store.switch.park(CHANNEL.id, "no rights")
    await rig.lookout.look()
    ended = set(rig.told.ended)
    assert Alert(Trouble.PARKED, ACCOUNT.id, "").cause in ended
    assert rig.told.alerts[0].cause not in ended


async def test_a_lane_of_a_channel_that_is_not_ours_any_more_is_nobodys_trouble() -> None:
    """It was taken from the settings."""
    rig = Rig()
    await rig.store.switch.park(Target(CHANNEL.network, "@gone").id, "no rights")
    await rig.lookout.look()
    assert rig.told.alerts == []


async def test_x_without_credit_is_one_alert_until_it_takes_a_post() -> None:
    """Attempts after the first are quiet."""
    rig = Rig()
    await rig.admit(1, 2, target=ACCOUNT)
    for _ in range(2):
        await rig.settle(Later(ALARM_SECONDS, "X wants credits"), ACCOUNT)
        await rig.lookout.look()
        rig.clock.advance(ALARM_SECONDS)
    assert rig.told.alerts == [Alert(Trouble.BUDGET, ACCOUNT.id, "X wants credits")]
    rig.told.ended.clear()
    await rig.settle(Sent(("7",)), ACCOUNT)
    await rig.lookout.look()
    assert rig.told.ended == [rig.told.alerts[0].cause]


async def test_a_budget_that_is_spent_is_one_alert_for_its_period_and_no_alert_for_each_post() -> None:
    """Thirty refused posts are one trouble; the next day it is over."""
    rig = Rig(Terms(budget=Budget(day=1)))
    for number in (1, 2, 3, 4, 5):
        await rig.admit(number, target=ACCOUNT)
        await rig.store.outbox.take(ACCOUNT.id, "w1", 60.0)
        await rig.lookout.look()
    assert rig.told.alerts == [Alert(Trouble.BUDGET, ACCOUNT.id, OVER_DAY)]
    rig.told.ended.clear()
    rig.clock.advance(timedelta(days=1).total_seconds())
    await rig.lookout.look()
    assert rig.told.ended == [rig.told.alerts[0].cause]


async def test_a_post_that_was_refused_for_good_is_told_once_with_its_headline() -> None:
    """By its delivery, so that the next one is another alert."""
    rig = Rig()
    await rig.admit(1)
    settled = await rig.settle(Refused("X refuses the post"))
    for _ in range(2):
        await rig.lookout.look()
    assert rig.told.alerts == [Alert(Trouble.NOT_SENT, settled.id, "X refuses the post", a_story(1).headline)]


async def test_a_post_that_came_too_late_is_told() -> None:
    """After an outage its turn came when it was no longer news."""
    rig = Rig()
    await rig.admit(1)
    rig.clock.advance(timedelta(hours=2).total_seconds())
    await rig.store.outbox.take(CHANNEL.id, "w1", 60.0)
    await rig.lookout.look()
    [alert] = rig.told.alerts
    assert (alert.trouble, alert.headline) == (Trouble.NOT_SENT, a_story(1).headline)


async def test_a_post_that_was_uncertain_and_is_no_longer_news_is_told() -> None:
    """An earlier look has met it, but not as a failure."""
    rig = Rig()
    await rig.doubt(1)
    rig.clock.advance(timedelta(hours=2).total_seconds())
    lost = await rig.resolve(Absent())
    for _ in range(2):
        await rig.lookout.look()
    assert (lost.state, [alert.about for alert in rig.told.alerts]) == (State.EXPIRED, [lost.id])


async def test_a_post_that_was_uncertain_and_is_refused_at_the_second_try_is_told() -> None:
    """Both between two looks."""
    rig = Rig()
    await rig.doubt(1)
    await rig.resolve(Absent())
    lost = await rig.settle(Refused("X refuses the post"))
    for _ in range(2):
        await rig.lookout.look()
    assert [(alert.about, alert.why) for alert in rig.told.alerts] == [(lost.id, "X refuses the post")]


async def test_a_failure_of_days_ago_is_not_told_again_because_another_post_is_uncertain_for_a_while() -> None:
    """A look reads so many failures, and as many there were."""
    rig = Rig()
    for number in range(1, LOOKED_AT + 1):
        await rig.admit(number)
        await rig.settle(Refused(f"no {number}"))
        rig.clock.advance(1)
        await rig.lookout.look()
    rig.clock.advance(timedelta(days=5).total_seconds())
    rig.told.alerts.clear()
    await rig.doubt(99)
    await rig.resolve(Found(("7",)))
    await rig.lookout.look()
    assert rig.told.alerts == []


async def test_a_worker_that_takes_over_tells_what_failed_just_now_and_not_what_failed_in_its_stand_by() -> None:
    """The one that looked until then told that."""
    rig = Rig()
    told = Told()
    stand_by = rig.another(told, "w2")
    await rig.lookout.round()
    await rig.admit(1)
    await rig.settle(Refused("long ago"))
    for _ in range(int(FRESH_SECONDS / LEASE_SECONDS) + 1):
        rig.clock.advance(LEASE_SECONDS - 1)
        await rig.lookout.round()
        await stand_by.round()
    await rig.admit(2)
    await rig.settle(Refused("just now"))
    rig.clock.advance(LEASE_SECONDS + 1)
    await stand_by.round()
    assert [alert.why for alert in rig.told.alerts] == ["long ago"]
    assert [alert.why for alert in told.alerts] == ["just now"]


async def test_a_worker_that_takes_over_knows_of_the_budget_that_is_spent_since_long() -> None:
    """The alarm goes on; it would be ended otherwise."""
    rig = Rig(Terms(budget=Budget(day=1)))
    told = Told()
    stand_by = rig.another(told, "w2")
    await rig.lookout.round()
    await rig.admit(1, target=ACCOUNT)
    await rig.store.outbox.take(ACCOUNT.id, "w1", 60.0)
    for _ in range(int(FRESH_SECONDS / LEASE_SECONDS) + 1):
        rig.clock.advance(LEASE_SECONDS - 1)
        await rig.lookout.round()
        await stand_by.round()
    await rig.lookout.leave()
    await stand_by.round()
    [alert] = told.alerts
    assert alert == Alert(Trouble.BUDGET, ACCOUNT.id, OVER_DAY)
    assert alert.cause not in told.ended


async def test_the_alarm_of_a_spent_budget_goes_on_though_an_older_refusal_is_met_once_more() -> None:
    """Yesterday's says nothing of today."""
    rig = Rig(Terms(budget=Budget(day=1)))
    for number in range(1, LOOKED_AT + 1):
        await rig.admit(number, target=ACCOUNT)
        await rig.store.outbox.take(ACCOUNT.id, "w1", 60.0)
        await rig.lookout.look()
        rig.clock.advance(3600 if number < LOOKED_AT else 1)
    rig.told.ended.clear()
    await rig.doubt(99)
    await rig.resolve(Found(("7",)))
    await rig.lookout.look()
    assert rig.told.ended == []


async def test_many_posts_lost_at_once_are_one_alert_with_their_number() -> None:
    """An outage is no storm in the desk's chat."""
    rig = Rig()
    many = SINGLY_AT_MOST + 1
    await rig.admit(*range(1, many + 1))
    for _ in range(many):
        await rig.settle(Refused("no"))
    await rig.lookout.look()
    [alert] = rig.told.alerts
    assert (alert.trouble, target_of(alert.about), alert.count) == (Trouble.NOT_SENT, CHANNEL.id, many)


async def test_what_an_editor_dropped_is_no_alert() -> None:
    """Somebody meant it."""
    rig = Rig()
    await rig.admit(1)
    await rig.settle(Unknown("no answer"))
    [doubted] = await rig.store.outbox.uncertain()
    dropped = read_back(doubted, Dropped(), rig.clock.now().timestamp())
    await rig.store.outbox.resolve(dropped)
    await rig.lookout.look()
    assert (dropped.state, dropped.why, rig.told.alerts) == (State.REFUSED, DROPPED, [])


async def test_a_failure_of_days_ago_is_not_told_after_a_restart() -> None:
    """It was, then."""
    rig = Rig()
    await rig.admit(1)
    await rig.settle(Refused("no"))
    rig.clock.advance(timedelta(days=2).total_seconds())
    told = Told()
    await rig.another(told).look()
    assert told.alerts == []


async def test_a_failure_that_a_dying_worker_did_not_tell_is_told_by_the_next() -> None:
    """It stands in the store."""
    rig = Rig()
    await rig.admit(1)
    await rig.settle(Refused("no"))
    rig.clock.advance(30)
    told = Told()
    await rig.another(told).look()
    assert [alert.trouble for alert in told.alerts] == [Trouble.NOT_SENT]


async def test_a_chat_with_another_number_is_told_until_the_settings_name_it() -> None:
    """Posts reach it meanwhile."""
    rig = Rig()
    await rig.store.addresses.move(CHANNEL.id, -100123)
    for _ in range(2):
        await rig.lookout.look()
    [alert] = rig.told.alerts
    assert alert.trouble is Trouble.MOVED
    assert "-100123" in alert.why


@pytest.mark.parametrize(
    ("why", "days", "still"),
    [(OVER_DAY, 0.4, True), (OVER_DAY, 1.0, False), (OVER_MONTH, 5, True), (OVER_MONTH, 9, False)],
)
async def test_a_budget_is_spent_until_its_day_or_month_is_over(why: str, days: float, still: bool) -> None:  # noqa: FBT001
    """UTC, as X counts; the clock stands at 23 November."""
    rig = Rig()
    await rig.admit(1)
    refused = replace(await rig.settle(Refused("no")), why=why)
    assert is_still_spent(refused, refused.settled + days * 86_400) is still
