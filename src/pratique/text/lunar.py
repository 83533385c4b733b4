"""The Chinese lunar calendar: its days, months and solar terms as Gregorian dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Lunar years that are known."""

_BEFORE_ORDINALS = 1_721_425
"""Julian day before the first day that Python counts."""

_ASKED_APART = {"冬至": "DONG_ZHI"}
"""Terms of which the library lists last year's under the plain name."""


@dataclass(frozen=True, slots=True)
class LunarMonth:
    """One month of a lunar year."""

    number: int
    """1 to 12."""

    leap: bool
    """Whether it is the second month with this number."""

    first: date
    """Its first day."""

    length: int
    """29 or 30 days."""

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first + timedelta(days=self.length - 1)


@cache
def months(year: int) -> tuple[LunarMonth, ...]:
    """Return the months of lunar *year* in order; none for a year that is not known."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ()
    # Imported when first needed: most calls name no lunar date.
    from lunar_python import LunarYear  # type: ignore[import-untyped]

    return tuple(
        LunarMonth(
            number=abs(int(month.getMonth())),
            leap=int(month.getMonth()) < 0,
            first=date.fromordinal(int(month.getFirstJulianDay()) - _BEFORE_ORDINALS),
            length=int(month.getDayCount()),
        )
        for month in LunarYear.fromYear(year).getMonths()
        if int(month.getYear()) == year
    )


def lunar_month(year: int, number: int, *, leap: bool = False) -> LunarMonth | None:
    """Return month *number* of lunar *year*; None where the year has no such leap month."""
    same = [month for month in months(year) if (month.number, month.leap) == (number, leap)]
    return same[0] if same else None


def lunar_day(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """Return the date of a lunar day; None where that month is shorter, or the year not known."""
    found = lunar_month(year, month, leap=leap)
    if found is None or not 1 <= day <= found.length:
        return None
    return found.first + timedelta(days=day - 1)


def new_year(year: int) -> date | None:
    """Return the first day of lunar *year*, which lies in the Gregorian year of that number."""
    return lunar_day(year, 1, 1)


def solar_term(year: int, name: str) -> date | None:
    """Return the day of solar term *name* (in simplified characters) in Gregorian *year*."""
    return _terms(year).get(_ASKED_APART.get(name, name))


@cache
def _terms(year: int) -> Mapping[str, date]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    from lunar_python import Lunar

    table = Lunar.fromYmd(year, 1, 1).getJieQiTable()
    return {str(name): date.fromisoformat(str(solar.toYmd())) for name, solar in table.items()}
