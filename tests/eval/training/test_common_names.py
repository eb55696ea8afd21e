"""Names that many abstracts share: which are counted, and that the shipped file is read as it is written."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.training import common_names
from eval.training.common_names import LEAST, main, shared
from rag.text.frequency import is_common_name


def test_what_enough_abstracts_have_is_shared_and_no_plain_or_rare_word() -> None:
    texts = [*["We run ResNet-50 AND bees on a GPU."] * LEAST, *["We run QuiltBench."] * (LEAST - 1)]
    assert shared(texts) == {"resnet 50", "gpu"}


def test_the_file_is_read_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common_names, "OUT", tmp_path / "names.txt")
    rows = [{"title": "T", "abstract": text} for text in ["On ResNet-50."] * LEAST]
    rows += [{"title": "T", "abstract": ["Of HIV."]} for _ in range(LEAST)]
    path = tmp_path / "abstracts.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    assert main([str(path)]) == 0
    assert (tmp_path / "names.txt").read_text(encoding="utf-8").splitlines()[-1] == "hiv resnet_50"


@pytest.mark.parametrize(
    ("name", "common"), [("GPU", True), ("GPUs", True), ("CIFAR-10", True), ("HIV", True), ("QuiltBench", False), ("THE", False)]
)
def test_the_shipped_names_are_those_of_the_field(name: str, common: bool) -> None:
    assert is_common_name(name) is common
