"""Stretches of days: months, seasons, weeks and festivals, and which of them a speaker means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from pratique.text import lunar

_REACH = 40
"""Years to look through: a leap month or a fifth week may come back only after decades."""


@dataclass(frozen=True, slots=True)
class Days:
    """A first and a last day, both included."""

    first: date
    """First day."""

    last: date
    """Last day, not before the first."""


Yearly = Callable[[int], Days | None]
"""What comes back every year: its days in a given year, if that year has it."""


def days(first: date | None, last: date | None = None) -> Days | None:
    """Return the stretch from *first* to *last*, or the one day; None where a day is lacking."""
    if first is None:
        return None
    return Days(first, first if last is None or last < first else last)


def date_of(year: int, month: int, day: int) -> date | None:
    """Return that date; None where there is none, as on 30 February."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def shifted(day: date, by: int) -> date:
    """Return the date *by* days later, or the calendar's end where it has none."""
    return date.fromordinal(min(max(day.toordinal() + by, 1), date.max.toordinal()))


def one_day(month: int, day: int) -> Yearly:
    """Return the day of the month, each year."""
    return lambda year: days(date_of(year, month, day))


def from_to(first: tuple[int, int], last: tuple[int, int]) -> Yearly:
    """Return the stretch between two (month, day) of one year, each year."""
    return lambda year: days(date_of(year, *first), date_of(year, *last))


def month_of(year: int, month: int) -> Days | None:
    """Return the whole month; month 0 is the December before, month 13 the January after."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    first, after = date_of(year, month, 1), date_of(year + month // 12, month % 12 + 1, 1)
    if first is None:
        return None
    return Days(first, date.max if after is None else shifted(after, -1))


Part = str
"""`early`, `mid`, `late`, `first_week` or `last_day` of a month; empty for the whole of it."""


def part_of(month: Days | None, part: Part) -> Days | None:
    """Return a part of a *month*: days 1 to 10, 11 to 20, 21 to the last, or its first week."""
    if month is None or not part:
        return month
    if part == "last_day":
        return Days(month.last, month.last)
    from_day, to_day = {"early": (0, 9), "mid": (10, 19), "first_week": (0, 6)}.get(part, (20, 99))
    return Days(shifted(month.first, from_day), min(month.last, shifted(month.first, to_day)))


def each_month(month: int, part: Part = "") -> Yearly:
    """Return that month, or a part of it, each year."""
    return lambda year: part_of(month_of(year, month), part)


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


def season(name: str) -> Yearly:
    """Return three whole months; a winter bears the year that it begins in."""
    begins = _SEASONS[name]

    def in_year(year: int) -> Days | None:
        first, last = month_of(year, begins), month_of(year, begins + 2)
        return None if first is None or last is None else Days(first.first, last.last)

    return in_year


def lunar_date(month: int, day: int, *, leap: bool = False) -> Yearly:
    """Return the lunar day, by lunar year."""
    return lambda year: days(lunar.lunar_day(year, month, day, leap=leap))


def lunar_month(month: int, *, leap: bool = False) -> Yearly:
    """Return the whole lunar month, by lunar year."""

    def in_year(year: int) -> Days | None:
        found = lunar.lunar_month(year, month, leap=leap)
        return None if found is None else Days(found.first, found.last)

    return in_year


def lunar_stretch(month: int, first: int, last: int) -> Yearly:
    """Return the days from *first* to *last* of a lunar month, by lunar year."""
    return lambda year: days(
        lunar.lunar_day(year, month, first), lunar.lunar_day(year, month, last)
    )


def around_new_year(before: int, after: int) -> Yearly:
    """Return the days around the first of the lunar year, by the year that it lies in."""

    def in_year(year: int) -> Days | None:
        first = lunar.new_year(year)
        return None if first is None else Days(shifted(first, before), shifted(first, after))

    return in_year


def term(name: str) -> Yearly:
    """Return the day of a solar term, each year."""
    return lambda year: days(lunar.solar_term(year, name))


def nth_weekday(month: int, weekday: int, nth: int) -> Yearly:
    """Return the *nth* weekday (Monday is 0) of a month, each year; -1 is the last one."""

    def in_year(year: int) -> Days | None:
        whole = month_of(year, month)
        return None if whole is None else days(weekday_in(whole, weekday, nth))

    return in_year


def weekday_in(month: Days, weekday: int, nth: int) -> date | None:
    """Return the *nth* weekday (Monday is 0) of *month*; None where it has no fifth."""
    if nth < 0:
        return shifted(month.last, -((month.last.weekday() - weekday) % 7))
    found = shifted(month.first, (weekday - month.first.weekday()) % 7 + 7 * (nth - 1))
    return found if found <= month.last else None


def easter(year: int, before: int = -2, after: int = 1) -> Days | None:
    """Return the days around the western Easter Sunday of *year*: Good Friday to Monday."""
    golden, century = year % 19, year // 100
    solar = century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15
    moon = solar % 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    sunday = moon - (year + year // 4 + moon + 2 - century + century // 4) % 7
    month = 3 + (sunday + 40) // 44
    found = date_of(year, month, sunday + 28 - 31 * (month // 4))
    return None if found is None else Days(shifted(found, before), shifted(found, after))


FESTIVALS: Mapping[str, Yearly] = {
    "christmas": from_to((12, 24), (12, 26)),
    "christmas_eve": one_day(12, 24),
    "christmas_day": one_day(12, 25),
    "boxing_day": one_day(12, 26),
    "new_years_eve": one_day(12, 31),
    "new_years_day": one_day(1, 1),
    "valentine": one_day(2, 14),
    "halloween": one_day(10, 31),
    "fourth_of_july": one_day(7, 4),
    "easter": easter,
    "good_friday": lambda year: easter(year, -2, -2),
    "easter_sunday": lambda year: easter(year, 0, 0),
    "easter_monday": lambda year: easter(year, 1, 1),
    "thanksgiving": nth_weekday(11, 3, 4),
    "mothers_day": nth_weekday(5, 6, 2),
    "fathers_day": nth_weekday(6, 6, 3),
    "womens_day": one_day(3, 8),
    "childrens_day": one_day(6, 1),
    "double_ten": one_day(10, 10),
    "national_day": from_to((10, 1), (10, 7)),
    "may_day": from_to((5, 1), (5, 5)),
    "spring_festival": around_new_year(-1, 6),
    "new_year_eve": around_new_year(-1, -1),
    "lunar_new_year": around_new_year(0, 0),
    "lantern": lunar_date(1, 15),
    "dragon_boat": lunar_date(5, 5),
    "seventh_evening": lunar_date(7, 7),
    "mid_autumn": lunar_date(8, 15),
    "double_ninth": lunar_date(9, 9),
    "laba": lunar_date(12, 8),
    "summer_holidays": from_to((7, 1), (8, 31)),
}
"""Festivals by a name of ours; those of the lunar year by the lunar year's number."""


def latest(yearly: Yearly, today: date) -> Days | None:
    """Return the latest one that has begun on or before *today*."""
    for year in range(min(today.year + 1, MAXYEAR), max(today.year - _REACH, MINYEAR) - 1, -1):
        found = yearly(year)
        if found is not None and found.first <= today:
            return found
    return None


def latest_ended(yearly: Yearly, today: date) -> Days | None:
    """Return the latest one that ended before *today*."""
    for year in range(min(today.year + 1, MAXYEAR), max(today.year - _REACH, MINYEAR) - 1, -1):
        found = yearly(year)
        if found is not None and found.last < today:
            return found
    return None


def coming(yearly: Yearly, today: date) -> Days | None:
    """Return the next one that begins on or after *today*; a longer one may be under way."""
    for year in range(max(today.year - 1, MINYEAR), min(today.year + _REACH, MAXYEAR) + 1):
        found = yearly(year)
        if found is not None and found.first >= today:
            return found
    return None


def week_of(today: date, weeks: int = 0) -> Days:
    """Return the week, Monday to Sunday, that is *weeks* after the one of *today*."""
    monday = shifted(today, 7 * weeks - today.weekday())
    return Days(monday, shifted(monday, 6))


def weekend_of(today: date, weeks: int = 0) -> Days:
    """Return the Saturday and Sunday of the week that is *weeks* after the one of *today*."""
    week = week_of(today, weeks)
    return Days(shifted(week.last, -1), week.last)


def month_away(today: date, months: int) -> Days | None:
    """Return the whole month that is *months* after the one of *today*."""
    return month_of(today.year, today.month + months)


def months_back(today: date, months: int) -> date:
    """Return the day after the one *months* before: where the last *months* months begin."""
    month = month_of(today.year, today.month - months)
    if month is None:
        return date.min
    return min(shifted(month.first, today.day), shifted(month.last, 1))


def latest_day(number: int, today: date) -> date | None:
    """Return the latest day with this number in its month, on or before *today*."""
    found = (date_of(*_month(today, -back), number) for back in range(13))
    return next((day for day in found if day is not None and day <= today), None)


def coming_day(number: int, today: date) -> date | None:
    """Return the next day with this number in its month, on or after *today*."""
    found = (date_of(*_month(today, ahead), number) for ahead in range(13))
    return next((day for day in found if day is not None and day >= today), None)


def _month(today: date, away: int) -> tuple[int, int]:
    count = today.year * 12 + today.month - 1 + away
    return count // 12, count % 12 + 1


def whole_year(year: int) -> Days | None:
    """Return 1 January to 31 December of *year*."""
    first, last = date_of(year, 1, 1), date_of(year, 12, 31)
    return days(first, last)


def long_ago(today: date, count: int) -> date:
    """Return the day *count* days ago, today counted as the first of them."""
    return (today - timedelta(days=count - 1)) if count <= today.toordinal() else date.min


def today_of(text: str) -> date | None:
    """Return the date that an ISO 8601 *text* begins with; None where it is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
