"""The guard: which addresses may be connected to."""

import errno
import ipaddress
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from feeds.guard import AddressRefused, guarded_socket_factory, refusal_of, refusal_of_url

PUBLIC = [
    "93.184.216.34",
    "1.1.1.1",
    "8.8.8.8",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
    "2001:4860:4860::8888",
]


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("port", [80, 443])
def test_a_public_website_may_be_reached(address: str, port: int) -> None:
    """Both families, both ports."""
    assert refusal_of(address, port) is None


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 0, 65535])
def test_a_port_that_is_none_of_a_website_is_refused(address: str, port: int) -> None:
    """A feed is no way to a mail server or a store."""
    assert refusal_of(address, port) == f"port {port} is none of a website"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("0.0.0.0", "this very host"),
        ("10.255.255.255", "private"),
        ("100.64.0.1", "behind a carrier's NAT"),
        ("100.100.100.200", "behind a carrier's NAT"),
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("168.63.129.16", "a cloud's own service"),
        ("169.254.169.254", "link-local, where clouds keep their metadata"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.192", "reserved for protocols"),
        ("192.0.2.1", "for documentation"),
        ("192.88.99.1", "a 6to4 relay"),
        ("192.168.0.1", "private"),
        ("198.19.255.255", "for benchmarks"),
        ("203.0.113.7", "for documentation"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.250", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::127.0.0.1", "IPv4 in disguise (compatible)"),
        ("::ffff:127.0.0.1", "IPv4 in disguise (mapped)"),
        ("::ffff:8.8.8.8", "IPv4 in disguise (mapped)"),
        ("::ffff:0:127.0.0.1", "not public"),
        ("2002:7f00:1::", "IPv4 in disguise (6to4)"),
        ("2002:a9fe:a9fe::1", "IPv4 in disguise (6to4)"),
        ("64:ff9b::7f00:1", "IPv4 in disguise (NAT64)"),
        ("64:ff9b:1::a00:1", "IPv4 in disguise (local NAT64)"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "IPv4 in disguise (Teredo)"),
        ("2001:10::1", "reserved for protocols"),
        ("2001:20::1", "reserved for protocols"),
        ("2001:db8::1", "for documentation"),
        ("3fff::1", "for documentation"),
        ("2606:4700::5efe:7f00:1", "IPv4 in disguise (ISATAP)"),
        ("2606:4700::200:5efe:7f00:1", "IPv4 in disguise (ISATAP)"),
        ("fc00::1", "private"),
        ("fd00:ec2::254", "private"),
        ("fe80::1%eth0", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
        ("100::1", "not public"),
        ("5f00::1", "not public"),
        ("4000::1", "not public"),
        ("localhost", "not an internet address"),
        ("", "not an internet address"),
        ("2130706433", "not an internet address"),
    ],
)
def test_an_address_that_is_not_public_is_refused_with_its_reason(address: str, why: str) -> None:
    """Every special block of the registries, on the port of a website."""
    assert refusal_of(address, 443) == why


@given(st.ip_addresses())
def test_nothing_is_open_that_python_knows_to_be_special(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """Whatever address: what the standard library calls special in any way is refused here."""
    special = (
        address.is_private,
        address.is_loopback,
        address.is_link_local,
        address.is_multicast,
        address.is_reserved,
        address.is_unspecified,
        not address.is_global,
    )
    if any(special):
        assert refusal_of(str(address), 80) is not None


@given(st.ip_addresses(v=4))
def test_no_disguise_makes_an_address_reachable(address: IPv4Address) -> None:
    """An IPv4 address inside an IPv6 one is refused in each of the six ways to put it there, public or not."""
    high, low = int(address) >> 16, int(address) & 0xFFFF
    disguises = (
        f"::ffff:{address}",
        f"::{address}",
        f"64:ff9b::{address}",
        f"2002:{high:x}:{low:x}::1",
        f"2001:0:{high:x}:{low:x}::1",
        f"2606:4700::5efe:{address}",
    )
    assert all(refusal_of(disguise, 443) for disguise in disguises)


def test_an_open_network_is_open_on_every_port() -> None:
    """FETCH_ALLOW is for tests, and for a site that lives beside its worker."""
    allow = (IPv4Network("127.0.0.0/8"), IPv6Network("fd00::/8"))
    assert refusal_of("127.0.0.1", 8080, allow) is None
    assert refusal_of("fd00::1", 3000, allow) is None
    assert refusal_of("10.0.0.1", 80, allow) == "private"
    assert refusal_of("::ffff:127.0.0.1", 80, allow) == "IPv4 in disguise (mapped)"


def test_a_socket_exists_only_for_an_address_that_passed() -> None:
    """The factory raises before there is a socket, with an error that the log can print."""
    factory = guarded_socket_factory((IPv4Network("127.0.0.0/8"),))
    with factory((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 8080))) as opened:
        assert opened.family == socket.AF_INET
    with pytest.raises(AddressRefused) as refused:
        factory((socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 80, 0, 0)))
    assert refused.value.errno == errno.EACCES
    assert refused.value.strerror == "the address ::1 is refused: loopback"


def test_a_socket_of_another_family_is_refused() -> None:
    """A path is no address, whoever hands it over."""
    with pytest.raises(AddressRefused, match="not an internet address"):
        guarded_socket_factory()((socket.AF_UNIX, socket.SOCK_STREAM, 0, "", "/run/redis.sock"))  # type: ignore[arg-type]  # The very fault.


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://alwasat.example.com/feed/", None),
        ("http://alwasat.example.com/feed/", None),
        ("file:///etc/passwd", "only http and https are fetched, not file"),
        ("ftp://alwasat.example.com/", "only http and https are fetched, not ftp"),
        ("gopher://alwasat.example.com/", "only http and https are fetched, not gopher"),
        ("/feed/", "only http and https are fetched, not an address without a scheme"),
    ],
)
def test_only_addresses_of_the_web_are_resolved(url: str, why: str | None) -> None:
    """The scheme is looked at before anything is asked of a name server."""
    assert refusal_of_url(URL(url)) == why
