"""How things stand, as Prometheus reads it."""

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.standing import Kept, Standing
from feeds.watch import FeedHealth
from newsroom.delivery import State
from newsroom.link import shown_address
from newsroom.purse import Budget, Spent
from newsroom.target import TargetId

TARGET = TargetId("telegram:@wasat")
NEVER, ONCE = "https://a.example.com/feed/", "https://b.example.com/feed/"
KEPT = Kept(
    {TARGET: {State.PLANNED: 3, State.SENDING: 1, State.UNCERTAIN: 2}}, {}, Spent(230_000, 1_000_000), is_paused=False
)


def health(url: str, last_good: float) -> FeedHealth:
    """A feed's."""
    return FeedHealth(url, 1, 0, last_good, 0.0, 0, "", is_silent=False, cached_seconds=0.0, moved="")


def read(standing: Standing) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every sample, by its name and its labels' values in the order of their names."""
    families = text_string_to_metric_families(generate_latest(standing).decode())
    samples = [sample for family in families for sample in family.samples]
    numbers = {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value for sample in samples
    }
    assert len(numbers) == len(samples), "a sample stands twice"
    return numbers


def standing(*feeds: FeedHealth, kept: Kept | None = KEPT, budget: Budget | None = None) -> Standing:
    """At 1,100 s, of a worker that began at 1,000 s."""
    return Standing(1_100.0, 1_000.0, feeds, {"listener": True}, budget or Budget(), kept)


def test_a_feed_that_never_answered_grows_older_from_the_workers_start() -> None:
    """So that an alert on age also finds the feed that was never good."""
    numbers = read(standing(health(NEVER, 0.0), health(ONCE, 1_090.0)))
    assert numbers["ajil_feed_last_good_age_seconds", (NEVER,)] == 100
    assert numbers["ajil_feed_last_good_age_seconds", (ONCE,)] == 10


def test_what_waits_flies_and_wants_a_person_is_told_for_each_target() -> None:
    """The queue's depth, and the number that must be 0."""
    numbers = read(standing())
    waiting = [numbers["ajil_deliveries_open", (state, TARGET)] for state in ("planned", "sending", "uncertain")]
    assert waiting == [3, 1, 2]


def test_money_is_told_in_dollars_beside_its_limits() -> None:
    """A limit that is not set is not told."""
    numbers = read(standing(budget=Budget(day=3_000_000)))
    assert numbers["ajil_x_spent_dollars", ("day",)] == 0.23
    assert numbers["ajil_x_budget_dollars", ("day",)] == 3
    assert ("ajil_x_budget_dollars", ("month",)) not in numbers


def test_without_a_store_the_page_says_so_and_tells_the_rest() -> None:
    """The feeds are still known, and nothing is said of what was not read."""
    numbers = read(standing(health(ONCE, 1_090.0), kept=None))
    assert numbers["ajil_store_up", ()] == 0
    assert numbers["ajil_lease_held", ("listener",)] == 1
    assert not any(name == "ajil_deliveries_open" for name, _ in numbers)


def test_a_feeds_password_and_key_stand_in_no_label() -> None:
    """And two feeds that differ by their query alone keep two names."""
    shown = [shown_address(f"https://ali:hunter2@a.example.com/feed/?key={key}") for key in ("one-key", "two-key")]
    assert len(set(shown)) == 2
    assert not any(word in name for name in shown for word in ("hunter2", "ali", "one-key", "two-key"))
    assert all(name.startswith("https://a.example.com/feed/?") for name in shown)
