"""Citation-Integrity (Sarol et al., Bioinformatics 2024): sentences of biomedical articles that cite another, held against passages of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.checker.converters.fields import mapping, text, texts
from eval.checker.labelled import Labelled, file_bytes, records
from rag.errors import ImportFailed

SUPPORTED = frozenset({"ACCURATE", "SUPPORT", "SUPPORTS"})
NONE = "IRRELEVANT"
"""The label where no passage is marked as evidence."""
_MARKER = re.compile(r"\s?[(\[](?:[\d,;–\- ]{0,40}<\|\w{1,20}\|>){1,20}[\d,;–\- ]{0,40}[)\]]|\s?[(\[]?<\|\w{1,20}\|>[)\]]?")
"""A bracket of placeholders and numbers, `[18,<|other_cit|>]`, or a placeholder alone."""
_WHICH = "Give a claims-….jsonl of Data/multivers-format: the other files hold whole paragraphs, without evidence."


def read(path: Path) -> Iterator[Labelled]:
    """A pair a sentence: it against the passages in which people found what it says, or against all of the article where they found none.

    The label is the one that most passages have; the placeholders of citations are taken out of the sentence.
    """
    beside = path.parent / "corpus.jsonl"
    corpus = {
        str(record.get("doc_id")): texts(record, "abstract", f"{beside}:{number}")
        for number, record in records(beside, file_bytes(beside))
    }
    for number, record in records(path, file_bytes(path)):
        yield _pair(record, corpus, f"{path}:{number}")


def _pair(record: dict[str, Any], corpus: dict[str, tuple[str, ...]], where: str) -> Labelled:
    if "claim" not in record and "sentences" in record:
        raise ImportFailed(f"{where} has no claim. {_WHICH}")
    claim = _MARKER.sub("", text(record, "claim", where)).strip()
    marked = mapping(record.get("evidence") or {}, where)
    cited = [str(one) for one in marked or record.get("cited_doc_ids") or ()]
    missing = next((one for one in cited if one not in corpus), None)
    if missing is not None:
        raise ImportFailed(f"{where} cites {missing}, which corpus.jsonl does not have.")
    labels = Counter(text(mapping(one, where), "label", where) for own in marked.values() for one in own)
    label = labels.most_common(1)[0][0] if labels else NONE
    evidence = tuple(sentence for one in cited for sentence in corpus[one])
    return Labelled(claim, evidence, label in SUPPORTED, label, "citation-integrity")
