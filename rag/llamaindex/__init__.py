"""Paperchat's parts as LlamaIndex parts. Nothing here asks LlamaIndex's global `Settings` for a model."""

from rag.llamaindex.chat import PaperChatEngine
from rag.llamaindex.engine import PaperQueryEngine
from rag.llamaindex.evaluator import GroundingEvaluator
from rag.llamaindex.nodes import PaperNodeParser, PaperRetriever, documents

__all__ = ["GroundingEvaluator", "PaperChatEngine", "PaperNodeParser", "PaperQueryEngine", "PaperRetriever", "documents"]
