"""Negation: what a text denies, and whether a rewording or a translation turns that round.

Three sorts of words are told apart: clear denials (不, not), faint ones and stand-ins (不安, unable,
missed), and what only looks like a denial (不但, not only, no doubt). A clear denial of the one
text needs any of the first two in the other. Comparing leans to silence: a false alarm spoils a
good answer, so what is denied must also be said by the other text, where both are in one language.
"""

import re
from functools import cache, cached_property

from pratique.text import negation_words as words
from pratique.text.negation_scan import (
    Span,
    clear,
    denials,
    forceful,
    gradable,
    lowered,
    stands_in,
)
from pratique.text.scripts import letter_by_letter, mostly_chinese

_LONG = 120
"""Code points of a text above which one denial alone is no proof."""
_LONG_ZH = 60
"""The same for a Chinese text."""
_FOCUS = 60
"""Code points after a denial in which the denied is looked for."""
_NOTHING = "\0"
"""Stands in no text."""
_HEAD = 2
"""Words of what is denied that come first, the verb mostly."""


def negations(text: str) -> int:
    """Return how many clear denials *text* holds, Chinese and English ones."""
    return len(clear(text))


def polarity_lost(source: str, text: str) -> bool:
    """Say whether *source* denies what *text* says without a denial."""
    return _turned(source, text)


def polarity_added(source: str, text: str) -> bool:
    """Say whether *text* denies what *source* says without a denial."""
    return _turned(text, source)


def _turned(denying: str, other: str) -> bool:
    found = clear(denying)
    if not found:
        return False
    left = denials(other)
    if left >= len(found):
        return False
    chinese = mostly_chinese(denying)
    silent = left == 0 and not stands_in(other, " ".join(_denied(denying, end) for _, end in found))
    long = len(denying) > (_LONG_ZH if chinese else _LONG)
    if chinese != mostly_chinese(other):
        if not silent:
            return False
        found = [each for each in forceful(denying, found, other) if not gradable(denying, each)]
        return len(found) > 1 or (found != [] and not long)
    compare = _InChinese(denying, other) if chinese else _InEnglish(denying, other)
    said = [
        each
        for each in found
        if (silent and compare.said(each, only_head=long and len(found) < 2))
        or compare.said_flatly(each)
    ]
    return said != [] and forceful(denying, said, other) != []


def _denied(text: str, end: int) -> str:
    """Return what follows a denial that ends at *end*, up to the end of the clause."""
    return _clause_end().split(text[end : end + _FOCUS], maxsplit=1)[0]


def _flatly(clauses: list[str], denied: str) -> bool:
    """Say whether there are *clauses*, and each says *denied* without a denial or a stand-in."""
    return clauses != [] and not any(denials(each) or stands_in(each, denied) for each in clauses)


class _InChinese:
    """What a Chinese text denies, looked up in another one."""

    def __init__(self, denying: str, other: str) -> None:
        self.denying = letter_by_letter(denying, "zh-Hans")
        self.other = letter_by_letter(other, "zh-Hans")

    def said(self, span: Span, *, only_head: bool) -> bool:
        """Say whether the other text says what is denied at *span*."""
        clause = _denied(self.denying, span[1])
        content = _content_at(clause)
        if not content:
            return self._only_verb(clause, span[0]) in self.other
        if clause[content[0]] in self.other:
            return True
        near = content[:_HEAD] if only_head else content
        return any(clause[at : at + 2] in self.other for at in near if at + 1 < len(clause))

    def _only_verb(self, clause: str, start: int) -> str:
        """Return the common verb after a denial (没说), or before it (去不了), where nothing else is."""
        after = next((each for each in clause if each not in words.PARTICLES), "")
        before = self.denying[max(0, start - 1) : start]
        verb = after or (before if before not in words.PARTICLES else "")
        return verb if verb.isalpha() else _NOTHING

    def said_flatly(self, span: Span) -> bool:
        """Say whether a clause of the other text affirms it, whatever its other clauses deny."""
        clause = _denied(self.denying, span[1])
        pairs = [clause[at : at + 2] for at in _content_at(clause) if at + 1 < len(clause)]
        shared = [pair for pair in pairs if pair in self.other]
        if not shared or shared[0] != pairs[0]:
            return False
        # What the denying text says elsewhere, too, may be what the other one repeats.
        if any(self.denying.count(pair) > 1 for pair in shared):
            return False
        return _flatly([each for each in self._clauses if pairs[0] in each], clause)

    @cached_property
    def _clauses(self) -> list[str]:
        return _clause_end().split(self.other)


class _InEnglish:
    """What an English text denies, looked up in another one."""

    def __init__(self, denying: str, other: str) -> None:
        self.denying = denying
        self.other = other
        self.low = lowered(other)

    def said(self, span: Span, *, only_head: bool) -> bool:
        """Say whether the other text says what is denied at *span*."""
        start, end = span
        stems = _stems(_denied(self.denying, end))
        stems = stems or _stems(self.denying[max(0, start - _FOCUS // 2) : start])
        likely = [stem for stem in (stems[:_HEAD] if only_head else stems) if self._likely(stem)]
        return likely != [] and not self._other_stems.isdisjoint(likely)

    def said_flatly(self, span: Span) -> bool:
        """Say whether a clause of the other text affirms it, whatever its other clauses deny."""
        clause = _denied(self.denying, span[1])
        head = next(iter(_stems(clause)), "")
        if not head or not self._likely(head) or self._denying_stems.count(head) > 1:
            return False
        return _flatly([each for each, stems in self._clauses if head in stems], clause)

    @cached_property
    def _other_stems(self) -> frozenset[str]:
        return frozenset(_stems(self.other))

    @cached_property
    def _denying_stems(self) -> list[str]:
        return _stems(self.denying)

    @cached_property
    def _clauses(self) -> list[tuple[str, list[str]]]:
        return [(each, _stems(each)) for each in _clause_end().split(self.other)]

    def _likely(self, stem: str) -> bool:
        """Say whether the letters are there at all: words are cut only where they may be."""
        return stem in self.low or any(form in self.low for form in _past().get(stem, ()))


def _content_at(clause: str) -> list[int]:
    """Return where the characters of a Chinese clause are that tell what it speaks of."""
    return [at for at, each in enumerate(clause) if each not in words.FUNCTION_CHARACTERS]


def _stems(text: str) -> list[str]:
    """Return the stems of the English words that tell what *text* speaks of."""
    found = _word().findall(lowered(text))
    return [_stem(word) for word in found if word not in words.FUNCTION_WORDS]


def _stem(word: str) -> str:
    word = _verbs().get(word, word)
    for ending in ("'s", "ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) > 1:
            word = word[: -len(ending)]
            break
    doubled = len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls"
    return word[:-1] if doubled else word.removesuffix("e")


@cache
def _verbs() -> dict[str, str]:
    return {form: verb for verb, forms in words.PAST.items() for form in forms}


@cache
def _past() -> dict[str, tuple[str, ...]]:
    return {_stem(verb): forms for verb, forms in words.PAST.items()}


@cache
def _word() -> re.Pattern[str]:
    return re.compile("[a-z][a-z']+")


@cache
def _clause_end() -> re.Pattern[str]:
    return re.compile("[.!?;:,\n，。！？；：、]")
