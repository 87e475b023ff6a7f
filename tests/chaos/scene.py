"""The scene of the chaos: some houses on one store server, and rows of the table made there."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import certifi

from tests.chaos.house import House, open_house
from tests.chaos.judgement import Judgement
from tests.chaos.nursery import Nursery, open_nursery
from tests.chaos.rows import Row
from tests.support.store_server import valkey_server


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the chaos happens.

    Attributes:
        nursery: where workers are born.
        folder: of logs and sockets; its path is short, for a socket's may have 107 bytes.
        environment: of every worker.
    """

    nursery: Nursery
    folder: Path
    environment: dict[str, str]

    @asynccontextmanager
    async def houses(
        self, name: str, count: int, *, has_desk: bool = True, more: Mapping[str, str] | None = None
    ) -> AsyncIterator[list[House]]:
        """Houses side by side, in the databases of one server; `more` are settings of their workers."""
        place = Path(tempfile.mkdtemp(prefix="s", dir=self.folder))
        with valkey_server(place) as store:
            async with AsyncExitStack() as stack:
                opening = [
                    open_house(
                        f"{name}-{number}",
                        self.nursery,
                        f"{store.url}?db={number}",
                        place,
                        {**self.environment, **(more or {})},
                        has_desk=has_desk,
                    )
                    for number in range(count)
                ]
                yield list(await asyncio.gather(*(stack.enter_async_context(house) for house in opening)))


@asynccontextmanager
async def open_scene(environment: Mapping[str, str] | None = None) -> AsyncIterator[Scene]:
    """A folder and a cradle; both are gone afterwards. `environment` is the cradle's, from before its first breath."""
    folder = Path(tempfile.mkdtemp(prefix="ajil-c"))
    async with open_nursery(environment) as nursery:
        yield Scene(nursery, folder, {"SSL_CERT_FILE": str(one_authority(folder))})
    shutil.rmtree(folder, ignore_errors=True)


def one_authority(folder: Path) -> Path:
    """One certificate instead of 140: no worker here speaks TLS, and reading them all costs each 40 ms (measured)."""
    end = "-----END CERTIFICATE-----\n"
    bundle = Path(certifi.where()).read_text("ascii")
    path = folder / "one.pem"
    path.write_text(bundle[bundle.index("-----BEGIN") : bundle.index(end)] + end, "ascii")
    return path


async def row_of(
    fault: str, houses: Sequence[House], strike: Callable[[], Awaitable[int]], *, settle_seconds: float = 90.0
) -> Row:
    """Strike, let healthy workers finish, judge.

    Args:
        fault: in words.
        houses: where it strikes.
        strike: does it, and tells how often.
        settle_seconds: how long the end may take.
    """
    begun = time.monotonic()
    for house in houses:
        house.turn_page()
    times = await strike()
    verdicts = await asyncio.gather(*(house.settle(settle_seconds) for house in houses))
    evidence = tuple(
        f"{fate}\n{house.evidence(fate.headline)}"
        for house, verdict in zip(houses, verdicts, strict=True)
        for fate in (*verdict.broken(), *verdict.left_uncertain())
    )
    for house in houses:
        house.telegram.assert_clean()
        house.x.assert_clean()
    floods = sum(house.floods() for house in houses)
    return Row(fault, times, sum(verdicts, Judgement()), time.monotonic() - begun, evidence, floods=floods)
