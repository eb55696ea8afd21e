"""The embedded sentence encoder: all-MiniLM-L6-v2 in ONNX, run by ONNX Runtime on the processor, with no network and no PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import LibraryError
from rag.library.onnx_models import Device, load_session, load_tokenizer
from rag.types import Span, WordVectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

MODEL_FOLDER = Path(__file__).parents[1] / "data" / "encoder"
MAX_TOKENS = 256
"""The length that the model was trained on; what is longer is cut."""
TOKENS_PER_BATCH = 2048
"""Enough to keep two cores busy, small enough to stay in their caches."""

REMEMBERED = 64
"""Single texts, questions mostly, whose vectors are kept."""


class OnnxEncoder:
    """Unit-length sentence vectors (n × 384, float32) by the model card in `data/encoder/README.md`.

    The int8 weights quantise activations over a whole batch, so a text's vector depends, in the second decimal of the cosine,
    on its companions. A single text always gives the same vector.
    """

    name = "all-MiniLM-L6-v2/onnx-int8"
    dimensions = 384

    def __init__(self, folder: Path = MODEL_FOLDER, device: Device = "cpu") -> None:
        self._folder = folder
        self._device = device

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """One row a text, in the order given; `progress(done, total)` is called after each batch."""
        import numpy as np

        if len(texts) == 1:
            return self._single(texts[0]).sentence[None, :]
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        done = 0
        for batch in batches([len(ids) for ids in tokens]):
            vectors[batch] = self._run([tokens[index] for index in batch])[0]
            done += len(batch)
            if progress is not None:
                progress(done)
        return vectors

    def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
        """The words of each text in context (unit-length vectors), for matching word by word, and the same vector of the whole as `encode` gives."""
        return [self._single(texts[0])] if len(texts) == 1 else self._words(texts)

    @cached_property
    def _single(self) -> Callable[[str], WordVectors]:
        """A text by itself, remembered for a while: a question is wanted as a whole and word by word."""
        return lru_cache(REMEMBERED)(lambda text: self._words([text])[0])

    def _words(self, texts: Sequence[str]) -> list[WordVectors]:
        encodings = self._tokenizer.encode_batch(list(texts))
        found: dict[int, WordVectors] = {}
        for batch in batches([len(encoding.ids) for encoding in encodings]):
            found.update(zip(batch, self._batch_words([encodings[index] for index in batch]), strict=True))
        return [found[index] for index in range(len(encodings))]

    def _batch_words(self, encodings: Sequence[Any]) -> Iterator[WordVectors]:
        import numpy as np

        tokens, sentences = self._run([encoding.ids for encoding in encodings], ("tokens", "embedding"))
        tokens /= np.linalg.norm(tokens, axis=2, keepdims=True)
        for encoding, states, sentence in zip(encodings, tokens, sentences, strict=True):
            inside = [index for index, (start, end) in enumerate(encoding.offsets) if end > start]
            yield WordVectors(tuple(Span(*encoding.offsets[index]) for index in inside), states[inside], sentence)

    def _run(self, tokens: list[list[int]], outputs: Sequence[str] = ("embedding",)) -> list[Vectors]:
        import numpy as np

        ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
        mask = np.zeros_like(ids)
        for row, token_ids in enumerate(tokens):
            ids[row, : len(token_ids)] = token_ids
            mask[row, : len(token_ids)] = 1
        arrays: list[Vectors] = self._session.run(list(outputs), {"input_ids": ids, "attention_mask": mask})
        return arrays

    @cached_property
    def _tokenizer(self) -> Any:
        return load_tokenizer(self._file("tokenizer.json"), MAX_TOKENS)

    @cached_property
    def _session(self) -> Any:
        # A short text is a chain of small steps, between which threads had better stay awake; longer, they would hold the cores
        # against what comes next.
        return load_session(self._file("encoder.onnx"), self._device, allow_spinning="1", spin_duration_us="200")

    def _file(self, name: str) -> Path:
        path = self._folder / name
        if not path.is_file():
            raise LibraryError(f"The sentence encoder's file {path} is missing. Reinstall Paperchat: `make install`.")
        return path


def batches(lengths: Sequence[int], budget: int = TOKENS_PER_BATCH) -> Iterator[list[int]]:
    """Indices in batches, shortest first, each of at most `budget` tokens once padded to its longest text."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda index: (lengths[index], index)):
        if batch and (len(batch) + 1) * lengths[index] > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
