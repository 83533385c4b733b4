"""Forms in a sentence: where one stands, and which words are left that say something of their own."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import accumulate

from pratique.text.claim_places import CLAUSE
from pratique.text.claim_sentences import Sentence

_NO_GAP = CLAUSE | {"not", "no", "never"}
_GAP = 8
"""Most words that a `*` stands for."""


def matched(sentence: Sentence, at: int, rest: tuple[str, ...]) -> int:
    """Return how many words from *at* are consumed by *rest*, or -1 if it is not there.

    A form with a gap consumes only what stands before the gap: what fills it may claim, too.
    """
    words = sentence.words
    if "*" not in rest and rest[-1] != "^":
        size = len(rest)
        return size if tuple(words[at : at + size]) == rest else -1
    start, consumed, gap = at, -1, False
    for wanted in rest:
        if wanted == "*":
            gap, consumed = True, at - start if consumed < 0 else consumed
        elif wanted == "^":
            if at >= len(words) or not sentence.written[at][0].isupper():
                return -1
        elif gap:
            at = _behind_gap(words, at, wanted)
            gap = False
            if at < 0:
                return -1
        elif at < len(words) and words[at] == wanted:
            at += 1
        else:
            return -1
    return at - start if consumed < 0 else consumed


def _behind_gap(words: list[str], at: int, wanted: str) -> int:
    """Return the place behind *wanted*, one to five words after *at*, or -1."""
    if at < len(words) and (words[at] in _NO_GAP or words[at] == "of"):
        return -1
    for place in range(at + 1, min(len(words), at + 1 + _GAP)):
        if words[place] == wanted:
            return place + 1
        if words[place] in _NO_GAP:
            return -1
    return -1


_ENDINGS = ("ing", "ed", "es", "s", "e")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return an English word without its ending, so that forms of one word are the same."""
    word = word.removesuffix("'s")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def own_words(sentence: Sentence, taken: bytearray, plain: frozenset[str]) -> dict[int, str]:
    """Return the words that say something of their own, by place; in Chinese, pairs of them.

    Signs, *plain* words and those that are *taken* by a form say nothing of their own.
    """
    words = sentence.words
    if sentence.english:
        return {
            at: stem(word)
            for at, word in enumerate(words)
            if word[0].isalpha() and word not in plain and not taken[at]
        }
    own = [
        "一" <= word < "\ua000" and word not in plain and not used
        for word, used in zip(words, taken, strict=True)
    ]
    return {
        at: words[at] + words[at + 1] for at in range(len(words) - 1) if own[at] and own[at + 1]
    }


def words_asked(
    told: Sequence[Sentence], wanted: Collection[str], plain: frozenset[str]
) -> list[list[tuple[int, str]]]:
    """Return for each of *told* which of its words are *wanted*, with their places.

    Of those that a form takes nothing is known yet.
    """
    if not told[0].english:
        return _pairs_asked(told, wanted)
    return [
        [
            (at, found)
            for at, word in enumerate(one.words)
            if word[0].isalpha() and word not in plain and (found := stem(word)) in wanted
        ]
        for one in told
    ]


def _pairs_asked(told: Sequence[Sentence], wanted: Collection[str]) -> list[list[tuple[int, str]]]:
    """Search all sentences at once for each pair: far faster than to tell all pairs of each."""
    text = "\0".join([one.text for one in told])
    found: list[list[tuple[int, str]]] = [[] for _ in told]
    starts = [0, *accumulate([len(one.text) + 1 for one in told])]
    for pair in wanted:
        at = text.find(pair)
        while at >= 0:
            place = bisect_right(starts, at) - 1
            found[place].append((at - starts[place], pair))
            at = text.find(pair, at + 1)
    return found
