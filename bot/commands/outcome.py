"""What an editor asked, and what came of it: between the reception and everything that carries orders out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.commands.editors import Editor, Right
from newsroom.order import Order


@dataclass(frozen=True, slots=True)
class Asked:
    """An editor's command or answer."""

    order: Order
    editor: Editor
    rest: str
    """What follows the command's name; the whole of an answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    told: str = ""
    """The answer, in words; empty where somebody else already answers."""
    story: str = ""
    before: str = ""
    after: str = ""
    what: str = ""
    """In one word, for the audit; empty where nothing was done but reading."""
    closes: bool = True
    """After a press: the message's buttons have had their day."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command."""

    right: Right
    run: Callable[[Asked], Awaitable[Outcome]]
