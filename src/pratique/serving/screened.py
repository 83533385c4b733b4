"""Keyword screening of a whole request or output: every string value, decoded, each on its own."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from pratique.screening.entries import Side
from pratique.screening.refusing import categories
from pratique.screening.screen import Screen
from pratique.screening.verdict import Hit, ends
from pratique.serving.words import reworded, words_in


class Screened(msgspec.Struct, frozen=True):
    """What screening left of some words."""

    words: Mapping[str, object]
    """The words, masked where a rule asks for it; as they came where none does."""
    hits: tuple[Hit, ...]
    """What was found."""

    @property
    def blocked(self) -> bool:
        """Whether a rule ends it."""
        return bool(self.hits) and any(ends(hit) for hit in self.hits)


def screened(
    screen: Screen, words: Mapping[str, object], side: Side, feature: str, locale: str
) -> Screened:
    """Return what *screen* leaves of *words*, the user's or the model's."""
    texts = words_in(words)
    if not texts or screen.quiet(texts, side):
        return Screened(words, ())
    hits: list[Hit] = []
    masks = False
    for text in filter(None, texts):
        found = screen.check(text, side, feature=feature, locale=locale).hits
        if found:
            hits += found
            masks = masks or any(hit.action == "mask" for hit in found)
    if not masks:
        return Screened(words, tuple(hits))

    def shown(text: str) -> str:
        return screen.check(text, side, feature=feature, locale=locale).shown(text)

    masked = {name: reworded(value, shown) for name, value in words.items()}
    return Screened(masked, tuple(hits))


def rules_of(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the ids of the rules of *hits*, each once."""
    return tuple(dict.fromkeys([hit.rule for hit in hits])) if hits else ()


def categories_of(hits: Iterable[Hit]) -> tuple[str, ...]:
    """Return what the *hits* that end a text are about, each once; empty where that is not sure.

    A rule is about the category that its id begins with (`fraud-001`), else about the one that
    regimes put under its risk: where they put several there, nothing says which.
    """
    found: dict[str, None] = {}
    for hit in hits:
        if not ends(hit):
            continue
        named = hit.rule.partition("-")[0]
        if named in categories():
            found[named] = None
            continue
        risks = [
            name
            for name, one in categories().items()
            if any(hit.risk in codes for codes in one.regime.values())
        ]
        if len(risks) == 1:
            found[risks[0]] = None
    return tuple(found)
