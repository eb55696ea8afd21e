"""The sentences that misstate the papers: what a file must hold, how catches are counted, and the command."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.checker.inventions import PARAPHRASE, WAYS, Quoted, Written, bundled_inventions, main, read_inventions, share, table
from rag.errors import ImportFailed
from rag.types import Judgement, Verdict

ABSTRACTS = {"p": "Bees dance. They do so in the dark."}


def _line(**changes: object) -> str:
    record = {
        "id": "a",
        "way": "name",
        "split": "dev",
        "claim": "Ants dance.",
        "evidence": [{"paper": "p", "text": "Bees dance."}],
    }
    return json.dumps(record | changes)


def _file(folder: Path, line: str) -> Path:
    path = folder / "cases.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    return path


def test_the_bundled_set_is_large_and_has_every_way_in_both_splits() -> None:
    cases = bundled_inventions()
    ways = Counter(case.way for case in cases)
    assert len({case.id for case in cases}) == len({case.claim for case in cases}) == len(cases) >= 200
    assert set(ways) == set(WAYS)
    assert ways[PARAPHRASE] >= 100
    assert {(case.way, case.split) for case in cases} == {(way, split) for way in WAYS for split in ("dev", "test")}


def test_no_paper_is_on_both_sides_of_the_split() -> None:
    splits: dict[str, set[str]] = {}
    for case in bundled_inventions():
        splits.setdefault(case.evidence[0].paper, set()).add(case.split)
    assert all(len(own) == 1 for own in splits.values())


def test_a_line_is_read_field_by_field(tmp_path: Path) -> None:
    (case,) = read_inventions(_file(tmp_path, _line()), ABSTRACTS)
    assert case == Written("a", "name", "dev", "Ants dance.", (Quoted("p", "Bees dance."),))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", ":1 is no case"),
        ("[]", ":1 is no case"),
        (_line(evidence="x"), ":1 is no case"),
        (_line(more=1), ":1 is no case"),
        (_line(way="odd"), ":1: way must be one of"),
        (_line(split="all"), ":1: way must be one of"),
        (_line(evidence=[{"paper": "p", "text": "Ants dance."}]), "quotes what p does not say"),
        (_line(evidence=[{"paper": "q", "text": "Bees dance."}]), "quotes what q does not say"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ImportFailed, match=said):
        read_inventions(_file(tmp_path, line), ABSTRACTS)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match=r"none\.jsonl cannot be read"):
        read_inventions(tmp_path / "none.jsonl", ABSTRACTS)


def _judged(way: str, verdict: Verdict) -> tuple[Written, Judgement]:
    return Written("a", way, "dev", "c", (Quoted("p", "t"),)), Judgement(verdict, 0.5, "why")


def test_shares_are_of_inventions_or_of_paraphrases() -> None:
    judged = [_judged("name", "partly"), _judged("tail", "supported"), _judged(PARAPHRASE, "unsupported")]
    caught, flagged = share(judged, True, ("partly", "unsupported")), share(judged, False, ("unsupported",))
    assert caught is not None
    assert (caught.value, caught.n) == (0.5, 2)
    assert flagged is not None
    assert (flagged.value, flagged.n) == (1.0, 1)
    assert share([], True, ("partly",)) is None
    assert "inventions not called supported: 50.0%" in table(judged)


def test_the_command_prints_the_table_and_reads_no_test_cases(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    paper = bundled_inventions()[0].evidence[0]
    line = _line(way="nowhere", claim="Cats sleep in boxes.", evidence=[{"paper": paper.paper, "text": paper.text}])
    path = _file(tmp_path, line)
    assert main(["--data", str(path)]) == 0
    assert "inventions not called supported: 100.0%" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--split", "test", "--show", "name"])
    assert main(["--data", str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl cannot be read" in capsys.readouterr().err
