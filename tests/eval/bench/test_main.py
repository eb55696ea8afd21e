from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from eval.bench import __main__ as bench
from eval.bench import first_token, speed
from eval.bench.__main__ import Figure, main, table
from eval.bench.retrieval import corpus, judgements, measure_scifact, per_claim
from rag.errors import ImportFailed
from rag.ingestion.bundled import bundled_papers

ABSTRACTS = {
    7: ("Honey bees", ["Bees dance in the hive.", "They point to flowers."]),
    8: ("Ants", ["Ants walk in lines.", "They follow a scent."]),
    9: ("Wasps", ["Wasps build nests of paper."]),
}


def scifact(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    records = [{"doc_id": id, "title": title, "abstract": abstract} for id, (title, abstract) in ABSTRACTS.items()]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    claims = {"1": "Bees dance to point to flowers.", "2": "Wasps make their nests from paper.", "3": "not a test claim"}
    (folder / "queries.jsonl").write_text("".join(json.dumps({"_id": id, "text": text}) + "\n" for id, text in claims.items()))
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\t7\t1\n2\t9\t1\n")
    return folder


def test_the_corpus_is_read_with_its_sentences_joined(tmp_path: Path) -> None:
    papers = corpus(scifact(tmp_path))
    assert (papers[0].id, papers[0].title, papers[0].abstract) == (
        "7",
        "Honey bees",
        "Bees dance in the hive. They point to flowers.",
    )
    assert judgements(tmp_path) == {"1": {"7": 1}, "2": {"9": 1}}


def test_the_product_finds_the_papers_of_the_claims_and_keeps_its_library(tmp_path: Path) -> None:
    folder, home = scifact(tmp_path / "data"), tmp_path / "library"
    for _ in range(2):
        found = measure_scifact(folder, home)
        assert [one.way for one in found] == ["words", "meaning", "both"]
        assert [one.ndcg_10.value for one in found] == [1.0, 1.0, 1.0]
        assert [one.recall_100.n for one in found] == [2, 2, 2]


def test_measures_agree_with_a_sum_done_by_hand() -> None:
    run = {"1": [("a", 3.0), ("b", 2.0), ("c", 1.0)], "2": []}
    judged = {"1": {"b": 1, "c": 1, "d": 1}, "2": {"a": 1}}
    ndcg, recall = per_claim(run, judged)
    gained = 1 / math.log2(3) + 1 / math.log2(4)
    best = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg == {"1": pytest.approx(gained / best), "2": 0.0}
    assert recall == {"1": pytest.approx(2 / 3), "2": 0.0}


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("corpus.jsonl", "{", "corpus.jsonl:1 is not JSON"),
        ("corpus.jsonl", "[1]", "corpus.jsonl:1 lacks one of doc_id, title, abstract"),
        ("queries.jsonl", '{"_id": "1"}', "queries.jsonl:1 lacks one of _id, text"),
        ("qrels/test.tsv", "head\n1 7 1\n", "has a line that is not claim, paper and relevance"),
        ("qrels/test.tsv", "head\n", "No claim has a judgement"),
    ],
)
def test_damaged_data_is_named(tmp_path: Path, file: str, text: str, said: str) -> None:
    folder = scifact(tmp_path / "data")
    (folder / file).write_text(text)
    with pytest.raises(ImportFailed, match=said):
        measure_scifact(folder, tmp_path / "library")


def test_a_missing_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--scifact", str(tmp_path / "nowhere"), "--no-speed"]) == 1
    assert "give the folder of SciFact's files" in capsys.readouterr().err


def test_figures_of_search_are_printed_with_the_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--scifact", str(scifact(tmp_path / "data")), "--cache", str(tmp_path / "library"), "--no-speed"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("SciFact test, 2 claims, both     nDCG@10 1.000 (1.000–1.000), R@100 1.000")
    assert lines[-1].endswith("nDCG@10 ≥ 0.73")


def test_nothing_to_measure_and_a_wrong_count_are_usage_errors() -> None:
    for arguments in (["--no-speed"], ["--repetitions", "0"], ["--repetitions", "many"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2


def test_what_is_compared_runs_in_turn_after_a_round_that_is_not_timed() -> None:
    order: list[str] = []
    seconds = speed.in_turn([lambda: order.append("a"), lambda: order.append("b")], 2)
    assert order == ["a", "b"] * 3
    assert [len(taken) for taken in seconds] == [2, 2]


def test_without_its_model_chroma_is_not_measured_and_the_way_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "chroma_folder", lambda: tmp_path)
    assert str(tmp_path) in speed.chroma_missing()
    (figure,) = bench.encoding_figures(["What do bees do?"], 1)
    assert figure.value.startswith("not measured: config.json, model.onnx")
    assert "nothing is downloaded" in figure.value
    for name in speed.CHROMA_FILES:
        (tmp_path / name).write_text("")
    assert speed.chroma_missing() == ""


def test_a_command_that_fails_or_is_not_there_gives_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "paperchat"
    monkeypatch.setattr(speed, "command", lambda: fake)
    assert bench.cold_figure(tmp_path, "Why?", 1).value == f"not measured: there is no {fake}: install the project"
    fake.write_text("#!/bin/sh\necho first >&2; echo broken >&2; exit 1\n")
    fake.chmod(0o755)
    assert bench.cold_figure(tmp_path, "Why?", 1).value == "not measured: `paperchat ask` ended with exit code 1: broken"


def test_a_command_that_works_is_set_against_the_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "paperchat"
    fake.write_text('#!/bin/sh\ntest "$1" = ask && test "$PAPERCHAT_HOME" = "$(dirname "$0")" && exit 3\nexit 1\n')
    fake.chmod(0o755)
    monkeypatch.setattr(speed, "command", lambda: fake)
    monkeypatch.setattr(speed, "LIBRARIES", "import time; time.sleep(0.2)")
    found = speed.cold(tmp_path, "Why?", 1)
    assert not isinstance(found, str)
    assert found[0] < found[1]


def test_the_texts_timed_are_those_that_the_index_is_made_of() -> None:
    texts = speed.passage_texts(bundled_papers())
    assert len(texts) >= 58
    assert texts[0].startswith("The Topology and Geometry of Neural Representations. A central question")


def test_the_table_sets_targets_beside_figures() -> None:
    assert table([Figure("speed", "3 ×", "≥ 2 ×"), Figure("a long name", "1", "")]) == "speed        3 ×  ≥ 2 ×\na long name  1"


def test_every_token_is_timed_on_both_sides() -> None:
    ours, plain = first_token.first_token(1)
    for side in (ours, plain):
        assert side.every > 0
        assert 0 < side.first == side.first_p95
    assert bench.first_token_figure(1).target == "≤ 10 ms"
