"""Cleans a title or an abstract of what people cannot see."""

from __future__ import annotations

import re
import unicodedata

# Unicode's property Default_Ignorable_Code_Point (zero-width, bidi, variation selectors, tags) and the interlinear marks.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f-\u1160\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROL = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # C0 and C1 without what counts as whitespace
_HIDDEN = re.compile(f"[{_INVISIBLE}{_CONTROL}]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text as it will be stored, quoted and shown.

    The characters stay as they are, except: each run of whitespace (newlines included) becomes one space; C0 and C1 control
    characters and all bidi, zero-width and other invisible format characters go, since they hide text from people; half a
    surrogate pair becomes U+FFFD; the rest is put in Unicode form NFC.
    """
    visible = _HIDDEN.sub("", _LONE_SURROGATE.sub("\ufffd", text))
    return unicodedata.normalize("NFC", " ".join(visible.split()))
