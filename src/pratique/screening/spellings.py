"""Spellings of entries: the phrases themselves, and what evaders write instead."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pratique.errors import Unavailable
from pratique.screening.entries import Entry, WeakView


class Spelling(NamedTuple):
    """A text to look for."""

    text: str
    """As it is written."""
    entry: Entry
    """The entry it stands for."""
    view: WeakView | None = None
    """The weak view; None for the phrase itself."""
    part: int = -1
    """Which part of an `all_of` it is; -1 where it stands alone."""
    covers: str | None = None
    """For an allow phrase: the rule whose hits it cancels, empty for all."""


def hard_spellings(entries: Iterable[Entry]) -> list[Spelling]:
    """Return the phrases of *entries*, their parts and their allow phrases."""
    found: list[Spelling] = []
    for entry in entries:
        if entry.phrase:
            covers = "" if entry.action == "allow" else None
            part = 0 if entry.all_of else -1
            found.append(Spelling(entry.phrase, entry, None, part, covers))
        for part, phrase in enumerate(entry.all_of, 1):
            found.append(Spelling(phrase, entry, None, part))
        found += [Spelling(one, _allowing(entry), None, -1, entry.id) for one in entry.allow]
    return found


def _allowing(entry: Entry) -> Entry:
    """Return an entry that counts where *entry* does and only allows."""
    return Entry(id=entry.id, action="allow", scope=entry.scope, lang=entry.lang)


def weak_spellings(entry: Entry) -> Iterator[Spelling]:
    """Return the spellings of the weak views that *entry* names."""
    if entry.all_of or not entry.phrase:
        return
    if "reversed" in entry.views and len(entry.phrase) > 2:
        yield Spelling(entry.phrase[::-1], entry, "reversed")
    if "split" in entry.views:
        for text in _split(entry.phrase):
            yield Spelling(text, entry, "split")
    if "leet" in entry.views:
        for text in _leet(entry.phrase):
            yield Spelling(text, entry, "leet")
    if ("pinyin" in entry.views or "initials" in entry.views) and _is_han(entry.phrase):
        syllables = _syllables(entry.phrase)
        if "pinyin" in entry.views and len(syllables) > 2:
            yield Spelling(" ".join(syllables), entry, "pinyin")
            for n, syllable in enumerate(syllables):
                mixed = entry.phrase[:n] + syllable + entry.phrase[n + 1 :]
                yield Spelling(mixed, entry, "pinyin")
        if "initials" in entry.views and len(syllables) > 5:
            yield Spelling("".join(one[0] for one in syllables), entry, "initials")


def _is_han(phrase: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in phrase)


def _syllables(phrase: str) -> list[str]:
    try:
        from pypinyin import lazy_pinyin
    except ImportError as error:
        raise Unavailable(
            "the views `pinyin` and `initials` need the package `pypinyin`",
            hint="install it, or take these views out of the pack",
        ) from error
    return list(lazy_pinyin(phrase))


def _split(phrase: str) -> Iterator[str]:
    """Return *phrase* with each stretch of its characters, one to all, split into parts."""
    parts = split_glyphs()
    spellings = {
        phrase[:first] + "".join(parts.get(one, one) for one in phrase[first:end]) + phrase[end:]
        for first in range(len(phrase))
        for end in range(first + 1, len(phrase) + 1)
    }
    yield from sorted(spellings - {phrase})


@cache
def split_glyphs() -> dict[str, str]:
    """Return characters that are written as two others side by side or one over the other."""
    text = (files("pratique") / "content/screening/split_glyphs.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows}


_LEET = str.maketrans({"a": "4", "b": "8", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"})


def _leet(phrase: str) -> Iterator[str]:
    """Return a Latin *phrase* with one letter, and with all, written as digits."""
    plain = phrase.lower()
    if not (plain.isascii() and plain.isalpha()):
        return
    spellings = {plain.replace(one, one.translate(_LEET)) for one in set(plain)}
    spellings |= {plain.translate(_LEET)}
    spellings |= {plain[:n] + plain[n:].translate(_LEET) for n in range(len(plain))} | {
        plain[:n].translate(_LEET) + plain[n:] for n in range(len(plain))
    }
    yield from sorted(spellings - {plain})
