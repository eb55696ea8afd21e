"""Whether an index folder may be opened as it is: a manifest of its files, and a marker while it is opened or changed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.library.files import fingerprint, storage_failures, write_whole


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the index held when its files were last known to be good.

    `state` is the records' state, `count` the entries, and `made_by` what the entries depend on besides (encoding, layout).
    """

    files: dict[str, list[int]]
    state: str
    count: int
    made_by: str


class Trust:
    """The two small files beside an index folder: `<name>.manifest.json` and `<name>.opening`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._manifest = folder.with_name(folder.name + ".manifest.json")
        self._marker = folder.with_name(folder.name + ".opening")

    @property
    def known(self) -> bool:
        """Whether there was an index before, whatever has become of it."""
        return self._manifest.exists() or self._marker.exists()

    def manifest(self) -> Manifest | None:
        """The manifest, when every file is as it says and the last opening or change was finished; else None."""
        try:
            found = Manifest(**json.loads(self._manifest.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return found if found.files == fingerprint(self._folder) and not self._marker.exists() else None

    def vouch(self, state: str, count: int, made_by: str) -> None:
        """Writes down the files as they are now and ends all doubt."""
        manifest = Manifest(fingerprint(self._folder), state, count, made_by)
        write_whole(self._manifest, json.dumps(asdict(manifest)))
        with storage_failures(self._marker):
            self._marker.unlink(missing_ok=True)

    def doubt(self) -> None:
        """Before the files are opened or changed: until the next `vouch` they are not to be trusted."""
        with storage_failures(self._marker):
            self._marker.touch()
