"""Due dates: by when something that was said aloud is to be done."""

import calendar
import re
from datetime import date

from pratique.text.calendar import coming_day, date_of, month_of, shifted
from pratique.text.dates import counted_from, dated
from pratique.text.numerals import ENGLISH, ENGLISH_ORDINALS

_TEENS = "|".join(sorted(ENGLISH_ORDINALS, key=len, reverse=True))
_MONTHS = tuple(calendar.month_name[number].lower() for number in range(1, 13))
_ORDINAL = re.compile(
    rf"\b(?:(?P<month>{'|'.join(_MONTHS)}) )?(?:the )?(?:(?P<tens>twenty|thirty)[ -])?(?P<unit>{_TEENS})\b"
    rf"(?: of (?P<after>{'|'.join(_MONTHS)})\b)?",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\bthe (\d{1,2})(?:st|nd|rd|th)?\b", re.IGNORECASE)
_MONTH_END = re.compile(r"\b(?:end of (?:the |this )?month|month(?:'s)? end)\b", re.IGNORECASE)
_WEEK_END = re.compile(r"\bend of (?:the |this )?week\b", re.IGNORECASE)
_WEEK_FROM = re.compile(
    r"\ba week (?:from|after) (today|tomorrow|now)\b|\b(?P<day>\w+day) week\b", re.IGNORECASE
)
_WITHIN = re.compile(r"\b(?:within|in) (?:the next )?(\w+) (day|week)s?\b", re.IGNORECASE)
_CHINESE_WITHIN = re.compile(r"([一二两三四五六七八九十]|\d{1,2})(?:天|日)(?:之?内|以内)")
_HAN = "零一二三四五六七八九十"
_POSSESSIVE = re.compile(r"(?<=day)['’]s\b", re.IGNORECASE)
_SETTLED = frozenset(("day", "today", "dom", "weekday", "part", "month", "weekend", "range"))
"""Kinds of saying that name a day by which something can be due."""

_VAGUE = re.compile(
    r"^(?:january|february|march|april|may|june|july|august|september|october|november|december|[一二三四五六七八九十]+月|\d+月|\d+月份?)$",
    re.IGNORECASE,
)


def due(text: str, today: date, locale: str) -> date | None:
    """Return the last day that *text* names, counted from *today*; None where it names none.

    A day of the month that is said beats the weekday beside it.
    """
    plain = _POSSESSIVE.sub("  ", text)
    counted = counted_from(today, ahead=True)
    found = [
        (1 if each.kind in ("day", "dom") else 0, each.start, each.days.last)
        for each in dated(plain, "en" if locale == "en" else "zh", counted)
        if each.kind in _SETTLED and not _VAGUE.match(plain[each.start : each.end].strip())
    ]
    found += _english(plain, today) if locale == "en" else _chinese(plain, today)
    return max(found)[2] if found else None


def day(text: str) -> date:
    """Return the date that *text* writes as ISO 8601; a day long ago for what is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return date(2000, 1, 1)


def _english(text: str, today: date) -> list[tuple[int, int, date]]:
    """Return the days that are said in spoken English only: rank, place and day."""
    week_end = shifted(today, (4 - today.weekday()) % 7)
    whole = month_of(today.year, today.month)
    found: list[tuple[int, int, date | None]] = [
        *((2, each.start(), _ranked(each, today)) for each in _ORDINAL.finditer(text)),
        *((2, each.start(), coming_day(int(each[1]), today)) for each in _PLAIN.finditer(text)),
        *(
            (1, each.start(), None if whole is None else whole.last)
            for each in _MONTH_END.finditer(text)
        ),
        *((1, each.start(), week_end) for each in _WEEK_END.finditer(text)),
        *((1, each.start(), _week_from(each, today)) for each in _WEEK_FROM.finditer(text)),
        *((1, each.start(), _within(each, today)) for each in _WITHIN.finditer(text)),
    ]
    return [(rank, at, when) for rank, at, when in found if when is not None]


def _ranked(said: re.Match[str], today: date) -> date | None:
    """Return the day that `the twenty second` or `march third` means."""
    tens = ENGLISH.get((said["tens"] or "").lower(), 0)
    number = ENGLISH_ORDINALS[said["unit"].lower()] + tens
    month = said["month"] or said["after"]
    if number > 31 or not (month or said[0].lower().startswith("the ")):
        return None
    return _numbered(number, month, today)


def _week_from(said: re.Match[str], today: date) -> date | None:
    """Return the day that `a week from tomorrow` or `friday week` means."""
    if said["day"]:
        base = due(said["day"], today, "en")
        return base and shifted(base, 7)
    return shifted(today, 8 if (said[1] or "").lower() == "tomorrow" else 7)


def _within(said: re.Match[str], today: date) -> date | None:
    """Return the last of so many days or weeks."""
    word = said[1].lower()
    count = ENGLISH.get(word) or (int(word) if word.isdecimal() and len(word) < 4 else 0)
    each = 7 if said[2].lower() == "week" else 1
    return shifted(today, count * each) if count else None


def _chinese(text: str, today: date) -> list[tuple[int, int, date]]:
    """Return the days that are counted off in Chinese: rank, place and day."""
    found = []
    for match in _CHINESE_WITHIN.finditer(text):
        word = "二" if match[1] == "两" else match[1]
        count = (
            _HAN.find(word)
            if len(word) == 1 and word in _HAN
            else int(match[1])
            if match[1].isdecimal()
            else 0
        )
        found.append((1, match.start(), shifted(today, count)))
    return found


def _numbered(number: int, month: str | None, today: date) -> date | None:
    """Return the next day with this number, in *month* if one is said."""
    if month is None:
        return coming_day(number, today)
    number_of = _MONTHS.index(month.lower()) + 1
    found = (date_of(year, number_of, number) for year in (today.year, today.year + 1))
    return next((each for each in found if each is not None and each >= today), None)
