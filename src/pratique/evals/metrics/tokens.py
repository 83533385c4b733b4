"""Tokens: what edits and overlaps are counted in, characters for Chinese, words for English."""

import re
from typing import Literal

Unit = Literal["character", "word"]
"""What one token is. Code-mixed text is read in the unit of the language that it is held to."""

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_NUMBER = r"[0-9]+(?:[.,:][0-9]+)*"
_LETTER = rf"(?:(?![{_HAN}])[^\W_])"

# Latin words and numbers stay whole among Chinese characters: one misspelt name is one mistake,
# not as many as it has letters. A space is a character like any other there.
_CHARACTERS = re.compile(rf"[A-Za-zÀ-ÖØ-öø-ɏ]+|{_NUMBER}|.", re.DOTALL)

# Spaces only part words. Chinese characters among English words have no spaces: each is a word.
_WORDS = re.compile(rf"{_NUMBER}(?!{_LETTER})|{_LETTER}+(?:['’]{_LETTER}+)*|\S")

_GLUE = {"character": "", "word": " "}


def tokens(text: str, unit: Unit) -> list[str]:
    """Return the tokens of *text*, punctuation apart; whitespace counts among characters only."""
    return (_CHARACTERS if unit == "character" else _WORDS).findall(text)


def joined(pieces: list[str], unit: Unit) -> str:
    """Return tokens as one text."""
    return _GLUE[unit].join(pieces)
