"""The view `encoded`: text that a machine must decode first. Input only, and a signal only.

Runs of base64, hexadecimal, percent signs, HTML entities, escapes and tag characters are decoded,
twice at most, and 8 KB at most.
"""

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

LONGEST = 8192
"""Characters of a run, at most: longer ones are cut."""
DEPTH = 2
"""How often what was decoded is decoded again, at most, the first time counted."""

_PERCENT = r"(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~\-]*)+"
_ENTITIES = r"(?:&#[xX]?[0-9A-Fa-f]{2,7};)+"
_ESCAPES = r"(?:\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})+"
_LETTERS = r"[A-Za-z0-9+/_\-]{10,}={0,2}"
_TAGS = "[\U000e0020-\U000e007e]+"
_RUN = re.compile(
    f"(?P<percent>{_PERCENT})|(?P<entities>{_ENTITIES})|(?P<escapes>{_ESCAPES})"
    f"|(?P<letters>{_LETTERS})|(?P<tags>{_TAGS})"
)
_LETTERS_ALONE = re.compile(f"(?P<letters>{_LETTERS})")
"""All that `_RUN` finds in a text without signs, and sooner."""
# It begins with one class, which the engine looks for quickly: most text holds none of it.
_SIGN = re.compile(
    "[%&\\\\\U000e0020-\U000e007e]"
    "(?:(?<=%)[0-9A-Fa-f]|(?<=&)#|(?<=\\\\)[ux]|(?<=[\U000e0020-\U000e007e]))"
)
_ENTITY = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){6,}")


class Decoded(NamedTuple):
    """A run and what it says."""

    start: int
    """First code point of the run."""
    end: int
    """First code point after it."""
    text: str
    """What it says."""


def may_be_encoded(text: str) -> bool:
    """Return whether a look for runs is worth while: nearly always it is not."""
    return _runs(text).search(text) is not None


def decoded(text: str) -> Iterator[Decoded]:
    """Yield the runs of *text* that can be decoded, with what each says, also when decoded twice."""
    for run in _runs(text).finditer(text):
        for plain in _plain(run, DEPTH):
            yield Decoded(run.start(), run.end(), plain)


def _runs(text: str) -> re.Pattern[str]:
    return _RUN if _SIGN.search(text) else _LETTERS_ALONE


def _plain(run: re.Match[str], depth: int) -> Iterator[str]:
    for plain in _once(run.lastgroup or "", run.group()[:LONGEST]):
        yield plain
        if depth > 1:
            for inner in _RUN.finditer(plain):
                yield from _plain(inner, depth - 1)


def _once(kind: str, run: str) -> list[str]:
    if kind == "letters":
        bare = run.rstrip("=").replace("-", "+").replace("_", "/")
        bare = bare[: len(bare) - (len(bare) % 4 == 1)]
        found = _text(bytes.fromhex(run)) if _HEX.fullmatch(run) else []
        try:
            padded = bare + "=" * (-len(bare) % 4)
            return found + _text(binascii.a2b_base64(padded, strict_mode=True))
        except binascii.Error:
            return found
    if kind == "percent":
        return _text(unquote_to_bytes(run))
    if kind == "entities":
        return [
            _ENTITY.sub(lambda one: _character(int(one[1] or one[2], 16 if one[1] else 10)), run)
        ]
    if kind == "escapes":
        return [_ESCAPE.sub(lambda one: _character(int(one[1] or one[2], 16)), run)]
    return ["".join(chr(ord(one) - 0xE0000) for one in run)]


def _text(data: bytes) -> list[str]:
    """Return *data* as text, up to where it is none; nothing where that is at once."""
    try:
        return [data.decode()]
    except UnicodeDecodeError as error:
        return [data[: error.start].decode()] if error.start > 2 else []


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 else ""
