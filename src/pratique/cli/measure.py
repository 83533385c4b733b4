"""`pratique assess` and `select`: who meets the standard, and who serves."""

import asyncio
import sys
from pathlib import Path

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace, say, table


@click.command()
@in_workspace
@for_market
@click.option(
    "--seed", default=1, show_default=True, help="Seed of the order in which samples are drawn."
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Where to write the HTML report; else `report.html` in the workspace.",
)
@click.option(
    "--fail-under",
    is_flag=True,
    help="Exit with 1 unless every feature and locale has a candidate that meets its bar.",
)
@click.option(
    "--suite",
    default="",
    help="Look at one suite or data set instead, without a bar: figures and no finding.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    help="Folder of data sets that you have, in which --suite is one; nothing of it is copied.",
)
@click.option(
    "--samples",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    help="With --suite, how many samples each candidate gets, drawn by the seed.",
)
@as_json
def assess(
    workspace: Path | None,
    market: str,
    seed: int,
    report: Path | None,
    fail_under: bool,
    suite: str,
    data: Path | None,
    samples: int,
    json_: bool,
) -> None:
    """Test the market's candidates against its standard, until every finding is certain.

    Answers are kept as they arrive. Interrupt it at any time: the next run goes on from there.
    """
    if suite:
        _look(workspace, market, seed, suite, data, samples, json_)
        return
    if data is not None:
        raise click.UsageError("--data names a folder of data sets: say which with --suite")
    from pratique.assessment.assess import assess as carry_out
    from pratique.assessment.assess import plan
    from pratique.assessment.candidates import offer
    from pratique.assessment.report import write_report
    from pratique.assessment.summary import findings_table
    from pratique.cli.progress import live
    from pratique.evals.trends import trends

    with opened_workspace(workspace) as opened:
        planned = plan(opened.workspace, offer(opened.workspace, market), seed)
        for line in planned.offer.left_out:
            say(line)
        with live(planned) as progress:
            found = asyncio.run(carry_out(opened, planned, progress))
        path = report or opened.workspace.folder / "report.html"
        write_report(path, planned, found)
    calls = sum(one.calls for one in found.findings)
    lines = [
        *findings_table(found.findings),
        "",
        f"{calls} calls, where full runs take {planned.full_calls}",
        f"report: {path}",
    ]
    emit(
        json_,
        {
            "assessment": found.id,
            "findings": found.findings,
            "trends": {cell.key.id: trends(cell) for cell in planned.cells},
            "calls": calls,
            "full_calls": planned.full_calls,
            "report": str(path),
        },
        lines,
    )
    served = {(one.feature, one.locale) for one in found.findings if one.finding == "meets"}
    if fail_under and {(one.feature, one.locale) for one in found.findings} - served:
        sys.exit(1)


def _look(
    workspace: Path | None,
    market: str,
    seed: int,
    suite: str,
    data: Path | None,
    samples: int,
    json_: bool,
) -> None:
    """Measure the market's candidates on one suite or data set and print what came of it."""
    from pratique.assessment.candidates import offer
    from pratique.assessment.measuring import measure, suite_named
    from pratique.cli.progress import counted

    with opened_workspace(workspace) as opened:
        offered = offer(opened.workspace, market)
        for line in offered.left_out:
            say(line)
        suites = suite_named(opened, suite, data)
        with counted() as progress:
            found = asyncio.run(measure(opened, offered, suites, samples, seed, progress))
    rows = [
        [
            one.feature,
            one.locale,
            one.candidate,
            f"{one.passed:.0%}",
            f"{one.low:.1%} – {one.high:.1%}",
            f"{one.samples} of {one.of}",
            str(one.calls),
            ", ".join(f"{trend.name} {trend.figure.value:.3g}" for trend in one.trends),
        ]
        for one in found
    ]
    columns = ["feature", "locale", "candidate", "passed", "95 %", "samples", "calls", "trends"]
    emit(json_, {"suite": suite, "seed": seed, "measured": found}, table(columns, rows))


@click.command()
@in_workspace
@for_market
@click.option(
    "--sign-off",
    is_flag=True,
    help="Take on the latest selection as it stands; nothing is decided anew.",
)
@as_json
def select(workspace: Path | None, market: str, sign_off: bool, json_: bool) -> None:
    """Decide who serves which feature and locale, from the latest assessment."""
    from pratique.assessment.choose import choose
    from pratique.assessment.choose import sign_off as take_on
    from pratique.assessment.summary import selection_lines

    with opened_workspace(workspace) as opened:
        found = take_on(opened, market) if sign_off else choose(opened, market)
        signed = [f"signed off by {opened.who}: `{found.id}`"] if sign_off else []
    emit(json_, found, [*selection_lines(found), *signed])
    if not found.served:
        sys.exit(1)
