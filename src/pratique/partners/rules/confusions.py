"""Confusions of Chinese: words written with a wrong character, guarded by what stands around."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pratique.partners.rules import words

_EDGE = "^"


@dataclass(frozen=True, slots=True)
class Guard:
    """What may stand next to a confusion."""

    characters: frozenset[str]
    """Characters that decide; `^` is the edge of a clause."""

    wanted: bool
    """True when one of them must stand there, false when none may."""

    def fits(self, neighbour: str) -> bool:
        """Whether *neighbour* (empty at the ends of the text) may stand there."""
        edge = not neighbour.isalnum()
        found = neighbour in self.characters or (edge and _EDGE in self.characters)
        return found is self.wanted


@dataclass(frozen=True, slots=True)
class Confusion:
    """One wrong spelling of a word."""

    wrong: str
    """As it is written."""

    right: str
    """As it should be."""

    before: Guard
    """What may stand before it."""

    after: Guard
    """What may stand after it."""

    def fits(self, text: str, start: int) -> bool:
        """Whether *text* has this confusion at *start*."""
        end = start + len(self.wrong)
        if not text.startswith(self.wrong, start):
            return False
        return self.before.fits(text[start - 1 : start]) and self.after.fits(text[end : end + 1])


def unconfused(text: str, table: str, locale: str = "zh-Hans") -> str:
    """Return *text* with the confusions of the list *table* put right, from left to right."""
    starts, known = _known(table, locale)
    pieces: list[str] = []
    at = 0
    for match in starts.finditer(text):
        start = match.start()
        if start < at:
            continue
        for confusion in known[match.group()]:
            if confusion.fits(text, start):
                pieces += [text[at:start], confusion.right]
                at = start + len(confusion.wrong)
                break
    pieces.append(text[at:])
    return "".join(pieces)


@cache
def _known(table: str, locale: str) -> tuple[re.Pattern[str], Mapping[str, list[Confusion]]]:
    """Return a pattern of the first characters, and for each the confusions, longest first."""
    known: dict[str, list[Confusion]] = {}
    for row in words.rows(locale, table):
        wrong, right, before, after = (*row, "", "")[:4]
        known.setdefault(wrong[0], []).append(
            Confusion(wrong, right, _guard(before), _guard(after))
        )
    for same in known.values():
        same.sort(key=lambda confusion: -len(confusion.wrong))
    return re.compile("[" + re.escape("".join(sorted(known))) + "]"), known


def _guard(written: str) -> Guard:
    """Return the guard that a column of the list describes."""
    return Guard(frozenset(written.removeprefix("+")), written.startswith("+"))
