"""Logs: a sentence and its fields; for people on a terminal, JSON otherwise; never a secret."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO
from urllib.parse import quote

from typing_extensions import override

FIELDS = ("action", "story", "target", "feed", "attempts", "seconds", "url", "by", "cause")
"""The fixed vocabulary of a line's fields; `action` says what happened in one word."""

# A bot's token stands in every Bot API address, and PTB's repr prints it (measured).
TELEGRAM_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{20,}")
# Name and password in an address, of a store or a feed.
PASSWORD_IN_ADDRESS = re.compile(r"(?<=://)[^\s/@:\"']*:[^\s/@\"']+(?=@)")
SHORTEST = 6
"""Characters of a secret from which it is looked for."""
_QUIET = ("httpx", "httpcore", "telegram", "tweepy", "aiohttp.access", "PIL", "asyncio")
"""Libraries whose INFO and DEBUG lines tell an operator nothing, and print addresses with tokens."""


class Redactor:
    """Takes every known secret, and whatever looks like a bot's token or a password in an address, out of a text."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Take the secrets' values; short ones are left out, since they would hit ordinary words."""
        forms = {form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)}
        known = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(re.escape(secret) for secret in known)) if known else None

    def __call__(self, text: str) -> str:
        """The text without them."""
        text = PASSWORD_IN_ADDRESS.sub("[secret]", TELEGRAM_TOKEN.sub("[secret]", text))
        return self._known.sub("[secret]", text) if self._known else text


def _forms(secret: str) -> set[str]:
    """A secret as it may be written: plain, in an address, in JSON, as Python shows it."""
    return {
        secret,
        quote(secret, safe=""),
        quote(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
    }


class Lines(logging.Formatter):
    """One line a record, redacted as a whole: message, fields and traceback alike."""

    def __init__(self, redact: Redactor, *, as_json: bool) -> None:
        """Choose the form."""
        super().__init__()
        self._redact = redact
        self._as_json = as_json

    @override
    def format(self, record: logging.LogRecord) -> str:
        """The whole line."""
        fields = {name: getattr(record, name) for name in FIELDS if getattr(record, name, None) not in {None, ""}}
        at = datetime.fromtimestamp(record.created, UTC)
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        line = self._json(record, at, fields, trace) if self._as_json else self._plain(record, at, fields, trace)
        return self._redact(line)

    @staticmethod
    def _json(record: logging.LogRecord, at: datetime, fields: dict[str, object], trace: str) -> str:
        line = {"at": at.isoformat(timespec="milliseconds"), "level": record.levelname.lower()}
        line |= {"said": record.getMessage(), "from": record.name} | {name: str(it) for name, it in fields.items()}
        return json.dumps(line | ({"trace": trace} if trace else {}), ensure_ascii=False)

    @staticmethod
    def _plain(record: logging.LogRecord, at: datetime, fields: dict[str, object], trace: str) -> str:
        mark = {"WARNING": "! ", "ERROR": "!! ", "CRITICAL": "!! "}.get(record.levelname, "")
        tail = " ".join(f"{name}={it}" for name, it in fields.items() if name in {"story", "target", "feed", "by"})
        line = f"{at.astimezone():%H:%M:%S} {mark}{record.getMessage()}" + (f"  [{tail}]" if tail else "")
        return f"{line}\n{trace}" if trace else line


def set_up_logs(level: str, secrets: Iterable[str], stream: TextIO | None = None) -> None:
    """Send every logger's records through the redactor to `stream` (stderr), warnings and a crash's last words too."""
    stream = stream or sys.stderr
    out = _Out(stream)
    out.setFormatter(Lines(Redactor(secrets), as_json=not stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [out]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    sys.excepthook = _last_words
    if level != "DEBUG":
        for name in _QUIET:
            logging.getLogger(name).setLevel(logging.WARNING)


class _Out(logging.StreamHandler[TextIO]):
    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """A line that cannot be written must not bring its arguments to the terminal unredacted, as Python's own does."""
        self.stream.write(f"a line of {record.name} could not be written\n")


def _last_words(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """Python's own hook would print the traceback as it is, with whatever address or token stands in it."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("crashed: %s", fault, exc_info=(kind, fault, trace), extra={"action": "crashed"})
