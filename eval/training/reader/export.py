"""Exports a training state as int8 ONNX: ``python -m eval.training.reader.export --state FILE --encoder DIR --out DIR``.

The word table is cut to the rows that English papers need; a small table inside
the graph maps the tokenizer's ids to the kept rows, every other id to [UNK]'s.
So the encoder's own tokenizer serves both models.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from eval.training.reader.model import Reader

ROWS = 27_890
"""Words that the table is filled up to: with the encoder, the weights are then 45 MB."""
_KEPT = (
    (0x20, 0x7E),  # ASCII
    (0xA0, 0x17F),  # Latin with accents
    (0x370, 0x3FF),  # Greek
    (0x2010, 0x2060),  # dashes, quotes
    (0x2070, 0x22FF),  # superscripts, arrows, mathematics
)


def kept_rows(tokens: list[str], used: set[int] | None) -> list[int]:
    """Ids of tokens of English and mathematics: those that papers use, all single characters, and as many of the others as there is room for.

    BERT's vocabulary is in the order of frequency, so the commonest of the others stay. Without ``used`` only reserved and foreign tokens are left out.
    """

    def needed(number: int, token: str) -> bool:
        if token.startswith("[unused"):
            return False
        bare = token.removeprefix("##")
        if used is not None and number not in used and len(bare) > 1 and token[0] != "[":
            return False
        return all(any(low <= ord(c) <= high for low, high in _KEPT) for c in bare)

    kept = [n for n, token in enumerate(tokens) if needed(n, token)]
    if used is None:
        return kept
    others = sorted({*kept_rows(tokens, None)}.difference(kept))
    return sorted([*kept, *others[: max(ROWS - len(kept), 0)]])


def table(weight: Tensor) -> nn.Embedding:
    """An embedding of its own with the given rows."""
    return nn.Embedding(weight.shape[0], weight.shape[1], _weight=weight.detach().clone())


class Exported(nn.Module):
    """The reader with its id table in front."""

    def __init__(self, reader: Reader, rows: list[int], unknown: int) -> None:
        super().__init__()
        self.reader = reader
        words = reader.encoder.embeddings.word_embeddings
        place = torch.full((words.num_embeddings,), rows.index(unknown), dtype=torch.int32)
        place[torch.tensor(rows)] = torch.arange(len(rows), dtype=torch.int32)
        self.register_buffer("place", place)
        reader.encoder.embeddings.word_embeddings = table(words.weight[torch.tensor(rows)])

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, parts: Tensor) -> Tensor:
        """Scores, batch by parts by four."""
        place: Tensor = self.place  # type: ignore[assignment]
        ids = place[input_ids].long()
        scores: Tensor = self.reader(ids, attention_mask, token_type_ids, parts)
        return scores


def mixed(state: dict[str, Tensor], mix: tuple[Path, float] | None) -> dict[str, Tensor]:
    """The weights, or their mean with those of the other file, which get the share that stands behind it."""
    if mix is None:
        return state
    other, share = torch.load(mix[0])["mean"], mix[1]
    return {
        name: torch.lerp(values, other[name], share) if values.is_floating_point() else values for name, values in state.items()
    }


def export(
    state: Path,
    weights: str,
    mix: tuple[Path, float] | None,
    encoder: Path,
    out: Path,
    positions: int,
    reduce_range: bool,
    used: set[int] | None,
) -> None:
    """Write ``reader.onnx`` to the folder ``out``."""
    reader = Reader(encoder, 0.0, fast=False)
    reader.load_state_dict(mixed(torch.load(state)[weights], mix))
    vocabulary: dict[str, int] = json.loads((encoder / "tokenizer.json").read_text())["model"]["vocab"]
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    rows = kept_rows(tokens, used)
    places = reader.encoder.embeddings.position_embeddings
    reader.encoder.embeddings.position_embeddings = table(places.weight[:positions])
    model = Exported(reader, rows, vocabulary["[UNK]"]).eval()
    ids = torch.tensor([[101, 7592, 102, 2088, 102], [101, 1037, 102, 0, 0]])
    mask = (ids > 0).long()
    example = (ids, mask, torch.zeros_like(ids), torch.ones(2, 3, 5) / 5)
    names = ["input_ids", "attention_mask", "token_type_ids", "parts"]
    axes = {name: {0: "batch", 1: "tokens"} for name in names[:3]}
    axes |= {"parts": {0: "batch", 1: "parts", 2: "tokens"}, "scores": {0: "batch", 1: "parts"}}
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "float.onnx"
        torch.onnx.export(
            model,
            example,
            str(raw),
            input_names=names,
            output_names=["scores"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            raw,
            out / "reader.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=reduce_range,
        )
    size = (out / "reader.onnx").stat().st_size
    print(json.dumps({"rows kept": len(rows), "of": len(tokens), "bytes": size}))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--weights", default="mean", choices=("mean", "model"))
    parser.add_argument(
        "--mix", nargs=2, metavar=("FILE", "SHARE"), help="another state, and how much of it to mix in, from 0 to 1"
    )
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--positions", type=int, default=384, help="longest input, in tokens")
    parser.add_argument("--reduce-range", action="store_true", help="7-bit weights")
    parser.add_argument("--used", type=Path, help="ids of tokens in use, from vocabulary.py")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    used = set(json.loads(args.used.read_text())) if args.used else None
    export(
        args.state,
        args.weights,
        (Path(args.mix[0]), float(args.mix[1])) if args.mix else None,
        args.encoder,
        args.out,
        args.positions,
        args.reduce_range,
        used,
    )


if __name__ == "__main__":
    main()
