"""Turns of a conversation: who said what, and how much of the outcome hangs on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pratique.partners.rules.sentences import content, count, has, sentences, size

_LINE = re.compile(
    r"\s{0,8}(?:\[[^\]\n]{1,24}\]\s?)?([^\s:：][^:：\n]{0,23}?)\s?[:：](?!\d|//)\s*(.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One sentence that somebody said."""

    text: str
    """`Name: sentence`, or the sentence alone when nobody is named."""

    weight: float
    """How much of the outcome hangs on it."""


def turns(text: str, locale: str) -> list[Turn]:
    """Return what was said, in order; agreement without content says nothing and is left out.

    Later words weigh more: they decide. A proposal that the next line turns down weighs less.
    """
    said = [(name, each) for name, words in _lines(text) for each in sentences(words, locale)]
    weights = [_weight(sentence, locale) for _, sentence in said]
    for at in range(1, len(said)):
        changed = said[at][0] != said[at - 1][0]
        if changed and has(said[at][1], locale, "refusal"):
            weights[at - 1] -= 1.0
            weights[at] -= 0.4 * (at + 1 < len(said))
        elif changed and _accepts(said[at][1], locale):
            weights[at - 1] += 1.8
    found = []
    for at, (name, sentence) in enumerate(said):
        if _chatter(sentence, locale) and len(said) > 1:
            continue
        late = 2.5 * (at + 1) / len(said)
        found.append(Turn(_printed(name, sentence, locale), weights[at] + late))
    return found or [Turn(_printed(name, each, locale), 0.0) for name, each in said]


def _accepts(sentence: str, locale: str) -> bool:
    """Whether *sentence* begins by taking up what was said before it."""
    start = sentence.split()[0].strip(",.!") if locale == "en" else sentence[:3]
    return has(start, locale, "acceptance")


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield each line's speaker (empty when there is none) and words."""
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is not None:
            yield match[1].strip(), match[2]
        elif line.strip():
            yield "", line.strip()


def _weight(sentence: str, locale: str) -> float:
    """Return how much a sentence decides, asks or fixes."""
    weight = 0.7 * min(count(sentence, locale, "decided"), 3)
    weight += 0.5 * min(count(sentence, locale, "asked"), 2)
    weight += 0.9 * min(count(sentence, locale, "time"), 2)
    if sentence.endswith(("?", "？")):
        weight -= 0.8
    return weight


def _chatter(sentence: str, locale: str) -> bool:
    """Whether *sentence* is only a greeting, a yes, a laugh or thanks."""
    if content(sentence, locale).facts:
        return False
    if locale == "en":
        return size(sentence, locale) <= count(sentence, locale, "chatter") + 1
    bare = "".join(each for each in sentence if each.isalnum())
    return len(bare) <= 2 or (len(bare) <= 6 and has(bare[:2], locale, "chatter"))


def _printed(name: str, sentence: str, locale: str) -> str:
    """Return *sentence* with its speaker before it."""
    if not name:
        return sentence
    return f"{name}: {sentence}" if locale == "en" else f"{name}：{sentence}"
