"""Claims to learn from must not be told by their own words."""

from __future__ import annotations

import pytest

from eval.training.giveaways import giveaway
from eval.training.material import MATERIAL, rows_of

MOST = 0.68
"""What careful writers of look-alikes leave."""


def rows(right: str, wrong: str) -> list[dict[str, object]]:
    """Sixty findings, each with a supported and a contradicted claim."""
    return [
        {
            "sentences": [f"Substance {number} inhibits enzyme {number}."],
            "claims": [
                {"claim": right.format(number), "verdict": "supported"},
                {"claim": wrong.format(number), "verdict": "contradicted"},
            ],
        }
        for number in range(60)
    ]


def test_verdicts_that_follow_from_the_wording_are_told() -> None:
    by_words, by_share = giveaway(rows("Pill {0} holds it back.", "Substance {0} activates enzyme {0}."))
    assert by_words > 0.95
    assert by_share < 0.05


def test_verdicts_that_do_not_are_not() -> None:
    mirrored = rows("Pill {0} holds it back.", "Substance {0} activates enzyme {0}.") + rows(
        "Substance {0} activates enzyme {0}.", "Pill {0} holds it back."
    )
    assert giveaway(mirrored)[0] < 0.6


@pytest.mark.parametrize("name", ["lay_more", "fields", "findings", "findings_held"])
def test_no_material_gives_its_claims_away(name: str) -> None:
    assert giveaway(list(rows_of(MATERIAL / f"{name}.jsonl.gz")))[0] < MOST
