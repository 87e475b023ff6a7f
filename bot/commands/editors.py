"""Who may command the bot: by Telegram's user id, never by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from telegram import Update


@dataclass(frozen=True, slots=True)
class Editor:
    """A person who may."""

    id: int
    role: str
    name: str

    @property
    def by(self) -> str:
        """How the outbox and the audit know them."""
        return f"{self.id} {self.name}".strip()


def editor_of(update: Update, editors: Mapping[int, str]) -> Editor | None:
    """The editor who sent this, or None for a stranger.

    An anonymous admin or a channel speaking in a group carries a stand-in for its user, so neither is known.
    """
    user, message = update.effective_user, update.effective_message
    if user is None or user.is_bot or (message is not None and message.sender_chat is not None):
        return None
    role = editors.get(user.id)
    return None if role is None else Editor(user.id, role, user.full_name)
