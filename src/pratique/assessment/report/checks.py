"""What a pipeline is told of an assessment: each finding and each sample as a check."""

from collections.abc import Iterator
from pathlib import Path

from pratique.assessment.decisions import Assessment
from pratique.assessment.findings import Finding
from pratique.assessment.planning import Plan
from pratique.assessment.report.whole import write_whole
from pratique.assessment.summary import WORDS
from pratique.evals.exports.checked import Checked, Group, sample_check
from pratique.evals.exports.junit import junit
from pratique.evals.exports.sarif import sarif


def write_junit(path: Path, planned: Plan, assessment: Assessment) -> None:
    """Write *assessment* to *path* as JUnit XML, whole or not at all.

    Raises:
        Unavailable: it cannot be written.
    """
    write_whole(path, junit(ci_groups(planned, assessment)), "--junit")


def write_sarif(path: Path, planned: Plan, assessment: Assessment) -> None:
    """Write *assessment* to *path* as SARIF 2.1.0, whole or not at all.

    Raises:
        Unavailable: it cannot be written.
    """
    write_whole(path, sarif(ci_groups(planned, assessment)), "--sarif")


def ci_groups(planned: Plan, assessment: Assessment) -> Iterator[Group]:
    """Yield the checks of each run: the finding first, then its samples. Undecided never passes."""
    simulated = {one.name for one in planned.offer.candidates if one.partner.simulated}
    for cell, one in zip(planned.cells, assessment.findings, strict=True):
        results = sorted(cell.results.values(), key=lambda result: result.position)
        mark = "simulated/" if one.candidate in simulated else ""
        yield Group(
            name=f"{mark}{one.feature}/{one.locale}/{one.candidate}/{one.suite_id}",
            run_id=one.run_id,
            file=f"suites/{one.suite_id}/{one.locale}",
            checks=(_finding(one), *(sample_check(result) for result in results)),
            figures=_figures(one),
        )


def _finding(one: Finding) -> Checked:
    met = one.finding == "meets"
    why = (
        f"{WORDS[one.finding]}: {one.estimate:.1%} of {one.samples} samples passed,"
        f"{'' if one.grouping is None else f' {one.grouping.text},'} interval"
        f" {one.low:.1%} – {one.high:.1%}, bar {one.bar:.0%}"
    )
    return Checked(
        name=f"{one.subject} {one.metric} against the bar",
        rule="finding",
        state="passed" if met else "failed",
        why="" if met else why,
        figures=_figures(one),
    )


def _figures(one: Finding) -> dict[str, str | int | float]:
    return {
        "finding": one.finding,
        "estimate": one.estimate,
        "low": one.low,
        "high": one.high,
        "bar": one.bar,
        "samples": one.samples,
        **({} if one.grouping is None else {"clusters": len(one.grouping.sizes)}),
        "calls": one.calls,
        "alpha": one.alpha,
        "seed": one.seed,
        "digest": one.digest,
    }
