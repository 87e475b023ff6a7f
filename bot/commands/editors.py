"""Who may command the bot, and what each may: by Telegram's user id, never by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from newsroom.daybook import Roster


class Right(StrEnum):
    """What somebody may do."""

    READ = "read"
    """Ask how things stand."""
    PUBLISH = "publish"
    """Push and correct, and take back one's own push within the undo window."""
    BRAKE = "brake"
    """Stop and let go on: whoever sees something go wrong must be able to stop it."""
    APPROVE = "approve"
    """Decide about what waits, and take back what another published."""
    RETRACT = "retract"
    """Withdraw a story that followers have read. Deleting it takes two who may."""
    FEEDS = "feeds"
    ROLES = "roles"


_EDITOR = frozenset({Right.READ, Right.PUBLISH, Right.BRAKE})
_CHIEF = _EDITOR | {Right.APPROVE, Right.RETRACT}
RIGHTS: Mapping[str, frozenset[Right]] = {
    "editor": _EDITOR,
    "chief": _CHIEF,
    "admin": _CHIEF | {Right.FEEDS, Right.ROLES},
}
"""By role, in growing order."""


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

    def may(self, right: Right) -> bool:
        """Whether their role gives it."""
        return right in RIGHTS[self.role]


class Editors:
    """Everybody who may: those of the settings, whom nobody can strike from the chat, and those enlisted there.

    Args:
        settled: role by user id, from EDITORS.
        roster: those who were enlisted.
    """

    def __init__(self, settled: Mapping[int, str], roster: Roster) -> None:
        self.settled = settled
        self._roster = roster

    async def all(self) -> Mapping[int, str]:
        """Role by user id. Raises `StoreUnavailable`."""
        enlisted = {user: role for user, role in (await self._roster.roles()).items() if role in RIGHTS}
        return {**enlisted, **self.settled}

    async def find(self, user: int, name: str) -> Editor | None:
        """None for a stranger. Raises `StoreUnavailable`, but never for somebody in the settings."""
        role = self.settled.get(user) or (await self.all()).get(user)
        return None if role is None else Editor(user, role, name)

    async def enlist(self, user: int, role: str) -> None:
        """Give a role."""
        await self._roster.enlist(user, role)

    async def strike(self, user: int) -> None:
        """Take it."""
        await self._roster.strike(user)
