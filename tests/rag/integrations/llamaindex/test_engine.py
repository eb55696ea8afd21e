"""The assistant as a query engine and a tool, the checker as an evaluator, our collection in LlamaIndex's own vector store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromadb
import pytest
from llama_index.core.agent.workflow import ReActAgent
from llama_index.core.base.response.schema import AsyncStreamingResponse, Response, StreamingResponse
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.llms import ChatMessage, CompletionResponse, CustomLLM, LLMMetadata, MessageRole
from llama_index.core.schema import QueryBundle
from llama_index.core.tools import QueryEngineTool

from rag.build import open_library
from rag.grounding.checker import GroundingChecker
from rag.integrations.llamaindex import GroundingEvaluator, PaperChatEngine, PaperQueryEngine, PaperRetriever
from rag.library.encoder import OnnxEncoder
from rag.paperchat import Paperchat
from rag.types import PastTurn

QUESTION = "How much faster is the spherical grid in training MACE?"


@pytest.fixture(scope="module")
def paperchat(bundled_home: Path) -> Iterator[Paperchat]:
    with open_library(bundled_home, readonly=True) as opened:
        yield opened


def engine(paperchat: Paperchat, **how: Any) -> PaperQueryEngine:
    return PaperQueryEngine(paperchat.assistant, PaperRetriever(paperchat.assistant.search, 5), **how)


def test_an_answer_has_the_cited_sentences_as_its_sources(paperchat: Paperchat) -> None:
    response = engine(paperchat).query(QUESTION)
    expected = paperchat.ask(QUESTION)
    assert isinstance(response, Response)
    assert response.response == expected.text
    assert response.metadata is not None
    assert response.metadata["status"] == "answered"
    assert [claim["text"] for claim in response.metadata["claims"]] == [claim.text for claim in expected.claims]
    for node, citation in zip(response.source_nodes, expected.citations, strict=True):
        assert node.text == citation.quote
        assert (node.metadata["citation"], node.metadata["paper_id"]) == (citation.number, citation.paper.id)
        assert node.node.get_content() == citation.quote
        assert citation.paper.abstract[node.node.start_char_idx : node.node.end_char_idx] == citation.quote  # type: ignore[attr-defined]


def test_what_the_papers_do_not_say_has_no_sources(paperchat: Paperchat) -> None:
    response = engine(paperchat).query("Who won the football world cup?")
    assert response.source_nodes == []
    assert response.metadata is not None
    assert response.metadata["status"] == "not_found"


def test_asked_without_blocking_it_says_the_same(paperchat: Paperchat) -> None:
    assert str(asyncio.run(engine(paperchat).aquery(QUESTION))) == paperchat.ask(QUESTION).text


def test_a_stream_ends_with_its_sources(paperchat: Paperchat) -> None:
    response = engine(paperchat, streaming=True).query(QUESTION)
    assert isinstance(response, StreamingResponse)
    assert response.source_nodes == []
    assert "".join(response.response_gen) == paperchat.ask(QUESTION).text
    assert len(response.source_nodes) == len(paperchat.ask(QUESTION).citations)


def test_a_stream_without_blocking(paperchat: Paperchat) -> None:
    async def run() -> tuple[str, int]:
        response = await engine(paperchat, streaming=True).aquery(QUESTION)
        assert isinstance(response, AsyncStreamingResponse)
        text = "".join([piece async for piece in response.async_response_gen()])
        return text, len(response.source_nodes)

    expected = paperchat.ask(QUESTION)
    assert asyncio.run(run()) == (expected.text, len(expected.citations))


def test_it_retrieves(paperchat: Paperchat) -> None:
    bundle = QueryBundle(QUESTION)
    found = [node.node_id for node in engine(paperchat).retrieve(bundle)]
    assert len(found) == 5
    assert found == [node.node_id for node in asyncio.run(engine(paperchat).aretrieve(bundle))]


def test_instrumentation_sees_the_query(paperchat: Paperchat) -> None:
    seen: list[str] = []

    class Handler(BaseEventHandler):
        def handle(self, event: object, **_: object) -> None:
            seen.append(type(event).__name__)

    root, handler = get_dispatcher(), Handler()
    root.add_event_handler(handler)
    try:
        engine(paperchat).query(QUESTION)
    finally:
        root.event_handlers.remove(handler)
    assert seen == ["QueryStartEvent", "QueryEndEvent"]


class ScriptedLLM(CustomLLM):
    """A LlamaIndex model that says what it is told to, and remembers what it was asked."""

    replies: list[str]
    asked: list[str] = []  # noqa: RUF012

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=32_000)

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        self.asked.append(prompt)
        return CompletionResponse(text=self.replies.pop(0))

    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> Iterator[CompletionResponse]:  # type: ignore[override]
        text = self.complete(prompt).text
        yield CompletionResponse(text=text, delta=text)


def test_an_agent_uses_it_as_a_tool(paperchat: Paperchat) -> None:
    tool = QueryEngineTool.from_defaults(engine(paperchat), name="papers", description="Answers from papers.")
    call = f'Thought: I look it up.\nAction: papers\nAction Input: {{"input": "{QUESTION}"}}'
    model = ScriptedLLM(replies=[call, "Thought: I know it now.\nAnswer: As the papers say."])

    async def run() -> str:
        return str(await ReActAgent(tools=[tool], llm=model, streaming=False).run(QUESTION))

    assert asyncio.run(run()) == "As the papers say."
    assert paperchat.ask(QUESTION).text in model.asked[1]


@pytest.fixture(scope="module")
def evaluator() -> GroundingEvaluator:
    return GroundingEvaluator(GroundingChecker(OnnxEncoder()))


CONTEXT = "The grid makes training four times faster. Memory use falls by 12 % on large graphs."


TWO = ["NoProp reaches 99.5 % accuracy on MNIST.", "Ants walk in straight lines at night."]


@pytest.mark.parametrize("marks", ["[{}]", "({})", "[^{}]"])
def test_each_sentence_is_held_against_the_contexts_that_its_markers_cite(evaluator: GroundingEvaluator, marks: str) -> None:
    def response(first: int, second: int) -> str:
        said = "NoProp reaches 99.5 % accuracy on MNIST {}. Ants walk in straight lines at night {}."
        return said.format(marks.format(first), marks.format(second))

    right, swapped = (evaluator.evaluate(response=response(*order), contexts=TWO) for order in ((1, 2), (2, 1)))
    assert (right.passing, right.score) == (True, 1.0)
    assert (swapped.passing, (swapped.score or 0) < 0.2) == (False, True)
    assert len((swapped.feedback or "").splitlines()) == 2


def test_without_a_checker_it_takes_the_one_that_comes_along() -> None:
    contexts = ["The reactor was built in 1957.", "The reactor was shut down in 1982."]
    right, swapped = (
        GroundingEvaluator().evaluate(
            response=f"The reactor was built in 1957 [{one}]. It was shut down in 1982 [{other}].", contexts=contexts
        )
        for one, other in ((1, 2), (2, 1))
    )
    assert (right.passing, swapped.passing) == (True, False)


def test_a_marker_of_no_context_bears_nothing_out(evaluator: GroundingEvaluator) -> None:
    found = evaluator.evaluate(response="NoProp reaches 99.5 % accuracy on MNIST [7].", contexts=TWO)
    assert (found.passing, found.score) == (False, 0.0)
    assert "[7]" in (found.feedback or "")


def test_without_markers_all_contexts_count_and_courtesies_do_not(evaluator: GroundingEvaluator) -> None:
    response = "Based on the passages, NoProp reaches 99.5 % accuracy on MNIST. I hope this helps!"
    assert evaluator.evaluate(response=response, contexts=TWO).passing


def test_a_response_that_its_context_bears_out_passes(evaluator: GroundingEvaluator) -> None:
    found = evaluator.evaluate(query="How fast?", response="The grid makes training four times faster. [1]", contexts=[CONTEXT])
    assert (found.passing, found.score, found.feedback) == (True, 1.0, "")
    assert (found.query, found.contexts) == ("How fast?", [CONTEXT])


def test_a_sentence_that_is_not_borne_out_is_named(evaluator: GroundingEvaluator) -> None:
    response = "The grid makes training four times faster. Memory use falls by 21 % on large graphs."
    found = evaluator.evaluate(response=response, contexts=[CONTEXT])
    assert found.passing is False
    assert found.score is not None
    assert found.score < 1
    assert found.feedback is not None
    assert found.feedback.startswith("unsupported: “Memory use falls by 21 %")


@pytest.mark.parametrize(("response", "contexts"), [("", [CONTEXT]), (None, [CONTEXT]), ("It is fast.", []), ("[1]", [CONTEXT])])
def test_what_cannot_be_judged_is_invalid_and_not_zero(
    evaluator: GroundingEvaluator, response: str | None, contexts: list[str]
) -> None:
    found = evaluator.evaluate(response=response, contexts=contexts)
    assert found.invalid_result
    assert found.invalid_reason
    assert (found.score, found.passing) == (None, None)


def test_it_judges_a_response_with_its_sources(paperchat: Paperchat, evaluator: GroundingEvaluator) -> None:
    response = engine(paperchat).query(QUESTION)
    assert isinstance(response, Response)
    assert evaluator.evaluate_response(response=response).score is not None


def test_another_client_of_chroma_finds_the_ids_whose_texts_the_library_gives(home: Path) -> None:
    with open_library(home) as paperchat:
        vector = paperchat.library.encoder.encode([QUESTION])[0]
        expected = [id for id, _ in paperchat.library.meaning.nearest(vector, 5)]
    (folder,) = {path.parent for path in home.rglob("chroma.sqlite3")}
    collection = chromadb.PersistentClient(str(folder)).get_collection("passages", embedding_function=None)
    found = collection.query(query_embeddings=[[float(x) for x in vector]], n_results=5)["ids"][0]
    assert found == expected
    with open_library(home, readonly=True) as paperchat:
        assert [passage.id for passage in paperchat.library.records.passages(found)] == expected


def test_a_chat_understands_a_follow_up_and_forgets_when_told(paperchat: Paperchat) -> None:
    chat = PaperChatEngine(paperchat.assistant)
    first, second = "Why does MgNO use multigrid?", "and how does it deal with boundary conditions?"
    assert str(chat.chat(first)) == paperchat.ask(first).text
    response = asyncio.run(chat.achat(second))
    cited = tuple(dict.fromkeys(citation.paper.id for citation in paperchat.ask(first).citations))
    expected = paperchat.ask(second, [PastTurn(first, cited)])
    assert response.response == expected.text
    assert response.metadata is not None
    assert response.metadata["standalone_question"] == expected.standalone_question != second
    assert [node.text for node in response.source_nodes] == [citation.quote for citation in expected.citations]
    assert [str(message.role.value) for message in chat.chat_history] == ["user", "assistant"] * 2
    assert {citation.paper.id for citation in expected.citations} <= set(cited)
    elsewhere = PaperChatEngine(paperchat.assistant).chat(
        second, chat.chat_history[:2]
    )  # the messages themselves say what was cited
    assert elsewhere.response == expected.text
    chat.reset()
    assert chat.chat_history == []


def test_a_chat_in_pieces_is_the_same_answer(paperchat: Paperchat) -> None:
    streamed = PaperChatEngine(paperchat.assistant).stream_chat(QUESTION)
    assert "".join(streamed.response_gen).split() == paperchat.ask(QUESTION).text.split()


def test_a_given_history_counts(paperchat: Paperchat) -> None:
    second = "and how does it deal with boundary conditions?"
    given = [ChatMessage("Why does MgNO use multigrid?"), ChatMessage("Because.", role=MessageRole.ASSISTANT)]
    response = PaperChatEngine(paperchat.assistant).chat(second, given)
    assert response.response == paperchat.ask(second, ["Why does MgNO use multigrid?"]).text
