"""Ramps by the thousand: devices that ask, a regression that comes, and how soon a rule halts it.

Devices, time and what becomes of each request are the simulator's, with a seed. Nobody can send
the requests of thousands of ramps, so that their counts are drawn; what judges the counts, and
what a stage waits for, is the code that judges a real release. No figure speaks of a partner.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec
import numpy as np

from pratique.errors import Malformed
from pratique.evals.statistics.counts import interval_of
from pratique.partners.simulation import Shares
from pratique.rehearsal.simulator.clock import SimulatedClock
from pratique.rehearsal.simulator.conduct import Conduct
from pratique.rehearsal.simulator.devices import Devices
from pratique.rehearsal.story.cast import content
from pratique.rollout.halt_rules import Verdict
from pratique.rollout.readiness import verdicts, waits
from pratique.rollout.releases import Release
from pratique.rollout.tally import Counts
from pratique.settings.toml import read_toml
from pratique.settings.workspace import Market, Signal
from pratique.store.moments import stamp

BEGINS = date(2028, 7, 3)
"""First day of every ramp."""
LAST_HOURS = 48
"""Hours for which a ramp is watched at its last stage."""
MOST_HOURS = 24 * 30
"""A ramp that is undecided for longer is left where it stands."""


def ramp_market() -> Market:
    """Return the simulated market: its stages and halt rules."""
    return read_toml(content() / "ramp" / "market.toml", Market)


def usual() -> Conduct:
    """Return how the partner behaves while nothing is wrong."""
    return read_toml(content() / "ramp" / "conduct.toml", Conduct)


class Setting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every ramp of a rehearsal has in common."""

    market: Market = msgspec.field(default_factory=ramp_market)
    """Stages and halt rules."""
    usual: Conduct = msgspec.field(default_factory=usual)
    """How the partner behaves while nothing is wrong."""
    devices: int = 200_000
    """Devices of the market."""
    requests_a_day: float = 2.0
    """Requests of one device a day, on average."""
    evaluate_hours: float = 1.0
    """Time between two evaluations."""


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
        return self.false_halts[0] <= self.setting.market.halt_error


def ramp(setting: Setting, chance: np.random.Generator, wrong: Conduct, begins: int) -> Ramp:
    """Run one ramp whose partner behaves *wrong* from stage *begins* on, and as usual before."""
    market, clock = setting.market, SimulatedClock(BEGINS)
    devices = Devices(market.id, market.features[0], setting.devices, setting.requests_a_day)
    began, release = clock.now, _started(market, clock)
    entered, counts, bad_hours, bad_requests = began, Counts(), 0.0, 0
    while True:
        is_bad = release.stage >= begins
        asked = devices.requests(chance, release.user_fraction, setting.evaluate_hours)
        conduct = wrong if is_bad else setting.usual
        counts = _together(counts, conduct.counts(chance, asked))
        clock.wait(hours=setting.evaluate_hours)
        if is_bad:
            bad_hours, bad_requests = bad_hours + setting.evaluate_hours, bad_requests + asked
        said = verdicts(market, release, counts, Counts())
        ended = _ended(release, said, clock.hours_since(entered), clock.hours_since(began))
        if ended:
            return Ramp(
                ended=ended,
                hours=clock.hours_since(began),
                since=bad_hours if ended == "halted" and is_bad else None,
                exposed=devices.exposed(release.user_fraction, bad_requests),
            )
        if _may_advance(release, said, counts, clock):
            entered, counts = clock.now, Counts()
            release = msgspec.structs.replace(
                release, stage=release.stage + 1, entered=stamp(entered)
            )


def _is_last(release: Release) -> bool:
    return release.stage + 1 == len(release.stages)


def _ended(release: Release, said: Sequence[Verdict], here: float, hours: float) -> Ended | None:
    """Return how a ramp ended by now, *here* hours at its stage and so many *hours* in all."""
    if "fail" in said:
        return "halted"
    if _is_last(release) and here >= LAST_HOURS:
        return "complete"
    return "undecided" if hours >= MOST_HOURS else None


def _may_advance(
    release: Release, said: Sequence[Verdict], counts: Counts, clock: SimulatedClock
) -> bool:
    """Say what `rollout advance` would: every rule passes, and time and sample are there."""
    passed = all(one == "pass" for one in said)
    return passed and not _is_last(release) and not waits(release, counts, clock.now)


def _started(market: Market, clock: SimulatedClock) -> Release:
    """Return a release at its first stage, as it would stand in the store."""
    return Release(
        id="simulated",
        market=market.id,
        feature=market.features[0],
        locale=market.locales[0],
        digest="",
        stages=market.stages,
        stage=0,
        state="on",
        reason="",
        started=stamp(clock.now),
        entered=stamp(clock.now),
    )


def _together(one: Counts, other: Counts) -> Counts:
    """Return both counts as one, as replicas add up."""
    return Counts(
        requests=one.requests + other.requests,
        complaints=one.complaints + other.complaints,
        retractions=one.retractions + other.retractions,
        refusals=one.refusals + other.refusals,
        check_failures=one.check_failures + other.check_failures,
        errors=one.errors + other.errors,
    )


def rehearse(
    *, runs: int, seed: int, setting: Setting | None = None, factors: Sequence[float] = (1.5, 2, 4)
) -> Rehearsal:
    """Run *runs* ramps of each kind: nothing wrong, at the edge, and regressions of several sizes.

    A regression takes the complaints to their limit times a factor; it is there from the first
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
    limits = {rule.signal: rule.limit or 0.0 for rule in setting.market.halt_rules}
    edge = _row(setting, runs, seed, "all at their limits", _at_limits(limits), 0)
    return Rehearsal(
        seed=seed,
        setting=setting,
        normal=_row(setting, runs, seed, "nothing", setting.usual, 0),
        edge=edge,
        false_halts=interval_of(runs, edge.halted, 0.05),
        regressions=tuple(
            _row(
                setting,
                runs,
                seed,
                f"complaints at {factor:g} × the limit",
                msgspec.structs.replace(setting.usual, complaints=limits["complaints"] * factor),
                begins,
            )
            for factor in factors
            for begins in (0, min(3, len(setting.market.stages) - 1))
        ),
    )


def _at_limits(limits: Mapping[Signal, float]) -> Conduct:
    """Return the conduct that stands exactly at every limit."""
    shares = Shares(
        retracted=limits["retractions"],
        refused=limits["refusals"],
        invalid=limits["check_failures"],
        unavailable=limits["errors"],
    )
    return Conduct(shares=shares, complaints=limits["complaints"])


def _row(setting: Setting, runs: int, seed: int, what: str, wrong: Conduct, begins: int) -> Row:
    """Run ramps of one kind, each with random numbers of its own."""
    kind = hashlib.sha256(f"{what}\0{begins}".encode()).digest()[:4]
    chances = np.random.SeedSequence([seed, int.from_bytes(kind, "big")]).spawn(runs)
    found = [ramp(setting, np.random.default_rng(one), wrong, begins) for one in chances]
    halts = [one for one in found if one.since is not None]
    return Row(
        what=what,
        begins=setting.market.stages[begins].name,
        runs=runs,
        halted=sum(one.ended == "halted" for one in found),
        complete=sum(one.ended == "complete" for one in found),
        delay_hours=_spread([one.since or 0.0 for one in halts]),
        exposed=_spread([float(one.exposed) for one in halts]),
    )


def _spread(values: list[float]) -> tuple[float, float] | None:
    if not values:
        return None
    return float(np.median(values)), float(np.percentile(values, 95))
