"""Addresses of stores: what they ask for, and what is told when they are none."""

import pytest

from newsroom.errors import StoreUnavailable
from store.address import Kind, address_of
from store.server import connect


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
        ("redis://a:99999/0", "up to 65535"),
        ("redis://a:port/0", "up to 65535"),
        ("redis://[::1/0", "names no host"),
        ("redis://a\u2100b/0", "names no host"),
    ],
)
def test_what_is_no_address_is_refused_in_words_that_help_and_without_what_was_read(url: str, told: str) -> None:
    """A password may stand in it."""
    with pytest.raises(ValueError, match=told) as wrong:
        address_of(url.replace("://", "://:hunter2@"))
    assert "hunter2" not in str(wrong.value)


def test_a_password_that_was_not_escaped_is_not_told_as_the_port_it_looks_like() -> None:
    """What stands before its first slash would be the host."""
    with pytest.raises(ValueError, match="%2F") as wrong:
        address_of("redis://:hunter2/word@host:6379/0")
    assert "hunter2" not in str(wrong.value)


@pytest.mark.parametrize(
    "place", ["redis://{}a/0", "rediss://{}a/0", "redis+sentinel://{}a/main", "redis+cluster://{}a"]
)
@pytest.mark.parametrize("option", ["nosuch=1", "socket_timeout=soon", "max_connections=-1"])
async def test_an_option_that_the_client_does_not_know_is_told_before_anybody_is_asked(place: str, option: str) -> None:
    """Not as a fault of ours in the first command."""
    with pytest.raises(StoreUnavailable, match=r"REDIS_URL leads nowhere: an option after the \?") as wrong:
        async with connect(f"{place.format(':hunter2@')}?{option}"):
            pass
    assert "hunter2" not in str(wrong.value)


async def test_options_that_the_client_knows_are_taken() -> None:
    """Nothing is asked before the first command."""
    for url in ("redis://a/0?socket_keepalive=yes", "rediss://a/0?ssl_cert_reqs=none", "unix:///run/redis.sock?db=1"):
        async with connect(url):
            pass
