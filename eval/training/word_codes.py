"""Fits the codes that word states are stored in: `python -m eval.training.word_codes --data train.jsonl [--out FILE]`.

`--data` has abstracts with questions, a line an abstract, as `eval.bench.reading` reads them. Word states of the abstracts give the main directions and, part by part,
the centroids (product quantisation; directions are shared out among the parts so that each has as much variance, after Ge et al., “Optimized Product Quantization”, 2013).
The questions give one more figure: by how much the codes shorten the best cosine of a question's word.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.bench.reading import Asked, read
from eval.console import tell
from rag.library.encoder import OnnxEncoder
from rag.library.product_quantizer import CODEBOOK, ProductQuantizer
from rag.library.word_states import WordStates
from rag.types import Paper

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.protocols import Vectors
    from rag.types import SentenceVectors

PARTS = 24
"""Bytes a word: at 16 the gold sentence came first less often, at 48 not more often (251 dev questions)."""
DIRECTIONS = 192
"""They hold 86 % of the variance; what the others hold is better spent on these."""
CENTROIDS = 256
ABSTRACTS = 500
QUESTIONS = 200
ROWS = 40_000
ROUNDS = 10


class Unpacked(WordStates):
    """The word states as they are before they are packed."""

    def __init__(self, encoder: OnnxEncoder) -> None:
        super().__init__(encoder)
        self.codec = None


def fit(vectors: Vectors, seed: int = 0) -> dict[str, Vectors]:
    """Directions and centroids of rows of unit length, as `ProductQuantizer` reads them; the length is still 1."""
    import numpy as np

    draw = np.random.default_rng(seed)
    directions = shared_out(vectors, min(DIRECTIONS, vectors.shape[1]), PARTS)
    turned = (vectors @ directions).reshape(len(vectors), PARTS, -1)
    centroids = np.stack([_centroids(np.ascontiguousarray(turned[:, part]), draw) for part in range(PARTS)])
    return {"directions": directions, "centroids": centroids, "length": np.ones(1, np.float32)}


def shared_out(vectors: Vectors, count: int, parts: int) -> Vectors:
    """The main directions (dimensions × count), those of one part beside each other; each goes to the part with the least variance so far."""
    import numpy as np

    variances, directions = np.linalg.eigh((vectors.T @ vectors).astype(np.float64) / len(vectors))
    taken: list[list[int]] = [[] for _ in range(parts)]
    logs = [0.0] * parts
    for rank in range(count):
        open_ones = [part for part in range(parts) if len(taken[part]) < count // parts]
        least = min(open_ones, key=lambda part: (logs[part], part))
        taken[least].append(len(variances) - 1 - rank)
        logs[least] += float(np.log(max(variances[len(variances) - 1 - rank], 1e-9)))
    chosen: Vectors = directions[:, [column for own in taken for column in own]].astype(np.float32)
    return chosen


def _centroids(rows: Vectors, draw: np.random.Generator) -> Vectors:
    """k-means (Lloyd); a centroid without rows is put on a row drawn at random."""
    import numpy as np

    centres = rows[draw.choice(len(rows), CENTROIDS, replace=len(rows) < CENTROIDS)].copy()
    for _ in range(ROUNDS):
        nearest = ((centres**2).sum(axis=1) - 2 * rows @ centres.T).argmin(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, rows)
        counts = np.bincount(nearest, minlength=CENTROIDS)
        centres = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], rows[draw.choice(len(rows), CENTROIDS)])
    return centres


def lengthening(states: WordStates, codes: ProductQuantizer, papers: Sequence[Paper], asked: Sequence[Asked]) -> float:
    """The factor that best gives back (least squares) the best cosines of the questions' words in the sentences of their papers."""
    import numpy as np

    by_id = {paper.id: paper for paper in papers}
    true, blurred = [], []
    for one in asked:
        words = states.encoder.encode_words([one.question])[0].tokens
        sentences = states.read(by_id[one.paper])
        rows = sentences.words.vectors()
        true.append(_best(sentences, rows, words))
        blurred.append(_best(sentences, codes.unpack(codes.pack(rows)), words))
    known, found = np.concatenate(true), np.concatenate(blurred)
    return float(known @ found / (found @ found))


def _best(sentences: SentenceVectors, rows: Vectors, words: Vectors) -> NDArray[np.float32]:
    import numpy as np

    best: NDArray[np.float32] = np.maximum.reduceat(rows @ words.T, sentences.starts, axis=0).ravel()
    return best


def save(arrays: dict[str, Vectors], out: Path) -> None:
    import numpy as np

    half = {name: arrays[name].astype(np.float16) for name in ("directions", "centroids")}
    np.savez_compressed(out, directions=half["directions"], centroids=half["centroids"], length=arrays["length"])


def main(arguments: Sequence[str] | None = None) -> None:
    import numpy as np

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=CODEBOOK)
    options = parser.parse_args(arguments)
    papers, asked = read(options.data)
    draw = np.random.default_rng(0)
    chosen = [papers[place] for place in draw.permutation(len(papers))[:ABSTRACTS]]
    states = Unpacked(OnnxEncoder())
    rows = np.concatenate([states.read(paper).words.vectors() for paper in chosen])
    tell(f"{len(rows):,} words of {len(chosen)} abstracts")
    arrays = fit(rows[draw.permutation(len(rows))[:ROWS]])
    save(arrays, options.out)
    questions = [asked[place] for place in draw.permutation(len(asked))[:QUESTIONS]]
    arrays["length"] = np.array([lengthening(states, ProductQuantizer(options.out), papers, questions)], np.float32)
    save(arrays, options.out)
    tell(f"{options.out}: {options.out.stat().st_size:,} bytes, cosines times {float(arrays['length'][0]):.3f}")


if __name__ == "__main__":
    main()
