"""The worker with another wall clock: `python -m bot`, whose one clock is off by as much as a file says.

    python -m tests.support.shifted_bot FILE ... -m bot ARGUMENTS

What stands between the file and `bot` is the command of a worker that is started as usual; it is not needed here. A
library that stands before the machine's clock would do without this, but behind it Python's threads lose their way.
"""

import runpy
import sys
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import MachineClock


def main() -> None:
    """Become the worker."""
    shift = Path(sys.argv[1])
    true_now = MachineClock.now

    def now(clock: MachineClock) -> datetime:
        return true_now(clock) + timedelta(seconds=float(shift.read_text("ascii")))

    MachineClock.now = now  # type: ignore[assignment] # the one place that asks the machine for the time
    sys.argv = sys.argv[sys.argv.index("bot", 2) :]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
