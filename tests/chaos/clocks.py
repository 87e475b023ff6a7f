"""Clocks that jump: libfaketime stands before the machine's clock of one process, and a file says by how much."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LIBRARIES = tuple(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
"""Debian's package `faketime`; where it is missing these rows are not tried."""
JUMPS = ("+2h", "-2h", "+0")


@dataclass(frozen=True, slots=True)
class WallClock:
    """The wall clock of some processes; their monotonic one stays the machine's.

    Attributes:
        file: where the library reads how far it is off.
    """

    file: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """Of the processes."""
        return {
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            # Without it a thread waits for Python's own lock by a clock that is no more: imports in threads stood still.
            "FAKETIME_FORCE_MONOTONIC_FIX": "1",
        }

    def jump(self, by: str) -> None:
        """Set it: `+2h` is two hours ahead of the machine's. Whoever reads meanwhile reads the old or the new."""
        fresh = self.file.with_suffix(".fresh")
        fresh.write_text(by, "ascii")
        fresh.replace(self.file)

    async def keep_jumping(self, times: int, chance: random.Random) -> int:
        """Two hours on, two hours back, and right again, in turn; ends two hours ahead, so that nothing waits for it."""
        for turn in range(times):
            await asyncio.sleep(chance.uniform(0.5, 1.5))
            self.jump(JUMPS[turn % len(JUMPS)])
        await asyncio.sleep(1.0)
        self.jump("+2h")
        return times
