"""Forms of English words: of verbs by tense and person, of nouns by number and article."""

from functools import cache

from pratique.partners.rules import words

_PLURALS = {
    "child": "children",
    "person": "people",
    "man": "men",
    "woman": "women",
    "foot": "feet",
    "tooth": "teeth",
    "mouse": "mice",
    "knife": "knives",
    "wife": "wives",
    "life": "lives",
    "leaf": "leaves",
    "shelf": "shelves",
    "scarf": "scarves",
    "loaf": "loaves",
    "tomato": "tomatoes",
    "potato": "potatoes",
    "hero": "heroes",
    "mango": "mangoes",
    "quiz": "quizzes",
}
_DOUBLED = frozenset(
    [
        "stop",
        "prefer",
        "get",
        "put",
        "run",
        "sit",
        "win",
        "begin",
        "cut",
        "let",
        "plan",
        "shop",
        "swim",
        "chat",
        "hit",
        "forget",
        "quit",
        "set",
        "shut",
        "drop",
        "refer",
        "admit",
        "submit",
        "jog",
        "hug",
        "dig",
        "nod",
        "step",
        "slip",
        "trip",
        "fit",
    ]
)
_VOWELS = "aeiou"
_SILENT = ("uni", "eu", "use", "usu", "one")


@cache
def forms() -> dict[str, dict[str, str]]:
    """Return the forms that patterns name: each maps a word to what it becomes."""
    table: dict[str, dict[str, str]] = {
        name: {} for name in ("third", "past", "participle", "base", "ing", "past_of_participle")
    }
    for row in words.rows("en", "verbs.tsv"):
        base = row[0]
        third, past, participle = row[1:] if len(row) == 4 else _regular(base)
        table["third"][base] = third
        table["past"][base] = past
        table["participle"][past] = participle
        table["past_of_participle"][participle] = past
        table["ing"][base] = _ing(base)
        for form in (third, past):
            table["base"].setdefault(form, base)
    return table | _nouns()


@cache
def sets() -> dict[str, frozenset[str]]:
    """Return every set that a pattern may name; `plurals` holds the plurals of all nouns.

    `one` holds the nouns that never take a plural verb, as a team may.
    """
    named = words.sets("en", "sets.toml") | words.sets("en", "nouns.toml")
    singles = named["singles"] | named["countable"]
    plurals = frozenset(plural(noun) for noun in singles) | named["plurals_more"]
    return named | {
        "plurals": plurals - named["unit_plurals"],
        "one": named["singles"] - named["collective"],
    }


def plural(noun: str) -> str:
    """Return *noun* with the ending that its last letters want."""
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")


def indefinite(noun: str) -> str:
    """Return *noun* with `a` or `an` before it."""
    vowel = noun[0] in _VOWELS and not noun.startswith(_SILENT)
    return f"{'an' if vowel else 'a'} {noun}"


def _nouns() -> dict[str, dict[str, str]]:
    """Return the forms of nouns."""
    named = sets()
    nouns = named["countable"] | named["unit"] | named["singles"]
    spoken = named["bare_nouns"] | named["jobs"]
    owning = {word: plural(word.removesuffix("'s")) for word in named["possessives"]}
    return {
        "plural": {noun: plural(noun) for noun in nouns},
        "singular": {plural(noun): noun for noun in nouns},
        "indefinite": {noun: indefinite(noun) for noun in spoken},
        "unapostrophe": owning,
    }


def _regular(base: str) -> tuple[str, str, str]:
    """Return third person, past and participle of a regular verb."""
    past = base + ("d" if base.endswith("e") else "ed")
    if base.endswith("y") and base[-2] not in _VOWELS:
        past = base[:-1] + "ied"
    elif base in _DOUBLED:
        past = base + base[-1] + "ed"
    return plural(base), past, past


def _ing(base: str) -> str:
    """Return the form of *base* that ends in -ing."""
    if base in _DOUBLED:
        return base + base[-1] + "ing"
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "be", "oe", "ye")):
        return base[:-1] + "ing"
    return base + "ing"
