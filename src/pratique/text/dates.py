"""Dates said in words, in English or Chinese: where a text says one, and which days it means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal

from pratique.text import dates_en, dates_zh
from pratique.text.calendar import Days, Yearly, coming, date_of, days, latest, shifted, weekend_of
from pratique.text.dates_said import Counted, Said
from pratique.text.scripts import letter_by_letter

Language = Literal["en", "zh"]

_YEARLY = ("month", "day", "season", "festival", "lunar", "part")


@dataclass(frozen=True, slots=True)
class Dated:
    """A place in a text that says a date."""

    start: int
    """First code point."""

    end: int
    """One past the last code point."""

    kind: str
    """What was said: `year`, `month`, `day`, `weekday`, `week`, `range`, `open`, ..."""

    days: Days
    """The days that it means."""


def dated(text: str, language: Language, counted: Counted) -> list[Dated]:
    """Return the dates that *text* says, in order, none overlapping.

    Without a year said, a date is the latest that has begun, or the next to come: *counted* says
    which. What cannot be told for certain (`3/4`) is left out.
    """
    read = letter_by_letter(text, "zh-Hans")
    saids = _glued(_atoms(read, language, counted), read, language)
    saids = _ranged(saids, read, language, counted)
    saids = _year_apart(saids)
    found: list[Dated] = []
    for said in saids:
        meant = resolved(said, counted)
        if meant is not None:
            found.append(Dated(said.start, said.end, said.kind, meant))
    return found


def resolved(said: Said, counted: Counted) -> Days | None:
    """Return the days that *said* means."""
    if said.days is not None:
        return said.days
    if said.yearly is None:
        return None
    if said.year is not None:
        return said.yearly(said.year)
    return (coming if counted.ahead else latest)(said.yearly, counted.today)


def _atoms(text: str, language: Language, counted: Counted) -> list[Said]:
    """Return the smallest sayings; of those that overlap, the first and longest."""
    finders = [dates_zh.found, dates_en.found] if language == "zh" else [dates_en.found]
    every = [said for finder in finders for said in finder(text, counted)]
    every.sort(key=lambda said: (said.start, -said.end))
    kept: list[Said] = []
    for said in every:
        if not kept or said.start >= kept[-1].end:
            kept.append(said)
    return kept


@cache
def _gap(language: Language) -> re.Pattern[str]:
    return re.compile(
        r"[\s,，、()（）【】\[\]|·]*(?:的|在|那年|农历|阴历)?[\s(（]*"
        if language == "zh"
        else r"[\s,()|·]*(?:(?:of|in|at|on|the|during|over|that|is)\b[\s,]*){0,2}"
    )


def _glued(saids: Sequence[Said], text: str, language: Language) -> list[Said]:
    """Put together what stands side by side: a year with a month, a weekday with its day."""
    whole: list[Said] = []
    for said in saids:
        before = whole[-1] if whole else None
        if before is not None and _gap(language).fullmatch(text, before.end, said.start):
            joined = _joined(before, said)
            if joined is not None:
                whole[-1] = replace(joined, start=before.start, end=_closed(text, said.end))
                continue
        whole.append(said)
    return whole


def _closed(text: str, end: int) -> int:
    """Return *end*, past the bracket that closes right behind it."""
    return end + 1 if text[end : end + 1] in (")", "）") else end


def _joined(first: Said, second: Said) -> Said | None:
    """Return the one saying that two neighbours make; None where they are two."""
    for one, other in ((first, second), (second, first)):
        if one.kind == "year" and other.yearly is not None and other.year is None:
            return replace(other, year=one.year)
        if one.kind == "year" and other.kind == "today" and one.year and other.days is not None:
            same = date_of(one.year, other.days.first.month, other.days.first.day)
            return None if same is None else replace(other, days=days(same))
        if one.kind == "weekday" and other.kind in ("day", "lunar", "festival", "today"):
            return other
        if one.kind == "weekday" and other.kind == "week" and other.days is not None:
            meant = shifted(other.days.first, one.weekday or 0)
            return replace(other, kind="day", days=days(meant))
        if one.kind == "day" and other.kind == "lunar":
            return one
        if one.kind == "lunar" and other.kind == "festival":
            return one
        if one.kind == "day" and other.kind == "festival":
            return one
        if one.kind == "year" and other.kind == "range" and other.year is None:
            return replace(other, year=one.year)
    if first.kind == "weekend" and second.kind == "day" and second.yearly is not None:
        return replace(second, kind="weekend", yearly=_weekend_around(second.yearly))
    if first.kind == second.kind == "day" and first.days is not None:
        return first if first.days == second.days else None
    return None


def _weekend_around(yearly: Yearly) -> Yearly:
    """Return the weekend of the week that a day is in: the weekend of 9 May."""

    def in_year(year: int) -> Days | None:
        day = yearly(year)
        return None if day is None else weekend_of(day.first)

    return in_year


@cache
def _between(language: Language) -> re.Pattern[str]:
    dash = r"\s*(?:[-–—−~～－]{1,2})\s*"
    if language == "zh":
        return re.compile(rf"{dash}|\s*(?:一直)?(?:到|至)\s*(?:了)?|\s*(?:to|until|till)\s*")
    return re.compile(
        rf"{dash}|,?\s+(?:to|until|till|through|thru|up\s+to|up\s+until|and)\s+(?:the\s+)?", re.I
    )


@cache
def _opening(language: Language) -> re.Pattern[str]:
    if language == "zh":
        return re.compile(r"(?:从|由|自从|自|打)\s*$")
    return re.compile(r"\b(?:between|from|since|ever\s+since)\s+(?:the\s+)?$", re.I)


@cache
def _until_now(language: Language) -> re.Pattern[str]:
    if language == "zh":
        return re.compile(
            r"\s*(?:一直)?(?:(?:到|至)(?:了)?(?:现在|如今|而家|目前|今天|今日)|至今|以来|为止)"
        )
    return re.compile(r"\s*(?:,\s*)?(?:(?:until|till|to|up\s+to)\s+)(?:now|today|date)\b", re.I)


def _ranged(saids: Sequence[Said], text: str, language: Language, counted: Counted) -> list[Said]:
    """Make spans of `between A and B`, of `A to B`, and of `since A`."""
    whole: list[Said] = []
    index = 0
    while index < len(saids):
        said = saids[index]
        opening = _opening(language).search(text, 0, said.start)
        start = said.start if opening is None else opening.start()
        following = saids[index + 1] if index + 1 < len(saids) else None
        now = _until_now(language).match(text, said.end)
        if now is not None and (meant := resolved(said, counted)) is not None:
            whole.append(_span(start, now.end(), meant, counted))
            index += 1
            while index < len(saids) and saids[index].start < now.end():
                index += 1
        elif following is not None and _links(text, said, following, language, opening):
            spanned = _spanned(said, following, counted)
            if spanned is not None:
                end = _closed(text, following.end)
                whole.append(Said(start, end, "range", days=spanned))
                index += 2
                continue
            whole.append(said)
            index += 1
        elif (
            opening is not None
            and re.match(r"(?:ever\s+)?since|自从?", opening[0], re.I)
            and (meant := resolved(said, counted)) is not None
        ):
            whole.append(_span(start, said.end, meant, counted))
            index += 1
        else:
            whole.append(said)
            index += 1
    return [said for said in whole if said.kind != "dom" or said.days is not None]


def _span(start: int, end: int, meant: Days, counted: Counted) -> Said:
    last = max(counted.today, meant.first)
    return Said(start, end, "open", days=Days(meant.first, last))


def _links(
    text: str, one: Said, other: Said, language: Language, opening: re.Match[str] | None
) -> bool:
    gap = text[one.end : other.start]
    if _between(language).fullmatch(gap) is None:
        return False
    if "and" not in gap.lower():
        return True
    return opening is not None or one.kind == "dom"


def _spanned(one: Said, other: Said, counted: Counted) -> Days | None:
    """Return the days from the first of *one* to the last of *other*."""
    if one.number is not None and one.kind == "dom" and other.kind != "dom":
        # `Fri 6 - Sun 8 June`: the first day is in the month of the second.
        meant = resolved(other, counted)
        if meant is None:
            return None
        first = date_of(meant.first.year, meant.first.month, one.number)
        return None if first is None or first > meant.first else Days(first, meant.last)
    if other.year is not None and one.year is None and one.yearly is not None:
        end = resolved(other, counted)
        begin = None if end is None else latest(one.yearly, end.first)
    else:
        begin = resolved(one, counted)
        if begin is None:
            return None
        end = _after(other, begin, counted)
    if begin is None or end is None or end.last < begin.first:
        return None
    return Days(begin.first, end.last)


def _after(other: Said, begin: Days, counted: Counted) -> Days | None:
    """Return the first *other* that does not begin before *begin*."""
    if other.kind == "dom" and other.number is not None:
        same = date_of(begin.first.year, begin.first.month, other.number)
        return days(same) if same is not None and same >= begin.first else None
    if other.yearly is not None and other.year is None:
        return coming(other.yearly, begin.first)
    if other.kind == "weekday" and other.weekday is not None:
        return days(shifted(begin.first, (other.weekday - begin.first.weekday()) % 7))
    return resolved(other, counted)


def _year_apart(saids: Sequence[Said]) -> list[Said]:
    """Give a year that stands apart to the one date without a year: 去年我们在湖边的夏天."""
    years = [said for said in saids if said.kind == "year"]
    lacking = [
        said for said in saids if said.kind in _YEARLY and said.year is None and said.days is None
    ]
    if len(years) != 1 or len(lacking) != 1:
        return list(saids)
    given = replace(lacking[0], year=years[0].year)
    return [
        replace(given, start=said.start, end=said.end) if said is lacking[0] else said
        for said in saids
        if said is not years[0]
    ] + [replace(given, start=years[0].start, end=years[0].end)]


def counted_from(today: date, *, ahead: bool, month_first: bool | None = None) -> Counted:
    """Return how to count: from *today*, forwards or back, `3/4` month first or day first."""
    return Counted(today=today, ahead=ahead, month_first=month_first)
