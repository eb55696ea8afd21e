"""The command that says which models are configured, whether their server answers, what it lists, and what to do about each problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import typer

from rag.errors import ModelFailed
from ui.cli import output
from ui.cli.session import ERROR, Json
from ui.export.plain import in_line

if TYPE_CHECKING:
    from rag.llm.endpoint import Endpoint
    from rag.llm.listing import Listed
    from rag.settings import Settings

QUOTING = "none: answers are quoted sentences"
EMBEDDED = "the encoder that comes along"
NO_MODEL = "No language model is chosen. Set PAPERCHAT_MODEL, with OPENAI_API_KEY for OpenAI or OPENAI_BASE_URL for a server of your own."
KEY_ALONE = (
    "OPENAI_API_KEY is set, but no model is chosen, so nothing was contacted. Set PAPERCHAT_MODEL, to gpt-4o-mini for example."
)


@dataclass(frozen=True, slots=True)
class Report:
    """What is configured and what was found; `reachable` is None if nothing was contacted. No key is in it."""

    model: str | None
    embedding: str | None
    base_url: str
    key_set: bool
    reachable: bool | None
    listed: tuple[Listed, ...]
    problems: tuple[str, ...]
    hints: tuple[str, ...]


def models(context: typer.Context, json: Json = False) -> None:
    """Show which models are configured, whether their server answers and what it lists."""
    from rag.settings import load_settings

    report = look(load_settings())
    if json:
        output.say_json(asdict(report))
    else:
        output.say(_plain(report))
    if report.problems:
        raise typer.Exit(ERROR)


def look(settings: Settings) -> Report:
    """Asks the server, if one is configured, for its list, and holds the settings against it."""
    from rag.build import embedding_endpoint, model_endpoint

    endpoint, embedding = model_endpoint(settings), embedding_endpoint(settings)
    wanted = [one for one in (endpoint if settings.model else None, embedding) if one is not None]
    listed: tuple[Listed, ...] = ()
    reachable, problems = None, list[str]()
    if wanted or settings.openai_base_url:
        listed, problem = _asked(wanted[0] if wanted else endpoint)
        reachable = problem is None
        problems = [problem] if problem else [text for one in wanted if (text := _missing(one, listed))]
    return Report(
        model=settings.model,
        embedding=embedding.model if embedding else settings.embedding,
        base_url=endpoint.shown,
        key_set=bool(endpoint.secret),
        reachable=reachable,
        listed=listed,
        problems=tuple(in_line(text) for text in problems),
        hints=tuple(_hints(settings, endpoint, listed)),
    )


def _asked(endpoint: Endpoint) -> tuple[tuple[Listed, ...], str | None]:
    from rag.llm.listing import listed

    try:
        return tuple(listed(endpoint)), None
    except ModelFailed as error:
        return (), str(error)


def _missing(endpoint: Endpoint, listed: Sequence[Listed]) -> str | None:
    if any(one.answers_to(endpoint.model) for one in listed):
        return None
    has = (
        "lists no models at all: load one there"
        if not listed
        else f"does not list it: set {endpoint.setting} to one of its models"
    )
    return f"{endpoint.model} may not be there: {endpoint.shown} {has}."


def _hints(settings: Settings, endpoint: Endpoint, listed: Sequence[Listed]) -> list[str]:
    if settings.model is None:
        return [KEY_ALONE if endpoint.secret and not settings.openai_base_url and not settings.embedding else NO_MODEL]
    context = next((one.context for one in listed if one.context and one.answers_to(endpoint.model)), None)
    if context and context != settings.context:
        return [f"The server says that {settings.model} takes {context} tokens: PAPERCHAT_CONTEXT is {settings.context}."]
    return []


def _plain(report: Report) -> str:
    answers = {None: "not contacted", True: "answers", False: "does not answer as it should"}[report.reachable]
    lines = [
        f"language model: {report.model or QUOTING}",
        f"embedding: {report.embedding or EMBEDDED}",
        f"server: {report.base_url} ({answers}; key {'set' if report.key_set else 'not set'})",
        *(f"  {_line(one)}" for one in report.listed),
        *(f"Problem: {text}" for text in report.problems),
        *(f"Hint: {text}" for text in report.hints),
    ]
    return "\n".join(in_line(line) if not line.startswith("  ") else f"  {in_line(line)}" for line in lines)


def _line(listed: Listed) -> str:
    return f"{listed.name} ({listed.context} tokens)" if listed.context else listed.name
