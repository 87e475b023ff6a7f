"""`python -m tests.chaos`: the campaign, its table, and docs/guarantees.md, which only a whole run writes.

Exit code 1 when the promise was broken anywhere.
"""

import argparse
import asyncio
import logging
import os
import platform
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

from bot.clock import MachineClock
from tests.chaos.campaign import WHOLE, Campaign, Plan
from tests.chaos.rows import Row, cells, markdown
from tests.chaos.scene import open_scene

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "guarantees.md"


def main() -> int:
    """Run it; gives the exit code."""
    asked = _arguments()
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # The fakes' own surprise at a broken request.
    plan = WHOLE if asked.whole else shrunk(WHOLE, asked.share)
    begun = time.monotonic()
    rows, campaign = asyncio.run(carry_out(plan, asked.seed, asked.only))
    page = page_of(rows, campaign, time.monotonic() - begun)
    say(f"\n{page}")
    for row in rows:
        for evidence in row.evidence:
            say(f"--- {row.fault}\n{evidence}\n")
    if asked.whole and not asked.only:
        PAGE.write_text(page, "utf-8")
    return 0 if all(row.is_kept for row in rows) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Kill, stop and starve the worker.")
    parser.add_argument("--whole", action="store_true", help="everything, and write docs/guarantees.md")
    parser.add_argument("--share", type=float, default=0.02, metavar="PART", help="this part of the whole (0.02)")
    parser.add_argument("--only", default="", metavar="WORDS", help="rows whose method's name has these words")
    parser.add_argument("--seed", type=int, default=1, help="of all chance (1)")
    return parser.parse_args()


def shrunk(plan: Plan, share: float) -> Plan:
    """A plan in smaller numbers, none of them zero."""
    numbers = {each.name: getattr(plan, each.name) for each in fields(plan)}
    least = {"houses": plan.houses, "failovers": 2, "kills_without_desk": 4}
    return replace(plan, **{name: max(least.get(name, 1), round(most * share)) for name, most in numbers.items()})


async def carry_out(plan: Plan, seed: int, only: str) -> tuple[list[Row], Campaign]:
    """Every row, told as it comes."""
    rows: list[Row] = []
    async with open_scene() as scene:
        campaign = Campaign(scene, plan, seed)
        async for row in campaign.rows(only):
            rows.append(row)
            say(" | ".join(cells(row)))
    return rows, campaign


def page_of(rows: list[Row], campaign: Campaign, seconds: float) -> str:
    """The page around the table."""
    points = "".join(f"| {point} | {times:,} |\n" for point, times in sorted(campaign.struck.items()))
    missed = ", ".join(f"{point} ({times})" for point, times in sorted(campaign.missed.items())) or "none"
    return (
        (HERE / "guarantees.template.md")
        .read_text("utf-8")
        .format(
            table=markdown(rows),
            points=points,
            missed=missed,
            when=MachineClock().now().strftime("%Y-%m-%d"),
            minutes=round(seconds / 60),
            cores=os.cpu_count(),
            python=platform.python_version(),
            seed=campaign.seed,
        )
    )


def say(words: str) -> None:
    """To the terminal, at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
