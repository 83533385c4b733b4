"""Hours of the day, in English or Chinese: where a text says one, and what it means."""

# ruff: noqa: E501 - a pattern is read whole, on one line.

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from pratique.text import numerals
from pratique.text.dates_zh import number

Half = Literal["am", "pm", "as written", "unsaid"]
"""Which half of the day was said; `as written` for 24-hour form."""


@dataclass(frozen=True, slots=True)
class Hour:
    """A place in a text that says an hour."""

    start: int
    """First code point."""

    end: int
    """One past the last code point."""

    hour: int
    """0 to 24, as said: `half` tells what to add."""

    minute: int
    """0 to 59."""

    half: Half
    """Which half of the day."""

    ends: bool = False
    """Whether it is the second of a range: `2 to 4`."""


MINUTES_A_DAY = 24 * 60


def hours(text: str, language: Literal["en", "zh"]) -> list[Hour]:
    """Return the hours that *text* says, in order, none overlapping; Chinese in simplified."""
    tables = [_english()] if language == "en" else [_chinese(), _english()]
    every: list[Hour] = []
    for table in tables:
        for pattern, builder in table:
            for match in pattern.finditer(text):
                every.extend(
                    hour for hour in builder(match) if hour.hour <= 24 and hour.minute < 60
                )
    every.sort(key=lambda hour: (hour.start, -hour.end))
    kept: list[Hour] = []
    for hour in every:
        if not kept or hour.start >= kept[-1].end:
            kept.append(hour)
    return _ranged(kept, text)


def minutes(hour: Hour, *, evening: bool, early: bool) -> int:
    """Return the minutes after midnight that *hour* means; 1440 for the end of the day.

    An hour without its half: 1 to 4 lie in the afternoon; 5 to 11 in the evening for what people
    do at night; of the rest, 5 to 7 in the evening unless it is an early thing.
    """
    value = hour.hour
    if hour.half == "pm" and 1 <= value <= 11:
        value += 12
    elif hour.half == "am" and value == 12:
        value = 0
    elif hour.half == "unsaid" and value <= 11:
        late = 1 <= value <= 4 or (evening and value >= 5) or (5 <= value <= 6 and not early)
        value += 12 if late or (value == 7 and not early) else 0
    return value * 60 + hour.minute


def stretch(
    first: Hour, last: Hour | None, *, evening: bool, early: bool
) -> tuple[int, int | None]:
    """Return the minutes of a start and of its end; an end before the start is on the next day."""
    if last is None:
        return minutes(first, evening=evening, early=early), None
    if first.half == "unsaid" and last.half in ("am", "pm"):
        end = minutes(last, evening=False, early=False)
        same = minutes(replace(first, half=last.half), evening=False, early=False)
        other: Half = "am" if last.half == "pm" else "pm"
        begin = (
            same if same < end else minutes(replace(first, half=other), evening=False, early=False)
        )
    else:
        begin = minutes(first, evening=evening and not _daylong(first, last), early=early)
        end = minutes(last, evening=False, early=False)
        if last.half == "unsaid":
            end = (last.hour % 12) * 60 + last.minute
            while end <= begin:
                end += MINUTES_A_DAY // 2
    return begin, end if end > begin else end + MINUTES_A_DAY


def _daylong(first: Hour, last: Hour) -> bool:
    """Say whether a bare range reads as daytime: 10 to 4."""
    return first.half == last.half == "unsaid" and first.hour >= 9 and last.hour in range(1, 7)


@cache
def _link() -> re.Pattern[str]:
    return re.compile(r"\s*(?:[-–—−~～]{1,2}|至|到|to|until|till|til|一直到)\s*", re.I)


def _ranged(found: list[Hour], text: str) -> list[Hour]:
    """Mark the second hour of each range, and give it the half that the first one said."""
    whole: list[Hour] = []
    for hour in found:
        before = whole[-1] if whole else None
        if before is not None and _link().fullmatch(text, before.end, hour.start):
            half = hour.half
            if half == "unsaid" and before.half == "pm" and hour.hour <= 12:
                half = "pm" if hour.hour % 12 > before.hour % 12 else "unsaid"
            plain = text[hour.start] != "0" and before.hour % 12 <= hour.hour < 12
            if half == "as written" and before.half == "pm" and plain:
                half = "pm"
            hour = replace(hour, ends=True, half=half)
        whole.append(hour)
    return whole


Builder = Callable[[re.Match[str]], Iterator[Hour]]
Table = tuple[tuple[re.Pattern[str], Builder], ...]

_PERIODS: dict[str, Half] = {
    **dict.fromkeys(("凌晨", "清晨", "早上", "早晨", "上午", "早", "晨", "朝早", "明早", "今早"), "am"),
    **dict.fromkeys(
        ("下午", "午后", "傍晚", "晚上", "夜晚", "晚间", "晚", "夜里", "夜", "夜场", "晚场", "下昼", "入夜"), "pm"
    ),
    **dict.fromkeys(("中午", "正午", "午间"), "pm"),
}  # fmt: skip


@cache
def _chinese() -> Table:
    periods = "|".join(sorted(_PERIODS, key=len, reverse=True))
    period = rf"(?:(?P<period>{periods})\s*)?"
    figure = r"(?P<hour>[0-2]?[0-9]|二?十[一二三四五六七八九]?|[一二两三四五六七八九零])"
    minute = r"(?:(?P<half>半)|(?P<quarter>[一三]刻)|[正整]|(?P<minute>[0-5][0-9]|[0-9](?=分)|[二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九])分?)?"
    return (
        (
            re.compile(rf"{period}(?<![0-9:.第])(?<![一二三四五六七八九十]){figure}\s*[点时](?![0-9]*[钟间]?候|间|代|尚|装|空){minute}(?:钟)?"),
            _spoken,
        ),
        (
            re.compile(rf"{period}(?<![0-9:])(?P<hour>[0-2]?[0-9]):(?P<minute>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:])(?!\s*(?:am|pm|AM|PM))"),
            _clock,
        ),
        (re.compile(rf"(?P<period>{periods})\s*(?<![0-9:])(?P<hour>[0-2]?[0-9])(?P<minute>)(?=\s*[-–—~至到]\s*[0-9])"), _clock),
        (re.compile(r"正午(?![0-9一二十])"), _noon),
    )  # fmt: skip


def _half_of(period: str | None, hour: int) -> tuple[int, Half]:
    if period is None:
        return hour, "unsaid"
    half = _PERIODS[period]
    if hour > 12 or (hour == 0 and half == "am"):
        return hour, "as written"
    if hour == 12:
        night = period in ("晚上", "夜晚", "晚", "夜里", "夜", "晚间")
        return (24 if night else 0 if period in ("凌晨",) else 12), "as written"
    if period in ("中午", "正午", "午间") and hour in (10, 11):
        return hour, "am"
    return hour, half


def _spoken(match: re.Match[str]) -> Iterator[Hour]:
    said = number(match["hour"])
    if said is None:
        return
    hour, half = _half_of(match["period"], said)
    minute = 30 if match["half"] else 0
    if match["quarter"]:
        minute = 15 if match["quarter"][0] == "一" else 45
    elif match["minute"]:
        minute = number(match["minute"]) or 0
    if half == "unsaid" and (hour > 12 or hour == 0 or match["hour"].startswith("0")):
        half = "as written"
    yield Hour(match.start(), match.end(), hour, minute, half)


def _clock(match: re.Match[str]) -> Iterator[Hour]:
    hour, half = _half_of(match["period"], int(match["hour"]))
    written: Half = "as written" if half == "unsaid" else half
    yield Hour(match.start(), match.end(), hour, int(match["minute"] or 0), written)


def _noon(match: re.Match[str]) -> Iterator[Hour]:
    yield Hour(match.start(), match.end(), 12, 0, "as written")


@cache
def _english() -> Table:
    half = r"(?P<half>[ap])\.?\s?m\b\.?"
    words = "|".join(word for word in numerals.ENGLISH if 1 <= numerals.ENGLISH[word] <= 12)
    dash = r"\s*(?:[-–—~]|to|until|till|til)\s*"
    guard = r"(?<![\w£$€¥:.,/-])"
    led = r"(?:\bat\s+|\bfrom\s+|@\s*|\bstarts?\s+(?:at\s+)?|\bdoors?\s+|\bshow\s+|\bopens?\s+|\bby\s+|\buntil\s+|\btill\s+|\bkick[- ]off\s+|\bcurtain(?:\s+up)?\s+|\bbegins\s+|\bends?\s+(?:at\s+)?|\bfinish(?:es)?\s+)"
    table = (
        (rf"(?<![\w£$€:/])(?P<hour>1[0-2]|0?[1-9])(?:[:.h](?P<minute>[0-5][0-9]))?\s*{half}", _marked),
        (r"(?<![\w£$€¥:.,/])(?P<hour>[0-2]?[0-9]):(?P<minute>[0-5][0-9])(?::[0-5][0-9])?(?![\w:])", _figures),
        (r"(?<![\w£$€¥:.,/])(?P<hour>[0-2]?[0-9])[.h](?P<minute>[0-5][0-9])(?:hrs|h)?(?![\w:/%]|\.[0-9])", _figures),
        (r"(?<![\w£$€:/])(?P<hour>[01][0-9]|2[0-4])(?P<minute>[0-5][0-9])\s*(?:hrs?|hours|h)\b", _figures),
        (rf"\b(?P<past>half\s+past|half|quarter\s+past|a\s+quarter\s+past|quarter\s+to|a\s+quarter\s+to|(?:five|ten|twenty|twenty-five)\s+(?:past|to))\s+(?P<word>{words}|1[0-2]|[1-9])\b(?:\s*{half})?", _told),
        (r"(?<![\w£$€:.,/])(?P<hour>1[0-2]|[1-9])(?P<minute>)\s*o['’]?clock\b", _figures),
        (rf"\b(?P<word>{words})(?=\s*(?:o['’]?clock\b|[ap]\.?\s?m\b))(?:\s*o['’]?clock\b)?(?:\s*{half})?", _worded),
        (r"\b(?:12\s+)?noon\b|\bmidday\b", _noon),
        (r"\b(?:12\s+)?midnight\b", _midnight),
        (rf"{led}(?P<hour>1[0-2]|[1-9])(?P<minute>)(?![\w:/%]|\.[0-9]|\s*(?:th|st|nd|rd|days?|weeks?|minutes?|mins?|people|[A-Z]?[a-z]+\s+(?:street|road|lane))\b)", _led),
        (rf"{led}(?P<word>{words})\b(?!\s+(?:days?|weeks?|months?|people|of|minutes?|for))", _worded),
        (rf"{guard}(?P<hour>1[0-2]|[1-9])(?P<minute>)(?={dash}(?:1[0-2]|[1-9])(?:[:.][0-5][0-9])?(?:\s*[ap]\.?m\b|(?![\w:./%])))", _figures),
        (rf"(?<=[0-9mn])(?P<dash>{dash})(?P<hour>1[0-2]|[1-9])(?P<minute>)(?![\w:/%]|\.[0-9])", _second),
        (rf"(?P<before>[0-9]{{1,2}})\s+for\s+(?P<hour>1[0-2]|[1-9])(?:[:.](?P<minute>[0-5][0-9]))?(?:\s*{half})?(?![\w:])", _for),
    )  # fmt: skip
    return tuple((re.compile(pattern, re.IGNORECASE), builder) for pattern, builder in table)


def _marked(match: re.Match[str]) -> Iterator[Hour]:
    half: Half = "am" if match["half"].lower() == "a" else "pm"
    yield Hour(match.start(), match.end(), int(match["hour"]), int(match["minute"] or 0), half)


def _figures(match: re.Match[str]) -> Iterator[Hour]:
    hour = int(match["hour"])
    written = hour > 12 or hour == 0 or match["hour"].startswith("0")
    half: Half = "as written" if written else "unsaid"
    yield Hour(match.start(), match.end(), hour, int(match["minute"] or 0), half)


def _led(match: re.Match[str]) -> Iterator[Hour]:
    yield Hour(match.start("hour"), match.end(), int(match["hour"]), 0, "unsaid")


def _second(match: re.Match[str]) -> Iterator[Hour]:
    yield Hour(match.start("hour"), match.end(), int(match["hour"]), 0, "unsaid")


def _for(match: re.Match[str]) -> Iterator[Hour]:
    half: Half = "unsaid"
    if match["half"]:
        half = "am" if match["half"].lower() == "a" else "pm"
    yield Hour(match.start(), match.end(), int(match["hour"]), int(match["minute"] or 0), half)


def _word_hour(match: re.Match[str]) -> int:
    word = match["word"].lower()
    return int(word) if word.isdecimal() else numerals.ENGLISH[word]


def _worded(match: re.Match[str]) -> Iterator[Hour]:
    half: Half = "unsaid"
    if "half" in match.groupdict() and match["half"]:
        half = "am" if match["half"].lower() == "a" else "pm"
    yield Hour(match.start("word"), match.end(), _word_hour(match), 0, half)


def _told(match: re.Match[str]) -> Iterator[Hour]:
    said, hour = match["past"].lower(), _word_hour(match)
    first = said.split()[1] if said.startswith("a ") else said.split()[0]
    minute = {"half": 30, "quarter": 15}.get(first, numerals.ENGLISH.get(first, 25))
    if said.endswith("to"):
        hour, minute = (hour - 1) or 12, 60 - minute
    half: Half = "unsaid"
    if match["half"]:
        half = "am" if match["half"].lower() == "a" else "pm"
    yield Hour(match.start(), match.end(), hour, minute, half)


def _midnight(match: re.Match[str]) -> Iterator[Hour]:
    yield Hour(match.start(), match.end(), 24, 0, "as written")
