"""docs/operate.md, walked: blocks marked `tested` are run as they stand, of the others every file must be there."""

import asyncio
import os
import re
import shutil
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from store.server import connect
from store.store import redis_store
from tests.e2e.conftest import Stage
from tests.support.newsroom import a_story, an_admission
from tests.support.store_server import StoreServer
from tests.support.worker import ROOT, a_worker

PAGE = ROOT / "docs" / "operate.md"
WALL_WORD = "a-word-of-more-than-16"
PROGRAMS = {"docker", "git", "heroku", "journalctl", "promtool", "sudo"}
"""What the untested blocks may call: programs of hosts, which are not here."""
BLOCK = re.compile(r"^```sh(?P<tested> tested)?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ended:
    """A block that was run."""

    code: int
    said: str


def blocks(*, tested: bool) -> list[str]:
    """The page's shell blocks, in order."""
    found = BLOCK.finditer(PAGE.read_text("utf-8"))
    return [block["body"] for block in found if bool(block["tested"]) is tested]


def block_with(words: str) -> str:
    """The one tested block that holds these words."""
    [body] = [body for body in blocks(tested=True) if words in body]
    return body


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder as the page expects it: the example file, and the command where `make` puts it."""
    shutil.copy(ROOT / ".env.example", tmp_path)
    command = tmp_path / ".venv" / "bin" / "ajil"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m bot "$@"\n', "utf-8")
    command.chmod(0o755)
    return tmp_path


async def run(body: str, folder: Path, settings: Mapping[str, str]) -> Ended:
    """A block as a reader would run it: line by line, ending at the first that fails."""
    process = await asyncio.create_subprocess_exec(
        "sh",
        "-eu",
        "-c",
        body,
        cwd=folder,
        env={"PATH": os.environ["PATH"], **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return Ended(process.returncode or 0, said.decode())


def free_port() -> int:
    """One that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_every_tested_block_is_run_by_a_test_below() -> None:
    """A new block finds its test missing here."""
    known = ("cp .env.example", "ajil check\n", "--export", "curl", "--reconcile")
    assert [sum(words in body for words in known) for body in blocks(tested=True)] == [1] * len(known)


def test_an_untested_block_calls_only_programs_of_hosts_and_names_files_that_are_there() -> None:
    """What cannot be run here can still be read here."""
    lines = [line for body in blocks(tested=False) for line in body.splitlines()]
    set_by_reader = [line for line in lines if line.startswith("REPOSITORY=")]
    assert len(set_by_reader) == 1
    assert {line.split()[0] for line in lines if line not in set_by_reader} <= PROGRAMS
    named = [name for line in lines for name in re.findall(r"(?:/opt/ajil/|\s)((?:deploy|docs|bot)/\S+)", line)]
    assert len(named) >= 3
    assert all((ROOT / name).is_file() for name in named)
    assert {name for line in lines for name in re.findall(r"make -C \S+ (\S+)", line)} == {".venv/.run"}
    assert "$(VENV)/.run:" in (ROOT / "Makefile").read_text("utf-8")


def test_every_test_and_page_that_the_guide_points_to_is_there() -> None:
    """A row that names its proof must have one."""
    text = PAGE.read_text("utf-8")
    named = re.findall(r"`((?:tests|deploy|docs|bench)/[\w./]+)`", text)
    named += [f"docs/{name}" for name in re.findall(r"\]\((\w+\.md)\)", text)]
    assert len(named) > 8
    assert all((ROOT / name).exists() for name in named)
    headings = {re.sub(r"\W+", "-", title.lower()).strip("-") for title in re.findall(r"^## (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= headings


async def test_the_settings_are_copied_for_their_owner_alone(house: Path) -> None:
    """And what is copied can be read as it stands: it starts nothing yet."""
    ended = await run(block_with("cp .env.example"), house, {})
    assert ended.code == 0, ended.said
    assert (house / ".env").stat().st_mode & 0o077 == 0


async def test_the_check_of_a_house_in_order_ends_with_0(house: Path, stage: Stage) -> None:
    """With the settings in the environment, as a host gives them."""
    ended = await run(block_with("ajil check\n"), house, stage.settings)
    assert ended.code == 0, ended.said
    assert "ok    settings" in ended.said


async def test_the_ledger_is_held_against_what_stands_there(house: Path, stage: Stage) -> None:
    """With nothing sent yet, nothing is missing."""
    ended = await run(block_with("--reconcile"), house, stage.settings)
    assert ended.code == 0, ended.said
    assert "reconcile" in ended.said


async def test_the_state_moves_to_another_store(house: Path, stage: Stage, debian_redis: StoreServer) -> None:
    """From the Valkey of the stage into an empty Redis."""
    debian_redis.wipe()
    async with connect(stage.store.url) as server:
        await redis_store(server).outbox.admit([an_admission(a_story())], 0)
    ended = await run(block_with("--export"), house, {**stage.settings, "NEW_REDIS_URL": debian_redis.url})
    assert ended.code == 0, ended.said
    async with connect(debian_redis.url) as server:
        assert await redis_store(server).ledger.life(a_story().keys[0])


async def test_a_running_worker_answers_the_questions_of_the_guide(house: Path, stage: Stage) -> None:
    """Readiness to anyone, metrics with the token."""
    if shutil.which("curl") is None:
        pytest.skip("SKIPPED ALOUD: no curl on this machine")
    web = {"PORT": str(free_port()), "WALL_TOKEN": WALL_WORD}
    async with a_worker(stage.folder, {**stage.settings, **web}, afresh=True) as worker:
        await worker.until(lambda: len(stage.site.asked) >= 2)
        ended = await run(block_with("curl"), house, web)
    assert ended.code == 0, ended.said
    assert '{"ready": true}' in ended.said
    assert "ajil_feed_last_good_age_seconds{" in ended.said
