"""What a run went by, as hashes, versions and settings that hold no secret: the header of its file."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from eval.cases.reading import Case
from eval.types import Hashed, Header
from rag import __version__
from rag.identity import content_hash, sha256
from rag.library.encoder import MODEL_FOLDER
from rag.prompts import FOLDER as PROMPTS
from rag.settings import Settings
from rag.types import Paper

LIBRARIES = ("chromadb", "tantivy", "onnxruntime", "tokenizers", "numpy", "PyStemmer")
"""Whose versions may change an answer or a score."""
NOT_KEPT = ("home", "bundled")
"""Settings that say where a library lies and what it starts with; the papers themselves are hashed."""
SECRET_WORDS = ("key", "token", "secret", "password")
SOURCE = Path(__file__).parents[2]


def header(
    cases: Sequence[Case],
    name: str,
    papers: Iterable[Paper],
    encoder: str,
    writer: str,
    settings: Settings,
    checker: str,
    card: str,
) -> Header:
    """The header of a run of these cases over these papers; the hash beside the encoder's name is that of the embedded one, which reads words."""
    papers = list(papers)
    return Header(
        writer,
        Hashed(name, sha256(json.dumps([asdict(case) for case in cases])), len(cases)),
        papers_hash(papers),
        Hashed(encoder, folder_hash(MODEL_FOLDER, "*")),
        Hashed("prompts", folder_hash(PROMPTS, "*.[mt]*"), len(list(PROMPTS.glob("*.[mt]*")))),
        checker,
        card,
        versions(),
        public_settings(settings),
    )


def papers_hash(papers: Sequence[Paper]) -> Hashed:
    """Over all that a person sees of the papers, whatever their order."""
    return Hashed("library", sha256("".join(sorted(f"{paper.id} {content_hash(paper)}\n" for paper in papers))), len(papers))


def versions() -> dict[str, str]:
    """Of Paperchat and a hash of its code, which changes more often; of Python and the libraries that matter."""
    own = {"paperchat": __version__, "code": _code_hash(), "python": platform.python_version()}
    return own | {name: metadata.version(name) for name in LIBRARIES}


def public_settings(settings: Settings) -> dict[str, Any]:
    """The settings in force without secrets, without folders, and without what an address may hide."""
    kept = {name: value for name, value in settings if name not in NOT_KEPT and not _secret(name, value)}
    return {name: _public(value) for name, value in sorted(kept.items())}


@cache
def folder_hash(folder: Path, pattern: str) -> str:
    """SHA-256 over the names and contents of the folder's files."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob(pattern) if path.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return whole.hexdigest()


@cache
def _code_hash() -> str:
    """Of all that makes an answer and a score; the papers, cases and prompts have hashes of their own."""
    return sha256(folder_hash(SOURCE / "rag", "*.py") + folder_hash(SOURCE / "eval", "*.py"))[:16]


def _secret(name: str, value: object) -> bool:
    return isinstance(value, SecretStr) or any(word in name.lower().split("_") for word in SECRET_WORDS)


def _public(value: object) -> object:
    if isinstance(value, str) and "://" in value:
        parts = urlsplit(value)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    if isinstance(value, Mapping):
        return {str(name): _public(own) for name, own in value.items() if not _secret(str(name), own)}
    return value if isinstance(value, str | int | float | bool | None) else str(value)
