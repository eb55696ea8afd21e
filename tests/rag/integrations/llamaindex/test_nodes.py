"""Our parts inside LlamaIndex: its ingestion pipeline, its vector index and its retriever interface, with no network and no model."""

from __future__ import annotations

import asyncio
import pickle
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEncoder, some_papers
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_index.core import Document, Settings, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
from llama_index.core.schema import BaseNode, MetadataMode, NodeRelationship, QueryBundle, TextNode
from llama_index.core.storage.docstore import SimpleDocumentStore

from rag.errors import SettingsError
from rag.integrations.llamaindex import PaperNodeParser, PaperRetriever, documents
from rag.library.chunking import SentenceWindows, context, passages
from rag.library.library import Library
from rag.retrieval.hybrid import HybridSearch
from rag.types import Hit, Paper, Passage, Span

SEVEN = " ".join(f"Map {word} fades." for word in ["one", "two", "three", "four", "five", "six", "seven"])
PAPER = Paper(
    id="arxiv:2401.00007",
    title="Fading maps",
    abstract=SEVEN,
    authors=("Ada Lovelace", "Bo Ek"),
    year=2024,
    venue="MAPS",
    url="https://example.org/7",
)


class HashEmbedding(BaseEmbedding):
    """A LlamaIndex embedding that hashes words and remembers what it was given."""

    seen: list[str] = []  # noqa: RUF012

    def _vector(self, text: str) -> list[float]:
        self.seen.append(text)
        return [float(value) for value in WordHashEncoder(256).encode([text])[0]]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._vector(text)

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._vector(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._vector(query)


@pytest.fixture(autouse=True)
def no_global_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"something was asked for that must not be: {args}")

    monkeypatch.setattr(type(Settings), "llm", property(refuse))
    monkeypatch.setattr(type(Settings), "embed_model", property(refuse))


def nodes_of(*papers: Paper, parser: PaperNodeParser | None = None) -> list[TextNode]:
    found = (parser or PaperNodeParser()).get_nodes_from_documents(documents(papers))
    assert all(isinstance(node, TextNode) for node in found)
    return [node for node in found if isinstance(node, TextNode)]


def test_a_document_is_the_whole_abstract_with_the_papers_id_and_flat_metadata() -> None:
    (document,) = documents([PAPER])
    assert (document.id_, document.text) == (PAPER.id, SEVEN)
    assert document.metadata == {
        "paper_id": PAPER.id,
        "title": "Fading maps",
        "authors": "Ada Lovelace; Bo Ek",
        "year": 2024,
        "venue": "MAPS",
        "url": "https://example.org/7",
    }


def test_what_a_paper_lacks_is_not_in_the_metadata_at_all() -> None:
    (document,) = documents([Paper(id="title:1", title="Bare", abstract="Something.")])
    assert document.metadata == {"paper_id": "title:1", "title": "Bare"}


def test_nodes_are_the_librarys_passages_in_order_with_its_ids_and_exact_offsets() -> None:
    papers = some_papers(5)
    expected = [passage for paper in papers for passage in passages(paper, SentenceWindows())]
    nodes = nodes_of(*papers)
    assert [node.id_ for node in nodes] == [passage.id for passage in expected]
    assert [node.text for node in nodes] == [passage.text for passage in expected]
    assert [(node.start_char_idx, node.end_char_idx) for node in nodes] == [
        (passage.span.start, passage.span.end) for passage in expected
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["Maps fade.", "Maps fade. Maps fade.", " ", "We scan!", "e.g. this", "\n\n", "{x} %s"]), max_size=12
    )
)
def test_offsets_are_exact_even_where_an_abstract_repeats_itself(parts: list[str]) -> None:
    paper = replace(PAPER, abstract=" ".join(parts))
    nodes = nodes_of(paper)
    assert [Span(node.start_char_idx or 0, node.end_char_idx or 0) for node in nodes] == SentenceWindows().spans(paper.abstract)
    assert all(paper.abstract[node.start_char_idx : node.end_char_idx] == node.text for node in nodes)


def test_a_repeated_window_keeps_its_own_place() -> None:
    nodes = nodes_of(replace(PAPER, abstract=" ".join(["Maps fade."] * 5)))
    assert [node.start_char_idx for node in nodes] == [0, 22]


@pytest.mark.parametrize("title", ["Fading maps", "Do maps fade?", "Maps {fade} %s", "“Fading.”", ""])
def test_models_are_given_a_node_word_for_word_as_the_library_encodes_the_passage(title: str) -> None:
    paper = replace(PAPER, title=title)
    expected = [context(passage) for passage in passages(paper, SentenceWindows())]
    nodes = nodes_of(paper)
    assert [node.get_content(MetadataMode.EMBED) for node in nodes] == expected
    assert [node.get_content(MetadataMode.LLM) for node in nodes] == expected
    (document,) = documents([paper])
    assert document.get_content(MetadataMode.EMBED) == context(Passage("", paper, Span(0, len(SEVEN))))


def test_nodes_carry_all_of_the_papers_metadata() -> None:
    (document,) = documents([PAPER])
    assert all(node.metadata == document.metadata for node in nodes_of(PAPER))


def test_nodes_know_their_document_and_their_neighbours_and_no_neighbour_of_another_paper() -> None:
    other = replace(PAPER, id="arxiv:2401.00008")
    first, second, third, *rest = nodes_of(PAPER, other)
    assert [node.ref_doc_id for node in (first, second, third, *rest)] == [PAPER.id] * 3 + [other.id] * 3
    assert first.prev_node is None
    assert first.next_node is not None
    assert first.next_node.node_id == second.id_
    assert second.prev_node is not None
    assert second.prev_node.node_id == first.id_
    assert NodeRelationship.NEXT not in third.relationships
    assert NodeRelationship.PREVIOUS not in rest[0].relationships
    assert nodes_of(PAPER, parser=PaperNodeParser(include_prev_next_rel=False))[1].prev_node is None


def test_a_document_of_unknown_origin_gets_ids_from_its_text_alone() -> None:
    def ids(text: str, **metadata: object) -> list[str]:
        return [node.id_ for node in PaperNodeParser().get_nodes_from_documents([Document(text=text, metadata=metadata)])]

    assert ids(SEVEN) == ids(SEVEN)
    assert len(set(ids(SEVEN))) == 3
    assert not set(ids(SEVEN)) & set(ids(SEVEN + " Map eight fades."))
    assert ids(SEVEN, file_name="a.txt") == ids(SEVEN)


def test_other_metadata_of_a_document_is_kept_but_hidden_from_models() -> None:
    document = Document(text=SEVEN, metadata={"title": "Fading maps", "file_path": "somewhere/a.txt"})
    node = PaperNodeParser().get_nodes_from_documents([document])[0]
    assert node.metadata["file_path"] == "somewhere/a.txt"
    assert node.get_content(MetadataMode.EMBED).startswith("Fading maps. Map one")
    assert "somewhere" not in node.get_content(MetadataMode.EMBED) + node.get_content(MetadataMode.LLM)


def test_without_metadata_a_node_is_its_text_alone() -> None:
    node = nodes_of(PAPER, parser=PaperNodeParser(include_metadata=False))[0]
    assert node.metadata == {}
    assert node.get_content(MetadataMode.EMBED) == node.text


def test_an_id_function_of_the_users_own_is_obeyed() -> None:
    def numbered(index: int, parent: BaseNode) -> str:
        return f"{parent.node_id}/{index}"

    assert [node.id_ for node in nodes_of(PAPER, parser=PaperNodeParser(id_func=numbered))] == [
        f"{PAPER.id}/{n}" for n in range(3)
    ]


def test_windows_can_be_chosen_and_impossible_ones_are_refused_at_once() -> None:
    assert [node.text for node in nodes_of(PAPER, parser=PaperNodeParser(sentences=0))] == [SEVEN]
    assert len(nodes_of(PAPER, parser=PaperNodeParser(sentences=1, overlap=0))) == 7
    with pytest.raises(SettingsError, match="overlap"):
        PaperNodeParser(sentences=2, overlap=2)


def test_a_parser_survives_being_written_down() -> None:
    parser = PaperNodeParser(sentences=2, overlap=0)
    written = parser.to_dict()
    assert written["chunker"] == SentenceWindows(2, 0).name
    del written["id_func"]  # LlamaIndex writes the function's name, and cannot read it back in any of its own parsers
    assert PaperNodeParser.from_dict(written).chunker == parser.chunker
    assert nodes_of(PAPER, parser=pickle.loads(pickle.dumps(parser)))[0].text == "Map one fades. Map two fades."


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_document_gives_no_nodes(text: str) -> None:
    assert nodes_of(replace(PAPER, abstract=text)) == []


def test_the_ingestion_pipeline_cuts_embeds_and_skips_what_it_has_seen() -> None:
    embedding = HashEmbedding(seen=[])
    store = SimpleDocumentStore()
    pipeline = IngestionPipeline(
        transformations=[PaperNodeParser(), embedding], docstore=store, docstore_strategy=DocstoreStrategy.DUPLICATES_ONLY
    )
    papers = some_papers(3)
    expected = [passage for paper in papers for passage in passages(paper, SentenceWindows())]
    nodes = pipeline.run(documents=documents(papers))
    assert [node.id_ for node in nodes] == [passage.id for passage in expected]
    assert embedding.seen == [context(passage) for passage in expected]
    assert all(node.embedding is not None and np.isclose(np.linalg.norm(node.embedding), 1) for node in nodes)
    assert pipeline.run(documents=documents(papers)) == []


def test_the_ingestion_cache_does_not_confuse_two_ways_of_cutting() -> None:
    pipeline = IngestionPipeline(transformations=[PaperNodeParser()])
    assert len(pipeline.run(documents=documents([PAPER]))) == 3
    pipeline.transformations = [PaperNodeParser(sentences=1, overlap=0)]
    assert len(pipeline.run(documents=documents([PAPER]))) == 7


def test_the_asynchronous_pipeline_gives_the_same_nodes() -> None:
    papers = some_papers(3)
    pipeline = IngestionPipeline(transformations=[PaperNodeParser()], disable_cache=True)
    expected = [passage.id for paper in papers for passage in passages(paper, SentenceWindows())]
    assert [node.id_ for node in asyncio.run(pipeline.arun(documents=documents(papers)))] == expected


def test_a_vector_index_finds_the_paper_that_speaks_of_it() -> None:
    papers = some_papers(8)
    index = VectorStoreIndex.from_documents(
        documents(papers), transformations=[PaperNodeParser()], embed_model=HashEmbedding(seen=[])
    )
    sought = passages(papers[5], SentenceWindows())[1]
    best = index.as_retriever(similarity_top_k=2).retrieve(context(sought))[0]
    assert best.node.id_ == sought.id
    assert best.node.metadata["paper_id"] == papers[5].id
    assert isinstance(best.node, TextNode)
    assert papers[5].abstract[best.node.start_char_idx : best.node.end_char_idx] == best.node.text


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", WordHashEncoder(256), SentenceWindows()) as opened:
        opened.add(some_papers(12))
        yield opened


def test_the_retriever_brings_the_librarys_hits_as_nodes(library: Library) -> None:
    search = HybridSearch(library)
    question = some_papers(12)[4].abstract.split(".")[0]
    hits = search.search(question, 5)
    found = PaperRetriever(search, limit=5).retrieve(question)
    assert [(one.node.id_, one.score) for one in found] == [(hit.passage.id, hit.score) for hit in hits]
    assert found[0].node.metadata["paper_id"] == some_papers(12)[4].id


def test_a_retrieved_node_is_the_very_node_that_the_parser_makes(library: Library) -> None:
    papers = {paper.id: paper for paper in some_papers(12)}
    for one in PaperRetriever(HybridSearch(library)).retrieve("sparse gradient"):
        made = {node.id_: node for node in nodes_of(papers[one.node.metadata["paper_id"]])}[one.node.id_]
        assert isinstance(one.node, TextNode)
        assert one.node.metadata == made.metadata
        assert one.node.get_content(MetadataMode.EMBED) == made.get_content(MetadataMode.EMBED)
        assert (one.node.start_char_idx, one.node.ref_doc_id) == (made.start_char_idx, made.ref_doc_id)
        assert one.node.source_node == made.source_node


def test_the_asynchronous_retriever_finds_the_same(library: Library) -> None:
    retriever = PaperRetriever(HybridSearch(library), limit=4)
    waited = asyncio.run(retriever.aretrieve("sparse gradient policy"))
    assert waited == retriever.retrieve("sparse gradient policy")
    assert len(waited) == 4


class Watched:
    """A search that says in which thread it was asked."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.limits: list[int] = []

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        self.threads.append(threading.current_thread())
        self.limits.append(limit)
        return [Hit(passage, 0.5, "words") for passage in passages(PAPER, SentenceWindows())[:1]]


def test_asynchronous_search_leaves_the_event_loops_thread_free() -> None:
    search = Watched()
    asyncio.run(PaperRetriever(search, limit=3).aretrieve("maps"))
    assert search.threads != [threading.current_thread()]
    assert search.limits == [3]


@pytest.mark.parametrize("question", ["", "   ", "???"])
def test_a_question_without_words_finds_nothing(library: Library, question: str) -> None:
    retriever = PaperRetriever(HybridSearch(library))
    assert retriever.retrieve(question) == []
    assert retriever.retrieve(QueryBundle(question)) == []
