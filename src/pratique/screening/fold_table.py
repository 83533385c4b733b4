"""The fold table: what each code point is for the matcher, by itself.

`tools/fold_table.py` writes it from the Unicode, OpenCC and confusables data of their packages.
Since every code point folds alone, folding commutes with joining: a chunk's border needs no
look-ahead, and every folded character has one place in the original.
"""

import unicodedata
from functools import cache
from importlib.resources import files

import msgspec
import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed

MANY = 0xFFFFFFFF
"""In the array: this code point becomes several characters."""

_HAN_DIGITS = {
    character: str(n)
    for n, characters in enumerate(
        ("〇零", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for character in characters
}
ASSIGNED = 0x323B0
"""First code point above the ideographs; from there to the tags' end nothing is assigned."""
UNASSIGNED_END = 0xE1000
"""First code point after the tags and selectors."""
_HANGUL = range(0xAC00, 0xD7A4)
_SURROGATES = range(0xD800, 0xE000)


class FoldTable(msgspec.Struct, frozen=True):
    """The table in the forms that matching needs."""

    versions: tuple[tuple[str, str], ...]
    """Name and version of the data it was made from."""
    changed: dict[str, str]
    """Code point to its fold, for those that change; empty where it is dropped."""
    noise: frozenset[str]
    """Folded characters that a reader may see as decoration: punctuation, symbols, spaces."""
    digits: dict[str, str]
    """Han digits to ASCII, for phrases that hold an Arabic digit."""
    key: list[str | None]
    """By code point: its key, for `str.translate`; None where it leaves none."""
    array: NDArray[np.uint32]
    """By code point: its key as a number; 0 where it leaves none, `MANY` where it leaves several."""

    def key_of(self, character: str) -> str:
        """Return what *character* leaves in the key: no noise, Han digits as ASCII."""
        folded = self.changed.get(character, character)
        return "".join(self.digits.get(one, one) for one in folded if one not in self.noise)


@cache
def fold_table() -> FoldTable:
    """Return the packaged table, read once."""
    return read_table((files("pratique") / "content/screening/fold.tsv").read_text("utf-8"))


def read_table(text: str) -> FoldTable:
    """Return the table that *text* describes.

    Raises:
        Malformed: A line has not two columns of hexadecimal code points.
    """
    versions: list[tuple[str, str]] = []
    changed: dict[str, str] = {chr(code): "\ufffd" for code in _SURROGATES}
    changed.update((chr(code), unicodedata.normalize("NFD", chr(code))) for code in _HANGUL)
    noise = {"\ufffd"}
    for number, line in enumerate(text.splitlines(), 1):
        try:
            if line.startswith("# "):
                name, version = line[2:].split(" ")
                versions.append((name, version))
                continue
            code, folded = line.split("\t")
            character = chr(int(code, 16))
            own = folded == "~"
            if own:
                noise.add(character)
            else:
                changed[character] = "".join(chr(int(n, 16)) for n in folded.rstrip("~").split())
        except ValueError as error:
            raise Malformed(
                f"line {number} of the fold table is no code point and fold: `{line}`",
                hint="write it anew: `python -m tools.fold_table`",
            ) from error
    return _indexed(tuple(versions), changed, frozenset(noise))


def _indexed(
    versions: tuple[tuple[str, str], ...], changed: dict[str, str], noise: frozenset[str]
) -> FoldTable:
    key: list[str | None] = [chr(code) for code in range(ASSIGNED)]
    # Up to the tags nothing is assigned, and what shows nothing is dropped.
    key.extend([None] * (UNASSIGNED_END - ASSIGNED))
    array = np.arange(0x110000, dtype=np.uint32)
    array[ASSIGNED:UNASSIGNED_END] = 0
    table = FoldTable(versions, changed, noise, _HAN_DIGITS, key, array)
    for character in (*changed, *noise, *_HAN_DIGITS):
        left = table.key_of(character)
        key[ord(character)] = left or None
        array[ord(character)] = ord(left) if len(left) == 1 else (MANY if left else 0)
    return table
