"""Conduct: what becomes of the calls to a simulated partner, and what users make of its answers.

A partner's file says it to whatever calls the partner. For ramps by the thousand, which nobody can
call, the same shares are drawn as counts, each status counted as the service counts it.
"""

from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from pratique.partners.simulation import Shares
from pratique.rollout.tally import COUNTED_AS, Counts

_STATUSES = {
    "refused": "refused",
    "blocked": "blocked",
    "retracted": "retracted",
    "invalid": "invalid",
    "unavailable": "failed",
    "timeout": "failed",
}
"""Status of the answer that comes of each share."""


class Conduct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a partner behaves for a while."""

    shares: Shares = Shares()
    """What becomes of calls that bring no sound answer, as in a partner's file."""
    complaints: float = 0.0
    """Share of the answers that users complain about."""

    @property
    def keys(self) -> str:
        """The same as keys of a model's `simulation` in its file; empty where all is well."""
        told = {name: one for name, one in msgspec.structs.asdict(self.shares).items() if one}
        inner = ", ".join(f"{name} = {one:g}" for name, one in told.items())
        return f"shares = {{ {inner} }}" if told else ""

    def counts(self, chance: np.random.Generator, requests: int) -> Counts:
        """Return what *requests* of them come to."""
        drawn = chance.binomial(requests, _means(self)).tolist()
        return Counts(requests=requests, **dict(zip(SIGNALS, drawn, strict=True)))


SIGNALS = ("complaints", "retractions", "refusals", "check_failures", "errors")
"""What a service counts of requests, as far as a conduct says it."""


@lru_cache(maxsize=64)
def _means(conduct: Conduct) -> NDArray[np.float64]:
    """Return the share of requests that count for each signal."""
    means = dict.fromkeys(SIGNALS, 0.0) | {"complaints": conduct.complaints}
    for name, share in msgspec.structs.asdict(conduct.shares).items():
        means[COUNTED_AS[_STATUSES[name]]] += share
    return np.array(list(means.values()))
