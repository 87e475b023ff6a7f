"""`python -m tests.chaos`: the campaign, its table, and docs/guarantees.md, which nothing else writes.

Exit code 1 when the promise was broken anywhere.
"""

import argparse
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import as_completed
from dataclasses import fields, replace
from pathlib import Path

from bot.clock import MachineClock
from tests.chaos.campaign import PARTS, WHOLE, Plan
from tests.chaos.crews import Made, open_crews, orders, placed, result_of
from tests.chaos.networks import TROUBLES
from tests.chaos.rows import cells, markdown
from tests.chaos.stores import WOUNDS

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "guarantees.md"
NAMES = (
    "killed at points",
    "killed in claims",
    "killed in recovery",
    "killed at random",
    "killed without desk",
    "killed in edits",
    "errands",
    "told to stop",
    "stopped at random",
    "stopped at points",
    "stopped in the window",
    *(f"troubled {trouble}" for trouble in TROUBLES),
    *(f"wounded {name}" for name in WOUNDS),
    "wiped",
    "evicted",
    "failed over",
    "failed over, cut off",
    "clock of the store",
    "clock of the workers",
)
"""Every row, in the order of the table."""


def main() -> int:
    """Run it; gives the exit code."""
    asked = _arguments()
    plan = WHOLE if asked.whole else shrunk(WHOLE, asked.share)
    begun = time.monotonic()
    made = list(carry_out(plan, asked.seed, asked.only).values())
    rows = [each.row for each in made]
    page = page_of(made, asked.seed, time.monotonic() - begun, 1.0 if asked.whole else asked.share)
    say(f"\n{page}")
    for row in rows:
        for evidence in row.evidence:
            say(f"--- {row.fault}\n{evidence}\n")
    if (asked.whole or asked.page) and not asked.only:
        PAGE.write_text(page, "utf-8")
    return 0 if all(row.is_kept for row in rows) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Kill, stop and starve the worker.")
    parser.add_argument("--whole", action="store_true", help="everything, and write docs/guarantees.md")
    parser.add_argument("--share", type=float, default=0.02, metavar="PART", help="this part of the whole (0.02)")
    parser.add_argument("--page", action="store_true", help="write docs/guarantees.md from a part, too")
    parser.add_argument("--only", default="", metavar="WORDS", help="rows whose method's name has these words")
    parser.add_argument("--seed", type=int, default=1, help="of all chance (1)")
    return parser.parse_args()


def shrunk(plan: Plan, share: float) -> Plan:
    """A plan in smaller numbers, none of them zero."""
    numbers = {each.name: getattr(plan, each.name) for each in fields(plan)}
    least = {"houses": plan.houses, "failovers": 2, "kills_without_desk": 4}
    return replace(plan, **{name: max(least.get(name, 1), round(most * share)) for name, most in numbers.items()})


def carry_out(plan: Plan, seed: int, only: str) -> dict[str, Made]:
    """Every row by its short name, told as it comes; large ones are begun first."""
    names = [name for name in NAMES if only in name]
    asked = sorted(orders(names, plan, seed), key=lambda order: -PARTS.get(order.names[0], 1))
    made: dict[str, Made] = {}
    with open_crews() as crews:
        work = {placed(crews, order): order for order in asked}
        for done in as_completed(work):
            for each in result_of(done, work[done]):
                made[each.name] = made[each.name] + each if each.name in made else each
                say(" | ".join(cells(each.row)))
    return {name: made[name] for name in names}


def page_of(made: Sequence[Made], seed: int, seconds: float, share: float) -> str:
    """The page around the table."""
    struck = sum((each.struck for each in made), Counter[str]())
    left = sum((each.missed for each in made), Counter[str]())
    points = "".join(f"| {point} | {times:,} |\n" for point, times in sorted(struck.items()))
    missed = ", ".join(f"{point} ({times})" for point, times in sorted(left.items())) or "none"
    return (
        (HERE / "guarantees.template.md")
        .read_text("utf-8")
        .format(
            table=markdown([each.row for each in made]),
            points=points,
            missed=missed,
            when=MachineClock().now().strftime("%Y-%m-%d"),
            share="the whole campaign" if share >= 1 else f"{share:.0%} of the campaign",
            minutes=round(seconds / 60),
            cores=os.cpu_count(),
            python=platform.python_version(),
            seed=seed,
        )
    )


def say(words: str) -> None:
    """To the terminal, at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
