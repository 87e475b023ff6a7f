"""Settings: what the environment and `.env` say, checked, and told plainly when something is wrong."""

import os
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from typing_extensions import override

from bot.logs import Redactor
from newsroom.correction import XCorrections
from newsroom.purse import DOLLAR, Prices

ROLES = ("editor", "chief", "admin")


def _split(value: object) -> object:
    """Comma- or line-separated words."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.replace("\n", ",").split(",") if part.strip())


def _split_on_space_too(value: object) -> object:
    return _split(",".join(value.split())) if isinstance(value, str) else value


def _prices(value: object) -> object:
    """`post=0.015,link=0.20`: dollars by name; what is not named keeps its usual price."""
    if isinstance(value, str):
        pairs = (part.partition("=") for part in value.split(",") if part.strip())
        value = {name: price for name, _, price in pairs}
    if not isinstance(value, Mapping):
        return value
    try:
        asked = {str(name).strip(): int(Decimal(str(price).strip()) * DOLLAR) for name, price in value.items()}
        prices = Prices(**asked)
    except (ArithmeticError, TypeError, ValueError):
        raise ValueError(f"prices are {', '.join(asdict(Prices()))}, each with its dollars") from None
    if min(asked.values(), default=0) < 0:
        raise ValueError("no price lies below 0")
    return prices


Dollars = Annotated[Prices, NoDecode, BeforeValidator(_prices)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Addresses = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_on_space_too)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_split_on_space_too)]


class Settings(BaseSettings):
    """Every setting. Each stands in .env.example with the same words (a test holds the two together)."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    redis_url: str = Field("", description="Redis or Valkey; empty: an embedded one in .ajil/ on this disk.")
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
    x_link: Literal["always", "breaking", "budget", "never"] = Field(
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
    feeds: Addresses = Field((), description="Addresses of the site's feeds, comma- or space-separated.")
    poll_seconds: float = Field(30.0, ge=1, le=3600, description="How often each feed is asked.")
    post: Literal["breaking", "all"] = Field("breaking", description="What goes out by itself.")
    breaking_minutes: float = Field(30.0, gt=0, le=1440, description="Older than this, breaking is ordinary.")
    site_name: str = Field("", description="The paper's name as readers know it.")
    site_sections: Words = Field((), description="Names of the site's sections; other categories are tags.")
    breaking_categories: Words = Field(("عاجل",), description="Categories that are the site's word for breaking.")
    fetch_allow: Networks = Field((), description="Networks that may be fetched from despite the guard.")
    port: int | None = Field(None, ge=1, le=65535, description="Port of the web pages; off when unset.")
    wall_token: SecretStr = Field(SecretStr(""), description="Opens /wall; without it the wall is closed.")
    hook_secret: SecretStr = Field(SecretStr(""), description="Kept for the site's publish hook; nothing reads it yet.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")
    language: Literal["ar", "en"] = Field("ar", description="Language of the bot's answers to editors.")
    templates: Path | None = Field(None, description="A folder whose templates replace ours, file by file.")

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

    @field_validator("telegram_api_url", "x_api_url")
    @classmethod
    def _hosts_are_addresses(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError("an address begins with https://")
        return url.rstrip("/")

    @field_validator("redis_url")
    @classmethod
    def _store_is_an_address(cls, url: str) -> str:
        if url and urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
            raise ValueError("an address of a Redis begins with redis://, rediss:// or unix://")
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
        toml = TomlConfigSettingsSource(settings_cls, Path(os.environ.get("AJIL_CONFIG", "ajil.toml")))
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
        raise SettingsWrongError("\n".join(told))


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
    "fetch_allow": "127.0.0.0/8",
    "port": "8080",
    "log_level": "INFO",
    "language": "ar",
    "telegram_api_url": "https://api.telegram.org",
    "x_api_url": "https://api.x.com",
    "templates": "./our-templates",
}


class SettingsWrongError(Exception):
    """Settings that cannot work. Its text is for the terminal: a line or three for each mistake."""


def read_settings(**given: Any) -> Settings:
    """The settings of this process; `given` ones win over the environment's.

    Raises:
        SettingsWrongError: names the variable, what was read (never a secret's value) and an example.
    """
    try:
        return Settings(**given)
    except ValidationError as wrong:
        raise SettingsWrongError("\n".join(_told(dict(error)) for error in wrong.errors())) from None


def _told(error: Mapping[str, Any]) -> str:
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
