"""Time of a rehearsal: it passes when somebody says so."""

from datetime import UTC, date, datetime, timedelta


class SimulatedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, begins: date) -> None:
        self.now = _nine(begins)
        """What time it is, in UTC."""

    @property
    def today(self) -> date:
        """What day it is."""
        return self.now.date()

    def wait(self, *, until: date | None = None, hours: float = 0.0, minutes: float = 0.0) -> None:
        """Let time pass: to nine o'clock of a later day, and some hours and minutes."""
        if until is not None:
            self.now = _nine(until)
        self.now += timedelta(hours=hours, minutes=minutes)

    def hours_since(self, moment: datetime) -> float:
        """Return the hours since *moment*."""
        return (self.now - moment) / timedelta(hours=1)


def _nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
