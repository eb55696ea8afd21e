"""What a paper is called in a question about it: the name that it gives its method, else its topic, else its title in quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from eval.drafting.field_terms import field_terms_in
from rag.text.names import coined
from rag.text.words import content_words
from rag.types import Paper

LONGEST_TOPIC = 12
"""Words of a title that are spoken as a topic; a longer one is quoted."""
_INTRODUCES = (
    r"(?:propos|introduc|present|develop|design|build|built|releas|creat|construct|curat|collect|devis)(?:e|es|ed|s|ing)?"
)
_CALLS = r"(?:call|calls|called|named|name|dubbed|dub|termed|term|coined|namely|denoted as|denoted)"
_NOT_A_TOPIC = re.compile(
    r"(?i)[?!“”\"$\\{}&]|^(?:how|why|what|when|where|who|which|do|does|is|are|can|should|beyond|from|toward|towards|via|if|in|it|you|your|not|no|to|one|all|against)\b"
    r"|\b(?:is|are|was|were|be|do|does|can|will|may|must|should|need|needs|make|makes|improve|improves|improved|learns|determine|determines|matter|matters|help|helps|enable|enables|lead|leads|"
    r"meets|meet|goes|go|gets|know|knows|think|thinks|beat|beats|boost|boosts|shape|shapes|reveal|reveals|revisited|reloaded|explained|demystified|induce|induces|depend|depends|affect|affects|"
    r"outperform|outperforms|cannot|achieve|achieves|converge|converges|drive|drives|predict|predicts|emerge|emerges|generalize|generalizes|provide|provides|requires|require|allows|allow|let|lets|have|has|fail|fails|we|i|you|your|my|our|it)\b"
)
_KEEPS_CAPITAL = frozenset(
    """Bayes Bayesian Gaussian Gauss Fourier Laplace Laplacian Lagrangian Lagrange Hamiltonian Hamilton Hebbian Hopfield Markov Markovian Monte Carlo Newton
    Euler Hilbert Banach Riemannian Riemann Euclidean Wasserstein Poincaré Lipschitz Lyapunov Langevin Schrödinger Navier Stokes Boltzmann Bellman Nash Pareto Shapley
    Bernoulli Poisson Dirichlet Kalman Turing Boolean Bregman Sobolev Lie Clifford Koopman Kolmogorov Arnold Galerkin Krylov Jacobian Hessian Hölder Thompson Fisher
    Cartesian Ising Darcy Maxwell Einstein Stein Sinkhorn Frank Wolfe Adam Transformer Python English Chinese Arabic German French Spanish Japanese Korean Hindi Indian Russian
    African European American Africa Europe Asia China India Wikipedia Twitter Reddit Bitcoin Ethereum Kubernetes Linux Android Internet Earth Mars Alzheimer's Alzheimer Parkinson Parkinson's
    Vietnamese Turkish Italian Portuguese Dutch Polish Czech Greek Latin Sanskrit Persian Bengali Urdu Indonesian Swedish Norwegian Danish Finnish Hungarian Ukrainian Romanian""".split()
)


@dataclass(frozen=True, slots=True)
class Subject:
    """`name` is what the paper calls its method (empty if it has none); `actor` stands for it as the subject or object of a question."""

    name: str
    actor: str


@lru_cache(maxsize=4096)
def subject(paper: Paper) -> Subject:
    """The same paper always gets the same subject."""
    name = own_name(paper)
    if name:
        return Subject(name, name)
    topic = _topic(paper)
    return Subject("", f"the work on {topic}" if topic else f"the paper “{paper.title.strip(' .')}”")


def own_name(paper: Paper) -> str:
    """A coined name such as `NoProp` that is the paper's own: its title begins with it, or the authors say that they call it so."""
    head, colon, _ = paper.title.partition(":")
    candidates = coined(head) if colon and len(head.split()) == 1 else []
    if not candidates:
        introduced = _introduced(paper.abstract)
        candidates = [name for name in coined(paper.abstract) if name in introduced]
    return next((name for name in candidates if _is_free(name)), "")


_NAME = r"(?P<name>[A-Za-z][\w-]*[A-Z][\w-]*|[A-Z][\w-]*-[\w-]*|[A-Z][\w-]*[a-z][A-Z][\w-]*)(?![\w-]| [A-Z\d])"
_DIRECT = re.compile(rf"\b(?:{_INTRODUCES}|{_CALLS}),? (?:an? |the )?(?:new |novel )?{_NAME}")
_SPELLED = re.compile(
    rf"\b(?:{_INTRODUCES}|{_CALLS})\b[^.;]{{0,120}}?[A-Z][\w-]+(?:[ -](?:(?:and|of|for|with|in|on|by) )?[A-Z][\w-]+)+ \({_NAME}\)"
)


def _introduced(abstract: str) -> set[str]:
    """Names in `we propose NAME`, `called NAME` or `we propose Long Form (NAME)`."""
    found = [*_DIRECT.finditer(abstract), *_SPELLED.finditer(abstract)]
    return {each["name"] for each in found if "et al" not in each.group()}


def _is_free(name: str) -> bool:
    """Whether it is no term that the whole field uses, stands for one thing, and looks like a name."""
    common = re.fullmatch(
        r"^(?:[A-Z]?\d.*|.*-(?:based|aware|enabled|enhanced|assisted|guided|like|free|level|shot|style|driven)|.*[A-Z0-9]s|[IVX]+|(?:[A-Z][a-z]+-)+[A-Z]?[a-z]+)",
        name,
    )
    return len(name) > 2 and not common and ("-" in name or not field_terms_in(name))


_SAYS_LITTLE = re.compile(
    r"(?i)^\s*(?:applications?|evidence|empirical \w+|an? (?:\w+ )?(?:case|study|survey|review|framework|approach|application|perspective|benchmark|method|system)|insights?|lessons?|the case|part)\b"
)


def _topic(paper: Paper) -> str:
    """The title, or its part before or behind a colon, as it would stand within a sentence; empty if it is not a noun phrase."""
    title = " ".join(paper.title.split()).strip(" .")
    head, colon, tail = title.partition(":")
    halves = (head.strip(), tail.strip()) if _SAYS_LITTLE.match(tail) else (tail.strip(), head.strip())
    for part in (title,) if not colon else halves:
        size = len(part.split())
        if 2 <= size <= LONGEST_TOPIC and len(content_words(part)) >= 2 and part.isascii() and not _NOT_A_TOPIC.search(part):
            spoken = _within_sentence(part, paper.abstract)
            return re.sub(r"^on ", "", spoken)
    return ""


def _within_sentence(title: str, abstract: str) -> str:
    return " ".join("-".join(_uncapped(part, abstract) for part in word.split("-")) for word in title.split())


def _uncapped(word: str, abstract: str) -> str:
    """In lower case, unless it is an abbreviation or a proper name (by the list, or as the abstract writes it inside sentences)."""
    bare = word.strip(",;()'’")
    if not bare[:1].isupper() or not bare[1:].islower() or bare in _KEEPS_CAPITAL:
        return word.lower() if len(bare) == 1 and bare == "A" else word
    inside = re.search(rf"[a-z,] {re.escape(bare)}(?:[,.;)]| [a-z])", abstract)
    return word if inside and not re.search(rf"\b{re.escape(bare.lower())}", abstract) else word.lower()
