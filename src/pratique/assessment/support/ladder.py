"""The ladder: load steps against their objectives, decided request by request.

A step is met when every objective is established, each at alpha: for all of them to be wrong at
once is no likelier than for one (Berger 1982). Steps count as carried in their order, up to the
first that is not met, so that no further alpha is spent on the next (Maurer, Hothorn and Lehmacher
1995). That a step is missed may be wrong by any objective of any step: there alpha is
shared by all.
"""

from collections.abc import Mapping, Sequence

import msgspec

from pratique.assessment.support.objectives import Load, State, Step, shares
from pratique.evals.load.open_loop import Flight, Phase
from pratique.evals.load.sent import Sent
from pratique.evals.statistics import Decision
from pratique.evals.statistics.proportion_tests import ProportionTest, share_interval

_STATES: Mapping[Decision, State] = {
    "meets": "met",
    "falls_short": "missed",
    "undecided": "unknown",
}


class Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many requests of a step kept one objective."""

    objective: str
    """Which."""
    state: State
    """What is established."""
    bar: float
    """Least share."""
    kept: int
    """Requests that kept it."""
    of: int
    """Requests that were sent."""
    low: float
    """Lower end of the interval for the share, which holds at every look."""
    high: float
    """Upper end."""


class StepFigures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one step came to."""

    rate: float
    """Requests a second."""
    state: State
    """What is established."""
    requests: int
    """Requests that were sent."""
    objectives: tuple[Kept, ...]
    """One by one."""
    first_token_p95: float | None
    """Seconds to the first token that 95 in 100 requests kept; None where more than 5 had none."""
    per_token_p95: float | None
    """Seconds a token that 95 in 100 requests kept; None where fewer have such a time."""
    limited: int
    """Requests that were turned away."""
    with_wait: int
    """Of these, those that named a wait."""
    most_late: float
    """Seconds by which we were late at worst: large ones mean that this machine was the limit."""


def kept(objective: str, one: Sent, load: Load) -> bool:
    """Say whether *one* kept *objective*; a request that failed keeps none of them.

    A refusal is an answer. It may come without text: then its end counts as its first token.
    """
    if objective == "not_limited":
        return not one.limited
    if one.verdict is None:
        return False
    if objective == "first_token":
        first = one.first_token if one.first_token is not None else one.ended
        return first - one.due <= load.first_token.seconds
    if objective == "per_token":
        return one.token_seconds is None or one.token_seconds <= load.per_token.seconds
    return True


def kept_all(one: Sent, load: Load) -> bool:
    """Say whether *one* kept every objective of a step."""
    return all(kept(name, one, load) for name in shares(load))


def _tests(load: Load, alpha: float, steps: int) -> dict[str, ProportionTest]:
    bars = shares(load)
    return {
        name: ProportionTest(
            bar, alpha_meets=alpha, alpha_falls_short=alpha / (len(bars) * max(steps, 1))
        )
        for name, bar in bars.items()
    }


def _state(tests: Mapping[str, ProportionTest]) -> State:
    found = [test.decision for test in tests.values()]
    if "falls_short" in found:
        return "missed"
    return "met" if all(one == "meets" for one in found) else "unknown"


class Watch:
    """Looks at a step while it runs, and says when it is decided.

    Requests are taken in the order in which they were due: those that end first are the quick ones.
    One that is late beyond its objective counts before it has ended.
    """

    def __init__(self, load: Load, alpha: float, steps: int) -> None:
        self._load = load
        self._tests = _tests(load, alpha, steps)

    def __call__(self, flights: Sequence[Flight], now: float) -> bool:
        """Take in what is new; true when the step is met or missed."""
        for name, test in self._tests.items():
            while test.n < len(flights):
                met = self._known(name, flights[test.n], now)
                if met is None:
                    break
                test.add(met)
        return _state(self._tests) != "unknown"

    def _known(self, name: str, flight: Flight, now: float) -> bool | None:
        if flight.sent is not None:
            return kept(name, flight.sent, self._load)
        overdue = flight.first_token is None and now - flight.due > self._load.first_token.seconds
        return False if name == "first_token" and overdue else None


def figures(step: Step, phase: Phase, load: Load, alpha: float, steps: int) -> StepFigures:
    """Return what *phase* says of *step*, one of so many *steps*: recomputable from what was kept."""
    tests = _tests(load, alpha, steps)
    for name, test in tests.items():
        for one in phase.sent:
            test.add(kept(name, one, load))
    limited = [one for one in phase.sent if one.limited]
    return StepFigures(
        rate=step.rate,
        state=_state(tests),
        requests=len(phase.sent),
        objectives=tuple(_kept(name, test, alpha) for name, test in tests.items()),
        first_token_p95=_p95([one.first_token_seconds for one in phase.sent]),
        per_token_p95=_p95([one.token_seconds for one in phase.sent if one.status == "ok"]),
        limited=len(limited),
        with_wait=sum(one.retry_after is not None for one in limited),
        most_late=max((one.late for one in phase.sent), default=0.0),
    )


def _kept(name: str, test: ProportionTest, alpha: float) -> Kept:
    low, high = share_interval(test.met, test.n, alpha)
    return Kept(
        objective=name,
        state=_STATES[test.decision],
        bar=test.bar,
        kept=test.met,
        of=test.n,
        low=low,
        high=high,
    )


def _p95(seconds: Sequence[float | None]) -> float | None:
    """Return the nearest-rank 95th percentile; what has no time stands behind all that have one."""
    if not seconds:
        return None
    known = sorted(one for one in seconds if one is not None)
    rank = -(-95 * len(seconds) // 100)
    return known[rank - 1] if rank <= len(known) else None
