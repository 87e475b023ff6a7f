"""The command line: `ajil`, or `python -m bot`. Nothing heavy is imported before it is known what is wanted.

`--help` must not wait for the SDKs (measured: all of them take 0.9 s), so each command imports its own room.
"""

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot import __version__

if TYPE_CHECKING:
    from bot.settings import Settings, SettingsWrongError

WRONG_SETTINGS = 2
"""Exit code for settings or arguments that cannot work; argparse uses the same."""
INTERRUPTED = 130
DEMO_SECONDS = 15.0
PROOF_PX = 1120
"""Width of the picture of a proof: both networks side by side."""


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command; returns the exit code."""
    asked = _parser().parse_args(argv)
    # What is loaded from here on stays, and the collector would look through all of it again and again: 0.08 s of
    # processor time until a worker stands (measured). `bot.live` turns it on again then, any other command at once.
    gc.disable()
    from bot.settings import SettingsWrongError, read_settings

    try:
        settings = read_settings()
        if asked.command != "run" or settings.is_empty:
            gc.enable()
        return _carry_out(asked, settings)
    except SettingsWrongError as wrong:
        _tell_wrong(asked, wrong)
        return WRONG_SETTINGS
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        gc.enable()


def _tell_wrong(asked: argparse.Namespace, wrong: "SettingsWrongError") -> None:
    """`check` tells in its own form, on standard output; whatever else was wanted did not begin."""
    if asked.command != "check":
        sys.stderr.write(f"{wrong}\n")
        return
    from bot.check import tell_wrong

    tell_wrong(wrong, as_json=asked.json)


def _carry_out(asked: argparse.Namespace, settings: "Settings") -> int:
    match asked.command:
        case "run" if not settings.is_empty:
            from bot.live import run_live

            code = run_live(settings)
        case "run" | "demo":
            from bot.demo.start import run_demo

            code = run_demo(settings, every_seconds=getattr(asked, "every", DEMO_SECONDS))
        case "check":
            from bot.check import run_check

            code = run_check(settings, as_json=asked.json, reconcile=asked.reconcile)
        case "preview":
            from bot.imagine import Wanted, imagine

            proof = {"html": asked.html, "png": asked.png, "png_px": asked.width}
            code = imagine(settings, Wanted([asked.source], as_json=asked.json, is_preview=True, **proof))
        case "simulate":
            from bot.imagine import Wanted, imagine

            code = imagine(settings, Wanted(asked.sources, as_json=asked.json, baseline=asked.baseline, now=asked.now))
        case "why":
            from bot.ledger import why

            code = why(settings, asked.link)
        case "report" if asked.export:
            from bot.archive import run_export

            code = run_export(settings, asked.export)
        case "report" if asked.restore:
            from bot.archive import run_import

            code = run_import(settings, asked.restore)
        case "report" if asked.audit:
            from bot.ledger import audit

            code = audit(settings)
        case _:
            from bot.ledger import report

            code = report(settings)
    return code


def _add_preview(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    preview = commands.add_parser(
        "preview",
        help="show how the posts of a source would look; sends nothing",
        # --html may come without a FILE, so SOURCE is written before it.
        usage="ajil preview SOURCE [--json] [--html [FILE]] [--png FILE] [--width PX]",
    )
    preview.add_argument("source", metavar="SOURCE")
    preview.add_argument("--json", action="store_true", help="one JSON object a line")
    preview.add_argument(
        "--html", nargs="?", const="-", metavar="FILE", help="as followers will see them: a page in one file (or out)"
    )
    preview.add_argument("--png", metavar="FILE", help="the same as a picture; needs Chromium")
    preview.add_argument(
        "--width", type=_width, default=PROOF_PX, metavar="PX", help=f"of the picture ({PROOF_PX}); 390 is a phone"
    )


def _width(text: str) -> int:
    if not (text.isdecimal() and 320 <= int(text) <= 4000):
        raise argparse.ArgumentTypeError(f"{text!r} is no width from 320 to 4000")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ajil",
        description="Ajil (عاجل) takes a story from a news site's feed to its followers on Telegram and X.",
        epilog="SOURCE is the address of a feed or an article, a file, or - for pasted text.",
    )
    parser.add_argument("--version", action="version", version=f"ajil {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("run", help="start the worker; with no settings, the demo newsroom")
    demo = commands.add_parser("demo", help="start the demo newsroom, which posts to the wall only")
    demo.add_argument(
        "--every", type=float, default=DEMO_SECONDS, metavar="SECONDS", help="a story every so often (15)"
    )
    check = commands.add_parser("check", help="look whether everything is in place")
    check.add_argument("--json", action="store_true", help="one JSON object a line")
    check.add_argument(
        "--reconcile", action="store_true", help="hold what was sent against what stands in the channels and on X"
    )
    _add_preview(commands)
    simulate = commands.add_parser("simulate", help="tell what would happen to a source's entries; sends nothing")
    simulate.add_argument("sources", metavar="SOURCE", nargs="+", help="taken as polls of one feed, in this order")
    simulate.add_argument("--json", action="store_true", help="one JSON object a line")
    simulate.add_argument("--baseline", action="store_true", help="the first SOURCE was already seen")
    simulate.add_argument("--now", metavar="ISO", help="judge as if it were this time, for example 2026-11-23T09:00Z")
    why = commands.add_parser("why", help="tell the life of a story, stage by stage")
    why.add_argument("link", metavar="LINK", help="the article's address")
    report = commands.add_parser("report", help="tell what was sent, what waits, and what wants a person")
    state = report.add_mutually_exclusive_group()
    state.add_argument("--audit", action="store_true", help="who did what at the desk: one JSON object a line")
    state.add_argument("--export", type=Path, metavar="FILE", help="write the whole state to FILE, as lines of JSON")
    state.add_argument(
        "--import",
        type=Path,
        metavar="FILE",
        dest="restore",
        help="lay such a FILE into the store, which must be empty",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
