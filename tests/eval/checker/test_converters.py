"""Public formats of labelled claims: small files of our own in their shape, what comes out, and what is said of a broken one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.checker.converters import FORMATS, convert, main, named
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


READING = {
    "id": "p",
    "sentences": ["Bees dance.", "Ants walk."],
    "claims": [
        {"claim": "Ants do walk.", "verdict": "supported", "sentences": [1], "wrong": ""},
        {"claim": "Bees often dance.", "verdict": "partly", "sentences": [0, 1], "wrong": "often"},
        {"claim": "Nobody sleeps.", "verdict": "unsupported", "sentences": [], "wrong": ""},
    ],
}
CITED = {"doc_id": 9, "title": "T", "abstract": ["Zinc lowers fever."], "structured": False}
CITING = [
    {
        "id": 0,
        "claim": "Zinc, it is said (<|multi_cit|>), helps<|cit|>.",
        "evidence": {"9": [{"sentences": [0], "label": "ACCURATE"}]},
        "cited_doc_ids": [9],
    },
    {
        "id": 1,
        "claim": "Zinc harms [<|cit|>].",
        "evidence": {"9": [{"sentences": [0], "label": "NOT_ACCURATE"}]},
        "cited_doc_ids": [9],
    },
    {"id": 2, "claim": "Zinc is blue <|cit|>.", "evidence": {}, "cited_doc_ids": [9]},
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
    (tmp_path / "cited").mkdir()
    _lines(tmp_path / "cited" / "corpus.jsonl", CITED)
    for name, trial in TRIALS.items():
        _file(tmp_path / "CT json" / f"{name}.json", json.dumps(trial))
    return {
        "wice": _lines(tmp_path / "dev.jsonl", WICE, WICE | {"label": "supported"}),
        "summedits": _file(tmp_path / "summedits_x.json", json.dumps([SUMMEDITS, SUMMEDITS | {"label": 1}])),
        "healthver": _file(tmp_path / "healthver_x.csv", HEALTHVER),
        "ragtruth": _lines(tmp_path / "response.jsonl", *ANSWERS),
        "citation-integrity": _lines(tmp_path / "cited" / "claims_test.jsonl", *CITING),
        "reading": _lines(tmp_path / "reading.jsonl", READING),
        "reading-abstracts": _lines(tmp_path / "reading.jsonl", READING),
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
    "reading": [
        ("Ants do walk.", ("Ants walk.",), "supported", True),
        ("Bees often dance.", ("Bees dance.", "Ants walk."), "partly", False),
    ],
    "reading-abstracts": [
        ("Ants do walk.", ("Bees dance.", "Ants walk."), "supported", True),
        ("Bees often dance.", ("Bees dance.", "Ants walk."), "partly", False),
        ("Nobody sleeps.", ("Bees dance.", "Ants walk."), "unsupported", False),
    ],
    "citation-integrity": [
        ("Zinc, it is said, helps.", ("Zinc lowers fever.",), "ACCURATE", True),
        ("Zinc harms.", ("Zinc lowers fever.",), "NOT_ACCURATE", False),
        ("Zinc is blue.", ("Zinc lowers fever.",), "IRRELEVANT", False),
    ],
    "scifact": [
        ("Zinc helps.", ("Mice were kept.", "Zinc lowers fever."), "SUPPORT", True),
        ("Zinc harms.", ("Mice were kept.", "Zinc lowers fever."), "NOT_ENOUGH", False),
    ],
}


def test_a_part_may_be_one_split(files: dict[str, Path]) -> None:
    records = [
        ANSWERS[2] | {"split": "train"},
        ANSWERS[2] | {"id": "5", "split": "test", "response": "Ants do walk."},
        ANSWERS[3] | {"split": "test"},
    ]
    _lines(files["ragtruth"], *records)
    assert [pair.claim for pair in convert("ragtruth", files["ragtruth"], "QA")] == ["Ants walk.", "Ants do walk."]
    assert [pair.claim for pair in convert("ragtruth", files["ragtruth"], "qa/test")] == ["Ants do walk."]
    with pytest.raises(ImportFailed, match="it has: Data2txt/test, QA/test, QA/train"):
        convert("ragtruth", files["ragtruth"], "QA/dev")


@pytest.mark.parametrize(
    ("claim", "bare"),
    [
        (
            "Zinc helps (4% to 38%)[<|other_cit|>,18,<|other_cit|>], and so on[18,<|other_cit|>].",
            "Zinc helps (4% to 38%), and so on.",
        ),
        ("Zinc helps. <|cit|>", "Zinc helps."),
        ("Zinc (a metal) helps [<|cit|>]", "Zinc (a metal) helps"),
    ],
)
def test_placeholders_of_citations_go_with_the_numbers_beside_them(claim: str, bare: str, files: dict[str, Path]) -> None:
    _lines(files["citation-integrity"], CITING[0] | {"claim": claim})
    (pair,) = convert("citation-integrity", files["citation-integrity"])
    assert pair.claim == bare


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
    assert [(pair.claim, pair.evidence, pair.supported, pair.source.partition("/")[0]) for pair in read] == [
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
    ("citation-integrity", '{"sentences": ["A."], "labels": [1]}', ":1 has no claim. Give a claims-"),
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


@pytest.mark.parametrize(
    ("form", "part", "kept"),
    [
        ("ragtruth", "QA", ["Ants walk."]),
        ("ragtruth", "data2txt", ["It opens at nine."]),
        ("summedits", "x", ["Ants dance."] * 2),
    ],
)
def test_one_part_of_a_set_alone(form: str, part: str, kept: list[str], files: dict[str, Path], tmp_path: Path) -> None:
    assert [pair.claim for pair in convert(form, files[form], part)] == kept
    assert main(["--format", form, "--part", part, str(files[form]), "-o", str(tmp_path / "out.jsonl")]) == 0
    with pytest.raises(ImportFailed, match="has no part 'poems'; it has: "):
        convert(form, files[form], "poems")


def test_all_domains_in_one_file_of_lines(tmp_path: Path) -> None:
    path = _lines(tmp_path / "all.jsonl", SUMMEDITS | {"domain": "news"}, SUMMEDITS | {"domain": "scitldr", "label": 1})
    assert [pair.label for pair in convert("summedits", path, "scitldr")] == ["1"]


def test_what_claims_nothing_in_an_answer_is_no_pair(tmp_path: Path) -> None:
    _lines(tmp_path / "source_info.jsonl", *SOURCES)
    answer = {**ANSWERS[2], "response": "Based on the passages, ants walk. 2. I hope this helps!"}
    assert [pair.claim for pair in convert("ragtruth", _lines(tmp_path / "response.jsonl", answer))] == ["Ants walk."]


def test_a_set_is_named_by_format_part_and_file() -> None:
    assert named("ragtruth/QA=a=b.jsonl") == ("ragtruth", "QA", Path("a=b.jsonl"))
    assert named("wice=test.jsonl") == ("wice", "", Path("test.jsonl"))
    for wrong in ("wice", "nothing=x", ""):
        with pytest.raises(ImportFailed, match="FORMAT=FILE"):
            named(wrong)


def test_people_s_label_words_are_kept_beside_what_they_count_as(tmp_path: Path, files: dict[str, Path]) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["--format", "wice", str(files["wice"]), "-o", str(out)]) == 0
    assert [(pair.label, pair.supported) for pair in read_labelled(out).pairs] == [
        ("partially_supported", False),
        ("supported", True),
    ]


PUBLISHED = {
    "wice=data/entailment_retrieval/claim/test.jsonl": {
        "data/entailment_retrieval/claim/test.jsonl": json.dumps(
            WICE | {"meta": {"id": "test00001", "claim_title": "Bee", "claim_section": "Dance", "claim_context": "[CLAIM] Bees"}}
        )
    },
    "healthver=data/healthver_test.csv": {"data/healthver_test.csv": HEALTHVER},
    "summedits/scitldr=data/summedits/summedits_scitldr.json": {"data/summedits/summedits_scitldr.json": json.dumps([SUMMEDITS])},
    "ragtruth/QA/test=dataset/response.jsonl": {
        "dataset/source_info.jsonl": "\n".join(json.dumps(one | {"source": "MARCO", "prompt": "?"}) for one in SOURCES),
        "dataset/response.jsonl": json.dumps(
            ANSWERS[2]
            | {
                "model": "gpt-4-0613",
                "temperature": 0.7,
                "split": "test",
                "labels": [
                    {
                        "start": 0,
                        "end": 4,
                        "text": "Ants",
                        "meta": "LOW INTRO",
                        "label_type": "Subtle Conflict",
                        "implicit_true": False,
                        "due_to_null": False,
                    }
                ],
            }
        ),
    },
    "citation-integrity=Data/multivers-format/claims-test.jsonl": {
        "Data/multivers-format/corpus.jsonl": json.dumps(CITED),
        "Data/multivers-format/claims-test.jsonl": json.dumps(CITING[1]),
    },
}
"""What `--set` is given in a folder of each publisher, and the files there, with all their fields."""


@pytest.mark.parametrize("given", PUBLISHED)
def test_a_publishers_folder_is_read_as_it_is(given: str, tmp_path: Path) -> None:
    for place, text in PUBLISHED[given].items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text + "\n", encoding="utf-8")
    form, part, path = named(given)
    pairs = convert(form, tmp_path / path, part)
    assert pairs
    assert all(pair.source.startswith(form) for pair in pairs)
