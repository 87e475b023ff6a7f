"""Everything that any logger says, as an operator would read it."""

import io
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bot.logs import Lines, Redactor


@contextmanager
def logged(secrets: Iterable[str] = ()) -> Iterator[io.StringIO]:
    """Collect the lines of every logger at DEBUG, through the house's own redaction of these secrets."""
    written = io.StringIO()
    out = logging.StreamHandler(written)
    out.setFormatter(Lines(Redactor(secrets), as_json=True))
    root = logging.getLogger()
    level = root.level
    root.addHandler(out)
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(out)
        root.setLevel(level)
