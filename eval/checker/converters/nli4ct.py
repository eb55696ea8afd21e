"""NLI4CT (Jullien et al., SemEval 2023, task 7): statements about one section of one or two clinical trials."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.checker.converters.fields import document, mapping, text, texts
from eval.checker.labelled import Labelled

_TRIALS = "CT json"


def read(path: Path) -> Iterator[Labelled]:
    trials: dict[str, dict[str, Any]] = {}
    for name, one in mapping(document(path), str(path)).items():
        where = f"{path}, {name}"
        record = mapping(one, where)
        section, label = text(record, "Section_id", where), text(record, "Label", where)
        evidence: tuple[str, ...] = ()
        for key in ("Primary_id", "Secondary_id")[: 2 if record.get("Type") == "Comparison" else 1]:
            trial = text(record, key, where)
            if trial not in trials:
                trials[trial] = _trial(path.parent / _TRIALS / f"{Path(trial).name}.json")
            evidence += texts(trials[trial], section, f"{where}, trial {trial}")
        yield Labelled(text(record, "Statement", where), evidence, label == "Entailment", label, "nli4ct")


def _trial(path: Path) -> dict[str, Any]:
    return mapping(document(path), str(path))
