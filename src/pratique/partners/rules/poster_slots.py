"""Events on a poster, told apart: where one ends and the next begins."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pratique.partners.rules.poster_lines import PosterLine, has
from pratique.partners.rules.poster_marks import Mark, lost_date
from pratique.partners.rules.poster_pieces import Piece, kind_of, notelike, placelike, title_weight
from pratique.text.calendar import Days, shifted
from pratique.text.dates import Language
from pratique.text.hours import Hour


@dataclass(slots=True)
class Slot:
    """One event on its way: when it is, and the lines that speak of it."""

    line: int
    """Line of its first mark."""

    at: int
    """Where its first mark begins in that line."""

    days: Days | None = None
    """Its day or days."""

    first: Hour | None = None
    """When it begins."""

    last: Hour | None = None
    """When it ends."""

    last_days: Days | None = None
    """The day that its end was given with, if any."""

    lines: set[int] = field(default_factory=set)
    """Lines that hold its marks."""

    extra: list[Mark] = field(default_factory=list)
    """Further hours that it has: a second showing, the dinner after."""

    lost: bool = False
    """Whether its date cannot be told."""

    title: str = ""
    """What it is called."""

    place: str | None = None
    """Where it is."""

    notes: list[str] = field(default_factory=list)
    """What else is said of it."""


def slots_in(
    lines: Sequence[PosterLine],
    found: Sequence[Mark],
    parts: Sequence[Piece],
    language: Language,
) -> list[Slot]:
    """Return one slot for each event: a new one begins where a title of its own stands."""
    slots: list[Slot] = []
    aside = -1
    for mark in found:
        if mark.role in ("doors", "deadline", "former"):
            continue
        slot = slots[-1] if slots else None
        if slot is not None and _within_run(slot, mark):
            aside = mark.line
            continue
        if mark.hour is not None and mark.line == aside:
            continue
        if mark.role == "end":
            _ended(slot, mark)
            continue
        if slot is None or _begins_another(slot, mark, parts, language):
            before = slot.days if slot is not None and mark.days is None else None
            slot = Slot(mark.line, mark.start, days=before)
            slots.append(slot)
            if mark.hour is not None and before is None:
                slot.days = None
        _take(slot, mark)
    dates = {slot.days for slot in slots if slot.days is not None}
    if len(dates) == 1:
        for slot in slots:
            slot.days = next(iter(dates))
    lost = [number for number, line in enumerate(lines) if lost_date(line)]
    whole = "\n".join(line.low for line in lines)
    undated = has(whole, "unknown", language) and not any(slot.days for slot in slots)
    for number in lost:
        near = [slot for slot in slots if number in slot.lines]
        if near or (slots and len(slots) == 1 and slots[0].days is None):
            (near or slots)[0].lost = True
        elif not any(slot.lost for slot in slots):
            slots.append(Slot(number, 0, lost=True, lines={number}))
    if undated and not slots:
        number = next((n for n, line in enumerate(lines) if has(line.low, "unknown", language)), 0)
        slots.append(Slot(number, 0, lost=True, lines={number}))
    slots.sort(key=lambda slot: (slot.line, slot.at))
    kept = [slot for slot in slots if not _slot_off(slot, lines, language)]
    return kept


def called_off(low: str, language: Language) -> bool:
    return has(low, "cancelled", language) and not has(low, "business", language)


def _within_run(slot: Slot, mark: Mark) -> bool:
    """Say whether a weekday only points into the run of days before it: `matinee Sat`."""
    if not mark.weekday or mark.days is None or slot.days is None:
        return False
    first, last = slot.days.first, slot.days.last
    ahead = (mark.days.first.weekday() - first.weekday()) % 7
    return last > first and shifted(first, ahead) <= last


def _slot_off(slot: Slot, lines: Sequence[PosterLine], language: Language) -> bool:
    return any(called_off(lines[number].low, language) for number in slot.lines)


def _ended(slot: Slot | None, mark: Mark) -> None:
    if slot is None:
        return
    if mark.hour is not None and slot.last is None:
        slot.last = mark.hour
    if mark.days is not None:
        if slot.days is not None and mark.days.last > slot.days.last and slot.last is None:
            slot.days = Days(slot.days.first, mark.days.last)
        slot.last_days = mark.days
    slot.lines.add(mark.line)


def _take(slot: Slot, mark: Mark) -> None:
    """Put a date or an hour into its slot; more days make a run."""
    slot.lines.add(mark.line)
    if mark.days is not None:
        if slot.days is None:
            slot.days = mark.days
        elif mark.days.last > slot.days.last:
            slot.days = Days(slot.days.first, mark.days.last)
    elif slot.first is None:
        slot.first = mark.hour
    else:
        slot.extra.append(mark)


def _begins_another(
    slot: Slot,
    mark: Mark,
    parts: Sequence[Piece],
    language: Language,
) -> bool:
    """Say whether *mark* belongs to an event of its own, not to *slot*."""
    if mark.days is not None and slot.days is None:
        return False
    if mark.hour is not None and slot.first is None:
        return False
    if mark.days is not None and mark.days == slot.days and slot.first is None:
        return False
    last = max(slot.lines)
    own = [
        part
        for part in parts
        if (last < part.line < mark.line)
        or (part.line == mark.line and (mark.line > last or part.start > slot.at))
    ]
    if mark.days is None:
        own = [part for part in own if part.line == mark.line]
    return any(
        title_weight(part, False, language) >= -0.6 and may_title(part, language) for part in own
    )


def may_title(part: Piece, language: Language) -> bool:
    """Say whether the piece can be a title of its own."""
    return not notelike(part, language) and (
        not placelike(part, language)
        or (bool(kind_of(part.low, language)) and part.label != "place")
    )
