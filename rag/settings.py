"""What can be set, from `PAPERCHAT_*` in the environment and in `.env`."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError

PREFIX = "PAPERCHAT_"


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("paperchat", appauthor=False)


class Settings(BaseSettings):
    """Read once, in `build`. An unknown `PAPERCHAT_` name or a wrong value raises SettingsError."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    home: Path = Field(default_factory=_data_folder, description="folder of the library; default: the platform's data folder")
    bundled: bool = Field(default=True, description="whether a new library starts with the bundled papers")
    sources: int = Field(default=10, ge=5, le=50, description="how many papers a question brings back as hits")


def load_settings(env_file: Path = Path(".env")) -> Settings:
    """The settings in force. The environment goes before `.env`."""
    names = {name.upper() for name in (*os.environ, *_names_in(env_file)) if name.upper().startswith(PREFIX)}
    known = {PREFIX + field.upper() for field in Settings.model_fields}
    if unknown := sorted(names - known):
        raise SettingsError(f"Unknown setting {', '.join(unknown)}. There are: {', '.join(sorted(known))}.")
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        wrong = "; ".join(f"{PREFIX}{str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors())
        raise SettingsError(f"A setting cannot be used: {wrong}. The README lists what each may be.") from None


def _names_in(env_file: Path) -> list[str]:
    from dotenv import dotenv_values

    try:
        return list(dotenv_values(env_file))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{env_file} cannot be read ({type(error).__name__}). Make it readable UTF-8 text, or remove it."
        ) from None
