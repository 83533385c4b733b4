"""The rollout chapters: a ramp with a regression that halts by itself, and a variant that is mended."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlencode

import msgspec

from pratique.errors import Unavailable
from pratique.features.packs import packaged as packaged_features
from pratique.rehearsal.caller import Caller, running
from pratique.rehearsal.story import cast
from pratique.rehearsal.story.desk import MARKET, Desk
from pratique.rehearsal.story.devices import Crowd, cohort
from pratique.rehearsal.story.filing import (
    FALLBACK,
    PARTNER_FILINGS,
    SERVED,
    decisions,
    signed_by_two,
)
from pratique.rehearsal.story.market import ROLLOUT, write_market
from pratique.rehearsal.story.samples import Feature, Locale
from pratique.rehearsal.story.telling import Telling
from pratique.rollout.cohorts import is_in

FEATURE: Feature = "photo_query"
LOCALE: Locale = "zh-Hans"
"""What is rolled out."""

PER_STAGE = 160
"""Requests at a stage where all is well."""
BATCH = 40
"""Requests between two evaluations while something is wrong."""
MOST_BATCHES = 12
"""Evaluations after which a regression that was not halted counts as missed."""
PATIENCE = 30.0
"""Longest time in seconds that counts may take from the service to the store."""


FRACTIONS = (0.01, 0.10, 0.50, 1.0)
"""Shares of the devices, stage by stage, as the market's file has them."""


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


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look at the ramp, for its picture."""

    hours: float
    """Hours since the ramp began, in simulated time."""
    fraction: float
    """Share of the devices."""
    requests: int
    """Requests at this stage so far."""
    refused: float
    """Share of them that was refused."""
    state: str
    """`on` or `halted`."""


class Ramp:
    """One release on its way, with the devices that ask."""

    def __init__(self, desk: Desk, telling: Telling, seed: int) -> None:
        self.desk, self.telling = desk, telling
        self.crowd = Crowd(FEATURE, LOCALE, seed)
        self.looks: list[Look] = []
        self.cell = (FEATURE, "--locale", LOCALE)
        self._began = desk.now
        self._devices: dict[float, Iterator[str]] = {}

    def standing(self) -> Standing:
        """Look at the release that is not ended."""
        shown = self.desk.run("rollout", "status", looks=True).document
        return msgspec.convert(shown["standings"], tuple[Standing, ...])[-1]

    def batch(self, caller: Caller, requests: int) -> Counter[str]:
        """Have devices of the stage ask, and wait until the store has their counts."""
        before = self.standing()
        told = self.crowd.ask(caller, self.devices(before.release.at.user_fraction, requests))
        counted = before.counts.requests + sum(
            count for word, count in told.items() if word in ("ok", "refused", "invalid")
        )
        self._settle(counted)
        return told

    def reaches(self, caller: Caller, fraction: float, reason: str | None) -> None:
        """Wait until the service knows what was decided: a device at the edge is told *reason*.

        It reads decisions twice a second. The device is in the stage with *fraction* and in no
        smaller one.
        """
        smaller = [0.0, *(one for one in FRACTIONS if one < fraction)][-1]
        within = (key for key in cohort(FEATURE, fraction) if not _is_in(key, smaller))
        query = {"locale": LOCALE, "device_region": MARKET, "account_region": MARKET}
        asked = urlencode(query | {"targeting_key": next(within)})
        end = time.monotonic() + PATIENCE
        while caller.get(f"/v1/features/{FEATURE}/availability?{asked}").body["reason"] != reason:
            if time.monotonic() > end:
                raise Unavailable(
                    f"the service does not know what was decided: not {reason or 'available'}",
                    hint="`state/service.log` says why",
                )
            time.sleep(0.1)

    def devices(self, fraction: float, many: int) -> list[str]:
        """Return the next *many* devices that are in the stage with *fraction*."""
        found: list[str] = []
        while len(found) < many:
            if fraction not in self._devices:
                self._devices[fraction] = cohort(FEATURE, fraction)
            more = list(islice(self._devices[fraction], many - len(found)))
            if not more:
                del self._devices[fraction]
            found += more
        return found

    def evaluate(self) -> Standing:
        """Hold the release to its halt rules, as cron would, and look how it stands."""
        self.desk.run("rollout", "evaluate")
        found = self.standing()
        counts = found.counts
        self.looks.append(
            Look(
                hours=(self.desk.now - self._began).total_seconds() / 3600,
                fraction=found.release.at.user_fraction,
                requests=counts.requests,
                refused=counts.refusals / counts.requests if counts.requests else 0.0,
                state=found.release.state,
            )
        )
        return found

    def _settle(self, requests: int) -> None:
        end = time.monotonic() + PATIENCE
        while self.standing().counts.requests < requests:
            if time.monotonic() > end:
                raise Unavailable(
                    f"the counts of {requests} requests did not reach the store",
                    hint="`state/service.log` says why",
                )
            time.sleep(0.1)


def _is_in(device: str, fraction: float) -> bool:
    return fraction > 0 and is_in(MARKET, FEATURE, device, fraction)


def begin(ramp: Ramp) -> None:
    """Start the release, serve one device in a hundred, and go on to one in ten."""
    desk, telling = ramp.desk, ramp.telling
    telling.begin("ramp")
    desk.must("rollout", "start", *ramp.cell)
    with running(desk.folder, MARKET) as caller:
        ramp.reaches(caller, 0.01, None)
        outside = list(islice(cohort(FEATURE, 0.01, inside=False), 20))
        told = ramp.crowd.ask(caller, outside)
        telling.see("outside", desk.today, "not_in_stage", ", ".join(sorted(told)), asked=20)
        told = ramp.batch(caller, PER_STAGE)
        desk.wait(hours=25)
        ramp.evaluate()
        release = msgspec.convert(desk.must("rollout", "advance", *ramp.cell), Release)
    telling.need(
        telling.see(
            "first_stage",
            desk.today,
            "10 %",
            release.at.name,
            " ".join(("pratique rollout advance", *ramp.cell)),
            answered=told.get("ok", 0),
            asked=PER_STAGE,
        )
    )


def regress(ramp: Ramp) -> None:
    """Have the partner decline one request in three from now on: the release halts by itself."""
    desk, telling = ramp.desk, ramp.telling
    telling.begin("halted")
    cast.behave(desk, cast.CHOSEN, "floor-2", extra="shares = { refused = 0.35 }")
    batches, found = 0, ramp.standing()
    with running(desk.folder, MARKET) as caller:
        while found.release.state == "on" and batches < MOST_BATCHES:
            ramp.batch(caller, BATCH)
            batches += 1
            desk.wait(hours=1)
            found = ramp.evaluate()
        ramp.reaches(caller, 0.10, "feature_halted")
        told = ramp.crowd.ask(caller, ramp.devices(0.10, 20))
    halted = decisions(desk, "release.halted")
    telling.need(
        telling.see(
            "halted",
            desk.today,
            "halted by halt rules, in the ledger",
            f"{found.release.state} by {halted[-1].who if halted else 'nobody'},"
            f" {'in' if halted else 'not in'} the ledger",
            "pratique rollout status",
            within=batches * BATCH,
            hours=batches,
            refused=found.counts.refusals / max(1, found.counts.requests),
            limit=0.10,
        )
    )
    telling.see("nobody_served", desk.today, "feature_halted", ", ".join(sorted(told)), asked=20)


def mend(ramp: Ramp, seed: int) -> None:
    """Mend the prompt, test it, carry the approval over with two signatures, and go on."""
    desk, telling = ramp.desk, ramp.telling
    telling.begin("mended")
    desk.wait(hours=48)
    cast.behave(desk, cast.CHOSEN, "floor-2")
    own = desk.folder / "features" / FEATURE
    shutil.copytree(packaged_features() / FEATURE, own)
    prompt = f"features/{FEATURE}/prompts/simulated/{LOCALE}.toml"
    text = desk.read(prompt)
    desk.write(prompt, text.replace("user = '", "user = ' ", 1))
    before = ramp.standing().release.digest
    write_market(desk, (SERVED, FALLBACK), "launch", support=True, more=PARTNER_FILINGS + ROLLOUT)
    desk.must("assess", "--concurrency", "1", "--seed", str(seed))
    desk.write(
        "papers/notice.txt", "Simulated: a notice to the regulator, which nobody was sent.\n"
    )
    words = ["carry-over", *ramp.cell, "--reason", "a prompt that is declined less often"]
    words += ["--notice", str(desk.folder / "papers/notice.txt")]
    code, signed, carried = signed_by_two(desk, *words)
    amendment = msgspec.convert(carried["amendment"], dict[str, object])
    variant = msgspec.convert(
        amendment["carried"], dict[str, dict[str, str] | str | tuple[str, ...]]
    )
    new = str(variant["variant"]["digest"]) if isinstance(variant["variant"], dict) else ""
    telling.see(
        "carried_over",
        desk.today,
        "refused, signed by 2, another digest",
        f"{'refused' if code == 1 else 'not refused'}, signed by {signed},"
        f" {'another' if new != before else 'the same'} digest",
        " ".join(("pratique carry-over", *ramp.cell)),
    )
    reason = "mended, and carried over"
    switched = desk.must("rollout", "switch", *ramp.cell, "--digest", new, "--reason", reason)
    release = msgspec.convert(switched, Release)
    telling.need(
        telling.see(
            "resumed",
            desk.today,
            "on at 10 %",
            f"{release.state} at {release.at.name}",
            " ".join(("pratique rollout switch", *ramp.cell)),
        )
    )


def finish(ramp: Ramp) -> None:
    """Go on to every device."""
    desk, telling = ramp.desk, ramp.telling
    telling.begin("complete")
    refused = 0
    with running(desk.folder, MARKET) as caller:
        for wait in (25, 49):
            ramp.batch(caller, PER_STAGE)
            desk.wait(hours=wait)
            refused += ramp.evaluate().counts.refusals
            release = msgspec.convert(desk.must("rollout", "advance", *ramp.cell), Release)
            ramp.reaches(caller, release.at.user_fraction, None)
        ramp.batch(caller, PER_STAGE)
        desk.wait(hours=24)
        last = ramp.evaluate()
    telling.need(
        telling.see(
            "complete",
            desk.today,
            "on at 100 %",
            f"{last.release.state} at {release.at.name}",
            "pratique rollout status",
            lost=ramp.crowd.lost,
        )
    )
