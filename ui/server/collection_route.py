"""`GET` and `POST /api/collection`: collections as one file, out of the library and into it, with their vectors."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from pydantic import StringConstraints
from starlette.types import Receive, Scope, Send

from rag.errors import CollectionError, PaperchatError
from rag.library.archive import SUFFIX, file_name
from ui.export.plain import added_json
from ui.server.service import Service
from ui.server.visitors import KEY, Visitor

COLLECTION = "/api/collection"
AT_ONCE = 2
"""Files that are written or read side by side; further ones wait."""
MISTAKE = "Something went wrong inside Paperchat. Try again."
LOG = logging.getLogger("paperchat.page")
Name = Annotated[str, StringConstraints(max_length=1_000)]


def install(app: FastAPI, service: Service) -> None:
    """Adds both routes."""
    app.include_router(_router(service))


def _router(service: Service) -> APIRouter:
    router, limit = APIRouter(), CapacityLimiter(AT_ONCE)

    @router.get(
        COLLECTION,
        summary="Collections as a file",
        description="The papers of the named collections, together, with their vectors; of the whole library where none is named.",
        responses={200: {"content": {"application/zip": {}}}, 404: {"description": "There is no such collection."}},
        response_class=FileResponse,
    )
    async def exported(name: Annotated[list[Name] | None, Query()] = None) -> Response:
        return await _told(lambda: _exported(service, name or []), limit, 404)

    @router.post(
        COLLECTION,
        summary="Import a file of a collection",
        description="The body is the file. `name` calls the collection otherwise here. For editors only.",
        responses={400: {"description": "It is no exported collection."}, 403: {"description": "You are a viewer."}},
        openapi_extra={"requestBody": {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}},
    )
    async def imported(request: Request, name: Annotated[Name, Query()] = "") -> Response:
        visitor = request.scope.get(KEY)
        if not (isinstance(visitor, Visitor) and visitor.may_change):
            return _refusal(403, "Only editors may add papers; you are a viewer here.")
        with tempfile.TemporaryDirectory(prefix="paperchat-") as folder:
            path = Path(folder) / f"body{SUFFIX}"
            with path.open("wb") as file:
                async for piece in request.stream():
                    file.write(piece)
            return await _told(lambda: _imported(service, path, name), limit)

    return router


async def _told(do: Callable[[], Response], limit: CapacityLimiter, no_such: int = 400) -> Response:
    """What is done, or why it was not."""
    try:
        return await to_thread.run_sync(do, limiter=limit)
    except PaperchatError as error:
        return _refusal(no_such if isinstance(error, CollectionError) else 400, str(error))
    except Exception:  # the last place where one can be told
        LOG.exception("a collection failed")
        return _refusal(500, MISTAKE)


def _exported(service: Service, names: list[str]) -> Response:
    service.ready()
    folder = tempfile.mkdtemp(prefix="paperchat-")
    try:
        head = service.paperchat.export_collections(Path(folder) / "file", names)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    called = file_name(head.name)
    said = f"attachment; filename=\"{called.encode('ascii', 'replace').decode().replace('?', '_')}\"; filename*=UTF-8''{quote(called)}"
    headers = {"Content-Disposition": said, "Cache-Control": "no-store"}
    return _Once(Path(folder) / "file", media_type="application/zip", headers=headers)


class _Once(FileResponse):
    """A file that is deleted with its folder however the request ends; a background task would not run after a bad `Range`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            shutil.rmtree(Path(self.path).parent, ignore_errors=True)


def _imported(service: Service, path: Path, name: str) -> Response:
    service.ready()
    try:
        called, added = service.paperchat.import_collection(path, name)
    except PaperchatError as error:
        raise type(error)(str(error).replace(str(path), "The file")) from error
    return JSONResponse({"name": called, **added_json(added)})


def _refusal(status: int, why: str) -> Response:
    return JSONResponse({"detail": why}, status)
