"""Ways: a partner's progress as the partner may see it, without anything that tells of others."""

from datetime import date

import msgspec

from pratique.assessment.trend import Outlook, Progress, ProgressVerdict


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One release as it was measured."""

    day: date
    """Day of the run."""
    model: str
    """Model below the partner."""
    estimate: float
    """Share of the drawn samples that passed."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end."""
    samples: int
    """Samples drawn."""
    calls: int
    """Calls made."""
    run_id: str
    """The run."""


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """How one line of models comes along on one suite."""

    feature: str
    """Feature."""
    locale: str
    """Locale."""
    suite: str
    """Suite."""
    models: tuple[str, ...]
    """The models, oldest first."""
    releases: tuple[Seen, ...]
    """One a day, oldest first."""
    bar: float
    """The bar."""
    milestone: str
    """What was agreed, by its id; empty where nothing was."""
    due: date | None
    """Its day."""
    outlook: Outlook | None
    """Where it is heading; None with too few releases."""
    verdict: ProgressVerdict | None
    """What it comes to; None where nothing was agreed."""
    why: str
    """Why."""


def way_of(progress: Progress) -> Way:
    """Return what of *progress* its partner may see.

    Left out is a finding's share of the error: it would tell how many others were tested.
    """
    series, milestone = progress.series, progress.milestone
    return Way(
        feature=series.feature,
        locale=series.locale,
        suite=series.suite,
        models=series.models,
        releases=tuple(
            Seen(
                day=one.day,
                model=one.finding.candidate.partition("/")[2],
                estimate=one.estimate,
                low=one.low,
                high=one.high,
                samples=one.samples,
                calls=one.finding.calls,
                run_id=one.finding.run_id,
            )
            for one in series.by_day
        ),
        bar=progress.bar,
        milestone=milestone.id if milestone else "",
        due=milestone.date if milestone else None,
        outlook=progress.outlook,
        verdict=progress.verdict,
        why=progress.why,
    )
