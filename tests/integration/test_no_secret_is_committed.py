"""No file of the repository holds a secret: looked for by form, as nobody knows beforehand what will slip in."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.logs import PASSWORD_IN_ADDRESS, TELEGRAM_TOKEN

ROOT = Path(__file__).parents[2]
FORMS = {
    "a bot's token": TELEGRAM_TOKEN,
    "a password in an address": PASSWORD_IN_ADDRESS,
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a key of AWS": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of GitHub": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{40,}"),
    "a token of Slack": re.compile(r"\bxox[abprs]-[\w-]{10,}"),
    "a key of Google": re.compile(r"\bAIza[\w-]{35}"),
    "a bearer token of X": re.compile(r"\bA{8,}[\w%]{40,}"),
    "an access token of X": re.compile(r"\b\d{8,20}-[A-Za-z0-9]{36,}\b"),
    "a long value after a telling name": re.compile(
        r"(?i)(?:token|secret|password|api_?key)[\"']?\s*[:=]\s*[\"']?(?=[\w+/-]*\d)(?=[\w+/-]*[a-z])[A-Za-z0-9+/_-]{24,}"
    ),
}
MADE_UP = {
    # Tokens of no bot.
    "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "123456789:AAF-thisIsNoRealTokenButLooksLikeOne",
    "123456:TEST-not-a-secret-token-of-any-bot",
    "654321:another-bots-token-which-is-refused",
    'secret = "secret-of-this-bot-0123456789',
    # Passwords of examples and tests.
    ":password",
    ":{REDIS_WORD}",
    ":word",
    ":hunter2",
    ":hunter2-hunter2",
    ":p%40ss",
    ":p%40ssword",
    "ali:feedword",
    "ali:hunter2",
    "ali:word",
    "user:pass",
    "user:secret",
}
"""What stands in a file and may: every one of them made up."""


def files() -> Iterator[Path]:
    """All that is committed or would be by `git add`."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("SKIPPED ALOUD: no git here to say what is committed")
    asked = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    yield from (ROOT / name for name in filter(None, listed.split("\0")))


def found_in(text: str) -> Iterator[tuple[str, str]]:
    """What looks like a secret, and what kind."""
    for kind, form in FORMS.items():
        yield from ((kind, match.group()) for match in form.finditer(text) if match.group() not in MADE_UP)


def test_no_file_holds_what_looks_like_a_secret() -> None:
    """Whatever is found is either a secret, to be changed at once, or made up, and then named above."""
    told = []
    for path in files():
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            told += [f"{path.relative_to(ROOT)}: {kind}: {words[:12]}…" for kind, words in found_in(text)]
    assert not told, "\n".join(told)


@pytest.mark.parametrize(
    "secret",
    [
        "12345678" + ":" + "A" * 35,
        "redis://default" + ":" + "0pen-sesame@host:6379/0",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "a1" * 18,
        "xoxb-" + "1234567890-abc",
        "AIza" + "b" * 35,
        "A" * 21 + "b1" * 30,
        "1234567890" + "-" + "aB" * 20,
        "API_KEY=" + "0f1e2d3c" * 4,
    ],
)
def test_what_looks_like_a_secret_is_found(secret: str) -> None:
    """Each form once, put together here so that this file holds none."""
    assert list(found_in(f"value = '{secret}'"))


def test_a_file_with_settings_is_never_committed() -> None:
    """`.env` and the state stay where they are."""
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {".env", ".ajil/"} <= set(ignored)
