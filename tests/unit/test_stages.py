"""A story's way, in words: each decision with its reason, Arabic and English."""

from itertools import product

import pytest

from bot.commands.replies.tables import GROUNDS, REASONS, RELATIONS, VERDICTS
from bot.commands.stages import stages_of
from newsroom.batch import Batch, Cause
from tests.support.newsroom import CHANNEL


@pytest.mark.parametrize(("relation", "ground"), list(product(RELATIONS, GROUNDS)))
def test_every_relation_and_ground_is_said_in_both_languages(relation: str, ground: str) -> None:
    """No key is shown to a reader."""
    first, *_ = stages_of((relation, ground), ("ordinary", "no_signal"), {}, None)
    assert (first.name, first.key) == ("relation", f"{relation} {ground}")
    assert ground not in first.words["ar"]
    assert all(": " in words for words in first.words.values())


@pytest.mark.parametrize(("verdict", "reason"), list(product(VERDICTS, REASONS)))
def test_every_verdict_and_reason_is_said_in_both_languages(verdict: str, reason: str) -> None:
    """And what an older version wrote without a relation is told all the same."""
    [told] = stages_of(("", ""), (verdict, reason), {}, None)
    assert (told.name, told.key) == ("verdict", f"{verdict} {reason}")


def test_the_stages_stand_in_the_corridors_order() -> None:
    """Relation, verdict, what a rule said, and why the desk is asked."""
    batch = Batch("b", Cause.STORY, "policy", "")
    told = list(stages_of(("new", "nothing_like_it"), ("ordinary", "no_signal"), {CHANNEL.id: "hold الوفيات"}, batch))
    assert [stage.name for stage in told] == ["relation", "verdict", "policy", "desk"]
    assert "«الوفيات»" in told[2].words["ar"]
