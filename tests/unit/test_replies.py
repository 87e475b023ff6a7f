"""Every word for editors: Arabic first, with an English twin, and nothing missing."""

import ast
import re
import string
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel import Locale

import bot.commands
from bot.commands.editors import RIGHTS, Right
from bot.commands.looks import menu_of
from bot.commands.outcome import Asked, Command, Outcome
from bot.commands.replies import DEEDS, ERRANDS, PARTS, REASONS, STATES, TEXTS, VERDICTS, Replies
from bot.commands.replies.reasons import is_known, said_in_arabic
from bot.commands.replies.tables import GROUNDS, THEN
from bot.commands.replies.twin import Language
from bot.commands.replies.waiting import CAUSES
from feeds.fault import _WORDS
from feeds.guard import AddressRefused
from newsroom.alert import Trouble
from newsroom.batch import Cause
from newsroom.delivery import State
from newsroom.errand import Errand
from newsroom.flood import Flood
from newsroom.policy import Then
from newsroom.relation import Ground
from newsroom.verdict import Why

LANGUAGES: tuple[Language, Language] = ("ar", "en")


def forms(name: str, language: Language) -> Mapping[str, str]:
    """A text in each plural form it has; one without is its own only form."""
    text = TEXTS[name][language]
    return {"": text} if isinstance(text, str) else {str(form): words for form, words in text.items()}


def parts(text: str) -> set[str]:
    """What is filled into it."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(
    "table",
    [TEXTS, STATES, VERDICTS, REASONS, ERRANDS, DEEDS, PARTS],
    ids=["texts", "states", "verdicts", "reasons", "errands", "deeds", "parts"],
)
def test_every_text_stands_in_both_languages(table: Mapping[str, Mapping[str, str]]) -> None:
    """Neither is empty."""
    assert {name for name, twins in table.items() if not (twins.get("ar") and twins.get("en"))} == set()


def test_a_text_with_a_number_has_every_plural_form_of_its_language() -> None:
    """Arabic has six, English two (CLDR)."""
    wrong = {
        (name, language)
        for name in TEXTS
        for language in LANGUAGES
        if isinstance(TEXTS[name][language], Mapping)
        and set(forms(name, language)) != set(Locale(language).plural_form.tags) | {"other"}
    }
    assert wrong == set()


def test_both_twins_of_a_text_have_the_same_parts() -> None:
    """What is filled into one is filled into the other; a plural form may say its number in words."""

    def all_parts(name: str, language: Language) -> set[str]:
        return set().union(*(parts(text) for text in forms(name, language).values()))

    assert {name for name in TEXTS if all_parts(name, "ar") != all_parts(name, "en")} == set()


def test_every_state_errand_reason_and_trouble_has_its_words() -> None:
    """A new one cannot be forgotten."""
    assert set(State) <= set(STATES)
    assert set(Errand) <= set(ERRANDS)
    assert set(Why) <= set(REASONS)
    assert set(Ground) <= set(GROUNDS)
    assert set(Then) <= set(THEN)
    assert set(Cause) <= set(CAUSES)
    assert {f"flood_{flood}" for flood in Flood} | {f"cause_{cause}" for cause in Cause} <= set(TEXTS)
    assert {f"alert_{trouble}" for trouble in Trouble} <= set(TEXTS)
    assert {f"right_{right}" for right in Right} | {f"role_{role}" for role in RIGHTS} <= set(TEXTS)


def test_every_command_has_its_help_and_its_line_in_the_menu() -> None:
    """By what stands there: a command without one is not found by anybody."""
    named = {name.removeprefix("help_") for name in TEXTS if name.startswith("help_")}
    assert named == {name.removeprefix("menu_") for name in TEXTS if name.startswith("menu_")}


async def _nothing(_: Asked) -> Outcome:
    return Outcome()


def test_a_menu_holds_what_a_role_may_and_no_more() -> None:
    """In the order of the commands; `/start` is Telegram's own."""
    commands = {
        "push": Command(Right.PUBLISH, _nothing),
        "secret": Command(Right.ROLES, _nothing),
        "start": Command(Right.READ, _nothing),
    }
    assert menu_of("editor", commands) == ["push"]
    assert menu_of("admin", commands) == ["push", "secret"]


def test_every_text_that_the_code_names_is_there() -> None:
    """A missing key would fail in an editor's hands."""
    assert {name for name in named_texts() if name not in TEXTS} == set()


def named_texts() -> Iterator[str]:
    """The first argument of every call of `replies(...)` in the room, where it is a plain string."""
    for file in Path(bot.commands.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and "replies" in ast.unparse(node.func).split(".")[-1]:
                yield from (
                    str(one.value)
                    for argument in node.args[:1]
                    for one in ast.walk(argument)
                    if isinstance(one, ast.Constant)
                    and isinstance(one.value, str)
                    and isinstance(argument, ast.Constant)
                )


def test_arabic_texts_are_arabic() -> None:
    """The first language of the desk; a text that is nothing but its parts has no words of its own."""

    def words(text: str) -> str:
        return "".join(literal for literal, _, _, _ in string.Formatter().parse(text))

    missing = {
        name
        for name in TEXTS
        if any(any(map(str.isalpha, words(text))) for text in forms(name, "en").values())
        and not all(re.search("[ء-ي]", words(text)) for text in forms(name, "ar").values())
    }
    assert missing == set()


def test_a_number_takes_its_plural_form() -> None:
    """As a newsroom would write it."""
    said = [Replies("ar")("queue_line", count=count) for count in (0, 1, 2, 3, 11, 100)]
    assert said == ["لا شيء", "منشور واحد", "منشوران", "3 منشورات", "11 منشورًا", "100 منشور"]
    assert [Replies("en")("queue_line", count=count) for count in (1, 2)] == ["1 post", "2 posts"]


def test_a_span_and_a_day_are_written_as_the_language_does() -> None:
    """By CLDR."""
    assert [Replies("ar").span(seconds) for seconds in (3, 130)] == ["3 ثوان", "دقيقتان"]
    assert Replies("ar").day(datetime(2026, 11, 24, 12, 0, tzinfo=UTC)).startswith("24 نوفمبر")


def test_a_text_is_filled_in_the_language_that_was_chosen() -> None:
    """By the setting LANGUAGE."""
    assert Replies("ar").state(State.SENT) == "✅ نُشر"
    assert Replies("en").reason("too_old") == "it is old"


def test_every_part_that_goes_on_after_a_fault_of_ours_has_its_name_in_words() -> None:
    """Read from the wiring, so that a new one cannot be forgotten."""
    wired = "".join(path.read_text("utf-8") for path in (ROOT / "bot" / "wiring").glob("*.py"))
    assert set(re.findall(r'ground\.rounds\("([^"]+)"', wired)) == set(PARTS)


def test_a_known_reason_is_said_in_arabic_with_the_networks_own_words_behind_it() -> None:
    """An unknown one is shown as it came, and named as that."""
    assert said_in_arabic("The bot lacks the right to post there: need administrator rights") == (
        "ليس للبوت حق النشر هناك: need administrator rights"
    )
    assert said_in_arabic("something new") == "كما ورد: something new"
    assert said_in_arabic("") == ""
    assert Replies("en").why("something new") == "something new"


ROOT = Path(bot.commands.__path__[0]).parents[1]
_RECEIPT = re.compile(r"(?:Refused|Later|Unknown|Blind|FetchFailed|EntryRefused|GaveUp)\(")


@pytest.mark.parametrize(
    "module", ["telegram_receipts", "x_receipts", "telegram_readback", "x_readback", "x_account", "telegram_channel"]
)
def test_every_reason_a_platform_gives_has_its_arabic_twin(module: str) -> None:
    """Read from the module itself, so that a new sentence cannot be forgotten."""
    tree = ast.parse((ROOT / "publishing" / f"{module}.py").read_text("utf-8"))
    reasons = [
        text
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _RECEIPT.match(f"{ast.unparse(node.func)}(")
        for argument in node.args
        if (text := _sentence(argument)) and re.search("[a-z]{3} ", text)
    ]
    assert [reason for reason in reasons if not is_known(reason)] == []


@pytest.mark.parametrize(
    "module", ["bounds", "cell", "fault", "fetch", "guard", "json_feed", "parse", "reading", "rest_posts"]
)
def test_every_reason_why_a_feed_cannot_be_read_has_its_arabic_twin(module: str) -> None:
    """Alerts and `/feeds test` show them; those of the guard are worded by one class."""
    tree = ast.parse((ROOT / "feeds" / f"{module}.py").read_text("utf-8"))
    raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)]
    reasons = [
        text
        for call in raised
        if ast.unparse(call.func) in {"FetchFailed", "GaveUp"}
        for argument in call.args
        if (text := _sentence(argument).rstrip("."))
    ]
    assert [reason for reason in reasons if not is_known(reason)] == []
    assert is_known(str(AddressRefused("10.0.0.1", "private").strerror))
    assert {words for _, words in _WORDS if not is_known(words)} == set()


def _sentence(node: ast.expr) -> str:
    """A literal, or an f-string with a number in each hole."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        holes = (str(one.value) if isinstance(one, ast.Constant) else "7" for one in node.values)
        return "".join(holes)
    return ""
