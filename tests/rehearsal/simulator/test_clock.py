"""Time of a rehearsal passes when somebody says so."""

from datetime import UTC, date, datetime

from pratique.rehearsal.simulator.clock import SimulatedClock


def test_time_stands_still_until_it_is_moved() -> None:
    """To nine o'clock of a later day, or by hours and minutes."""
    clock = SimulatedClock(date(2028, 7, 3))
    began = clock.now
    assert began == datetime(2028, 7, 3, 9, tzinfo=UTC) == clock.now
    clock.wait(hours=25, minutes=30)
    assert clock.hours_since(began) == 25.5
    clock.wait(until=date(2028, 8, 1), hours=1)
    assert (clock.today, clock.now.hour) == (date(2028, 8, 1), 10)
