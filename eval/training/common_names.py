"""Makes `rag/data/common_names.txt`: coined names that many abstracts share, so that they tell no paper from others.

`python -m eval.training.common_names FILE...` reads JSON Lines (plain or .gz) of `title` and `abstract` (a text or a list of sentences). Kept is what
stands in one of a thousand abstracts of a file, and in `LEAST` at least.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import fill

from eval.training.material import rows_of
from rag.text.names import coined
from rag.text.words import is_content, words

OUT = Path("rag") / "data" / "common_names.txt"
SHARE = 0.001
LEAST = 8
"""Abstracts. Chosen, as the share."""
HEAD = """# Coined names that many abstracts share, so that they tell no paper from others (`GPU`, `ImageNet`, `HIV`): in lower case, as words.
# Made by `eval/training/common_names.py` from 100,000 arXiv abstracts (CC0) and 5,183 biomedical ones (Semantic Scholar, ODC-By).
[names]
"""


def shared(texts: Iterable[str]) -> set[str]:
    """The coined names of the texts that a thousandth of them share, as their words."""
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        total += 1
        counts.update({" ".join(words(name)) for name in coined(text)})
    return {name for name, count in counts.items() if count >= max(LEAST, SHARE * total) and is_content(name)}


def texts(path: Path) -> Iterable[str]:
    for row in rows_of(path):
        abstract = row["abstract"]
        yield f"{row['title']} {abstract if isinstance(abstract, str) else ' '.join(abstract)}"


def main(arguments: Sequence[str] | None = None) -> int:
    paths = list(map(Path, sys.argv[1:] if arguments is None else arguments))
    names = sorted(set().union(*(shared(texts(path)) for path in paths)))
    listed = " ".join(name.replace(" ", "_") for name in names)
    written = fill(listed, 128, break_long_words=False, break_on_hyphens=False)
    OUT.write_text(f"{HEAD}{written}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
