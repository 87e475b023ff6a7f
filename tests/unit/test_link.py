"""A link: one form for one article."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.link import canonical, host_of, identity_of, post_number_of

_ZAIM = "https://paper.example.com/%D8%B2%D8%B9%D9%8A%D9%85/"


@pytest.mark.parametrize(
    "written",
    [
        "https://paper.example.com/%d8%b2%d8%b9%d9%8a%d9%85/",
        "https://paper.example.com/زعيم/",
        "HTTPS://Paper.Example.COM:443/زعيم/",
        "https://paper.example.com/زعيم/?utm_source=rss&utm_medium=feed&fbclid=x&gclid=y",
        "https://paper.example.com/زعيم/#comments",
        "  https://paper.example.com/زعيم/ ",
        "https://paper.example.com./زعيم/?amp",
    ],
)
def test_one_article_has_one_link(written: str) -> None:
    """However it was escaped, tracked, shared or pointed into."""
    assert canonical(written) == _ZAIM


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("http://www.paper.example.com/a/12/", "https://paper.example.com/a/12"),
        ("https://paper.example.com/a/12/amp/", "https://paper.example.com/a/12/"),
        ("https://paper.example.com/?id=5&utm_campaign=x", "https://paper.example.com/?id=5"),
        ("https://paper.example.com/?b=2&a=1", "https://paper.example.com/?a=1&b=2"),
    ],
)
def test_a_move_to_https_or_a_lost_slash_is_the_same_article(one: str, another: str) -> None:
    """The identity leaves out what changes with a server's settings."""
    assert identity_of(one) == identity_of(another) != ""


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("https://paper.example.com/a/12", "https://paper.example.com/a/13"),
        ("https://paper.example.com/?id=5", "https://paper.example.com/?id=6"),
        ("https://paper.example.com/a", "https://other.example.com/a"),
        ("https://paper.example.com:8080/a", "https://paper.example.com/a"),
        ("https://paper.example.com/%25D8", "https://paper.example.com/%D8"),
    ],
)
def test_two_articles_have_two_identities(one: str, another: str) -> None:
    """Path, query, host and port are told apart."""
    assert identity_of(one) != identity_of(another)


@pytest.mark.parametrize(
    "url", ["https://paper.example.com", "https://www.paper.example.com/", "", "urn:uuid:1", "not a link"]
)
def test_a_home_page_or_no_link_names_no_article(url: str) -> None:
    """Or a feed that links every entry to its home page would be one story."""
    assert identity_of(url) == ""


@pytest.mark.parametrize(
    "url", ["http://[::1", "https://paper.example.com:99999/a", "//paper.example.com/a", "mailto:a@b.example.com"]
)
def test_what_is_no_web_address_is_left_alone(url: str) -> None:
    """A broken link raises nothing here; the guard refuses to fetch it."""
    assert canonical(url) == url
    assert identity_of(url) == ""
    assert post_number_of(url) is None


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://paper.example.com/?p=48207", 48207),
        ("http://www.paper.example.com?p=7", 7),
        ("https://paper.example.com/?post_type=news&p=9", 9),
        ("https://paper.example.com/a/?p=7", None),
        ("https://paper.example.com/?p=seven", None),
        ("https://paper.example.com/?p=\u0667", None),
        ("https://paper.example.com/?page=7", None),
        ("https://paper.example.com/?p=" + "9" * 40, None),
    ],
)
def test_wordpress_numbers_are_read_from_its_own_form_alone(url: str, number: int | None) -> None:
    """`?p=N` at the root, which WordPress writes into guids and shortlinks."""
    assert post_number_of(url) == number


@pytest.mark.parametrize(
    "place",
    ["https://paper.example.com/a{}", "https://paper.example.com/a?b={}", "https://paper.example{}.com/a", "urn:{}a"],
)
def test_half_a_character_stands_in_no_form_of_a_link(place: str) -> None:
    """JSON can write one, and no store takes it."""
    assert canonical(place.format("\ud83d")) == canonical(place.format(""))


def test_hosts_are_compared_without_www_and_case() -> None:
    """An Arabic host is written as DNS writes it."""
    assert host_of("https://WWW.Paper.Example.com/a") == "paper.example.com"
    assert host_of("https://مثال.example.com/") == host_of("https://xn--mgbh0fb.example.com/")
    assert host_of("nothing") == ""


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\t"), max_size=20),
    st.text(alphabet="%aD8ز/?=&;+ #", max_size=20),
)
def test_the_form_of_a_form_is_itself(path: str, rest: str) -> None:
    """Whatever stands in the path or query."""
    url = canonical(f"https://paper.example.com/{path}{rest}")
    assert canonical(url) == url
