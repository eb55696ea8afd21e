"""Which tokens papers use: ``python -m eval.training.reader.vocabulary --data DIR --tokenizer FILE --out used.json``.

Counts every token of the public abstracts and of the training texts; the export
leaves out the rows of tokens that none of them uses.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Tokenizer


def texts(data: Path) -> Iterator[str]:
    """All texts: 100,000 arXiv abstracts, SciFact's, the reading set, the public pairs."""
    with gzip.open(data / "abstracts-100k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["title"] + " " + row["abstract"]
    with (data / "scifact" / "corpus.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["title"] + " " + " ".join(row["abstract"])
    with (data / "reading" / "train.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            for key in ("answerable", "unanswerable"):
                yield " ".join(item["question"] for item in row[key])
            yield " ".join([*row["sentences"], *(c["claim"] for c in row["claims"])])
    with gzip.open(data / "grounding" / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            evidence = row["evidence"]
            joined = evidence if isinstance(evidence, str) else " ".join(evidence)
            yield row["claim"] + " " + joined


def main() -> None:
    """Write the ids of the tokens in use."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(args.tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    used: set[int] = set()
    block: list[str] = []
    for text in texts(args.data):
        block.append(text)
        if len(block) == 1000:
            for found in tokenizer.encode_batch(block):
                used.update(found.ids)
            block.clear()
    for found in tokenizer.encode_batch(block or [""]):
        used.update(found.ids)
    args.out.write_text(json.dumps(sorted(used)))
    print("tokens in use:", len(used))


if __name__ == "__main__":
    main()
