"""The measures worked by hand, the files that people label, and the card that comes of them."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import WordHashEncoder
from hypothesis import given
from hypothesis import strategies as st

from eval.checker.calibrate import CHECKER, calibrate, main, overlap, quality, rationale_f1, table
from eval.checker.labelled import Labelled, LabelledSet, drawn, read_labelled, read_scifact, scifact_pairs
from eval.checker.own_sets import own_sets
from eval.checker.text_kinds import kind_of
from eval.stats.detection import (
    NEARLY,
    auroc,
    balanced_accuracy,
    balanced_interval,
    best_threshold,
    calibration_error,
    found,
)
from rag.errors import ImportFailed
from rag.grounding.checker import GroundingChecker
from rag.grounding.verdict import SUPPORTED

YES, NO = True, False


def test_balanced_accuracy_by_hand() -> None:
    # Of three true ones two are right, of two false ones one: (2/3 + 1/2) / 2.
    assert balanced_accuracy([YES, YES, YES, NO, NO], [YES, YES, NO, NO, YES]) == pytest.approx(7 / 12)
    assert balanced_accuracy([YES, YES], [YES, NO]) is None
    assert balanced_accuracy([], []) is None


def test_precision_recall_and_f1_of_the_unsupported_by_hand() -> None:
    # Three are unsupported; two were said to be, of which one is: P 1/2, R 1/3, F1 2/5.
    own = found([NO, NO, NO, YES, YES], [NO, YES, YES, NO, YES], kind=NO)
    assert (own.precision, own.recall, own.f1) == (pytest.approx(1 / 2), pytest.approx(1 / 3), pytest.approx(2 / 5))


def test_precision_has_no_value_where_nothing_was_said() -> None:
    own = found([NO, YES], [YES, YES], kind=NO)
    assert (own.precision, own.recall, own.f1) == (None, 0.0, 0.0)
    assert found([YES], [YES], kind=NO).recall is None


def test_auroc_by_hand() -> None:
    # Pairs (true, false): 0.9>0.5, 0.9>0.1, 0.5=0.5 (half), 0.5>0.1: 3.5 of 4.
    assert auroc([YES, YES, NO, NO], [0.9, 0.5, 0.5, 0.1]) == pytest.approx(3.5 / 4)
    assert auroc([YES, NO], [0.5, 0.5]) == 0.5
    assert auroc([YES], [0.5]) is None


def test_calibration_error_by_hand() -> None:
    # Bin 0.8: mean 0.85, half true, of two; bin 0.1: mean 0.1, none true, of one; bin 1.0 joins the last: 1.0, true.
    assert calibration_error([YES, NO, NO, YES], [0.82, 0.88, 0.1, 1.0]) == pytest.approx((2 * 0.35 + 0.1 + 0.0) / 4)
    assert calibration_error([], []) is None


def test_best_threshold_by_hand() -> None:
    # Between 0.4 and 0.6 both kinds are right but for the true one at 0.2.
    assert best_threshold([YES, NO, NO, YES, YES], [0.2, 0.3, 0.4, 0.6, 0.8]) == pytest.approx(0.5)
    # Cuts at 0.15, 0.25 and 0.6 differ by thousandths: the middle one.
    assert best_threshold([NO] * 1002 + [YES], [0.1] * 1000 + [0.2, 0.3, 0.9]) == pytest.approx(0.25)
    assert best_threshold([YES, YES], [0.2, 0.3]) is None
    assert quality([YES, NO], [0.5, 0.5], best_threshold([YES, NO], [0.5, 0.5]) or 0).balanced_accuracy == 0.5


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 8).map(lambda eighth: eighth / 8)), min_size=1, max_size=30))
def test_measures_agree_with_their_definitions(rows: list[tuple[bool, float]]) -> None:
    truth, scores = [own for own, _ in rows], [score for _, score in rows]
    pairs = [
        (one, two)
        for one, own in zip(scores, truth, strict=True)
        if own
        for two, other in zip(scores, truth, strict=True)
        if not other
    ]
    if not pairs:
        assert auroc(truth, scores) is best_threshold(truth, scores) is None
        return
    assert auroc(truth, scores) == pytest.approx(sum((one > two) + (one == two) / 2 for one, two in pairs) / len(pairs))
    threshold = best_threshold(truth, scores)
    assert threshold is not None
    reached = balanced_accuracy(truth, [score >= threshold for score in scores])
    others = [balanced_accuracy(truth, [score >= at / 16 for score in scores]) or 0 for at in range(18)]
    assert reached is not None
    assert reached >= max(others) - NEARLY - 1e-9


def _write(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_files_are_read_plain_or_compressed_with_their_fingerprint(tmp_path: Path) -> None:
    plain = _write(
        tmp_path / "a.jsonl",
        {"claim": "A.", "evidence": "B.", "supported": 1, "source": "x"},
        {"claim": "C.", "evidence": ["D.", "E."], "label": "partially_supported"},
        {"claim": "F.", "evidence": [], "label": "SUPPORTS"},
        {"claim": "G.", "evidence": "H.", "supported": False},
    )
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    read = read_labelled(plain)
    assert read.pairs == read_labelled(packed).pairs
    assert read.sha256 == hashlib.sha256(plain.read_bytes()).hexdigest() != read_labelled(packed).sha256
    assert [pair.supported for pair in read.pairs] == [True, False, True, False]
    assert [pair.label for pair in read.pairs] == ["1", "partially_supported", "SUPPORTS", "0"]
    assert read.pairs[1].evidence == ("D.", "E.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", ":1 is not JSON"),
        ("[1]", ":1 is not a JSON object"),
        ('{"claim": "A."}', ":1 needs a claim"),
        ('{"claim": "A.", "evidence": [1], "label": "x"}', ":1 needs a claim"),
        ('{"claim": "A.", "evidence": "B."}', ":1 needs supported"),
        ("", "holds no pair"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "broken.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(ImportFailed, match=said):
        read_labelled(tmp_path / "broken.jsonl")


def test_what_is_no_text_or_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"x" * 1000)[:20])
    for name in ("cut.gz", "missing.jsonl"):
        with pytest.raises(ImportFailed, match=name):
            read_labelled(tmp_path / name)


def test_drawing_takes_as_many_of_each_source_and_label_the_same_each_time() -> None:
    pairs = [Labelled(f"c{at}", ("e",), at % 3 == 0, str(at % 3), "ab"[at % 2]) for at in range(60)]
    some = drawn(pairs, 4)
    assert some == drawn(pairs, 4)
    assert len(some) == 16
    assert drawn(pairs, 100) == pairs


def test_overlap_is_the_share_of_stems() -> None:
    assert overlap(Labelled("Networks learn features", ("A network learns.", "Nothing."), True, "1")) == pytest.approx(2 / 3)
    assert overlap(Labelled("", (), False, "0")) == 0


def _set(name: str) -> LabelledSet:
    source = "Sparse networks train quickly on small graphs."
    pairs = (
        Labelled(source, (source,), True, "SUPPORT"),
        Labelled("Sparse networks train quickly on graphs.", (source,), True, "SUPPORT"),
        Labelled("Sparse networks do not train quickly on small graphs.", (source,), False, "CONTRADICT"),
        Labelled("Proteins fold.", (source,), False, "NEI"),
    )
    return LabelledSet(name, "0" * 64, pairs)


def test_the_card_tells_ways_thresholds_and_verdicts_by_label() -> None:
    checker = GroundingChecker(WordHashEncoder())
    card = calibrate(checker, [_set("dev")], _set("train"))
    (one,) = card.sets
    assert card.checker == checker.name
    assert card.train == {"name": "train", "sha256": "0" * 64, "n": 4}
    assert set(one.ways) == {"constant", "word overlap", "encoder similarity", CHECKER}
    assert one.ways["constant"].balanced_accuracy == 0.5
    assert one.ways[CHECKER].balanced_accuracy == 1.0
    assert one.ways["word overlap"].balanced_accuracy != 1.0
    assert one.confusion["CONTRADICT"] == {"unsupported": 1}
    assert json.loads(card.text())["sets"][0]["n"] == 4
    assert "CONTRADICT: unsupported 1" in table(card)


def test_a_known_card_gives_the_baselines_thresholds_from_the_same_training_pairs() -> None:
    checker = GroundingChecker(WordHashEncoder())
    card = calibrate(checker, [_set("dev")], _set("train"))
    known = replace(card, thresholds={**card.thresholds, "word overlap": 0.123, CHECKER: 0.9})
    again = calibrate(checker, [_set("dev")], _set("train"), known=known)
    assert again.thresholds == {**card.thresholds, "word overlap": 0.123}
    other = replace(known, train={"name": "train", "sha256": "1" * 64, "n": 4})
    assert calibrate(checker, [_set("dev")], _set("train"), known=other).thresholds == card.thresholds


def test_without_training_pairs_the_checker_keeps_its_own_threshold() -> None:
    card = calibrate(GroundingChecker(WordHashEncoder()), [_set("dev")])
    assert card.thresholds[CHECKER] == SUPPORTED
    assert card.train is None


def _scifact(folder: Path) -> Path:
    _write(
        folder / "corpus.jsonl",
        {"doc_id": 7, "title": "T", "abstract": ["Mice were kept.", "Zinc lowers fever in mice.", "More work is due."]},
    )
    _write(
        folder / "claims_dev.jsonl",
        {
            "id": 1,
            "claim": "Zinc lowers fever in mice.",
            "evidence": {"7": [{"sentences": [1], "label": "SUPPORT"}]},
            "cited_doc_ids": [7],
        },
        {
            "id": 2,
            "claim": "Zinc raises fever in mice.",
            "evidence": {"7": [{"sentences": [1], "label": "CONTRADICT"}]},
            "cited_doc_ids": [7],
        },
        {"id": 3, "claim": "Iron cures colds.", "evidence": {}, "cited_doc_ids": [7]},
    )
    return folder


def test_scifact_is_claim_against_abstract(tmp_path: Path) -> None:
    reasoned = read_scifact(_scifact(tmp_path))
    assert [pair.label for pair in scifact_pairs(reasoned)] == ["SUPPORT", "CONTRADICT", "NOT_ENOUGH"]
    assert [pair.supported for pair in scifact_pairs(reasoned)] == [True, False, False]
    assert [one.rationale for one in reasoned] == [{1}, {1}, set()]


def test_rationale_f1_by_hand(tmp_path: Path) -> None:
    class Fixed(GroundingChecker):
        def rationale(self, claim: str, sentences: object) -> list[int]:
            return [0, 1]

    # Two settled claims, each one sentence marked, two chosen, one of them right: 2·2 / (4 + 2).
    assert rationale_f1(Fixed(WordHashEncoder()), read_scifact(_scifact(tmp_path))) == pytest.approx(4 / 6)
    assert rationale_f1(Fixed(WordHashEncoder()), ()) is None


def test_the_command_prints_the_table_and_writes_the_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, card = _scifact(tmp_path), tmp_path / "card.json"
    data = _write(
        tmp_path / "data.jsonl",
        {"claim": "Zinc lowers fever.", "evidence": "Zinc lowers fever in mice.", "supported": 1},
        {"claim": "Zinc raises fever.", "evidence": "Zinc lowers fever in mice.", "supported": 0},
    )
    assert main(["--train", str(data), "--data", str(data), "--scifact", str(folder), "--card", str(card)]) == 0
    said = capsys.readouterr().out
    assert "data.jsonl: 2 claims" in said
    assert "sentences that settle the claim: F1" in said
    kept = json.loads(card.read_text(encoding="utf-8"))
    assert [one["name"] for one in kept["sets"]] == ["data.jsonl", "scifact claims_dev.jsonl"]
    assert kept["sets"][0]["sha256"] == hashlib.sha256(data.read_bytes()).hexdigest()


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path / "none.jsonl")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Error: ")
    assert "none.jsonl cannot be read (No such file or directory). Check the name and the permissions." in said
    with pytest.raises(SystemExit):
        main([])


def test_the_interval_of_balanced_accuracy_is_drawn_by_documents() -> None:
    truth, said = [YES, NO] * 40, [YES, NO] * 30 + [NO, YES] * 10
    by_claim = balanced_interval(truth, said, range(80))
    by_document = balanced_interval(truth, said, [at // 20 for at in range(80)])
    assert by_claim is not None
    assert by_document is not None
    assert by_claim[0] < 0.75 < by_claim[1]
    assert by_document[1] - by_document[0] > by_claim[1] - by_claim[0]
    assert balanced_interval([YES, YES], [YES, NO], range(2)) is None
    assert balanced_interval([YES, NO], [YES, NO], [0, 0]) is None


def test_the_checker_keeps_the_threshold_of_its_verdicts() -> None:
    card = calibrate(GroundingChecker(WordHashEncoder()), [_set("dev")], _set("train"))
    assert card.thresholds[CHECKER] == card.sets[0].ways[CHECKER].threshold == SUPPORTED


@pytest.mark.parametrize(
    ("name", "source", "kind"),
    [
        ("x.jsonl", "ragtruth/QA", "model answers"),
        ("wice_dev.jsonl", "", "Wikipedia claims"),
        ("summedits_news.jsonl", "indom+", "summaries"),
        ("mine.jsonl", "", ""),
    ],
)
def test_a_set_has_its_kind_of_text(name: str, source: str, kind: str) -> None:
    assert kind_of(LabelledSet(name, "", (Labelled("A.", ("B.",), True, "1", source),))) == kind


def test_our_own_papers_give_quotes_and_inventions() -> None:
    quotes, inventions = own_sets()
    assert {pair.label for pair in quotes.pairs} == {"as it is", "number", "name", "negation"}
    assert all(pair.supported == (pair.claim == pair.evidence[0]) for pair in quotes.pairs)
    assert {pair.supported for pair in inventions.pairs} == {True, False}
    assert (kind_of(quotes), kind_of(inventions)) == ("quotes", "paraphrases")


def test_a_public_set_is_measured_in_one_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    claim = {"claim": "Zinc lowers fever.", "evidence": ["Zinc lowers fever in mice."], "label": "supported"}
    other = {**claim, "claim": "Zinc raises fever.", "label": "not_supported"}
    path = _write(tmp_path / "test.jsonl", claim, other)
    assert main(["--set", f"wice={path}"]) == 0
    said = capsys.readouterr().out
    assert "wice test.jsonl (Wikipedia claims): 2 claims" in said
    assert "not_supported: unsupported 1" in said
    assert main(["--set", "nothing"]) == 1
    assert "FORMAT=FILE" in capsys.readouterr().err
