"""LaTeX commands that stand bare in a text, as the characters that they draw: `0.80 \\pm 0.02` as `0.80 ± 0.02`. For showing only."""

from __future__ import annotations

import re

_PAIRS = """
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν
    xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π
    Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω pm ± mp ∓ times × div ÷ cdot · ast ∗ star ⋆ circ ∘ bullet • le ≤ leq ≤ ge ≥ geq ≥
    ll ≪ gg ≫ ne ≠ neq ≠ approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ in ∈ notin ∉ subset ⊂ subseteq ⊆ supset ⊃ cup ∪ cap
    ∩ emptyset ∅ forall ∀ exists ∃ neg ¬ land ∧ lor ∨ to → rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow
    ⇐ Leftrightarrow ⇔ mapsto ↦ uparrow ↑ downarrow ↓ infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ ell ℓ hbar ℏ dagger †
    degree ° prime ′ ldots … dots … cdots ⋯ oplus ⊕ otimes ⊗ perp ⊥ parallel ∥ langle ⟨ rangle ⟩
""".split()
_DRAWN = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_STYLES = "emph|textit|textbf|texttt|textsc|textrm|text|mathrm|mathbf|mathit|mathsf|operatorname"
_BARE = re.compile(
    rf"\\(?:(?P<name>{'|'.join(sorted(_DRAWN, key=len, reverse=True))})(?![A-Za-z])"
    rf"|(?P<sign>[%&_#$])|(?:{_STYLES})\{{(?P<inside>[^{{}}\\$]*)\}})"
)


def with_symbols(text: str) -> str:
    """The text with the commands that everybody knows drawn; all others stay as they were written."""
    return _BARE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    return _DRAWN[found["name"]] if found["name"] else found["sign"] or found["inside"] or ""
