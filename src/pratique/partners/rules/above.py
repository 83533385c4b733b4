"""A question that the thread has answered already: the clause that answers it."""

import re
from collections.abc import Sequence
from itertools import pairwise

from pratique.partners.rules import words
from pratique.partners.rules.records import Message

_CLAUSE = re.compile(r"[^,.!?;，。！？；\n]+")
_WH = {
    "en": re.compile(
        r"\b(?:who|where|when|which|what time|what day|what's the|how many|how much)\b",
        re.IGNORECASE,
    ),
    "zh-Hans": re.compile(r"谁|哪[里儿天个]|几[点号天]|什么时候|多少|密码是"),
}
_WORD = re.compile(r"[a-z0-9']+")
_LONGEST = {"en": 12, "zh-Hans": 15}
_LOOK_BACK = 30
"""Messages that are looked at, newest first."""


def answer(thread: Sequence[Message], locale: str) -> str | None:
    """Return the clause of an earlier message that answers the last one, if one plainly does.

    It must share what the question is about, ask nothing itself and be short enough to send.
    Where the same was asked before, the reply to that counts.
    """
    last = thread[-1].text[-500:]
    if not _WH[locale].search(last):
        return None
    about = _topics(last, locale)
    earlier = list(thread[:-1][-_LOOK_BACK:])
    best, most = None, 0
    for place in range(len(earlier) - 1, -1, -1):
        text = earlier[place].text
        if _asks(text) or len(text) > 2_000:
            continue
        asked = earlier[place - 1].text if place and _asks(earlier[place - 1].text) else ""
        shared_before = len(about & _topics(asked, locale)) if asked else 0
        for clause in _CLAUSE.findall(text):
            shared = len(about & _topics(clause, locale))
            weight = max(2 * shared, shared_before)
            if weight > most and _fits(clause, locale):
                best, most = clause.strip(), weight
    return best


def _asks(text: str) -> bool:
    return "?" in text or "？" in text


def _topics(text: str, locale: str) -> set[str]:
    """Return what *text* is about: content words, or pairs of characters that say something."""
    plain = words.sets(locale, "above.toml")["plain"]
    if locale == "en":
        return set(_WORD.findall(text.casefold())) - plain
    kept = [character for character in text if "\u4e00" <= character <= "\u9fff"]
    return {a + b for a, b in pairwise(kept) if a not in plain and b not in plain}


def _fits(clause: str, locale: str) -> bool:
    plain = clause.strip()
    size = len(plain.split()) if locale == "en" else len("".join(plain.split()))
    return 0 < size <= _LONGEST[locale] and "{" not in plain and "}" not in plain
