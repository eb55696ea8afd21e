"""Several papers at once: summaries and tables, by quoting and by a model; each cell and sentence stands on exact quotes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from fakes import ScriptedModel

from rag import open_library
from rag.errors import ModelFailed, PaperNotFound
from rag.llm.parsing.marked import SENTINEL
from rag.paperchat import Paperchat
from rag.settings import Settings
from rag.types import Answer, AskOptions, Cell, Citation, Claim, ComparisonTable, Message, Paper, Span
from ui.export import answer_table as table

ZEBRA = Paper(
    "arxiv:2401.00001",
    "ZebraNet: stripes that learn",
    "However, stripes are hard to learn from few pictures. We propose ZebraNet, which learns stripes with a contrastive loss. "
    "We evaluate it on the Savanna-3 dataset. ZebraNet outperforms all baselines by 4 points.",
)
LION = Paper(
    "arxiv:2401.00002",
    "LionNet",
    "Manes are costly to label. In this paper we present LionNet, a network that needs no labels. Experiments show that it is 3 times faster.",
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Paperchat]]:
    home = tmp_path_factory.mktemp("digest") / "library"
    settings = Settings(home=home, bundled=False)
    with open_library(home, settings=settings) as first:
        first.add([ZEBRA, LION])
    chats: list[Paperchat] = []

    def with_model(model: ScriptedModel | None = None) -> Paperchat:
        chats.append(open_library(home, readonly=True, settings=settings, model=model))
        return chats[-1]

    yield with_model
    for chat in chats:
        chat.close()


def quotes(found: ComparisonTable, cell: Cell) -> list[str]:
    by_number = {each.number: each.quote for each in found.citations}
    return [by_number[number] for claim in cell.claims for number in claim.citations]


def sound(found: ComparisonTable | Answer) -> None:
    assert [each.number for each in found.citations] == list(range(1, len(found.citations) + 1))
    for each in found.citations:
        assert each.paper.abstract[each.span.start : each.span.end] == each.quote


def evidence(messages: Sequence[Message]) -> list[tuple[str, str]]:
    return re.findall(r"^\[(\d+)\] (.*)$", messages[-1].text, re.MULTILINE)


def number(messages: Sequence[Message], part: str) -> str:
    return next(number for number, text in evidence(messages) if part in text)


def test_a_table_by_quoting_has_the_sentence_of_each_aspect_or_nothing(opened: Callable[..., Paperchat]) -> None:
    found = opened().compare([ZEBRA.id, LION.id])
    sound(found)
    assert found.aspects == ("problem", "approach", "data", "result")
    assert [[quotes(found, cell) for cell in row] for row in found.rows] == [
        [
            ["stripes are hard to learn from few pictures."],
            ["We propose ZebraNet, which learns stripes with a contrastive loss."],
            ["We evaluate it on the Savanna-3 dataset."],
            quotes(found, found.rows[0][3]),
        ],
        [
            ["Manes are costly to label."],
            ["In this paper we present LionNet, a network that needs no labels."],
            [],
            ["Experiments show that it is 3 times faster."],
        ],
    ]
    assert "ZebraNet outperforms all baselines by 4 points." in quotes(found, found.rows[0][3])
    assert (found.writer, found.usage, found.notices) == ("quotes", {}, ())


def test_an_aspect_of_ones_own_that_no_abstract_speaks_of_is_not_stated(opened: Callable[..., Paperchat]) -> None:
    found = opened().compare([ZEBRA.id], ["contrastive loss", "funding by ministries"])
    assert quotes(found, found.rows[0][0]) == ["We propose ZebraNet, which learns stripes with a contrastive loss."]
    assert found.rows[0][1] == Cell()


def test_a_paper_may_be_called_by_its_short_name(opened: Callable[..., Paperchat]) -> None:
    assert opened().compare(["LionNet", "ZebraNet"]).papers == (LION, ZEBRA)


def test_a_paper_that_is_not_there_is_named(opened: Callable[..., Paperchat]) -> None:
    with pytest.raises(PaperNotFound, match="GhostNet"):
        opened().compare([ZEBRA.id, "GhostNet"])


def test_a_table_by_a_model_is_checked_cell_by_cell(opened: Callable[..., Paperchat]) -> None:
    def fill(messages: Sequence[Message]) -> str:
        return (
            f"- Approach: ZebraNet learns stripes with a contrastive loss [{number(messages, 'contrastive')}].\n"
            f"result: ZebraNet outperforms all baselines by 40 points [{number(messages, 'outperforms')}].\n"
            f"data: {SENTINEL}\nsomething else: Cows are purple [1].\n"
        )

    model = ScriptedModel(fill)
    found = opened(model).compare([ZEBRA.id], ["approach", "data", "result"])
    sound(found)
    approach, data, result = found.rows[0]
    assert approach.claims[0].text == "ZebraNet learns stripes with a contrastive loss."
    assert approach.claims[0].verdict == "supported"
    assert data == Cell()
    assert [claim.reason for claim in result.claims] == ["word for word in the paper"] * len(result.claims)
    assert "40 points" not in json.dumps(table.table_json(found))
    assert (found.writer, found.usage["requests"]) == ("scripted", 1)
    assert "Aspects: approach, data, result" in model.asked[0][1].text


def test_where_the_model_fails_the_table_is_quoted(opened: Callable[..., Paperchat]) -> None:
    model = ScriptedModel(ModelFailed("The server is down."))
    found = opened(model).compare([ZEBRA.id, LION.id])
    assert found.rows == opened().compare([ZEBRA.id, LION.id]).rows
    assert (found.writer, len(model.asked), len(found.notices)) == ("quotes", 1, 1)


def test_a_summary_of_papers_by_quoting_tells_each(opened: Callable[..., Paperchat]) -> None:
    answer = opened().summarize(papers=[ZEBRA.id, LION.id])
    sound(answer)
    assert answer.status == "answered"
    assert {each.paper.id for each in answer.citations} == {ZEBRA.id, LION.id}
    assert answer.text.startswith("- ZebraNet: stripes that learn: We propose")


def test_a_selection_and_a_topic(opened: Callable[..., Paperchat]) -> None:
    chat = opened()
    assert {each.paper.id for each in chat.summarize(papers=[LION.id]).citations} == {LION.id}
    assert {each.paper.id for each in chat.summarize("LionNet").citations} == {LION.id}
    assert {each.paper.id for each in chat.summarize("labels", papers=[ZEBRA.id]).citations} <= {ZEBRA.id}


def test_a_summary_by_a_model_keeps_what_stands(opened: Callable[..., Paperchat]) -> None:
    def write(messages: Sequence[Message]) -> str:
        zebra, lion = number(messages, "propose ZebraNet"), number(messages, "present LionNet")
        return f"ZebraNet learns stripes with a contrastive loss [{zebra}]. LionNet needs no labels [{lion}]. Cows are purple [{lion}]."

    answer = opened(ScriptedModel(write)).summarize(papers=[ZEBRA.id, LION.id])
    sound(answer)
    assert [claim.text for claim in answer.claims] == [
        "ZebraNet learns stripes with a contrastive loss.",
        "LionNet needs no labels.",
    ]
    assert (answer.writer, answer.status) == ("scripted", "answered")


def test_what_does_not_fit_is_summarised_in_parts_and_then_together(bundled_home: Path) -> None:
    def quote(messages: Sequence[Message]) -> str:
        return " ".join(f"{text.rstrip('.')} [{number}]." for number, text in evidence(messages)[:3])

    model = ScriptedModel(*[quote] * 40, context_window=3000)
    with open_library(bundled_home, readonly=True, settings=Settings(home=bundled_home), model=model) as chat:
        answer = chat.summarize(papers=[paper.id for paper in chat.papers()])
    sound(answer)
    assert len(model.asked) > 3
    assert all(sum(model.count_tokens(each.text) for each in messages) <= 2000 for messages in model.asked)
    last = {text for _, text in evidence(model.asked[-1])}
    assert not any("Paper: " in text for text in last)
    assert 1 <= len(answer.claims) <= 8
    assert all(claim.verdict in ("supported", "partly") and claim.citations for claim in answer.claims)
    assert answer.usage["requests"] == len(model.asked)


@pytest.mark.parametrize("reply", [ModelFailed("down"), "", "Cows are purple [1]."])
def test_a_summary_that_fails_is_quoted(opened: Callable[..., Paperchat], reply: str) -> None:
    answer = opened(ScriptedModel(reply)).summarize(papers=[ZEBRA.id, LION.id])
    assert (answer.writer, answer.status, len(answer.notices)) == ("quotes", "answered", 1)
    assert answer.text == opened().summarize(papers=[ZEBRA.id, LION.id], options=AskOptions(writer="quotes")).text


HOSTILE = ComparisonTable(
    (Paper("title:x", "=cmd|' /C calc'!A0 <script>x</script> [a](http://b)", "It | works.\nIt does."),),
    ("pro|blem", "data"),
    ((Cell((Claim("It | works.", (1,), "supported", 1.0, "so"),)), Cell()),),
    (Citation(1, Paper("title:x", "T", "It | works."), Span(0, 11)),),
)


def test_a_table_as_markdown_lets_nothing_act() -> None:
    shown = table.markdown(HOSTILE)
    head, line, row = shown.splitlines()[:3]
    assert head == "| Paper | pro\\|blem | data |"
    assert line == "| --- | --- | --- |"
    assert "<script>" not in shown
    assert "[a](http" not in shown
    assert row.endswith("| It \\| works. [1] | *not stated* |")
    assert "- [1] “It \\| works.” T" in shown


def test_a_table_as_csv_is_read_back_and_computes_nothing() -> None:
    head, row = list(csv.reader(io.StringIO(table.as_csv(HOSTILE))))
    assert head == ["id", "paper", "pro|blem", "data"]
    assert row[1].startswith("'=cmd")
    assert row[2:] == ["It | works. [1]", "not stated"]


def test_a_table_as_json() -> None:
    value = table.table_json(HOSTILE)
    assert value["rows"][0]["cells"][1] == []
    assert value["rows"][0]["cells"][0][0]["citations"] == [1]
    assert value["citations"][0]["quote"] == "It | works."


def test_the_commands(command: Callable[..., object]) -> None:
    compared = command("compare", "arxiv:2503.24322", "--aspect", "approach", "--aspect", "result")
    assert (compared.code, compared.err) == (0, "")  # type: ignore[attr-defined]
    assert compared.out.startswith("| Paper | approach | result |")  # type: ignore[attr-defined]
    as_json = json.loads(command("compare", "arxiv:2503.24322", "--json").out)  # type: ignore[attr-defined]
    assert as_json["aspects"] == ["problem", "approach", "data", "result"]
    assert command("compare", "arxiv:2503.24322", "--csv").out.startswith("id,paper,problem")  # type: ignore[attr-defined]
    assert command("compare", "arxiv:2503.24322", "--csv", "--json").code == 2  # type: ignore[attr-defined]
    assert command("compare", "No such paper at all").code == 1  # type: ignore[attr-defined]
    some = json.loads(command("summarize", "--paper", "arxiv:2503.24322", "--json").out)  # type: ignore[attr-defined]
    assert {each["paper"]["id"] for each in some["citations"]} == {"arxiv:2503.24322"}
    assert command("summarize").code == 0  # type: ignore[attr-defined]
