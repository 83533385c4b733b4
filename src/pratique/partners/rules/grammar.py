"""Grammar of English words in their places: the compiled patterns and the forms they use."""

from functools import cache

from pratique.partners.rules import words
from pratique.partners.rules.patterns import Pattern, Patterns, compiled
from pratique.partners.rules.tokens import START, Tokens

_PLURALS = {
    "child": "children",
    "person": "people",
    "man": "men",
    "woman": "women",
    "foot": "feet",
    "tooth": "teeth",
}
_VOWELS = "aeiou"


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
    sets = words.sets("en", "sets.toml")
    if text.lower[index] not in sets["happened"] or text.before(index) not in sets["subject"]:
        return None
    if text.before(index, 2) != START:
        return None
    past = forms()["past"]
    elsewhere = frozenset(past.values()) | sets["telling"]
    for at in range(index + 1, min(index + 16, len(text.lower))):
        if text.links[at] == START:
            return None
        word = text.lower[at]
        if word == "yesterday" or (word in sets["period"] and text.before(at) == "last"):
            return past[text.lower[index]]
        if word.endswith("ed") or word in elsewhere:
            return None
    return None


@cache
def forms() -> dict[str, dict[str, str]]:
    """Return the forms that patterns name: each maps a word to what it becomes."""
    table: dict[str, dict[str, str]] = {"third": {}, "past": {}, "participle": {}, "base": {}}
    for row in words.rows("en", "verbs.tsv"):
        base = row[0]
        third, past, participle = row[1:] if len(row) == 4 else _regular(base)
        table["third"][base] = third
        table["past"][base] = past
        table["participle"][past] = participle
        for form in (third, past):
            table["base"][form] = base
    countable = words.sets("en", "sets.toml")
    nouns = countable["countable"] | countable["unit"]
    return table | {"plural": {noun: _plural(noun) for noun in nouns}}


@cache
def _patterns() -> Patterns:
    """Return the patterns of the list."""
    return compiled(words.rows("en", "grammar.tsv"), words.sets("en", "sets.toml"), forms())


def _regular(base: str) -> tuple[str, str, str]:
    """Return third person, past and participle of a regular verb."""
    past = base + ("d" if base.endswith("e") else "ed")
    if base.endswith("y") and base[-2] not in _VOWELS:
        past = base[:-1] + "ied"
    elif base in {"stop", "prefer"}:
        past = base + base[-1] + "ed"
    return _plural(base), past, past


def _plural(noun: str) -> str:
    """Return *noun* with the ending that its last letters want."""
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")
