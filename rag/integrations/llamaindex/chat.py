"""Paperchat as a LlamaIndex chat engine: follow-ups are understood from the earlier questions."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from llama_index.core.chat_engine.types import AgentChatResponse, BaseChatEngine
from llama_index.core.llms import ChatMessage, MessageRole

from rag.integrations.llamaindex.engine import metadata_of, sources_of
from rag.protocols import Assistant
from rag.types import Answer, AskOptions, PastTurn

_CITED, _ASKED = "paperchat_cited", "paperchat_question"
"""Where an answer among the messages says which papers it cites, and how its question was understood."""


class PaperChatEngine(BaseChatEngine):
    """Remembers the conversation until `reset`. What LlamaIndex calls streaming gives the finished, checked answer in pieces.

    Its own streaming type wants a LlamaIndex model's events and a memory it may write to from another thread; a query engine with
    `streaming` gives the text as it is written.
    """

    def __init__(self, assistant: Assistant, options: AskOptions | None = None) -> None:
        self._assistant = assistant
        self._options = options
        self._history: list[ChatMessage] = []

    @property
    def chat_history(self) -> list[ChatMessage]:
        return list(self._history)

    def reset(self) -> None:
        self._history.clear()

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """The answer; a given history takes the place of the remembered one."""
        if chat_history is not None:
            self._history = list(chat_history)
        answer = self._assistant.ask(message, _turns(self._history), self._options)
        details = {_CITED: [citation.paper.id for citation in answer.citations], _ASKED: answer.standalone_question}
        self._history += [ChatMessage(message), ChatMessage(answer.text, role=MessageRole.ASSISTANT, additional_kwargs=details)]
        return _response(answer)

    def stream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:  # type: ignore[override]
        response = self.chat(message, chat_history)
        response.is_dummy_stream = True
        return response

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        return await asyncio.to_thread(self.chat, message, chat_history)

    async def astream_chat(  # type: ignore[override]
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> AgentChatResponse:
        return await asyncio.to_thread(self.stream_chat, message, chat_history)


def _turns(history: Sequence[ChatMessage]) -> list[str | PastTurn]:
    """The earlier questions, with the papers that their answers cited where the answer is one of ours and says so."""
    turns: list[str | PastTurn] = []
    for message in history:
        if message.role == MessageRole.USER and message.content:
            turns.append(message.content)
        elif message.role == MessageRole.ASSISTANT and turns and isinstance(cited := message.additional_kwargs.get(_CITED), list):
            question = turns[-1] if isinstance(turns[-1], str) else turns[-1].question
            asked = message.additional_kwargs.get(_ASKED)
            turns[-1] = PastTurn(asked if isinstance(asked, str) and asked else question, tuple(dict.fromkeys(map(str, cited))))
    return turns


def _response(answer: Answer) -> AgentChatResponse:
    return AgentChatResponse(answer.text, source_nodes=sources_of(answer), metadata=metadata_of(answer))
