"""Write the fold table anew: `python -m tools.fold_table`.

The table says of every code point what it is for the matcher. Its facts come from the Unicode data
of Python's `unicodedata`, the character table of OpenCC and the UTS #39 confusables that the
package `confusable-homoglyphs` carries. The file names the versions in its first lines, so that
one table serves every Python that the product runs on.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec
from opencc import OpenCC

TARGET = Path(__file__).parents[1] / "src/pratique/content/screening/fold.tsv"
"""Where the table lies in the package."""

_LAST = 0x323B0
"""Above it there are no letters of living texts, only tags, selectors and private use."""
_HANGUL = range(0xAC00, 0xD7A4)
"""Syllables: split by arithmetic when the table is loaded, and left out of the file."""
_MARK_BLOCKS = (
    range(0x0300, 0x0370),
    range(0x0483, 0x048A),
    range(0x180B, 0x1810),
    range(0x1AB0, 0x1B00),
    range(0x1DC0, 0x1E00),
    range(0x20D0, 0x2100),
    range(0x302A, 0x302E),
    range(0xFE00, 0xFE10),
    range(0xFE20, 0xFE30),
)
"""Marks that carry no meaning to the match; those of Thai, Indic, Arabic, Hebrew and kana stay."""
_BLANK = (0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0)
"""Letters by their class that show nothing."""
_SQUARED = {start + n: chr(0x61 + n) for start in (0x1F130, 0x1F150, 0x1F170) for n in range(26)}
"""Squared and negative circled letters, which have no compatibility form."""
_KEPT_ASCII = frozenset(chr(code) for code in range(0x80))


class _Look(msgspec.Struct):
    """One look-alike in the package's file."""

    c: str
    """What it looks like."""


def main() -> None:
    """Write the table."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("\n".join(lines()) + "\n", encoding="utf-8")


def lines() -> Iterator[str]:
    """Return the file's lines: the versions, then code point and fold, both in hexadecimal.

    An empty fold means that the code point is dropped; `~` marks noise, after its fold if any.
    """
    yield f"# unicodedata {unicodedata.unidata_version}"
    yield f"# OpenCC {version('OpenCC')}"
    yield f"# confusable-homoglyphs {version('confusable-homoglyphs')}"
    for code in range(_LAST):
        if code in _HANGUL or 0xD800 <= code < 0xE000:
            continue
        character = chr(code)
        folded = fold(character)
        noise = "~" if is_noise(folded) else ""
        if folded != character or noise:
            body = "" if folded == character else " ".join(f"{ord(one):X}" for one in folded)
            yield f"{code:X}\t{body}{noise}"


def fold(character: str) -> str:
    """Return what *character* is for the matcher, by itself and without its neighbours."""
    if character in "\t\n\r":
        return character
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    squared = _SQUARED.get(ord(character))
    if squared:
        return squared
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", character).casefold())
    return "".join(_letter(part) for part in parts if not _is_dropped(part))


def _letter(part: str) -> str:
    simple = _traditional(part)
    return _confusables().get(simple, simple)


@cache
def _traditional(part: str) -> str:
    if ord(part) < 0x2E80:
        return part
    converted = _converter().convert(part)
    return converted if len(converted) == 1 else part


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _is_dropped(part: str) -> bool:
    code = ord(part)
    return (
        code in _BLANK
        or any(code in block for block in _MARK_BLOCKS)
        or (unicodedata.category(part) in ("Cf", "Cc") and part not in "\t\n\r")
    )


def is_noise(folded: str) -> bool:
    """Return whether all of *folded* is punctuation, symbol or white space."""
    return bool(folded) and all(
        unicodedata.category(one)[0] in "PSZ" or one in "\t\n\r" for one in folded
    )


@cache
def _confusables() -> dict[str, str]:
    """Return letters outside ASCII that look like one ASCII letter or digit."""
    import confusable_homoglyphs

    path = Path(confusable_homoglyphs.__file__).parent / "confusables.json"
    looks = msgspec.json.decode(path.read_bytes(), type=dict[str, list[_Look]])
    found: dict[str, str] = {}
    for source, targets in looks.items():
        if len(source) != 1 or source in _KEPT_ASCII or not source.isalpha():
            continue
        if ord(source) >= 0x2E80:
            continue
        alike = [look.c for look in targets if len(look.c) == 1 and look.c.isascii()]
        letters = [look for look in alike if look.isalpha() and look.islower()]
        if letters:
            found[source] = letters[0]
    return found


if __name__ == "__main__":
    main()
