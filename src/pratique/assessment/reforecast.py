"""Making forecasts again: each release from the outcomes of its run, and the line through them."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection

from pratique.assessment.decisions import all_assessments
from pratique.assessment.findings import Finding
from pratique.assessment.forecasts import JUDGED, Forecasted, forecasts_kept, name_of
from pratique.assessment.releases import Release, begun, release_of
from pratique.assessment.trend import Outlook, Progress, held_against
from pratique.evals.outcomes import marks_of
from pratique.ledger.chain import entries
from pratique.store.figures import Remade


def reforecast(connection: Connection, remade: Remade) -> int:
    """Make every kept forecast again, and return how many there are."""
    kept = forecasts_kept(connection)
    said = {str(one.facts()["forecast"]) for one in entries(connection, kind=JUDGED)}
    remade.faults += [
        f"`{name}` is in the ledger, and is not kept"
        for name in sorted(said - {name for name, _ in kept})
    ]
    findings = _findings(connection)
    for name, body in kept:
        if name_of(body.encode()) != name or name not in said:
            remade.faults.append(f"`{name}`: its record was changed")
        try:
            record = msgspec.json.decode(body, type=Forecasted)
        except msgspec.DecodeError as error:
            remade.faults.append(f"`{name}` cannot be read: {error}")
            continue
        _again(connection, name, record, findings, remade)
    return len(kept)


def _findings(connection: Connection) -> Mapping[str, list[Finding]]:
    """Return the findings of every kept assessment, by run."""
    found: dict[str, list[Finding]] = {}
    for assessment in all_assessments(connection):
        for one in assessment.findings:
            found.setdefault(one.run_id, []).append(one)
    return found


def _again(
    connection: Connection,
    name: str,
    record: Forecasted,
    findings: Mapping[str, list[Finding]],
    remade: Remade,
) -> None:
    said, releases = record.progress, list[Release]()
    began = begun(connection, [one.finding.run_id for one in said.series.releases])
    for one in said.series.releases:
        run = one.finding.run_id
        if one.finding not in findings.get(run, []) or run not in began:
            remade.faults.append(f"`{name}`: no kept assessment holds its finding of `{run}`")
            return
        drawn = list(marks_of(connection, run))[: one.samples]
        again = release_of(began[run], one.finding, drawn)
        _see_release(name, one, again, remade)
        releases.append(again)
    series = msgspec.structs.replace(said.series, releases=tuple(releases))
    _see(name, said, held_against(series, said.milestone, said.bar, late=record.late), remade)


def _see_release(name: str, said: Release, made: Release, remade: Remade) -> None:
    about = f"{said.finding.candidate}, {said.finding.feature} {said.finding.locale}"
    remade.see(name, about, "day", said.day.isoformat(), made.day.isoformat())
    for figure in ("passed", "samples", "low", "high"):
        remade.see(name, about, figure, getattr(said, figure), getattr(made, figure))


def _see(name: str, said: Progress, made: Progress, remade: Remade) -> None:
    milestone = f", milestone `{said.milestone.id}`" if said.milestone else ""
    about = f"{said.series.feature} {said.series.locale}{milestone}"
    remade.see(name, about, "verdict", said.verdict, made.verdict)
    given, found = _flat(said.outlook), _flat(made.outlook)
    for figure in sorted({*given, *found}):
        remade.see(name, about, figure, given.get(figure), found.get(figure))


def _flat(outlook: Outlook | None) -> Mapping[str, float | str | None]:
    """Return the figures of *outlook* one by one."""
    if outlook is None:
        return {}
    days = {name: getattr(outlook, name) for name in ("horizon", "crosses", "earliest", "latest")}
    planned = outlook.planned or (None, None, None)
    return {
        "change a week": outlook.per_week,
        "change a week, low": outlook.per_week_low,
        "change a week, high": outlook.per_week_high,
        **{name: None if day is None else day.isoformat() for name, day in days.items()},
        "planned day": planned[0],
        "planned day, low": planned[1],
        "planned day, high": planned[2],
    }
