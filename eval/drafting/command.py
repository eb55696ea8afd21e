"""Drafts cases over any collection for a person to edit, by rule or from feedback.

`python -m eval.drafting.command [COLLECTION | --home FOLDER] [--from-feedback FILE] [--count N] [--kinds fact,method,…] [--seed N] [--out FILE]`
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from eval.cases.feedback import from_feedback
from eval.cases.papers import collection, library_papers
from eval.cases.reading import Case, CaseError, Kind, load_cases
from eval.console import fail, tell
from eval.drafting.rules import KINDS, draft
from rag.errors import PaperchatError
from rag.types import Paper

DEFAULT_COUNT = 50


def text_of(cases: Sequence[Case]) -> str:
    """JSON Lines as `load_cases` reads them; fields that are empty are left out, but for those that a person fills in."""
    return "".join(json.dumps(_record(case), ensure_ascii=False) + "\n" for case in cases)


def _record(case: Case) -> dict[str, object]:
    kept = ("id", "kind", "split", "hard", "question", "papers", "sentences", "answer", "notes")
    return {name: value for name, value in asdict(case).items() if value or name in kept}


def checked(text: str, papers: Sequence[Paper]) -> str:
    """The text, which `load_cases` takes. Raises CaseError if it does not."""
    with tempfile.TemporaryDirectory(prefix="paperchat-make-") as folder:
        path = Path(folder) / "drafts.jsonl"
        path.write_text(text, encoding="utf-8")
        load_cases(path, papers)
    return text


def make(options: argparse.Namespace) -> str:
    papers = library_papers(options.home) if options.home is not None else collection(options.collection)
    if options.from_feedback is not None:
        cases, notices = from_feedback(options.from_feedback, papers)
        for notice in notices:
            tell(notice)
    else:
        cases = draft(papers, options.count, options.kinds, options.seed)
    if not cases:
        raise CaseError("No case could be drafted: the papers have no sentence that a rule understands, or the file is empty.")
    if options.from_feedback is None and len(cases) < options.count:
        tell(f"Only {len(cases)} of {options.count} cases could be drafted from {len(papers)} papers.")
    return checked(text_of(cases), papers)


def _kinds(text: str) -> tuple[Kind, ...]:
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in KINDS]
    if unknown or not wanted:
        raise argparse.ArgumentTypeError(f"{text} is not a list of kinds: there are {', '.join(KINDS)}")
    return tuple(kind for kind in KINDS if kind in wanted)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return int(text)


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="paperchat eval make", description="Drafts cases for a person to edit, as JSON Lines.")
    found.add_argument(
        "collection", nargs="?", type=Path, help="a library's folder or a file of papers (default: the bundled papers)"
    )
    found.add_argument("--home", type=Path, metavar="FOLDER", help="a library's folder, as COLLECTION")
    found.add_argument("--from-feedback", type=Path, metavar="FILE", help="make the cases of people's feedback, JSON Lines")
    found.add_argument("--count", type=_count, default=DEFAULT_COUNT, metavar="N", help=f"how many (default: {DEFAULT_COUNT})")
    found.add_argument("--kinds", type=_kinds, default=KINDS, metavar="LIST", help=f"of {','.join(KINDS)} (default: all)")
    found.add_argument("--seed", type=int, default=0, metavar="N", help="another choice of drafts (default: 0)")
    found.add_argument(
        "--out", type=Path, metavar="FILE", help="write there (default: print); an existing file is not overwritten"
    )
    return found


def _written(text: str, path: Path) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CaseError(f"{path} exists already, and a person may have edited it: give another file with --out.") from None
    except OSError as error:
        raise CaseError(f"{path} cannot be written ({error.strerror or error}): give another file with --out.") from None


def _check(options: argparse.Namespace) -> str:
    """The command that checks the file with its papers."""
    given = options.home or options.collection
    where = "" if given is None else f"--{'home' if given.is_dir() else 'papers'} {shlex.quote(str(given))}"
    return f"paperchat eval validate {shlex.quote(str(options.out))} {where}".strip()


def main(arguments: Sequence[str] | None = None, home: Path | None = None) -> int:
    """`home` is the library where the arguments name no collection."""
    options = parser().parse_args(arguments)
    if options.home is not None and options.collection is not None:
        parser().error("give COLLECTION or --home, not both")
    if options.collection is None:
        options.home = options.home or home
    try:
        text = make(options)
        if options.out is None:
            sys.stdout.write(text)
            return 0
        _written(text, options.out)
    except PaperchatError as error:
        fail(error)
        return 1
    tell(f"{text.count(chr(10))} cases are in {options.out}: read and edit them, then run `{_check(options)}`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
