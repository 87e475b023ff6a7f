"""The methods of the fake Bot API that only ask, and the bot's own settings."""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.support.telegram_board import Board
from tests.support.telegram_chats import ChatKind, Standing
from tests.support.telegram_errors import Known, Refusal, RefusedError, RuleError, malformed
from tests.support.telegram_photos import PhotoTable
from tests.support.telegram_shape import Call
from tests.support.telegram_updates import UpdateQueue

Json = dict[str, Any]
Method = Callable[[Call], object]

COMMANDS = 100
DESCRIPTION_CHARACTERS = 256

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


class Asking:
    """Methods that ask.

    Args:
        board: What there is to know.
        photos: The bot's files.
        updates: What is pending.
    """

    def __init__(self, board: Board, photos: PhotoTable, updates: UpdateQueue) -> None:
        self.commands: dict[str, list[Json]] = {}
        """The bot's command lists by scope and language, as `scope_of` writes them."""
        self._board = board
        self._photos = photos
        self._updates = updates

    def methods(self) -> dict[str, Method]:
        """The methods by their official names."""
        return {
            "getMe": self.get_me,
            "getChat": self.get_chat,
            "getChatMember": self.get_chat_member,
            "getChatAdministrators": self.get_chat_administrators,
            "setMyCommands": self.set_my_commands,
            "getMyCommands": self.get_my_commands,
            "getFile": self.get_file,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
        }

    def get_me(self, _: Call) -> Json:
        """Tell who the bot is."""
        return self._board.chats.bot.shown() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def get_chat(self, call: Call) -> Json:
        """Tell all about a chat."""
        chat = self._board.chats.readable(call.parameters["chat_id"])
        shown = chat.shown_in_full()
        if chat.pinned and not chat.messages[chat.pinned[-1]].deleted:
            shown["pinned_message"] = self._board.shown(chat.messages[chat.pinned[-1]], with_reply=False)
        return shown

    def get_chat_member(self, call: Call) -> Json:
        """Tell what somebody is in a chat."""
        chats = self._board.chats
        chat = chats.readable(call.parameters["chat_id"])
        if call.parameters["user_id"] == chats.bot.id:
            return chat.bot_as_member(chats.bot)
        user = chats.users.get(call.parameters["user_id"])
        if user is None:
            raise RefusedError(Known.USER_NOT_FOUND)
        return chat.as_member(user)

    def get_chat_administrators(self, call: Call) -> list[Json]:
        """Tell who runs a chat."""
        chats = self._board.chats
        chat = chats.readable(call.parameters["chat_id"])
        if chat.kind is ChatKind.PRIVATE:
            raise RefusedError(Refusal(400, "Bad Request: there are no administrators in the private chat"))
        if chat.kind is ChatKind.CHANNEL and chat.standing is not Standing.ADMINISTRATOR:
            raise RefusedError(Refusal(400, "Bad Request: member list is inaccessible"))
        people = [chats.person(user_id) for user_id, standing in chat.people.items() if standing in _RUNS]
        bot = [chat.bot_as_member(chats.bot)] if chat.standing in _RUNS else []
        return [*(chat.as_member(person) for person in people), *bot]

    def set_my_commands(self, call: Call) -> bool:
        """Set the list of commands for a scope and a language."""
        commands = call.parameters["commands"]
        if len(commands) > COMMANDS:
            raise malformed(f"at most {COMMANDS} commands")
        for command in commands:
            if not _COMMAND.fullmatch(command["command"]):
                raise RuleError(Known.COMMAND_INVALID, f"{command['command']!r} is no command")
            if not 1 <= len(command["description"]) <= DESCRIPTION_CHARACTERS:
                raise RuleError(
                    Known.COMMAND_DESCRIPTION_INVALID, f"a description has 1 to {DESCRIPTION_CHARACTERS} characters"
                )
        self.commands[self._scope(call)] = commands
        return True

    def get_my_commands(self, call: Call) -> list[Json]:
        """Tell the list of commands for exactly this scope and language."""
        return self.commands.get(self._scope(call), [])

    def _scope(self, call: Call) -> str:
        scope = call.parameters.get("scope") or {"type": "default"}
        if "chat_id" in scope:
            self._board.chats.readable(scope["chat_id"])
        return scope_of(scope, call.parameters.get("language_code") or "")

    def get_file(self, call: Call) -> Json:
        """Tell where a file can be downloaded."""
        return self._photos.file_of(call.parameters["file_id"])

    def delete_webhook(self, call: Call) -> bool:
        """There never is one; what is pending may be dropped."""
        if call.parameters.get("drop_pending_updates"):
            self._updates.clear()
        return True

    def get_webhook_info(self, _: Call) -> Json:
        """Tell that there is none, and how much is pending."""
        return {
            "url": "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending),
        }


_RUNS = frozenset({Standing.CREATOR, Standing.ADMINISTRATOR})


def scope_of(scope: Json, language_code: str = "") -> str:
    """Write a BotCommandScope and a language as one key."""
    return json.dumps(scope | {"language_code": language_code}, sort_keys=True)
