"""Settings as they are written in one line of text, and what becomes of it: lists, pairs, colours, files."""

import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime, time
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from newsroom.purse import DOLLAR, Prices
from publishing.style import UTM_BLANKS, Colours

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_PARAMETER = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_BLANK = re.compile(r"\{[^{}]*\}|[{}]")


def _split(value: object) -> object:
    """Comma- or line-separated words."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.replace("\n", ",").split(",") if part.strip())


def _split_on_space_too(value: object) -> object:
    return _split(",".join(value.split())) if isinstance(value, str) else value


def _pairs(value: object) -> object:
    """`name=value` by name, comma-separated; what is no text stays as it is."""
    if not isinstance(value, str):
        return value
    parts = (part.partition("=") for part in value.replace("\n", ",").split(",") if part.strip())
    return {name.strip(): said.strip() for name, _, said in parts}


def _prices(value: object) -> object:
    """`post=0.015,link=0.20`: dollars by name; what is not named keeps its usual price."""
    value = _pairs(value)
    if not isinstance(value, Mapping):
        return value
    try:
        asked = {str(name).strip(): int(Decimal(str(price).strip()) * DOLLAR) for name, price in value.items()}
        prices = Prices(**asked)
    except (ArithmeticError, TypeError, ValueError):
        raise ValueError(f"prices are {', '.join(asdict(Prices()))}, each with its dollars") from None
    if min(asked.values(), default=0) < 0:
        raise ValueError("no price lies below 0")
    return prices


def _colours(value: object) -> object:
    """`kicker=#C8102E,ground=#0E1B2E`: a colour by name; what is not named keeps its usual one."""
    value = _pairs(value)
    if not isinstance(value, Mapping):
        return value
    names = [field.name for field in fields(Colours)]
    for name, colour in value.items():
        if name not in names:
            raise ValueError(f"{name!r} is no colour of a card; they are {', '.join(names)}")
        if not _COLOUR.fullmatch(str(colour)):
            raise ValueError(f"{name} is no colour: # and six digits from 0 to F")
    return Colours(**value)


def _parameters(value: object) -> object:
    """`utm_source={network}`: parameters of an address by name."""
    value = _pairs(value)
    if not isinstance(value, Mapping):
        return value
    for name, said in value.items():
        if not _PARAMETER.fullmatch(str(name)) or not str(said):
            raise ValueError(f"{name!r} is no name=value of an address")
        for blank in _BLANK.findall(str(said)):
            if blank not in UTM_BLANKS:
                raise ValueError(f"nothing is known of {blank!r}; known are {' and '.join(UTM_BLANKS)}")
    return dict(value)


def _zone(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("there is no such time zone; they are named like Africa/Cairo") from None


def _hour(value: object) -> object:
    """`08:00`; `off` is none."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "off":
        return None
    try:
        return datetime.strptime(value.strip(), "%H:%M").time()  # noqa: DTZ007 - only hour and minute are read
    except ValueError:
        raise ValueError("a time of day is written 08:00; off is none") from None


def _is_file(path: Path) -> Path:
    if not path.is_file():
        raise ValueError("there is no such file")
    return path


Dollars = Annotated[Prices, NoDecode, BeforeValidator(_prices)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Addresses = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_on_space_too)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_split_on_space_too)]
CardColours = Annotated[Colours, NoDecode, BeforeValidator(_colours)]
Parameters = Annotated[dict[str, str], NoDecode, BeforeValidator(_parameters)]
Zone = Annotated[ZoneInfo, NoDecode, BeforeValidator(_zone)]
Hour = Annotated[time | None, NoDecode, BeforeValidator(_hour)]
File = Annotated[Path, AfterValidator(_is_file)]
