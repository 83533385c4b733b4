"""Devices of a simulated market: which of them a stage serves, and which ask while time passes."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from pratique.rollout.cohorts import is_in


class Devices:
    """The devices of one market with one feature, each asking so often a day on average."""

    def __init__(self, market: str, feature: str, many: int, requests_a_day: float) -> None:
        self.market, self.feature, self.many = market, feature, many
        self._requests_a_day = requests_a_day
        self._turns: dict[float, Iterator[str]] = {}

    def served(self, fraction: float) -> int:
        """Return how many devices a stage with *fraction* serves, about."""
        return round(self.many * fraction)

    def requests(self, chance: np.random.Generator, fraction: float, hours: float) -> int:
        """Return how many requests the devices of a stage make in so many *hours*."""
        return int(chance.poisson(self.served(fraction) * self._requests_a_day * hours / 24))

    def exposed(self, fraction: float, requests: int) -> int:
        """Return how many devices of a stage made at least one of so many *requests*, about."""
        served = self.served(fraction)
        return round(served * (1.0 - (1.0 - 1.0 / served) ** requests)) if served else 0

    def cohort(self, fraction: float, *, inside: bool = True) -> Iterator[str]:
        """Yield the devices that are in the stage with *fraction*, or those that are not.

        The rule is public (SHA-256 over market, feature and device), so that a maker's back end
        can tell who is in.
        """
        for number in range(self.many):
            key = f"simulated-device-{number}"
            if is_in(self.market, self.feature, key, fraction) is inside:
                yield key

    def newest(self, fraction: float, smaller: float) -> str:
        """Return a device that is in the stage with *fraction*, and not in the one before it."""
        within = self.cohort(fraction)
        return next(
            one
            for one in within
            if not (smaller > 0 and is_in(self.market, self.feature, one, smaller))
        )

    def next(self, fraction: float, many: int) -> list[str]:
        """Return the next *many* devices of a stage; each comes once before any comes again."""
        found: list[str] = []
        while len(found) < many:
            if fraction not in self._turns:
                self._turns[fraction] = self.cohort(fraction)
            more = list(islice(self._turns[fraction], many - len(found)))
            if not more:
                del self._turns[fraction]
            found += more
        return found
