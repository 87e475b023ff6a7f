"""The page of the guarantee names tests: each of them is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "tests" / "chaos" / "guarantees.template.md"
PAGES = (TEMPLATE, *(ROOT / "docs").glob("guarantees.md"))
NAMED = re.compile(r"`(test_\w+)`")
DEFINED = re.compile(r"^(?:async )?def (test_\w+)\(", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_the_guarantee_names_is_there(page: Path) -> None:
    """A promise whose proof was renamed or taken away must not stand."""
    named = set(NAMED.findall(page.read_text("utf-8")))
    defined = {
        name for path in (ROOT / "tests").rglob("test_*.py") for name in DEFINED.findall(path.read_text("utf-8"))
    }
    assert len(named) > 15
    assert named <= defined, sorted(named - defined)
