"""`ajil check`, the parts that judge: clock, disk, secrets, money."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.check_clock import judged
from bot.check_feeds import hub_of
from bot.check_start import at_start
from bot.check_store import cost_of, told_of
from bot.finding import Level
from bot.settings import Settings
from newsroom.delivery import Delivery, DeliveryId, Lane, State
from newsroom.purse import DOLLAR, Prices, Spent
from newsroom.subscription import Stage, Subscription
from newsroom.target import Target
from store.survey import Survey, survey_from
from tests.support.newsroom import ACCOUNT, CHANNEL, MET, a_post, a_story

NOW = MET
FEED, HUB = "https://wasat.example.com/feed/", "https://hub.example.com/"
GOOD = Survey("valkey 9.1.2", is_replica=False, appends=True, writes_well=True, used=2**20, limit=0, ahead=0.0)
ABOUT = {"server": {"redis_version": "7.0.15"}, "replication": {}, "persistence": {}, "memory": {}}


@pytest.mark.parametrize(
    ("ahead", "age", "level"),
    [
        (0, 0, Level.OK),
        (30, 0, Level.OK),
        (31, 0, Level.WARN),
        (-31, 0, Level.WARN),
        (301, 0, Level.FAIL),
        (-301, 0, Level.FAIL),
        (600, 600, Level.OK),
    ],
)
def test_a_clock_that_is_wrong_is_told_by_how_much_it_harms(ahead: float, age: float, level: Level) -> None:
    """An answer out of a cache is as old as the cache says, and no clock's fault."""
    found = judged("api.x.com", NOW - timedelta(seconds=ahead), NOW, age)
    assert found is not None
    assert found.level is level
    assert ("ahead" in found.said) == (ahead - age > 30)
    assert ("behind" in found.said) == (ahead - age < -30)


def test_a_server_without_a_date_says_nothing_about_our_clock() -> None:
    """Silence is no agreement."""
    assert judged("api.x.com", None, NOW) is None


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_an_env_file_that_others_can_read_is_told(tmp_path: Path, mode: int, *, is_told: bool) -> None:
    """It holds every secret of the house."""
    file = tmp_path / ".env"
    file.touch()
    file.chmod(mode)
    found = list(at_start(Settings.model_validate({}), {}, file))
    assert any(f"chmod 600 {file}" in it.said for it in found) is is_told


@pytest.mark.parametrize(
    ("environment", "url", "is_told"),
    [({"DYNO": "worker.1"}, "", True), ({"DYNO": "worker.1"}, "redis://host", False), ({}, "", False)],
)
def test_a_host_whose_disk_goes_is_told_when_the_memory_would_go_with_it(
    tmp_path: Path, environment: dict[str, str], url: str, *, is_told: bool
) -> None:
    """Heroku's marker, without a REDIS_URL."""
    found = list(at_start(Settings.model_validate({"redis_url": url}), environment, tmp_path / ".env"))
    assert any("set REDIS_URL" in it.said for it in found) is is_told


def test_a_template_for_a_channel_that_is_not_set_is_told(tmp_path: Path) -> None:
    """A misspelt address would leave the channel with the house's own template, and nobody would know why."""
    for name in ("breaking.telegram.@wasat.html.j2", "breaking.telegram.@wasaat.html.j2", "ordinary.x.txt.j2"):
        (tmp_path / name).touch()
    settings = Settings.model_validate({"templates": tmp_path, "telegram_channels": "@Wasat", "editors": "1:admin"})
    (found,) = at_start(settings, {}, tmp_path / ".env")
    assert (found.what, found.said.partition(" ")[0]) == ("templates", "breaking.telegram.@wasaat.html.j2")


def test_a_short_word_that_opens_something_to_the_internet_is_told(tmp_path: Path) -> None:
    """And one of full length is not."""
    short, long = (Settings.model_validate({"wall_token": word}) for word in ("wasat", "a" * 48))
    assert [it.what for it in at_start(short, {}, tmp_path / ".env")] == ["WALL_TOKEN"]
    assert not list(at_start(long, {}, tmp_path / ".env"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"hook_secret": "a" * 48}, ["HOOK_SECRET"]),
        ({"hook_secret": "a" * 48, "port": 8080, "public_url": "https://ajil.example.com"}, []),
        ({"public_url": "https://ajil.example.com", "port": 8080}, ["PUBLIC_URL"]),
        ({"public_url": "https://ajil.example.com", "hook_secret": "a" * 48}, ["HOOK_SECRET", "PUBLIC_URL"]),
    ],
)
def test_a_push_that_could_never_come_is_told(tmp_path: Path, given: dict[str, object], told: list[str]) -> None:
    """Without a port nobody can be told anything; a hub wants to know where, and a secret."""
    assert [it.what for it in at_start(Settings.model_validate(given), {}, tmp_path / ".env")] == told


@pytest.mark.parametrize(
    ("survey", "level", "words"),
    [
        (GOOD, Level.OK, "lasting"),
        (replace(GOOD, appends=False), Level.WARN, "appendonly yes"),
        (replace(GOOD, writes_well=False), Level.FAIL, "disk full"),
        (replace(GOOD, is_replica=True), Level.FAIL, "primary"),
        (replace(GOOD, used=24 * 2**20, limit=25 * 2**20), Level.WARN, "96% of its 25 MB"),
        (replace(GOOD, ahead=30.0), Level.OK, "lasting"),
        (replace(GOOD, ahead=31.0), Level.WARN, "31 s ahead of this machine's"),
        (replace(GOOD, ahead=-31.0), Level.WARN, "31 s behind this machine's"),
        (replace(GOOD, used=19 * 2**20, limit=25 * 2**20), Level.OK, "19 MB used of 25"),
    ],
)
def test_a_store_is_told_as_lasting_only_when_it_is(survey: Survey, level: Level, words: str) -> None:
    """One line, with the mend."""
    [found] = told_of(survey, "redis://host/0")
    assert (found.level, words in found.said) == (level, True)


@pytest.mark.parametrize(
    ("section", "said", "field", "value"),
    [
        ("persistence", {"aof_enabled": "0"}, "appends", False),
        ("persistence", {"aof_last_write_status": "err"}, "writes_well", False),
        ("persistence", {"rdb_last_bgsave_status": "err"}, "writes_well", False),
        ("replication", {"role": "slave"}, "is_replica", True),
        (
            "server",
            {"server_name": "valkey", "valkey_version": "9.1.2", "redis_version": "7.2.4"},
            "name",
            "valkey 9.1.2",
        ),
        ("server", {"redis_version": "7.0.15"}, "name", "redis 7.0.15"),
    ],
)
def test_what_info_says_is_understood(section: str, said: dict[str, str], field: str, value: object) -> None:
    """The fields of Redis 7 and Valkey 9; what is not said is taken as good."""
    assert getattr(survey_from({**ABOUT, section: said}, 0.0), field) == value


def sent(target: Target, days_ago: float) -> Delivery:
    """A sent delivery."""
    at = NOW.timestamp() - days_ago * 86_400
    story = a_story()
    return Delivery(
        DeliveryId(f"{story.id}>{target.id}"),
        story.id,
        a_post(story, target),
        Lane.BREAKING,
        at,
        at,
        at,
        State.SENT,
        settled=at,
    )


def test_the_cost_of_x_is_told_at_the_present_rate() -> None:
    """Posts on X of the last week, and where the month is going: 23 days of 30 are $23 of $30."""
    week = (sent(ACCOUNT, 1), sent(ACCOUNT, 6), sent(ACCOUNT, 8), sent(CHANNEL, 1))
    day = NOW.day - 1 + NOW.hour / 24
    found = cost_of(week, Spent(month=round(day * DOLLAR)), Prices(), "always", NOW)
    assert "a post costs up to $0.205; 2 in the last seven days" in found.said
    assert "$30.000" in found.said
    assert "up to $0.020" in cost_of((), Spent(), Prices(), "never", NOW).said


@pytest.mark.parametrize(
    ("kept", "level", "words"),
    [
        (None, Level.OK, "is asked when the worker runs"),
        (Subscription("p", FEED, HUB, FEED, Stage.ACTIVE, ends=7_300.0), Level.OK, "for 2 hours more"),
        (Subscription("p", FEED, HUB, FEED, Stage.ACTIVE, ends=99.0), Level.WARN, "has not verified"),
        (Subscription("p", FEED, HUB, FEED, Stage.ASKED, asked=90.0), Level.WARN, "can it reach PUBLIC_URL"),
        (Subscription("p", FEED, HUB, FEED, Stage.ASKED, why="503 later"), Level.WARN, "could not be asked: 503 later"),
        (Subscription("p", FEED, HUB, FEED, Stage.REFUSED, why="no"), Level.WARN, "refuses to tell us of the feed: no"),
        (Subscription("p", FEED, HUB, FEED, Stage.LEAVING), Level.OK, "is asked when the worker runs"),
    ],
)
def test_a_hub_is_told_of_by_how_it_stands_to_us(kept: Subscription | None, level: Level, words: str) -> None:
    """Only what keeps news from coming sooner is a warning: the polls go on whatever a hub does."""
    found = hub_of(FEED, HUB, kept, hears=True, plain=False, now=100.0)
    assert (found.level, found.what) == (level, f"hub of {FEED}")
    assert words in found.said


def test_a_hub_without_tls_is_told_as_one_that_is_not_asked() -> None:
    """Whoever listens on the way would learn the secret."""
    found = hub_of(FEED, HUB.replace("https", "http"), None, hears=True, plain=False, now=100.0)
    assert found.level is Level.WARN
    assert "is not https" in found.said
