"""An address of a store: what REDIS_URL may say, read without asking anybody. Pure.

    redis://:password@host:6379/0                        one server
    rediss://:password@host:6380/0                       with TLS; ?ssl_cert_reqs=none where the host signs for itself
    unix:///run/redis/redis.sock                         on this machine
    redis+sentinel://:password@a:26379,b:26379/main/0    whichever server the sentinels call `main` now
    redis+cluster://:password@a:6379,b:6379              a cluster; all keys lie in one slot

`rediss+sentinel` and `rediss+cluster` are the same with TLS. What stands after `?` goes to the client (redis-py);
sentinels with a password of their own have it in `sentinel_password` and `sentinel_username`.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit


class Kind(StrEnum):
    """Who is asked for the server."""

    SERVER = "server"
    """Nobody: it is named."""
    SENTINEL = "sentinel"
    CLUSTER = "cluster"


SCHEMES = {
    "redis": Kind.SERVER,
    "rediss": Kind.SERVER,
    "unix": Kind.SERVER,
    "redis+sentinel": Kind.SENTINEL,
    "rediss+sentinel": Kind.SENTINEL,
    "redis+cluster": Kind.CLUSTER,
    "rediss+cluster": Kind.CLUSTER,
}
_PORTS = {Kind.SENTINEL: 26379, Kind.CLUSTER: 6379}
_OF_SENTINELS = "sentinel_"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store is, and how it is asked."""

    kind: Kind
    shown: str
    """Without a password, a name or options: for the log."""
    plain: str = field(repr=False)
    """As redis-py reads it: one server, whose password, database and options are those of all."""
    hosts: tuple[tuple[str, int], ...] = ()
    """Of sentinels, or of some nodes of a cluster."""
    service: str = ""
    """What the sentinels call the server."""
    of_sentinels: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Their own `username` and `password`, where they have any."""

    @property
    def is_encrypted(self) -> bool:
        """TLS."""
        return self.plain.startswith("rediss")


def address_of(url: str) -> Address:
    """Read an address.

    Raises:
        ValueError: it is none; says what is missing, and never what was read.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        # Its own words may hold all that stands before the path.
        raise ValueError("what stands between // and the next / names no host") from None
    kind = SCHEMES.get(parts.scheme)
    if kind is None:
        raise ValueError(f"the address of a store begins with {'://, '.join(SCHEMES)}://")
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    if kind is Kind.SERVER:
        _ = _port_of(parts)
        return Address(kind, shown, url)
    hosts = _hosts_of(parts, _PORTS[kind])
    service, _, database = parts.path.strip("/").partition("/")
    if kind is Kind.CLUSTER:
        if service not in {"", "0"}:
            raise ValueError("a cluster has one database: nothing stands after its hosts")
        return Address(kind, shown, _plain(parts, hosts[0], ""), hosts)
    if not service:
        raise ValueError("after the sentinels stands what they call the server: redis+sentinel://host:26379/main")
    if database and not database.isdecimal():
        raise ValueError("after the name of the server stands the number of its database, or nothing")
    own = tuple((name.removeprefix(_OF_SENTINELS), value) for name, value in _options(parts) if _is_theirs(name))
    return Address(kind, shown, _plain(parts, hosts[0], database), hosts, service, own)


def _hosts_of(parts: SplitResult, port: int) -> tuple[tuple[str, int], ...]:
    named = [urlsplit(f"//{host}") for host in parts.netloc.rpartition("@")[2].split(",") if host]
    hosts = tuple((host.hostname or "", _port_of(host) or port) for host in named)
    if not hosts or not all(name for name, _ in hosts):
        raise ValueError("no host is named")
    return hosts


def _port_of(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        # A password with a / in it ends the host early, and what precedes is then taken for a port.
        raise ValueError("a port is a number up to 65535; / ? # in a password are written %2F %3F %23") from None


def _plain(parts: SplitResult, host: tuple[str, int], database: str) -> str:
    user, at, _ = parts.netloc.rpartition("@")
    name = f"[{host[0]}]" if ":" in host[0] else host[0]
    options = urlencode([(option, value) for option, value in _options(parts) if not _is_theirs(option)])
    scheme = parts.scheme.partition("+")[0]
    return f"{scheme}://{user}{at}{name}:{host[1]}/{database}{'?' if options else ''}{options}"


def _options(parts: SplitResult) -> list[tuple[str, str]]:
    return parse_qsl(parts.query, keep_blank_values=True)


def _is_theirs(option: str) -> bool:
    return option in {"sentinel_username", "sentinel_password"}


def options_without_place(options: dict[str, Any]) -> dict[str, Any]:
    """What redis-py read of `plain`, without the one host it names."""
    return {name: value for name, value in options.items() if name not in {"host", "port", "connection_class"}}
