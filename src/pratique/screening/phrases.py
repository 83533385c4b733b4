"""A phrase as the matcher knows it, and the judgement of a place where its key was found."""

from typing import NamedTuple

from pratique.screening.entries import HARD_VIEWS, Entry, HardView, WeakView
from pratique.screening.fold import Unit, is_dropped, units_of

GAP = 8
"""Characters of noise between two of a phrase, at most: a longer gap parts words."""
DROPPED = 64
"""Characters that fold to nothing between two of a phrase, at most."""
RUN = 64
"""Repetitions of one character, at most."""

BREAKS = frozenset("。．.!！?？,，、;；:：\n\r…⋯—《》〈〉()（）")
"""Noise that ends a sentence or a clause, or opens another one."""

_SPACES = frozenset(" \t\n\r\u2028\u2029")


class Phrase(NamedTuple):
    """One spelling of an entry, as units."""

    views: frozenset[HardView]
    """Ways of writing it that count."""
    runs: tuple[str, ...]
    """Folded characters, parted where the key's character changes."""
    gaps: tuple[str, ...]
    """Folded noise before each character but the first."""
    numeric: bool
    """Whether Han digits count as its digits: it holds three digits in a row."""


class Region(NamedTuple):
    """The stretch of a text in which a phrase's key was found."""

    text: str
    """The stretch with what stands beside it."""
    offset: int
    """Where it begins in the text that it was taken from."""
    units: list[Unit]
    """Its units, those beside it included."""
    runs: list[tuple[int, int]]
    """First unit and first after it, for each character of the key."""


class Place(NamedTuple):
    """Where a phrase stands."""

    view: HardView
    """How it is written."""
    start: int
    """First code point, counted in the text that the region was taken from."""
    end: int
    """First code point after it, dropped characters that follow included."""


def phrase_of(text: str, view: WeakView | None, entry: Entry) -> Phrase:
    """Return *text*, a spelling of *entry*, as a phrase."""
    units = units_of(text).items
    runs: list[str] = []
    for n, unit in enumerate(units):
        if n and unit.key == units[n - 1].key:
            runs[-1] += unit.folded
        else:
            runs.append(unit.folded)
    folded = "".join(unit.folded for unit in units)
    numeric = any(
        folded[n : n + 3].isascii() and folded[n : n + 3].isdigit() for n in range(len(folded) - 2)
    )
    gaps = tuple(unit.gap for unit in units[1:])
    return Phrase(_views(view, entry), tuple(runs), gaps, numeric)


def _views(view: WeakView | None, entry: Entry) -> frozenset[HardView]:
    """Return the hard views of a spelling: a weak one is as written, or without its spaces."""
    if view is not None:
        return frozenset(("exact",) if view == "initials" else ("exact", "noise"))
    if entry.action == "allow":
        return frozenset(("exact",))
    return frozenset(one for one in HARD_VIEWS if one in entry.views)


def region_of(text: str, start: int, end: int, key: str) -> Region:
    """Return the region of *key*, found from *start* to before *end* in *text*."""
    low = start
    while low and start - low <= DROPPED + 1:
        low -= 1
        if not is_dropped(text[low]):
            break
    text = text[low : end + 1]
    units = units_of(text).items
    runs: list[tuple[int, int]] = []
    keys = ""
    for n, unit in enumerate(units):
        if unit.place + low < start:
            continue
        if keys and keys[-1] == unit.key:
            runs[-1] = (runs[-1][0], n + 1)
        else:
            keys += unit.key
            runs.append((n, n + 1))
    # A code point that folds to several characters may bring some that stand before the key.
    at = keys.find(key)
    return Region(text, low, units, runs[at : at + len(key)])


def stands(phrase: Phrase, region: Region) -> list[Place]:
    """Return where *phrase* stands in *region*."""
    if len(phrase.runs) == 1:
        return _alone(phrase, region)
    core = _core(phrase, region)
    if core is None:
        return []
    first, last, repeated = core
    view = _view(phrase, region.units, first, last, repeated)
    if view is None:
        return []
    if "repeat" in phrase.views:
        first = _widened(region.units, first, region.runs[0][0], -1)
        last = _widened(region.units, last, region.runs[-1][1] - 1, 1)
    place = _bordered(region, first, last)
    return [Place(view, *place)] if place else []


def _core(phrase: Phrase, region: Region) -> tuple[int, int, bool] | None:
    """Return the first and last unit, and whether a character inside is repeated."""
    repeated = False
    final = len(phrase.runs) - 1
    for n, (run, (start, end)) in enumerate(zip(phrase.runs, region.runs, strict=True)):
        extra = end - start - len(run)
        if extra < 0:
            return None
        if 0 < n < final and extra:
            if extra + len(run) > RUN or _is_digit(region.units[start].folded):
                return None
            repeated = True
        taken = region.units[end - len(run) : end] if n == 0 else region.units[start:end]
        if n == final:
            taken = taken[: len(run)]
        if not _same(phrase, run, taken):
            return None
    return (
        region.runs[0][1] - len(phrase.runs[0]),
        region.runs[-1][0] + len(phrase.runs[-1]) - 1,
        repeated,
    )


def _same(phrase: Phrase, run: str, units: list[Unit]) -> bool:
    if phrase.numeric:
        return True
    if len(units) == len(run):
        return all(unit.folded == one for unit, one in zip(units, run, strict=True))
    return len(set(run)) == 1 and all(unit.folded == run[0] for unit in units)


def _view(
    phrase: Phrase, units: list[Unit], first: int, last: int, repeated: bool
) -> HardView | None:
    """Return the view in which the units from *first* to *last* are the phrase, if any."""
    gaps = [unit.gap for unit in units[first + 1 : last + 1]]
    if any(unit.dropped > DROPPED for unit in units[first + 1 : last + 1]):
        return None
    if not repeated and tuple(gaps) == phrase.gaps:
        return "exact" if "exact" in phrase.views else None
    if not _noise_allowed(_own_gaps(phrase, units, first, last), units, first, last):
        return None
    view: HardView = "repeat" if repeated else "noise"
    return view if view in phrase.views else None


def _own_gaps(phrase: Phrase, units: list[Unit], first: int, last: int) -> list[str]:
    """Return the phrase's own gaps, laid out beside the units; a repetition has none."""
    own: list[str] = []
    unit = first
    gap = 0
    for n, run in enumerate(phrase.runs):
        for m in range(len(run)):
            if n or m:
                own.append(phrase.gaps[gap])
                gap += 1
            unit += 1
        while n > 0 and unit <= last and units[unit].key == units[unit - 1].key:
            own.append("")
            unit += 1
    return own


def _noise_allowed(own: list[str], units: list[Unit], first: int, last: int) -> bool:
    """Return whether noise stands between the characters as someone would put it who evades.

    A break between sentences or clauses, a space between letters, and anything between digits
    stand in ordinary text too. They count only where noise stands in every gap.
    """
    needed = 0
    for n, kept in zip(range(first + 1, last + 1), own, strict=True):
        gap = units[n].gap
        if len(gap) > max(GAP, len(kept)):
            return False
        if gap and gap != kept:
            needed = max(needed, _gaps_needed(gap, kept, units[n - 1].folded, units[n].folded))
    return needed == 0 or (len(own) >= needed and _all_filled(own, units, first))


def _all_filled(own: list[str], units: list[Unit], first: int) -> bool:
    return all(kept or units[first + 1 + n].gap for n, kept in enumerate(own))


def _gaps_needed(gap: str, kept: str, left: str, right: str) -> int:
    """Return how many gaps must hold noise, all of them, for *gap* to count; 0 if it counts."""
    if _is_digit(left) and _is_digit(right):
        return 3
    if is_letter(left) and is_letter(right) and not kept and not _SPACES.isdisjoint(gap):
        return 3
    return 0 if BREAKS.isdisjoint(gap) or not BREAKS.isdisjoint(kept) else 2


def _alone(phrase: Phrase, region: Region) -> list[Place]:
    """Return the places of a phrase that is one character, once or several times.

    A long repetition is several places of `RUN` characters, so that a stream need not hold it all.
    """
    (run,) = phrase.runs
    ((start, end),) = region.runs
    units = region.units
    found: list[Place] = []
    first = start
    for n in range(start + 1, end + 1):
        if n < end and n - first < RUN and not parted(units[n]):
            continue
        count = n - first
        fits = count == len(run) if _is_digit(units[first].folded) else count >= len(run)
        view: HardView = "exact" if count == len(run) else "repeat"
        if fits and view in phrase.views and _same(phrase, run, units[first:n]):
            place = _bordered(region, first, n - 1)
            if place:
                found.append(Place(view, *place))
        first = n
    return found


def parted(unit: Unit) -> bool:
    """Return whether noise, or more dropped characters than count, stand before *unit*."""
    return bool(unit.gap) or unit.dropped > DROPPED


def _widened(units: list[Unit], at: int, limit: int, step: int) -> int:
    """Return the unit up to which the character of unit *at* is repeated without noise."""
    if _is_digit(units[at].folded):
        return at
    for _ in range(RUN - 1):
        if at == limit:
            break
        beside = units[at] if step < 0 else units[at + 1]
        if parted(beside) or units[at + step].folded != units[at].folded:
            break
        at += step
    return at


def _bordered(region: Region, first: int, last: int) -> tuple[int, int] | None:
    """Return the span, or None where a letter or digit beside it makes it part of a word."""
    units = region.units
    if first and _joined(units[first - 1], units[first]):
        return None
    if last + 1 < len(units) and _joined(units[last], units[last + 1]):
        return None
    end = units[last].place + 1
    after = dropped_after(region.text, end)
    return region.offset + units[first].place, region.offset + end + after


def dropped_after(text: str, start: int) -> int:
    """Return how many characters from *start* on fold to nothing; they go with what they follow."""
    end = start
    while end < len(text) and end - start < DROPPED and is_dropped(text[end]):
        end += 1
    return end - start


def _joined(left: Unit, right: Unit) -> bool:
    """Return whether the two belong to one word or number."""
    if parted(right):
        return False
    return (is_letter(left.folded) and is_letter(right.folded)) or (
        _is_digit(left.folded) and _is_digit(right.folded)
    )


def is_letter(character: str) -> bool:
    """Return whether words of *character*'s script are parted by spaces (Latin and its kin)."""
    return character < "\u0590" and character.isalpha()


def _is_digit(character: str) -> bool:
    return character.isascii() and character.isdigit()
