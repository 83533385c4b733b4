"""Ramps in simulated time: devices that ask, a regression that comes, and how soon a rule halts it.

Everything here is simulated, with a seed; the cohorts, the stages and the tests are those that a
real rollout uses. No partner is called and no figure speaks of one.
"""

import hashlib
from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from pratique.errors import Malformed
from pratique.evals.statistics.counts import interval_of, side_of
from pratique.settings.workspace import Stage

STAGES = (
    Stage(name="1 %", user_fraction=0.01, least_hours=24, least_requests=500),
    Stage(name="2 %", user_fraction=0.02, least_hours=24, least_requests=1000),
    Stage(name="5 %", user_fraction=0.05, least_hours=24, least_requests=2000),
    Stage(name="10 %", user_fraction=0.10, least_hours=24, least_requests=2000),
    Stage(name="20 %", user_fraction=0.20, least_hours=24, least_requests=2000),
    Stage(name="50 %", user_fraction=0.50, least_hours=48, least_requests=2000),
    Stage(name="100 %", user_fraction=1.0),
)
"""The default steps; at the last one the ramp is watched for `LAST_HOURS`."""

LAST_HOURS = 48
MOST_HOURS = 24 * 30
"""A ramp that is undecided for longer is left where it stands."""


class Signal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is counted of each request, and what is normal."""

    name: str
    """What is counted."""
    normal: float
    """Its mean per request while nothing is wrong."""
    limit: float
    """What its halt rule allows."""


SIGNALS = (
    Signal(name="complaints", normal=0.004, limit=0.01),
    Signal(name="retractions", normal=0.006, limit=0.02),
    Signal(name="refusals", normal=0.02, limit=0.05),
    Signal(name="check_failures", normal=0.02, limit=0.05),
    Signal(name="errors", normal=0.006, limit=0.02),
)
"""Invented, at 30 to 40 % of their limits."""


class Setting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every ramp of a rehearsal has in common."""

    devices: int = 200_000
    """Devices of the market."""
    requests_a_day: float = 2.0
    """Requests of one device a day, on average."""
    evaluate_hours: float = 1.0
    """Time between two evaluations."""
    error: float = 0.05
    """Probability that a ramp is halted though nothing is beyond its limit."""
    stages: tuple[Stage, ...] = STAGES
    """The steps."""
    signals: tuple[Signal, ...] = SIGNALS
    """What is watched."""


Ended = Literal["halted", "complete", "undecided"]
"""How a ramp ended; undecided where it never left a stage."""


class Ramp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of one ramp."""

    ended: Ended
    """How it ended."""
    hours: float
    """How long it took."""
    since: float | None
    """Hours from the regression to the halt; None where there was not both."""
    exposed: int
    """Devices that asked at least once since the regression came, about."""


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of the ramps of one kind."""

    what: str
    """What was wrong with them."""
    begins: str
    """The stage at which it came."""
    runs: int
    """Ramps."""
    halted: int
    """Those that were halted."""
    complete: int
    """Those that came to the end; all others stayed undecided and never advanced."""
    delay_hours: tuple[float, float] | None
    """Median and 95th percentile of the hours to the halt."""
    exposed: tuple[float, float] | None
    """Median and 95th percentile of the devices that asked before the halt."""


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it."""

    simulated: bool = True
    """It is."""
    seed: int
    """Seed of the random numbers."""
    setting: Setting
    """What the ramps had in common."""
    normal: Row
    """Ramps on which nothing was wrong."""
    edge: Row
    """Ramps on which every signal stood exactly at its limit: the worst that is no fault."""
    false_halts: tuple[float, float]
    """Interval, at 95 %, of the share of ramps at the edge that were halted."""
    regressions: tuple[Row, ...]
    """Ramps with a regression."""

    @property
    def holds(self) -> bool:
        """Whether the false halts are no more than the error allows, as far as the runs can tell."""
        return self.false_halts[0] <= self.setting.error


def ramp(
    setting: Setting, chance: np.random.Generator, means: Sequence[float], begins: int
) -> Ramp:
    """Run one ramp whose signals have *means* from stage *begins* on, and are normal before."""
    normal = [one.normal for one in setting.signals]
    place, here, hours, bad_hours, bad_requests = 0, 0.0, 0.0, 0.0, 0
    requests, totals = 0, np.zeros(len(normal))
    while True:
        is_bad = place >= begins
        devices = round(setting.devices * setting.stages[place].user_fraction)
        asked = int(chance.poisson(devices * setting.requests_a_day * setting.evaluate_hours / 24))
        requests += asked
        totals += chance.binomial(asked, means if is_bad else normal)
        here += setting.evaluate_hours
        hours += setting.evaluate_hours
        bad_hours += setting.evaluate_hours if is_bad else 0.0
        bad_requests += asked if is_bad else 0
        sides = _sides(setting, requests, totals)
        ended = _ended(setting, sides, place, here, hours)
        if ended:
            return Ramp(
                ended=ended,
                hours=hours,
                since=bad_hours if ended == "halted" and is_bad else None,
                exposed=_asked_once(devices, bad_requests),
            )
        if _may_advance(setting, sides, place, here, requests):
            place, here, requests, totals = place + 1, 0.0, 0, np.zeros(len(normal))


def _sides(setting: Setting, requests: int, totals: NDArray[np.float64]) -> list[int]:
    """Return each rule's word: 1 for fail, -1 for pass, 0 for undecided."""
    alpha = setting.error / (len(setting.signals) * len(setting.stages))
    return [
        side_of(requests, float(total), signal.limit, alpha)
        for signal, total in zip(setting.signals, totals, strict=True)
    ]


def _ended(
    setting: Setting, sides: list[int], place: int, here: float, hours: float
) -> Ended | None:
    if 1 in sides:
        return "halted"
    if place + 1 == len(setting.stages) and here >= LAST_HOURS:
        return "complete"
    return "undecided" if hours >= MOST_HOURS else None


def _may_advance(
    setting: Setting, sides: list[int], place: int, here: float, requests: int
) -> bool:
    """Say what `rollout advance` would: time, sample, and every rule passes."""
    stage = setting.stages[place]
    waited = here >= stage.least_hours and requests >= stage.least_requests
    return waited and all(side == -1 for side in sides) and place + 1 < len(setting.stages)


def rehearse(
    *, runs: int, seed: int, setting: Setting | None = None, factors: Sequence[float] = (1.5, 2, 4)
) -> Rehearsal:
    """Run *runs* ramps of each kind: nothing wrong, at the edge, and regressions of several sizes.

    A regression takes the first signal to its limit times a factor; it is there from the first
    stage on, or comes at the fourth.

    Raises:
        Malformed: fewer than one run, or a factor that is no regression.
    """
    if runs < 1:
        raise Malformed(f"{runs} runs", hint="run 1,000 to see whether the error is kept")
    wrong = [factor for factor in factors if not 1 < factor <= 50]
    if wrong:
        raise Malformed(f"the regression {wrong[0]:g}", hint="name factors above 1, up to 50")
    setting = setting or Setting()
    first, *others = setting.signals
    normal = [one.normal for one in setting.signals]
    edge = _row(
        setting, runs, seed, "all at their limits", [one.limit for one in setting.signals], 0
    )
    return Rehearsal(
        seed=seed,
        setting=setting,
        normal=_row(setting, runs, seed, "nothing", normal, 0),
        edge=edge,
        false_halts=interval_of(runs, edge.halted, 0.05),
        regressions=tuple(
            _row(
                setting,
                runs,
                seed,
                f"{first.name} at {factor:g} × the limit",
                [first.limit * factor, *(one.normal for one in others)],
                begins,
            )
            for factor in factors
            for begins in (0, min(3, len(setting.stages) - 1))
        ),
    )


def _row(
    setting: Setting, runs: int, seed: int, what: str, means: Sequence[float], begins: int
) -> Row:
    """Run ramps of one kind, each with random numbers of its own."""
    kind = hashlib.sha256(f"{what}\0{begins}".encode()).digest()[:4]
    chances = np.random.SeedSequence([seed, int.from_bytes(kind, "big")]).spawn(runs)
    found = [ramp(setting, np.random.default_rng(one), means, begins) for one in chances]
    halts = [one for one in found if one.since is not None]
    return Row(
        what=what,
        begins=setting.stages[begins].name,
        runs=runs,
        halted=sum(one.ended == "halted" for one in found),
        complete=sum(one.ended == "complete" for one in found),
        delay_hours=_spread([one.since or 0.0 for one in halts]),
        exposed=_spread([float(one.exposed) for one in halts]),
    )


def _asked_once(devices: int, requests: int) -> int:
    """Return how many of *devices* asked at least once, when each request is from any of them."""
    return round(devices * (1.0 - (1.0 - 1.0 / devices) ** requests)) if devices else 0


def _spread(values: list[float]) -> tuple[float, float] | None:
    if not values:
        return None
    return float(np.median(values)), float(np.percentile(values, 95))
