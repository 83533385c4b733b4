"""The phrase book: the commonest short messages in English and Chinese, whole sentences only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pratique.partners.rules import slots, words
from pratique.partners.rules.slots import Tongue

_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(
    r"([^.!?。！？~～…\n]*(?:[.](?=\S)[^.!?。！？~～…\n]*)*)([.!?。！？~～…]*)(\s*)"
)
_PICTURE = re.compile(
    r"[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B50\u2764][\uFE0F\u200D\u20E3\U0001F3FB-\U0001F3FF]*\s?"
)
_TIME_IN_DOTS = re.compile(r"\b([ap])\.m\.(?=\s|$)", re.IGNORECASE)
_CHINESE_END = str.maketrans({".": "。", "!": "！", "?": "？"})
_ENGLISH_END = str.maketrans({"。": ".", "！": "!", "？": "?", "～": "~"})
_NO_ON = re.compile(r"^\{day\}|\b(?:to|by|is|does|about|until) \{day\}", re.IGNORECASE)
"""Before a day that stands so, English says no `on`."""

_READ = 600
"""Characters above which no message is short."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """One way to say something, with what it becomes."""

    pattern: re.Pattern[str]
    """What is said."""

    told: str
    """What it is in the other language, with slots."""


def translated(text: str, into: Tongue) -> str | None:
    """Return *text* in the other language: as a whole or sentence by sentence; None when unknown."""
    if len(text) > _READ:
        return None
    pieces: list[str] = []
    for line in text.split("\n"):
        found = _line(line, into) if line.strip() else line
        if found is None:
            return None
        pieces.append(found)
    return "\n".join(pieces)


def _line(line: str, into: Tongue) -> str | None:
    """Return one line in the other language."""
    line = _TIME_IN_DOTS.sub(lambda found: f"{found[1]}m", line.replace("’", "'")).strip()
    whole = _sentence(line, into)
    if whole is not None:
        return whole
    pieces: list[str] = []
    for said, end, _ in _SENTENCE.findall(line):
        if not (said + end).strip():
            continue
        found = _sentence(said + end, into)
        if found is None:
            return None
        glue = " " if into == "en" and pieces else ""
        pieces.append(glue + found)
    return "".join(pieces) if pieces else None


def _sentence(said: str, into: Tongue) -> str | None:
    """Return one sentence in the other language, with its mark and its pictures."""
    lead = _pictures(said, ends=False)
    rest = said[len(lead) :].strip()
    tail = _pictures(rest, ends=True)
    rest = rest[: len(rest) - len(tail)].strip() if tail else rest
    if not rest:
        return said.strip() or None if lead or tail else None
    bare = rest.rstrip(".!?。！？~～… ")
    end = rest[len(bare) :].strip()
    told = _phrase(bare, into)
    if told is None:
        return None
    marked = told.rstrip("?？!！")
    asked = told[len(marked) :]
    closing = end or asked
    if asked and asked[0] in "?？" and not any(mark in closing for mark in "?？"):
        closing = asked
    closing = closing.translate(_ENGLISH_END if into == "en" else _CHINESE_END)
    closing = "……" if "…" in closing and into == "zh" else closing[:3]
    space = " " if into == "en" else ""
    return f"{lead.strip()}{space if lead else ''}{marked}{closing}{space if tail else ''}{tail.strip()}"


def _pictures(text: str, *, ends: bool) -> str:
    """Return the pictures that *text* begins or ends with."""
    at = 0
    if not ends:
        while found := _PICTURE.match(text, at):
            at = found.end()
        return text[:at]
    runs = list(_PICTURE.finditer(text))
    stop = len(text)
    for run in reversed(runs):
        if run.end() != stop:
            break
        stop = run.start()
    return text[stop:]


def _phrase(bare: str, into: Tongue) -> str | None:
    """Return *bare*, a sentence without its mark, in the other language."""
    plain = " ".join(bare.split())
    if into == "en":
        plain = plain.replace(",", "，").replace("， ", "，")
    exact = _exact(into).get(plain.casefold())
    if exact is not None:
        return exact
    for phrase in _slotted(into):
        found = phrase.pattern.fullmatch(plain)
        if found is None:
            continue
        told = _filled(phrase.told, found.groupdict(), into)
        if told is not None:
            return told
    return None


def _filled(told: str, said: dict[str, str], into: Tongue) -> str | None:
    """Return *told* with its slots filled by what was *said*."""
    for slot, word in said.items():
        other = slots.told(slot, word.strip(), into)
        if other is None:
            return None
        if into == "en" and slot == "place":
            other = _placed(told, other)
            told = told.replace("at {place}", "{place}").replace("to {place}", "{place}")
        if into == "en" and slot == "day" and _NO_ON.search(told):
            other = other.removeprefix("on ")
        told = told.replace("{" + slot + "}", other)
    return told[0].upper() + told[1:] if into == "en" else told


def _placed(told: str, place: str) -> str:
    """Return *place* with the preposition that it takes in *told*."""
    bare = place == "downstairs" or (place == "home" and "to {place}" in told)
    for preposition in ("at", "to"):
        if f"{preposition} {{place}}" in told and not bare:
            return f"{preposition} {place}"
    return place


@cache
def _exact(into: Tongue) -> dict[str, str]:
    """Return the phrases without slots, in lower case and without their marks."""
    return {
        said.rstrip("?？!！.。").casefold(): told
        for said, told in _pairs(into)
        if not _SLOT.search(said)
    }


@cache
def _slotted(into: Tongue) -> tuple[_Phrase, ...]:
    """Return the phrases with slots; the one with most of its own words is tried first."""
    source: Tongue = "zh" if into == "en" else "en"
    found = []
    for said, told in sorted(_pairs(into), key=lambda pair: -len(_SLOT.sub("", pair[0]))):
        if not _SLOT.search(said):
            continue
        parts = _SLOT.split(said.rstrip("?？!！.。"))
        written = "".join(
            slots.pattern(part, source) if at % 2 else re.escape(part)
            for at, part in enumerate(parts)
        )
        found.append(_Phrase(re.compile(written, re.IGNORECASE), told))
    return tuple(found)


def _pairs(into: Tongue) -> Sequence[tuple[str, str]]:
    """Return every way to say a phrase with what it becomes; the first of two rows counts."""
    pairs: dict[str, str] = {}
    for english, chinese, *only in words.rows("translate", "phrases.tsv"):
        way = only[0] if only else ""
        if way == ("<" if into == "zh" else ">"):
            continue
        here, there = (english, chinese) if into == "zh" else (chinese, english)
        for said in here.split("|"):
            pairs.setdefault(said, there.split("|")[0])
    return tuple(pairs.items())
