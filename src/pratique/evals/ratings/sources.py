"""Sources: the runs that answers come from, and the samples that they answer."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from pratique.errors import NotAllowed, NotFound
from pratique.evals.outcomes import RunKey, results_of, runs
from pratique.evals.ratings.drawing import Answers
from pratique.evals.suites import Sample, read_suite, suites_of
from pratique.features.packs import Schema


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A run that was found."""

    key: RunKey
    """What makes it this run."""
    answers: Answers
    """What came of it."""


def source_called(connection: Connection, run_id: str) -> Source:
    """Return the run called *run_id* with what came of it.

    Raises:
        NotFound: there is none.
        NotAllowed: it has no outcome yet.
    """
    row = connection.execute(select(runs).where(runs.c.id == run_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(
            f"no run `{run_id}`", hint="`pratique assess --json` names the run of each finding"
        )
    key = RunKey(**{name: row[name] for name in RunKey.__struct_fields__})
    results = results_of(connection, [run_id])[run_id]
    if not results:
        raise NotAllowed(
            f"run `{run_id}` has no outcome yet", hint="`pratique assess` goes on with it"
        )
    return Source(key=key, answers=Answers(run=run_id, candidate=key.candidate, results=results))


def require_comparable(own: RunKey, other: RunKey) -> None:
    """Refuse two runs that were not asked the same.

    Raises:
        NotAllowed: they are one run, or of different suites.
    """
    if own.id == other.id:
        raise NotAllowed(f"`{own.id}` against itself", hint="name another run with --against")
    if own.suite != other.suite:
        raise NotAllowed(
            f"`{own.id}` and `{other.id}` are of different suites",
            hint="compare runs of one suite: their requests are the same",
        )


def samples_of(folders: Sequence[Path], key: RunKey, input_schema: Schema) -> Mapping[str, Sample]:
    """Return the samples of the suite that the run of *key* was on.

    Raises:
        NotFound: no suite in *folders* is that one any more.
    """
    for name in suites_of(folders, key.feature):
        suite = read_suite(folders, name, key.locale, input_schema)
        if suite.digest == key.suite:
            return {sample.id: sample for sample in suite.samples}
    raise NotFound(
        f"the suite of run `{key.id}` is not here any more: it was changed since",
        hint="restore the suite from git, or assess again and rate the new run",
    )
