"""The survey: how far a store can be trusted, from what it says of itself (INFO, which managed hosts allow)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsroom.ports import Clock
from store.server import Server

NEARLY_FULL = 0.8
"""Share of its memory from which a store wants a person."""
APART_SECONDS = 30.0
"""Two clocks that are further apart than this are a mistake of one of them."""
NAMELESS = "it does not say which server answers (run_id in INFO), so a failover that loses writes cannot be noticed"
FORGETS = "it keeps no append-only file, so what it wrote last is lost when it dies: set appendonly yes"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about a store that wants a person."""

    is_fatal: bool
    """Nothing can be sent with it."""
    said: str
    """In words, with the mend."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a store says of itself."""

    name: str
    """`valkey 9.1.2`."""
    is_replica: bool
    appends: bool
    """It keeps an append-only file."""
    writes_well: bool
    """The last write to its disk went well."""
    used: int
    """Bytes."""
    limit: int
    """Bytes; 0 is none."""
    ahead: float
    """Seconds that its clock is ahead of ours."""
    names_itself: bool = True
    """It says which process answers."""

    def doubts(self) -> Iterator[Doubt]:
        """What is wrong with it, the worst first."""
        if self.is_replica:
            yield Doubt(is_fatal=True, said="it is a replica and takes no writes: give the address of the primary")
        if not self.writes_well:
            yield Doubt(is_fatal=True, said="it cannot write to its disk: is the disk full?")
        if self.limit and self.used >= NEARLY_FULL * self.limit:
            share = f"{self.used / self.limit:.0%} of its {self.limit / 2**20:.0f} MB are used"
            yield Doubt(is_fatal=False, said=f"{share}: when it is full nothing is sent; take a larger one")
        if abs(self.ahead) > APART_SECONDS:
            side = "ahead of" if self.ahead > 0 else "behind"
            apart = f"its clock is {abs(self.ahead):.0f} s {side} this machine's, and by it news grows old"
            yield Doubt(is_fatal=False, said=f"{apart}: switch on the time service of both")
        if not self.names_itself:
            yield Doubt(is_fatal=False, said=NAMELESS)
        if not self.appends:
            yield Doubt(is_fatal=False, said=FORGETS)


async def survey_of(server: Server, clock: Clock) -> Survey:
    """Ask it; `clock` is ours.

    Raises:
        StoreUnavailable: it does not answer.
    """
    about = {name: await server.info(name) for name in ("server", "replication", "persistence", "memory")}
    return survey_from(about, await server.time() - clock.now().timestamp())


def survey_from(about: Mapping[str, Mapping[str, str]], ahead: float) -> Survey:
    """The survey from the sections of INFO; what a server does not say is taken as good."""
    server, disk, memory = about["server"], about["persistence"], about["memory"]
    kind = server.get("server_name", "redis")
    return Survey(
        name=f"{kind} {server.get(f'{kind}_version', server.get('redis_version', ''))}".strip(),
        is_replica=about["replication"].get("role", "master") != "master",
        appends=disk.get("aof_enabled", "1") == "1",
        writes_well={disk.get("aof_last_write_status", "ok"), disk.get("rdb_last_bgsave_status", "ok")} == {"ok"},
        used=int(memory.get("used_memory", 0)),
        limit=int(memory.get("maxmemory", 0)),
        ahead=ahead,
        names_itself="run_id" in server,
    )
