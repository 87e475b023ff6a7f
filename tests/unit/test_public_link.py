"""The link of a post: whole to X, without others' trackers, with our own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twitter_text import extract_urls

from publishing.link import public


@pytest.mark.parametrize(
    ("given_as", "goes_out_as"),
    [
        ("https://a.com/زعيم/", "https://a.com/%D8%B2%D8%B9%D9%8A%D9%85/"),
        ("https://a.com/%d8%b2/", "https://a.com/%D8%B2/"),
        ("https://A.com/?p=1&utm_source=x&fbclid=y", "https://a.com/?p=1"),
        ("https://a.com/x_(y)/", "https://a.com/x_%28y%29/"),
        ("https://a.com/it's", "https://a.com/it%27s"),
        ("https://a.com/end.", "https://a.com/end%2E"),
        ("https://موقع.com/1", "https://xn--4gbrim.com/1"),
        (" https://a.com ", "https://a.com/"),
        ("javascript:alert(1)", ""),
        ("/only/a/path", ""),
        ("ftp://a.com/1", ""),
        ("https://[broken/1", ""),
        ("https:///nowhere", ""),
        ("", ""),
    ],
)
def test_an_address_goes_out_encoded_and_without_trackers(given_as: str, goes_out_as: str) -> None:
    """What is no web address does not go out at all."""
    assert public(given_as) == goes_out_as


def test_our_own_parameters_are_added_at_the_end() -> None:
    """To a query that is there, or as the first."""
    assert public("https://a.com/?p=1", {"utm_source": "x y"}) == "https://a.com/?p=1&utm_source=x%20y"
    assert public("https://a.com/", {"utm_source": "x"}) == "https://a.com/?utm_source=x"


@given(st.text(alphabet="abزعيم/()'\"!*|[]{}<>.,;:%?=&-_~$ ", max_size=40))
@settings(max_examples=100)
def test_x_finds_every_address_whole(path: str) -> None:
    """Whatever the path, twitter-text ends the link where we end it."""
    address = public(f"https://alwasat.example.com/{path}")
    assert extract_urls(f"عاجل\n\n{address}\n\n#وسم") == [address]
