"""Probes: one load of one model as it was kept, and the figures that follow from it."""

import msgspec

from pratique.assessment.support.ladder import StepFigures, figures, kept_all
from pratique.assessment.support.objectives import State, Step, Support
from pratique.evals.load.after_burst import recovery_seconds
from pratique.evals.load.open_loop import Phase
from pratique.evals.load.repeats import repeats
from pratique.evals.load.sent import Sent
from pratique.evals.load.waits import Wait, Waits
from pratique.evals.statistics.proportion_tests import ProportionTest, share_interval


class Probe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every request of one load: whatever is said of it can be computed anew."""

    version: int = 1
    """Version of this record."""
    candidate: str
    """`partner/model`."""
    snapshot: str
    """What pinned the model's behaviour."""
    market: str
    """Market whose region was called."""
    simulated: bool
    """Whether the partner is invented; times are then simulated ones."""
    digest: str
    """Digest of the variant whose requests were sent."""
    suite: str
    """Digest of the samples."""
    support: str
    """Digest of the objectives that it was made for."""
    steps: tuple[Step, ...]
    """The steps that were to be climbed."""
    climb: tuple[Phase, ...]
    """The steps that were climbed, in order."""
    burst: Phase | None = None
    """The burst with what came after; None where no step was met, so that nothing can recover."""
    burst_requests: int = 0
    """Requests of the burst itself."""
    waits: Waits | None = None
    """The waits that were tried; None where it did not come to that."""
    calls: int
    """Calls that were paid."""
    cost: float | None
    """What they cost; None where no price is known."""
    currency: str = ""
    """Currency of the cost."""
    stopped: str = ""
    """What ran out before the end; empty where nothing did."""

    @property
    def sent(self) -> tuple[Sent, ...]:
        """Every request."""
        after = self.waits.phases if self.waits else ()
        phases = (*self.climb, *((self.burst,) if self.burst else ()), *after)
        return tuple(one for phase in phases for one in phase.sent)

    @property
    def whole(self) -> bool:
        """Whether it came to its end: all steps climbed that could be, burst and waits tried."""
        return not self.stopped and self.burst is not None and self.waits is not None


class First(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where something was seen first."""

    phase: str
    """Part of the load."""
    rate: float
    """Requests a second that were due there."""
    number: int
    """Which request of that part it was, from 1; 0 where it is not about one request."""
    what: str = ""
    """The objective, where it is about one."""


class Shared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A share against its bar, over everything that was sent."""

    state: State
    """What is established."""
    bar: float
    """Least share."""
    kept: int
    """How many kept it."""
    of: int
    """Out of how many."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end."""


class LoadFigures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a probe says."""

    steps: tuple[StepFigures, ...]
    """The steps."""
    sustained_rate: float
    """Highest rate of a step that was met, with all before it; 0 where none was."""
    first_limited: First | None
    """The first request that was turned away."""
    first_missed: First | None
    """The first step with an objective that was missed."""
    recovery: float | None
    """Seconds from the end of the burst until it answered as before; None where it did not."""
    waits: tuple[Wait, ...]
    """The waits that were tried."""
    valid: Shared
    """Answers that have the form that is needed."""
    same_verdict: Shared
    """Repeated inputs with the verdict of the time before."""


def load_figures(probe: Probe, support: Support) -> LoadFigures:
    """Return what *probe* says, held against *support*."""
    load, alpha = support.load, support.alpha
    steps = tuple(
        figures(step, phase, load, alpha, len(probe.steps))
        for step, phase in zip(probe.steps, probe.climb, strict=False)
    )
    sent = probe.sent
    recovery = (
        recovery_seconds(
            probe.burst.sent,
            probe.burst_requests,
            lambda one: kept_all(one, load),
            load.burst.steady,
        )
        if probe.burst
        else None
    )
    return LoadFigures(
        steps=steps,
        sustained_rate=_sustained(steps),
        first_limited=_first_limited(probe),
        first_missed=_first_missed(steps),
        recovery=recovery,
        waits=probe.waits.tried if probe.waits else (),
        valid=_shared([one.valid for one in sent if one.valid is not None], load.valid, alpha),
        same_verdict=_shared(repeats(sent), load.same_verdict, alpha),
    )


def _sustained(steps: tuple[StepFigures, ...]) -> float:
    rate = 0.0
    for step in steps:
        if step.state != "met":
            break
        rate = step.rate
    return rate


def _first_limited(probe: Probe) -> First | None:
    for phase in (*probe.climb, *((probe.burst,) if probe.burst else ())):
        for number, one in enumerate(phase.sent, 1):
            if one.limited:
                rate = phase.rate if number <= probe.burst_requests or phase != probe.burst else 0.0
                return First(phase=phase.name, rate=rate, number=number)
    return None


def _first_missed(steps: tuple[StepFigures, ...]) -> First | None:
    for step in steps:
        for one in step.objectives:
            if one.state == "missed":
                name = f"step {step.rate:g}/s"
                return First(phase=name, rate=step.rate, number=0, what=one.objective)
    return None


def _shared(outcomes: "list[bool] | tuple[bool, ...]", bar: float, alpha: float) -> Shared:
    test = ProportionTest(bar, alpha_meets=alpha, alpha_falls_short=alpha)
    for one in outcomes:
        test.add(one)
    low, high = share_interval(test.met, test.n, alpha)
    states: dict[str, State] = {"meets": "met", "falls_short": "missed", "undecided": "unknown"}
    return Shared(
        state=states[test.decision], bar=bar, kept=test.met, of=test.n, low=low, high=high
    )
