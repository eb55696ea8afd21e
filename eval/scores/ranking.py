"""What a ranking is worth: recall, reciprocal rank and nDCG by ir-measures, for papers and for sentences, by stage of search."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from eval.types import Score
from rag.errors import SettingsError

STAGES = ("words", "meaning", "both")
KINDS = ("papers", "sentences")
MEASURES = {"recall@5": "R@5", "recall@10": "R@10", "mrr@10": "RR@10", "ndcg@10": "nDCG@10"}
"""Our name and that of ir-measures."""
NAMES = tuple(f"{kind}.{stage}.{measure}" for kind in KINDS for stage in STAGES for measure in MEASURES)
DEPTH = 10


def ranking_scores(kind: str, stage: str, gold: Collection[str], ranked: Sequence[str]) -> list[Score]:
    """The scores of one ranking (best first, each once) against what should be found; none where nothing should."""
    if not gold:
        return []
    places = [place for place, id in enumerate(ranked[:DEPTH], 1) if id in gold]
    why = f"gold at {', '.join(map(str, places))} of the first {DEPTH}" if places else f"no gold among the first {DEPTH}"
    found = measured(gold, ranked, MEASURES.values())
    return [Score(f"{kind}.{stage}.{name}", round(found[theirs], 6), why) for name, theirs in MEASURES.items()]


def measured(gold: Collection[str], ranked: Sequence[str], measures: Collection[str]) -> Mapping[str, float]:
    """Measures by ir-measures' name of one ranking. Raises SettingsError where ir-measures is not installed."""
    ir_measures = imported()
    wanted = {ir_measures.parse_measure(name): name for name in measures}
    scores = {id: float(-place) for place, id in enumerate(ranked)}
    judged = {"case": dict.fromkeys(gold, 1)}
    return {wanted[one.measure]: float(one.value) for one in ir_measures.iter_calc(list(wanted), judged, {"case": scores})}


def imported() -> Any:
    """The library ir-measures. Raises SettingsError where it is not installed."""
    try:
        import ir_measures
    except ImportError:
        raise SettingsError(
            "The measures of search come from ir-measures, which is missing: install it with `pip install 'paperchat[eval]'`."
        ) from None
    return ir_measures
