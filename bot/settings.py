"""Every setting, read once from the environment or `.env`, with every mistake named at once."""

import re
import shlex
import shutil
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from handlers.phones import as_written_here
from handlers.visitors import networks


class SettingsError(Exception):
    """One line for the operator: what is wrong and what to do."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KENG_", env_file=".env", extra="ignore", frozen=True)

    data: Path = Field(default=Path("data"), description="folder for everything that is kept")
    database_url: str = Field(default="", description="postgresql://…; empty means SQLite in the data folder")
    database_owner_url: str = Field(
        default="", description="the owner's postgresql://… address, used by `keng migrate` and `keng restore` alone"
    )
    master_key: SecretStr = Field(default=SecretStr(""), description="the master key itself; two, separated by a comma, during a change")
    master_key_file: str = Field(default="", description="a file with the master key, as a service manager provides it")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    public_url: str = Field(default="", description="address residents use, as https://…")
    trusted_proxies: str = Field(default="", description="addresses or networks of one's own proxies, separated by commas")
    ward_name: str = Field(default="", description="the ward's name as residents say it, without the word ward")
    duty_phone: str = Field(default="", description="the ward's duty number; without it the line runs as a trial")
    ward_address: str = Field(default="", max_length=120, description="where people come in person")
    superior_address: str = Field(
        default="", max_length=160, description="where residents turn with what concerns the ward police themselves: name, address, phone"
    )
    poster_zalo: str = Field(default="", max_length=120, description="the ward's Zalo for the poster: a link, or a name to look for")
    require_totp: bool | None = Field(default=None, description="whether officers need a second factor; empty leaves it to the desk")
    telegram_token: SecretStr = Field(default=SecretStr(""), description="the bot's token; empty leaves Telegram off")
    telegram_api: str = Field(default="https://api.telegram.org", description="Telegram's address")
    telegram_mode: Literal["polling", "webhook"] = Field(default="polling", description="how messages come in")
    telegram_secret: SecretStr = Field(default=SecretStr(""), description="the webhook's secret, 1 to 256 letters, digits, - or _")
    telegram_rate: int = Field(default=30, ge=0, description="most messages a second in all; 0 is no limit")
    zalo_bot_token: SecretStr = Field(default=SecretStr(""), description="the token of a bot on Zalo's Bot Platform; empty leaves it off")
    zalo_bot_api: str = Field(default="https://bot-api.zaloplatforms.com", description="address of Zalo's Bot Platform")
    zalo_bot_mode: Literal["polling", "webhook"] = Field(default="polling", description="how messages come in from that bot")
    zalo_bot_secret: SecretStr = Field(default=SecretStr(""), description="its webhook's secret, 8 to 256 letters, digits, - or _")

    zalo_oa_app_id: str = Field(default="", max_length=40, pattern=r"^\d*$", description="the app's id; empty leaves the Zalo OA off")
    zalo_oa_app_secret: SecretStr = Field(default=SecretStr(""), description="the app's secret, for renewing tokens")
    zalo_oa_secret_key: SecretStr = Field(default=SecretStr(""), description="the OA's secret key, which signs what Zalo sends")
    zalo_oa_refresh_token: SecretStr = Field(default=SecretStr(""), description="a first refresh token; taken once")
    zalo_oa_access_token: SecretStr = Field(default=SecretStr(""), description="a first access token; taken once")
    zalo_oa_api: str = Field(default="https://openapi.zalo.me", description="address of Zalo's OA calls")
    zalo_oa_oauth: str = Field(default="https://oauth.zaloapp.com", description="address of Zalo's token endpoint")
    zalo_oa_verifier: str = Field(
        default="",
        max_length=100,
        pattern=r"^[A-Za-z0-9_-]*$",
        description="the code in the name of Zalo's domain file zalo_verifier….html",
    )

    alarm_command: str = Field(default="", max_length=500, description="a program that rings a phone or a bell; empty runs none")
    keep_drafts_hours: int = Field(default=24, ge=1, description="hours after which a draft that was left lying is shredded")
    keep_closed_months: int = Field(default=24, ge=1, description="months after which a closed tip is shredded")
    keep_logs_days: int = Field(default=60, ge=30, description="days that marks of handled messages, sent answers and calls stay")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="from which level on our own events are logged"
    )
    backup_to: str = Field(default="", description="folder for the nightly copy; empty makes none")
    backup_keep: int = Field(default=14, ge=1, description="how many nightly copies stay")
    map_tiles: str = Field(
        default="", max_length=300, description="where the map's background comes from, as https://…/{z}/{x}/{y}.png; empty: no background"
    )
    metrics_token: SecretStr = Field(default=SecretStr(""), description="what /metrics asks for as a bearer token")

    @field_validator("require_totp", mode="before")
    @classmethod
    def _leave_to_desk(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, value: str) -> str:
        networks(value)  # Says itself what is wrong.
        return value

    @field_validator("map_tiles")
    @classmethod
    def _check_map_tiles(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/[^\s;,'\"]*", value):
            raise ValueError("is no address of a tile server; write it like https://tiles.example.vn/{z}/{x}/{y}.png")
        if value and not all(part in value for part in ("{z}", "{x}", "{y}")):
            raise ValueError("needs {z}, {x} and {y} in it, like https://tiles.example.vn/{z}/{x}/{y}.png")
        return value

    @model_validator(mode="after")
    def _check_webhook(self) -> "Settings":
        secret = self.telegram_secret.get_secret_value()
        if self.telegram_token and self.telegram_mode == "webhook" and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise ValueError("KENG_TELEGRAM_SECRET needs 1 to 256 letters, digits, - or _ for the webhook; take a long one")
        return self

    @model_validator(mode="after")
    def _check_zalo_bot(self) -> "Settings":
        token, secret = self.zalo_bot_token.get_secret_value(), self.zalo_bot_secret.get_secret_value()
        if token and not re.fullmatch(r"[0-9]+:[^\s/?#:]+", token):
            raise ValueError("KENG_ZALO_BOT_TOKEN is no token of a bot; it looks like 12345689:abc-xyz")
        if token and self.zalo_bot_mode == "webhook" and not re.fullmatch(r"[A-Za-z0-9_-]{8,256}", secret):
            raise ValueError("KENG_ZALO_BOT_SECRET needs 8 to 256 letters, digits, - or _ for the webhook; take a long one")
        return self

    @model_validator(mode="after")
    def _check_zalo_oa(self) -> "Settings":
        if self.zalo_oa_app_id and not (self.zalo_oa_secret_key and self.zalo_oa_app_secret):
            raise ValueError(
                "KENG_ZALO_OA_APP_ID needs KENG_ZALO_OA_SECRET_KEY (the OA's, on the webhook page) and KENG_ZALO_OA_APP_SECRET beside it"
            )
        return self

    @field_validator("alarm_command")
    @classmethod
    def _check_alarm_command(cls, value: str) -> str:
        try:
            words = shlex.split(value)
        except ValueError:
            raise ValueError("cannot be read as a command; a quotation mark is missing") from None
        if words and shutil.which(words[0]) is None:
            raise ValueError("names no program that can be run; write its whole path")
        return value

    @property
    def is_exposed(self) -> bool:
        """Whether others than this machine may reach us."""
        return bool(self.public_url or self.trusted_proxies) or self.host not in ("127.0.0.1", "::1", "localhost")

    @field_validator("duty_phone")
    @classmethod
    def _check_phone(cls, value: str) -> str:
        if not value:
            return ""
        written = as_written_here(value)
        if written is None:
            raise ValueError("is not a phone number; write it like 0225 3123 456")
        return written

    @property
    def fixed(self) -> frozenset[str]:
        """What the desk shows of the ward and cannot change, because it is set here."""
        given = {"name": self.ward_name, "duty_phone": self.duty_phone, "address": self.ward_address, "superior": self.superior_address}
        return frozenset(name for name, value in given.items() if value)

    @property
    def kept(self) -> dict[str, int]:
        """How long things are kept, as far as it is set here and not at the desk."""
        names = {"keep-drafts": "keep_drafts_hours", "keep-closed": "keep_closed_months", "keep-logs": "keep_logs_days"}
        return {kind: getattr(self, name) for kind, name in names.items() if name in self.model_fields_set}

    def shut_off(self) -> "Settings":
        """For a house of made-up people, whatever the environment says: no token, no program that rings, no copy among real ones.
        What is named here stays; everything else is as if nobody had set it, what is added one day too."""
        stays = {"data", "database_url", "master_key", "master_key_file", "host", "port", "trusted_proxies", "log_level", "metrics_token"}
        shut = self.model_copy(update={name: field.default for name, field in type(self).model_fields.items() if name not in stays})
        shut.model_fields_set.intersection_update(self.model_fields_set & stays)
        return shut

    def where_data_lives(self) -> str:
        return self.database_url or f"sqlite:///{self.data.resolve() / 'keng.db'}"


def load() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        mistakes = "; ".join(_mistake(item["loc"], item["msg"]) for item in error.errors())
        raise SettingsError(f"settings: {mistakes} (see docs/settings.md)") from None


def _mistake(place: tuple[int | str, ...], message: str) -> str:
    sentence = message.removeprefix("Value error, ")
    return f"KENG_{str(place[0]).upper()}: {sentence}" if place else sentence
