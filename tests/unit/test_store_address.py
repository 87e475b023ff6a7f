"""Addresses of stores: what they ask for, and what is told when they are none."""

import pytest

from store.address import Kind, address_of


def test_one_server_is_asked_as_its_address_says_and_shown_without_its_password() -> None:
    """Options too may hold a password."""
    address = address_of("rediss://ali:word@host:6380/2?ssl_cert_reqs=none&password=other")
    assert (address.kind, address.is_encrypted) == (Kind.SERVER, True)
    assert address.plain == "rediss://ali:word@host:6380/2?ssl_cert_reqs=none&password=other"
    assert address.shown == "rediss://host:6380/2"


def test_sentinels_are_named_with_what_they_call_the_server_and_its_database() -> None:
    """Their own password is not the server's; a port that is missing is the usual one."""
    url = "rediss+sentinel://:p%40ss@a:1,b/main/3?ssl_cert_reqs=none&sentinel_password=sesame"
    address = address_of(url)
    assert (address.kind, address.service) == (Kind.SENTINEL, "main")
    assert address.hosts == (("a", 1), ("b", 26379))
    assert address.plain == "rediss://:p%40ss@a:1/3?ssl_cert_reqs=none"
    assert address.of_sentinels == (("password", "sesame"),)
    assert address.shown == "rediss+sentinel://a:1,b/main/3"
    assert not any(word in repr(address) for word in ("p%40ss", "sesame"))


def test_a_cluster_is_named_by_some_of_its_nodes() -> None:
    """A host may be a number of the newer kind."""
    address = address_of("redis+cluster://:word@a,[::1]:7001")
    assert (address.kind, address.hosts) == (Kind.CLUSTER, (("a", 6379), ("::1", 7001)))
    assert (address.plain, address.is_encrypted) == ("redis://:word@a:6379/", False)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://host", "begins with redis://"),
        ("redis+sentinel://a:26379", "what they call the server"),
        ("redis+sentinel://a:26379/main/two", "number of its database"),
        ("redis+sentinel:///main", "no host"),
        ("redis+cluster://a:6379/1", "one database"),
        ("redis+cluster://a:99999", "up to 65535"),
    ],
)
def test_what_is_no_address_is_refused_in_words_that_help_and_without_what_was_read(url: str, told: str) -> None:
    """A password may stand in it."""
    with pytest.raises(ValueError, match=told) as wrong:
        address_of(url.replace("://", "://:hunter2@"))
    assert "hunter2" not in str(wrong.value)
