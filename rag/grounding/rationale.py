"""Which sentences of an abstract settle a claim, for or against it.

A logistic regression over a sentence's place, length and words, and the learned reader's view of it; weights in `data/checker.json`, made by
`python -m eval.training.checker`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rag.grounding.scorer import NEAREST, claimed, similar
from rag.grounding.verdict import SETTLES, models
from rag.protocols import EntailmentReader, WordEncoder
from rag.text.words import words

MOST = 3
"""Sentences named as the ground of a verdict. Chosen."""


def rationale(claim: str, sentences: Sequence[str], encoder: WordEncoder, reader: EntailmentReader | None) -> list[int]:
    """The places of one to three sentences, in order; none where the claim has no words, or there is no sentence."""
    model = models()["rationale"]
    return named([model.log_odds(signs) for signs in sentence_signs(claim, sentences, encoder, reader)], SETTLES)


def named(scores: Sequence[float], cut: float) -> list[int]:
    """The places of the best score, and of the next two that reach the cut, in order."""
    best = sorted(range(len(scores)), key=lambda at: (-scores[at], at))[:MOST]
    return sorted(at for at in best if at == best[0] or scores[at] >= cut)


def sentence_signs(
    claim: str, sentences: Sequence[str], encoder: WordEncoder, reader: EntailmentReader | None
) -> list[Mapping[str, float]]:
    """What is known of each sentence.

    `strength` is the share of the claim's words that it has by meaning, and `behind` how far this is behind the best one; `place` from 0 to 1;
    `length` the logarithm of its words and one; `bears` the log-odds that it says anything of the claim, read alone, and `answers_behind` how
    far it is behind the best where all are read at once, as if the claim were a question. Of a long source only the nearest sentences are
    read; without a reader its signs are 0.
    """
    wanted = claimed(claim, encoder.encode_words([claim])[0])
    if wanted is None or not sentences:
        return []
    strengths = (similar(wanted, encoder.encode_words(sentences)) @ wanted.weights).tolist()
    nearest = sorted(range(len(sentences)), key=lambda at: (-strengths[at], at))[:NEAREST]
    read = sorted(nearest) if reader is not None else []
    bears = reader.bearings(claim, [sentences[at] for at in read]) if reader is not None else []
    answers = reader.answers(claim, [("", [sentences[at] for at in read])])[0] if reader is not None else []
    told = {at: (one, other - max(answers)) for at, one, other in zip(read, bears, answers, strict=True)}
    last = max(len(sentences) - 1, 1)
    return [
        {
            "strength": strength,
            "behind": strength - max(strengths),
            "place": at / last,
            "length": math.log1p(len(words(sentence))),
            "bears": told[at][0] if at in told else 0.0,
            "answers_behind": told[at][1] if at in told else 0.0,
        }
        for at, (sentence, strength) in enumerate(zip(sentences, strengths, strict=True))
    ]
