"""Questions about a picture: which topics and kinds of value one asks for, and its other words."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pratique.partners.rules import words
from pratique.partners.rules.vision_lines import Line, low, phrases

KINDS = ("price", "time", "date", "place", "who", "count")
"""Kinds of value that a question may ask for."""

_WHOLE = ("cheapest", "dearest", "identity", "main", "title", *KINDS)
_LATIN = re.compile(r"[a-z0-9][a-z0-9'&-]*")
_HAN = re.compile("[\u3400-\u9fff]+")
_LEAST_STEM = 4
LONGEST_QUESTION = 400
"""Code points of a question that are read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for."""

    topics: tuple[str, ...]
    """Things that a line tells by certain words: `seat`, `refund`, ..."""

    kinds: tuple[str, ...]
    """Kinds of value, most telling first."""

    extreme: str
    """`cheapest` or `dearest`; else empty."""

    identity: bool
    """Whether it asks who a person that is seen is."""

    main: bool
    """Whether it asks what the picture is about."""

    title: bool
    """Whether it asks what something is called."""

    terms: tuple[str, ...]
    """Its other words: Latin ones by their stem, Chinese ones by pairs of characters."""

    singles: tuple[str, ...]
    """Its other Chinese characters, one by one."""


def asked(question: str) -> Asked:
    """Return what *question* asks for."""
    text = low(question[:LONGEST_QUESTION])
    topics = [topic for topic in _topics() if phrases(f"ask_{topic}").search(text)]
    if re.search(r"[次天课人份个](?:[^元钱]*$)", text) and re.search("几|多少[人天次份个]", text):
        # 一共几次 asks for a count, not for a total.
        topics = [topic for topic in topics if topic != "total"]
    if "discount" in topics and phrases("ask_cheapest").search(text):
        topics.remove("discount")
    flags = {key for key in _WHOLE if phrases(f"ask_{key}").search(text)}
    terms, singles = _terms(text)
    return Asked(
        topics=tuple(topics),
        kinds=_kinds(flags),
        extreme=next((key for key in ("cheapest", "dearest") if key in flags), ""),
        identity="identity" in flags,
        main="main" in flags and not topics,
        title="title" in flags,
        terms=terms,
        singles=singles,
    )


def overlap(wanted: Asked, text: str) -> float:
    """Return how many of the question's words stand in *text*, which is folded."""
    tokens = {_stem(token) for token in _LATIN.findall(text)}
    hits = sum(_occurs(term, tokens, text) for term in wanted.terms)
    return hits + 0.25 * sum(single in text for single in wanted.singles)


def speaks_of(wanted: Asked, line: Line) -> bool:
    """Say whether enough of the question's words stand in *line* for it to be meant."""
    tokens = {_stem(token) for token in _LATIN.findall(line.low)}
    hits = sum(_occurs(term, tokens, line.low) for term in wanted.terms)
    if hits and hits * 3 >= len([term for term in wanted.terms if term.isascii()]):
        return True
    singles = sum(single in line.low for single in wanted.singles)
    return singles >= 2 and singles * 2 >= len(wanted.singles)


def _occurs(term: str, tokens: set[str], text: str) -> bool:
    if not term.isascii():
        return term in text
    if term in tokens:
        return True
    long = len(term) > _LEAST_STEM
    return long and any(
        each.startswith(term) or (term.startswith(each) and len(each) > _LEAST_STEM)
        for each in tokens
    )


def _kinds(flags: set[str]) -> tuple[str, ...]:
    """Return the kinds of value asked for; 几 in 几点 or 几号 asks for no bare number."""
    found = tuple(kind for kind in KINDS if kind in flags)
    return tuple(kind for kind in found if kind != "count" or found == ("count",))


@cache
def _topics() -> tuple[str, ...]:
    keys = [*words.phrases("en", "vision.toml"), *words.phrases("zh-Hans", "vision.toml")]
    named = dict.fromkeys(key.removeprefix("ask_") for key in keys if key.startswith("ask_"))
    return tuple(name for name in named if name not in _WHOLE)


def _terms(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    stop = set(words.phrases("en", "vision.toml")["stop"])
    latin = [
        _stem(token.removesuffix("'s"))
        for token in _LATIN.findall(text)
        if token.removesuffix("'s") not in stop and not (len(token) == 1 and token.isalpha())
    ]
    for filler in _fillers():
        text = text.replace(filler, " ")
    pieces = _HAN.findall(text)
    pairs = [first + second for piece in pieces for first, second in pairwise(piece)]
    singles = dict.fromkeys("".join(pieces))
    return tuple(dict.fromkeys([*latin, *pairs])), tuple(singles)


@cache
def _fillers() -> tuple[str, ...]:
    table = words.phrases("zh-Hans", "vision.toml")
    every = list(table["stop"])
    for key in _WHOLE:
        every.extend(phrase for phrase in table.get(f"ask_{key}", ()) if len(phrase) > 1)
    return tuple(sorted(every, key=len, reverse=True))


def _stem(token: str) -> str:
    for ending in ("ing", "ies", "es", "ed", "s"):
        if token.endswith(ending) and len(token) - len(ending) >= _LEAST_STEM - 1:
            return token[: -len(ending)]
    return token
