"""What `make chat` installs: hides from Paperchat's code every package that only the development extra brings, with no second environment."""

from __future__ import annotations

import builtins
import os
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
OWN = ("rag", "eval", "ui")
PAPERCHAT = "import base_install; base_install.hide(); from ui.cli.main import main; main()"
"""`paperchat` as a base install runs it: the argument of `python -c`."""


@cache
def distributions() -> frozenset[str]:
    """The distributions that pyproject.toml's own dependencies bring, one after the other."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting = [(Requirement(line), "") for line in project["dependencies"]]
    found: set[tuple[str, str]] = set()
    while waiting:
        wanted, extra = waiting.pop()
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        for each in ("", *wanted.extras):
            if (name, each) not in found:
                found.add((name, each))
                waiting += [(Requirement(line), each) for line in _requires(name)]
    return frozenset(name for name, _ in found)


def _requires(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []  # not for this system


@cache
def hidden() -> frozenset[str]:
    """The modules that a base install does not have."""
    base = distributions() | {"paperchat", "pip", "setuptools"}
    return frozenset(
        module for module, owners in packages_distributions().items() if not base & {canonicalize_name(owner) for owner in owners}
    )


class _Refusing:
    """Finds nothing, and refuses what is hidden."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name.partition(".")[0] in hidden():
            raise ModuleNotFoundError(f"No module named {name!r} (a base install has none)", name=name)


def hide() -> None:
    """In a process of its own: nothing can import what a base install does not have."""
    hidden()  # finding out imports modules itself
    sys.meta_path.insert(0, _Refusing)  # type: ignore[arg-type]


def python_path() -> str:
    """`PYTHONPATH` of such a process."""
    return os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")])


@contextmanager
def hidden_from_paperchat() -> Iterator[None]:
    """In the process of the tests, which need more themselves: Paperchat's own modules cannot import it."""
    names, real = hidden() - {"_pytest"}, builtins.__import__  # pytest writes an import of its own into what it loads as a plugin

    def guarded(name: str, scope: Any = None, *rest: Any, **more: Any) -> Any:
        importer = (scope or {}).get("__name__", "").partition(".")[0]
        if importer in OWN and name.partition(".")[0] in names:
            raise ModuleNotFoundError(f"No module named {name!r} (a base install has none)", name=name)
        return real(name, scope, *rest, **more)

    builtins.__import__ = guarded
    try:
        yield
    finally:
        builtins.__import__ = real
