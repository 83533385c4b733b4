"""A clock that never goes back, so that what has ended stays ended."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta


class SteadyClock:
    """The wall clock, except where it falls behind the time that has passed since it was last ahead.

    Set back by an hour, it goes on as if it had not been; set forward, it follows.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._elapsed = elapsed
        self._anchor = (clock(), elapsed())

    def __call__(self) -> datetime:
        """Return the time, never less than before."""
        wall, elapsed = self._clock(), self._elapsed()
        anchored, since = self._anchor
        if (wall - anchored).total_seconds() >= elapsed - since:
            self._anchor = (wall, elapsed)
            return wall
        return anchored + timedelta(seconds=elapsed - since)

    def not_before(self, moment: datetime) -> None:
        """Take note of a time that has certainly come, such as that of the last decision."""
        if moment > self():
            self._anchor = (moment, self._elapsed())
