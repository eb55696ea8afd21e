"""Sentences that report no finding: what others hold, what is to be tested, what only may be."""

from __future__ import annotations

import re

_OFTEN = r"(?:often|usually|widely|commonly|generally|frequently|traditionally|sometimes|long|popularly)"
_HELD = r"(?:said|believed|thought|held|claimed|assumed|supposed|argued|alleged|cited|regarded|considered|seen|hypothesi[sz]ed|suspected|feared|hoped|called)"
NO_FINDING = re.compile(
    rf"(?i)\b(?:is|are|was|were|been|being) (?:{_OFTEN} )?{_HELD}\b|\b{_OFTEN} (?:explained|described|presented|portrayed|attributed|promoted|recommended)\b|"
    r"\b(?:hypothesi[sz]e[sd]?|whether|supposedly|allegedly|reportedly|may|might|perhaps|possibly|seems?|appears?)\b|"
    r"(?<!\bwe )(?<!\bi )\b(?:claim(?:s|ed)?|believe[sd]?|think|thinks|thought|argue[sd]?|assume[sd]?|suppose[sd]?|suspect(?:s|ed)?) (?:that|the|it)\b"
)
"""What others hold, what is to be tested, and what only may be: no finding, on which a “Yes”, a “No” or a denial could rest."""
