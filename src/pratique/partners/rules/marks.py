"""Marks and capitals of an English text: blanks around punctuation, letters that begin."""

import re

from pratique.partners.rules import words
from pratique.partners.rules.shields import SHIELD
from pratique.partners.rules.tokens import OTHER, START, Tokens, shouted

_BLANK_BEFORE = re.compile(r" ++([,;!?]++|\.(?!\.))(?=\s|$)")
_COLON_BEFORE = re.compile(r" ++(:)(?= |\n|$)")
_ENDS = re.compile(r"(?:[!?]++|\.)\s++")
_MATHS = "=+<>*/^"


def spaced(text: Tokens) -> list[str]:
    """Return the gaps of *text* with stray blanks out and missing ones in."""
    wide = sum(gap.isspace() and len(gap) > 1 and "\n" not in gap for gap in text.gaps)
    gaps = list(text.gaps)
    for at in range(1, len(gaps)):
        gap = gaps[at]
        if gap == " " or not gap or text.words[at - 1] == SHIELD:
            continue
        if gap[0] == " ":
            gap = _pulled(gap, text.words[at - 1])
        if ",," in gap:
            gap = re.sub(",,+", ",", gap)
        if at < len(text.words):
            gap = _between(text, at, gap, wide)
        gaps[at] = gap
    return gaps


def _pulled(gap: str, before: str) -> str:
    """Return *gap* without the blanks before its punctuation; a colon after a figure stays."""
    mark = _BLANK_BEFORE.match(gap)
    if mark is None and not before[0].isdigit():
        mark = _COLON_BEFORE.match(gap)
    return gap if mark is None else gap[mark.start(1) :]


def _between(text: Tokens, at: int, gap: str, wide: int) -> str:
    """Return *gap* between two words, with the blank that it lacks or without one too many."""
    before, after = text.words[at - 1], text.words[at]
    if gap in ("  ", "   ") and wide <= 3 and before[-1].isalpha() and after[0].islower():
        return " "
    if not before.isalpha() or after == SHIELD or len(before) < 2:
        return gap
    listed = not after.isalpha() or len(after) < 2
    if gap == "," and not listed and text.gaps[at - 1] != "," and text.gaps[at + 1] != ",":
        return ", "
    follows = words.sets("en", "sets.toml")["after_full_stop"]
    begins = after == "i" or (after[0].isupper() and (len(after) == 1 or not shouted(after)))
    ends = gap in (".", "?", "!") and len(before) > 2 - (gap != ".") and before[1:].islower()
    return gap + " " if begins and ends and text.lower[at] in follows else gap


def capital(text: Tokens, index: int) -> bool:
    """Whether word *index* of *text*, written small, should begin with a capital."""
    word = text.words[index]
    if not word[0].islower() or word != word.lower():
        return False
    sets = words.sets("en", "sets.toml")
    lower, gap = text.lower[index], text.gaps[index + 1]
    dotted = gap[:1] in (".", "-", "_") and gap not in (".", "...") and len(gap) == 1
    if dotted and index + 1 < len(text.words):
        return False
    if lower == "i" or lower[:2] == "i'":
        return _pronoun(text, index)
    if lower in sets["weekdays"] or lower in sets["names"] or lower in sets["months"]:
        return text.links[index] != OTHER
    if lower in sets["month_or_word"]:
        return _month(text, index, sets)
    return lower not in sets["small_brands"] and _begins(text, index, sets)


def _pronoun(text: Tokens, index: int) -> bool:
    """Whether a small `i` is the pronoun: no list number, no variable, no part of a word."""
    if text.links[index] == OTHER and text.gaps[index].strip(" '‘*_~"):
        return False
    gap = text.gaps[index + 1]
    if gap[:1] in (")", "-", "_") or gap.lstrip()[:1] in tuple(_MATHS):
        return False
    inside = index + 1 < len(text.words)
    return text.lower[index] != "i" or gap[:1] != "." or len(gap) > 1 or not inside


def _month(text: Tokens, index: int, sets: dict[str, frozenset[str]]) -> bool:
    """Whether a small `may`, `march` or `august` is the month, by its neighbours."""
    before, after = text.before(index), text.after(index)
    if text.lower[index] == "may" and before in ("this", "it"):
        return False
    return before in sets["month_before"] or after in ("1", "#", "##") or before in ("1", "#")


def _begins(text: Tokens, index: int, sets: dict[str, frozenset[str]]) -> bool:
    """Whether word *index* begins a sentence, as far as punctuation can tell."""
    gap = text.gaps[index]
    if index == 0:
        whole = text.gaps[-1].rstrip()[-1:] in (".", "!", "?") or len(text.words) > 4
        return not gap.strip() and whole and text.lower[0] not in sets["opening"]
    if text.links[index] != START or not _ENDS.fullmatch(gap):
        return False
    if gap[0] in "!?":
        return len(gap.strip()) < 3
    before = text.lower[index - 1]
    return len(before) > 1 and before not in sets["abbreviations"] and before not in ("#", "##")
