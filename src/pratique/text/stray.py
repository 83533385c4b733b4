"""Stray language: English left standing in a Chinese answer, Chinese in an English one."""

import re
from functools import cache

FEW_WORDS = 3
"""So many English words in a row are a stray phrase inside Chinese; fewer are code-mixing."""

_UNITS = frozenset(
    ("km", "cm", "mm", "kg", "mg", "ml", "kwh", "mah", "gb", "mb", "tb", "ghz", "hz", "px", "pm")
)


def stray_english(text: str, locale: str, source: str) -> bool:
    """Say whether *text* has words of the other language that *source* lacks.

    In a Chinese locale: a phrase of three English words or a whole English sentence; names
    (capitalised words), codes and units are none. In another locale: Chinese characters.
    """
    if not locale.startswith("zh"):
        return stray_chinese(text, source)
    if _latin().search(text) is None:
        return False
    known: frozenset[str] | None = None
    for match in _phrases().finditer(text):
        words = _words().findall(match[0])
        if len(words) < FEW_WORDS and not (len(words) == 2 and _is_sentence(text, match)):
            continue
        if known is None:
            known = frozenset(_words().findall(source.lower()))
        strange = [word for word in words if word.lower() not in known]
        if len(strange) >= min(FEW_WORDS, len(words)) and _is_phrase(strange):
            return True
    return False


def stray_chinese(text: str, source: str) -> bool:
    """Say whether *text* has Chinese that *source* does not quote."""
    if text.isascii():
        return False
    return any(run not in source for run in _han().findall(text))


def _is_phrase(words: list[str]) -> bool:
    """Say whether *words* are a phrase, not a name: most are plain words in lower case."""
    plain = [each for each in words if each.islower() and each not in _UNITS]
    return len(plain) * 2 >= len(words)


def _is_sentence(text: str, match: re.Match[str]) -> bool:
    """Say whether nothing but marks stands beside the phrase in its sentence."""
    before = text[: match.start()].rstrip(" \"'“‘(（")
    after = text[match.end() :].lstrip(" \"'”’)）")
    ends = "。！？.!?\n"
    return (not before or before[-1] in ends) and (not after or after[0] in ends)


@cache
def _latin() -> re.Pattern[str]:
    return re.compile("[A-Za-z]{2,} +[A-Za-z]")


@cache
def _phrases() -> re.Pattern[str]:
    # A letter beside a digit, a slash or an underscore belongs to a code or an address.
    word = r"(?<![\w/@.:])[A-Za-z]+(?:['’-][A-Za-z]+)*(?![A-Za-z0-9_/@:]|\.[A-Za-z0-9])"
    return re.compile(rf"{word}(?:[ ,;]+{word})+", re.ASCII)


@cache
def _words() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")


@cache
def _han() -> re.Pattern[str]:
    return re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
