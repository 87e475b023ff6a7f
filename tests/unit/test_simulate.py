"""`simulate`: the corridor without sending, poll after poll of the same feed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.simulate import Outcome, Simulation, line_of, oldest_first
from feeds.parse import parse
from newsroom.corridor import House, name_of
from newsroom.entry import Entry
from newsroom.rules import Rules
from newsroom.site import Site
from publishing.render import TemplateRenderer
from publishing.style import HouseStyle

DATA = Path(__file__).parents[1] / "data" / "alwasat"
RENDERER = TemplateRenderer(HouseStyle(site_name="الوسط العربي"))
START = datetime(2024, 7, 20, tzinfo=UTC)


def entries(name: str) -> Sequence[Entry]:
    """Of a feed of the sample site."""
    return parse((DATA / name).read_bytes(), {}, name)


def polled(*names: str, now: datetime | None = None, baseline: bool = False) -> list[list[Outcome]]:
    """What each poll comes to."""
    house = House(Site(), Rules(), ())
    simulation = Simulation(house, RENDERER, START, now=now, baseline=baseline)
    return [list(simulation.poll(entries(name))) for name in names]


def test_an_unchanged_poll_posts_nothing_and_an_edited_headline_is_an_update() -> None:
    """The second editor's re-post is a duplicate."""
    first, second = polled("feed.xml", "feed-2.xml")
    assert sum(bool(outcome.posts) for outcome in first) == 5
    assert [outcome.posts for outcome in second] == [()] * 9
    relations = [name_of(outcome.considered.relation) for outcome in second]
    assert (relations.count("update"), relations.count("duplicate")) == (1, 8)


def test_with_a_baseline_the_first_source_and_what_it_held_post_nothing() -> None:
    """As the worker does at the first sight of a feed."""
    first, second = polled("feed.xml", "feed-2.xml", baseline=True)
    assert {name_of(outcome.considered.verdict) for outcome in first} == {"ignored"}
    assert [outcome.posts for outcome in (*first, *second)] == [()] * 17


def test_at_a_later_time_urgency_has_expired_and_old_news_is_ignored() -> None:
    """With `now` the clock stands there for all."""
    hour_later = datetime(2024, 7, 20, 22, 0, tzinfo=UTC)
    [soon] = polled("feed.xml", now=hour_later)
    [late] = polled("feed.xml", now=hour_later + timedelta(days=700))
    assert {name_of(outcome.considered.verdict) for outcome in soon} == {"ordinary"}
    assert {name_of(outcome.considered.verdict) for outcome in late} == {"ignored"}


def test_a_preview_shows_what_a_push_would_post_whatever_the_class() -> None:
    """An ordinary story goes out by nobody but an editor."""
    [outcomes] = polled("feed.xml")
    ordinary = next(outcome for outcome in outcomes if name_of(outcome.considered.verdict) == "ordinary")
    line = line_of(ordinary, is_preview=True)
    assert line["posts"] == []
    assert {post["target"] for post in line["if_pushed"]} == {"telegram", "x"}
    assert "if_pushed" not in line_of(ordinary, is_preview=False)


def test_entries_come_oldest_first_also_without_dates() -> None:
    """A feed's newest stands first."""
    undated = [Entry(title="الأحدث"), Entry(title="الأقدم")]
    assert [entry.title for entry in oldest_first(undated)] == ["الأقدم", "الأحدث"]
    dated = entries("feed.xml")
    assert oldest_first(dated) == list(reversed(dated))
