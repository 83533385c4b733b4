"""Cues of spoken turns: who takes something on, asks, accepts, refuses or decides."""

import re
import tomllib
from functools import cache

from pratique.partners.rules import words

_READ = 400
"""Characters of a turn that are read."""


def says(text: str, name: str, locale: str) -> bool:
    """Whether *text* has a cue of the list *name*."""
    return any(pattern.search(text[:_READ]) for pattern in _cues(locale)[name])


def what(text: str, name: str, locale: str) -> str | None:
    """Return what a cue of the list *name* is about in *text*; None without such a cue."""
    for pattern in _cues(locale)[name]:
        match = pattern.search(text[:_READ])
        if match is not None:
            return (match.groupdict().get("what") or "").strip()
    return None


def without(text: str, name: str, locale: str) -> str:
    """Return *text* without the cues of the list *name*."""
    text = text[:_READ]
    for pattern in _cues(locale)[name]:
        text = pattern.sub(" " if locale == "en" else "", text)
    return " ".join(text.split())


def heard(text: str, name: str, locale: str) -> frozenset[str]:
    """Return everything in *text* that is a cue of the list *name*."""
    return frozenset(
        match[0].casefold() for each in _cues(locale)[name] for match in each.finditer(text[:_READ])
    )


@cache
def _cues(locale: str) -> dict[str, tuple[re.Pattern[str], ...]]:
    """Return the cues of *locale*, by list."""
    table: dict[str, list[str]] = tomllib.loads(words.text(locale, "meetings.toml"))
    return {
        name: tuple(re.compile(each, re.IGNORECASE) for each in every)
        for name, every in table.items()
    }
