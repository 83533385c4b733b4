"""Which language a text is written in, as far as its script tells."""

import re
from functools import cache

_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
FEW_LETTERS = 3
"""So few letters (`OK`, `Hi`) belong to every language."""

ENOUGH_HAN = 0.3
"""Least share of Chinese characters among the letters of a Chinese text (code-mixing allowed)."""

MUCH_HAN = 0.2
"""Share of Chinese characters among the letters above which a text is not English."""


@cache
def _han() -> re.Pattern[str]:
    return re.compile("[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in _HAN) + "]+")


def is_han(character: str) -> bool:
    """Say whether *character* is a Chinese character."""
    code = ord(character)
    return any(low <= code <= high for low, high in _HAN)


def han_share(text: str) -> float | None:
    """Return the share of Chinese characters among the letters of *text*; None with too few."""
    rest = _without_han(text)
    han = len(text) - len(rest)
    # Code points between the assigned ideographs are none that Python calls a letter.
    letters = han + _letters(rest)
    if letters <= FEW_LETTERS and not han:
        return None
    return han / letters


def _without_han(text: str) -> str:
    return text if text.isascii() else _han().sub("", text)


def _letters(text: str) -> int:
    if text.isascii():
        return len(text.encode("ascii").translate(None, _NO_LETTERS))
    return sum(map(str.isalpha, text))


def written_in(text: str, locale: str) -> bool:
    """Say whether *text* can pass as written in *locale*; one with too few letters passes."""
    chinese = locale.startswith("zh")
    if chinese and text and (len(text) - len(_without_han(text))) / len(text) >= ENOUGH_HAN:
        # A share of all characters, of which the letters are a part: these need no counting.
        return True
    share = han_share(text)
    if share is None:
        return True
    return share >= ENOUGH_HAN if chinese else share <= MUCH_HAN
