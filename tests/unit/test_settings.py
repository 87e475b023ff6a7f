"""Settings: what is wrong is named, shown and mended in words; secrets are never shown."""

from dataclasses import fields
from pathlib import Path

import pytest

from bot.house import house_of, style_of
from bot.settings import EXAMPLES, Settings, SettingsWrongError, require_live
from newsroom.target import Network, Target
from publishing.style import Colours, HouseStyle
from tests.unit.conftest import Setter

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


def test_nothing_set_means_the_demo(given: Setter) -> None:
    """`make run` in a fresh clone starts the demo newsroom."""
    assert given().is_empty


def test_lists_are_split_and_repeats_dropped(given: Setter) -> None:
    """Commas and spaces, as people write them."""
    settings = given(
        FEEDS="https://a.example.com/feed/ https://b.example.com/feed/,https://a.example.com/feed/",
        TELEGRAM_CHANNELS="@wasat, -1001234567890",
        TELEGRAM_BOT_TOKEN=TOKEN,
        EDITORS="11:admin, 22",
    )
    assert settings.feeds == ("https://a.example.com/feed/", "https://b.example.com/feed/")
    assert settings.editors == {11: "admin", 22: "editor"}
    assert house_of(settings).targets == (
        Target(Network.TELEGRAM, "@wasat"),
        Target(Network.TELEGRAM, "-1001234567890"),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FEEDS", "ftp://site"),
        ("TELEGRAM_CHANNELS", "wasat"),
        ("EDITORS", "11:boss"),
        ("EDITORS", "ali"),
        ("PORT", "eighty"),
        ("PUBLIC_URL", "ajil.example.com"),
        ("POLL_SECONDS", "0"),
        ("POST", "some"),
        ("REDIS_URL", "http://redis"),
        ("FETCH_ALLOW", "10.0.0.0/99"),
        ("LOG_LEVEL", "LOUD"),
        ("DIGITS", "roman"),
        ("CARDS", "some"),
        ("CARD_SHAPE", "round"),
        ("CARD_COLOURS", "kicker=reddish"),
        ("CARD_COLOURS", "kicker=#C8102"),
        ("CARD_COLOURS", "badge=#C8102E"),
        ("LOGO", "nowhere.png"),
        ("FONT_BOLD", "nowhere.ttf"),
        ("FONT_MEDIUM", "."),
        ("UTM", "utm_source"),
        ("UTM", "utm source=x"),
        ("UTM", "utm_source={channel}"),
        ("UTM", "utm_source={network"),
        ("TELEGRAM_TAGS", "-1"),
        ("X_TAGS", "many"),
        ("SILENT_ORDINARY", "perhaps"),
        ("PICTURE_SECONDS", "0"),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_read_and_an_example(given: Setter, name: str, value: str) -> None:
    """The three things that whoever hosts it needs."""
    with pytest.raises(SettingsWrongError) as wrong:
        given(**{name: value})
    told = str(wrong.value)
    assert name in told
    assert "read: " in told
    assert f"example: {name}={EXAMPLES[name.lower()]}" in told


def test_how_posts_look_is_by_setting(given: Setter, tmp_path: Path) -> None:
    """Every choice of the house's style; a colour that is not named keeps its usual one."""
    for name in ("logo.png", "bold.ttf", "medium.ttf"):
        (tmp_path / name).touch()
    settings = given(
        SITE_NAME="الوسط",
        GENERIC_SECTIONS="أخبار, منوعات",
        TELEGRAM_TAGS="1",
        X_TAGS="0",
        DIGITS="arab",
        UTM="utm_source={network}, utm_campaign={lane}",
        X_LINK="never",
        SILENT_ORDINARY="false",
        CARDS="always",
        CARD_SHAPE="square",
        CARD_COLOURS="kicker=#ffd400, ground=#003322",
        LOGO="logo.png",
        FONT_BOLD="bold.ttf",
        FONT_MEDIUM="medium.ttf",
    )
    expected = HouseStyle(
        site_name="الوسط",
        generic_sections=("أخبار", "منوعات"),
        telegram_tags=1,
        x_tags=0,
        digits="arab",
        utm={"utm_source": "{network}", "utm_campaign": "{lane}"},
        x_link="never",
        silent_ordinary=False,
        cards="always",
        card_shape="square",
        colours=Colours(kicker="#ffd400", ground="#003322"),
        logo=Path("logo.png"),
        font_bold=Path("bold.ttf"),
        font_medium=Path("medium.ttf"),
    )
    assert style_of(settings) == expected
    changed = {
        field.name for field in fields(HouseStyle) if getattr(expected, field.name) != getattr(HouseStyle(), field.name)
    }
    assert {field.name for field in fields(HouseStyle)} - changed == {"language"}, (
        "posts are Arabic; all else is by setting"
    )
    assert house_of(settings).site.generic_sections == ("أخبار", "منوعات")


def test_with_nothing_set_posts_look_as_the_house_has_them(given: Setter) -> None:
    """The settings' defaults are the style's own."""
    assert style_of(given()) == HouseStyle()


def test_a_wrong_secret_is_named_and_never_shown(given: Setter) -> None:
    """The token does not reach the terminal or a log."""
    with pytest.raises(SettingsWrongError) as wrong:
        given(TELEGRAM_BOT_TOKEN="hunter2-hunter2")
    assert "TELEGRAM_BOT_TOKEN" in str(wrong.value)
    assert "hunter2" not in str(wrong.value)


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({"FEEDS": "https://a.example.com/feed/"}, "TELEGRAM_CHANNELS"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_CHANNELS": "@wasat"}, "FEEDS"),
        ({"FEEDS": "https://a.example.com/feed/", "TELEGRAM_CHANNELS": "@wasat"}, "TELEGRAM_BOT_TOKEN"),
        ({"FEEDS": "https://a.example.com/feed/", "X_API_KEY": "k"}, "X_API_SECRET"),
    ],
)
def test_what_is_missing_beside_the_rest_is_named(given: Setter, variables: dict[str, str], missing: str) -> None:
    """A half-filled .env does not start."""
    with pytest.raises(SettingsWrongError, match=f"{missing} is missing"):
        require_live(given(**variables))


def test_every_secret_is_a_secret(given: Setter) -> None:
    """A printed Settings shows none of them."""
    settings = given(TELEGRAM_BOT_TOKEN=TOKEN, X_API_KEY="key-of-x", HOOK_SECRET="hook-secret", WALL_TOKEN="wall-token")
    for secret in (TOKEN, "key-of-x", "hook-secret", "wall-token"):
        assert secret not in f"{settings!r} {settings}"


def test_ajil_toml_is_read_and_the_environment_wins(given: Setter, tmp_path: Path) -> None:
    """The same names, in a file."""
    (tmp_path / "ajil.toml").write_text('feeds = ["https://a.example.com/feed/"]\npoll_seconds = 60\n', "utf-8")
    settings = given(POLL_SECONDS="20")
    assert (settings.feeds, settings.poll_seconds) == (("https://a.example.com/feed/",), 20.0)


def test_every_setting_stands_in_the_example_file() -> None:
    """.env.example is true: each field once, none that is no field."""
    text = (Path(__file__).parents[2] / ".env.example").read_text("utf-8")
    lines = [line.removeprefix("# ").removeprefix("#") for line in text.splitlines()]
    names = [line.partition("=")[0] for line in lines if line.partition("=")[0].isupper() and "=" in line]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)
