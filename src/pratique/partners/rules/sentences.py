"""Sentences of a text in either language, with what each one is worth knowing for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pratique.partners.rules import words
from pratique.text import lengths

_ENGLISH_END = re.compile(r"[.!?…]++[\"'”’)\]]*+(?=\s|$)|\n++")
_CHINESE_END = re.compile(r"[。！？!?…]++[”’』」）)\"]*+|\.(?=\s|$)|\n++")
_BULLET = re.compile(r"^(?:[-*•·#>]++|\d{1,2}[.)、](?!\d))\s*+")
_LAST_WORD = re.compile(r"[A-Za-z.]{1,12}$")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*+")
_ENGLISH_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*+")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[A-Za-z]{2,}")


def sentences(text: str, locale: str) -> Iterator[str]:
    """Yield the sentences of *text*, stripped, without list marks; a line's end ends one."""
    end = _ENGLISH_END if locale == "en" else _CHINESE_END
    at = 0
    for match in end.finditer(text):
        if match.group() == "." and locale == "en" and _abbreviated(text, at, match.start()):
            continue
        yield from _cleaned(text[at : match.end()])
        at = match.end()
    yield from _cleaned(text[at:])


def _cleaned(piece: str) -> Iterator[str]:
    """Yield *piece* without blanks and list marks, if a letter or figure is left."""
    stripped = _BULLET.sub("", piece.strip(), count=1)
    if any(character.isalnum() for character in stripped):
        yield stripped


def _abbreviated(text: str, start: int, stop: int) -> bool:
    """Whether the full stop at *stop* ends an abbreviation or an initial, not a sentence."""
    last = _LAST_WORD.search(text[max(start, stop - 12) : stop])
    if last is None:
        return False
    word = last.group().lower().lstrip(".")
    return (len(word) == 1 and word != "i") or word in words.sets("en", "summary.toml")[
        "abbreviations"
    ]


@dataclass(frozen=True, slots=True)
class Content:
    """What one sentence tells."""

    terms: frozenset[str]
    """Content words (English) or pairs of characters (Chinese)."""

    facts: frozenset[str]
    """Figures, names and times: what a reader would miss first."""


def content(sentence: str, locale: str) -> Content:
    """Return what *sentence* tells."""
    return _english(sentence) if locale == "en" else _chinese(sentence)


def _english(sentence: str) -> Content:
    """Return the content of an English sentence."""
    lists = words.sets("en", "summary.toml")
    found = _ENGLISH_WORD.findall(sentence)
    lower = [word.lower().replace("’", "'") for word in found]
    terms = {word for word in lower if word not in lists["stop"] and len(word) > 1}
    names = {
        word.lower()
        for word in found[1:]
        if word[0].isupper() and word.lower() not in lists["stop"] and len(word) > 1
    }
    times = {word for word in lower if word in lists["time"] and word != "may"}
    return Content(frozenset(terms), frozenset(names | times | set(_FIGURE.findall(sentence))))


def _chinese(sentence: str) -> Content:
    """Return the content of a Chinese sentence."""
    lists = words.sets("zh-Hans", "summary.toml")
    terms: set[str] = set()
    for run in _HAN_RUN.findall(sentence):
        terms.update(run[at : at + 2] for at in range(len(run) - 1))
    times = {word for word in lists["time"] if word in sentence and len(word) > 1}
    facts = times | set(_FIGURE.findall(sentence)) | set(_LATIN.findall(sentence))
    return Content(frozenset(terms - lists["stop"]), frozenset(facts))


@cache
def _cues(locale: str, name: str) -> re.Pattern[str]:
    """Return a pattern of the words of a list, whole words in English."""
    every = sorted(words.sets(locale, "summary.toml")[name], key=lambda cue: (-len(cue), cue))
    either = "|".join(map(re.escape, every))
    whole = rf"(?<![\w'’])(?:{either})(?![\w'’])"
    return re.compile(whole if locale == "en" else either, re.IGNORECASE)


def has(sentence: str, locale: str, name: str) -> bool:
    """Whether *sentence* has a word of the list *name*."""
    return _cues(locale, name).search(sentence) is not None


def count(sentence: str, locale: str, name: str) -> int:
    """Return how often words of the list *name* occur in *sentence*, five at most."""
    found = 0
    for _ in _cues(locale, name).finditer(sentence):
        found += 1
        if found == 5:
            break
    return found


def size(text: str, locale: str) -> int:
    """Return the length of *text* as limits count it: words in English, characters in Chinese.

    `50,000` is one word to a reader and two to the limit: the larger count is taken.
    """
    return max(len(text.split()), lengths.words(text)) if locale == "en" else len(text)
