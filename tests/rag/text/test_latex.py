"""LaTeX as people read it: commands become characters once, formulas stay in what is stored and are put into Unicode where nothing draws them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.latex import FORMULA, LONGEST_FORMULA, formula_text, inside, plain_figures, readable, without_commands


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (r"\textbf{PhysGaussian}: 3 \% of \emph{all}", "PhysGaussian: 3 % of all"),
        (r"\textbf{\emph{Nested}} and {\bf old} {\it style}, SE(3)-\textit{equivariant}", "Nested and old style, SE(3)-equivariant"),
        (r"\emph{a $x^{2}$ norm} of $\textbf{X}$", r"a $x^{2}$ norm of $\textbf{X}$"),
        (r"\emph{cut off ti", "cut off ti"),
        (r"\emph{costs $5} and \emph{$6}", "costs $5 and $6"),
        (r"Schr\"odinger, M\"{u}ller, {\'e}, na\"{\i}ve, \v{S}, Stra\ss e, \o re", "Schrödinger, Müller, é, naïve, Š, Straße, øre"),
        (r"\textless p\textgreater Tag\textless/p\textgreater{} and \alpha helix", "<p>Tag</p> and α helix"),
        (r"Garc{\'\i}a, Mar{\'\i}n, {\c c}a", "García, Marín, ça"),
        (r"Nguy{\~{\^e}}n, Tr{\`{\^a}}n, Nguy\~{\^e}n", "Nguyễn, Trần, Nguyễn"),
        (r"0.80 \pm 0.02, an \alpha helix, 5\times faster", "0.80 ± 0.02, an α helix, 5× faster"),
        (r"\mathcal{O}(n) and \ell_2", "𝒪(n) and ℓ_2"),
        (r"as shown \cite{a,b} and before~\citep[p.~3]{c}.", "as shown and before."),
        (r"code\footnote{On the web.} at \url{https://x.y/a_b}, \href{https://x.y}{here}", "code (On the web.) at https://x.y/a_b, here (https://x.y)"),
        (r"10\,000 at 10\,\% for \$3, R\&D", "10000 at 10% for $3, R&D"),
        (r"\eg this, \ie that", "e.g. this, i.e. that"),
        (r"\tool{} and \method are macros; C:\users\new; {a, b}", r"\tool{} and \method are macros; C:\users\new; {a, b}"),
        (r"H\textsubscript{2}O, the 2\textsuperscript{nd}", "H2O, the 2nd"),
    ],
)  # fmt: skip
def test_commands_become_what_they_draw(written: str, stored: str) -> None:
    assert without_commands(written) == stored


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"in $\mathcal{O}(n^2)$ time", "in 𝒪(n²) time"),
        (r"$\sim$10, 50$\times$ faster, 90$\%$, $90^\circ$, $10^{-3}$", "∼10, 50× faster, 90%, 90°, 10⁻³"),
        (r"$x \in \mathbb{R}^{d \times d}$ and $\log n$", "x ∈ ℝ^(d × d) and log n"),
        (r"$\frac{1}{2}$, $\sqrt{n}$, $\ell_2$, $x_i$, $\hat{x}$", "1/2, √(n), ℓ₂, x_i, x̂"),
        (r"\(x^2\) and $\text{Acc}_{\text{top}}$ of $\textbf{ours}$", "x² and Acc_top of ours"),
        ("costs $5 and $10", "costs $5 and $10"),
        (r"unknown $\ours$ stays, and $\frac{a$ as well", r"unknown $\ours$ stays, and $\frac{a$ as well"),
    ],
)
def test_formulas_read_as_unicode_where_none_can_be_drawn(written: str, shown: str) -> None:
    assert readable(written) == shown


def test_a_formula_that_is_long_or_deep_is_not_parsed() -> None:
    assert formula_text("x+" * LONGEST_FORMULA) is None
    assert formula_text("{" * 30 + "x" + "}" * 30) is None
    assert formula_text("}{") is None


def test_figures_lose_their_latex() -> None:
    assert plain_figures(r"90\%, $5\times$, 10{,}000, $\sim 3$") == "90%, 5×, 10,000, ~ 3"


@given(st.text(st.sampled_from(r"ab \{}$^_%&'~1") | st.characters(codec="utf-8"), max_size=60))
def test_any_text_can_be_shown_and_a_text_without_latex_stays(text: str) -> None:
    readable(text)
    if "\\" not in text:
        assert without_commands(text) == text
        if "$" not in text:
            assert readable(text) == text


@given(st.text(st.sampled_from(r"ab \{}$^_%"), max_size=60))
def test_formulas_are_stored_as_they_are_written(text: str) -> None:
    written = [found[0] for found in FORMULA.finditer(f"Of $x^2$ {text}".replace("\\", "").replace("$$", ""))]
    assert all(formula in without_commands(rf"\emph{{a}} {formula}") for formula in written if "\\" not in formula)
    assert all(inside(found) for found in FORMULA.finditer(r"$x$ \(y\)"))
