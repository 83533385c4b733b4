"""`pratique select`: who serves which feature and locale."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, command, emit, for_market, in_workspace

if TYPE_CHECKING:
    from pratique.assessment.selection import Selection
    from pratique.workspace.opened import Opened


@click.command()
@in_workspace
@for_market
@click.option(
    "--sign-off",
    is_flag=True,
    help="Take on the latest selection as it stands; nothing is decided anew.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Write the assessment's report with who serves and why: HTML, Markdown or JSON, by suffix.",
)
@as_json
def select(
    workspace: Path | None, market: str, sign_off: bool, report: Path | None, json_: bool
) -> None:
    """Decide who serves which feature and locale, from the latest assessment."""
    from pratique.assessment.choose import choose
    from pratique.assessment.choose import sign_off as take_on
    from pratique.assessment.report import require_reportable
    from pratique.assessment.summary import selection_lines

    with opened_workspace(workspace) as opened:
        found = take_on(opened, market) if sign_off else choose(opened, market)
        signed = [f"signed off by {opened.who}: `{found.id}`"] if sign_off else []
        if report is not None:
            require_reportable(report)
            _report_selection(opened, market, found, report)
            signed.append(f"report: {report}")
    then = (
        f"next: {command('file --draft --out pack', market)} freezes it and builds the evidence pack"
        if sign_off
        else f"next: {command('select --sign-off', market)} takes it on"
    )
    emit(json_, found, [*selection_lines(found), *signed, *([then] if found.served else [])])
    if not found.served:
        sys.exit(1)


def _report_selection(opened: "Opened", market: str, selection: "Selection", path: Path) -> None:
    """Write the report of the assessment that *selection* rests on, with the selection in it."""
    from pratique.assessment.again import planned_again
    from pratique.assessment.decisions import all_assessments
    from pratique.assessment.identity import signs_about
    from pratique.assessment.report import write_report

    with opened.database.connect() as connection:
        history = [one for one in all_assessments(connection) if one.market == market]
        made = next(one for one in history if one.id == selection.assessment)
        signs = signs_about(connection, made.findings)
    planned = planned_again(opened, made)
    write_report(path, planned, made, selection, history=history, signs=signs)
