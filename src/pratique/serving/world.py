"""Words of others inside a request: cleaned, and without the sentences that speak to a model.

The sender is the attacker and the user the victim, so nothing here blocks: an answer draws on what
is left, and where nothing is left the user is shown the original.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pratique.serving.words import reworded, words_in
from pratique.text.injection import cleaned, suspicion

_LEAST = 8
"""At least one letter in so many is left, for an answer to draw on."""

_NOTHING = "…"
"""Stands for a text of which nothing is left."""


@dataclass(frozen=True, slots=True)
class World:
    """What of a request's words of others an answer may draw on."""

    words: Mapping[str, object]
    """The request's words."""
    rules: tuple[str, ...]
    """Ids of the rules that found something that speaks to the model, each once."""
    empty: bool
    """Whether nothing is left to answer from."""


def drawn(words: Mapping[str, object], fields: Sequence[str]) -> World:
    """Return *words* with the texts in *fields*, which others wrote, cleaned and reduced."""
    given = {name: words[name] for name in fields if name in words}
    whole = "\n".join(words_in(given))
    if not whole:
        return World(words, (), empty=False)
    found = suspicion(whole)
    if not found.rules:
        if found.visible == whole:
            return World(words, (), empty=False)
        return World({**words, **_each(given, lambda text: cleaned(text).text)}, (), empty=False)
    rules = dict.fromkeys(found.rules)
    kept = _each(given, lambda text: suspicion(text).visible if text else text)
    words = {**words, **_each(kept, lambda text: text or _NOTHING)}
    return World(words, tuple(rules), empty=_letters(kept) * _LEAST < _letters(given))


def _letters(words: Mapping[str, object]) -> int:
    return sum(character.isalpha() for text in words_in(words) for character in text)


def _each(words: Mapping[str, object], word: Callable[[str], str]) -> dict[str, object]:
    return {name: reworded(value, word) for name, value in words.items()}
