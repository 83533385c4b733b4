"""Pieces of a text: its lines, sentences or clauses, whichever it falls into."""

import re

from pratique.partners.rules.sentences import sentences

_CLAUSES = (
    re.compile(r"[;；]\s*"),
    re.compile(r"(?<=[\u3400-\u9fff])[ \u3000]+(?=[\u3400-\u9fff])"),
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_COMMAS = re.compile(r",\s+|[，、]\s*")
_LIST_MARK = re.compile(r"^\s*(?:[-*•·]\s+|\d{1,2}[.)、]\s*|[（(]\d{1,2}[)）]\s*)")
NUMBERS = {
    word: value
    for value, names in enumerate(
        (
            "",
            "one 一 single",
            "two 二 两 兩",
            "three 三",
            "four 四",
            "five 五",
            "six 六",
            "seven 七",
            "eight 八",
        )
    )
    for word in names.split()
}
"""Small numbers by their words."""


def number(word: str) -> int:
    """Return the small number that *word* says, 0 for none."""
    last = word.split()[-1].casefold() if word.split() else ""
    return int(last) if last.isdecimal() and len(last) < 3 else NUMBERS.get(last, 0)


def said(text: str) -> list[str]:
    """Return the sentences of *text*, whichever language it is in."""
    return list(sentences(text, "zh-Hans" if _HAN.search(text) else "en"))


def lines(text: str) -> list[str]:
    """Return the lines of *text* without list marks; empty ones are left out."""
    return [bare for line in text.splitlines() if (bare := _LIST_MARK.sub("", line).strip())]


def pieces(text: str, many: int = 0) -> list[str]:
    """Return *text* in *many* pieces, or, when that is 0, as it falls apart by itself.

    Lines come first, then sentences, then clauses. More than are wanted are joined evenly;
    fewer come back as they are.
    """
    for found in (lines(text), said(text), *(split(text, each) for each in _CLAUSES)):
        if len(found) > 1 and len(found) >= many:
            return _joined(found, many) if many else found
    found = split(text, _COMMAS)
    return _joined(found, many) if many and len(found) >= many else found


def split(text: str, at: re.Pattern[str]) -> list[str]:
    """Return the parts of *text* between what *at* finds, none empty."""
    return [part.strip() for part in at.split(text) if part and part.strip()]


def _joined(found: list[str], many: int) -> list[str]:
    """Return *found* in *many* groups of about the same number of pieces."""
    size, rest = divmod(len(found), many)
    groups = []
    at = 0
    for place in range(many):
        end = at + size + (place < rest)
        glue = "" if _HAN.search(found[at]) else " "
        groups.append(glue.join(found[at:end]))
        at = end
    return groups
