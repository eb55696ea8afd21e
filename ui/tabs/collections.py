"""What the Papers tab does with collections: put papers in, take them out, rename and remove. Knows no Gradio."""

from __future__ import annotations

from rag.errors import CollectionError
from ui.html import collections as html
from ui.html.wording import Wording
from ui.server.service import Service
from ui.tabs.requests import Request, Response, selected_ids


class NamedCollections:
    """Each method takes what the page sent and returns what it shows: `said`, and the choices as they are now."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self, asked: Request, say: Wording) -> Response:
        """Puts papers into a collection, which is made if there is none."""
        ids, collections = selected_ids(asked), self._service.paperchat.library.writable_collections()
        name = collections.ensure(_name(asked, "name"))
        count = collections.put(name, ids)
        return self._response(say("papers.collected", count=count, title=name), say)

    def uncollect(self, asked: Request, say: Wording) -> Response:
        """Takes papers out of a collection."""
        ids, collections = selected_ids(asked), self._service.paperchat.library.writable_collections()
        name = collections.named(_name(asked, "name")).name
        count = collections.take(name, ids)
        return self._response(say("papers.uncollected", count=count, title=name), say)

    def rename_collection(self, asked: Request, say: Wording) -> Response:
        name = self._service.paperchat.library.writable_collections().rename(_name(asked, "name"), _name(asked, "new"))
        return {**self._response(say("papers.collection.renamed", title=name), say), "name": name}

    def remove_collection(self, asked: Request, say: Wording) -> Response:
        """Removes the collection and no paper."""
        gone = self._service.paperchat.library.writable_collections().remove(_name(asked, "name"))
        return self._response(say("papers.collection.removed", title=gone.name), say)

    def _response(self, said: str, say: Wording) -> Response:
        now = self._service.paperchat.collections.all()
        return {"said": said, "options": html.options_html(now, say), "names": html.names_html(now)}


def _name(asked: Request, field: str) -> str:
    value = asked.get(field)
    if not isinstance(value, str) or not value.strip():
        raise CollectionError("Give the name of a collection.")
    return value
