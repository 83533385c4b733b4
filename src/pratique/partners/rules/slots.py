"""Slots of the phrase book: times, days, names and things, read in one language, told in another."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Literal

from pratique.partners.rules import words

Tongue = Literal["en", "zh"]
"""A side of the phrase book; Chinese is simplified here."""

LISTED = ("day", "place", "thing", "person", "count")
"""Slots whose words stand in a list."""

_NUMBER = r"\d{1,4}"
_PATTERNS: Mapping[Tongue, Mapping[str, str]] = {
    "en": {
        "time": r"(?:\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\.?|\d{1,2}:\d\d|\d{1,2}(?: o'clock)?|noon|midnight)",
        "name": r"[A-Z][\w'’-]{0,20}(?: [A-Z][\w'’-]{0,20})?",
        "number": r"\+?\d[\d -]{3,18}\d",
        "code": r"[A-Za-z]{0,4}-?\d{3,10}",
    },
    "zh": {
        "time": (
            r"(?:(?:凌晨|早上|上午|中午|下午|傍晚|晚上)?"
            r"(?:\d{1,2}[:：]\d\d|\d{1,2}点(?:半|\d{1,2}分?)?|[一二两三四五六七八九十]{1,2}点半?)|中午|零点)"
        ),
        "name": r"[A-Z][\w'’-]{0,20}(?: [A-Z][\w'’-]{0,20})?",
        "number": r"\+?\d[\d -]{3,18}\d",
        "code": r"[A-Za-z]{0,4}-?\d{3,10}",
    },
}
_ENGLISH_TIME = re.compile(
    r"(\d{1,2})(?:[:.](\d\d))?(?:\s?([ap])\.?m\.?|(?: o'clock)?)", re.IGNORECASE
)
_CHINESE_TIME = re.compile(
    r"(凌晨|早上|上午|中午|下午|傍晚|晚上)?(?:(\d{1,2})[:：](\d\d)|(\d{1,2})点(?:(半)|(\d{1,2})分?)?|([一二两三四五六七八九十]{1,2})点(半?))"
)
_AFTER_NOON = ("下午", "傍晚", "晚上", "中午")
_PARTS = {
    "凌晨": "in the morning",
    "早上": "in the morning",
    "上午": "in the morning",
    "中午": "in the afternoon",
    "下午": "in the afternoon",
    "傍晚": "in the evening",
    "晚上": "in the evening",
}
_HOURS = {
    "一": "one",
    "二": "two",
    "两": "two",
    "三": "three",
    "四": "four",
    "五": "five",
    "六": "six",
    "七": "seven",
    "八": "eight",
    "九": "nine",
    "十": "ten",
    "十一": "eleven",
    "十二": "twelve",
}


def pattern(slot: str, tongue: Tongue) -> str:
    """Return what may stand in *slot*, as a pattern with one group named after it."""
    if slot == "n":
        counted = "|".join(_longest(_listed("count", tongue)))
        return rf"(?P<n>{_NUMBER}|{counted})"
    if slot in LISTED:
        return rf"(?P<{slot}>{'|'.join(map(re.escape, _longest(_listed(slot, tongue))))})"
    return (
        rf"(?P<{slot}>(?-i:{_PATTERNS[tongue][slot]}))"
        if slot == "name"
        else (rf"(?P<{slot}>{_PATTERNS[tongue][slot]})")
    )


def told(slot: str, said: str, into: Tongue) -> str | None:
    """Return *said*, which stood in *slot*, in the other language; None when it cannot be said."""
    source: Tongue = "zh" if into == "en" else "en"
    if slot in ("name", "number", "code") or (slot == "n" and said.isdigit()):
        return said
    if slot == "time":
        return _english_time(said) if into == "en" else _chinese_time(said)
    return _listed("count" if slot == "n" else slot, source).get(said.casefold())


def _chinese_time(said: str) -> str | None:
    """Return an English time in Chinese: `3:30 pm` as 下午3:30."""
    named = {"noon": "中午", "midnight": "零点"}.get(said.casefold())
    if named is not None:
        return named
    found = _ENGLISH_TIME.fullmatch(said)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    hour, minutes, half = int(found[1]), found[2], (found[3] or "").lower()
    part = ""
    if half == "a":
        part = "凌晨" if hour in (12, 1, 2, 3, 4) else "上午"
    elif half == "p":
        part = "中午" if hour == 12 else "晚上" if hour >= 6 else "下午"
    return f"{part}{found[1]}:{minutes}" if minutes else f"{part}{found[1]}点"


def _english_time(said: str) -> str | None:
    """Return a Chinese time in English: 下午3点 as `3 pm`; figures stay figures, words words."""
    if said in ("中午", "零点"):
        return "noon" if said == "中午" else "midnight"
    found = _CHINESE_TIME.fullmatch(said)
    if found is None:
        return None
    part = found[1] or ""
    if found[7]:
        hour = _HOURS.get(found[7])
        if hour is None:
            return None
        clock = f"half past {hour}" if found[8] else hour if part else f"{hour} o'clock"
        return f"{clock} {_PARTS[part]}" if part else clock
    figure = found[2] or found[4]
    if int(figure) > 23:
        return None
    if found[5]:
        return f"half past {figure} {_PARTS[part]}" if part else f"half past {figure}"
    minutes = found[3] or found[6]
    half = "" if not part or int(figure) > 12 else " pm" if part in _AFTER_NOON else " am"
    if part == "晚上" and int(figure) == 12:
        return None
    if minutes and len(minutes) < 2:
        return None
    clock = f"{figure}:{minutes}" if minutes else figure
    return f"{clock}{half}" if half or minutes else f"{figure} o'clock"


def _longest(known: Mapping[str, str]) -> list[str]:
    return sorted(known, key=lambda each: (-len(each), each))


@cache
def _listed(slot: str, tongue: Tongue) -> dict[str, str]:
    """Return the words of a listed slot in *tongue*, in lower case, with their translations."""
    table: dict[str, dict[str, str]] = tomllib.loads(words.text("translate", "slots.toml"))
    found: dict[str, str] = {}
    for english, chinese in table[slot].items():
        here, there = (english, chinese) if tongue == "en" else (chinese, english)
        for word in here.split("|"):
            found.setdefault(word.casefold(), there.split("|")[0])
    return found
