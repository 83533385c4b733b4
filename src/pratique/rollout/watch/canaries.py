"""Canaries: the same sealed samples each day, through the variant that is released.

A day's answers are held against those of the first day: does the text change more often than is
usual at temperature 0, and do fewer meet their targets? Both by an e-detector, whose false alarms
are bounded whatever the answers' law. It supposes that each score is drawn anew, so a day's
scores are drawn from that day's answers with replacement.
"""

import hashlib
import random
from collections.abc import Mapping, Sequence
from datetime import UTC

import msgspec
from sqlalchemy import Connection, select

from pratique.assessment.identity import SCORE_ALPHA, USUAL_CHANGE
from pratique.evals.budget import Budget, Tariff
from pratique.evals.cells import Cell
from pratique.evals.outcomes import Result, RunKey, results_of, runs
from pratique.evals.runs import Run
from pratique.evals.statistics.detector import Detector
from pratique.evals.suites import Suite, packaged, read_suite
from pratique.ledger.chain import entries
from pratique.partners.pool import Pool
from pratique.rollout.freezes import CONFIRMED
from pratique.rollout.gate import Refusal
from pratique.rollout.guarding import guard_in_force
from pratique.rollout.releases import Release
from pratique.rollout.watch.acts import Act, freeze
from pratique.serving.guard import starter_guard
from pratique.serving.safeguards import guarded
from pratique.serving.variant import Variant
from pratique.store.canonical import canonical, digest
from pratique.workspace.opened import Opened

CANARIES = 20
"""Samples asked each day of each release: calls that cost money."""

_ALPHA = SCORE_ALPHA / 2
"""Each of the two detectors' share: a false alarm in 20,000 scores or more, on average."""


class Flown(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the canaries of one release show so far."""

    release: str
    """The release."""
    days: int
    """Days since the first, or since the last confirming run, on which they were asked."""
    asked: int
    """Of the last day, samples asked."""
    failed: int
    """Of them, how many got no answer: they say nothing of who answers."""
    passed: int
    """Of the others, how many met their targets."""
    changed: int
    """Of the others, how many have another text than on the first day."""
    evidence: float
    """The larger of the two detectors' evidence, as a share of what raises the alarm."""
    drift: str = ""
    """What the alarm says; empty without one."""
    waiting: int = 0
    """Canaries of today that the look's budget left unasked."""


class _All:
    """Draws every canary, and needs to know nothing of the results."""

    def pick(self, cells: Sequence[Cell]) -> Cell | None:
        """Return the next cell with anything left."""
        return cells[0] if cells else None

    def observe(self, cell: Cell, passed: bool) -> None:
        """Take in a result."""


def canary_suite(opened: Opened, variant: Variant) -> Suite:
    """Return the canaries of *variant*: of its feature's suite those with the lowest hashes.

    So they stay the same when samples are added elsewhere.

    Raises:
        NotFound, Malformed: there is no suite in that locale, or it is broken.
    """
    folders = opened.workspace.content("suites", packaged())
    whole = read_suite(folders, variant.feature, variant.locale, variant.input_schema)
    ranked = sorted(whole.samples, key=lambda one: hashlib.sha256(one.id.encode()).digest())
    chosen = tuple(ranked[:CANARIES])
    sealed = digest(canonical(["canaries", msgspec.to_builtins(whole.file), list(chosen)]))
    return msgspec.structs.replace(whole, samples=chosen, digest=sealed)


async def fly(
    opened: Opened, pool: Pool, release: Release, variant: Variant, budget: Budget
) -> tuple[Flown, Act | None]:
    """Ask today's canaries of *release*, unless they were asked today, and freeze it on an alarm.

    They are screened as the market is now; where nothing is in force, by the starter pack. What
    *budget* leaves unasked waits for the next look.

    Raises:
        PratiqueError: there are no canaries, or the model cannot be reached as it was approved.
    """
    suite = canary_suite(opened, variant)
    screening = guard_in_force(opened, opened.workspace.market(variant.market))
    guard = starter_guard() if isinstance(screening, Refusal) else screening
    day = opened.clock().astimezone(UTC).date()
    key = RunKey(
        market=variant.market,
        feature=variant.feature,
        locale=variant.locale,
        candidate=variant.candidate,
        digest=release.digest,
        suite=suite.digest,
        seed=day.toordinal(),
    )
    run = Run(
        database=opened.database,
        models={variant.candidate: pool.model(variant.candidate, variant.serving.snapshot)},
        allocator=_All(),
        clock=opened.clock,
        deadline=opened.workspace.configuration.serve.deadline_seconds,
        progress=lambda _: None,
        budget=budget,
        tariffs={variant.candidate: Tariff(pool.candidate(variant.candidate).model)},
        guard=guarded(guard, pool, variant.roles),
    )
    cell = Cell(variant=_steady(variant), suite=suite, key=key, order=suite.samples)
    await run.finish([cell])
    found = msgspec.structs.replace(flown(opened, release, suite), waiting=cell.left)
    says = f"canaries of {day}: {found.drift}"
    act = freeze(opened, release, f"canaries {day}", says) if found.drift else None
    return found, act


def _steady(variant: Variant) -> Variant:
    """Return *variant* at temperature 0; in all else it is asked as it is served."""
    decoding = msgspec.structs.replace(variant.prompt.decoding, temperature=0.0)
    return msgspec.structs.replace(
        variant, prompt=msgspec.structs.replace(variant.prompt, decoding=decoding)
    )


def flown(opened: Opened, release: Release, suite: Suite) -> Flown:
    """Return what the kept answers to the canaries of *release* show, without a call."""
    with opened.database.connect() as connection:
        days = _days(connection, release, suite)
    first: dict[str, Result] = {}
    answers = Detector(1.0 - USUAL_CHANGE, _ALPHA)
    scores: Detector | None = None
    for number, (seed, results) in enumerate(days):
        told = [one for one in results if one.outcome != "failed"]
        if number == 0 or not first:
            first = {one.sample_id: one for one in told}
            floor = sum(one.passed for one in told) / max(1, len(told)) - USUAL_CHANGE
            scores = Detector(floor, _ALPHA) if floor > 0 else None
            continue
        for one in told:
            first.setdefault(one.sample_id, one)
        drawing = random.Random(f"{release.digest}/{seed}")  # noqa: S311  (drawing, not secrecy)
        for one in drawing.choices(told, k=len(told)) if told else ():
            answers.add(float(one.draft == first[one.sample_id].draft))
            if scores is not None:
                scores.add(float(one.passed))
    last = days[-1][1] if days else []
    told = [one for one in last if one.outcome != "failed"]
    changed = sum(one.draft != first[one.sample_id].draft for one in told)
    passed = sum(one.passed for one in told)
    return Flown(
        release=release.id,
        days=len(days),
        asked=len(last),
        failed=len(last) - len(told),
        passed=passed,
        changed=changed,
        evidence=_ALPHA * max(one.evidence for one in (answers, scores) if one is not None),
        drift=_drift(answers, scores, f"{changed} of {len(told)} changed, {passed} passed today"),
    )


def _drift(answers: Detector, scores: Detector | None, today: str) -> str:
    """Return what the alarms say; empty where there is none."""
    found = []
    if answers.alarm is not None:
        found.append(f"more answers changed than {USUAL_CHANGE:.0%}, which is usual")
    if scores is not None and scores.alarm is not None:
        found.append(f"fewer met their targets than {scores.floor:.0%}")
    return f"{' and '.join(found)} ({today})" if found else ""


def _days(connection: Connection, release: Release, suite: Suite) -> list[tuple[int, list[Result]]]:
    """Return each day's answers, oldest first, from the last confirming run on."""
    confirmed = [e.at for e in entries(connection, kind=CONFIRMED, subject=release.id)]
    query = (
        select(runs.c.id, runs.c.seed)
        .where(
            runs.c.digest == release.digest,
            runs.c.suite == suite.digest,
            runs.c.created >= max(confirmed, default="")[:10],
        )
        .order_by(runs.c.seed)
    )
    seeds: Mapping[str, int] = {row.id: row.seed for row in connection.execute(query)}
    kept = results_of(connection, list(seeds))
    return [(seed, kept[run_id]) for run_id, seed in seeds.items() if kept[run_id]]
