"""Judged examples: this repository's own, and the sample sets where they lie beside it."""

from pathlib import Path

import pytest

_OURS = Path(__file__).parents[1] / "data" / "judgement"
_SAMPLES = Path(__file__).parents[3] / "shared" / "data"


def ours(name: str) -> list[dict[str, str]]:
    """Rows of a file of tests/data/judgement, by column."""
    return _rows(_OURS / name)


def samples(name: str) -> list[dict[str, str]]:
    """Rows of a sample set; the test is skipped aloud where the set is not there."""
    path = _SAMPLES / name
    if not path.exists():
        pytest.skip(f"the sample set {name} is not beside this repository")
    return _rows(path)


def _rows(path: Path) -> list[dict[str, str]]:
    # No quoting: titles hold quotation marks of all kinds.
    head, *lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]
