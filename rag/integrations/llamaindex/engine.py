"""Paperchat as a LlamaIndex query engine: cited answers with the exact sentences as source nodes, whole or streamed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import asdict
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import RESPONSE_TYPE, AsyncStreamingResponse, Response, StreamingResponse
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import NodeWithScore, QueryBundle

from rag.integrations.llamaindex.nodes import cited
from rag.protocols import Assistant
from rag.types import Answer, AskOptions, Finished, Wrote


class PaperQueryEngine(BaseQueryEngine):
    """Answers by the assistant. `source_nodes` are the cited sentences, in order of their numbers; `metadata` holds status and verdicts.

    With `streaming` both are filled in when the stream has ended; what was streamed may then have been mended (`metadata["text"]`).
    """

    def __init__(
        self,
        assistant: Assistant,
        retriever: BaseRetriever,
        options: AskOptions | None = None,
        streaming: bool = False,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        self._assistant = assistant
        self._retriever = retriever
        self._options = options
        self._streaming = streaming
        super().__init__(callback_manager)

    def retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return self._retriever.retrieve(query_bundle)

    async def aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await self._retriever.aretrieve(query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        if self._streaming:
            nodes, metadata = list[NodeWithScore](), dict[str, Any]()
            return StreamingResponse(self._pieces(query_bundle.query_str, nodes, metadata), nodes, metadata)
        return self._whole(query_bundle.query_str)

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        if self._streaming:
            nodes, metadata = list[NodeWithScore](), dict[str, Any]()
            pieces = _in_thread(self._pieces(query_bundle.query_str, nodes, metadata))
            return AsyncStreamingResponse(pieces, nodes, metadata)  # type: ignore[arg-type]
        return await asyncio.to_thread(self._whole, query_bundle.query_str)

    def _whole(self, question: str) -> Response:
        answer = self._assistant.ask(question, options=self._options)
        return Response(answer.text, sources_of(answer), metadata_of(answer))

    def _pieces(self, question: str, nodes: list[NodeWithScore], metadata: dict[str, Any]) -> Generator[str, None, None]:
        for event in self._assistant.stream(question, options=self._options):
            if isinstance(event, Wrote):
                yield event.text
            elif isinstance(event, Finished):
                nodes.extend(sources_of(event.answer))
                metadata.update(metadata_of(event.answer))


def sources_of(answer: Answer) -> list[NodeWithScore]:
    return [cited(citation) for citation in answer.citations]


def metadata_of(answer: Answer) -> dict[str, Any]:
    return {
        "text": answer.text,
        "status": answer.status,
        "standalone_question": answer.standalone_question,
        "writer": answer.writer,
        "claims": [asdict(claim) for claim in answer.claims],
        "notices": list(answer.notices),
        "refusal": answer.refusal.code if answer.refusal else None,
    }


async def _in_thread(pieces: Iterator[str]) -> AsyncIterator[str]:
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece
