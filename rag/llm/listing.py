"""Which models a server lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.llm.faults import Fault, without_key
from rag.llm.request import answered, client_of
from rag.llm.retry import Retry

if TYPE_CHECKING:
    import openai

    from rag.llm.endpoint import Endpoint

_CONTEXT_NAMES = ("max_model_len", "context_length", "context_window", "max_context_length")
"""What vLLM, OpenRouter, Groq and LM Studio call it; OpenAI does not say."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A model's name, and how many tokens it takes where the server says so."""

    name: str
    context: int | None = None

    def answers_to(self, name: str) -> bool:
        """Whether this is the model of that name; Ollama adds `:latest` by itself."""
        return self.name in (name, f"{name}:latest")


def listed(endpoint: Endpoint, retry: Retry | None = None) -> list[Listed]:
    """The server's models by name. Raises ModelFailed."""

    async def ask(client: openai.AsyncOpenAI) -> list[Listed]:
        from openai import NotFoundError

        try:
            page = await client.models.list()
        except NotFoundError:
            do = "Check that OPENAI_BASE_URL ends as the server wants it, mostly with /v1."
            raise Fault(f"{endpoint.shown} does not list its models (404).", do) from None
        return sorted((_listed(one, endpoint) for one in page.data if isinstance(one.id, str)), key=lambda one: one.name)

    return answered(endpoint, client_of(endpoint), ask, retry or Retry(attempts=1))


def _listed(model: Any, endpoint: Endpoint) -> Listed:
    lengths = (getattr(model, name, None) for name in _CONTEXT_NAMES)
    return Listed(
        without_key(model.id, endpoint), next((value for value in lengths if isinstance(value, int) and value > 0), None)
    )
