"""The house's rules as they are written in `ajil.toml`, one `[[rule]]` each, and the policies they become."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import time, tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from newsroom.arabic import key_text
from newsroom.delivery import Lane
from newsroom.policy import Hours, Policy, Then, phrase_of
from newsroom.target import TargetId

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)")
_HEAD = re.compile(r"\s*\[\[\s*rule\s*\]\]")


EXAMPLE = '[[rule]] then = "silent"  hours = "23:00-06:30"   (more in examples/ajil.toml)'


def _listed(value: object) -> object:
    """One word stands for a list of one."""
    return (value,) if isinstance(value, str) else value


def _are_words(words: tuple[str, ...]) -> tuple[str, ...]:
    for word in words:
        if not key_text(word):
            raise ValueError(f"{word!r} has no word in it")
    return words


def _are_targets(names: tuple[str, ...]) -> tuple[str, ...]:
    """As in TELEGRAM_CHANNELS, and `x`; in the store's own names."""
    for name in names:
        if not re.fullmatch(r"@\w{4,}|-?\d+|x", name):
            raise ValueError(f"{name!r} is no target: they are written @channel, -1001234567890 and x")
    return tuple("x:main" if name == "x" else f"telegram:{name}" for name in names)


def _is_stretch(text: str) -> str:
    found = _HOURS.fullmatch(text.strip())
    if found is None or found[1] + found[2] == found[3] + found[4]:
        raise ValueError("hours are written 23:00-06:30")
    return text


Some = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_are_words)]
Targets = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_are_targets)]


class WrittenRule(BaseModel):
    """One rule. What it does not name matches everything."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    then: Then
    name: str = ""
    feeds: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    targets: Targets = ()
    sections: Some = ()
    tags: Some = ()
    keywords: Some = ()
    authors: Some = ()
    lane: Literal["breaking", "ordinary"] | None = Field(None, alias="class")
    hours: Annotated[str, AfterValidator(_is_stretch)] | None = None

    @model_validator(mode="after")
    def _waits_for_something(self) -> "WrittenRule":
        if self.then is Then.WAIT and self.hours is None:
            raise ValueError('"wait" needs hours to wait for, for example hours = "23:00-06:30"')
        return self


_WORDS = tuple(field.alias or name for name, field in WrittenRule.model_fields.items())


def policies_of(rules: Iterable[WrittenRule], zone: tzinfo) -> tuple[Policy, ...]:
    """The policies these rules are, in their order; hours are the newsroom's own."""
    return tuple(_policy(number, rule, zone) for number, rule in enumerate(rules, 1))


def _policy(number: int, rule: WrittenRule, zone: tzinfo) -> Policy:
    # What speaks of hours alone means what can wait: breaking news passes unless the rule names it.
    lane = rule.lane or ("ordinary" if rule.hours else None)
    return Policy(
        name=rule.name or f"rule {number}",
        then=rule.then,
        feeds=frozenset(rule.feeds),
        targets=frozenset(map(TargetId, rule.targets)),
        filed=frozenset(map(key_text, (*rule.sections, *rule.tags))),
        phrases=tuple(map(phrase_of, rule.keywords)),
        authors=frozenset(map(key_text, rule.authors)),
        lane=Lane(lane) if lane else None,
        hours=_hours(rule.hours, zone) if rule.hours else None,
    )


def _hours(text: str, zone: tzinfo) -> Hours:
    start, end = re.split(r"\s*[-–]\s*", text.strip())
    return Hours(time.fromisoformat(start), time.fromisoformat(end), zone)


def told(error: Mapping[str, Any]) -> str:
    """A mistake in a rule, in plain words; `error` is one of pydantic's."""
    where = tuple(error["loc"])
    cause = (error.get("ctx") or {}).get("error")
    said = {
        "missing": f"it does not say what is to be done; then is one of {', '.join(Then)}",
        "extra_forbidden": f"there is no such word; a rule knows {', '.join(_WORDS)}",
        "enum": f"it is one of {', '.join(Then)}",
        "literal_error": "it is breaking or ordinary",
    }.get(str(error["type"]), str(cause or error["msg"]))
    read = "" if error["type"] == "missing" else f"\n  read: {error.get('input')!r}"
    return f"{_whereabouts(where)} is wrong: {said}.{read}\n  example: {EXAMPLE}"


def config_file() -> Path:
    """`ajil.toml`, or what AJIL_CONFIG names."""
    return Path(os.environ.get("AJIL_CONFIG", "ajil.toml"))


def _whereabouts(where: Sequence[object]) -> str:
    """Where in the file a rule's mistake stands: `ajil.toml, line 14: rule 2, hours`. `where` is pydantic's own path."""
    path = config_file()
    number = where[1] + 1 if len(where) > 1 and isinstance(where[1], int) else 0
    key = str(where[2]) if len(where) > 2 and isinstance(where[2], str) else ""
    named = ", ".join(part for part in (f"rule {number}" if number else "rule", key) if part)
    line = _line_of(path, number, key) if number and path.is_file() else 0
    return f"{path}, line {line}: {named}" if line else named


def _line_of(path: Path, number: int, key: str) -> int:
    """The line of a rule's key, or of its head; 0 where the rule is not written in this file."""
    head = seen = 0
    for at, line in enumerate(path.read_text("utf-8", "replace").split("\n"), 1):
        if _HEAD.match(line):
            seen += 1
            head = at if seen == number else head
        elif seen == number and key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return at
    return head
