"""Patterns of many words, written so that a text is scanned for them fast."""

from collections.abc import Iterable


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of *words*, each a pattern that begins with a plain character.

    Words with the same first character share a branch: the scan for those characters is many
    times faster than a try of every word at every place.
    """
    endings: dict[str, list[str]] = {}
    for word in words:
        endings.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in endings.items())


def whole_words(words: Iterable[str]) -> str:
    """Return a pattern of any of *words* where no letter stands before it."""
    return f"(?<![a-z])(?:{any_of(words)})"
