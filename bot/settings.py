"""Settings: what the environment and `.env` say, checked, and told plainly when something is wrong."""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from typing_extensions import override

from bot.logs import Redactor
from bot.rulebook import WrittenRule, config_file, told
from bot.setting_types import Addresses, CardColours, Dollars, File, Hour, Networks, Parameters, Words, Zone
from newsroom.correction import XCorrections
from newsroom.purse import Prices
from newsroom.rules import Ask
from newsroom.site import Site
from publishing.style import CardPolicy, CardShape, Colours, Digits, LinkPolicy
from store.address import address_of

ROLES = ("editor", "chief", "admin")


class Settings(BaseSettings):
    """Every setting. Each stands in .env.example with the same words (a test holds the two together)."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    redis_url: SecretStr = Field(
        SecretStr(""), description="Redis or Valkey; empty: an embedded one in .ajil/ on this disk."
    )
    telegram_bot_token: SecretStr = Field(SecretStr(""), description="From @BotFather.")
    telegram_api_url: str = Field("https://api.telegram.org", description="Another Bot API server, if you run one.")
    telegram_channels: Words = Field((), description="Channels: @name or -100… id, comma-separated.")
    telegram_desk: int | None = Field(None, description="Chat id of the editors' private group.")
    editors: Annotated[dict[int, str], NoDecode] = Field(
        default_factory=dict,
        description="Who may command the bot: Telegram user id and role (editor, chief, admin), comma-separated.",
    )
    x_api_key: SecretStr = Field(SecretStr(""), description="X: the app's API key.")
    x_api_secret: SecretStr = Field(SecretStr(""), description="X: the app's API key secret.")
    x_access_token: SecretStr = Field(SecretStr(""), description="X: the account's access token.")
    x_access_token_secret: SecretStr = Field(SecretStr(""), description="X: the account's access token secret.")
    x_api_url: str = Field("https://api.x.com", description="Another host for tests.")
    x_link: LinkPolicy = Field(
        "always",
        description="Which posts on X carry the link: a post with a link costs $0.20, one without $0.015.",
    )
    x_prices: Dollars = Field(Prices(), description="What X asks for each request, in dollars.")
    x_budget_day: Decimal | None = Field(None, ge=0, description="Dollars for X in one day (UTC); unset: no limit.")
    x_budget_month: Decimal | None = Field(None, ge=0, description="Dollars for X in one month (UTC); unset: no limit.")
    x_budget_breaking: float = Field(0.3, ge=0, le=1, description="Share of the budgets kept for breaking stories.")
    x_corrections: XCorrections = Field(
        "ignore",
        description="What becomes of a post on X when its article is edited: ignore, repost or edit (Premium accounts).",
    )
    feeds: Addresses = Field(
        (),
        description="Addresses of the site's feeds, comma- or space-separated. Editors add and remove others with `/feeds`.",
    )
    poll_seconds: float = Field(30.0, ge=1, le=3600, description="How often each feed is asked.")
    post: Literal["breaking", "all"] = Field("breaking", description="What goes out by itself.")
    breaking_minutes: float = Field(30.0, gt=0, le=1440, description="Older than this, breaking is ordinary.")
    settle_seconds: float | None = Field(
        None,
        ge=0,
        le=3600,
        description="An ordinary story waits so long for its typos to be mended; unset: two polls. Breaking never waits.",
    )
    ask_breaking: Ask = Field(
        "report",
        description="A feed's breaking story: out at once and reported, after a countdown, or with an editor's approval.",
    )
    ask_ordinary: Ask = Field("report", description="The same for an ordinary story that goes out by itself.")
    countdown_seconds: float = Field(
        30.0, ge=5, le=3600, description="How long the desk may stop a story where ASK_… says countdown."
    )
    flood_count: int = Field(
        10, ge=1, le=100, description="More old entries at once than this are held, and the desk is asked."
    )
    rule: tuple[WrittenRule, ...] = Field(
        (), description="Rules by section, keyword, author or hour, best written in ajil.toml (examples/ajil.toml)."
    )
    timezone: Zone = Field(
        ZoneInfo("UTC"), description="The newsroom's own time, for quiet hours in ajil.toml and the daily report."
    )
    daily_report: Hour = Field(
        time(8), description="When the desk's group is told of the last day, in the newsroom's own time; off: never."
    )
    site_name: str = Field("", description="The paper's name as readers know it.")
    site_sections: Words = Field((), description="Names of the site's sections; other categories are tags.")
    breaking_categories: Words = Field(("عاجل",), description="Categories that are the site's word for breaking.")
    fetch_allow: Networks = Field((), description="Networks that may be fetched from despite the guard.")
    port: int | None = Field(None, ge=1, le=65535, description="Port of the web pages; off when unset.")
    wall_token: SecretStr = Field(SecretStr(""), description="Opens /wall; without it the wall is closed.")
    hook_secret: SecretStr = Field(
        SecretStr(""), description="Opens /hooks to the site's plugin (docs/push.md); without it they are closed."
    )
    public_url: str = Field(
        "", description="Where PORT is reached from outside, with https://; hubs (WebSub) are then asked for news."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")
    language: Literal["ar", "en"] = Field("ar", description="Language of the bot's answers to editors.")
    templates: Path | None = Field(None, description="A folder whose templates replace ours, file by file.")
    digits: Digits = Field("keep", description="Digits in posts: as written, 0-9, or the Arabic-Indic ones.")
    telegram_tags: int = Field(3, ge=0, le=10, description="Hashtags of a post on Telegram, at most.")
    x_tags: int = Field(2, ge=0, le=10, description="Hashtags of a post on X, at most, beside the label's.")
    generic_sections: Words = Field(
        Site().generic_sections, description="Sections that say nothing to a reader and become no hashtag."
    )
    utm: Parameters = Field(
        default_factory=dict,
        description="Our own parameters at the end of each link; {network} and {lane} are filled in.",
    )
    silent_ordinary: bool = Field(
        default=True, description="Ordinary stories reach Telegram's followers without a sound."
    )
    picture_seconds: float = Field(
        8.0, ge=1, le=60, description="The longest that a post waits for its picture; a later one follows by edit."
    )
    cards: CardPolicy = Field(
        "fallback",
        description="Headline cards: never, where a story has no fit picture, for breaking stories too, for all.",
    )
    card_shape: CardShape = Field("wide", description="Cards of 1200 x 675, or of 1080 x 1080 px.")
    card_colours: CardColours = Field(Colours(), description="The cards' colours.")
    logo: File | None = Field(None, description="A PNG with transparency, drawn at the foot of a card.")
    font_bold: File | None = Field(None, description="A TTF for a card's headline and label; ours where unset.")
    font_medium: File | None = Field(None, description="A TTF for the paper's name on a card; ours where unset.")

    @field_validator("telegram_bot_token")
    @classmethod
    def _token_looks_right(cls, token: SecretStr) -> SecretStr:
        number, colon, rest = token.get_secret_value().partition(":")
        if token.get_secret_value() and not (number.isdecimal() and colon and len(rest) >= 20):
            raise ValueError("this is no bot token: digits, a colon, then 35 letters")
        return token

    @field_validator("telegram_channels")
    @classmethod
    def _channels_look_right(cls, channels: tuple[str, ...]) -> tuple[str, ...]:
        for channel in channels:
            if not (channel.startswith("@") and len(channel) > 4) and not channel.removeprefix("-").isdecimal():
                raise ValueError(f"{channel!r} is neither a @name nor a chat id")
        return tuple(dict.fromkeys(channels))

    @field_validator("editors", mode="before")
    @classmethod
    def _editors_split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = (word.partition(":") for word in value.replace(";", ",").split(",") if word.strip())
        return {name.strip(): role.strip() or "editor" for name, _, role in pairs}

    @field_validator("editors")
    @classmethod
    def _roles_are_known(cls, editors: dict[int, str]) -> dict[int, str]:
        for role in editors.values():
            if role not in ROLES:
                raise ValueError(f"{role!r} is no role; roles are {', '.join(ROLES)}")
        return editors

    @field_validator("feeds")
    @classmethod
    def _feeds_are_addresses(cls, feeds: tuple[str, ...]) -> tuple[str, ...]:
        for feed in feeds:
            parts = urlsplit(feed)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError(f"{feed!r} is no address of a feed")
        return tuple(dict.fromkeys(feeds))

    @field_validator("public_url")
    @classmethod
    def _we_are_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
            raise ValueError("an address begins with https:// and has no ? or #")
        return url.rstrip("/")

    @field_validator("telegram_api_url", "x_api_url")
    @classmethod
    def _hosts_are_addresses(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError("an address begins with https://")
        return url.rstrip("/")

    @field_validator("redis_url")
    @classmethod
    def _store_is_an_address(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value():
            address_of(url.get_secret_value())
        return url

    @property
    def is_empty(self) -> bool:
        """Nothing says where to read from or where to post: the demo newsroom runs then."""
        return not (self.feeds or self.telegram_bot_token.get_secret_value() or self.telegram_channels or self.has_x)

    @property
    def has_x(self) -> bool:
        """Whether any of the four keys of X is set."""
        return any(key.get_secret_value() for key in self.x_keys.values())

    @property
    def hears_hubs(self) -> bool:
        """Hubs are asked where they can reach us: with PORT, PUBLIC_URL and HOOK_SECRET."""
        return bool(self.port is not None and self.public_url and self.hook_secret.get_secret_value())

    @property
    def x_keys(self) -> dict[str, SecretStr]:
        """The four keys of X by their variables' names."""
        return {
            "X_API_KEY": self.x_api_key,
            "X_API_SECRET": self.x_api_secret,
            "X_ACCESS_TOKEN": self.x_access_token,
            "X_ACCESS_TOKEN_SECRET": self.x_access_token_secret,
        }

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over `.env`, and both over `ajil.toml` (AJIL_CONFIG names another file)."""
        toml = TomlConfigSettingsSource(settings_cls, config_file())
        return (init_settings, env_settings, dotenv_settings, toml)


def require_live(settings: Settings) -> None:
    """Check that what `run` needs is there, one setting beside the other.

    Raises:
        SettingsWrongError: names what is missing, why it is needed, and shows one.
    """
    missing = [name for name, key in settings.x_keys.items() if not key.get_secret_value()]
    wants: list[tuple[bool, str, str, str]] = [
        (settings.has_x and bool(missing), missing[0] if missing else "", "the other keys of X are set", ""),
        (
            settings.x_link == "budget" and settings.x_budget_month is None,
            "X_BUDGET_MONTH",
            "X_LINK=budget asks what the month affords",
            EXAMPLES["x_budget_month"],
        ),
        (
            {settings.ask_breaking, settings.ask_ordinary} != {"report"} and settings.telegram_desk is None,
            "TELEGRAM_DESK",
            "ASK_BREAKING or ASK_ORDINARY asks the desk before a story goes out",
            EXAMPLES["telegram_desk"],
        ),
        (not settings.feeds, "FEEDS", "nothing says which feed to read", EXAMPLES["feeds"]),
        (
            bool(settings.telegram_channels) and not settings.telegram_bot_token.get_secret_value(),
            "TELEGRAM_BOT_TOKEN",
            "TELEGRAM_CHANNELS is set",
            EXAMPLES["telegram_bot_token"],
        ),
        (
            not settings.telegram_channels and not settings.has_x,
            "TELEGRAM_CHANNELS",
            "nothing says where to post (a channel here, or the four X_ keys)",
            EXAMPLES["telegram_channels"],
        ),
    ]
    told = [
        f"{name} is missing: {why}.\n  example: {name}={example or 'see README.md, Go live'}"
        for is_wanted, name, why, example in wants
        if is_wanted
    ]
    if told:
        raise SettingsWrongError(*told)


EXAMPLES: Mapping[str, str] = {
    "redis_url": "redis://localhost:6379/0",
    "telegram_bot_token": "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "telegram_channels": "@alwasat_news,-1001234567890",
    "telegram_desk": "-1009876543210",
    "editors": "111111111:admin,222222222:editor",
    "x_link": "always",
    "x_prices": "post=0.015,link=0.20,alt=0.005,delete=0.01",
    "x_budget_day": "3",
    "x_budget_month": "60",
    "x_budget_breaking": "0.3",
    "x_corrections": "ignore",
    "feeds": "https://alwasat.example.com/feed/",
    "poll_seconds": "30",
    "post": "breaking",
    "breaking_minutes": "30",
    "settle_seconds": "60",
    "ask_breaking": "report",
    "ask_ordinary": "approve",
    "countdown_seconds": "30",
    "flood_count": "10",
    "timezone": "Asia/Riyadh",
    "daily_report": "08:00",
    "rule": '[{"then": "silent", "hours": "23:00-06:30"}]',
    "fetch_allow": "127.0.0.0/8",
    "port": "8080",
    "public_url": "https://ajil.example.com",
    "log_level": "INFO",
    "language": "ar",
    "telegram_api_url": "https://api.telegram.org",
    "x_api_url": "https://api.x.com",
    "templates": "./our-templates",
    "digits": "keep",
    "telegram_tags": "3",
    "x_tags": "2",
    "generic_sections": "أخبار,عام,متفرقات",
    "utm": "utm_source={network},utm_medium=social",
    "silent_ordinary": "true",
    "picture_seconds": "8",
    "cards": "fallback",
    "card_shape": "wide",
    "card_colours": "kicker=#C8102E,ground=#0E1B2E,accent=#C8102E,text=#FFFFFF",
    "logo": "./logo.png",
    "font_bold": "./our-bold.ttf",
    "font_medium": "./our-medium.ttf",
}


class SettingsWrongError(Exception):
    """Settings that cannot work. Its text is for the terminal: a line or three for each mistake, also had one by one."""

    def __init__(self, *told: str) -> None:
        super().__init__("\n".join(told))
        self.told = told


def read_settings(**given: Any) -> Settings:
    """The settings of this process; `given` ones win over the environment's.

    Raises:
        SettingsWrongError: names the variable, what was read (never a secret's value) and an example.
    """
    try:
        return Settings(**given)
    except ValidationError as wrong:
        raise SettingsWrongError(*(_told(dict(error)) for error in wrong.errors())) from None
    except TOMLDecodeError as wrong:
        raise SettingsWrongError(f"{config_file()} cannot be read: {wrong}.\n  example: examples/ajil.toml") from None


def _told(error: Mapping[str, Any]) -> str:
    if len(error["loc"]) > 1 and error["loc"][0] == "rule":
        return Redactor(())(told(error))
    cause = (error.get("ctx") or {}).get("error")
    name = str(error["loc"][0]) if error["loc"] else "settings"
    why = str(cause) if cause else str(error["msg"])
    read = _shown(name, error.get("input"))
    example = f"\n  example: {name.upper()}={EXAMPLES[name]}" if name in EXAMPLES else ""
    # A token in the wrong place, or a password in an address, is a secret all the same.
    return Redactor(())(f"{name.upper()} is wrong: {why}.\n  read: {read}") + example


def _shown(name: str, value: object) -> str:
    field = Settings.model_fields.get(name)
    if field is not None and field.annotation is SecretStr:
        return f"{len(str(value))} characters (a secret, so not shown)"
    return repr(value)
