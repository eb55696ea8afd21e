"""Claims that people have labelled: JSON Lines with `claim`, `evidence` (a text or a list) and `supported` (0/1) or `label`; and SciFact."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import ImportFailed

SEED = 13
SUPPORTS = frozenset("1 true supported support supports entailment entailed entails consistent attributable yes".split())


@dataclass(frozen=True, slots=True)
class Labelled:
    """A claim with its evidence, whether people call it supported, the label in their own words, and where it is from."""

    claim: str
    evidence: tuple[str, ...]
    supported: bool
    label: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """The pairs of one file, with its name and the SHA-256 of its bytes."""

    name: str
    sha256: str
    pairs: tuple[Labelled, ...]


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A SciFact claim, the sentences of a cited abstract, and the places of those that settle it."""

    claim: str
    sentences: tuple[str, ...]
    rationale: frozenset[int]
    label: str


def read_labelled(path: Path, limit: int = 0) -> LabelledSet:
    """The pairs of a file (plain or gzip), or of each source and label at most `limit`, drawn the same way each time.

    Raises ImportFailed, with file and line, for what is not such a file.
    """
    data = file_bytes(path)
    pairs = [_labelled(record, f"{path}:{number}") for number, record in records(path, data)]
    if not pairs:
        raise ImportFailed(f"{path} holds no pair: it needs lines with claim, evidence and supported or label.")
    return LabelledSet(path.name, hashlib.sha256(data).hexdigest(), tuple(drawn(pairs, limit) if limit else pairs))


def drawn(pairs: Sequence[Labelled], limit: int) -> list[Labelled]:
    """Of each source and label at most `limit`, in the order of the file."""
    groups: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for at, pair in enumerate(pairs):
        groups[pair.source, pair.supported].append(at)
    dice = random.Random(SEED)
    kept = {at for key in sorted(groups) for at in dice.sample(groups[key], min(limit, len(groups[key])))}
    return [pairs[at] for at in sorted(kept)]


def scifact_pairs(reasoned: Sequence[Reasoned]) -> tuple[Labelled, ...]:
    """Claim against whole abstract: supported, or not (contradicted, or not enough there)."""
    return tuple(Labelled(one.claim, one.sentences, one.label == "SUPPORT", one.label, "scifact") for one in reasoned)


def read_scifact(folder: Path, split: str = "dev") -> tuple[Reasoned, ...]:
    """Each claim of the split with each abstract that it cites."""
    corpus_path, claims_path = folder / "corpus.jsonl", folder / f"claims_{split}.jsonl"
    corpus = {record.get("doc_id"): record.get("abstract") or [] for _, record in records(corpus_path, file_bytes(corpus_path))}
    return tuple(
        reasoned
        for number, record in records(claims_path, file_bytes(claims_path))
        for reasoned in _cited(record, corpus, f"{claims_path}:{number}")
    )


def _cited(record: dict[str, Any], corpus: dict[Any, list[str]], where: str) -> Iterator[Reasoned]:
    if not {"claim", "evidence", "cited_doc_ids"} <= set(record):
        raise ImportFailed(f"{where} is no claim of SciFact: it needs claim, evidence and cited_doc_ids.")
    for paper in record["cited_doc_ids"]:
        if paper not in corpus:
            raise ImportFailed(f"{where} cites {paper}, which corpus.jsonl does not have.")
        yield _reasoned(record, corpus[paper], record["evidence"].get(str(paper), []))


def fingerprint(path: Path) -> str:
    return hashlib.sha256(file_bytes(path)).hexdigest()


def _reasoned(record: dict[str, Any], sentences: Sequence[str], evidence: Sequence[dict[str, Any]]) -> Reasoned:
    places = frozenset(place for part in evidence for place in part["sentences"])
    label = evidence[0]["label"] if evidence else "NOT_ENOUGH"
    return Reasoned(record["claim"], tuple(sentence.strip() for sentence in sentences), places, label)


def _labelled(record: dict[str, Any], where: str) -> Labelled:
    claim, evidence = record.get("claim"), record.get("evidence")
    held = record.get("supported", record.get("label"))
    label = record.get("label", held)
    texts = [evidence] if isinstance(evidence, str) else evidence
    if not isinstance(claim, str) or not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ImportFailed(f"{where} needs a claim (a text) and evidence (a text or a list of texts).")
    if not isinstance(held, str | bool | int) or not isinstance(label, str | bool | int):
        raise ImportFailed(f"{where} needs supported (0 or 1) or label (a word).")
    return Labelled(claim, tuple(texts), _word(held).strip().lower() in SUPPORTS, _word(label), str(record.get("source", "")))


def _word(label: str | bool | int) -> str:
    return str(int(label)) if isinstance(label, bool) else str(label)


def records(path: Path, data: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of each line that is not blank. Raises ImportFailed, with file and line, for what is no JSON object."""
    try:
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ImportFailed(f"{path} cannot be read ({error}): it must be JSON Lines in UTF-8, plain or gzip.") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                record = json.loads(line)
            except ValueError as error:
                raise ImportFailed(f"{path}:{number} is not JSON ({error}).") from None
            if not isinstance(record, dict):
                raise ImportFailed(f"{path}:{number} is not a JSON object.")
            yield number, record


def file_bytes(path: Path) -> bytes:
    """The file as it is. Raises ImportFailed if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImportFailed(f"{path} cannot be read ({error.strerror or error}). Check the name and the permissions.") from error
