"""LlamaIndex's hybrid search over the same passages and vectors: `VectorStoreIndex` on Chroma and `BM25Retriever`, fused.

`BM25Retriever` asks for an older PyStemmer than Paperchat's, so install it without what it depends on: `pip install --no-deps llama-index-retrievers-bm25 bm25s`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.library.chunking import context, passages
from rag.protocols import Chunker, Encoder
from rag.types import Paper

if TYPE_CHECKING:
    from rag.protocols import Vectors

TOP = 10
AT_ONCE = 5_000
"""Nodes a call: Chroma takes 5,461 at most."""


def available() -> bool:
    """Whether all its parts are installed."""
    from importlib.util import find_spec

    try:
        return find_spec("llama_index.retrievers.bm25") is not None and find_spec("llama_index.vector_stores.chroma") is not None
    except ModuleNotFoundError:
        return False


def passages_encoded(papers: Sequence[Paper], encoder: Encoder, chunker: Chunker) -> tuple[list[Any], Vectors]:
    """All passages and their vectors, which are made before anything is measured."""
    parts = [part for paper in papers for part in passages(paper, chunker)]
    return parts, encoder.encode([context(part) for part in parts])


def indexed(parts: Sequence[Any], vectors: Vectors, encoder: Encoder, folder: Path) -> Callable[[str], list[str]]:
    """Makes both indexes, Chroma's on disk; gives what searches them: a question to the ids of the passages found."""
    import chromadb
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
    from llama_index.core.schema import BaseNode, TextNode
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.chroma import ChromaVectorStore

    class Known(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return [float(x) for x in encoder.encode([query])[0]]

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_query_embedding(text)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    nodes: list[BaseNode] = [
        TextNode(
            id_=part.id, text=part.text, metadata={"paper": part.paper.id, "title": part.paper.title}, embedding=row.tolist()
        )
        for part, row in zip(parts, vectors, strict=True)
    ]
    client = chromadb.PersistentClient(str(folder), settings=chromadb.config.Settings(anonymized_telemetry=False))
    store = ChromaVectorStore(chroma_collection=client.get_or_create_collection("passages"))
    for at in range(0, len(nodes), AT_ONCE):
        store.add(nodes[at : at + AT_ONCE])
    index = VectorStoreIndex.from_vector_store(
        store, embed_model=Known(), storage_context=StorageContext.from_defaults(vector_store=store)
    )
    words = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=TOP)
    words.persist(str(folder / "bm25"))
    fused = QueryFusionRetriever(
        [index.as_retriever(similarity_top_k=TOP), words],
        llm=MockLLM(),
        similarity_top_k=TOP,
        num_queries=1,
        mode=FUSION_MODES.RECIPROCAL_RANK,
        use_async=False,
    )
    return lambda question: [found.node.node_id for found in fused.retrieve(question)]
