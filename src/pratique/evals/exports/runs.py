"""Runs to export: what was kept of one run, with its samples where its suite is still the same."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, select

from pratique.errors import NotFound
from pratique.evals.outcomes import Result, RunKey, results_of, runs
from pratique.evals.suites import Sample


class KeptRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run as the store has it."""

    key: RunKey
    """What was run."""
    created: str
    """When it was begun."""
    results: tuple[Result, ...]
    """What became of each sample, in the order of drawing."""
    samples: Mapping[str, Sample] = {}
    """The samples by name; empty where the suite has changed since."""

    @property
    def passed(self) -> int:
        """Samples that passed."""
        return sum(one.passed for one in self.results)


def kept_run(connection: Connection, run_id: str) -> KeptRun:
    """Return the run called *run_id*, without its samples.

    Raises:
        NotFound: there is none, or nothing was answered in it.
    """
    row = connection.execute(select(runs).where(runs.c.id == run_id)).mappings().one_or_none()
    results = tuple(results_of(connection, [run_id])[run_id])
    if row is None or not results:
        raise NotFound(
            f"no run `{run_id}` with results",
            hint="the report and `pratique assess --json` name each run",
        )
    key = RunKey(**{name: row[name] for name in RunKey.__struct_fields__})
    return KeptRun(key=key, created=row["created"], results=results)
