"""Events in what was read off a picture: title, start, end, place, and what else is said."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast

from pratique.partners.rules.album_names import low
from pratique.partners.rules.poster_described import describe
from pratique.partners.rules.poster_lines import PosterLine, has, pattern, poster_lines
from pratique.partners.rules.poster_marks import Mark, lost_date, marks
from pratique.partners.rules.poster_pieces import kind_of, pieces
from pratique.partners.rules.poster_slots import Slot, called_off, slots_in
from pratique.partners.rules.records_pictures import Category, Event, Events, ExtractEventInput
from pratique.text.calendar import shifted, today_of
from pratique.text.dates import Language
from pratique.text.hours import stretch
from pratique.text.scripts import letter_by_letter

_MOST = 20
_NONE = Events(category="none", events=())
_PRICED = re.compile(r"(?:[£$€¥￥+]\s?)?\d{1,5}(?:[.,]\d{1,2})?\s*(?:元|块|蚊|円)?\s*$")


def extract_event(given: ExtractEventInput, locale: str) -> Events:
    """Return the events that the lines of *given* announce.

    What cannot be read or told is None. Deadlines, doors and prices are notes; a bill, a label or
    a menu holds no event, and orders to a machine are left out.
    """
    language: Language = "en" if locale == "en" else "zh"
    lines = poster_lines(given.ocr_text, language)
    today = today_of(given.today)
    found = marks(lines, today or date(2000, 1, 1), language)
    every = found
    found = _settled(found, lines, language)
    if not lines or _no_event(lines, found, language):
        return _NONE
    parts = pieces(lines, every, language)
    slots = slots_in(lines, found, parts, language)
    if not slots:
        return _NONE
    describe(slots, lines, found, parts, language)
    whole = "\n".join(line.low for line in lines)
    rest = "\n".join(
        part.low for part in parts if not any(part.text == slot.place for slot in slots)
    )
    kind = _category(slots, lines, rest, language)
    events = [
        _event(slot, whole, language, dated=today is not None) for slot in slots if slot.title
    ]
    return Events(category=kind, events=tuple(events[:_MOST])) if events else _NONE


def _settled(found: Sequence[Mark], lines: Sequence[PosterLine], language: Language) -> list[Mark]:
    """Leave out dates that no longer hold: what something was moved from."""
    kept = [mark for mark in found if mark.role != "former"]
    for number, line in enumerate(lines):
        match = re.search(_moved(language), line.low)
        if match is None:
            continue
        after = [m for m in kept if (m.line, m.start) >= (number, match.start()) and m.days]
        if after and any(m.days and (m.line, m.start) < (number, match.start()) for m in kept):
            hours_after = any(m.hour and (m.line, m.start) > (number, match.start()) for m in kept)
            kept = [
                m
                for m in kept
                if (m.line, m.start) >= (number, match.start()) or (m.hour and not hours_after)
            ]
    return kept


def _moved(language: Language) -> str:
    return pattern("moved", language).pattern


def _no_event(lines: Sequence[PosterLine], found: Sequence[Mark], language: Language) -> bool:
    """Say whether the picture announces nothing to go to."""
    whole = "\n".join(line.low for line in lines)
    starts = [mark for mark in found if mark.role == "start"]
    unknown = has(whole, "unknown", language) or any(lost_date(line) for line in lines)
    kind = kind_of(whole, language)
    if called_off(whole, language) and not re.search(_moved(language), whole):
        dated = {mark.line for mark in starts}
        if all(called_off(lines[number].low, language) for number in dated) or len(dated) <= 1:
            return True
    if not starts:
        return not (unknown and kind)
    if has(whole, "none", language):
        strong = any(mark.hour for mark in starts) and any(mark.days for mark in starts)
        called = [line for line in lines if kind_of(line.low, language)]
        none = sum(has(line.low, "none", language) for line in lines)
        if not (strong and called and none <= 1) and not (called and none == 0):
            return True
    priced = sum(_PRICED.search(line.low) is not None for line in lines)
    dated_lines = {mark.line for mark in starts}
    full = any(mark.days for mark in starts) and any(mark.hour for mark in starts)
    return priced >= 2 and priced * 2 >= len(lines) and not full and len(dated_lines) <= priced


def _category(
    slots: Sequence[Slot], lines: Sequence[PosterLine], rest: str, language: Language
) -> Category:
    titles = " ".join(low(letter_by_letter(slot.title, "zh-Hans")) for slot in slots)
    named = [line.low for line in lines if any(slot.title in line.written for slot in slots)]
    kind = (
        kind_of(titles, language)
        or kind_of("\n".join(named), language)
        or kind_of(rest, language)
        or kind_of("\n".join(line.low for line in lines), language)
        or "meeting"
    )
    return cast(Category, kind)


def _event(slot: Slot, whole: str, language: Language, *, dated: bool) -> Event:
    start, end = _times(slot, whole, language) if dated else (None, None)
    return Event(
        title=slot.title,
        start=start,
        end=end,
        place=slot.place,
        notes=("; " if language == "en" else "；").join(slot.notes) or None,
    )


def _times(slot: Slot, whole: str, language: Language) -> tuple[str | None, str | None]:
    """Return the start and the end as ISO 8601 texts."""
    if slot.lost or slot.days is None:
        return None, None
    first, last = slot.days.first, slot.days.last
    if slot.first is None:
        return first.isoformat(), last.isoformat() if last > first else None
    begin, end = stretch(
        slot.first,
        slot.last,
        evening=has(whole, "evening", language),
        early=has(whole, "early", language),
    )
    if last > first:
        closing = None if end is None else _moment(last, end)
        return _moment(first, begin), closing or last.isoformat()
    if end is None:
        return _moment(first, begin), None
    if slot.last_days is not None and slot.last_days.first > first:
        return _moment(first, begin), _moment(slot.last_days.first, end % (24 * 60))
    return _moment(first, begin), _moment(first, end)


def _moment(day: date, minutes: int) -> str:
    """Return the minute of the *day*; 1440 and more are on the next one."""
    whole = shifted(day, minutes // (24 * 60))
    clock = datetime(whole.year, whole.month, whole.day) + timedelta(minutes=minutes % (24 * 60))  # noqa: DTZ001
    return clock.isoformat(timespec="minutes")
