"""Judging: what judges did for a finding, how far people agree with them, and what people decide.

Where a standard lets people decide, their ratings of a part of the samples are labels and the
judges' word on all of them a help: the test of `evals.statistics.assisted` holds whatever the
judges are worth. It takes the whole suite, drawn and judged, and labels drawn by lot from it: what a
run happened to stop at would not be a fair draw.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from pratique.assessment.bars import Decision
from pratique.evals.cells import Cell
from pratique.evals.judges.cascade import Settled, Tier, TierCount, tiers
from pratique.evals.judges.judging import Judgement
from pratique.evals.judges.kept import judgements_called
from pratique.evals.judges.panel import Panel
from pratique.evals.outcomes import Result, last_at, results_of
from pratique.evals.ratings.settled import Word, words_on
from pratique.evals.scorers import Score
from pratique.evals.settlements import Settlement, keep_settlement, settlements_of
from pratique.evals.statistics.agreement import Agreement, agreement
from pratique.evals.statistics.assisted import AssistedSequence

TOLERANCE = 1e-9
"""Largest difference between two figures that are the same."""


class People(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people's ratings of a part of the samples establish, the judges helping."""

    batches: tuple[str, ...]
    """Batches of ratings, all settled and drawn by lot."""
    labels: int
    """Samples with a person's word, those without an answer included."""
    bar: float
    """The bar."""
    alpha: float
    """Its share of the family's error."""
    truth: str
    """What it speaks of: the sealed bank, or the population."""
    low: float
    """Lower end of the interval of what people would pass."""
    high: float
    """Upper end."""
    relied: float
    """How far the judges are relied upon: 0 not at all, 1 as on a person."""
    finding: Decision
    """What it comes to."""


class Judging(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What judges and people did for one finding."""

    judges: str
    """Rubric, prompt and models with their snapshots."""
    met: int
    """Least grade with which an answer does what was asked."""
    tiers: tuple[TierCount, ...]
    """How much of the work each tier did."""
    calls: int
    """Calls of judges, beside those of the candidate."""
    waiting: tuple[int, ...]
    """Positions that met their checks and wait for a judge or a person."""
    rated: int
    """Answers that both the judges and people graded, drawn by lot."""
    agreement: Agreement | None
    """How far judges and people agree on these; None with fewer than two."""
    by_people: bool
    """Whether people decide; judges do otherwise."""
    people: People | None
    """What people's ratings decide; None where it is not theirs, or not yet."""
    why: str
    """Why people decide nothing yet, where it is theirs to decide."""


def take_ratings(connection: Connection, cell: Cell, now: datetime) -> int:
    """Let people's settled ratings settle the answers of *cell* that wait for them; count these."""
    if cell.panel is None:
        return 0
    run = cell.key.id
    words = {
        one.sample: one for one in words_on(connection, run, _rubric(cell.panel), by_lot=False)
    }
    kept = results_of(connection, [run])[run]
    taken = [(one, words[one.sample_id]) for one in kept if one.waits and one.sample_id in words]
    for result, word in taken:
        if word.grade is not None:
            found = Settlement(
                position=result.position,
                tier="person",
                met=word.grade >= cell.panel.rubric.met,
                share=word.share,
                why=f"people: {word.batch}",
            )
            keep_settlement(connection, run, found, now)
    return len(taken)


def judging_of(
    connection: Connection, cell: Cell, *, bar: float, alpha: float, truth: str
) -> Judging | None:
    """Return what judges and people did for *cell* so far; None where it has no judges."""
    if cell.panel is None:
        return None
    run = cell.key.id
    kept = results_of(connection, [run])[run]
    settled = _settled(connection, run, kept)
    words = words_on(connection, run, _rubric(cell.panel), by_lot=True)
    counts = tiers(settled.values())
    met = cell.panel.rubric.met
    rows = _both(words, kept, settled)
    people, why = None, ""
    if cell.panel.people:
        asked = _Asked(run, _rubric(cell.panel), met, bar, alpha, truth, len(cell.order))
        people, why = _people(connection, asked, kept, settled)
    return Judging(
        judges=cell.panel.name,
        met=met,
        tiers=counts,
        calls=sum(one.calls for one in counts),
        waiting=tuple(one.position for one in kept if one.waits),
        rated=len(rows),
        agreement=agreement(rows, level="ordinal") if len(rows) > 1 else None,
        by_people=cell.panel.people,
        people=people,
        why=why,
    )


class _Asked(NamedTuple):
    """What people are to decide."""

    run: str
    rubric: str
    met: int
    bar: float
    alpha: float
    truth: str
    size: int


def people_again(
    connection: Connection, run: str, judging: Judging, kept: Sequence[Result], size: int
) -> list[str]:
    """Return a sentence for each figure of the people's finding that the store does not give.

    kept: the outcomes of the run; size: samples of its suite.
    """
    said = judging.people
    if said is None:
        return []
    rubric = judging.judges.partition(" ")[0]
    asked = _Asked(run, rubric, judging.met, said.bar, said.alpha, said.truth, size)
    settled = _settled(connection, run, kept)
    found, why = _people(connection, asked, kept, settled, said.batches)
    if found is None:
        return [f"people's ratings decide nothing: {why}"]
    figures = {"low": (said.low, found.low), "high": (said.high, found.high)}
    faults = [
        f"people's {name} is given as {given:.6g}, the ratings give {again:.6g}"
        for name, (given, again) in figures.items()
        if abs(given - again) > TOLERANCE
    ]
    if (found.finding, found.labels) != (said.finding, said.labels):
        faults.append(
            f"people's word is given as `{said.finding}` by {said.labels} labels,"
            f" the ratings give `{found.finding}` by {found.labels}"
        )
    return faults


def _rubric(panel: Panel) -> str:
    return f"{panel.rubric.id}@{panel.rubric.revision}"


def _settled(connection: Connection, run: str, kept: Sequence[Result]) -> dict[int, Settled]:
    """Return what the cascade made of each answer that it has looked at, by position."""
    rows = settlements_of(connection, [run])[run]
    names = [name for one in rows for _, name in one.judgements]
    said = judgements_called(connection, names)
    found = {one.position: _as_settled(one, said) for one in rows if one.tier != "person"}
    for result in kept:
        if result.outcome == "scored" and not result.waits and result.position not in found:
            score = Score(met=False, share=result.share, why=result.why)
            found[result.position] = Settled(
                tier="check", checked=True, score=score, judgements=(), why=""
            )
    return found


def _as_settled(one: Settlement, said: Mapping[str, Judgement]) -> Settled:
    tier: Tier = "person" if one.tier == "open" else one.tier
    score = None if one.met is None else Score(met=one.met, share=one.share or 0.0, why=one.why)
    made: list[tuple[Tier, Judgement]] = [
        ("cheap" if by == "cheap" else "strong", said[name]) for by, name in one.judgements
    ]
    return Settled(tier=tier, checked=True, score=score, judgements=tuple(made), why=one.why)


def _both(
    words: Sequence[Word], kept: Sequence[Result], settled: Mapping[int, Settled]
) -> list[tuple[float, float]]:
    """Return the grades of judges and people, as shares, of each answer that both graded."""
    at = {one.sample_id: one.position for one in kept}
    pairs = []
    for word in words:
        judged = settled.get(at.get(word.sample, -1))
        if (
            word.grade is not None
            and judged
            and judged.tier in ("cheap", "strong")
            and judged.score
        ):
            pairs.append((judged.score.share, word.share))
    return pairs


def _people(
    connection: Connection,
    asked: _Asked,
    kept: Sequence[Result],
    settled: Mapping[int, Settled],
    only: Sequence[str] | None = None,
) -> tuple[People | None, str]:
    """Return what people decide, or None with the reason; *only* names the batches to count."""
    open_ = sum(one.waits and one.position not in settled for one in kept)
    if len(kept) < asked.size or open_:
        left = asked.size - len(kept)
        return None, f"{left} samples are not drawn and {open_} wait for judges"
    last = last_at(connection, asked.run)
    words = words_on(connection, asked.run, asked.rubric, by_lot=True, since=last)
    words = [one for one in words if only is None or one.batch in only]
    if not words:
        return None, "nobody has rated a draw from all samples: `pratique rate out --run …`"
    judged = {one.sample_id: _judged(one, settled.get(one.position)) for one in kept}
    counts = {one.sample_id: _checked(one, settled.get(one.position)) for one in kept}
    bank = list(judged.values()) if asked.truth == "bank" else None
    sequence = AssistedSequence(asked.alpha, bars=(asked.bar,), bank=bank)
    labelled = {one.sample for one in words}
    rest = [judged[name] for name in judged if name not in labelled]
    each = len(rest) // len(words)
    for place, word in enumerate(words):
        good = word.grade is not None and word.grade >= asked.met and counts[word.sample]
        fresh = () if bank is not None else rest[place * each : (place + 1) * each]
        sequence.add(float(good), judged[word.sample], fresh)
    found = People(
        batches=tuple(dict.fromkeys(one.batch for one in words)),
        labels=sequence.n,
        bar=asked.bar,
        alpha=asked.alpha,
        truth=asked.truth,
        low=sequence.low,
        high=sequence.high,
        relied=sequence.relied,
        finding=sequence.decide(asked.bar),
    )
    return found, ""


def _judged(one: Result, settled: Settled | None) -> float:
    """Return the judges' word on a sample, never a person's: a half where they left it open."""
    if one.outcome != "scored" or settled is None:
        return 0.0
    return 0.5 if settled.score is None else float(settled.score.met)


def _checked(one: Result, settled: Settled | None) -> bool:
    """Say whether an answer met what could be checked, whatever judges said of it."""
    return one.outcome == "scored" and settled is not None and settled.tier != "check"
