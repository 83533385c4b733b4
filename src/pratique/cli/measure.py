"""`pratique assess` and `select`: who meets the standard, and who serves."""

import asyncio
import sys
from pathlib import Path

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace, say


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
@as_json
def assess(
    workspace: Path | None,
    market: str,
    seed: int,
    report: Path | None,
    fail_under: bool,
    json_: bool,
) -> None:
    """Test the market's candidates against its standard, until every finding is certain.

    Answers are kept as they arrive. Interrupt it at any time: the next run goes on from there.
    """
    from pratique.assessment.assess import assess as carry_out
    from pratique.assessment.assess import plan
    from pratique.assessment.candidates import offer
    from pratique.assessment.report import write_report
    from pratique.assessment.summary import findings_table
    from pratique.cli.progress import live

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
            "calls": calls,
            "full_calls": planned.full_calls,
            "report": str(path),
        },
        lines,
    )
    served = {(one.feature, one.locale) for one in found.findings if one.finding == "meets"}
    if fail_under and {(one.feature, one.locale) for one in found.findings} - served:
        sys.exit(1)


@click.command()
@in_workspace
@for_market
@as_json
def select(workspace: Path | None, market: str, json_: bool) -> None:
    """Decide who serves which feature and locale, from the latest assessment."""
    from pratique.assessment.choose import choose
    from pratique.assessment.summary import selection_lines

    with opened_workspace(workspace) as opened:
        found = choose(opened, market)
    emit(json_, found, selection_lines(found))
    if not found.served:
        sys.exit(1)
