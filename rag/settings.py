"""What can be set, from `PAPERCHAT_*` and OpenAI's own names in the environment and in `.env`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError, why_unreadable

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PREFIX = "PAPERCHAT_"


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("paperchat", appauthor=False)


class Settings(BaseSettings):
    """Read once, in `build`. An unknown `PAPERCHAT_` name or a wrong value raises SettingsError."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    home: Path = Field(default_factory=_data_folder, description="folder of the library; default: the platform's data folder")
    bundled: bool = Field(default=True, description="whether a new library starts with the bundled papers")
    sources: int = Field(default=10, ge=5, le=50, description="how many papers a question brings back as hits")
    database: SecretStr | None = Field(
        default=None,
        description="address of a PostgreSQL database that keeps records and conversations; default: files in the library's folder",
    )
    chroma: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s@/?#]+(/[^\s@?#]*)?$",
        examples=["http://localhost:8000"],
        description="address of a Chroma server that keeps the vectors; default: Chroma in the library's folder",
    )
    chroma_token: SecretStr | None = Field(default=None, description="token for that server, or for the proxy in front of it")
    chroma_tenant: str = Field(default="default_tenant", description="tenant on that server")
    chroma_database: str = Field(default="default_database", description="database on that server, one for each library")
    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias="OPENAI_API_KEY", description="key of the models' server; a server of your own needs none"
    )
    openai_base_url: str | None = Field(
        default=None, validation_alias="OPENAI_BASE_URL", description="address of the models' server; default: OpenAI's"
    )
    model: str | None = Field(
        default=None, description="the language model that writes answers; default: none, sentences are quoted"
    )
    embedding: str | None = Field(
        default=None,
        pattern=r"^(openai:\S+|multilingual)$",
        examples=["openai:text-embedding-3-small", "multilingual"],
        description="`openai:` and a model's name to search with vectors of the models' server; `multilingual` for an encoder of sixteen languages "
        "that runs here; default: the encoder that comes along",
    )
    embedding_price: float | None = Field(
        default=None, ge=0, description="what a million tokens cost there, to estimate a re-indexing"
    )
    mailto: str | None = Field(
        default=None,
        pattern=r"^[^\s@()<>]+@[^\s@()<>]+$",
        examples=["you@example.org"],
        description="your mail address, sent to the services that papers are fetched from; they serve requests with an address faster",
    )
    openalex_key: SecretStr | None = Field(
        default=None, description="key for OpenAlex, free of charge there; without one it answers few searches a day"
    )
    timeout: float = Field(default=60.0, gt=0, description="seconds that a model may stay silent before it is given up")
    temperature: float | None = Field(default=0.0, ge=0, le=2, description="how freely a model words its answers")
    context: int = Field(default=8192, ge=1024, description="tokens that prompt and reply may have together")
    language: Literal["en", "de"] | None = Field(
        default=None, description="language of errors and notices in the terminal, `en` or `de`; default: that of the locale"
    )
    strict: bool = Field(default=False, description="whether sentences of a language model that stay unsupported are removed")
    device: Literal["cpu", "cuda"] = Field(
        default="cpu", description="what encodes and reads: `cpu`, or `cuda` for an NVIDIA GPU, which needs onnxruntime-gpu"
    )
    reader: bool = Field(default=True, description="whether the learned reader ranks sentences and decides whether they answer")
    repair: bool = Field(default=True, description="whether a language model is asked once to correct unsupported sentences")


def own_library(home: Path, bundled: bool = True) -> Settings:
    """The settings for a library that is wholly in a folder of its own, whatever servers are configured."""
    return Settings(home=home, bundled=bundled, chroma=None, database=None)


def load_settings(env_file: Path = Path(".env")) -> Settings:
    """The settings in force. The environment goes before `.env`."""
    names = {name.upper() for name in (*os.environ, *_names_in(env_file)) if name.upper().startswith(PREFIX)}
    known = {name for name in setting_names() if name.startswith(PREFIX)}
    if unknown := sorted(names - known):
        raise SettingsError(f"Unknown setting {', '.join(unknown)}. There are: {', '.join(sorted(known))}.")
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        wrong = "; ".join(f"{_setting_name(str(each['loc'][0]))}: {_must(each)}" for each in error.errors(include_input=False))
        raise SettingsError(f"A setting cannot be used: {wrong}. docs/settings.md lists what each may be.") from None


def setting_names() -> dict[str, str]:
    """Name in the environment to name of the field."""
    return {str(field.validation_alias or PREFIX + name.upper()): name for name, field in Settings.model_fields.items()}


def _must(error: ErrorDetails) -> str:
    """What a setting has to be, without the pattern that it is matched with."""
    if error["type"] == "string_pattern_mismatch":
        name = setting_names()[_setting_name(str(error["loc"][0]))]
        return "it must be like " + " or ".join(f"`{one}`" for one in Settings.model_fields[name].examples or ())
    if error["type"] == "bool_parsing":
        return "it must be true or false"
    return error["msg"].replace("Input should be", "it must be").partition(", unable to ")[0]


def _setting_name(place: str) -> str:
    return place if place in setting_names() else PREFIX + place.upper()


def _names_in(env_file: Path) -> list[str]:
    from dotenv import dotenv_values

    try:
        return list(dotenv_values(env_file))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{env_file} cannot be read ({why_unreadable(error)}). Make it readable UTF-8 text, or remove it."
        ) from None
