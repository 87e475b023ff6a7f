"""The menus of commands: each person sees those that their role may give, in Arabic and in English."""

import logging
from collections.abc import Mapping

from telegram import Bot, BotCommand, BotCommandScopeChat, BotCommandScopeChatMember
from telegram.error import TelegramError

from bot.commands.editors import Editors
from bot.commands.looks import menu_of
from bot.commands.outcome import Command
from bot.commands.replies import Language, Replies

log = logging.getLogger(__name__)

LANGUAGES: tuple[Language, ...] = ("ar", "en")


class Menus:
    """Sets them.

    Args:
        bot: whose menus they are.
        editors: who sees which.
        commands: by name.
        language: for whoever's phone speaks neither.
        desk: chat id of the editors' group, if there is one.
    """

    def __init__(
        self, bot: Bot, editors: Editors, commands: Mapping[str, Command], *, language: Language, desk: int | None
    ) -> None:
        self._bot = bot
        self._editors = editors
        self._commands = commands
        self._language = language
        self._desk = desk

    async def show(self) -> None:
        """For everybody who may, in private and in the desk's group. Who never wrote to the bot has no chat yet."""
        await self._set(["help"], None)
        for user, role in (await self._editors.all()).items():
            names = menu_of(role, self._commands)
            await self._set(names, BotCommandScopeChat(user))
            if self._desk is not None:
                await self._set(names, BotCommandScopeChatMember(self._desk, user))

    async def _set(self, names: list[str], scope: BotCommandScopeChat | BotCommandScopeChatMember | None) -> None:
        for code in (None, *LANGUAGES):
            replies = Replies(code or self._language)
            menu = [BotCommand(name, replies(f"menu_{name}")) for name in names]
            try:
                await self._bot.set_my_commands(menu, scope=scope, language_code=code)
            except TelegramError as fault:
                log.info("a menu could not be set: %s", fault, extra={"action": "menu"})
                return
