"""Public formats of labelled claims: small files of our own in their shape, what comes out, and what is said of a broken one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.checker.converters import FORMATS, convert, main
from eval.checker.labelled import read_labelled
from rag.errors import ImportFailed

WICE = {
    "label": "partially_supported",
    "supporting_sentences": [[0]],
    "claim": "Bees dance at night.",
    "evidence": ["Bees dance. "],
}
SUMMEDITS = {
    "id": "a_1",
    "doc": "Bees dance.",
    "summary": "Ants dance.",
    "original_summary": "Bees dance.",
    "label": 0,
    "edit_types": [],
}
HEALTHVER = 'id,evidence,claim,label,topic_ip,question\n1,"Bees, in short,\ndance.",Bees dance.,Supports,1,Do they?\n2,Bees dance.,Ants dance.,Neutral,1,Do they?\n'
SOURCES = [
    {"source_id": "1", "task_type": "Summary", "source_info": "Bees dance."},
    {
        "source_id": "2",
        "task_type": "QA",
        "source_info": {"question": "?", "passages": "passage 1:Bees dance.\n\npassage 2:Ants walk.\n\n"},
    },
    {"source_id": "3", "task_type": "Data2txt", "source_info": {"name": "Hive", "hours": {"Monday": "9-5"}}},
]
ANSWER = "Bees dance. They do so at night. They are bees."
ANSWERS = [
    {
        "id": "1",
        "source_id": "1",
        "labels": [
            {"start": 23, "end": 31, "text": "at night", "label_type": "Evident Baseless Info", "implicit_true": False},
            {"start": 33, "end": 46, "text": "They are bees", "label_type": "Subtle Baseless Info", "implicit_true": True},
        ],
        "quality": "good",
        "response": ANSWER,
    },
    {"id": "2", "source_id": "2", "labels": [], "quality": "truncated", "response": "Bees da"},
    {"id": "3", "source_id": "2", "labels": [], "quality": "good", "response": "Ants walk."},
    {"id": "4", "source_id": "3", "labels": [], "quality": "good", "response": "It opens at nine."},
]
TRIALS = {"NCT1": {"Results": ["Fever fell. ", "By 2 degrees."]}, "NCT2": {"Results": ["Fever rose."]}}
STATEMENTS = {
    "u1": {"Type": "Single", "Section_id": "Results", "Primary_id": "NCT1", "Statement": "Fever fell.", "Label": "Entailment"},
    "u2": {
        "Type": "Comparison",
        "Section_id": "Results",
        "Primary_id": "NCT1",
        "Secondary_id": "NCT2",
        "Statement": "Fever rose in both.",
        "Label": "Contradiction",
    },
}
CORPUS = {"doc_id": 7, "title": "T", "abstract": ["Mice were kept. ", "Zinc lowers fever."], "structured": False}
CLAIMS = [
    {"id": 1, "claim": "Zinc helps.", "evidence": {"7": [{"sentences": [1], "label": "SUPPORT"}]}, "cited_doc_ids": [7]},
    {"id": 2, "claim": "Zinc harms.", "evidence": {}, "cited_doc_ids": [7]},
]


def _lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def _file(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    _lines(tmp_path / "source_info.jsonl", *SOURCES)
    _lines(tmp_path / "corpus.jsonl", CORPUS)
    for name, trial in TRIALS.items():
        _file(tmp_path / "CT json" / f"{name}.json", json.dumps(trial))
    return {
        "wice": _lines(tmp_path / "dev.jsonl", WICE, WICE | {"label": "supported"}),
        "summedits": _file(tmp_path / "summedits_x.json", json.dumps([SUMMEDITS, SUMMEDITS | {"label": 1}])),
        "healthver": _file(tmp_path / "healthver_x.csv", HEALTHVER),
        "ragtruth": _lines(tmp_path / "response.jsonl", *ANSWERS),
        "nli4ct": _file(tmp_path / "dev.json", json.dumps(STATEMENTS)),
        "scifact": _lines(tmp_path / "claims_dev.jsonl", *CLAIMS),
    }


WANTED = {
    "wice": [
        ("Bees dance at night.", ("Bees dance.",), "partially_supported", False),
        ("Bees dance at night.", ("Bees dance.",), "supported", True),
    ],
    "summedits": [("Ants dance.", ("Bees dance.",), "0", False), ("Ants dance.", ("Bees dance.",), "1", True)],
    "healthver": [
        ("Bees dance.", ("Bees, in short,\ndance.",), "Supports", True),
        ("Ants dance.", ("Bees dance.",), "Neutral", False),
    ],
    "ragtruth": [
        ("Bees dance.", ("Bees dance.",), "supported", True),
        ("They do so at night.", ("Bees dance.",), "Evident Baseless Info", False),
        ("They are bees.", ("Bees dance.",), "supported", True),
        ("Ants walk.", ("Bees dance.", "Ants walk."), "supported", True),
        ("It opens at nine.", ('name: "Hive"', 'hours: {"Monday": "9-5"}'), "supported", True),
    ],
    "nli4ct": [
        ("Fever fell.", ("Fever fell.", "By 2 degrees."), "Entailment", True),
        ("Fever rose in both.", ("Fever fell.", "By 2 degrees.", "Fever rose."), "Contradiction", False),
    ],
    "scifact": [
        ("Zinc helps.", ("Mice were kept.", "Zinc lowers fever."), "SUPPORT", True),
        ("Zinc harms.", ("Mice were kept.", "Zinc lowers fever."), "NOT_ENOUGH", False),
    ],
}


def test_every_format_is_tried() -> None:
    assert set(WANTED) == set(FORMATS)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_pairs_come_out_with_their_labels(form: str, files: dict[str, Path]) -> None:
    pairs = convert(form, files[form])
    assert [(pair.claim, pair.evidence, pair.label, pair.supported) for pair in pairs] == WANTED[form]


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_what_is_written_is_what_calibration_reads(
    form: str, files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["--format", form, str(files[form]), "-o", str(out)]) == 0
    assert f"{len(WANTED[form])} claims" in capsys.readouterr().out
    read = read_labelled(out).pairs
    assert [(pair.claim, pair.evidence, pair.supported, pair.source) for pair in read] == [
        (claim, evidence, supported, form) for claim, evidence, _, supported in WANTED[form]
    ]


BROKEN = [
    ("wice", "{", ":1 is not JSON"),
    ("wice", '{"label": "supported", "claim": "A."}', ":1 has no list of texts under “evidence”"),
    ("wice", '{"label": "supported", "claim": " ", "evidence": []}', ":1 has no text under “claim”"),
    ("wice", "", "holds no labelled claim"),
    ("summedits", "[\n{", ":2 is not JSON"),
    ("summedits", "{}", "is not a list"),
    ("summedits", '[{"doc": "a", "summary": "b", "label": 2}]', "summary 1 has no label 0 or 1"),
    ("summedits", "[1]", "summary 1 is not a JSON object"),
    ("healthver", "claim,label\na,b\n", ":1 has no column evidence"),
    ("healthver", "claim,label,evidence\nA.,Supports,\n", ":2 has no text under “evidence”"),
    ("healthver", 'claim,label,evidence\n"A"x,b,c\n', " is not CSV"),
    ("ragtruth", '{"source_id": "9", "response": "A."}', "speaks of source 9"),
    ("ragtruth", '{"source_id": "1", "response": "A.", "labels": [{}]}', ":1 marks words without start and end"),
    ("nli4ct", '{"u": {"Type": "Single"}}', "u has no text under “Section_id”"),
    (
        "nli4ct",
        '{"u": {"Type": "Single", "Section_id": "Results", "Primary_id": "NCT9", "Statement": "A.", "Label": "Entailment"}}',
        r"NCT9\.json cannot be read",
    ),
    ("scifact", '{"claim": "A.", "evidence": {}, "cited_doc_ids": [8]}', ":1 cites 8"),
    ("scifact", '{"claim": "A."}', ":1 is no claim of SciFact"),
]


@pytest.mark.parametrize(("form", "text", "said"), BROKEN)
def test_what_is_broken_is_named(form: str, text: str, said: str, files: dict[str, Path]) -> None:
    files[form].write_text(text, encoding="utf-8")
    with pytest.raises(ImportFailed, match=said):
        convert(form, files[form])


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_missing_file_is_named_and_nothing_is_written(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["--format", form, str(tmp_path / "claims_none.jsonl"), "-o", str(out)]) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert not out.exists()
