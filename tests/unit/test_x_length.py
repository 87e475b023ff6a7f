"""X's measure."""

import subprocess
import sys

from hypothesis import example, given
from hypothesis import strategies as st
from twitter_text import extract_urls, parse_tweet

from publishing.x_length import address_in, weighted_length

LETTERS = st.characters(codec="utf-8")
TEXTS = st.text(LETTERS | st.sampled_from("عاجل 0١#*©®™‼\u200d\ufe0f\u20e3🇪🇬👍🏽.:/\n"), max_size=40)


@given(TEXTS)
@example("a\u0301 عاجل: انهيار جسر")
@example("1\ufe0f\u20e3 خبر")
@example("alwasat.com و http://localhost")
def test_a_text_weighs_what_twitter_text_says(text: str) -> None:
    """The short way for plain words, and the library's own for the rest."""
    if text:
        assert weighted_length(text) == parse_tweet(text).weightedLength


@given(TEXTS)
@example("انظر alwasat.com الآن")
def test_an_address_is_found_where_twitter_text_finds_one(text: str) -> None:
    """The first of them."""
    assert address_in(text) == next(iter(extract_urls(text)), "")


def test_twitter_text_is_not_loaded_before_an_address_or_an_emoji_is_measured() -> None:
    """Thirteen megabytes that a house without X never pays."""
    asked = (
        "import sys, publishing.render as r; from publishing.style import HouseStyle; r.TemplateRenderer(HouseStyle())"
    )
    told = "print('twitter_text' in sys.modules)"
    command = [sys.executable, "-c", f"{asked}; {told}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "False"
