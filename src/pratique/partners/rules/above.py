"""A question that the thread has answered already: the clause that answers it."""

import re
from collections.abc import Sequence
from itertools import pairwise

from pratique.partners.rules import words
from pratique.partners.rules.records import Message

_CLAUSE = re.compile(r"[^,.!?;，。！？；\n]+")
_WH = {
    "en": re.compile(
        r"\b(?:who|where|when|which|what time|what day|what's the|what was|what is the|how many|how much)\b",
        re.IGNORECASE,
    ),
    "zh-Hans": re.compile(r"谁|哪|几[点号天]|什么时候|多少|密码是"),
}
_WORD = re.compile(r"[a-z0-9']+")
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|es|e|s)$")
_CLOCK = re.compile(
    r"\d{1,2}[:：]\d\d|\b\d{1,2}\s?(?:am|pm)\b|[\d一二两三四五六七八九十]{1,3}点", re.IGNORECASE
)
_DAY = re.compile(
    r"周[一二三四五六日天]|[\d一二三四五六七八九十]{1,3}[号日]"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\btomorrow\b|\btonight\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")
_PLACE = re.compile(
    r"(?:在|到|去|搬到)[\u4e00-\u9fff\w]{2,}|\b(?:at|in|on|under|behind|next to) the \w+|\b(?:room|gate|row|floor) \w+",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][a-z]+\b|[\u4e00-\u9fff]{2,}")
_WANTS = (
    (re.compile(r"谁|\bwho(?:'s|se)?\b", re.IGNORECASE), _NAME),
    (re.compile(r"哪[里儿]|在哪|\bwhere\b|\bwhich (?:row|room|gate)\b", re.IGNORECASE), _PLACE),
    (re.compile(r"几点|\bwhat time\b|什么时候|\bwhen\b", re.IGNORECASE), _CLOCK),
    (re.compile(r"哪天|几号|什么时候|\bwhen\b|\bwhat day\b", re.IGNORECASE), _DAY),
    (
        re.compile(
            r"密码|几床|几号|几楼|房间|多少|几路|几班"
            r"|\b(?:password|code|room|floor|gate|number|locker|seat|platform|bus|how much)\b",
            re.IGNORECASE,
        ),
        _FIGURE,
    ),
)
"""Questions of a kind, and what their answer must hold."""

_LONGEST = {"en": 12, "zh-Hans": 15}
_ENOUGH = {"en": 2, "zh-Hans": 1}
"""Topics that a statement must share with the question: words, or pairs of characters."""

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
        shared_in_all = len(about & _topics(text, locale))
        shared_before = len(about & _topics(asked, locale)) if asked else 0
        for clause in _CLAUSE.findall(text):
            shared = len(about & _topics(clause, locale))
            weight = max(2 * shared if shared >= _ENOUGH[locale] else 0, shared_before)
            if _is_wanted(last, clause) and (shared_in_all or (asked and _same_kind(last, asked))):
                weight = max(weight, 2 * _ENOUGH[locale] + 1 + (shared if locale == "en" else 0))
            if weight > most and _fits(clause, locale):
                best, most = clause.strip(), weight
    return best


def _is_wanted(question: str, clause: str) -> bool:
    """Say whether *clause* holds what *question* is after: a time, a figure."""
    return any(kind.search(question) and answer.search(clause) for kind, answer in _WANTS)


def _same_kind(question: str, asked: str) -> bool:
    """Say whether an earlier question was after the same kind of thing."""
    return any(kind.search(question) and kind.search(asked) for kind, _ in _WANTS)


def _asks(text: str) -> bool:
    return "?" in text or "？" in text or any(wh.search(text) for wh in _WH.values())


def _topics(text: str, locale: str) -> set[str]:
    """Return what *text* is about: content words, or pairs of characters that say something."""
    plain = words.sets(locale, "above.toml")["plain"]
    if locale == "en":
        said = {word.removesuffix("'s") for word in _WORD.findall(text.casefold())} - plain
        return {_ENDING.sub("", word) for word in said}
    kept = [character for character in text if "\u4e00" <= character <= "\u9fff"]
    return {a + b for a, b in pairwise(kept) if a not in plain and b not in plain}


def _fits(clause: str, locale: str) -> bool:
    plain = clause.strip()
    size = len(plain.split()) if locale == "en" else len("".join(plain.split()))
    return 0 < size <= _LONGEST[locale] and "{" not in plain and "}" not in plain
