"""The report as one HTML page that needs nothing but itself: style, script and data are in it, and its policy lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from importlib import resources
from string import Template

from eval.report.data import Report
from eval.report.text import refused_of
from rag.text.surrogates import without_surrogates

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def page(report: Report) -> str:
    """The whole page. Texts reach it as JSON without a character that could end the element they stand in."""
    style, script = _file("report.css"), _file("report.js")
    data = {
        **report.page,
        "title": report.title,
        "about": report.about,
        "card": report.card,
        "notices": report.notices,
        "went": [*report.went_by, *((f"refused, {code}", refused_of(report, code)) for code in report.refusals)],
        "failed": report.failed,
        "unscored": report.unscored,
    }
    return Template(_file("report.html")).substitute(
        policy=html.escape(_policy(style, script)),
        title=html.escape(without_surrogates(report.title)),
        style=style,
        script=script,
        run=_safe(json.dumps(data, separators=(",", ":"))),
        lines="\n".join(map(_safe, report.lines)),
    )


def _policy(style: str, script: str) -> str:
    """Nothing is loaded from anywhere, and only this style and this script are run."""
    return f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _safe(text: str) -> str:
    """JSON in ASCII, in which `<`, `>` and `&` only stand inside texts, where an escape means the same."""
    for sign, escaped in _UNSAFE.items():
        text = text.replace(sign, escaped)
    return text


def _file(name: str) -> str:
    return (resources.files("eval.report") / name).read_text(encoding="utf-8")
