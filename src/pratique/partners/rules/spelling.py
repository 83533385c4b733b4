"""Spelling of English words: known misspellings, and common words with one slip in them."""

from collections.abc import Iterator, Mapping
from functools import cache

from pratique.partners.rules import words

_VOWELS = "aeiou"
_DOUBLING = "cfglmnprst"
_SUFFIXES = (("'s", ""), ("s", "sxyz"), ("ly", ""), ("ed", "ey"), ("ing", "e"), ("ers", "ey"))


def corrected(word: str) -> str | None:
    """Return the right spelling of *word* (lower case), or None when nothing is wrong with it."""
    known = _known()
    if word in known:
        return known[word]
    if len(word) < 8 or word in _right():
        return None
    for suffix, unfit in _SUFFIXES:
        stem = word.removesuffix(suffix)
        if stem != word and len(stem) > 5 and stem in known:
            right = known[stem]
            if right.isalpha() and right[-1] not in unfit:
                return right + suffix
    return None


@cache
def _right() -> frozenset[str]:
    """Return the words that we know to be spelled right."""
    listed = frozenset(right for right, _ in words.rows("en", "spelling.tsv"))
    more = words.sets("en", "vocabulary_more.toml")["common"]
    return words.sets("en", "vocabulary.toml")["common"] | more | listed


@cache
def _known() -> Mapping[str, str]:
    """Return each misspelling that we know, with its right spelling."""
    listed = {
        wrong: right for right, every in words.rows("en", "spelling.tsv") for wrong in every.split()
    }
    right = _right()
    real = right | words.sets("en", "vocabulary.toml")["real"]
    real |= words.sets("en", "vocabulary_more.toml")["real"]
    found: dict[str, str] = {}
    unsure: set[str] = set()
    for word in sorted(word for word in right if len(word) >= 7 and word.isalpha()):
        for slip in set(_slips(word)) - real:
            if found.setdefault(slip, word) != word:
                unsure.add(slip)
    return {slip: word for slip, word in found.items() if slip not in unsure} | listed


def _slips(word: str) -> Iterator[str]:
    """Return *word* with one slip: letters swapped, doubled or not, lost, one vowel for another."""
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if word[at] == word[at + 1]:
            yield word[:at] + word[at + 1 :]
        elif len(word) >= 7 and word[at] in _DOUBLING and word[at] != word[at - 1]:
            yield word[: at + 1] + word[at:]
        if len(word) >= 8 and 1 < at < len(word) - 2:
            yield word[:at] + word[at + 1 :]
            if word[at] in _VOWELS:
                yield from (word[:at] + vowel + word[at + 1 :] for vowel in _VOWELS)
