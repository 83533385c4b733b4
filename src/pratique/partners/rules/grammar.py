"""Grammar of English words in their places: the compiled patterns of the lists."""

from functools import cache

from pratique.partners.rules import words
from pratique.partners.rules.forms import forms, sets
from pratique.partners.rules.patterns import Pattern, Patterns, compiled
from pratique.partners.rules.tokens import START, Tokens

_LISTS = (
    "grammar.tsv",
    "agreement.tsv",
    "confusables.tsv",
    "confusables_more.tsv",
    "prepositions.tsv",
)


def pattern(text: Tokens, index: int) -> Pattern | None:
    """Return the first pattern that word *index* of *text* breaks, or None."""
    for candidate in _patterns().get(text.lower[index], ()):
        if candidate.fits(text, index):
            return candidate
    return None


def late_past(text: Tokens, index: int) -> str | None:
    """Return the past form of a verb whose sentence says `yesterday` at its end, or None.

    Only where nothing else in the sentence is in the past: `I go there yesterday`.
    """
    named = sets()
    if text.lower[index] not in named["happened"] or text.before(index) not in named["subject"]:
        return None
    if text.before(index, 2) != START:
        return None
    past = forms()["past"]
    elsewhere = frozenset(past.values()) | named["telling"]
    for at in range(index + 1, min(index + 16, len(text.lower))):
        if text.links[at] == START:
            return None
        word = text.lower[at]
        if word == "yesterday" or (word in named["period"] and text.before(at) == "last"):
            return past[text.lower[index]]
        if word.endswith("ed") or word in elsewhere:
            return None
    return None


@cache
def _patterns() -> Patterns:
    """Return the patterns of the lists, the older list first."""
    rows = tuple(row for name in _LISTS for row in words.rows("en", name))
    return compiled(rows, sets(), forms())
