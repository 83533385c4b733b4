"""What a text says of a date, before it is settled which days are meant."""

from dataclasses import dataclass
from datetime import date

from pratique.text.calendar import Days, Yearly


@dataclass(frozen=True, slots=True)
class Counted:
    """What dates are counted from."""

    today: date
    """The day of speaking."""

    ahead: bool
    """Whether dates without a year lie ahead (an invitation) or back (a photo)."""

    month_first: bool | None
    """Whether `3/4` is the month first; None where nothing tells."""


@dataclass(frozen=True, slots=True)
class Said:
    """One saying: a fixed stretch of days, or something that comes back every year."""

    start: int
    """First code point."""

    end: int
    """One past the last code point."""

    kind: str
    """`year`, `month`, `day`, `season`, `festival`, `lunar`, `part`, `week`, `weekday`, `dom`,
    `today`, `range` or `open`."""

    yearly: Yearly | None = None
    """Its days in a given year, where it comes back every year."""

    year: int | None = None
    """The year that was said with it."""

    days: Days | None = None
    """The days, where they are settled."""

    weekday: int | None = None
    """0 for Monday, where a weekday was said."""

    number: int | None = None
    """The day of the month, where only that was said."""
