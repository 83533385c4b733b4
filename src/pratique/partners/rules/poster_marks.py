"""Dates and hours on a poster, and what each is there for: a start, an end, doors, a deadline."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pratique.partners.rules.poster_lines import PosterLine, has, matches
from pratique.text.calendar import Days
from pratique.text.dates import Language, counted_from, dated
from pratique.text.hours import Hour, hours

Role = Literal["start", "end", "doors", "deadline", "former"]
"""What a date or an hour is there for."""

_DAY_KINDS = frozenset(
    ("day", "today", "weekday", "dom", "lunar", "festival", "range", "weekend", "open")
)
_MONTH_FIRST = re.compile(r"\$|\bzip\b|\bcounty fair\b|\bcenter\b|\btheater\b", re.I)
_CAPITAL_HALF = re.compile(r"\b\d{1,2}(?::\d\d)?\s?(?:AM|PM)\b")
_DAY_FIRST = re.compile(r"£|€|\bpostcode\b|\bcentre\b|\btheatre\b", re.I)
_LOST = "▯□�■"
_MONTH_WORD = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_WEEKDAY_WORD = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_LOST_DATE = re.compile(
    rf"[0-9]{{0,4}}[{_LOST}]{{1,6}}[0-9]{{0,4}}\s*[月日号]|月\s*[0-9]{{0,4}}[{_LOST}]|"
    rf"[0-9]{{0,4}}[{_LOST}]{{1,6}}[0-9]{{0,4}}[/.-][0-9{_LOST}]{{1,6}}|[0-9]{{1,4}}[/.-][0-9]{{0,4}}[{_LOST}]{{1,6}}|"
    rf"[0-9]{{0,4}}[{_LOST}]{{1,6}}[0-9]{{0,4}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH_WORD}\b|"
    rf"\b{_MONTH_WORD}\.?\s+[0-9]{{0,4}}[{_LOST}]|"
    rf"\b[0-9]{{1,2}}(?:st|nd|rd|th)?\s+(?:[a-z]{{0,3}}[{_LOST}]{{1,6}}[a-z{_LOST}]{{0,9}})(?=\s|$)|"
    rf"\b{_WEEKDAY_WORD}\.?,?\s+[0-9]{{0,4}}[{_LOST}]{{1,6}}|[周期拜]\s*[{_LOST}]|\b[a-z]{{0,6}}[{_LOST}]{{1,6}}[a-z]{{0,6}}day\b",
    re.I,
)
_LOST_HOUR = re.compile(
    rf"[0-9]{{0,4}}[{_LOST}]{{1,6}}[0-9]{{0,4}}\s*[:点时.]\s*[0-9{_LOST}]{{0,6}}|[0-9]{{1,2}}[:点时]\s*[0-9]{{0,4}}[{_LOST}]{{1,6}}|"
    rf"[0-9]{{0,4}}[{_LOST}]{{1,6}}[0-9]{{0,4}}\s*(?:am|pm)\b",
    re.I,
)
_NEAR = 14
"""Characters before an hour that may say what it is for."""

_CLOSED = re.compile(r"\s*(?:闭馆|休息|休馆|公休|店休|\(?closed|除外)")
_CLOSED_BEFORE = re.compile(r"(?:closed|closed on|not|except)\s+$")
_WEEKLY = re.compile(r"(?:每|逢|every\s+|each\s+)$")

_DOORS_BEHIND = re.compile(
    r"(?:起|开始|开放)?(?:入场|检录|签到|进场|报到|检票|登机|开门|领物|集合|迎宾|入闸|开闸|停止|安检|候场)"
)
_MOVED_FROM = re.compile(
    r"((?:moved|changed|rescheduled|postponed|brought forward)\s+)(from\s+.{3,30}?)(\s+to\s)", re.I
)

_LUNAR_YEAR = re.compile(r"(?:岁次)?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年")


@dataclass(frozen=True, slots=True)
class Mark:
    """A date or an hour on a poster."""

    line: int
    """Its line, from 0."""

    start: int
    """First code point in the line."""

    end: int
    """One past the last code point."""

    role: Role
    """What it is there for."""

    days: Days | None = None
    """The days, for a date."""

    hour: Hour | None = None
    """The hour, for an hour."""

    vague: bool = False
    """Whether it is a date by a feast or a weekly day only, which any other date outweighs."""

    weekday: bool = False
    """Whether only a weekday was said."""


def without_former(text: str) -> str:
    """Return *text* with the day that something was moved from blanked out."""
    return _MOVED_FROM.sub(lambda match: match[1] + "\x00" * len(match[2]) + match[3], text)


def lost_date(line: PosterLine) -> bool:
    """Say whether *line* has a date of which a part cannot be read."""
    return _LOST_DATE.search(line.low) is not None and not _lost_hour_only(line.low)


def _lost_hour_only(low: str) -> bool:
    rest = _LOST_HOUR.sub(" ", low)
    return _LOST_DATE.search(rest) is None


def month_first(text: str) -> bool | None:
    """Return how `3/4` is to be read by the words around it; None where nothing tells."""
    if _DAY_FIRST.search(text):
        return False
    return True if _MONTH_FIRST.search(text) or _CAPITAL_HALF.search(text) else None


def marks(lines: Sequence[PosterLine], today: date, language: Language) -> list[Mark]:
    """Return the dates and hours of *lines*, in order."""
    whole = "\n".join(line.written for line in lines)
    counted = counted_from(today, ahead=True, month_first=month_first(whole))
    found: list[Mark] = []
    for number, line in enumerate(lines):
        shut = _LUNAR_YEAR.sub(lambda match: "\x00" * len(match[0]), line.read)
        shut = _LOST_HOUR.sub(lambda match: "\x00" * len(match[0]), shut)
        shut = without_former(shut)
        here: list[Mark] = []
        if not lost_date(line):
            for said in dated(shut, language, counted):
                if said.kind not in _DAY_KINDS or _in_name(line.low, said.end, said.kind):
                    continue
                vague = said.kind in ("festival", "weekend")
                if _CLOSED.match(line.low, said.end) or _CLOSED_BEFORE.search(
                    line.low, 0, said.start
                ):
                    continue
                weekly = (
                    said.kind == "weekday" and _WEEKLY.search(line.low, 0, said.start) is not None
                )
                if said.kind == "festival" and said.days.first != said.days.last:
                    continue
                mark = Mark(number, said.start, said.end, "start", said.days, None, vague or weekly)
                here.append(replace(mark, weekday=said.kind == "weekday"))
        shut = _LOST_DATE.sub(lambda match: "\x00" * len(match[0]), shut)
        for mark in here:
            shut = shut[: mark.start] + "\x00" * (mark.end - mark.start) + shut[mark.end :]
        for hour in hours(shut, language):
            if _price(line.low, hour):
                continue
            here.append(Mark(number, hour.start, hour.end, "start", None, hour))
        here.sort(key=lambda mark: mark.start)
        found.extend(_with_roles(here, line, language))
    # A feast is mostly what an event is called after; it dates one only where nothing else does.
    dates = [mark for mark in found if mark.days is not None and mark.role == "start"]
    if any(not mark.vague for mark in dates) or any(lost_date(line) for line in lines):
        found = [mark for mark in found if not mark.vague]
    return found


def _in_name(low: str, end: int, kind: str) -> bool:
    """Say whether the word is a part of a name or a dish: Sunday roast."""
    if kind != "weekday":
        return False
    return bool(re.match(r"\s+(?:roast|lunch menu|school|times|best|brunch menu)\b", low[end:]))


def _price(low: str, hour: Hour) -> bool:
    """Say whether the figures are a sum: 5.00 at a line's end behind a dish, 12.30元."""
    return bool(
        re.match(r"\s*(?:元|块|kg|km|g\b|ml|cm|%|折|米|分钟|小时)", low[hour.end :])
        or re.search(r"[£$€¥￥]\s?$", low[: hour.start])
    )


def _with_roles(here: Sequence[Mark], line: PosterLine, language: Language) -> list[Mark]:
    """Give each mark of a line its role, by the words between it and its neighbours."""
    done: list[Mark] = []
    for index, mark in enumerate(here):
        begin = here[index - 1].end if index else 0
        until = here[index + 1].start if index + 1 < len(here) else len(line.low)
        before = re.split(r"[;；。!！]|\s{2,}(?=\S)|[,，](?!\s*$)", line.low[begin : mark.start])[
            -1
        ]
        behind = re.split(
            r"[;；。!！,，\s(（]", line.low[mark.end : until].lstrip(" "), maxsplit=1
        )[0]
        role = _role(mark, before, behind, language, line.low[mark.end : until])
        close = (
            mark.hour is not None
            and bool(done)
            and mark.start - done[-1].end <= 2
            and role == "start"
        )
        if close and done[-1].role in ("deadline", "former"):
            role = done[-1].role
        if mark.hour is not None and mark.hour.ends:
            role = "end" if not done or done[-1].role in ("start", "end") else done[-1].role
        done.append(replace(mark, role=role))
    return done


def _role(mark: Mark, before: str, behind: str, language: Language, rest: str) -> Role:
    if has(before, "former", language) and mark.days is not None and len(before) < 30:
        return "former"
    if has(before, "deadline", language) or re.search(r"\b(?:by|before)\s*(?:the\s*)?$", before):
        return "deadline"
    if re.match(r"(?:之?前|截止|止|截稿|以前)(?!往)", behind) or (
        re.search(r"deadline|closing date", rest[:24])
    ):
        return "deadline"
    if mark.hour is None:
        return "end" if re.search(r"\b(?:until|till)\s*$", before) else "start"
    if re.search(r"→|->|➔|⇒", before):
        return "end"
    near = before[-_NEAR - 10 :]
    glued = [(_last(key, near, language), key) for key in ("doors", "begins", "ends")]
    last, nearest = max(glued)
    if language == "zh":
        # A word without a blank between outweighs one behind a blank: 起飞22:40 到达00:55.
        joined = last == len(near.rstrip(":：")) and last > 0
        if not joined and (told := _told_behind(behind)) is not None:
            return told
    elif re.match(r"\s*(?:doors|for)\b", rest):
        return "doors"
    if last < 0 or nearest == "begins":
        return "start"
    if nearest == "doors":
        return "doors"
    return "end" if re.fullmatch(r"[\s:：,(（]*(?:at\s*)?", near[last:]) else "start"


def _last(key: str, near: str, language: Language) -> int:
    """Return where the last word of list *key* ends in *near*; -1 where there is none."""
    return max((match.end() for match in matches(near, key, language)), default=-1)


def _told_behind(behind: str) -> Role | None:
    """Return what the word right behind a Chinese hour says that it is for."""
    if _DOORS_BEHIND.match(behind):
        return "doors"
    if re.match(r"(?:准时|正式)?(?:开|鸣枪|入席|起|出发|启程|演)", behind):
        return "start"
    return "end" if re.match(r"(?:结束|散场|到|抵|收摊|散会|闭馆|落幕)", behind) else None
