"""Tidying: blanks, marks and capitals after words were taken out of a text."""

import re

from pratique.partners.rules.shields import SHIELD

_ENGLISH: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[ \t]{2,}"), " "),
    (re.compile(r"\(\s*\)"), ""),
    (re.compile(r"[ \t]+(?=[,.;:!?](?:\s|$))"), ""),
    (re.compile(r"(?<=[,;]),+"), ""),
    (re.compile(r",+(?=[.;:!?](?:\s|$))"), ""),
    (re.compile(r"([.!?])\s*,\s*"), r"\1 "),
    (re.compile(r"(^|\n)[ \t]*[,;:]+[ \t]*"), r"\1"),
    (re.compile(r"(?<=[.!?])\s\.(?=\s|$)"), ""),
    (re.compile(r"(^|\n)[ \t]+"), r"\1"),
    (re.compile(r"[ \t]+($|\n)"), r"\1"),
    (re.compile(r"(?<=[a-z]),\s(?=(?:and|but|so)\s?[.!?])"), " "),
)
_CHINESE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[，、]+(?=[，。！？；])"), ""),
    (re.compile(r"([。！？；\n])[，、；]+"), r"\1"),
    (re.compile(r"^[，、；。]+"), ""),
    (re.compile(r"[，、；]+(?=\n|$)"), "。"),
    (re.compile(r"。{2}(?!。)"), "。"),
    (re.compile(r"（）"), ""),
)
_START = re.compile(rf"(^[^\w{SHIELD}]{{0,3}}|[.!?]\s+|\n\s*)([a-z])(?=[a-z']*[\s,.!?'])")
_I = re.compile(r"(?<![\w'’./@-])i(?=['’](?:m|ll|ve|d)\b|\s|[,.!?]|$)")


def _raised(found: re.Match[str]) -> str:
    """Return a start of a sentence with its capital; kisses (`xx`) are no sentence."""
    kiss = found.string[found.start(2) :].rstrip(".! ").strip("xo") == ""
    return found[0] if kiss else found[1] + found[2].upper()


def tidied(text: str, locale: str, *, formal: bool = False) -> str:
    """Return *text* with doubled blanks and marks gone and, in English, sentences capitalised.

    A *formal* text that ends with a word gets a full stop.
    """
    for pattern, replacement in _ENGLISH if locale == "en" else _CHINESE:
        text = pattern.sub(replacement, text)
    if locale == "en":
        text = _I.sub("I", _START.sub(_raised, text))
    if formal and text[-1:].isalnum() and len(text) > 12 and "\n" not in text:
        text += "." if locale == "en" else "。"
    return text
