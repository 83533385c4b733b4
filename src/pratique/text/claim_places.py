"""Where in a sentence a form of the vocabulary may stand, which is all that is looked at closely."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Literal

import msgspec
from daachorse import CharwiseDoubleArrayAhoCorasick

from pratique.text.scripts import encodable

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
    cue: bool = False
    """Whether it gives any status or hints at anything."""


Form = tuple[str, ...]
Forms = Sequence[tuple[Form, Entry]]
"""Forms that begin with the same word (in Chinese, character), without it, longest first."""
Places = list[tuple[int, Forms]]
"""Places in a sentence, each with the forms that may stand there, none where only a clause ends."""


class ByWord:
    """Finds where English forms may stand, by their first two words."""

    def __init__(self, entries: dict[Form, Entry]) -> None:
        found: dict[str, list[tuple[Form, Entry]]] = {}
        for form, entry in entries.items():
            found.setdefault(form[0], []).append((form[1:], entry))
        self._forms = {first: _by_second(forms) for first, forms in found.items()}
        self._starts = CLAUSE.union(found, ["to"])

    def find(self, words: list[str]) -> Places:
        """Return where in *words* a form may stand, a clause ends, or a verb is negated or to come."""
        found: Places = []
        for at in [at for at, word in enumerate(words) if word in self._starts or "'" in word]:
            word, second = words[at], words[at + 1] if at + 1 < len(words) else ""
            known = self._forms.get(word)
            forms = known[0].get(second, known[1]) if known else ()
            if forms or word in CLAUSE or word == "to" or "'" in word:
                found.append((at, forms))
        return found


def _by_second(forms: list[tuple[Form, Entry]]) -> tuple[dict[str, Forms], Forms]:
    """Return the forms that may go on with a certain second word, and those that may with any."""
    forms.sort(key=lambda one: -len(one[0]))
    free = tuple(one for one in forms if not one[0] or one[0][0] in "*^")
    seconds = {form[0] for form, _ in forms if form and form[0] not in "*^"}
    return {
        second: tuple(one for one in forms if not one[0] or one[0][0] in (second, "*", "^"))
        for second in seconds
    }, free


class ByCharacter:
    """Finds where Chinese forms may stand, all in one pass, by what they have before a gap."""

    def __init__(self, entries: dict[Form, Entry]) -> None:
        heads: dict[str, list[int]] = {mark: [] for mark in CLAUSE}
        forms = sorted(entries, key=lambda one: -len(one))
        for number, form in enumerate(forms):
            head = "".join(takewhile(lambda one: one not in "*^", form))
            heads.setdefault(head, []).append(number)
        self._heads = CharwiseDoubleArrayAhoCorasick(list(heads))
        self._forms = tuple(
            tuple((forms[number][1:], entries[forms[number]]) for number in _beginning(head, heads))
            for head in heads
        )

    def find(self, words: list[str]) -> Places:
        """Return where in *words*, which are characters, a form may stand or a clause ends."""
        text = "".join(words)
        if len(text) != len(words):
            text = "".join([one if len(one) == 1 else "\0" for one in words])
        # Of those that begin at one place the longest is found last.
        found = {start: head for start, _, head in self._heads.find_overlapping(encodable(text))}
        return [(at, self._forms[found[at]]) for at in sorted(found)]


def _beginning(head: str, heads: dict[str, list[int]]) -> list[int]:
    """Return the numbers of all forms whose head *head* begins with, in order."""
    shorter = (head[:size] for size in range(1, len(head) + 1))
    return sorted(number for one in shorter for number in heads.get(one, ()))
