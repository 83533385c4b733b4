"""A compiled pack: what a text is matched against."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pratique.screening.encoded import decoded, may_be_encoded
from pratique.screening.entries import Entry, Pattern, Side
from pratique.screening.fold import key_of, places_of
from pratique.screening.homophones import Homophones
from pratique.screening.pack import Pack
from pratique.screening.patterns import find_patterns
from pratique.screening.phrases import GAP, region_of, stands
from pratique.screening.resolving import Context, Find, Resolver
from pratique.screening.spellings import hard_spellings, weak_spellings
from pratique.screening.verdict import Verdict, ends, until_end
from pratique.screening.words import Words

_APART = "\n"
"""Parts texts that are seen in one pass: it ends each run and number. To phrases it is noise, so some
may seem to stand across it; none that stands in a text is lost."""


class Screen:
    """A pack, compiled. It does not change: a new version is a new one."""

    def __init__(self, pack: Pack, *, today: date | None = None) -> None:
        entries = [entry for entry in pack.entries if counts(entry, today)]
        self.pack = pack
        """The pack it was made of."""
        self.hard = Words(hard_spellings(entries))
        """Phrases in the hard views."""
        self.weak = Words([one for entry in entries for one in weak_spellings(entry)])
        """Spellings that are signals only."""
        self._categories = {entry.id: entry.category for entry in entries if entry.category}
        self._homophones = Homophones(entries)
        self.signals = bool(self.weak.keys or self._homophones)
        """Whether there is anything that is only noted."""
        self.live = self.hard.live()
        """Beginnings of keys, the empty one too: what the end of a stream may still become."""
        self.shortest = min(map(len, self.hard.keys), default=1)
        """Characters of the shortest key."""
        self._keys = frozenset(self.hard.keys)
        self.gap = max(GAP, self.hard.longest_text)
        """Characters of noise that may stand inside a phrase, at most."""
        self.patterns: frozenset[Pattern] = frozenset(
            entry.pattern for entry in entries if entry.pattern
        )
        """Bounded patterns that the pack asks for."""
        self._by_pattern: dict[Pattern, list[Entry]] = {}
        for entry in entries:
            if entry.pattern:
                self._by_pattern.setdefault(entry.pattern, []).append(entry)

    def category(self, rule: str) -> str:
        """Return what the entry *rule* says that it is about; empty where it does not."""
        return self._categories.get(rule, "")

    def check(
        self, text: str, side: Side = "input", *, feature: str = "", locale: str = ""
    ) -> Verdict:
        """Return what is found in the whole *text*."""
        key = key_of(text)
        found = self.hard.matcher.find(key)
        encoded = side == "input" and may_be_encoded(text)
        if not (found or encoded or self.signals or self.patterns):
            return Verdict((), len(text))
        context = Context(side, feature, locale)
        finds = [*_finds(self.hard, text, found), *self.pattern_finds(text)]
        hits = until_end(Resolver(context).hits(finds)) if finds else []
        cut = hits[-1].anchor if hits and ends(hits[-1]) else len(text)
        weak: list[Find] = []
        if self.signals:
            weak += self.weak_finds(text[:cut], key if cut == len(text) else None)
        if encoded:
            weak += self.encoded_finds(text[:cut])
        if weak:
            hits += Resolver(context).hits(weak)
        return Verdict(tuple(hits), cut)

    def quiet(self, texts: Sequence[str], side: Side) -> bool:
        """Return whether there is nothing at all to find in any of *texts*, seen in one pass.

        False says only that each has to be checked.
        """
        text = _APART.join(texts)
        key = key_of(text)
        if self.hard.matcher.find(key):
            return False
        if self.signals and next(self.weak_finds(text, key), None) is not None:
            return False
        if self.patterns and next(self.pattern_finds(text), None) is not None:
            return False
        return side != "input" or next(self.encoded_finds(text), None) is None

    def completes(self, end: str) -> bool:
        """Return whether some key ends where *end*, the longest end that begins a key, ends."""
        return any(end[n:] in self._keys for n in range(len(end) - self.shortest + 1))

    def finds(self, text: str) -> Iterator[Find]:
        """Return the phrases in *text*."""
        return _finds(self.hard, text, self.hard.matcher.find(key_of(text)))

    def weak_finds(self, text: str, key: str | None = None) -> Iterator[Find]:
        """Return the weak spellings in *text*, whose key is *key*, and what sounds like a phrase."""
        if self.weak.keys:
            found = self.weak.matcher.find(key_of(text) if key is None else key)
            yield from _finds(self.weak, text, found)
        yield from self._homophones.finds(text)

    def encoded_finds(self, text: str) -> Iterator[Find]:
        """Return the phrases in what can be decoded of *text*, each as the whole run."""
        for run in decoded(text):
            for find in self.finds(run.text):
                if find.part < 0 and find.covers is None:
                    yield Find(run.start, run.end, find.entry, "encoded", -1, None)

    def pattern_finds(self, text: str, start: int = 0) -> Iterator[Find]:
        """Return the bounded patterns in *text* that begin at *start* or later."""
        if self.patterns:
            for name, first, end in find_patterns(text, self.patterns):
                if first >= start:
                    for entry in self._by_pattern[name]:
                        yield Find(first, end, entry, "pattern", -1, None)


def counts(entry: Entry, today: date | None) -> bool:
    """Return whether *entry* is still in force on *today*."""
    return not entry.not_after or today is None or date.fromisoformat(entry.not_after) >= today


def _finds(words: Words, text: str, found: Sequence[tuple[int, int, int]]) -> Iterator[Find]:
    if found:
        yield from judged(words, text, found, np.append(places_of(text), len(text)))


def judged(
    words: Words,
    text: str,
    found: Iterable[tuple[int, int, int]],
    places: Sequence[int] | NDArray[np.int64],
) -> Iterator[Find]:
    """Return what of *found* really stands in *text*; *places* are those of the key's runs."""
    for start, end, number in found:
        key = words.keys[number]
        region = region_of(text, int(places[start]), int(places[end]), key)
        for spelling, phrase in words.phrases(key):
            for place in stands(phrase, region):
                view = spelling.view or place.view
                yield Find(
                    place.start, place.end, spelling.entry, view, spelling.part, spelling.covers
                )
