"""Chinese scripts: a traditional text read letter for letter as simplified, and back again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from opencc import OpenCC

from pratique.partners.rules import words

Flavour = Literal["tw", "hk"]
"""Whose traditional script: Taiwan's or Hong Kong's."""

_PARTICLE = re.compile(r"(?<![显名土原编专卓昭论巨译执沉])著(?![名作称者书述])")
_READ = str.maketrans({"妳": "你", "「": "“", "」": "”", "『": "‘", "』": "’"})
_WRITTEN = str.maketrans({"臺": "台", "汙": "污", "麪": "麵", "“": "「", "”": "」"})
_HONG_KONG = re.compile(r"[裏着嘅咁冇喺咗哋嗰佢啲]|的士|巴士|的士站|港鐵|八達通|軟件|屋苑|質素")
_WEEK = re.compile(r"周(?=[一二三四五六日末])")
_CONFIGS = {"tw": "s2tw", "hk": "s2hk"}
_WITH_PHRASES = {"tw": "s2twp", "hk": "s2hkp"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A traditional text with its simplified reading, of the same length."""

    written: str
    """As the user wrote it."""

    hans: str
    """The same in simplified letters, letter for letter."""


@cache
def _converter(config: str) -> OpenCC:
    """Return the converter of *config*; its dictionaries are loaded once, when first needed."""
    return OpenCC(config)


def converted(text: str, config: str) -> str:
    """Return *text* converted as *config* says; the converter itself ends at a NUL."""
    convert = _converter(config).convert
    return "\0".join(convert(part) if part else "" for part in text.split("\0"))


def aligned(text: str, config: str) -> str:
    """Return *text* converted as *config* says, each letter in its place."""
    whole = converted(text, config)
    if len(whole) == len(text):
        return whole
    letters = {letter: converted(letter, config) for letter in set(text)}
    kept = {letter: other if len(other) == 1 else letter for letter, other in letters.items()}
    return "".join(kept[letter] for letter in text)


def simplified(text: str) -> str:
    """Return the simplified reading of *text*, of the same length."""
    return _PARTICLE.sub("着", aligned(text, "tw2s")).translate(_READ)


def flavour(text: str) -> Flavour:
    """Return whose traditional script *text* is written in; Taiwan's where nothing tells."""
    return "hk" if _HONG_KONG.search(text) else "tw"


def traditional(text: str, whose: Flavour) -> str:
    """Return *text* in traditional letters, each in its place."""
    return aligned(text, _CONFIGS[whose]).translate(_WRITTEN)


def reworded(text: str, whose: Flavour) -> str:
    """Return *text* in traditional letters and in the words of the place."""
    for mainland, taiwan, hong_kong in _vocabulary():
        if mainland in text:
            text = text.replace(mainland, taiwan if whose == "tw" else hong_kong)
    told = converted(text, _WITH_PHRASES[whose]).translate(_WRITTEN)
    return _WEEK.sub("週", told)


def retold(
    output: str, sources: Sequence[Reading], whose: Flavour, *, extract: bool = False
) -> str:
    """Return the simplified *output* in traditional letters.

    What it took from *sources* comes back as it stood there; the rest is put in the words of
    the place. Of an *extract* every letter was taken from there.
    """
    hans = "\n".join(source.hans for source in sources)
    written = "\n".join(source.written for source in sources)
    pieces: list[str] = []
    loose: list[str] = []
    at = 0
    while at < len(output):
        start, size = _longest(output, at, hans)
        if size < 2 and output[at] > "\x7f" and not (extract and size):
            loose.append(output[at])
            at += 1
            continue
        pieces.append(reworded("".join(loose), whose))
        loose = []
        pieces.append(written[start : start + size] if size else output[at])
        at += max(size, 1)
    pieces.append(reworded("".join(loose), whose))
    return "".join(pieces)


def _longest(output: str, at: int, hans: str) -> tuple[int, int]:
    """Return where in *hans* the longest beginning of *output* from *at* stands, and its size."""
    start, size = hans.find(output[at]), 0
    while start >= 0:
        size += 1
        if at + size == len(output):
            break
        found = hans.find(output[at : at + size + 1], start)
        if found < 0:
            break
        start = found
    return start, size


@cache
def _vocabulary() -> tuple[tuple[str, str, str], ...]:
    """Return words that Taiwan and Hong Kong say otherwise, beyond what the converter knows."""
    return tuple(
        (mainland, taiwan, hong_kong)
        for mainland, taiwan, hong_kong in words.rows("zh-Hant", "vocabulary.tsv")
    )
