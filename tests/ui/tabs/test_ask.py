"""The Ask tab without a browser: whatever a browser sends gets panels, and never an error that nobody foresaw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.build import open_library
from ui.server.service import Service
from ui.tabs.ask import AskTab

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["\ud800", "c" * 32, "up", "de", "\x00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
FIELDS = (
    "id",
    "title",
    "conversation",
    "turn",
    "share",
    "rating",
    "comment",
    "how",
    "shown",
    "scope",
    "job",
    "words",
    "mode",
    "table",
    "question",
)
SETTINGS = st.dictionaries(st.sampled_from(["writer", "temperature", "sources", "strict", "language", "theme"]), JSON)
PAYLOAD = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6)


@pytest.fixture(scope="module")
def talk(bundled_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AskTab]:
    import shutil

    home = shutil.copytree(bundled_home, tmp_path_factory.mktemp("talk") / "library")
    with open_library(home) as paperchat:
        service = Service.over(paperchat)
        yield AskTab(service)
        service.close()


@given(payload=PAYLOAD, chosen=SETTINGS, does=st.sampled_from(["start", "open", "new", "list", "rename", "delete", "export", "branch", "share", "rate", "comment", "sources", "table", "similar", "scope", "settings", "leave", "stop", "nothing"]))  # fmt: skip
@example(payload={"id": "\ud800"}, chosen={}, does="open")
@settings(max_examples=150)
def test_any_json_of_a_press_gets_panels(talk: AskTab, payload: dict[str, Any], chosen: dict[str, Any], does: str) -> None:
    talk.act("browser:me", "en", {**payload, "settings": chosen, "do": does})


@given(payload=PAYLOAD, question=JSON)
@settings(max_examples=30)
def test_any_json_of_a_question_gets_panels(talk: AskTab, payload: dict[str, Any], question: Any) -> None:
    assert list(talk.ask("browser:me", "en", {"conversation": "c" * 32, **payload, "question": question}))
