"""Makes a training state of a shipped reader: ``python -m eval.training.reader.restore --model reader.onnx --encoder DIR --out FILE``.

The int8 weights become floats again, so that training can go on (``train --init FILE``) where the state of the run that made the file is
not kept.  Only the rounding is lost: the word embeddings, which training leaves alone, come from the encoder.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from eval.training.reader.model import Reader

_PREFIX = "reader."
_PARTS = ("_quantized", "_scale", "_zero_point")


def restored(model: Path, encoder: Path) -> dict[str, Tensor]:
    """The reader's weights by name, as :class:`Reader` loads them.

    Raises ValueError where the file was not written by ``eval.training.reader.export``.
    """
    state = Reader(encoder).state_dict()
    missing = {name for name in state if "word_embeddings" not in name}
    for name, values in _weights(onnx.load(model)):
        if name not in state:
            raise ValueError(
                f"{model} holds {name}, which the reader does not know: it was not written by eval.training.reader.export."
            )
        found = torch.tensor(values)
        if found.shape[1:] != state[name].shape[1:] or len(found) > len(state[name]):
            raise ValueError(f"{name} in {model} is {tuple(found.shape)}; the reader's is {tuple(state[name].shape)}.")
        state[name][: len(found)] = found
        missing.discard(name)
    if missing:
        raise ValueError(f"{model} lacks {', '.join(sorted(missing))}: it was not written by eval.training.reader.export.")
    return state


def _weights(model: onnx.ModelProto) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Names and values of all weights but those of the words, whose rows the export chose from."""
    stored = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}

    def floats(stem: str) -> NDArray[np.float32]:
        steps = stored[stem + "_quantized"].astype(np.float32) - stored[stem + "_zero_point"].astype(np.float32)
        return np.asarray(steps * stored[stem + "_scale"], np.float32)

    for name, values in stored.items():
        stem = name.removesuffix("_quantized")
        if name.startswith(_PREFIX) and not name.endswith(_PARTS):
            yield name.removeprefix(_PREFIX), values
        elif name == stem or "word_embeddings" in name:
            continue
        elif name.startswith(_PREFIX):
            yield stem.removeprefix(_PREFIX), floats(stem)
        else:
            bias = _bias_behind(model.graph, name)
            yield bias.removeprefix(_PREFIX).removesuffix("bias") + "weight", floats(stem).T


def _bias_behind(graph: onnx.GraphProto, weight: str) -> str:
    """The name of the bias that is added to the product with a matrix: the export gives only biases their names."""
    reached = {weight}
    for node in graph.node:
        if reached.isdisjoint(node.input):
            continue
        reached.update(node.output)
        if node.op_type == "Add":
            for name in node.input:
                if name.startswith(_PREFIX) and name.endswith(".bias"):
                    return name
    raise ValueError(f"No bias is added behind {weight}: the file was not written by eval.training.reader.export.")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="reader.onnx")
    parser.add_argument("--encoder", type=Path, required=True, help="all-MiniLM-L6-v2, float")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    state = restored(args.model, args.encoder)
    torch.save({"model": state, "mean": state}, args.out)


if __name__ == "__main__":
    main()
