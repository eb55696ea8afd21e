"""Public sets of human labels, as people download them, turned into the JSON Lines that `eval.checker.calibrate` reads. One file a format.

`python -m eval.checker.converters --format wice IN -o OUT`
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from eval.checker.converters import citation_integrity, healthver, nli4ct, ragtruth, reading, scifact, summedits, wice
from eval.checker.labelled import Labelled
from eval.console import fail
from rag.errors import ImportFailed, PaperchatError

FORMATS: dict[str, tuple[Callable[[Path], Iterator[Labelled]], str]] = {
    "citation-integrity": (citation_integrity.read, "a claims-*.jsonl of Data/multivers-format, with corpus.jsonl beside it"),
    "healthver": (healthver.read, "a healthver_*.csv"),
    "nli4ct": (nli4ct.read, "train.json or dev.json, with the folder “CT json” beside it"),
    "ragtruth": (ragtruth.read, "response.jsonl, with source_info.jsonl beside it; a claim a sentence"),
    "reading": (reading.read, "dev.jsonl or train.jsonl of the reading set"),
    "reading-abstracts": (reading.read_abstracts, "the same, each claim against the whole abstract"),
    "scifact": (scifact.read, "a claims_*.jsonl, with corpus.jsonl beside it"),
    "summedits": (summedits.read, "a summedits_*.json, or one file with all domains (JSON or JSON Lines)"),
    "wice": (wice.read, "a JSON Lines file of claims or subclaims"),
}
"""What reads each format, and the file that it wants."""


def convert(form: str, source: Path, part: str = "") -> list[Labelled]:
    """The pairs of a file, each with the format's name as its source (`ragtruth/QA` where a set has parts), or those of one part.

    Raises ImportFailed, with file and line, for what is wrong.
    """
    pairs = list(FORMATS[form][0](source))
    if not pairs:
        raise ImportFailed(f"{source} holds no labelled claim: --format {form} reads {FORMATS[form][1]}.")
    if not part:
        return pairs
    wanted = part.casefold()
    kept = [pair for pair in pairs if f"{pair.source.partition('/')[2]}/".casefold().startswith(f"{wanted}/")]
    if not kept:
        parts = sorted({pair.source.partition("/")[2] for pair in pairs} - {""})
        raise ImportFailed(f"{source} has no part {part!r}; it has: {', '.join(parts) or 'no parts'}.")
    return kept


def named(text: str) -> tuple[str, str, Path]:
    """`ragtruth/QA=response.jsonl` as format, part (may be empty) and file. Raises ImportFailed for another text."""
    name, sign, path = text.partition("=")
    form, _, part = name.partition("/")
    if not sign or form not in FORMATS:
        raise ImportFailed(f"{text!r} is not FORMAT=FILE or FORMAT/PART=FILE. Formats: {', '.join(FORMATS)}.")
    return form, part, Path(path)


def lines(pairs: Iterable[Labelled]) -> Iterator[str]:
    for pair in pairs:
        record = {
            "claim": pair.claim,
            "evidence": pair.evidence,
            "label": pair.label,
            "supported": int(pair.supported),
            "source": pair.source,
        }
        yield json.dumps(record, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    formats = "\n".join(f"  {name:18} {wanted}" for name, (_, wanted) in FORMATS.items())
    parser = argparse.ArgumentParser(
        prog="paperchat eval convert",
        description="Converts a public set of labelled claims to JSON Lines (claim, evidence, label, supported, source), for `eval calibrate`.",
        epilog=f"formats:\n{formats}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--format", choices=list(FORMATS), required=True, help="which set it is; see below")
    parser.add_argument(
        "--part", default="", metavar="NAME", help="one part of a set alone: QA or QA/test of ragtruth, scitldr of summedits"
    )
    parser.add_argument("source", type=Path, metavar="IN", help="the file of the set, as it was downloaded")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="OUT", help="where the JSON Lines are written")
    options = parser.parse_args(arguments)
    try:
        pairs = convert(options.format, options.source, options.part)
        options.out.write_text("".join(lines(pairs)), encoding="utf-8")
    except PaperchatError as error:
        fail(error)
        return 1
    except OSError as error:
        fail(f"{options.out} cannot be written ({error.strerror or error}). Give another file with --out.")
        return 1
    sys.stdout.write(f"{options.out}: {len(pairs)} claims, {sum(pair.supported for pair in pairs)} of them supported\n")
    return 0
