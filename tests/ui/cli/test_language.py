"""Errors and notices in the terminal follow PAPERCHAT_LANGUAGE, or the locale; results and help do not change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Command
from ui.cli import language


@pytest.fixture(autouse=True)
def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*language.LOCALE, "PAPERCHAT_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de"}, "de"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "den_CA"}, "en"),
        ({"LANG": "de_AT.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_AT.UTF-8", "LC_MESSAGES": ""}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C.UTF-8", "PAPERCHAT_LANGUAGE": "de"}, "de"),
        ({"LANG": "de_DE.UTF-8", "PAPERCHAT_LANGUAGE": "en"}, "en"),
        ({"LANG": "de_DE.UTF-8", "PAPERCHAT_TIMEOUT": "-1"}, "de"),
    ],
)
def test_the_setting_decides_then_the_locale(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language.language() == expected


def test_an_error_of_a_command_is_german_where_the_locale_is(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    missing = tmp_path / "none.bib"
    german = command("add", str(missing))
    assert german.code == 1
    assert german.err.startswith("Fehler: ")
    assert str(missing) in german.err
    monkeypatch.setenv("PAPERCHAT_LANGUAGE", "en")
    english = command("add", str(missing))
    assert english.err.startswith("Error: ")
    assert german.out == english.out


def test_a_paper_that_is_not_there_is_told_in_german_throughout(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERCHAT_LANGUAGE", "de")
    done = command("papers", "show", "xqzt vwkk")
    assert done.code == 1
    assert done.err == "Fehler: In der Bibliothek gibt es keine Arbeit „xqzt vwkk“. `paperchat papers` listet auf, was es gibt.\n"


def test_a_language_that_is_not_spoken_is_refused_in_a_sentence(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERCHAT_LANGUAGE", "klingon")
    done = command("info")
    assert done.code == 1
    assert "PAPERCHAT_LANGUAGE" in done.err
