"""The page's typefaces, served by the page itself."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

PATH = "/fonts/"
NAMES = tuple(
    f"{name}.woff2"
    for name in ("sans-latin", "sans-latin-ext", "sans-greek", "serif-latin", "serif-latin-ext", "serif-greek", "math")
)
KEPT = "public, max-age=604800"
"""A browser keeps them for a week: they change with a release at most."""


async def font(request: Request) -> Response:
    """One of the page's typefaces, or 404: only what is listed is read."""
    name = request.path_params["name"]
    if name not in NAMES:
        return Response(status_code=404)
    return Response(_read(name), media_type="font/woff2", headers={"cache-control": KEPT})


@cache
def _read(name: str) -> bytes:
    return (files("ui.html") / "fonts" / name).read_bytes()
