"""History: what earlier runs on the same samples came to, as a help for a gate that comes later.

A sample that most models passed is one that the next will likely pass; a gate that knows bets on
what is left to be known (`evals.statistics.wagers`, `Controls`). That is fair as long as what is
known does not depend on the order in which this run draws: so of earlier runs only those count
that drew by another seed, or drew the whole suite. Which outcomes count is settled when a run is
first opened, and kept with it.
"""

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from sqlalchemy import Connection, select, update

from pratique.evals.outcomes import RunKey, marks_of, runs, sample_ids_of
from pratique.evals.statistics.bets import TIE, Floats
from pratique.evals.statistics.wagers import Controls
from pratique.store.canonical import canonical

LEAST = 20
"""Outcomes that earlier runs must have in all to be of help."""


class Earlier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An earlier run, as far as it counts."""

    run_id: str
    """The run."""
    outcomes: int
    """Its outcomes, from the first of its order on without a gap."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What earlier runs say of the samples of a suite."""

    passed: Mapping[str, float]
    """Share of the earlier runs that passed it, by sample."""
    explains: float
    """Share of a run's variance that the others' mean explains, from 0 to 1."""


def settled_history(connection: Connection, key: RunKey, size: int) -> tuple[Earlier, ...]:
    """Return the history of the run of *key*, settling it now if the run has none and no outcome.

    size: samples of the suite.
    """
    kept = history_of(connection, key.id)
    if kept is not None or next(marks_of(connection, key.id), None) is not None:
        return kept or ()
    same = select(runs.c.id, runs.c.seed).where(
        runs.c.suite == key.suite, runs.c.judge == "", runs.c.id != key.id
    )
    found = []
    for run_id, seed in connection.execute(same.order_by(runs.c.created, runs.c.id)):
        count = sum(
            mark.position == place for place, mark in enumerate(marks_of(connection, run_id))
        )
        if count == size or (seed != key.seed and count):
            found.append(Earlier(run_id=run_id, outcomes=count))
    if sum(one.outcomes for one in found) < LEAST:
        found = []
    body = canonical(found).decode()
    connection.execute(update(runs).where(runs.c.id == key.id).values(history=body))
    return tuple(found)


def history_of(connection: Connection, run_id: str) -> tuple[Earlier, ...] | None:
    """Return the history that was settled for a run; None where none was."""
    body = connection.scalar(select(runs.c.history).where(runs.c.id == run_id))
    return msgspec.json.decode(body, type=tuple[Earlier, ...]) if body else None


def known_of(connection: Connection, earlier: Sequence[Earlier]) -> Known:
    """Return what *earlier* runs say of the samples."""
    columns: list[dict[str, float]] = []
    for one in earlier:
        ids = sample_ids_of(connection, one.run_id)
        marks = [mark for mark in marks_of(connection, one.run_id) if mark.position < one.outcomes]
        columns.append({ids[mark.position]: float(mark.passed) for mark in marks})
    names = sorted({name for column in columns for name in column})
    scores = np.array([[column.get(name, math.nan) for column in columns] for name in names])
    means = np.nanmean(scores, axis=1)
    explained = explained_shares(scores)
    return Known(
        passed=dict(zip(names, means.tolist(), strict=True)),
        explains=float(explained.mean()) if len(columns) > 1 else 0.0,
    )


def controls_for(known: Known, drawn: Sequence[str], size: int) -> list[Controls]:
    """Return what was known of each of *drawn*, sample names in the order of drawing.

    A sample that no earlier run was asked stands at the mean of those that were. It comes to the
    same whatever is drawn after.
    """
    usual = math.fsum(known.passed.values()) / len(known.passed)
    unknown = size - len(known.passed)
    total = math.fsum([*known.passed.values(), usual * unknown])
    highest, lowest = max(known.passed.values()), min(known.passed.values())
    seen = 0.0
    found = []
    for place, name in enumerate(drawn):
        own = known.passed.get(name, usual)
        left = (total - seen) / (size - place)
        seen += own
        reach = max(highest - left, left - lowest, 0.0)
        value = own - left
        found.append(Controls(np.array([value]), np.array([reach]), np.array([known.explains])))
    return found


def explained_shares(scores: Floats) -> Floats:
    """Return, per column of *scores* (rows are items, NaN was not run), the share of its variance
    that the others' mean explains."""
    run = ~np.isnan(scores)
    sums, counts = np.where(run, scores, 0.0).sum(axis=1), run.sum(axis=1)
    shares = np.zeros(scores.shape[1])
    for model in range(scores.shape[1]):
        both = run[:, model] & (counts > 1)
        own = scores[both, model]
        known = (sums[both] - own) / (counts[both] - 1)
        if len(own) > 2 and own.std() > TIE and known.std() > TIE:
            shares[model] = float(np.corrcoef(own, known)[0, 1]) ** 2
    return shares
