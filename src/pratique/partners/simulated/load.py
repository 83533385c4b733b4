"""Load: how many calls an invented model takes, and what more of them do to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pratique.partners.simulation import Capacity

_DISHONEST = 0.1
"""Part of the true wait that a model names which is not honest about it."""


class Load:
    """Calls in flight, and a bucket of calls that fills at a steady rate up to the burst."""

    def __init__(self, capacity: Capacity, now: Callable[[], float]) -> None:
        self._capacity = capacity
        self._now = now
        self._left = float(capacity.burst)
        self._seen = now()
        self._in_flight = 0

    def wait(self) -> float | None:
        """Take one call, or return the seconds until one would be taken; None where it was."""
        rate = self._capacity.requests_per_second
        if rate is None:
            return None
        now = self._now()
        self._left = min(self._capacity.burst, self._left + (now - self._seen) * rate)
        self._seen = now
        # A wait that was honoured to the second must not fail by a rounding error.
        if self._left < 1 - 1e-9:
            return (1 - self._left) / rate
        self._left -= 1
        return None

    def named(self, wait: float) -> float:
        """Return the wait that the model asks for, where *wait* would help."""
        return wait if self._capacity.honest_retry_after else wait * _DISHONEST

    @contextmanager
    def carrying(self) -> Iterator[float]:
        """Count one call as in flight; gives how many times as long it takes for the others."""
        self._in_flight += 1
        try:
            at_once = self._capacity.at_once
            yield max(1.0, self._in_flight / at_once) ** 2 if at_once else 1.0
        finally:
            self._in_flight -= 1
