"""Logs: one line a record, and never a secret in it, in whatever form it is written."""

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator

import pytest

from bot.logs import Redactor, set_up_logs
from bot.settings import read_settings
from bot.terminal import secrets_of

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
ODD = 'pa"ss\\w/ord+ü%'


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Whatever any logger writes at DEBUG; logging is left as it was found."""
    root, hook, written = logging.getLogger(), sys.excepthook, io.StringIO()
    before = root.handlers[:], root.level
    set_up_logs("DEBUG", [ODD], written)
    yield written
    root.handlers[:], sys.excepthook = before[0], hook
    root.setLevel(before[1])
    logging.captureWarnings(capture=False)


@pytest.mark.parametrize(
    "written",
    [ODD, "pa%22ss%5Cw%2Ford%2B%C3%BC%25", json.dumps(ODD), json.dumps(ODD, ensure_ascii=False), repr(ODD)],
)
def test_a_secret_is_taken_out_in_every_form_in_which_it_is_written(written: str) -> None:
    """Plain, in an address, in JSON, as Python shows it."""
    told = Redactor([ODD])(f"before {written} after")
    assert told.replace('"', "").replace("'", "") == "before [secret] after"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/getMe", "POST https://api.telegram.org/bot[secret]/getMe"),
        ("redis://ali:hunter2@host:6379/0", "redis://[secret]@host:6379/0"),
        ("rediss://:hunter2@host:6379/0", "rediss://[secret]@host:6379/0"),
        ("https://site.example.com:8080/@name", "https://site.example.com:8080/@name"),
        ("https://site.example.com/feed/ and ali:b@c", "https://site.example.com/feed/ and ali:b@c"),
    ],
)
def test_what_looks_like_a_token_or_a_password_in_an_address_is_taken_out_unknown(text: str, told: str) -> None:
    """Before any setting was read, too; and what only resembles one stays."""
    assert Redactor(())(text) == told


def test_a_short_word_is_no_secret_to_be_looked_for() -> None:
    """It would hit ordinary words."""
    assert Redactor(["the"])("the feed") == "the feed"


def test_a_warning_goes_the_same_way(lines: io.StringIO) -> None:
    """Python would print it as it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"unsafe: {ODD}", stacklevel=1)
    assert "unsafe: [secret]" in lines.getvalue()


def crash() -> None:
    """Break, with a secret in the error."""
    raise RuntimeError(f"broken at {ODD}")


def test_the_last_words_of_a_crash_go_the_same_way(lines: io.StringIO) -> None:
    """With the traceback, and without the secret in the error's own text."""
    with pytest.raises(RuntimeError) as broken:
        crash()
    sys.excepthook(broken.type, broken.value, broken.tb)
    [line] = [json.loads(text) for text in lines.getvalue().splitlines()]
    assert line["said"] == "crashed: broken at [secret]"
    assert "in crash" in line["trace"]


def test_a_line_that_cannot_be_written_shows_no_arguments(
    lines: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python's own way prints the arguments raw."""
    careless = {"name": "careless", "levelno": logging.WARNING, "levelname": "WARNING", "msg": "%d", "args": (ODD,)}
    logging.getLogger().handlers[0].handle(logging.makeLogRecord(careless))
    assert "a line of careless could not be written" in lines.getvalue()
    assert ODD not in lines.getvalue() + "".join(capsys.readouterr())


def test_a_token_in_the_wrong_setting_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the password of an address that is none."""
    monkeypatch.setenv("TELEGRAM_CHANNELS", TOKEN)
    monkeypatch.setenv("REDIS_URL", "http://:hunter2-hunter2@host")
    with pytest.raises(Exception, match="TELEGRAM_CHANNELS is wrong") as wrong:
        read_settings()
    assert "[secret]" in str(wrong.value)
    assert TOKEN not in str(wrong.value)
    assert "hunter2" not in str(wrong.value)


def test_every_secret_of_the_settings_is_looked_for() -> None:
    """The passwords in addresses as they stand there and as they are sent."""
    settings = read_settings(
        redis_url="redis://:p%40ssword@host/0?password=queryword",
        feeds="https://ali:feedword@site.example.com/feed/",
        telegram_bot_token=TOKEN,
        hook_secret="hookword",
        wall_token="wallword",
        x_api_secret="secretword",
    )
    wanted = {"p%40ssword", "p@ssword", "queryword", "feedword", TOKEN, "hookword", "wallword", "secretword"}
    assert wanted <= set(secrets_of(settings))
