"""An order: what a person asked of the desk, and the note of what came of it."""

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """In which form an order came."""

    COMMAND = "command"
    PRESS = "press"
    REPLY = "reply"
    """An answer to a question of ours."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order, as it is written down before anything is done about it."""

    id: str
    """Telegram's number of the update: an order that comes twice is one order."""
    form: Form
    user: int
    """Telegram's number of the person; nothing else identifies anybody."""
    name: str
    chat: int
    reply_to: int
    """The message it stands in (a command), or under which the button stands (a press)."""
    text: str
    """The words of a command or an answer; the token of a button."""
    at: float
    """Unix seconds."""
    photo: str = ""
    """The network's own name of a picture that came with it."""
    answers: int = 0
    """The message of ours that a reply answers."""
    press: str = ""
    """The network's own name of a press, to be answered within seconds."""
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the audit trail."""

    at: float
    """Unix seconds."""
    by: str
    """Number and name of the person."""
    what: str
    """What was done, in one word: push, undo, pause, refused …"""
    story: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of ours in a chat of editors that is kept true: an alert, a receipt, a question."""

    name: str
    """What it is about; one message a name."""
    chat: int
    message: int
    shown: str
    """Digest of what it shows now."""
    at: float = 0.0
    """Unix seconds at which it was said."""
    meaning: str = ""
    """Whatever its owner needs to keep it true."""
