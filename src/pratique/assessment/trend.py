"""Trends: where a partner's releases are heading, and whether what was agreed will be met in time."""

from collections.abc import Container, Sequence
from datetime import date
from typing import Literal

import msgspec
from sqlalchemy import Connection

from pratique.assessment.plans import Milestone, Plan
from pratique.assessment.releases import (
    Fresh,
    Place,
    Release,
    Series,
    fresh_of,
    releases_of,
    series_for,
    series_of,
)
from pratique.evals.statistics.forecast import LEAST_POINTS, Band, Forecast

ProgressVerdict = Literal["ON_COURSE", "UNDECIDED", "PROGRESS_BELOW_STANDARD"]

CERTAINTY = 0.95
"""What a forecast holds with where no plan says otherwise."""


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What a straight line through the releases says; a model, and no promise of anyone's."""

    certainty: float
    """What each single end holds with, by the model."""
    per_week: float
    """Change of the share in a week."""
    per_week_low: float
    """Lower end of it."""
    per_week_high: float
    """Upper end of it."""
    horizon: date
    """Last day that is spoken of."""
    crosses: date | None
    """Day on which the line is at the bar; None is 'not by the horizon'."""
    earliest: date | None
    """First day on which its upper end is."""
    latest: date | None
    """First day from which its lower end is."""
    planned: tuple[float, float, float] | None
    """Line, lower and upper end on the planned day; None without one, or beyond the horizon."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """One line of models on one suite against its bar."""

    series: Series
    """The releases."""
    bar: float
    """The bar: the milestone's, else that of the last release's standard."""
    milestone: Milestone | None
    """What was agreed, if anything was."""
    outlook: Outlook | None
    """Where it is heading; None with too few releases."""
    fresh: Fresh | None
    """How the last release does on samples that were new to it; None where nobody looked."""
    verdict: ProgressVerdict | None
    """What it comes to; None where nothing was agreed."""
    why: str
    """Why, in one sentence with its figures."""

    @property
    def last(self) -> Release | None:
        """The last release, if there is any."""
        days = self.series.by_day
        return days[-1] if days else None


def progress_of(
    connection: Connection,
    market: str,
    partner: str,
    plan: Plan | None,
    today: date,
    places: Container[Place] | None = None,
) -> tuple[Progress, ...]:
    """Return how far *partner* has come in *market*: each milestone, then whatever has none.

    With *places* only what is of those features, locales and suites.
    """
    releases = releases_of(connection, market, partner, places)
    milestones = [
        one
        for one in (plan.milestones if plan else ())
        if places is None or (one.feature, one.locale, one.suite or one.feature) in places
    ]
    found = [
        _against(connection, _agreed_series(releases, one), one, one.bar, today > one.date)
        for one in milestones
    ]
    covered = {
        (one.series.feature, one.series.locale, one.series.suite, model)
        for one in found
        for model in one.series.models
    }
    for series in series_of(releases):
        if (series.feature, series.locale, series.suite, series.models[0]) not in covered:
            bar = series.releases[-1].finding.bar
            found.append(_against(connection, series, None, bar, late=False))
    return tuple(found)


def _agreed_series(releases: Sequence[Release], one: Milestone) -> Series:
    return series_for(releases, one.feature, one.locale, one.suite or one.feature, one.models)


def _against(
    connection: Connection, series: Series, milestone: Milestone | None, bar: float, late: bool
) -> Progress:
    found = held_against(series, milestone, bar, late=late)
    return msgspec.structs.replace(found, fresh=fresh_of(connection, series))


def held_against(
    series: Series, milestone: Milestone | None, bar: float, *, late: bool
) -> Progress:
    """Return what *series* comes to, by itself: the same releases always come to the same.

    *late* says whether the planned day has passed.
    """
    forecast = _forecast(series, milestone)
    verdict, why = _verdict(series, forecast, milestone, late) if milestone else (None, "no plan")
    return Progress(
        series=series,
        bar=bar,
        milestone=milestone,
        outlook=_outlook(forecast, bar, milestone) if forecast else None,
        fresh=None,
        verdict=verdict,
        why=why,
    )


def _forecast(series: Series, milestone: Milestone | None) -> Forecast | None:
    points = [one.point for one in series.by_day]
    if len(points) < LEAST_POINTS:
        return None
    span = points[-1].day - points[0].day
    ahead = milestone.horizon_days if milestone and milestone.horizon_days else span
    certainty = milestone.certainty if milestone else CERTAINTY
    return Forecast(points, certainty=certainty, horizon=points[-1].day + ahead)


def _outlook(forecast: Forecast, bar: float, milestone: Milestone | None) -> Outlook:
    crossing = forecast.crossing(bar)
    low, high = forecast.slope_interval
    band = _planned(forecast, milestone)
    return Outlook(
        certainty=forecast.certainty,
        per_week=7 * forecast.slope,
        per_week_low=7 * low,
        per_week_high=7 * high,
        horizon=date.fromordinal(int(forecast.horizon)),
        crosses=_day(crossing.expected),
        earliest=_day(crossing.earliest),
        latest=_day(crossing.latest),
        planned=(band.middle, band.low, band.high) if band else None,
    )


def _day(number: float | None) -> date | None:
    return None if number is None else date.fromordinal(int(number))


def _planned(forecast: Forecast, milestone: Milestone | None) -> Band | None:
    """Return what is expected of the planned day, or None where it is past or beyond the horizon."""
    if milestone is None:
        return None
    day = milestone.date.toordinal()
    return forecast.at(day) if forecast.points[-1].day <= day <= forecast.horizon else None


def _verdict(
    series: Series, forecast: Forecast | None, milestone: Milestone, late: bool
) -> tuple[ProgressVerdict, str]:
    """Return what the releases come to: what was measured first, the forecast where time is left."""
    days, bar = series.by_day, milestone.bar
    if not days:
        names = ", ".join(f"`{one}`" for one in milestone.models)
        what = f"`{milestone.feature}` in `{milestone.locale}`"
        return "UNDECIDED", f"no run of {names} on {what} has been assessed"
    last = days[-1]
    measured = (
        f"{last.finding.candidate} on {last.day}: {last.estimate:.1%}, interval"
        f" {last.low:.1%} – {last.high:.1%}, {last.samples} samples, bar {bar:.1%}"
    )
    if last.low >= bar:
        return "ON_COURSE", f"the bar is met; {measured}"
    if late:
        if last.high < bar:
            return "PROGRESS_BELOW_STANDARD", f"{milestone.date} has passed; {measured}"
        return (
            "UNDECIDED",
            f"{milestone.date} has passed and the last run decides nothing; {measured}",
        )
    if forecast is None:
        return "UNDECIDED", f"{len(days)} releases, a trend takes {LEAST_POINTS}; {measured}"
    band = _planned(forecast, milestone)
    if band is None:
        return "UNDECIDED", f"{milestone.date} lies outside of what may be forecast; {measured}"
    expected = (
        f"forecast for {milestone.date}: {band.middle:.1%}, interval {band.low:.1%} –"
        f" {band.high:.1%} at {milestone.certainty:.0%} an end, by a line through {len(days)} releases"
    )
    if band.high < bar:
        return "PROGRESS_BELOW_STANDARD", f"{expected}; {measured}"
    if band.low >= bar:
        return "ON_COURSE", f"{expected}; {measured}"
    return "UNDECIDED", f"{expected}; {measured}"
