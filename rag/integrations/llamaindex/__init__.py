"""Paperchat's parts as LlamaIndex parts. Nothing here asks LlamaIndex's global `Settings` for a model."""

from rag.integrations.llamaindex.chat import PaperChatEngine
from rag.integrations.llamaindex.engine import PaperQueryEngine
from rag.integrations.llamaindex.evaluator import GroundingEvaluator
from rag.integrations.llamaindex.nodes import PaperNodeParser, PaperRetriever, documents

__all__ = ["GroundingEvaluator", "PaperChatEngine", "PaperNodeParser", "PaperQueryEngine", "PaperRetriever", "documents"]
