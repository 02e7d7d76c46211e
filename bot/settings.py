"""Every setting, read once from the environment or `.env`, with every mistake named at once."""

from pathlib import Path

import phonenumbers
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """One line for the operator: what is wrong and what to do."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KENG_", env_file=".env", extra="ignore", frozen=True)

    data: Path = Field(default=Path("data"), description="folder for everything that is kept")
    database_url: str = Field(default="", description="postgresql://…; empty means SQLite in the data folder")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    public_url: str = Field(default="", description="address residents use, as https://…")
    ward_name: str = Field(default="", description="the ward's name as residents say it, without the word ward")
    duty_phone: str = Field(default="", description="the ward's duty number; without it the line runs as a trial")

    @field_validator("duty_phone")
    @classmethod
    def _check_phone(cls, value: str) -> str:
        if not value:
            return ""
        try:
            number = phonenumbers.parse(value, "VN")
        except phonenumbers.NumberParseException as error:
            raise ValueError("is not a phone number; write it like 0225 3123 456") from error
        if not phonenumbers.is_possible_number(number):
            raise ValueError("is not a possible phone number; write it like 0225 3123 456")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)

    def where_data_lives(self) -> str:
        return self.database_url or f"sqlite:///{self.data.resolve() / 'keng.db'}"


def load() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        mistakes = "; ".join(f"KENG_{str(item['loc'][0]).upper()}: {item['msg'].removeprefix('Value error, ')}" for item in error.errors())
        raise SettingsError(f"settings: {mistakes} (see docs/settings.md)") from None
