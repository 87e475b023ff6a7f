"""`/roles`: who may command the bot, and giving and taking it."""

import re

from bot.commands.before import Before
from bot.commands.editors import RIGHTS, Editors, Right
from bot.commands.outcome import Asked, Outcome
from bot.commands.replies import Replies

_ADD = re.compile(r"add\s+(\d{1,15})(?:\s+(\w+))?")
_REMOVE = re.compile(r"remove\s+(\d{1,15})")


class People:
    """Carries it out.

    Args:
        editors: who may.
        before: what stood before an order.
        replies: the words.
    """

    def __init__(self, editors: Editors, before: Before, replies: Replies) -> None:
        self._editors = editors
        self._before = before
        self._replies = replies

    async def roles(self, asked: Asked) -> Outcome:
        """`/roles`, `/roles add 123 chief`, `/roles remove 123`."""
        if not asked.rest:
            return Outcome(await self._listed())
        if not asked.editor.may(Right.ROLES):
            told = self._replies("not_allowed", who=self._replies(f"right_{Right.ROLES}"))
            return Outcome(told, what="refused", after=f"/roles {asked.rest}")
        if found := _ADD.fullmatch(asked.rest):
            return await self._add(int(found[1]), found[2] or "editor", asked)
        if found := _REMOVE.fullmatch(asked.rest):
            return await self._remove(int(found[1]), asked)
        return Outcome(self._replies("roles_how"))

    async def _add(self, user: int, role: str, asked: Asked) -> Outcome:
        if role not in RIGHTS:
            return Outcome(self._replies("roles_how"))
        if user in self._editors.settled:
            return Outcome(self._replies("roles_settled", id=user))
        before = await self._before.of(asked.order, (await self._editors.all()).get(user, ""))
        await self._editors.enlist(user, role)
        told = self._replies("roles_added", id=user, role=self._replies(f"role_{role}"))
        return Outcome(told, before=f"{user} {before}".strip(), after=f"{user} {role}", what="roles add")

    async def _remove(self, user: int, asked: Asked) -> Outcome:
        if user in self._editors.settled:
            return Outcome(self._replies("roles_settled", id=user))
        before = await self._before.of(asked.order, (await self._editors.all()).get(user, ""))
        if not before:
            return Outcome(self._replies("roles_unknown", id=user))
        await self._editors.strike(user)
        return Outcome(self._replies("roles_removed", id=user), before=f"{user} {before}", what="roles remove")

    async def _listed(self) -> str:
        lines = [
            self._replies("roles_line", id=user, role=self._replies(f"role_{role}"))
            for user, role in sorted((await self._editors.all()).items())
        ]
        return "\n".join([self._replies("roles"), *lines])
