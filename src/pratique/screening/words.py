"""Spellings behind one automaton."""

from collections.abc import Sequence

from pratique.errors import Malformed
from pratique.screening.fold import key_of
from pratique.screening.matcher import Matcher, matcher_of
from pratique.screening.phrases import Phrase, phrase_of
from pratique.screening.spellings import Spelling

_SEPARATOR = "\uf8ff"
"""Parts phrases that are folded together: private use, which no phrase may hold."""


class Words:
    """Spellings by their keys."""

    def __init__(self, spellings: Sequence[Spelling]) -> None:
        self._by_key: dict[str, list[Spelling]] = {}
        for key, spelling in zip(keys_of(spellings), spellings, strict=True):
            self._by_key.setdefault(key, []).append(spelling)
        self.keys = list(self._by_key)
        """Distinct keys; the matcher numbers them in this order."""
        self.matcher: Matcher = matcher_of(self.keys)
        """Finds the keys."""
        self.longest_text = max((len(one.text) for one in spellings), default=0)
        """Code points of the longest spelling."""
        self._phrases: dict[str, list[tuple[Spelling, Phrase]]] = {}

    def live(self) -> frozenset[str]:
        """Return every beginning of a key, the empty one and the whole key included."""
        return frozenset(["", *(key[:n] for key in self.keys for n in range(1, len(key) + 1))])

    def phrases(self, key: str) -> list[tuple[Spelling, Phrase]]:
        """Return the phrases of *key*, made when they are first needed."""
        known = self._phrases.get(key)
        if known is None:
            known = [(one, phrase_of(one.text, one.view, one.entry)) for one in self._by_key[key]]
            self._phrases[key] = known
        return known


def keys_of(spellings: Sequence[Spelling]) -> list[str]:
    """Return the key of each spelling, folded in one go.

    Raises:
        Malformed: A spelling is nothing but noise, or holds the private-use separator.
    """
    texts = [spelling.text for spelling in spellings]
    keys = key_of(_SEPARATOR.join(texts)).split(_SEPARATOR) if texts else []
    if len(keys) == len(texts) and all(keys):
        return keys
    for spelling in spellings:
        if not key_of(spelling.text) or _SEPARATOR in spelling.text:
            raise Malformed(
                f"entry `{spelling.entry.id}` has no letter, digit or ideograph to look for",
                hint="an entry of symbols alone cannot be told from decoration: take it out",
            )
    raise AssertionError("keys are parted by a character that no key holds")
