"""Where in a sentence a form of the vocabulary may stand, which is all that is looked at closely."""

from collections.abc import Iterable
from itertools import takewhile
from typing import Literal

import msgspec

from pratique.text.claim_sentences import Sentence
from pratique.text.standing import Standing

Strength = Literal["strict", "loose", "noun", "either", "hint"]

CLAUSE = frozenset(",:，：—–")
"""What parts two clauses of a sentence."""


class Entry(msgspec.Struct, gc=False):
    """What one form means."""

    events: tuple[tuple[str, Strength], ...] = ()
    """Events that it claims or names."""
    tag: str = ""
    """Form of a verb: `base`, `s`, `ed` or `ing`."""
    right: int = 0
    """Statuses that it gives to what follows in its clause."""
    next: int = 0
    """Statuses that it gives to the next words."""
    sentence: int = 0
    """Statuses that it gives to its sentence."""
    back: int = 0
    """Statuses that it gives to what precedes it in its clause."""
    previous: int = 0
    """Statuses that it gives to the sentence before."""
    text: int = 0
    """Statuses that it gives to the whole text."""
    skip: bool = False
    """Whether it looks like other forms and means none of them."""
    cut: bool = False
    """Whether a new clause begins behind it."""
    first: bool = False
    """Whether it counts only at the beginning of a clause."""
    hints: tuple[tuple[str, Strength], ...] = ()
    """Events that a source with it claims, each as a hint."""
    firm: bool = False
    """Whether one of its events answers a question."""
    names: frozenset[str] = frozenset()
    """All those events."""
    cue: bool = False
    """Whether it gives any status or hints at anything."""
    given: int = 0
    """All statuses that it gives to its sentence or a part of that."""
    asked: bool = False
    """Whether what it gives reaches an answer, too, but leaves it as sure as it is."""
    bare: bool = False
    """Whether it has none of all this: it keeps other forms from being seen here."""
    hinting: bool = False
    """Whether it does no more than hint at something."""


Form = tuple[str, ...]


class Forms(msgspec.Struct, frozen=True, gc=False):
    """Forms that begin with the same word (in Chinese, character)."""

    ways: tuple[tuple[int, Form, Entry], ...] = ()
    """Longest first: of each how many words it has, but 0 where that takes a closer look; what it
    has behind its first word; what it means."""
    names: frozenset[str] = frozenset()
    """All events that they may speak of."""
    far: bool = False
    """Whether one of them may say something of another sentence."""
    bare: int = 0
    """How many words the longest has, if it only keeps others from being seen here."""


Places = list[tuple[int, Forms]]
"""Places in a sentence, each with the forms that may stand there, none where only a clause ends."""
_NONE = Forms()


def _forms(ways: Iterable[tuple[int, Form, Entry]]) -> Forms:
    ways = tuple(ways)
    names: frozenset[str] = frozenset()
    return Forms(
        ways,
        names.union(*[entry.names for _, _, entry in ways]),
        any(entry.previous or entry.text for _, _, entry in ways),
        ways[0][0] if ways and ways[0][2].bare else 0,
    )


class ByWord:
    """Finds where English forms may stand, by their first two words."""

    def __init__(self, entries: dict[Form, Entry]) -> None:
        found: dict[str, list[tuple[Form, Entry]]] = {}
        for form, entry in entries.items():
            found.setdefault(form[0], []).append((form[1:], entry))
        self._forms = {first: _by_second(forms) for first, forms in found.items()}
        self._starts = CLAUSE.union(found, ["to"])

    def find(self, sentence: Sentence) -> Places:
        """Return where in *sentence* a form may stand, a clause ends, a verb is negated or to come."""
        words = sentence.words
        found: Places = []
        for at in [at for at, word in enumerate(words) if word in self._starts or "'" in word]:
            word, second = words[at], words[at + 1] if at + 1 < len(words) else ""
            known = self._forms.get(word)
            forms = known[0].get(second, known[1]) if known else _NONE
            if forms.ways or word in CLAUSE or word == "to" or "'" in word:
                found.append((at, forms))
        return found


def _by_second(forms: list[tuple[Form, Entry]]) -> tuple[dict[str, Forms], Forms]:
    """Return the forms that may go on with a certain second word, and those that may with any."""
    forms.sort(key=lambda one: -len(one[0]))
    seconds = {form[0] for form, _ in forms if form and form[0] not in "*^"}
    return {
        second: _forms(
            _sized(form, entry, 1 + len(form) if form in ((), (second,)) else 0)
            for form, entry in forms
            if not form or form[0] in (second, "*", "^")
        )
        for second in seconds
    }, _forms(
        _sized(form, entry, 0 if form else 1)
        for form, entry in forms
        if not form or form[0] in "*^"
    )


def _sized(rest: Form, entry: Entry, size: int) -> tuple[int, Form, Entry]:
    """Return a form of *size* words, 0 if more than these tells whether it stands there."""
    return 0 if entry.first or entry.hinting else size, rest, entry


class ByCharacter:
    """Finds where Chinese forms may stand, all in one pass, by what they have before a gap."""

    def __init__(self, entries: dict[Form, Entry]) -> None:
        heads: dict[str, list[int]] = {mark: [] for mark in CLAUSE}
        forms = sorted(entries, key=lambda one: -len(one))
        for number, form in enumerate(forms):
            heads.setdefault(head(form), []).append(number)
        self._heads = Standing(heads)
        self._forms = tuple(
            _forms(
                _sized(form[1:], entries[form], 0 if head(form) != "".join(form) else len(form))
                for form in (forms[number] for number in _beginning(one, heads))
            )
            for one in heads
        )

    def find(self, sentence: Sentence) -> Places:
        """Return where in *sentence* a form may stand or a clause ends."""
        # Of those that begin at one place the longest is found last.
        found = {start: longest for start, _, longest in self._heads.find(sentence.text)}
        forms = self._forms
        return [(at, forms[found[at]]) for at in sorted(found)]


def head(form: Form) -> str:
    """Return what *form* has before a gap."""
    return "".join(takewhile(lambda one: one not in "*^", form))


def _beginning(start: str, heads: dict[str, list[int]]) -> list[int]:
    """Return the numbers of all forms whose head *start* begins with, in order."""
    shorter = (start[:size] for size in range(1, len(start) + 1))
    return sorted(number for one in shorter for number in heads.get(one, ()))
