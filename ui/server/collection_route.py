"""`GET` and `POST /api/collection`: collections as one file, out of the library and into it, with their vectors."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from pydantic import StringConstraints
from starlette.types import Message, Receive, Scope, Send

from rag.errors import CollectionError, PaperchatError, StorageFailed
from rag.library.archive import SUFFIX, file_name
from rag.library.files import storage_failures
from ui.export.plain import added_json
from ui.server.limits import SILENCE, Shares
from ui.server.service import Service
from ui.server.uploads import FULL, Uploads
from ui.server.visitors import KEY, Visitor

COLLECTION = "/api/collection"
AT_ONCE = 2
"""Files that are written or read side by side; further ones wait."""
MOST_SAVED, MOST_EACH = 6, 2
"""Files that are on the disk for being downloaded, in all and for one visitor: each may be as large as the library's records."""
LONGEST_DOWNLOAD = 3600.0
"""Seconds until a download is cut off."""
MISTAKE = "Something went wrong inside Paperchat. Try again."
LOG = logging.getLogger("paperchat.page")
Name = Annotated[str, StringConstraints(max_length=1_000)]


def install(app: FastAPI, service: Service, uploads: Uploads) -> None:
    """Adds both routes."""
    app.include_router(_router(service, uploads))


def _router(service: Service, uploads: Uploads) -> APIRouter:
    router, limit, downloads = APIRouter(), CapacityLimiter(AT_ONCE), Downloads()

    @router.get(
        COLLECTION,
        summary="Collections as a file",
        description="The papers of the named collections, together, with their vectors; of the whole library where none is named.",
        responses={
            200: {"content": {"application/zip": {}}},
            404: {"description": "There is no such collection."},
            429: {"description": "Too many files are being downloaded."},
        },
        response_class=FileResponse,
    )
    async def exported(request: Request, name: Annotated[list[Name] | None, Query()] = None) -> Response:
        visitor = request.scope.get(KEY)
        place = downloads.begin(visitor.share if isinstance(visitor, Visitor) else "")
        if place is None:
            return _refusal(429, "Too many files are being downloaded. Try again in a minute.", {"Retry-After": "60"})
        try:
            reply = await _told(lambda: _exported(service, name or [], place), limit, 404)
        except BaseException:
            place.close()
            raise
        if not isinstance(reply, _Once):
            place.close()
        return reply

    @router.post(
        COLLECTION,
        summary="Import a file of a collection",
        description="The body is the file. `name` calls the collection otherwise here. For editors only.",
        responses={
            400: {"description": "It is no exported collection."},
            403: {"description": "You are a viewer."},
            507: {"description": "There is no room for the file."},
        },
        openapi_extra={"requestBody": {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}},
    )
    async def imported(request: Request, name: Annotated[Name, Query()] = "") -> Response:
        visitor = request.scope.get(KEY)
        if not (isinstance(visitor, Visitor) and visitor.may_change):
            return _refusal(403, "Only editors may add papers; you are a viewer here.")
        try:
            with uploads.one(f"body{SUFFIX}") as path:
                if not await _received(request, path, uploads):
                    return _refusal(507, FULL)
                return await _told(lambda: _imported(service, path, name), limit)
        except StorageFailed as error:
            return _refusal(507, str(error))

    return router


async def _received(request: Request, path: Path, uploads: Uploads) -> bool:
    """Whether there was room for the body among all that waits to be added."""
    with storage_failures(path), path.open("wb") as file:
        if uploads.full():
            return False
        async for piece in request.stream():
            file.write(piece)
            file.flush()
            if uploads.full():
                return False
    return True


class Downloads:
    """How many files are on the disk because they are being downloaded, in all and by visitor."""

    def __init__(self) -> None:
        self._all, self._each = Shares(MOST_SAVED), Shares(MOST_EACH)

    def begin(self, who: str) -> ExitStack | None:
        """A place, until it is closed; None if there is none."""
        place = ExitStack()
        if place.enter_context(self._each.taken(who)) and place.enter_context(self._all.taken("")):
            return place
        place.close()
        return None


async def _told(do: Callable[[], Response], limit: CapacityLimiter, no_such: int = 400) -> Response:
    """What is done, or why it was not."""
    try:
        return await to_thread.run_sync(do, limiter=limit)
    except PaperchatError as error:
        return _refusal(no_such if isinstance(error, CollectionError) else 400, str(error))
    except Exception:  # the last place where one can be told
        LOG.exception("a collection failed")
        return _refusal(500, MISTAKE)


def _exported(service: Service, names: list[str], place: ExitStack) -> Response:
    """The file, which is kept until the place is closed."""
    service.ready()
    folder = tempfile.mkdtemp(prefix="paperchat-")
    place.callback(shutil.rmtree, folder, ignore_errors=True)
    head = service.paperchat.export_collections(Path(folder) / "file", names)
    called = file_name(head.name)
    said = f"attachment; filename=\"{called.encode('ascii', 'replace').decode().replace('?', '_')}\"; filename*=UTF-8''{quote(called)}"
    headers = {"Content-Disposition": said, "Cache-Control": "no-store"}
    return _Once(Path(folder) / "file", place, headers)


class _Once(FileResponse):
    """A file whose place is closed however the request ends; a background task would not run after a bad `Range`.

    A client that takes nothing for a while, or not all of it in time, is cut off.
    """

    def __init__(self, path: Path, place: ExitStack, headers: dict[str, str]) -> None:
        super().__init__(path, media_type="application/zip", headers=headers)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def patient(message: Message) -> None:
            await asyncio.wait_for(send(message), SILENCE)

        try:
            async with asyncio.timeout(LONGEST_DOWNLOAD):
                await super().__call__(scope, receive, patient)
        except TimeoutError:
            LOG.info("a download came to no end and was cut off")
        finally:
            self._place.close()


def _imported(service: Service, path: Path, name: str) -> Response:
    service.ready()
    try:
        called, added = service.paperchat.import_collection(path, name)
    except PaperchatError as error:
        raise type(error)(str(error).replace(str(path), "The file")) from error
    return JSONResponse({"name": called, **added_json(added)})


def _refusal(status: int, why: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"detail": why}, status, headers)
