"""The breaker: stops calling a partner's region that keeps failing, and tries it again later."""

import time
from collections.abc import Callable

from pratique.partners.dialect import Cause

_FAILING: frozenset[Cause] = frozenset({"overloaded", "server_error", "timeout"})
"""Causes that are the server's state, and not about one call."""


class Breaker:
    """Opens after *failures* in a row; after *rest* seconds lets one call through to see."""

    def __init__(
        self,
        *,
        failures: int = 8,
        rest: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._rest = rest
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0

    def wait(self) -> float:
        """Return the seconds until a call may be made: 0 for at once.

        Once the rest is over the caller is the one that tries; others go on waiting meanwhile.
        """
        if self._failures < self._limit:
            return 0.0
        now = self._clock()
        if now < self._open_until:
            return self._open_until - now
        self._open_until = now + self._rest
        return 0.0

    def note(self, cause: Cause) -> None:
        """Count what a call came to."""
        if cause not in _FAILING:
            self._failures = 0
            return
        self._failures += 1
        if self._failures >= self._limit:
            self._open_until = self._clock() + self._rest
