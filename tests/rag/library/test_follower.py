"""The thread that follows other processes' changes goes on after whatever failed."""

from __future__ import annotations

import threading

import pytest

from rag.errors import StorageFailed
from rag.library import follower
from rag.library.follower import Follower


@pytest.mark.parametrize("error", [StorageFailed("away"), ValueError("of a driver"), OSError("of a disk")])
def test_what_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(follower, "EVERY", 0.001)
    looks, again = [], threading.Event()

    def step() -> None:
        looks.append(1)
        if len(looks) == 1:
            raise error
        again.set()

    followed = Follower(step)
    assert again.wait(10)
    followed.close()
