"""Listens for the editors: python-telegram-bot's Application inside our worker, under a lease.

Telegram lets the newest poller win and answers the older with 409, so in a rolling deploy two workers would throw
one another out: only the holder of the lease listens. python-telegram-bot's own signal handlers and run loops are
not used; the worker's stop event rules.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from pydantic import SecretStr
from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.commands.desk import DeskCommands
from bot.commands.replies import Replies
from newsroom.errors import StoreUnavailable
from newsroom.ports import Clock, Leases

log = logging.getLogger(__name__)

LEASE = "listener"
LEASE_SECONDS = 30.0
RENEW_SECONDS = 10.0
RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
POLL_TIMEOUT = timedelta(seconds=25)
MENU = ("push", "status", "why", "pause", "resume", "help")


@dataclass(frozen=True, slots=True)
class Door:
    """How the bot is reached."""

    token: SecretStr
    api_url: str


class Question(Protocol):
    """A kind of question to the desk, with buttons."""

    def knows(self, data: str) -> bool:
        """Whether a button with this data is one of its own."""
        ...

    async def on_press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A button, pressed by anybody."""
        ...


class Listener:
    """Brings the editors' commands to `DeskCommands` while this worker holds the lease."""

    def __init__(
        self,
        door: Door,
        commands: DeskCommands,
        replies: Replies,
        leases: Leases,
        clock: Clock,
        *,
        questions: Sequence[Question],
        worker: str,
    ) -> None:
        """Build it; nothing is asked of Telegram before `run`."""
        self._door = door
        self._commands = commands
        self._questions = tuple(questions)
        self._replies = replies
        self._leases = leases
        self._clock = clock
        self._worker = worker

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; a Telegram that is away is waited for, a refused token ends the listening alone."""
        failures = 0
        while not stop.is_set():
            try:
                if await self._leases.hold(LEASE, self._worker, LEASE_SECONDS):
                    await self._listen(stop)
                    failures = 0
            except InvalidToken:
                log.error("Telegram refuses TELEGRAM_BOT_TOKEN: nobody listens for the editors", extra=_ACTION)  # noqa: TRY400 - the traceback would show the address with the token
                await stop.wait()
            except (TelegramError, StoreUnavailable) as fault:
                failures += 1
                log.warning("not listening for the editors: %s", fault, extra=_ACTION)
            await self._clock.wait(stop, RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])

    async def _listen(self, stop: asyncio.Event) -> None:
        app = self._application()
        updater = app.updater
        if updater is None:
            raise RuntimeError("an Application without an updater cannot listen")
        await app.initialize()
        try:
            await app.start()
            await app.bot.set_my_commands([BotCommand(name, self._replies(f"menu_{name}")) for name in MENU])
            await updater.start_polling(
                timeout=POLL_TIMEOUT,
                bootstrap_retries=-1,
                allowed_updates=[Update.MESSAGE, Update.CALLBACK_QUERY],
                drop_pending_updates=False,
                error_callback=_polling_failed,
            )
            log.info("listening for the editors", extra=_ACTION)
            while not stop.is_set() and await self._leases.hold(LEASE, self._worker, LEASE_SECONDS):
                await self._clock.wait(stop, RENEW_SECONDS)
        finally:
            self._commands.close()
            if updater.running:
                await updater.stop()
            if app.running:
                await app.stop()
            await app.shutdown()
            await self._leases.drop(LEASE, self._worker)

    async def _on_press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """To whom the button belongs; a button of nobody's is refused like a stranger's."""
        data = update.callback_query.data if update.callback_query else None
        asked = next((one for one in self._questions if one.knows(data or "")), self._questions[0])
        await asked.on_press(update, context)

    def _application(self) -> "Application[Any, Any, Any, Any, Any, Any]":
        api = self._door.api_url
        app = (
            Application.builder()
            .token(self._door.token.get_secret_value())
            .base_url(f"{api}/bot")
            .base_file_url(f"{api}/file/bot")
            .job_queue(None)
            .build()
        )
        # Commands only, and neither edited nor forwarded ones: only a person's own fresh words are an order. Not blocking, since a push is followed
        # until its receipt, and `/pause` must not wait behind it.
        is_order = filters.COMMAND & filters.UpdateType.MESSAGE & ~filters.FORWARDED
        app.add_handler(MessageHandler(is_order, self._commands.on_command, block=False))
        if self._questions:
            app.add_handler(CallbackQueryHandler(self._on_press, block=False))
        app.add_error_handler(_command_failed)
        self._commands.open()
        return app


_ACTION = {"action": "listening"}


def _polling_failed(fault: TelegramError) -> None:
    words = "another worker of another house listens with this token" if isinstance(fault, Conflict) else str(fault)
    log.warning("listening stumbled: %s", words, extra=_ACTION)


async def _command_failed(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    log.error("a command failed", exc_info=context.error, extra={"action": "command_failed"})
