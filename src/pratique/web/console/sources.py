"""Sources of a run's page: its samples, read once, and how its interval came along."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice

from sqlalchemy import Connection

from pratique.assessment.clustering import Grouping, sequence_of
from pratique.assessment.decisions import assessment_with
from pratique.assessment.findings import Finding
from pratique.assessment.pictures import Point
from pratique.errors import NotFound
from pratique.evals.outcomes import RunKey, marks_of
from pratique.evals.ratings.sources import samples_of
from pratique.evals.suites import Sample
from pratique.evals.suites import packaged as packaged_suites
from pratique.web.service import Service

_SUITES: dict[str, Mapping[str, Sample]] = {}
"""Samples by the digest of their suite, so that what is remembered is never out of date."""

MOST_SUITES = 64
"""Suites that are remembered at once."""


def samples(service: Service, key: RunKey) -> Mapping[str, Sample]:
    """Return the samples of the run's suite; none where the suite was changed since."""
    known = _SUITES.get(key.suite)
    if known is not None:
        return known
    folders = service.opened.workspace.content("suites", packaged_suites())
    try:
        found = samples_of(folders, key, service.packs[key.feature].input_schema)
    except (NotFound, KeyError):
        return {}
    if len(_SUITES) >= MOST_SUITES:
        _SUITES.clear()
    _SUITES[key.suite] = found
    return found


def finding_of(connection: Connection, run_id: str) -> Finding:
    """Return what the latest assessment found of the run.

    Raises:
        NotFound: no assessment holds it.
    """
    assessment = assessment_with(connection, run_id)
    for one in assessment.findings if assessment else ():
        if one.run_id == run_id:
            return one
    raise NotFound(
        f"run `{run_id[:60]}` stands in no assessment", hint="`pratique assess` judges it"
    )


def trace(connection: Connection, finding: Finding) -> Sequence[Point]:
    """Return the interval of *finding* after each sample, by the outcomes that are kept."""
    marks = islice(marks_of(connection, finding.run_id), finding.samples)
    passed = bytes(mark.passed for mark in marks)
    population = finding.full_calls if finding.truth == "bank" else None
    return _trace(finding.alpha, finding.bar, population, passed, finding.grouping)


@lru_cache(maxsize=256)
def _trace(
    alpha: float, bar: float, population: int | None, passed: bytes, grouping: Grouping
) -> tuple[Point, ...]:
    sequence = sequence_of(alpha, population, bar, [bool(one) for one in passed], grouping)
    return tuple((one.n, one.mean, one.low, one.high) for one in sequence.trace)
