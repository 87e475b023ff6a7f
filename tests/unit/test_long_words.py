"""Words of no length that a newspaper writes: hostile titles and guids are read once, not over and over.

Each of these took a minute or more, on the loop, before its mend; the time that a test may take tells a hang from an answer.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.scan import REFERENCES_DEEP, key_of
from newsroom.flood import _NUMBER, SCHEME_CHARACTERS, scheme_of
from newsroom.gist import title_key

pytestmark = pytest.mark.timeout(20)


@pytest.mark.parametrize(
    "title",
    ["ب" * 400, "#" + "هاشتاج_" * 57, "زلزال يضرب - " + "ب" * 380 + "!", "新" * 400, f"{'ب' * 390} | أخبار"],
    ids=["one word", "hashtag", "tail", "unbroken script", "head"],
)
def test_a_title_with_a_long_word_has_its_key_at_once(title: str) -> None:
    """The loop stands still meanwhile, with every lease that runs."""
    assert title_key(title)


def test_references_to_references_are_resolved_a_few_times() -> None:
    """As deep as software nests them; a guid that is nothing else is a key like any other."""
    deep = "a&" + "amp;" * REFERENCES_DEEP + "b"
    assert key_of(deep) == key_of("a&b")
    assert key_of("&" + "amp;" * 100_000) != key_of("&")
    assert len({key_of("&amp;" * 1000), key_of("&" * 1000), key_of("&amp;" * 1001)}) == 3


@pytest.mark.parametrize("guid", ["a" * 200_000, "afe" * 70_000 + "!", "1a" * 100_000], ids=["a", "hexadecimal", "run"])
def test_a_guid_of_letters_has_its_scheme_at_once(guid: str) -> None:
    """It is kept with the feed, so it is no longer than a scheme need be."""
    assert len(scheme_of(guid)) <= SCHEME_CHARACTERS
    assert _NUMBER.sub("#", guid)


@given(st.text("aFgz09-٣/é", max_size=60))
def test_numbers_are_struck_out_as_ever(guid: str) -> None:
    """What the store keeps of a feed was made by the plainer pattern."""
    assert _NUMBER.sub("#", guid) == re.sub(r"(?i)[0-9a-f]*\d[0-9a-f]*", "#", guid)
