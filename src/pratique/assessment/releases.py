"""Releases: the runs of one partner's models over time, as kept assessments hold them."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

import msgspec
from sqlalchemy import Connection, select

from pratique.assessment.clustering import sequence_of
from pratique.assessment.decisions import all_assessments
from pratique.assessment.findings import Finding
from pratique.evals.outcomes import Mark, marks_of, results_of, runs
from pratique.evals.statistics.forecast import Point


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one model on one suite: what users would have got on that day."""

    at: datetime
    """When the run was begun, in UTC."""
    finding: Finding
    """What was established, at the sample where it was certain."""
    passed: int
    """Samples that passed, of all that the run has drawn by now."""
    samples: int
    """Samples drawn by now, all outcomes included: a finding may have been certain before."""
    low: float
    """Lower end of the interval after all of them."""
    high: float
    """Upper end."""

    @property
    def estimate(self) -> float:
        """Share that passed."""
        return self.passed / self.samples

    @property
    def day(self) -> date:
        """Day of the run."""
        return self.at.date()

    @property
    def point(self) -> Point:
        """The run as a forecast takes it."""
        one, sources = self.finding, self.finding.grouping
        population = one.full_calls if one.truth == "bank" else None
        if sources is None:
            return Point(self.day.toordinal(), self.passed, self.samples, population)
        # A cluster says no less than one sample, and who can tell how much more.
        count = len(sources.sizes)
        of = None if population is None else sources.of
        return Point(self.day.toordinal(), self.estimate * count, count, of)


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """The releases of one line of models on one suite, oldest first."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    suite: str
    """Suite, by name."""
    models: tuple[str, ...]
    """The models, oldest first."""
    releases: tuple[Release, ...]
    """Every run of them."""

    @property
    def by_day(self) -> tuple[Release, ...]:
        """One release a day: of several that day the one of the newest model, run last.

        A trend over days can hold no two of the same day.
        """
        found: dict[date, Release] = {}
        for one in sorted(self.releases, key=lambda one: (one.day, self._age(one), one.at)):
            found[one.day] = one
        return tuple(found.values())

    def _age(self, one: Release) -> int:
        return self.models.index(one.finding.candidate.partition("/")[2])


class Fresh(msgspec.Struct, frozen=True, kw_only=True):
    """How a release does on samples that no earlier one was asked, beside those that one was."""

    fresh: int
    """Samples drawn for the first time."""
    fresh_passed: int
    """Of them, how many passed."""
    known: int
    """Samples that an earlier release was asked, too."""
    known_passed: int
    """Of them, how many passed."""


Place = tuple[str, str, str]
"""Feature, locale and suite."""


def releases_of(
    connection: Connection, market: str, partner: str, places: Container[Place] | None = None
) -> tuple[Release, ...]:
    """Return every run of *partner*'s models that was assessed for *market*, oldest first.

    A run that stands in several assessments counts once, as the latest one found it. With *places*
    only those runs.
    """
    found: dict[str, Finding] = {}
    for assessment in all_assessments(connection):
        if assessment.market == market:
            found |= {
                one.run_id: one
                for one in assessment.findings
                if one.candidate.partition("/")[0] == partner
                and one.samples
                and (places is None or (one.feature, one.locale, one.suite_id) in places)
            }
    began = begun(connection, found)
    releases = [
        release_of(began[run_id], one, list(marks_of(connection, run_id)))
        for run_id, one in found.items()
    ]
    return tuple(sorted(releases, key=lambda one: (one.at, one.finding.run_id)))


def series_of(releases: Iterable[Release]) -> tuple[Series, ...]:
    """Return one series for each model, feature, locale and suite in *releases*."""
    groups: dict[tuple[str, str, str, str], list[Release]] = {}
    for one in releases:
        finding = one.finding
        key = (finding.feature, finding.locale, finding.suite_id, finding.candidate)
        groups.setdefault(key, []).append(one)
    return tuple(
        Series(
            feature=feature,
            locale=locale,
            suite=suite,
            models=(candidate.partition("/")[2],),
            releases=tuple(group),
        )
        for (feature, locale, suite, candidate), group in sorted(groups.items())
    )


def series_for(
    releases: Iterable[Release], feature: str, locale: str, suite: str, models: Sequence[str]
) -> Series:
    """Return the series of the line *models* (oldest first), which may be empty."""
    return Series(
        feature=feature,
        locale=locale,
        suite=suite,
        models=tuple(models),
        releases=tuple(
            one
            for one in releases
            if (one.finding.feature, one.finding.locale, one.finding.suite_id)
            == (feature, locale, suite)
            and one.finding.candidate.partition("/")[2] in models
        ),
    )


def fresh_of(connection: Connection, series: Series) -> Fresh | None:
    """Return how the last release does on fresh samples, or None where there is none to compare.

    Where it does clearly worse on them, the partner has come to know the others.
    """
    days = series.by_day
    if len(days) < 2:
        return None
    kept = results_of(connection, [one.finding.run_id for one in days])
    *earlier, last = (kept[one.finding.run_id] for one in days)
    known = {result.sample_id for results in earlier for result in results}
    old = [result.passed for result in last if result.sample_id in known]
    new = [result.passed for result in last if result.sample_id not in known]
    return Fresh(fresh=len(new), fresh_passed=sum(new), known=len(old), known_passed=sum(old))


def release_of(at: datetime, finding: Finding, results: Sequence[Mark]) -> Release:
    """Return the release of a run, by the unbroken beginning of its order.

    The interval may be read after any sample, so that it goes on where the finding left it; not so
    where samples come in clusters, of which the finding names only those that it counts.
    """
    drawn = [one for place, one in enumerate(results) if one.position == place]
    low, high, seen = finding.low, finding.high, finding.samples
    if len(drawn) > seen and finding.grouping is None:
        population = finding.full_calls if finding.truth == "bank" else None
        outcome = bytes(one.passed for one in drawn)
        low, high = _interval(finding.alpha, population, finding.bar, outcome)
        seen = len(drawn)
    passed = sum(one.passed for one in drawn[:seen])
    return Release(at=at, finding=finding, passed=passed, samples=seen, low=low, high=high)


@lru_cache(maxsize=4096)
def _interval(
    alpha: float, population: int | None, bar: float, passed: bytes
) -> tuple[float, float]:
    """Return the interval after samples of which each passed (1) or not (0)."""
    sequence = sequence_of(alpha, population, bar, [bool(one) for one in passed], None)
    return sequence.low, sequence.high


def begun(connection: Connection, run_ids: Iterable[str]) -> Mapping[str, datetime]:
    """Return when each of the runs was begun, in UTC."""
    query = select(runs.c.id, runs.c.created).where(runs.c.id.in_(list(run_ids)))
    return {
        run_id: datetime.fromisoformat(created).astimezone(UTC)
        for run_id, created in connection.execute(query)
    }
