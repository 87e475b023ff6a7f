"""The guard: what may be connected to. It stands at the socket, on the address that is really connected.

A check of the name or of the address in the URL is not enough: a name may resolve to another address the second time
(rebinding), a redirect may lead elsewhere, and an address has many spellings (2130706433, 0x7f.1, full-width dots).
Whatever the spelling, `connect` is called with one numeric address, and that one is judged here. aiohttp offers the
place as `TCPConnector(socket_factory=...)`; a custom resolver would not do, as literal addresses skip it.

`ipaddress.is_global` alone does not do either: on Python 3.11 it is true for ::127.0.0.1, 2002:7f00:1::,
64:ff9b::7f00:1, 192.0.0.192 and 224.0.0.1 (measured). So the lists below name every special block of the IANA
registries, and `is_global` is asked as well.
"""

import errno
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import AddrInfoType
from yarl import URL

Network = IPv4Network | IPv6Network

PORTS = frozenset({80, 443})
"""Where news sites answer. Another port is a service that was not meant for us."""

SCHEMES = frozenset({"http", "https"})

# Source: IANA IPv4 Special-Purpose Address Registry; the last two are clouds' own services on public addresses.
_REFUSED_V4 = (
    (IPv4Network("0.0.0.0/8"), "this very host"),
    (IPv4Network("10.0.0.0/8"), "private"),
    (IPv4Network("100.64.0.0/10"), "behind a carrier's NAT"),
    (IPv4Network("127.0.0.0/8"), "loopback"),
    (IPv4Network("169.254.0.0/16"), "link-local, where clouds keep their metadata"),
    (IPv4Network("172.16.0.0/12"), "private"),
    (IPv4Network("192.0.0.0/24"), "reserved for protocols"),
    (IPv4Network("192.0.2.0/24"), "for documentation"),
    (IPv4Network("192.88.99.0/24"), "a 6to4 relay"),
    (IPv4Network("192.168.0.0/16"), "private"),
    (IPv4Network("198.18.0.0/15"), "for benchmarks"),
    (IPv4Network("198.51.100.0/24"), "for documentation"),
    (IPv4Network("203.0.113.0/24"), "for documentation"),
    (IPv4Network("224.0.0.0/4"), "multicast"),
    (IPv4Network("240.0.0.0/4"), "reserved"),
    (IPv4Network("168.63.129.16/32"), "a cloud's own service"),  # Azure WireServer
)
# Source: IANA IPv6 Special-Purpose Address Registry. The first that holds the address gives the reason.
_REFUSED_V6 = (
    (IPv6Network("::/128"), "unspecified"),
    (IPv6Network("::1/128"), "loopback"),
    (IPv6Network("::ffff:0:0/96"), "IPv4 in disguise (mapped)"),
    (IPv6Network("::/96"), "IPv4 in disguise (compatible)"),
    (IPv6Network("64:ff9b::/96"), "IPv4 in disguise (NAT64)"),
    (IPv6Network("64:ff9b:1::/48"), "IPv4 in disguise (local NAT64)"),
    (IPv6Network("2001::/32"), "IPv4 in disguise (Teredo)"),
    (IPv6Network("2002::/16"), "IPv4 in disguise (6to4)"),
    (IPv6Network("2001::/23"), "reserved for protocols"),
    (IPv6Network("2001:db8::/32"), "for documentation"),
    (IPv6Network("3fff::/20"), "for documentation"),
    (IPv6Network("fc00::/7"), "private"),
    (IPv6Network("fe80::/10"), "link-local"),
    (IPv6Network("fec0::/10"), "site-local"),
    (IPv6Network("ff00::/8"), "multicast"),
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""Upper half of an interface identifier that carries an IPv4 address for a tunnel (RFC 5214, section 6.1)."""


class AddressRefused(OSError):
    """The guard does not let this address be connected to. `strerror` is a sentence for the log."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(errno.EACCES, f"the address {address} is refused: {why}")


def refusal_of(address: str, port: int, allow: Sequence[Network] = ()) -> str | None:
    """Why this numeric address must not be connected to; None when it may be.

    A host that has IPv6 only reaches IPv4 sites through NAT64. Its operator opens `64:ff9b::/96` by FETCH_ALLOW.

    Args:
        address: IPv4 or IPv6, as the system's `connect` takes it; a zone (`%eth0`) is allowed.
        port: TCP port.
        allow: Networks that are open on every port in spite of what they are.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return "not an internet address"
    if any(ip in network for network in allow):
        return None
    why = _refusal_v4(ip) if isinstance(ip, IPv4Address) else _refusal_v6(ip)
    if why is None and port not in PORTS:
        return f"port {port} is none of a website"
    return why


def _refusal_v4(ip: IPv4Address) -> str | None:
    for network, why in _REFUSED_V4:
        if ip in network:
            return why
    return None if ip.is_global else "not public"


def _refusal_v6(ip: IPv6Address) -> str | None:
    for network, why in _REFUSED_V6:
        if ip in network:
            return why
    if (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP:
        return "IPv4 in disguise (ISATAP)"
    return None if ip in _GLOBAL_UNICAST and ip.is_global else "not public"


def guarded_socket_factory(allow: Sequence[Network] = ()) -> Callable[[AddrInfoType], socket.socket]:
    """Sockets for aiohttp's connector, only for addresses that may be connected to.

    Args:
        allow: Networks that are open on every port, from FETCH_ALLOW.

    Returns:
        A factory that raises `AddressRefused` before a socket exists.
    """
    open_networks = tuple(allow)

    def guarded_socket(address_info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = address_info
        if family not in {socket.AF_INET, socket.AF_INET6}:
            raise AddressRefused(str(address), "not an internet address")
        host, port = str(address[0]), int(address[1])
        why = refusal_of(host, port, open_networks)
        if why is not None:
            raise AddressRefused(host, why)
        return socket.socket(family=family, type=kind, proto=protocol)

    return guarded_socket


def refusal_of_url(url: URL) -> str | None:
    """Why this address is not even resolved; None when its form is that of a web page."""
    if url.scheme not in SCHEMES:
        return f"only http and https are fetched, not {url.scheme or 'an address without a scheme'}"
    if not url.raw_host:
        return "the address names no host"
    return None
