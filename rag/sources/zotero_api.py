"""Reads Zotero over its local API (Zotero 7 and later), which speaks version 3 of the web API.

The version of an item changes only when it is synchronised with zotero.org, so that it does not tell what was changed here: the time of
modification does. Neither tells that an item was put into a collection or is gone: the keys are listed for that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rag.errors import FetchFailed
from rag.sources.client import Client, Service
from rag.sources.zotero import Changes, Item, State, ZoteroCollection, full_names

LOCAL = "http://localhost:23119"
PAGE = 100
"""Items a page: Zotero gives no more."""
KEYS_AT_ONCE = 50
"""Keys in one request: Zotero takes no more."""
_HEADERS = {"Zotero-API-Version": "3"}
_LET_IN = (
    "In Zotero 7 or later, choose Settings, Advanced, “Allow other applications on this computer to communicate with Zotero”; "
    "or give its database with --file."
)


def zotero_service(address: str = LOCAL) -> Service:
    return Service("Zotero", address, local=True)


@dataclass(frozen=True)
class ZoteroApi:
    """The library of the person who is logged in to Zotero on this machine."""

    client: Client
    service: Service
    prefix: str = "/api/users/0"

    @property
    def name(self) -> str:
        return f"Zotero at {self.service.base}"

    def changes(self, since: State, known: frozenset[str]) -> Changes:
        found: dict[str, Item] = {}
        modified, version = since.modified, since.version
        for item, at, now in self._by_time(since.modified):
            found.setdefault(item.key, item)
            modified, version = max(modified, at), max(version, now)
        if since.version:
            found.update({item.key: item for item, _, _ in self._listed({"since": since.version}) if item.key not in found})
        keys = self._keys("/items/top")
        missing = sorted(keys - known - found.keys())
        for first in range(0, len(missing), KEYS_AT_ONCE):
            wanted = {"itemKey": ",".join(missing[first : first + KEYS_AT_ONCE])}
            found.update({item.key: item for item, _, _ in self._listed(wanted)})
        items = tuple(item for item in found.values() if item.key in keys)
        return Changes(items, keys, self._collections(), State(version, modified))

    def _by_time(self, since: str) -> Iterator[tuple[Item, str, int]]:
        """Items, the latest changed first, down to the time `since`."""
        for item, at, version in self._listed({"sort": "dateModified", "direction": "desc"}):
            if at < since:
                return
            yield item, at, version

    def _listed(self, asked: Mapping[str, object]) -> Iterator[tuple[Item, str, int]]:
        start = 0
        while True:
            page, total, version = self._page("/items/top", {**asked, "include": "data,bibtex", "limit": PAGE, "start": start})
            for each in page:
                if isinstance(key := each.get("key"), str):
                    data = each["data"] if isinstance(each.get("data"), dict) else {}
                    yield Item(key, data, str(each.get("bibtex") or "")), str(data.get("dateModified") or ""), version
            start += len(page)
            if not page or start >= total:
                return

    def _collections(self) -> tuple[ZoteroCollection, ...]:
        named: dict[str, tuple[str, str | None]] = {}
        start, total = 0, 1
        while start < total:
            page, total, _ = self._page("/collections", {"limit": PAGE, "start": start})
            for each in page:
                data = each["data"] if isinstance(each.get("data"), dict) else {}
                parent = data.get("parentCollection")  # false at the top
                if isinstance(key := each.get("key"), str):
                    named[key] = str(data.get("name") or key), parent if isinstance(parent, str) else None
            if not page:
                break
            start += len(page)
        return tuple(
            ZoteroCollection(key, name, self._keys(f"/collections/{key}/items/top")) for key, name in full_names(named).items()
        )

    def _keys(self, path: str) -> frozenset[str]:
        return frozenset(line.strip() for line in self._get(path, {"format": "keys"})[0].split("\n") if line.strip())

    def _page(self, path: str, asked: Mapping[str, object]) -> tuple[list[dict[str, Any]], int, int]:
        """Objects, how many there are in all, and the library's version."""
        text, headers = self._get(path, asked)
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            raise FetchFailed(
                f"The reply from Zotero at {path} is not JSON. Is another program using {self.service.base}?"
            ) from None
        objects = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        return objects, _number(headers.get("total-results"), len(objects)), _number(headers.get("last-modified-version"), 0)

    def _get(self, path: str, asked: Mapping[str, object]) -> tuple[str, Mapping[str, str]]:
        try:
            reply = self.client.get(self.service, self.prefix + path, asked, _HEADERS)
        except FetchFailed as error:
            refused, unreached = "(status 403)" in str(error), "cannot be reached" in str(error)
            advice = _LET_IN if refused else "Start Zotero, or give its database with --file." if unreached else ""
            raise FetchFailed(f"{error} {advice}".strip()) from None
        if reply.status != 200:
            raise FetchFailed(f"Zotero has no local API at {self.service.base}{self.prefix}. {_LET_IN}")
        return reply.text, {name.lower(): value for name, value in reply.headers.items()}


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 16 else otherwise
