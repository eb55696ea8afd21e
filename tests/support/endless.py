"""Texts without end, and the patterns of the product: what must take time in proportion to length, and over what."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import random
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from re import _compiler, _parser  # type: ignore[attr-defined]  # the standard library's own reader of patterns
from types import ModuleType
from typing import Any

import eval as evaluation
import rag
import ui

_SIGNS = "aA0é中 .?!,;:-_'\"“$\\{[(<&#*/|~^=%@`\n\t\u0301"
_UNITS = (
    *_SIGNS,
    *("a ", "A ", "a.", "a-", "a, ", "0,", "0.", "0 ", "?!", "? ", ". ", " .", "() ", "([", "[{", "\\a", "{}", "\\{", "$a", "$ ", "\n ", "\n\n"),
    *("<a", "<a ", "[1", "[1]", "&a", "'a", "a\n", "A. ", "-0", "(a", "a)", "\\ ", "{a", "**", "--", "a/", "a_", "\\'", "\r\n", "\n#", "\t0"),
    *("we show ", "the model ", "more of the ", "is not ", "10 % of ", "1,000 ", "state-of-the-art ", "http://a", "e.g. ", "\\textbf{"),
    *("\\cite{a} ", "$x$ ", "{\\'e}", "@article{", "<b>", "&amp;", "Fig. 1 ", "twenty ", "how many ", "papers by ", "and ", "\\begin{", "$\\mathcal{"),
    *("before ", "outperforms ", "not ", "increases ", "without ", "because ", "twelve ", "et al. ", "SE(3) ", "GPT-4 ", "NoProp ", "beats it, "),
    *("say ", "ignore ", "Human: ", "when asked ", "you must ", "code is available ", "https://a.b ", "(A) ", "a's ", "A-a-", "a@1 ", "3 to 4 "),
)  # fmt: skip
_CANDIDATES = tuple(
    dict.fromkeys((*_SIGNS, *"bxZ9>])}»”’|+", "ab", "a ", "ab ", " a", "a, ", "a.", "a-", "0,", "{a}", "\\a", "(a)", "$a$"))
)


SHAPES = tuple([(unit, "") for unit in _UNITS] + [(opened, closed) for opened, closed in ("()", "[]", "{}", "“”", "<>")])
"""What a text repeats; with a second part, the first fills one half and the second the other: brackets inside brackets."""


def made(shape: tuple[str, str], length: int) -> str:
    """The text of this shape and length."""
    unit, closing = shape
    return unit * (length // 2) + closing * (length // 2) if closing else repeated(unit, length)


def repeated(unit: str, length: int, before: str = "") -> str:
    """`before` and the unit, over and over, up to this length."""
    return (before + unit * (length // max(1, len(unit)) + 1))[:length]


def patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern of the product by where it stands: compiled ones in modules and classes, and those given to `re` as text."""
    found: dict[str, re.Pattern[str]] = {}
    for module in modules():
        for name, value in _values(module):
            for place, pattern in enumerate(_within(value, 4)):
                found.setdefault(f"{module.__name__}.{name}" + (f"#{place}" if place else ""), pattern)
        for line, text, flags in _literals(module):
            found[f"{module.__name__}:{line}"] = re.compile(text, flags)
    unique = {(pattern.pattern, pattern.flags): where for where, pattern in reversed(found.items())}
    return {where: found[where] for where in sorted(unique.values())}


def modules() -> Iterator[ModuleType]:
    """All modules of the product; those of an extra that is not installed are left out."""
    for package in (rag, ui, evaluation):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if info.name.rpartition(".")[2] in ("__main__", "pytest_plugin"):
                continue
            try:
                yield importlib.import_module(info.name)
            except ModuleNotFoundError as error:
                if (error.name or "").partition(".")[0] in ("rag", "ui", "eval"):
                    raise


def pumped(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """(before, unit) of texts that keep this very pattern busy: for each of its repeats, what leads to it and what it repeats;
    and the units of every endless text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    drawn = random.Random(0)
    pairs: dict[tuple[str, str], None] = {("", unit): None for unit in _UNITS}
    for before, body in _repeats(list(tree), "", drawn):
        whole = _compiler.compile(_as_pattern(tree, body), pattern.flags & ~re.UNICODE)
        units = [*[each for each in _CANDIDATES if whole.fullmatch(each)][:5], _sample(body, drawn)]
        for unit in filter(None, units):
            pairs |= {(before, unit): None, ("", before + unit): None}
    return list(pairs)


def _values(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, value in list(vars(module).items()):
        if isinstance(value, ModuleType):
            continue
        yield name, value
        if isinstance(value, type) and value.__module__ == module.__name__:
            yield from ((f"{name}.{inner}", own) for inner, own in list(vars(value).items()))


def _within(value: Any, depth: int) -> Iterator[re.Pattern[str]]:
    """The patterns of a value, in tuples, lists, dictionaries, sets and the fields of objects too."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth and isinstance(value, dict):
        for key, own in list(value.items()):
            yield from _within(key, depth - 1)
            yield from _within(own, depth - 1)
    elif depth and isinstance(value, (tuple, list, set, frozenset)):
        for own in value:
            yield from _within(own, depth - 1)
    elif depth and type(value).__module__.partition(".")[0] in ("rag", "ui", "eval"):
        names = [*getattr(value, "__dict__", {}), *getattr(type(value), "__slots__", ())]
        for name in names:
            yield from _within(getattr(value, name, None), depth - 1)


def _literals(module: ModuleType) -> Iterator[tuple[int, str, int]]:
    """(line, text, flags) of the patterns that a module hands to `re.sub` and its like."""
    if module.__file__ is None:
        return
    for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)):
            continue
        plain = node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
        if node.func.value.id == "re" and node.func.attr not in ("compile", "escape") and plain:
            flags = next((ast.unparse(each.value) for each in node.keywords if each.arg == "flags"), "")
            yield node.lineno, node.args[0].value, re.IGNORECASE if "IGNORECASE" in flags else 0


def _as_pattern(tree: Any, body: list[Any]) -> Any:
    return _parser.SubPattern(tree.state, body)


def _repeats(nodes: list[Any], before: str, drawn: random.Random) -> Iterator[tuple[str, list[Any]]]:
    """(a text that leads to it, its body) of each repeat without a small bound."""
    for op, argument in nodes:
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, body = argument
            if most > 3:
                yield before, list(body)
            yield from _repeats(list(body), before, drawn)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from _repeats(list(branch), before, drawn)
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            yield from _repeats(list(argument[-1] if name == "SUBPATTERN" else argument), before, drawn)
        elif name in ("ASSERT", "ASSERT_NOT") and argument[0] > 0:
            yield from _repeats(list(argument[1]), before, drawn)
        before += _sample([(op, argument)], drawn)


def _sample(nodes: list[Any], drawn: random.Random) -> str:
    """A text that this part of a pattern takes, more or less."""
    return "".join(_sampled(str(op), argument, drawn) for op, argument in nodes)


def _sampled(name: str, argument: Any, drawn: random.Random) -> str:
    if name == "LITERAL":
        return chr(argument)
    if name == "NOT_LITERAL":
        return "b" if argument == ord("a") else "a"
    if name == "ANY":
        return "a"
    if name == "IN":
        return _one_of(argument)
    if name == "BRANCH":
        return _sample(list(drawn.choice(argument[1])), drawn)
    if name == "SUBPATTERN":
        return _sample(list(argument[-1]), drawn)
    if name == "ATOMIC_GROUP":
        return _sample(list(argument), drawn)
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _sample(list(argument[2]), drawn) * max(argument[0], min(1, argument[1]))
    return ""


def _one_of(members: list[Any]) -> str:
    """One sign of a class."""
    negated = str(members[0][0]) == "NEGATE"
    if not negated:
        op, value = members[0]
        if str(op) == "LITERAL":
            return chr(value)
        if str(op) == "RANGE":
            return chr(value[0])
        return {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}.get(
            str(value), "a" if "SPACE" in str(value) else " "
        )
    taken = {chr(value) for op, value in members if str(op) == "LITERAL"}
    words = any("WORD" in str(value) and "NOT" not in str(value) for op, value in members if str(op) == "CATEGORY")
    spaces = any("SPACE" in str(value) and "NOT" not in str(value) for op, value in members if str(op) == "CATEGORY")
    return next((each for each in ("-+" if words else "abxyz") + ("" if spaces else " ") + "-+~" if each not in taken), "a")
