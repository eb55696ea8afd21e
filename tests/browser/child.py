"""`paperchat serve` in a process of its own, to be killed; it has what a base install has."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from base_install import PAPERCHAT, python_path

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Child:
    url: str
    port: int
    process: subprocess.Popen[str]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def served(home: Path, port: int = 0, *more: str, program: str = PAPERCHAT, **environment: str) -> Iterator[Child]:
    """The page over this library until the block ends."""
    command = [sys.executable, "-c", program, "--home", str(home), "serve", "--port", str(port), *more]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": python_path(), **environment}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        found = re.search(r"http://localhost:(\d+)/\S*", told)
        assert found is not None, told
        yield Child(found[0], int(found[1]), process)
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()
