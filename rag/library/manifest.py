"""Whether files may be opened as they are: a manifest with a checksum of each, and a marker while they are opened or changed."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.library.files import checksum, files_in, set_aside, storage_failures, write_whole

SETTLED = 100_000_000
"""Nanoseconds after which a file system shows that a file was written once more: only then is a checksum remembered."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder (or a single file) held when it was last known to be good.

    `checksums` has CRC-32 and bytes by file, `state` is the records' state, `count` the entries, and `made_by` what the entries
    depend on besides (encoding, layout).
    """

    checksums: dict[str, list[int]]
    state: str
    count: int
    made_by: str


class ManifestStore:
    """The two small files beside an index folder or a database: `<name>.manifest.json` and `<name>.opening`."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._manifest = place.with_name(place.name + ".manifest.json")
        self._marker = place.with_name(place.name + ".opening")
        self._known_sums: dict[str, tuple[tuple[int, int], int]] = {}

    @property
    def known(self) -> bool:
        """Whether a manifest or marker exists, valid or not."""
        return self._manifest.exists() or self._marker.exists()

    def manifest(self) -> Manifest | None:
        """The manifest, when every file is as it says and the last opening or change was finished; else None."""
        found = self._kept()
        return found if found is not None and self._agrees(found) else None

    def damaged(self) -> bool:
        """Whether the files were left in order and are no longer what they were: a bad disk, or another program."""
        found = self._kept()
        return found is not None and not self._agrees(found)

    def state(self) -> str | None:
        """The state passed to the last `save`, whether or not the files still agree with it."""
        found = self._kept()
        return None if found is None else found.state

    def made_by(self) -> str | None:
        """The `made_by` passed to the last `save`, whether or not the files still agree with it."""
        found = self._kept()
        return None if found is None else found.made_by

    def save(self, state: str, count: int, made_by: str) -> None:
        """Records the files as they are now and removes the marker."""
        with storage_failures(self._place):
            sums = self._checksums(remembered=True)
        self._make_way()
        write_whole(self._manifest, json.dumps(asdict(Manifest(sums, state, count, made_by))))
        with storage_failures(self._marker):
            self._marker.unlink(missing_ok=True)

    def mark_open(self) -> None:
        """Call before the files are opened or changed: until the next `save`, they count as possibly damaged."""
        with storage_failures(self._marker):
            self._marker.touch()

    def discard(self) -> None:
        """Deletes the manifest, so that only a clean shutdown makes the file valid again; needs no disk space."""
        self._make_way()
        with storage_failures(self._manifest):
            self._manifest.unlink(missing_ok=True)

    def _make_way(self) -> None:
        if self._manifest.is_dir():
            set_aside(self._manifest)

    def _kept(self) -> Manifest | None:
        """What the manifest says, if the last opening or change was finished."""
        if self._marker.exists():
            return None
        try:
            return Manifest(**json.loads(self._manifest.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _agrees(self, manifest: Manifest) -> bool:
        files = files_in(self._place)
        try:
            sizes = {name: file.stat().st_size for name, file in files.items()}
            if sizes != {name: size for name, (_, size) in manifest.checksums.items()}:
                return False
            return self._checksums(remembered=False) == manifest.checksums
        except (OSError, ValueError, TypeError, AttributeError):  # a file that cannot be read; a manifest of another form
            return False

    def _checksums(self, remembered: bool) -> dict[str, list[int]]:
        """Of files that this process has summed and nobody has written since, the sum is not made again when `remembered`."""
        found = {}
        for name, file in files_in(self._place).items():
            state = file.stat()
            written = state.st_size, state.st_mtime_ns
            known = self._known_sums.get(name)
            value = known[1] if remembered and known is not None and known[0] == written else checksum(file)
            if time.time_ns() - state.st_mtime_ns > SETTLED:
                self._known_sums[name] = written, value
            found[name] = [value, state.st_size]
        return found
