"""Slips in Chinese that a pattern tells: measure words, particles, numbers, marks."""

import re
from functools import cache

from pratique.partners.rules import words


def unslipped(text: str) -> str:
    """Return *text* with the slips of the list put right, in its order."""
    for pattern, replacement in _rules():
        text = pattern.sub(replacement, text)
    return text


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the patterns with what they become."""
    rows = words.rows("zh-Hans", "slips.tsv")
    return tuple((re.compile(pattern), replacement) for pattern, replacement in rows)
