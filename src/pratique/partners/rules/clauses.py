"""Clauses of a text, and the shortest way to say one that keeps what it says."""

import re
from collections.abc import Sequence
from functools import cache

from pratique.partners.rules import words
from pratique.partners.rules.sentences import content, has
from pratique.text.languages import written_in
from pratique.text.lengths import length

_MARKS = {
    "en": re.compile(
        r"(?<=[^\s.])[.!?…]+[\"'”’)]*(?=\s|$)|[;\n]+|:(?=\s)|,(?=\s)|\s[-–—]+\s|\s\((?=\w)|\)(?=\s|$)"
        r"|(?=\s(?:but|because|so that|although|unless|while|after|before|until|if|when)\s)"
    ),
    "zh-Hans": re.compile(
        r"[，。！？；、!?;…\n]+|,(?!\d)|：(?!\d)|[（）]|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])|——"
    ),
}
_SUBORDINATE = re.compile(
    r"^\s*(?:and|or|which|who|that|to|than|because|so|although|while|as|for|with|of|by)\b",
    re.IGNORECASE,
)
_DEPENDENT = {
    "en": re.compile(
        r"^\s*(?:he|she|it|they|him|her|them|his|its|their|this|that|these|those)\b", re.IGNORECASE
    ),
    "zh-Hans": re.compile(
        r"^(?:其|他|她|它|此|称|并|且|但|而|也|又|还|因|由|故|所以|因此|则|才|就|再|以)"
    ),
}
"""Clauses that say nothing without the one before them."""

_TAIL = re.compile(
    r"\s(?:about|for|after|over|during|in|at|on|with|by|from|near|across|following|amid|into|under)\s(?=\S)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s?[(（【\[][^()（）【】\[\]\n]{0,80}[)）】\]]")
_LAST = ".,;:!，。；：！、 …-–—"
_ELLIPSIS = "…"
_GREETED = re.compile(
    r"^(?:[\u4e00-\u9fff]{1,6}[您你]好|亲爱的[\u4e00-\u9fff]{1,6}|各位[\u4e00-\u9fff]{0,4})[，！,!：]"
)
_ASKS = ("?", "？")


def fits(text: str, most: int, locale: str) -> bool:
    """Whether *text* is at most *most* words (English) or characters (Chinese) long."""
    return length(text, locale) <= most


def shortened(text: str, most: int, locale: str, lists: str = "notifications.toml") -> str:
    """Return *text* in at most *most* words or characters.

    First goes what says nothing, then whole clauses that say least, but never a no, a doubt or
    a turn of what stays; only then is the end cut off, with a mark.
    """
    plain = " ".join(text.split()).strip()
    for shorter in (_without_fillers, _without_asides):
        if fits(plain, most, locale):
            return plain.strip(_LAST) or plain
        plain = shorter(plain, locale, lists) or plain
    if fits(plain, most, locale):
        return plain.strip(_LAST) or plain
    lean = _lean(plain, locale, lists)
    if fits(lean, most, locale):
        return lean.strip(_LAST) or lean
    return _best(lean, most, locale)


def _without_fillers(text: str, locale: str, lists: str) -> str:
    """Return *text* without words at its start that greet or announce."""
    pattern = _fillers(locale, lists)
    for _ in range(4):
        shorter = pattern.sub("", _GREETED.sub("", text), count=1).lstrip(" ，,：:！!。")
        if shorter == text:
            break
        text = shorter
    return text


def _without_asides(text: str, _locale: str, _lists: str) -> str:
    """Return *text* without what stands in brackets, unless it denies or counts something."""
    return _ASIDE.sub(
        lambda found: found[0] if re.search(r"\d|不|未|没|not|n't", found[0]) else "", text
    )


def _lean(text: str, locale: str, lists: str) -> str:
    """Return *text* as a headline says it: without articles and the like."""
    pattern = _articles(locale, lists)
    if locale != "en":
        for word in words.phrases(locale, lists)["articles"][:-2]:
            text = text.replace(word, "")
        return text
    return " ".join(pattern.sub("", text).split())


def _best(lean: str, most: int, locale: str) -> str:
    """Return the clauses of *lean* that tell most within *most*, or its beginning."""
    found = spans(lean, locale)
    best, weight = "", 0.0
    for first in range(len(found)):
        for last in range(first, min(first + 4, len(found))):
            end = found[last][1]
            asked = lean[end : end + 1] if lean[end : end + 1] in _ASKS else ""
            piece = lean[found[first][0] : end].strip(_LAST) + asked
            if not piece or not fits(piece, most, locale):
                break
            if not balanced(piece) or not written_in(piece, locale):
                continue
            told = _told(piece, lean, first, locale)
            if told > weight:
                best, weight = piece, told
    trimmed = _trimmed(lean, found[0] if found else (0, len(lean)), most, locale)
    if trimmed and _told(trimmed, lean, 0, locale) - 0.5 > weight:
        return trimmed
    return best or trimmed or beginning(lean, most, locale)


def _trimmed(text: str, first: tuple[int, int], most: int, locale: str) -> str:
    """Return the first clause of *text* without what its last prepositions add, if that fits."""
    clause = text[first[0] : first[1]].strip()
    asked = "?" if text[first[1] : first[1] + 1] == "?" else ""
    while locale == "en" and not fits(clause, most, locale):
        found = list(_TAIL.finditer(clause))
        if not found or found[-1].start() < len(clause) // 3:
            return ""
        clause = clause[: found[-1].start()].rstrip(_LAST)
    return clause + asked if fits(clause, most, locale) else ""


def _told(piece: str, whole: str, first: int, locale: str) -> float:
    """Return how much of *whole* its clause *piece* tells."""
    held = content(piece, locale)
    told = 2.0 * len(held.facts) + (0.8 if locale == "en" else 0.45) * len(held.terms)
    told += 1.5 if first == 0 else 0.0
    if any(mark in whole for mark in _ASKS):
        told += 2.6 if any(mark in piece for mark in _ASKS) else -3.0
    for name, weight in (("negation", 2.0), ("hedge", 2.0), ("duty", 0.7)):
        if has(whole, locale, name):
            told += weight if has(piece, locale, name) else -weight / 3
    told -= 4.0 if first and _DEPENDENT[locale].match(piece) else 0.0
    if locale == "en" and _SUBORDINATE.match(piece):
        told -= 3.0
    return told


def balanced(piece: str) -> bool:
    """Whether no bracket or quotation of *piece* was cut in two."""
    pairs = (
        ("(", ")"),
        ("（", "）"),
        ("“", "”"),
        ("「", "」"),
        ("【", "】"),
        ("《", "》"),
        ("[", "]"),
    )
    return all(piece.count(opens) == piece.count(closes) for opens, closes in pairs)


def spans(text: str, locale: str) -> list[tuple[int, int]]:
    """Return where the clauses of *text* begin and end, their closing mark left out."""
    found = []
    at = 0
    for mark in _MARKS[locale].finditer(text):
        if text[at : mark.start()].strip():
            found.append((at, mark.start()))
        at = mark.end()
    if text[at:].strip():
        found.append((at, len(text)))
    return found


def beginning(text: str, most: int, locale: str) -> str:
    """Return as much of the beginning of *text* as fits, with a mark where something was cut."""
    if fits(text, most, locale):
        return text
    if locale == "en":
        kept: list[str] = []
        for word in text.split():
            if not fits(" ".join([*kept, word]), most, locale):
                break
            kept.append(word)
        return " ".join(kept).rstrip(_LAST) + _ELLIPSIS
    piece: list[str] = []
    size = 0
    for character in text:
        size += not character.isspace()
        if size > most - 1:
            break
        piece.append(character)
    return "".join(piece).rstrip(_LAST) + _ELLIPSIS


@cache
def _fillers(locale: str, lists: str) -> re.Pattern[str]:
    """Return a pattern of words at a start that say nothing."""
    return _starting(words.phrases(locale, lists)["fillers"], locale)


@cache
def _articles(locale: str, lists: str) -> re.Pattern[str]:
    """Return a pattern of words that a headline leaves out."""
    either = "|".join(map(re.escape, words.phrases(locale, lists)["articles"]))
    return re.compile(rf"(?<![\w'’-])(?:{either})\s(?=\S)", re.IGNORECASE)


def _starting(phrases: Sequence[str], locale: str) -> re.Pattern[str]:
    """Return a pattern of *phrases* at the start of a text, whole words in English."""
    either = "|".join(sorted(map(re.escape, phrases), key=lambda each: (-len(each), each)))
    ends = r"(?![\w'’])[,:!.]*\s*" if locale == "en" else r"[，,：:！!。\s]*"
    return re.compile(rf"^(?:{either}){ends}", re.IGNORECASE)
