"""The judge itself: a table that cannot show a breach proves nothing."""

from dataclasses import replace

import pytest

from newsroom.delivery import Delivery, DeliveryId, Lane, State
from tests.chaos.judgement import Fate, Judgement
from tests.chaos.rows import Row, markdown
from tests.support.newsroom import CHANNEL, a_post, a_story

STORY = a_story()
DELIVERY = Delivery(DeliveryId("d"), STORY.id, a_post(STORY), Lane.BREAKING, 0.0, 0.0, 9.0, state=State.SENT)


def fate(posts: int, state: State | None, why: str = "") -> Fate:
    """A story at a target."""
    delivery = None if state is None else replace(DELIVERY, state=state, why=why)
    return Fate(STORY.headline, CHANNEL.id, posts, delivery)


@pytest.mark.parametrize(
    ("posts", "state", "why", "duplicates", "losses"),
    [
        (1, State.SENT, "", 0, 0),
        (2, State.SENT, "", 1, 0),
        (3, State.UNCERTAIN, "?", 2, 0),
        (0, State.SENT, "", 0, 1),
        (0, State.PLANNED, "", 0, 1),
        (0, None, "", 0, 1),
        (0, State.UNCERTAIN, "no answer", 0, 0),
        (0, State.REFUSED, "", 0, 1),
        (0, State.EXPIRED, "too old", 0, 0),
    ],
)
def test_a_fate_counts_by_what_followers_see_and_editors_are_shown(
    posts: int, state: State | None, why: str, duplicates: int, losses: int
) -> None:
    """A state without a reason is as silent as none."""
    verdict = Judgement((fate(posts, state, why),))
    assert (verdict.duplicates, verdict.losses) == (duplicates, losses)


def test_a_broken_promise_stands_in_the_table() -> None:
    """In the row and in the sum."""
    rows = [Row("killed", 7, Judgement((fate(2, State.SENT),))), Row("wiped", 1, Judgement((fate(1, State.SENT),)))]
    table = markdown(rows).splitlines()
    assert "BROKEN" in table[2]
    assert "kept" in table[3]
    assert "| 8 | 1 | 2 | 1 | 0 | 0 |" in table[4]
    assert "BROKEN" in table[4]
