"""docs/settings.md, made from the settings' own class: `python -m bot.settings_page`. A test holds the two together."""

import sys
from datetime import time
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings import EXAMPLES, Settings
from newsroom.purse import Prices
from publishing.style import Colours

_BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
PAGE = Path(__file__).parents[1] / "docs" / "settings.md"

_HEAD = """# Settings

Made by `python -m bot.settings_page` from `bot/settings.py`; do not edit by hand.

A setting is read from the environment, else from `.env`, else from `ajil.toml` (`AJIL_CONFIG` names another file; the
same names in small letters, lists as TOML lists). The first of the three that has it wins. An empty value is no value.
`.env.example` has them in the order in which one fills them in; `ajil check` tells what is wrong and how to mend it.
Secrets are shown nowhere, not even in an error: set them in the environment or in `.env` with `chmod 600`.

| Setting | What it is | Values | Unless set |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    rows = [_row(name, field) for name, field in sorted(Settings.model_fields.items())]
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(name: str, field: FieldInfo) -> tuple[str, str, str, str]:
    return f"`{name.upper()}`", field.description or "", _values(name, field), _default(name, field)


def _values(name: str, field: FieldInfo) -> str:
    """What may be written: the choices, or the bounds, or an example."""
    if field.annotation is SecretStr:
        return "a secret"
    if field.annotation is bool:
        return "`true`, `false`"
    if get_origin(field.annotation) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(field.annotation))
    bounds = [
        f"{words} {getattr(limit, bound)}"
        for limit in field.metadata
        for bound, words in _BOUNDS.items()
        if hasattr(limit, bound)
    ]
    example = f"for example `{EXAMPLES[name]}`" if name in EXAMPLES else ""
    return "; ".join(part for part in (", ".join(bounds), example) if part) or "words"


def _default(name: str, field: FieldInfo) -> str:
    value: Any = field.get_default(call_default_factory=True, validated_data={})
    match value:
        case Prices() | Colours():
            return f"`{EXAMPLES[name]}`"
        case SecretStr() | None | "" | () | {}:
            return "not set"
        case tuple():
            return f"`{', '.join(value)}`"
        case bool():
            return f"`{str(value).lower()}`"
        case time():
            return f"`{value:%H:%M}`"
        case float():
            return f"`{value:g}`"
        case _:
            return f"`{value}`"


def main() -> int:
    """Write the page; the exit code."""
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
