"""Patterns: corrections that neighbours decide, read from a list that needs no code.

A pattern is words with one slot in brackets, which the replacement stands for:
`could|should|would [of] !course` becomes `have`. A slot is words with bars between, `@set` for
a set of the list, `#` for a number, `^` for the edge of a clause (`^^`: of a sentence), `!`
first for anything but.
A replacement is a word, words with bars (one for each in the brackets), `:form` for a form of
the same verb or noun, or `-` to leave the word out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pratique.errors import Malformed
from pratique.partners.rules.tokens import EDGE, NEXT_TO, START, Tokens

Forms = Mapping[str, Mapping[str, str]]
"""For each form (`third`, `past`, ...), the word that a word becomes."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One place next to the word that a pattern is about."""

    words: frozenset[str]
    """What may stand there."""

    negative: bool
    """True when those are what may not stand there."""

    def fits(self, word: str) -> bool:
        """Whether *word* may stand here."""
        return (word in self.words) is not self.negative


@dataclass(frozen=True, slots=True)
class Pattern:
    """One correction of one word in one kind of place."""

    before: tuple[Slot, ...]
    """Slots to the left, nearest first."""

    after: tuple[Slot, ...]
    """Slots to the right, nearest first."""

    replacement: str
    """What the word becomes; empty to leave it out."""

    def fits(self, text: Tokens, index: int) -> bool:
        """Whether word *index* of *text* stands in a place of this kind."""
        at = index
        for slot in self.before:
            seen = text.links[at]
            if seen == NEXT_TO:
                at -= 1
                seen = text.lower[at]
            if not slot.fits(seen):
                return False
            if seen in (EDGE, START):
                break
        at = index
        for slot in self.after:
            seen = text.ends[at + 1]
            if seen == NEXT_TO:
                at += 1
                seen = text.lower[at]
            if not slot.fits(seen):
                return False
            if seen in (EDGE, START):
                break
        return True


Patterns = Mapping[str, tuple[Pattern, ...]]
"""Patterns by the word that they are about, in the order of the list."""


def compiled(
    table: tuple[tuple[str, ...], ...], sets: Mapping[str, frozenset[str]], forms: Forms
) -> Patterns:
    """Return the patterns of *table*; raises `Malformed` for a row that cannot be read."""
    found: dict[str, list[Pattern]] = {}
    for row in table:
        if len(row) != 2 or row[0].count("[") != 1 or row[0].count("]") != 1:
            raise Malformed(f"pattern `{row}` is not one bracketed slot, a tab and a replacement")
        left, _, rest = row[0].partition("[")
        middle, _, right = rest.partition("]")
        before = tuple(_slot(part, sets) for part in reversed(left.split()))
        after = tuple(_slot(part, sets) for part in right.split())
        for word, becomes in _pairs(middle, row[1], sets, forms):
            found.setdefault(word, []).append(Pattern(before, after, becomes))
    return {word: tuple(patterns) for word, patterns in found.items()}


def _slot(part: str, sets: Mapping[str, frozenset[str]]) -> Slot:
    """Return the slot that *part* describes."""
    return Slot(_members(part.removeprefix("!"), sets), part.startswith("!"))


def _members(part: str, sets: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the words of a slot, sets replaced by their words."""
    words: set[str] = set()
    for name in part.split("|"):
        if name.startswith("@") and name[1:] not in sets:
            raise Malformed(f"pattern names a set `{name}` that is not in the list of sets")
        words |= sets[name[1:]] if name.startswith("@") else {name}
    if EDGE in words:
        words.add(START)
    return frozenset(words)


def _pairs(
    middle: str, replacement: str, sets: Mapping[str, frozenset[str]], forms: Forms
) -> list[tuple[str, str]]:
    """Return each word that *middle* stands for with what it becomes."""
    if replacement.startswith(":"):
        form = forms[replacement[1:]]
        return [(word, form[word]) for word in sorted(_members(middle, sets)) if word in form]
    words = middle.split("|") if "@" not in middle else sorted(_members(middle, sets))
    becomes = replacement.split("|")
    if len(becomes) == 1:
        becomes *= len(words)
    if len(becomes) != len(words):
        raise Malformed(f"pattern `[{middle}]` and `{replacement}` do not have as many words")
    return [(word, "" if new == "-" else new) for word, new in zip(words, becomes, strict=True)]
