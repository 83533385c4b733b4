"""The casebook of a run: its samples a page at a time, worst first, beside another run's."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Subquery,
    case,
    cast,
    func,
    not_,
    select,
)

from pratique.errors import NotFound
from pratique.evals.outcomes import Outcome, Result, RunKey, outcomes, reading, result_of_row, runs

COLUMNS = 10
"""Columns of the distribution of shares."""


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the samples of a run, counted."""

    outcomes: Mapping[Outcome, int]
    """Samples by outcome."""
    shares: Sequence[int]
    """Scored samples by share of the target, in ten columns from 0 to 1."""
    passed: int
    """Samples that passed."""

    @property
    def total(self) -> int:
        """Samples in all."""
        return sum(self.outcomes.values())


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """Two runs on the samples that both were asked, counted."""

    both: int
    """Samples that passed in both."""
    own: int
    """Samples that passed in this one only."""
    other: int
    """Samples that passed in the other one only."""
    neither: int
    """Samples that passed in none."""


def key_of_run(connection: Connection, run_id: str) -> RunKey:
    """Return what makes the run called *run_id* this run.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(select(runs).where(runs.c.id == run_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"no run `{run_id[:60]}`", hint="the candidates' page leads to every run")
    return RunKey(**{name: row[name] for name in RunKey.__struct_fields__})


def runs_beside(connection: Connection, key: RunKey) -> list[RunKey]:
    """Return the other runs that were asked the same samples, by candidate."""
    query = select(runs).where(runs.c.suite == key.suite, runs.c.market == key.market)
    found = [
        RunKey(**{name: row[name] for name in RunKey.__struct_fields__})
        for row in connection.execute(query.order_by(runs.c.candidate, runs.c.created)).mappings()
    ]
    return [one for one in found if one.id != key.id]


def distribution(connection: Connection, run_id: str) -> Distribution:
    """Return what became of the samples of a run."""
    kept = _results(run_id, ("outcome", "met", "share", "waits"))
    passed, at = _passed(kept), cast(kept.c.share * COLUMNS, Integer)
    query = select(kept.c.outcome, passed.label("passed"), at.label("at"), func.count().label("n"))
    counts: dict[Outcome, int] = {}
    shares, whole = [0] * COLUMNS, 0
    for row in connection.execute(query.group_by(kept.c.outcome, passed, at)).mappings():
        outcome: Outcome = row["outcome"]
        counts[outcome] = counts.get(outcome, 0) + row["n"]
        whole += row["n"] if row["passed"] else 0
        if outcome == "scored":
            shares[min(COLUMNS - 1, max(0, row["at"]))] += row["n"]
    return Distribution(outcomes=counts, shares=shares, passed=whole)


def worst_first(
    connection: Connection, run_id: str, first: int, count: int, other: str = ""
) -> tuple[list[Result], int]:
    """Return *count* results from place *first* on, what hurts most before the rest; and the total.

    With *other*, a run on the same samples, only those on which one passed and the other did not.
    """
    kept = _results(run_id, Result.__struct_fields__)
    query, total = select(kept), select(func.count()).select_from(kept)
    if other:
        theirs = _results(other, ("sample_id", *_DECIDES))
        both = kept.join(theirs, theirs.c.sample_id == kept.c.sample_id)
        differ = _passed(kept) != _passed(theirs)
        query = select(kept).select_from(both).where(differ)
        total = select(func.count()).select_from(both).where(differ)
    order = (_passed(kept), kept.c.share, kept.c.position)
    rows = connection.execute(query.order_by(*order).limit(count).offset(first)).mappings()
    return [result_of_row(row) for row in rows], connection.scalar(total) or 0


def results_by_sample(
    connection: Connection, run_id: str, sample_ids: Sequence[str]
) -> dict[str, Result]:
    """Return the results of a run on *sample_ids*."""
    query = reading(Result.__struct_fields__).where(
        outcomes.c.run_id == run_id, outcomes.c.sample_id.in_(list(sample_ids))
    )
    found = [result_of_row(row) for row in connection.execute(query).mappings()]
    return {one.sample_id: one for one in found}


def beside(connection: Connection, run_id: str, other: str) -> Beside:
    """Return how two runs compare on the samples that both were asked."""
    ours = _results(run_id, ("sample_id", *_DECIDES))
    theirs = _results(other, ("sample_id", *_DECIDES))
    own_passed, other_passed = _passed(ours), _passed(theirs)
    query = (
        select(own_passed.label("own"), other_passed.label("other"), func.count().label("n"))
        .select_from(ours.join(theirs, theirs.c.sample_id == ours.c.sample_id))
        .group_by(own_passed, other_passed)
    )
    counts = {(row.own, row.other): row.n for row in connection.execute(query)}
    return Beside(
        both=counts.get((1, 1), 0),
        own=counts.get((1, 0), 0),
        other=counts.get((0, 1), 0),
        neither=counts.get((0, 0), 0),
    )


_DECIDES = ("outcome", "met", "waits")
"""Fields that decide whether a sample passed."""


def _results(run_id: str, names: Sequence[str]) -> Subquery:
    """Return the results of a run, as they are settled by now."""
    return reading(names).where(outcomes.c.run_id == run_id).subquery()


def _passed(kept: Subquery) -> ColumnElement[int]:
    """Return whether a result passed, as 1 or 0: what `Result.passed` says."""
    answered = kept.c.outcome.not_in(("invalid", "failed"))
    return case((answered & kept.c.met & not_(kept.c.waits), 1), else_=0)
