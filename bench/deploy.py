"""Twenty rolling deploys under load: what was lost, doubled, and how long followers waited. Prints one line.

    python -m bench.deploy [TIMES]

The same clockwork as tests/e2e/test_rolling_deploy.py, at the size that docs/operate.md states.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.e2e.conftest import open_stage
from tests.support.rolling import rolled
from tests.support.store_server import valkey_server

TIMES = 20


async def main(times: int) -> None:
    """Deploy and tell."""
    with tempfile.TemporaryDirectory(prefix="ajil-") as folder, valkey_server(Path(folder)) as store:
        async with open_stage(store, Path(folder)) as stage:
            print(await rolled(stage, times))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES))
