"""The style sheets keep to the tokens: no size, colour or typeface of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from ui.html.sign_in import STYLE as SIGN_IN

SHEETS = sorted(path.name for path in files("ui.html").iterdir() if path.name.endswith(".css") and path.name != "tokens.css")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(")
SIZE = re.compile(r"\d(?:px|pt|rem)\b")


def text_of(sheet: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (files("ui.html") / sheet).read_text(encoding="utf-8"), flags=re.DOTALL)


def rules(sheet: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each selector with its declarations."""
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text_of(sheet)):
        pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
        yield selector.strip(), [(name.strip(), value.strip()) for name, value in pairs]


@pytest.mark.parametrize("sheet", SHEETS)
def test_sizes_of_type_and_colours_are_those_of_the_tokens(sheet: str) -> None:
    found = [
        (selector, name, value)
        for selector, pairs in rules(sheet)
        for name, value in pairs
        if (name in ("font", "font-size") and SIZE.search(value.split("/")[0])) or COLOUR.search(value)
    ]
    assert found == []


def test_the_sign_in_page_has_the_palette_and_fetches_the_sans_alone() -> None:
    assert "--pc-main:" in SIGN_IN
    fetched = re.findall(r"url\(([^)]*)\)", SIGN_IN)
    assert fetched
    assert all(address.startswith('"fonts/sans-') for address in fetched)
