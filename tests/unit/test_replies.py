"""Every word for editors: Arabic first, with an English twin, and nothing missing."""

import string

import pytest

from bot.commands.listener import MENU
from bot.commands.replies import REASONS, STATES, TEXTS, VERDICTS, Replies
from newsroom.delivery import State
from newsroom.verdict import Why


@pytest.mark.parametrize("table", [TEXTS, STATES, VERDICTS, REASONS], ids=["texts", "states", "verdicts", "reasons"])
def test_every_text_stands_in_both_languages(table: dict[str, dict[str, str]]) -> None:
    """Neither is empty."""
    assert {name for name, twins in table.items() if not (twins.get("ar") and twins.get("en"))} == set()


def test_both_twins_of_a_text_have_the_same_parts() -> None:
    """What is filled into one is filled into the other."""

    def parts(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert {name for name, twins in TEXTS.items() if parts(twins["ar"]) != parts(twins["en"])} == set()


def test_every_state_reason_and_menu_entry_has_its_words() -> None:
    """A new one cannot be forgotten."""
    assert set(State) <= set(STATES)
    assert set(Why) <= set(REASONS)
    assert {f"menu_{name}" for name in MENU} <= set(TEXTS)


def test_arabic_texts_are_arabic() -> None:
    """The first language of the desk; a text that is nothing but its parts has no words of its own."""

    def words(text: str) -> str:
        return "".join(literal for literal, _, _, _ in string.Formatter().parse(text))

    with_words = {name: twins for name, twins in TEXTS.items() if any(map(str.isalpha, words(twins["en"])))}
    assert {name for name, twins in with_words.items() if not any("ء" <= c <= "ي" for c in words(twins["ar"]))} == set()


def test_a_text_is_filled_in_the_language_that_was_chosen() -> None:
    """By the setting LANGUAGE."""
    assert Replies("ar").state(State.SENT) == "✅ نُشر"
    assert Replies("en").reason("too_old") == "it is old"
