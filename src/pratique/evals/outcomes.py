"""Outcomes: what became of each sample of a run, kept as it arrives."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Float,
    ForeignKey,
    Integer,
    RowMapping,
    Select,
    Table,
    Text,
    and_,
    case,
    func,
    insert,
    not_,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from pratique.errors import NotAllowed
from pratique.evals import settlements as settling
from pratique.features.checks import Check
from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp
from pratique.store.schema import metadata

Outcome = Literal["scored", "refused", "blocked", "invalid", "failed"]
"""What became of a sample. Each one counts: whatever is not `scored` has not passed, unless the sample
wants a refusal."""

runs = Table(
    "eval_runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("market", Text, nullable=False),
    Column("feature", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("candidate", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("suite", Text, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("judge", Text, nullable=False, server_default=text("''")),
    Column("history", Text, nullable=False, server_default=text("''")),
    Column("created", Text, nullable=False),
)

outcomes = Table(
    "eval_outcomes",
    metadata,
    Column("run_id", Text, ForeignKey("eval_runs.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("sample_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("met", Boolean, nullable=False),
    Column("share", Float, nullable=False),
    Column("why", Text, nullable=False),
    Column("output", Text, nullable=True),
    Column("draft", Text, nullable=False),
    Column("checks", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("asked", Integer, nullable=False, server_default="1"),
    Column("input_digest", Text, nullable=False, server_default=text("''")),
    Column("rescored_from", Text, nullable=False, server_default=text("''")),
    Column("model", Text, nullable=False, server_default=text("''")),
    Column("fingerprint", Text, nullable=False, server_default=text("''")),
    Column("at", Text, nullable=False),
)
"""What a model answered to our own samples. Users' content is never kept anywhere."""

_INSERT = insert(outcomes)


class RunKey(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What makes a run the same run: it is gone on with, never begun anew."""

    market: str
    """Market of the variant."""
    feature: str
    """Feature of the variant."""
    locale: str
    """Locale of the variant."""
    candidate: str
    """`partner/model` of the variant."""
    digest: str
    """Digest of the variant."""
    suite: str
    """Digest of the suite."""
    seed: int
    """Seed of the order in which samples are drawn."""
    judge: str = ""
    """Rubric and judges of its answers; empty where checks alone decide."""

    @property
    def id(self) -> str:
        """Name of the run, derived from all of the above."""
        return _named(self)


@lru_cache(maxsize=4096)
def _named(key: RunKey) -> str:
    """Return the name of a run, which is asked for several times with each of its samples."""
    return "run-" + digest(canonical(key)).removeprefix("sha256:")[:16]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one sample."""

    position: int
    """Place in the run's order, from 0."""
    sample_id: str
    """The sample."""
    outcome: Outcome
    """What became of it."""
    reply: str
    """What the partner's reply was."""
    met: bool
    """Whether the target was met."""
    share: float
    """How much of the target, from 0 to 1."""
    why: str
    """Why it has not passed."""
    output: Mapping[str, object] | None
    """The output, when there was a valid one."""
    draft: str
    """What the model wrote."""
    checks: tuple[Check, ...]
    """What each check found."""
    seconds: float
    """Time that the partner took."""
    input_tokens: int
    """Tokens read."""
    output_tokens: int
    """Tokens written."""
    asked: int
    """Calls that it took: two where a check failed and the model was asked to mend that, and one
    more for each time that the partner turned it away and named a delay."""
    input_digest: str = ""
    """Hash of the input that was asked with; empty for what was kept before that was noted."""
    rescored_from: str = ""
    """Run whose kept answer was scored again; empty where a call was made for it."""
    model: str = ""
    """Model that the reply named; empty where it named none."""
    fingerprint: str = ""
    """What served the reply, as it said; empty where it did not."""
    waits: bool = False
    """Whether it met its checks and waits for a judge or a person: neither passed nor not."""

    @property
    def passed(self) -> bool:
        """Whether every check held and the target was met, by a refusal where one was wanted; and no
        judge said otherwise."""
        return self.outcome not in ("invalid", "failed") and self.met and not self.waits


def open_run(connection: Connection, key: RunKey, now: datetime) -> None:
    """Enter the run of *key*, unless it is there already."""
    if connection.scalar(select(runs.c.id).where(runs.c.id == key.id)) is None:
        connection.execute(
            insert(runs).values(id=key.id, created=stamp(now), **msgspec.structs.asdict(key))
        )


def keep(connection: Connection, run_id: str, result: Result, now: datetime) -> None:
    """Keep *result*. A position is answered once: a second result for it is an error.

    Raises:
        NotAllowed: the position has a result.
    """
    keep_all(connection, [(run_id, result)], now)


def keep_all(connection: Connection, kept: Sequence[tuple[str, Result]], now: datetime) -> None:
    """Keep results, each with its run, in one statement.

    Raises:
        NotAllowed: one of the positions has a result; none is kept then.
    """
    at = stamp(now)
    rows = [{"run_id": run_id, "at": at, **_row(result)} for run_id, result in kept]
    try:
        connection.execute(_INSERT, rows)
    except IntegrityError as error:
        taken = _taken(connection, kept)
        if taken is None:
            raise
        raise NotAllowed(
            f"sample {taken[1]} of `{taken[0]}` has an outcome already",
            hint="another process is on the same run: let one of them finish",
        ) from error


def _row(result: Result) -> dict[str, object]:
    row = msgspec.structs.asdict(result)
    del row["waits"]  # follows from what settles it
    row["output"] = None if result.output is None else canonical(result.output).decode()
    row["checks"] = _written(result.checks)
    return row


@lru_cache(maxsize=1024)
def _written(checks: tuple[Check, ...]) -> str:
    """Return *checks* as text; most samples of a run have the very same ones."""
    return canonical(checks).decode()


def _taken(connection: Connection, kept: Sequence[tuple[str, Result]]) -> tuple[str, int] | None:
    """Return the first of *kept* that has a result in the store."""
    for run_id, result in kept:
        query = select(outcomes.c.position).where(
            outcomes.c.run_id == run_id, outcomes.c.position == result.position
        )
        if connection.scalar(query) is not None:
            return run_id, result.position
    return None


def results_of(connection: Connection, run_ids: Sequence[str]) -> dict[str, list[Result]]:
    """Return the results of each run, in the order of their positions, with one query."""
    found: dict[str, list[Result]] = {run_id: [] for run_id in run_ids}
    query = (
        reading(Result.__struct_fields__)
        .add_columns(outcomes.c.run_id)
        .where(outcomes.c.run_id.in_(run_ids))
        .order_by(outcomes.c.run_id, outcomes.c.position)
    )
    for row in connection.execute(query).mappings():
        found[row["run_id"]].append(result_of_row(row))
    return found


def results_between(connection: Connection, run_id: str, first: int, last: int) -> list[Result]:
    """Return the results of one run from position *first* to *last*, in order."""
    query = reading(Result.__struct_fields__).where(
        outcomes.c.run_id == run_id, outcomes.c.position.between(first, last)
    )
    rows = connection.execute(query.order_by(outcomes.c.position)).mappings()
    return [result_of_row(row) for row in rows]


def sample_ids_of(connection: Connection, run_id: str) -> dict[int, str]:
    """Return the sample at each answered position of a run."""
    query = select(outcomes.c.position, outcomes.c.sample_id).where(outcomes.c.run_id == run_id)
    return {row.position: row.sample_id for row in connection.execute(query)}


def last_at(connection: Connection, run_id: str) -> str:
    """Return when the last outcome of a run was kept, ISO 8601; empty where it has none."""
    found = connection.scalar(select(func.max(outcomes.c.at)).where(outcomes.c.run_id == run_id))
    return found or ""


_SETTLED = settling.settlements.c.met.is_not(None)
_OWN: dict[str, ColumnElement[Any]] = {
    "met": func.coalesce(settling.settlements.c.met, outcomes.c.met).label("met"),
    "share": func.coalesce(settling.settlements.c.share, outcomes.c.share).label("share"),
    "why": case((_SETTLED, settling.settlements.c.why), else_=outcomes.c.why).label("why"),
    "waits": and_(
        runs.c.judge != "", outcomes.c.outcome == "scored", outcomes.c.met, not_(_SETTLED)
    ).label("waits"),
}
"""What follows from an outcome and what settled it, where judges were to settle it."""


def reading(names: Sequence[str]) -> Select[Any]:
    """Return the query of the fields *names* of outcomes, as they are settled by now."""
    same = and_(
        settling.settlements.c.run_id == outcomes.c.run_id,
        settling.settlements.c.position == outcomes.c.position,
        _SETTLED,
    )
    source = outcomes.join(runs, runs.c.id == outcomes.c.run_id).outerjoin(
        settling.settlements, same
    )
    columns = [_OWN[name] if name in _OWN else outcomes.c[name] for name in names]
    return select(*columns).select_from(source)


class Mark(NamedTuple):
    """Of a kept result, what a finding counts; the answer stays in the store."""

    position: int
    """Place in the run's order."""
    outcome: Outcome
    """What became of it."""
    met: bool
    """Whether the target was met."""
    asked: int
    """Calls that it took."""
    seconds: float
    """Time that the partner took."""
    input_tokens: int
    """Tokens read."""
    output_tokens: int
    """Tokens written."""
    waits: bool
    """Whether it waits for a judge or a person."""

    @property
    def passed(self) -> bool:
        """Whether every check held and the target was met, by a refusal where one was wanted; and no
        judge said otherwise."""
        return self.outcome not in ("invalid", "failed") and self.met and not self.waits


def marks_of(connection: Connection, run_id: str) -> Iterator[Mark]:
    """Yield the mark of each result of a run, in the order of their positions."""
    query = reading(Mark._fields).where(outcomes.c.run_id == run_id).order_by(outcomes.c.position)
    for row in connection.execute(query.execution_options(yield_per=10_000)):
        yield Mark._make(row)


def mark_of(result: Result) -> Mark:
    """Return the mark of *result*."""
    return Mark._make(getattr(result, name) for name in Mark._fields)


def result_of_row(row: RowMapping) -> Result:
    """Return the result that a row of `outcomes` holds."""
    values = {name: row[name] for name in Result.__struct_fields__}
    values["output"] = None if row["output"] is None else msgspec.json.decode(row["output"])
    values["checks"] = msgspec.json.decode(row["checks"], type=tuple[Check, ...])
    return Result(**values)
