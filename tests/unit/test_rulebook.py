"""Rules in ajil.toml: what they become, and mistakes told by file, line and key."""

from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.house import house_of
from bot.settings import SettingsWrongError, read_settings
from newsroom.delivery import Lane
from newsroom.policy import Hours, Then

EXAMPLE = Path(__file__).parents[2] / "examples" / "ajil.toml"


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of an otherwise empty house."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AJIL_CONFIG", raising=False)
    return tmp_path / "ajil.toml"


def test_the_example_is_read_and_every_kind_of_rule_stands_in_it(toml: Path) -> None:
    """What people copy must work."""
    toml.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    policies = house_of(read_settings()).policies
    assert {policy.then for policy in policies} == set(Then)
    assert policies[0].hours == Hours(time(23, 30), time(6), ZoneInfo("Asia/Riyadh"))
    assert policies[2].targets == {"telegram:@alwasat_sport"}


def test_hours_alone_mean_what_can_wait(toml: Path) -> None:
    """Breaking news passes quiet hours, unless a rule names it."""
    toml.write_text(
        '[[rule]]\nthen = "silent"\nhours = "23:00-06:00"\n'
        '[[rule]]\nthen = "wait"\nhours = "01:00-02:00"\nclass = "breaking"\n'
        '[[rule]]\nthen = "skip"\ntags = "وفيات"\n',
        "utf-8",
    )
    assert [policy.lane for policy in house_of(read_settings()).policies] == [Lane.ORDINARY, Lane.BREAKING, None]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            '[[rule]]\nthen = "post"\n\n[[rule]]\nthen = "silnt"\n',
            "line 5: rule 2, then is wrong: it is one of post, silent",
        ),
        ('[[rule]]\nkeyword = ["زلزال"]\nthen = "post"\n', "line 2: rule 1, keyword is wrong: there is no such word"),
        ('[[rule]]\nsections = "رياضة"\n', "line 1: rule 1, then is wrong: it does not say what is to be done"),
        ('[[rule]]\nthen = "wait"\n', '"wait" needs hours to wait for'),
        ('[[rule]]\nthen = "wait"\nhours = "25:00-06:00"\n', "line 3: rule 1, hours is wrong: hours are written"),
        ('[[rule]]\nthen = "skip"\ntargets = ["sport"]\n', "line 3: rule 1, targets is wrong: 'sport' is no target"),
        ('[[rule]]\nthen = "skip"\nkeywords = ["…"]\n', "line 3: rule 1, keywords is wrong: '…' has no word in it"),
        ('[[rule]]\nthen = "post\n', "cannot be read: Illegal character"),
        ('timezone = "Mars/Olympus"\n', "TIMEZONE is wrong: there is no such time zone"),
    ],
)
def test_a_mistake_is_told_by_line_and_key_in_plain_words(toml: Path, written: str, told: str) -> None:
    """And an example shows how it is meant."""
    toml.write_text(written, "utf-8")
    with pytest.raises(SettingsWrongError) as wrong:
        read_settings()
    assert told in str(wrong.value)
    assert "example:" in str(wrong.value)
