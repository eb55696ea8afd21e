"""Documents out of papers, the node parser that cuts them, a retriever over a library, and nodes of what an answer cites."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.bridge.pydantic import model_validator
from llama_index.core.callbacks import CallbackManager
from llama_index.core.node_parser import NodeParser
from llama_index.core.node_parser.node_utils import default_id_func
from llama_index.core.schema import (
    BaseNode,
    Document,
    MetadataMode,
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)
from pydantic import computed_field

from rag.answering.limits import check_question
from rag.library.chunking import SentenceWindows, context, passages
from rag.protocols import Retriever
from rag.types import Citation, Paper, Passage

TITLE = "title"
"""The one metadata key that embedding and language models see; the others are for filters and for people."""


def documents(papers: Iterable[Paper]) -> list[Document]:
    """One document a paper: its abstract, its id, and metadata that any vector store takes (text and numbers, nothing empty)."""
    return [_document(paper) for paper in papers]


class PaperNodeParser(NodeParser):
    """Cuts documents as a library does: windows of up to `sentences` sentences that overlap by `overlap` (0 sentences: all of it).

    Offsets are those of the window in the document's text. A document with `paper_id` and `title` in its metadata gives nodes with
    the ids of a library's passages; without them ids are made of the text, so that equal texts have equal ids. Windows that cannot be
    raise SettingsError. What an embedding
    model is given of a node is word for word what a library encodes.
    """

    sentences: int = 3
    overlap: int = 1

    @computed_field  # type: ignore[prop-decorator]
    @property
    def chunker(self) -> str:
        """Part of what an ingestion cache compares: nodes cut by other rules are not taken from it."""
        return self._windows.name

    @model_validator(mode="after")
    def _refuse_impossible_windows(self) -> PaperNodeParser:
        SentenceWindows(self.sentences, self.overlap)
        return self

    @classmethod
    def class_name(cls) -> str:
        return "PaperNodeParser"

    @property
    def _windows(self) -> SentenceWindows:
        return SentenceWindows(self.sentences, self.overlap)

    def _parse_nodes(self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any) -> list[BaseNode]:
        return [node for parent in nodes for node in self._nodes_of(parent)]

    def _nodes_of(self, parent: BaseNode) -> list[BaseNode]:
        source = parent.as_related_node_info()
        metadata = dict(parent.metadata) if self.include_metadata else {}
        found: list[BaseNode] = []
        paper = _paper(parent)
        for index, passage in enumerate(passages(paper, self._windows) if paper.abstract.strip() else ()):
            node = _node(passage, metadata, source)
            if self.id_func is not default_id_func:
                node.id_ = self.id_func(index, parent)
            found.append(node)
        return found

    def _postprocess_parsed_nodes(self, nodes: list[BaseNode], parent_doc_map: dict[str, Document]) -> list[BaseNode]:
        """LlamaIndex looks for each node's text again and takes the first it meets: wrong where an abstract repeats itself."""
        places = [(node, node.start_char_idx, node.end_char_idx) for node in nodes if isinstance(node, TextNode)]
        done = super()._postprocess_parsed_nodes(nodes, parent_doc_map)
        for node, start, end in places:
            node.start_char_idx, node.end_char_idx = start, end
        return done


class PaperRetriever(BaseRetriever):
    """Hybrid search over a library: at most `limit` nodes, best first, one a paper (its best passage), with scores in 0…1."""

    def __init__(self, search: Retriever, limit: int = 10, callback_manager: CallbackManager | None = None) -> None:
        self._search = search
        self._limit = limit
        super().__init__(callback_manager)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        check_question(query_bundle.query_str)
        hits = self._search.search(query_bundle.query_str, self._limit)
        return [NodeWithScore(node=_node_in_library(hit.passage), score=hit.score) for hit in hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


def cited(citation: Citation) -> NodeWithScore:
    """The exact sentence that stands behind a number of an answer; the number is in its metadata."""
    whole = _document(citation.paper)
    id = f"{citation.paper.id}#{citation.span.start}-{citation.span.end}"
    node = _node(Passage(id, citation.paper, citation.span), whole.metadata, whole.as_related_node_info())
    node.metadata["citation"] = citation.number
    for keys in (node.excluded_embed_metadata_keys, node.excluded_llm_metadata_keys):
        keys.append("citation")
    return NodeWithScore(node=node)


def _document(paper: Paper) -> Document:
    metadata = _metadata(paper)
    whole = passages(paper, SentenceWindows(0))
    return Document(id_=paper.id, text=paper.abstract, metadata=metadata, **_forms(metadata, whole[0] if whole else None))


def _metadata(paper: Paper) -> dict[str, str | int]:
    fields: dict[str, str | int | None] = {
        "paper_id": paper.id,
        TITLE: paper.title,
        "authors": "; ".join(paper.authors),
        "year": paper.year,
        "venue": paper.venue,
        "url": paper.url,
    }
    return {key: value for key, value in fields.items() if value}


def _paper(parent: BaseNode) -> Paper:
    """The paper that a document is about, as far as passages and their ids need it."""
    text = parent.get_content(metadata_mode=MetadataMode.NONE)
    id = parent.metadata.get("paper_id") or f"text:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
    return Paper(id=str(id), title=str(parent.metadata.get(TITLE) or ""), abstract=text)


def _node(passage: Passage, metadata: dict[str, Any], source: RelatedNodeInfo) -> TextNode:
    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.span.start,
        end_char_idx=passage.span.end,
        metadata=dict(metadata),
        relationships={NodeRelationship.SOURCE: source},
        **_forms(metadata, passage),
    )


def _node_in_library(passage: Passage) -> TextNode:
    source = _document(passage.paper)
    return _node(passage, source.metadata, source.as_related_node_info())


def _forms(metadata: dict[str, Any], passage: Passage | None) -> dict[str, Any]:
    """How a node is shown to models: the title, set before the text as in `rag.library.chunking.context`, and nothing else."""
    others = [key for key in metadata if key != TITLE]
    stopped = passage is None or context(passage).startswith(f"{passage.paper.title.strip()} ")
    return {
        "excluded_embed_metadata_keys": others,
        "excluded_llm_metadata_keys": list(others),
        "metadata_template": "{value}",
        "text_template": "{metadata_str} {content}" if stopped else "{metadata_str}. {content}",
    }
