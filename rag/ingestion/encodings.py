"""Finds out in which encoding a file is written: by its mark, by its NUL bytes, as UTF-8 where it is that, else by its letters."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO

from rag.errors import ImportFailed

CHUNK = 1024 * 1024
SAMPLE = 64 * 1024
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LIKELY = [
    "cp1252",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_kr",
    "iso8859_7",
    "cp1253",
    "cp1251",
    "koi8_r",
    "cp1250",
    "iso8859_2",
    "cp1254",
    "cp1255",
    "cp1256",
]
_LATIN = frozenset({"cp1250", "iso8859_2", "cp1252", "cp1254"})
"""Which of these it is, `charset-normalizer` does not tell: it names the first of those under which nothing is wrong."""
_ALPHABETS: Mapping[str, Sequence[str]] = {
    "cp1252": (
        "äöüß", "àâæçéèêëîïôùûüÿœ", "áéíñóúüç", "áâãàçéêíóôõúü", "àèéìíîòóùú", "æøåéäö", "åäöéü", "ëïéèüöäç", "áéíóúæö", "àçéèíïóòúü",
    ),
    "cp1250": ("áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıi̇öşüâî",),
    "mac_roman": ("äöüß", "àâæçéèêëîïôùûüÿœ", "áéíñóúü", "áâãàçéêíóôõúü", "æøåéäö", "àèéìòù"),
}  # fmt: skip
"""Letters beyond ASCII of languages that are written in an encoding: in the first German, French, Spanish, Portuguese, Italian, Danish and
Norwegian, Swedish and Finnish, Dutch, Icelandic, Catalan; in the second Czech, Slovak, Polish, Hungarian, Romanian, Croatian and Slovene."""
_SIGN_IN_WORD = re.compile(
    r"[^\W\d_](?:[^\w\s\x00-\x7f\u2019\u2018\u2013\u2014\u2010\u00b7\u00ad\u2022]|[\u00b9\u00b2\u00b3])[^\W\d_]|\u00a3[^\W\d_]|\ufffd"
)
MOSTLY = 0.4
"""Share of Eastern characters to Latin letters. Chosen."""
LONGEST = 2000
"""Bytes of a line that are examined."""
_FEW = 0.02
"""Lines that are no UTF-8, as a share of those with letters beyond ASCII: so few are slips in a file of UTF-8."""


def encoding_of(head: bytes, opened: Callable[[], BinaryIO]) -> str:
    """Python's name of the encoding; `utf-8-sig` where a few lines are damaged. `head` is how the file begins."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if name := _wide(head):
        return name
    good, lines = _is_utf8(opened)
    if good or not lines:
        return "utf-8-sig"
    broken = sum(not _decodes(line) for line in lines)
    if broken <= max(len(lines) * _FEW, 0) or (broken < len(lines) / 2 and len(lines) > 20):
        return "utf-8-sig"
    return _by_letters(b"\n".join(lines))


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of plain letters is NUL."""
    pairs = len(head) // 2
    if pairs < 8:
        return ""
    even, odd = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if odd > pairs * 0.4 and even < pairs * 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > pairs * 0.4 and odd < pairs * 0.05 else ""


def _is_utf8(opened: Callable[[], BinaryIO]) -> tuple[bool, list[bytes]]:
    """Whether all of it is UTF-8; if not, a sample of its lines with letters beyond ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines: list[bytes] = []
    good, size = True, 0
    with opened() as file:
        while chunk := _next(file):
            if good:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    good = False
            if size < SAMPLE:
                found = [line[:LONGEST] for line in chunk.splitlines() if not line.isascii()]
                lines += found
                size += sum(len(line) for line in found)
            if not good and size >= SAMPLE:
                break
    return good, lines


def _next(file: BinaryIO) -> bytes:
    """A piece of the file; of a packed one that is cut off, what comes before the cut."""
    try:
        return file.read(CHUNK)
    except ImportFailed:
        return b""


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return len(line) == LONGEST  # cut in a character, perhaps
    return True


def _by_letters(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:SAMPLE], cp_isolation=_LIKELY).best()
    if best is None or best.encoding in _LATIN or _is_mostly_ascii(str(best)):
        return _latin(sample[:SAMPLE].splitlines())
    return best.encoding


def _is_mostly_ascii(text: str) -> bool:
    """Whether a few Chinese, Japanese or Korean characters stand among Latin letters, as in no text of those languages."""
    eastern, latin = sum(char >= "\u1100" for char in text), sum(char.isascii() and char.isalpha() for char in text)
    return 0 < eastern < MOSTLY * latin


def _latin(lines: Sequence[bytes]) -> str:
    """The encoding of the Latin alphabet under which most lines have the letters of one language; CP1252 where they are alike."""
    return max(_ALPHABETS, key=lambda name: sum(_is_spelled(line.decode(name, "replace"), _ALPHABETS[name]) for line in lines))


def _is_spelled(line: str, alphabets: Sequence[str]) -> bool:
    """Whether one language has all letters beyond ASCII, and no sign stands inside a word."""
    letters = {char for char in line.lower() if char > "\x7f" and char.isalpha() and char not in "\u00aa\u00ba"}
    return any(letters <= set(alphabet) for alphabet in alphabets) and not _SIGN_IN_WORD.search(line)
