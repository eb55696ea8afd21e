"""The notebook and projects of the Workspace tab: quotes, cells and answers kept, ordered, tagged, exported; each person's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from rag.build import open_library
from rag.errors import QuestionTooLong
from rag.review.evidence_table import EvidenceCell, EvidenceRow
from rag.settings import Settings
from rag.types import Evidence, Paper, Span
from ui.conversations.documents import Document
from ui.conversations.notes import of_quote, packed, tags_of, unpacked
from ui.conversations.tables import KeptTable
from ui.conversations.tables import packed as packed_table
from ui.conversations.types import Turn
from ui.html.wording import wording
from ui.server.service import Service
from ui.tabs.notebook import Notebook
from ui.tabs.projects import Projects

SAY = wording("en")
ME, YOU = {"owner": "user:me"}, {"owner": "user:you"}
ZEBRA = Paper(
    "arxiv:2401.00001",
    "Zebras & stripes",
    "Stripes are hard to learn.  We propose ZebraNet, which learns stripes from 50% of the data.",
    ("Ada Ek",),
    2024,
)
BEES = Paper(
    "arxiv:2401.00003",
    "Bees in flight",
    "Bees are hard to weigh. We introduce BeeGram, a scale of humming wires that weighs bees in flight.",
    ("Bo Lind",),
    2023,
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("notes") / "library"
    with open_library(home, settings=Settings(home=home, bundled=False)) as paperchat:
        paperchat.add([ZEBRA, BEES])
        service = Service.over(paperchat)
        yield service
        service.close()


@pytest.fixture
def notebook(service: Service) -> Iterator[Notebook]:
    yield Notebook(service)
    for who in (ME, YOU):
        for kind in ("note", "table", "project"):
            for document in service.documents.all(who["owner"], kind):
                service.documents.delete(who["owner"], document.id)


def ids(notebook: Notebook, who: dict[str, str] = ME) -> list[str]:
    return re.findall(r'<li data-id="([^"]+)"', notebook.notes(who, SAY)["html"])


def exported(notebook: Notebook, how: str) -> str:
    return str(notebook.export_notes({**ME, "how": how, "ids": ids(notebook)}, SAY)["text"])


def test_a_selected_text_is_kept_as_the_exact_quote(notebook: Notebook, service: Service) -> None:
    response = notebook.keep_quote({**ME, "paper": ZEBRA.id, "text": "hard to learn. We propose\nZebraNet"}, SAY)
    (document,) = service.documents.all(ME["owner"], "note")
    note = unpacked(document.kept)
    (citation,) = note.said[0].cites
    assert response["id"] == document.id
    assert citation.quote == note.said[0].text == citation.span.of(citation.paper.abstract)
    assert "We propose" in note.said[0].text


@pytest.mark.parametrize("asked", [{"text": "Not in the abstract."}, {"text": " "}, {"start": 5, "end": 3}, {"start": 0, "end": 9999}, {"paper": "ghost", "text": "Stripes"}])  # fmt: skip
def test_what_is_no_part_of_an_abstract_is_not_kept(notebook: Notebook, asked: dict[str, Any]) -> None:
    assert "error" in notebook.keep_quote({**ME, "paper": ZEBRA.id, **asked}, SAY)
    assert ids(notebook) == []


def test_an_answer_is_kept_with_what_it_cites(notebook: Notebook, service: Service) -> None:
    answer = service.paperchat.ask("What does ZebraNet learn?")
    service.chats.put(ME["owner"], "c1", Turn("t1", "What does ZebraNet learn?", answer))
    assert "error" in notebook.keep_answer({**YOU, "turn": "t1"}, SAY)
    notebook.keep_answer({**ME, "turn": "t1"}, SAY)
    text = exported(notebook, "markdown")
    assert text.startswith("## What does ZebraNet learn?")
    assert "[1]" in text
    assert "Zebras" in text.partition("## References")[2]


def test_a_cell_is_kept_under_its_column(notebook: Notebook, service: Service) -> None:
    row = EvidenceRow(BEES, (EvidenceCell(), EvidenceCell(Evidence(BEES, Span(24, 60)))))
    service.documents.put(ME["owner"], Document("t", "table", "T", packed_table(KeptTable(("data", "approach"), (row,)))))
    asked = {"id": "t", "paper": BEES.id, "start": 24}
    assert "error" in notebook.keep_cell({**YOU, **asked}, SAY)
    assert "error" in notebook.keep_cell({**ME, **asked, "start": 1}, SAY)
    notebook.keep_cell({**ME, **asked}, SAY)
    (document,) = service.documents.all(ME["owner"], "note")
    assert (document.title, unpacked(document.kept).said[0].text) == ("approach", BEES.abstract[24:60])


def test_notes_are_written_on_tagged_ordered_and_deleted(notebook: Notebook, service: Service) -> None:
    for paper in (ZEBRA, BEES):
        notebook.keep_quote({**ME, "paper": paper.id, "start": 0, "end": 10}, SAY)
    first, second = ids(notebook)
    response = notebook.change_note({**ME, "id": first, "note": "Mine <b>", "tags": "#method, method, chapter 2"}, SAY)
    assert response["tags"] == ["method", "chapter 2"]
    assert "error" in notebook.change_note({**YOU, "id": first, "note": "Yours"}, SAY)
    notebook.order_notes({**ME, "ids": [second, first]}, SAY)
    assert ids(notebook) == [second, first]
    html = notebook.notes(ME, SAY)["html"]
    assert "Mine &lt;b&gt;" in html
    assert 'data-tag="method"' in html
    assert ids(notebook, YOU) == []


def test_latex_cites_by_the_keys_of_its_bibtex(notebook: Notebook) -> None:
    notebook.keep_quote({**ME, "paper": ZEBRA.id, "start": 28, "end": len(ZEBRA.abstract)}, SAY)
    notebook.change_note({**ME, "id": ids(notebook)[0], "note": "50% & more"}, SAY)
    latex, bib = exported(notebook, "latex"), exported(notebook, "bibtex")
    assert re.findall(r"\\cite\{([^}]+)\}", latex) == re.findall(r"^@\w+\{([^,]+),", bib, re.MULTILINE)
    assert r"from 50\% of the data" in latex
    assert r"50\% \& more" in latex
    assert "error" in notebook.export_notes({**ME, "how": "exe", "ids": []}, SAY)


def test_a_selected_text_finds_similar_papers_and_who_else_says_it(notebook: Notebook) -> None:
    near = notebook.similar_to({**ME, "paper": BEES.id, "text": "Stripes are hard to learn."}, SAY)["html"]
    assert "Zebras &amp; stripes" in near
    assert "Bees in flight" not in near
    response = notebook.others_say({**ME, "paper": BEES.id, "text": "ZebraNet learns stripes from half of the data."}, SAY)[
        "html"
    ]
    assert "<blockquote" in response
    with pytest.raises(QuestionTooLong):
        notebook.similar_to({**ME, "text": "x" * 5_000}, SAY)


def test_a_project_holds_collections_conversations_notes_and_tables(notebook: Notebook, service: Service) -> None:
    projects = Projects(service)
    id = projects.new_project({**ME, "title": "Thesis <i>"}, SAY)["id"]
    service.paperchat.library.writable_collections().put(
        service.paperchat.library.writable_collections().ensure("Chapter"), [BEES.id]
    )
    service.chats.put(ME["owner"], "c2", Turn("t2", "What weighs bees?"))
    service.documents.put(ME["owner"], Document("t", "table", "My table", packed_table(KeptTable(("data",)))))
    notebook.keep_quote({**ME, "paper": BEES.id, "start": 0, "end": 23, "project": id}, SAY)
    projects.project_collections({**ME, "id": id, "collections": ["Chapter", "ghost"]}, SAY)
    projects.file_conversation({**ME, "id": id, "conversation": "c2"}, SAY)
    projects.file_table({**ME, "id": id, "table": "t"}, SAY)
    html = projects.projects({**ME, "open": id}, SAY)["html"]
    for part in ("Thesis &lt;i&gt;", "Chapter (1)", "What weighs bees?", "My table", "Bees are hard to weigh."):
        assert part in html
    assert "Thesis" not in projects.projects({**YOU, "open": id}, SAY)["html"]
    for done in (
        projects.rename_project({**YOU, "id": id, "title": "Stolen"}, SAY),
        projects.project_collections({**YOU, "id": id, "collections": []}, SAY),
        projects.file_conversation({**YOU, "id": id, "conversation": "c2"}, SAY),
        projects.file_table({**YOU, "id": id, "table": "t"}, SAY),
        projects.new_project({**ME, "title": " "}, SAY),
    ):
        assert "error" in done
    projects.rename_project({**ME, "id": id, "title": "Thesis"}, SAY)
    assert ">Thesis<" in projects.projects({**ME, "open": id}, SAY)["html"]


def test_a_note_is_the_same_when_it_comes_back() -> None:
    note = of_quote(ZEBRA, Span(0, 26), "problem")
    assert unpacked(packed(note)) == note
    assert tags_of("a,, b ,#a," + "x" * 90) == ("a", "b", "x" * 40)
