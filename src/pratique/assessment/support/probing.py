"""Probing: sends a feature's own requests to one model, step by step, and keeps what came."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from pratique.assessment.candidates import market_label_policy, read_packs
from pratique.assessment.support.ladder import Watch, figures
from pratique.assessment.support.objectives import Step, Support
from pratique.assessment.support.probes import Probe
from pratique.errors import NotAllowed, Unavailable
from pratique.evals.load.arrivals import arrivals
from pratique.evals.load.open_loop import OpenLoop, Phase, Question
from pratique.evals.load.purse import Priced, Purse
from pratique.evals.load.waits import Waits, try_waits
from pratique.evals.suites import Suite, read_suite
from pratique.evals.suites import packaged as packaged_suites
from pratique.partners.catalogue import Candidate
from pratique.partners.contract import Call, Event, Model, Reply, Usage, in_one_piece
from pratique.partners.spend import cost, price_of
from pratique.privacy import Sensitive
from pratique.serving.answer import answer, judged
from pratique.serving.guard import starter_guard
from pratique.serving.variant import Variant, digest_of, variant_of
from pratique.settings.workspace import Workspace
from pratique.store.canonical import canonical, digest

Progress = Callable[[str, Phase], None]
"""Is told of each part of the load as it ends, in words."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What is probed, with what it is asked."""

    candidate: Candidate
    """The model."""
    variant: Variant
    """The variant whose requests are sent."""
    suite: Suite
    """The samples."""


class Cap(msgspec.Struct, frozen=True, kw_only=True):
    """What a probe may use; never more."""

    calls: int
    """Calls."""
    money: float | None = None
    """Money, in the currency of the model's price; None is no cap but the calls."""


def subject_of(
    workspace: Workspace, candidate: Candidate, market_id: str, support: Support
) -> Subject:
    """Return what is sent to *candidate* in *market_id*.

    Raises:
        NotFound, Malformed: the feature or its samples are missing or broken.
        NotAllowed: it is invented and this is no rehearsal, or needs what is not installed.
    """
    if candidate.partner.simulated and not workspace.configuration.rehearsal:
        raise NotAllowed(
            f"`{candidate.name}` is invented, and `{workspace.folder.name}` is no rehearsal",
            hint="probe it in a rehearsal workspace",
        )
    wanted = support.probing
    market = workspace.market(market_id)
    if wanted.feature not in market.features or wanted.locale not in market.locales:
        raise NotAllowed(
            f"requests of `{wanted.feature}` in `{wanted.locale}` would be sent, which `{market_id}`"
            " does not offer",
            hint="name `feature` and `locale` of the market under `[probing]` in"
            " `standards/support.toml` of the workspace",
        )
    pack = read_packs(workspace, [wanted.feature])[0]
    policy = market_label_policy(workspace, market)
    return Subject(
        candidate=candidate,
        variant=variant_of(pack, candidate, market_id, wanted.locale, policy),
        suite=read_suite(
            workspace.content("suites", packaged_suites()),
            wanted.suite or wanted.feature,
            wanted.locale,
            pack.input_schema,
        ),
    )


async def questions(subject: Subject, support: Support) -> tuple[Question, ...]:
    """Return the calls that the samples make up, in an order drawn by the seed."""
    found = []
    for number, sample in enumerate(subject.suite.order(support.probing.seed)):
        asked = _Asked(subject.candidate.name)
        request = Sensitive(sample.input)
        await answer(
            subject.variant,
            request,
            asked,
            content_id=f"probe-{number}",
            deadline=support.probing.deadline_seconds,
            guard=starter_guard(),
        )
        found.append(Question(call=asked.calls[0], valid=_valid(subject.variant, request)))
    return tuple(found)


class _Asked:
    """A model that answers nothing: it shows what would be sent."""

    concurrency = 1

    def __init__(self, name: str) -> None:
        self.name = name
        self.calls: list[Call] = []

    async def complete(self, call: Call) -> Reply:
        self.calls.append(call)
        return Reply(status="unavailable")

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        async for event in in_one_piece(await self.complete(call)):
            yield event


def _valid(variant: Variant, request: Sensitive[Mapping[str, object]]) -> Callable[[Reply], bool]:
    """Return what says whether a reply reads as the feature's output, whatever its checks find."""

    def valid(reply: Reply) -> bool:
        checks = judged(variant, request, reply, content_id="probe").checks
        return bool(checks) and checks[0].id == "schema" and checks[0].passed

    return valid


def priced(candidate: Candidate, now: Callable[[], datetime]) -> Priced:
    """Return what tells the cost of a call of *candidate* by the prices in its file."""

    def of(usage: Usage) -> float | None:
        price = price_of(candidate.model.prices, usage.input_tokens, now())
        return None if price is None else cost(price, usage)

    return of


def speed_of(candidate: Candidate) -> float:
    """Return how many of the model's seconds pass in one of ours: 1 but for invented ones."""
    simulation = candidate.model.simulation
    return simulation.speed if simulation else 1.0


def require_reached(probe: Probe) -> None:
    """Refuse a probe in which nobody was there: it says nothing of what the partner carries.

    Raises:
        Unavailable: no request got any answer, not even to be turned away.
    """
    sent = [one for phase in probe.climb for one in phase.sent]
    gone = [one for one in sent if one.status in ("auth", "unavailable", "timeout")]
    if sent and len(gone) == len(sent):
        raise Unavailable(
            f"`{probe.candidate}` answered none of {len(sent)} requests: `{gone[0].status}`"
            + (f", HTTP {gone[0].http_status}" if gone[0].http_status else ""),
            hint=f"see that it can be called: `pratique partner check {probe.candidate} --live`;"
            " nothing was kept",
        )


class Prober:
    """Carries out one probe."""

    def __init__(
        self,
        subject: Subject,
        support: Support,
        cap: Cap,
        asked: Sequence[Question],
        *,
        steps: Sequence[Step] = (),
        begins: Callable[[str], None] = lambda _words: None,
        progress: Progress = lambda _words, _phase: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Probe *subject* for *support* within *cap* by what is *asked*.

        *steps* stand in for those of the standard. *clock* and *sleep* count seconds of ours.

        Raises:
            NotAllowed: money is capped and no price is known.
        """
        self._subject, self._support = subject, support
        self._begins, self._progress = begins, progress
        self._asked = asked
        self._steps = tuple(steps) or support.load.steps
        self._purse = Purse(cap.calls, money=cap.money, priced=priced(subject.candidate, now))
        speed = speed_of(subject.candidate)
        self._clock: Callable[[], float] = lambda: clock() * speed
        self._sleep: Callable[[float], Awaitable[object]] = lambda s: sleep(s / speed)

    async def probe(self, model: Model) -> Probe:
        """Climb the steps, then try a burst and the waits, and return every request."""
        load = OpenLoop(model, self._asked, self._purse, clock=self._clock, sleep=self._sleep)
        climb, met = await self._climb(load)
        burst = await self._burst(load) if met and not self._purse.empty else None
        waits = await self._waits(load, climb, burst)
        candidate = self._subject.candidate
        price = price_of(candidate.model.prices, 1, datetime.now(UTC))
        return Probe(
            candidate=candidate.name,
            snapshot=candidate.model.snapshot,
            market=self._subject.variant.market,
            simulated=candidate.partner.simulated,
            digest=digest_of(self._subject.variant),
            suite=self._subject.suite.digest,
            support=digest(canonical(self._support)),
            steps=self._steps,
            climb=climb,
            burst=burst,
            burst_requests=self._support.load.burst.requests if burst else 0,
            waits=waits,
            calls=self._purse.made,
            cost=self._purse.spent if price else None,
            currency=price.currency if price else "",
            stopped=self._purse.empty,
        )

    async def _climb(self, load: OpenLoop) -> tuple[tuple[Phase, ...], bool]:
        """Climb until a step is missed; also say whether any was met.

        After one that stays undecided nothing more is established as carried, but a miss may be.
        """
        objectives, alpha = self._support.load, self._support.alpha
        climb, met = list[Phase](), False
        for step in self._steps:
            probing = self._support.probing
            self._begins(
                f"{step.rate:g} requests/s: up to {step.requests} requests,"
                f" {step.requests / step.rate:.0f} s at most"
            )
            phase = await load.run(
                f"step {step.rate:g}/s",
                step.rate,
                arrivals(probing.law, step.rate, step.requests, probing.seed),
                Watch(objectives, alpha, len(self._steps)),
            )
            climb.append(phase)
            found = figures(step, phase, objectives, alpha, len(self._steps))
            self._progress(f"{step.rate:g} requests/s: {found.state}", phase)
            met = met or found.state == "met"
            if found.state == "missed":
                break
        return tuple(climb), met

    async def _burst(self, load: OpenLoop) -> Phase:
        burst = self._support.load.burst
        end = burst.requests / burst.rate
        self._begins(f"burst of {burst.requests} at {burst.rate:g} requests/s")
        after = arrivals("even", burst.after_rate, burst.after_requests, 0)
        offsets = (
            *arrivals("even", burst.rate, burst.requests, 0),
            *(end + offset for offset in after),
        )
        phase = await load.run("burst", burst.rate, offsets)
        self._progress(f"burst of {burst.requests} at {burst.rate:g} requests/s", phase)
        return phase

    async def _waits(
        self, load: OpenLoop, climb: Sequence[Phase], burst: Phase | None
    ) -> Waits | None:
        """Try the waits; where nothing was ever turned away there is none to try."""
        if self._purse.empty:
            return None
        phases = [*climb, *([burst] if burst else [])]
        if not any(one.limited for phase in phases for one in phase.sent):
            return Waits(tried=(), phases=())
        waiting, hard = self._support.load.waits, self._support.load.burst
        offsets = arrivals("even", hard.rate, hard.requests, 0)
        found = await try_waits(load, waiting.tries, hard.rate, offsets, waiting.longest_seconds)
        for phase in found.phases:
            self._progress(phase.name, phase)
        return found
