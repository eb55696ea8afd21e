"""Writes papers as BibTeX: safe from what a title may hold, with keys that are unique in a file. Pure."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count

from rag.identity import as_arxiv_id, as_doi
from rag.text.words import FUNCTION_WORDS, WORD, fold
from rag.types import Paper
from ui.export.plain import in_line, link

_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_HARMLESS = frozenset(
    """
    alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi varphi chi psi
    omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega log ln exp min max sup inf lim sin cos tan sqrt frac sum prod int
    mathbb mathcal mathrm mathbf mathit text ell infty partial nabla times cdot pm approx sim simeq equiv le leq ge geq ll gg ne neq
    in subset subseteq cup cap to rightarrow leftarrow mapsto ldots dots left right hat bar tilde vec star circ dagger mid
    """.split()
)
"""Commands that only draw. Any other could read files or run programs when somebody typesets the bibliography."""
_KEY = re.compile(r"[^\s\\{}\"#%'(),=~]{1,200}")
_MATHS = re.compile(r"\$[^$\s](?:[^$]*[^$\s])?\$")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_CONFERENCE = re.compile(
    r"proceedings|conference|workshop|symposium|\b(?:NeurIPS|NIPS|ICML|ICLR|AAAI|IJCAI|CVPR|ICCV|ECCV|WACV|BMVC|MICCAI|ISBI|ACL|EMNLP|"
    r"NAACL|EACL|COLING|INTERSPEECH|ICASSP|KDD|WWW|SIGIR|CIKM|WSDM|SIGMOD|VLDB|ICDE|ICPR|AISTATS|UAI|COLT|CoRL|ICRA|IROS|RSS|"
    r"SIGGRAPH|CHI|UIST|AutoML|LoG|STOC|FOCS|SODA)\b",
    re.IGNORECASE,
)


def entry(paper: Paper, key: str, with_abstract: bool = False) -> str:
    """One entry: `@inproceedings`, `@article` or, where no venue is known, `@misc`."""
    known = [*_fields(paper), ("abstract", escaped(paper.abstract) if with_abstract else "")]
    kind, fields = _kind(paper), [f"  {name} = {{{value}}}" for name, value in known if value]
    return ",\n".join([f"@{kind}{{{key}", *fields]) + "\n}"


def entries(papers: Sequence[Paper]) -> str:
    """A whole file, with abstracts; papers whose keys would be the same get `a`, `b`, … in their order."""
    written = [entry(paper, own, with_abstract=True) for paper, own in zip(papers, keys(papers), strict=True)]
    return "\n\n".join(written) + "\n" if papers else ""


def keys(papers: Sequence[Paper]) -> list[str]:
    """One key a paper, none of them twice: its own, or first author's family name, year, first telling word of the title."""
    wanted = [key(paper) for paper in papers]
    times, taken, found = Counter(wanted), set(wanted), []
    for one in wanted:
        free = one if times[one] == 1 else next(name for name in _variants(one) if name not in taken)
        taken.add(free)
        found.append(free)
    return found


def key(paper: Paper) -> str:
    """The paper's own citation key, where BibTeX takes it; else `lin2023topology`: plain ASCII letters and digits."""
    for own in paper.keys:
        if _KEY.fullmatch(own):
            return own
    family = paper.authors[0].split()[-1] if paper.authors and paper.authors[0].split() else "anonymous"
    telling = (word for word in WORD.findall(fold(paper.title)) if word not in FUNCTION_WORDS and _ascii(word))
    return f"{_ascii(family) or 'anonymous'}{paper.year or ''}{_ascii(next(telling, 'untitled'))}"


def escaped(text: str) -> str:
    """The text as LaTeX shows it; formulas stay formulas where they can do nothing but be drawn."""
    line, at, parts = in_line(text), 0, []
    for found in _MATHS.finditer(line):
        if _is_harmless(found[0]):
            parts += [_plain(line[at : found.start()]), found[0]]
            at = found.end()
    return "".join([*parts, _plain(line[at:])])


def _fields(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{escaped(paper.title)}}}"  # twice in braces: its capitals stay
    yield "author", " and ".join(_author(name) for name in paper.authors if name.strip())
    yield "year", str(paper.year or "")
    yield {"article": "journal", "inproceedings": "booktitle"}.get(_kind(paper), "howpublished"), escaped(paper.venue or "")
    scheme, _, rest = paper.id.partition(":")
    if scheme == "arxiv" and as_arxiv_id(rest):
        yield "eprint", rest
        yield "archiveprefix", "arXiv"
    if scheme == "doi" and as_doi(rest):
        yield "doi", _address(rest)
    yield "url", _address(link(paper) or "")


def _kind(paper: Paper) -> str:
    if not paper.venue:
        return "misc"
    return "inproceedings" if _CONFERENCE.search(paper.venue) else "article"


def _author(name: str) -> str:
    """In braces where BibTeX would read a comma or an `and` of the name as its own."""
    name = escaped(name)
    return f"{{{name}}}" if "," in name or re.search(r"\band\b", name, re.IGNORECASE) else name


def _address(text: str) -> str:
    """Addresses stand as they are (`\\url` takes them so), but what would end the field or start a command goes in %-form."""
    return re.sub(r"[{}\\%]", lambda found: "%" if found[0] == "%" else f"%{ord(found[0]):02X}", text)


def _is_harmless(formula: str) -> bool:
    depth = 0
    for mark in re.findall(r"[{}]", formula):
        depth += 1 if mark == "{" else -1
        if depth < 0:
            return False
    commands = _COMMAND.findall(formula)
    return (
        depth == 0 and "%" not in formula and "#" not in formula and all(one in _HARMLESS or one in ",;: |" for one in commands)
    )


def _plain(text: str) -> str:
    """Two quotation marks in a row would be drawn as one double mark."""
    return "".join(_ESCAPES.get(char, char) for char in text).replace("``", "`{}`").replace("''", "'{}'")


def _ascii(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", fold(word)) if char.isascii() and char.isalnum())


def _variants(wanted: str) -> Iterator[str]:
    yield from (f"{wanted}{letter}" for letter in string.ascii_lowercase)
    yield from (f"{wanted}z{number}" for number in count(1))
