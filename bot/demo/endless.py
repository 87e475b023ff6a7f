"""Articles without end for a demo that is left running: made-up leagues, markets, skies and festivals.

Each is made from its count alone, so that a restart makes the same ones again. Neighbours differ in kind, and two of a
kind differ in shape and in names, as a newsroom's own do: the next result is news, never a repeat of the last.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from pydantic import TypeAdapter

_FILE = files("bot.demo").joinpath("data/endless.toml")


@dataclass(frozen=True, slots=True)
class Draft:
    """Words of an article."""

    title: str
    categories: tuple[str, ...]
    paragraphs: tuple[str, ...]
    byline: str


@dataclass(frozen=True, slots=True)
class _Shape:
    title: str
    lead: str


@dataclass(frozen=True, slots=True)
class _Kind:
    categories: tuple[str, ...]
    byline: str
    closing: str
    shapes: tuple[_Shape, ...]


@dataclass(frozen=True, slots=True)
class _Stock:
    """data/endless.toml, which says what its parts mean."""

    names: dict[str, tuple[str, ...]]
    numbers: dict[str, tuple[int, int]]
    tenths: dict[str, tuple[int, int]]
    kind: tuple[_Kind, ...]


def invented(count: int) -> Draft:
    """The article with this count, from 0 on."""
    stock = _stock()
    turn, which = divmod(count, len(stock.kind))
    kind = stock.kind[which]
    shape = kind.shapes[turn % len(kind.shapes)]
    words = _drawn(stock, Random(f"ajil {count}"))
    return Draft(
        title=shape.title.format_map(words),
        categories=tuple(name.format_map(words) for name in kind.categories),
        paragraphs=(shape.lead.format_map(words), kind.closing.format_map(words)),
        byline=kind.byline,
    )


def _drawn(stock: _Stock, chance: Random) -> dict[str, str]:
    """A value for every word that may stand in braces."""
    words: dict[str, str] = {}
    for name, choices in stock.names.items():
        words[name], words[f"{name}2"] = chance.sample(choices, 2)
    words |= {name: str(chance.randint(low, high)) for name, (low, high) in stock.numbers.items()}
    words |= {name: f"{chance.randint(low, high) / 10:.1f}" for name, (low, high) in stock.tenths.items()}
    return words


@cache
def _stock() -> _Stock:
    return TypeAdapter(_Stock).validate_python(tomllib.loads(_FILE.read_text("utf-8")))
