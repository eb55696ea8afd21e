"""Makes the vectors of single words (`rag/data/encoder/static_words.npz`) from the encoder's own input table: `python -m eval.training.static_words`.

The table's mean and its first direction, which all tokens share, are taken out, and the main directions of the rest are kept ("all but the top",
Mu & Viswanath, ICLR 2018). Needs onnx: `pip install -e '.[train]'`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.library.encoder import MODEL_FOLDER
from rag.library.static_words import VECTORS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.float32]

DIRECTIONS = 64
"""At 48, 64, 96 and 384 the checker is equally right on claims about single sentences; at 64 the file has 2 MB."""
RESERVED = 1_000
"""Tokens at the start of the vocabulary that are no words."""
NAME = "embeddings.word_embeddings.weight"


def input_table(model: Path) -> Table:
    """The encoder's vector of each token (tokens × dimensions), from its int8 weights."""
    import numpy as np
    import onnx

    held = {one.name: one for one in onnx.load(str(model)).graph.initializer}

    def read(ending: str) -> Any:
        (name,) = (name for name in held if name.endswith(NAME + ending))
        return onnx.numpy_helper.to_array(held[name])

    table: Table = (read("_quantized").astype(np.float32) - np.float32(read("_zero_point"))) * np.float32(read("_scale"))
    return table


def reduced(table: Table, directions: int = DIRECTIONS, reserved: int = RESERVED) -> NDArray[np.int8]:
    """Rows of length 127 in the main directions but the first."""
    import numpy as np

    centred = table - table.mean(axis=0)
    _, found = np.linalg.eigh(centred[reserved:].T @ centred[reserved:])
    kept = centred @ found[:, ::-1][:, 1 : 1 + directions]
    kept /= np.maximum(np.linalg.norm(kept, axis=1, keepdims=True), 1e-9)
    rows: NDArray[np.int8] = np.rint(127 * kept).astype(np.int8)
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    import numpy as np

    parser = argparse.ArgumentParser(
        prog="python -m eval.training.static_words", description="Makes the vectors of single words."
    )
    parser.add_argument("--encoder", type=Path, default=MODEL_FOLDER / "encoder.onnx", metavar="FILE")
    parser.add_argument("--out", type=Path, default=VECTORS, metavar="FILE")
    options = parser.parse_args(arguments)
    rows = reduced(input_table(options.encoder))
    np.savez_compressed(options.out, vectors=rows)
    sys.stdout.write(f"{options.out}: {rows.shape[0]} tokens, {rows.shape[1]} directions\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
