"""Whether a case got an answer at all."""

from eval.scores.registry import declare

declare("errors", "Other", "asking failed", better="less")
