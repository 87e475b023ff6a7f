"""Cashtags: a post on X carries one at most, and reads as the author wrote it."""

import pytest

from newsroom.delivery import Lane
from newsroom.story import Story, StoryId
from newsroom.target import Network, Target
from publishing.cashtag import one_cashtag
from publishing.render import TemplateRenderer
from publishing.style import HouseStyle
from tests.support.clock import START
from tests.support.x_wording import cashtags_in


@pytest.mark.parametrize(
    ("written", "posted"),
    [
        ("سهم $AAPL يقفز", "سهم $AAPL يقفز"),
        ("$AAPL و $TSLA و $BRK.B", "$AAPL و $\u200cTSLA و $\u200cBRK.B"),
        ("$KWD ثم $KWD", "$KWD ثم $\u200cKWD"),
        ("$86 و $AAPL", "$86 و $AAPL"),
        ("https://a.com/?of=$USD $AAPL", "https://a.com/?of=$USD $AAPL"),
        ("$AAPL https://a.com/?of=$USD", "$AAPL https://a.com/?of=$USD"),
        ("$ABCDEFG $AAPL US$ A$AAPL", "$ABCDEFG $AAPL US$ A$AAPL"),
    ],
)
def test_the_second_cashtag_is_none_any_more(written: str, posted: str) -> None:
    """The first stays; a price, an address and what merely looks like one are left alone."""
    assert one_cashtag(written) == posted
    assert one_cashtag(posted) == posted
    assert len(cashtags_in(posted.replace("of=$USD", ""))) <= 1


def test_a_story_of_two_shares_goes_out_on_x_and_is_left_alone_on_telegram() -> None:
    """X would refuse it whole; Telegram knows no such rule."""
    story = Story(StoryId("1"), (), "قفزة في $AAPL و $TSLA", START)
    house = TemplateRenderer(HouseStyle())
    on_x = house.render(story, None, Lane.ORDINARY, Target(Network.X, "main"))
    on_telegram = house.render(story, None, Lane.ORDINARY, Target(Network.TELEGRAM, "@a"))
    assert on_x.text == "قفزة في $AAPL و $\u200cTSLA"
    assert on_x.length == len(on_x.text)
    assert on_telegram.text == story.headline
