"""English phrases that go wrong as a whole: idioms, fixed pairs, words run together or apart."""

import re
from collections.abc import Mapping
from functools import cache

from pratique.partners.rules import words
from pratique.partners.rules.tokens import NEXT_TO, Tokens, cased, tokens

_Phrase = tuple[tuple[str, ...], str, str]
"""The words of a wrong phrase, what stands between each two of them, and the right phrase."""


def rephrased(text: str) -> str:
    """Return *text* with each phrase of the list put right, the longest that fits."""
    cut = tokens(text)
    known = _phrases()
    pieces: list[str] = []
    index, count = 0, len(cut.words)
    while index < count:
        pieces.append(cut.gaps[index])
        found = next((one for one in known.get(cut.lower[index], ()) if _at(cut, index, one)), None)
        if found is None:
            pieces.append(cut.words[index])
            index += 1
        else:
            pieces.append(cased(found[2], cut.words[index]))
            index += len(found[0])
    return "".join([*pieces, cut.gaps[-1]])


def _at(text: Tokens, index: int, phrase: _Phrase) -> bool:
    """Whether *phrase* stands at word *index* of *text*, and not inside a longer word."""
    written, gaps, _ = phrase
    end = index + len(written)
    if tuple(text.lower[index:end]) != written:
        return False
    if text.gaps[index][-1:] in ("-", "_", "/") or text.gaps[end][:1] in ("-", "_", "/"):
        return False
    between = zip(text.gaps[index + 1 : end], text.links[index + 1 : end], gaps, strict=True)
    if not all(gap == asked or (asked == " " and link == NEXT_TO) for gap, link, asked in between):
        return False
    return not any(word.isupper() and len(word) > 2 for word in text.words[index:end])


@cache
def _phrases() -> Mapping[str, tuple[_Phrase, ...]]:
    """Return the phrases of the list by their first word, longest first."""
    known: dict[str, list[_Phrase]] = {}
    for right, every in words.rows("en", "phrases.tsv"):
        for wrong in every.split("|"):
            parts = tuple(re.split("[ -]", wrong.lower()))
            known.setdefault(parts[0], []).append((parts, re.sub("[^ -]", "", wrong), right))
    return {
        first: tuple(sorted(same, key=lambda phrase: -len(phrase[0])))
        for first, same in known.items()
    }
