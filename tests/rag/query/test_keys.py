"""Citation keys in a question stand for the paper that has them."""

from __future__ import annotations

import pytest

from rag.query.catalogue import PaperList
from rag.query.paper_names import by_keys
from rag.types import Paper

PAPERS = PaperList([Paper("title:1", "Watched gulls steal less", "Text.", keys=("smith2020", "x:gulls_1"))])


@pytest.mark.parametrize("key", ["smith2020", "@smith2020", "Smith2020", "x:gulls_1"])
def test_a_key_is_replaced_by_the_name_of_its_paper(key: str) -> None:
    assert by_keys(f"What does {key} report?", PAPERS) == "What does “Watched gulls steal less” report?"


@pytest.mark.parametrize("text", ["What does jones1999 report?", "How do gulls steal?", "mail to a@smith2020"])
def test_what_is_no_key_of_a_paper_stays(text: str) -> None:
    assert by_keys(text, PAPERS) == text
