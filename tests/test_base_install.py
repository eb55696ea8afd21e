"""The tests of the page and of system calls see what a base install has, and no more."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import base_install
import pytest


def test_what_only_tests_need_is_hidden_and_what_the_product_needs_is_not() -> None:
    assert {"pytest", "ir_measures", "hypothesis", "playwright"} <= base_install.hidden()
    assert not {"gradio", "chromadb", "sklearn", "scipy", "uvicorn", "onnxruntime", "httpx", "packaging"} & base_install.hidden()


def test_a_process_of_its_own_cannot_import_it() -> None:
    code = "import base_install; base_install.hide(); import sklearn, ir_measures"
    environment = {"PYTHONPATH": base_install.python_path()}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert "No module named 'ir_measures' (a base install has none)" in done.stderr


def test_in_this_process_only_paperchat_cannot_import_it() -> None:
    ours, theirs = ModuleType("eval.scores.made_up"), ModuleType("tests.made_up")
    with base_install.hidden_from_paperchat():
        exec("import ir_measures", theirs.__dict__)
        with pytest.raises(ModuleNotFoundError, match="base install"):
            exec("import ir_measures", ours.__dict__)
    exec("import ir_measures", ours.__dict__)
