"""The ramp: one release on its way, with the devices that ask."""

import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec
import numpy as np

from pratique.errors import Unavailable
from pratique.rehearsal.caller import Caller
from pratique.rehearsal.simulator.devices import Devices
from pratique.rehearsal.story.crowd import Crowd
from pratique.rehearsal.story.desk import MARKET, Desk
from pratique.rehearsal.story.filing import FALLBACK, SERVED
from pratique.rehearsal.story.samples import Feature, Locale
from pratique.rehearsal.story.telling import Telling
from pratique.store.figures import Value

FEATURE: Feature = "photo_query"
LOCALE: Locale = "zh-Hans"
"""What is rolled out."""

PATIENCE = 30.0
"""Longest time in seconds that counts may take from the service to the store."""

DEVICES, REQUESTS_A_DAY = 40_000, 0.3
"""Devices of the simulated market, and how often one asks on average."""

MOST_SENT = 200
"""Most requests of one stretch of time that are really sent: a tenth stage would send thousands."""

FRACTIONS = (0.01, 0.10, 0.50, 1.0)
"""Shares of the devices, stage by stage, as the market's file has them."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One halt rule, as `rollout status` printed it."""

    signal: str
    """What is counted."""
    mean: float | None
    """Mean per request."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end."""
    bound: float
    """What it must not exceed."""
    verdict: str
    """`pass`, `fail` or `undecided`."""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of a release at its stage, as `rollout status` printed them."""

    requests: int
    """Requests."""
    refusals: int
    """Those that were refused."""


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A stage."""

    name: str
    """Its name."""
    user_fraction: float
    """Share of the devices."""


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A release, as `rollout` printed it."""

    id: str
    """Its name."""
    digest: str
    """Digest of its variant."""
    state: str
    """`on`, `halted` or `ended`."""
    stage: int
    """The stage it is at."""
    stages: tuple[Stage, ...]
    """All stages."""
    entered: datetime
    """When it came to its stage."""
    reason: str
    """Why it was halted."""

    @property
    def at(self) -> Stage:
        """The stage it is at."""
        return self.stages[self.stage]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a release stands."""

    release: Release
    """The release."""
    counts: Counts
    """What its requests came to."""
    judged: tuple[Judged, ...]
    """Each halt rule."""

    @property
    def refusals(self) -> Judged:
        """The rule about refusals."""
        return next(one for one in self.judged if one.signal == "refusals")


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look of the halt rules at the ramp."""

    release: str
    """The release."""
    stage: str
    """Its stage, by name."""
    hours: int
    """Hours at this stage, in simulated time."""
    fraction: float
    """Share of the devices."""
    requests: int
    """Requests at this stage so far."""
    refused: float
    """Share of them that was refused."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end."""
    limit: float
    """What it must not exceed."""
    said: tuple[str, ...]
    """What each rule came to."""
    state: str
    """`on` or `halted`."""

    @property
    def about(self) -> str:
        """What `verify --figures` calls it."""
        return f"{self.release} at `{self.stage}`"

    @property
    def figures(self) -> Mapping[str, Value]:
        """Its figures, as `verify --figures` names them."""
        return {
            "user fraction": self.fraction,
            "hours at the stage": self.hours,
            "requests": self.requests,
            "refusals, mean": self.refused,
            "refusals, low": self.low,
            "refusals, high": self.high,
            "refusals, bound": self.limit,
        }


class Ramp:
    """One release on its way, with the devices that ask."""

    def __init__(self, desk: Desk, telling: Telling, seed: int) -> None:
        self.desk, self.telling = desk, telling
        self.crowd = Crowd(FEATURE, LOCALE, seed)
        self.devices = Devices(MARKET, FEATURE, DEVICES, REQUESTS_A_DAY)
        self.looks: list[Look] = []
        self.served = ""
        """Model that serves, once somebody was answered: of two that meet the bar the better one."""
        self.cell = (FEATURE, "--locale", LOCALE)
        self._chance = np.random.default_rng(seed)

    @property
    def model(self) -> str:
        """Its name at its partner."""
        return self.served.partition("/")[2]

    @property
    def fallback(self) -> str:
        """The model that stands in for it, approved with it."""
        return next(one for one in (SERVED, FALLBACK) if one != self.served)

    def standing(self) -> Standing:
        """Look at the release that is not ended."""
        shown = self.desk.run("rollout", "status", looks=True).document
        return msgspec.convert(shown["standings"], tuple[Standing, ...])[-1]

    def pass_hours(self, caller: Caller, hours: float) -> Counter[str]:
        """Let *hours* pass in which devices of the stage ask; return what they were told.

        Who asks is the simulator's to say; of many only the first are sent. Then it waits until the
        store has their counts.
        """
        before = self.standing()
        fraction = before.release.at.user_fraction
        many = min(self.devices.requests(self._chance, fraction, hours), MOST_SENT)
        told = self.crowd.ask(caller, self.devices.next(fraction, many))
        counted = before.counts.requests + sum(
            count for word, count in told.items() if word in ("ok", "refused", "invalid")
        )
        self._settle(counted)
        self.desk.clock.wait(hours=hours)
        return told

    def reaches(self, caller: Caller, fraction: float, reason: str | None) -> None:
        """Wait until the service knows what was decided: a device at the edge is told *reason*.

        It reads decisions twice a second. The device is in the stage with *fraction* and in no
        smaller one.
        """
        smaller = [0.0, *(one for one in FRACTIONS if one < fraction)][-1]
        query = {"locale": LOCALE, "device_region": MARKET, "account_region": MARKET}
        asked = urlencode(query | {"targeting_key": self.devices.newest(fraction, smaller)})
        end = time.monotonic() + PATIENCE
        while caller.get(f"/v1/features/{FEATURE}/availability?{asked}").body["reason"] != reason:
            if time.monotonic() > end:
                raise Unavailable(
                    f"the service does not know what was decided: not {reason or 'available'}",
                    hint="`state/service.log` says why",
                )
            time.sleep(0.1)

    def evaluate(self) -> Standing:
        """Hold the release to its halt rules, as cron would, and look how it stands.

        As in the store, of looks that come to the same at one stage the last one stays.
        """
        self.desk.run("rollout", "evaluate")
        found = self.standing()
        look = self._look(found)
        last = self.looks[-1] if self.looks else look
        if (last.about, last.said) == (look.about, look.said):
            self.looks = self.looks[:-1]
        self.looks.append(look)
        return found

    def _look(self, found: Standing) -> Look:
        release, rule = found.release, found.refusals
        stayed = self.desk.now - release.entered
        return Look(
            release=release.id,
            stage=release.at.name,
            hours=round(stayed / timedelta(hours=1)),
            fraction=release.at.user_fraction,
            requests=found.counts.requests,
            refused=rule.mean or 0.0,
            low=rule.low,
            high=rule.high,
            limit=rule.bound,
            said=tuple(one.verdict for one in found.judged),
            state=release.state,
        )

    def _settle(self, requests: int) -> None:
        end = time.monotonic() + PATIENCE
        while self.standing().counts.requests < requests:
            if time.monotonic() > end:
                raise Unavailable(
                    f"the counts of {requests} requests did not reach the store",
                    hint="`state/service.log` says why",
                )
            time.sleep(0.1)
