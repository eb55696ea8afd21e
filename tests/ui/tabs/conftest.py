"""Shared by the tests of the tabs: the page's service over a library that a test may change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import open_library
from ui.server.service import Service


@pytest.fixture
def service(home: Path) -> Iterator[Service]:
    with open_library(home) as paperchat:
        service = Service.over(paperchat)
        yield service
        service.close()
