"""docs/settings.md is what the settings' class says."""

from dataclasses import asdict

from bot.settings import EXAMPLES, Settings
from bot.settings_page import PAGE, page
from newsroom.purse import DOLLAR, Prices


def test_the_page_of_settings_is_current() -> None:
    """Mend it with `python -m bot.settings_page`."""
    assert PAGE.read_text("utf-8") == page()


def test_every_setting_has_a_row_with_words_and_a_default() -> None:
    """Nothing is left for the reader to guess."""
    rows = [line.split(" | ") for line in page().splitlines() if line.startswith("| `")]
    assert {row[0].strip("| `") for row in rows} == {name.upper() for name in Settings.model_fields}
    assert all(len(row) == 4 and row[1] and row[3].strip("| ") for row in rows)


def test_the_prices_that_the_page_shows_are_the_ones_that_hold() -> None:
    """Their default is an object; the page shows how it is written."""
    shown = dict(pair.split("=") for pair in EXAMPLES["x_prices"].split(","))
    assert {name: round(float(price) * DOLLAR) for name, price in shown.items()} == asdict(Prices())
