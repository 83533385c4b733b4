"""`pratique init`, `status` and `verify`."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, command, emit, for_market, in_workspace, table

if TYPE_CHECKING:
    from pratique.rollout.road import Road


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--rehearsal",
    is_flag=True,
    help="Make one for practice: drafts may be approved, marked `simulated`.",
)
@click.option(
    "--store-variable",
    default="",
    help="Environment variable with the address of an empty PostgreSQL database; else a file.",
)
@click.option(
    "--now",
    "begins",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="Practise as if it were nine o'clock (UTC) of this day; `now` in `pratique.toml` from then on.",
)
@as_json
def init(
    folder: Path, rehearsal: bool, store_variable: str, begins: datetime | None, json_: bool
) -> None:
    """Make a workspace in FOLDER, with every file filled in and a signing key."""
    from pratique.rollout.pack_steps import begin
    from pratique.workspace.init import init as make

    if begins and not rehearsal:
        raise click.UsageError("--now is for --rehearsal only: what counts has the real time")
    moment = begins.replace(hour=9, tzinfo=UTC) if begins else None
    made = make(folder, rehearsal=rehearsal, store_variable=store_variable, begins=moment)
    with opened_workspace(made.folder) as opened:
        begin(opened)
    document = {"workspace": str(made.folder), "rehearsal": rehearsal, "markets": made.markets()}
    emit(
        json_,
        document,
        [
            f"made workspace `{made.folder}`" + (" for rehearsal" if rehearsal else ""),
            f"next: look at `{made.folder}/markets/CN.toml`, then `pratique assess --workspace {made.folder}`",
        ],
    )


@click.command()
@in_workspace
@for_market
@as_json
def status(workspace: Path | None, market: str, json_: bool) -> None:
    """Show the road of each feature: assessed, selected, filed, approved, stage; and what is due."""
    from pratique.assessment.candidates import offer
    from pratique.errors import PratiqueError
    from pratique.filing.clocks import clocks
    from pratique.rollout.packs import duties
    from pratique.rollout.road import roads
    from pratique.rollout.steps import gate_rules
    from pratique.rollout.watch.notices import plans

    with opened_workspace(workspace) as opened:
        rules = gate_rules(opened, market)
        found = roads(opened, rules)
        faults = []
        try:
            offer(opened.workspace, market)
        except PratiqueError as error:
            # What was released goes on by its snapshot: the road is shown all the same.
            faults.append(f"{error}; {error.hint}" if error.hint else str(error))
        ending = plans(opened, rules)
        due = clocks(opened, market)
        with opened.database.connect() as connection:
            settings = opened.workspace.market(market)
            screening = duties(connection, settings, opened.verifies, opened.clock())
    marks = [
        [
            road.feature,
            road.locale,
            *("●" if stop.done else "○" for stop in road.stops[:-1]),
            f"● {road.stops[-1].detail}" if road.stops[-1].done else "○",
            road.blocked_by,
        ]
        for road in found
    ]
    approvals = dict.fromkeys(
        stop.detail
        for road in found
        for stop in road.stops
        if stop.name == "approved" and stop.done
    )
    columns = [
        "feature",
        "locale",
        "assessed",
        "selected",
        "filed",
        "approved",
        "stage",
        "blocked by",
    ]
    lines = [
        *table(columns, marks),
        "",
        *(f"nothing can be assessed as the market's file stands: {one}" for one in faults),
        *(f"approved: {one}" for one in approvals),
        *(f"due: {one.sentence}" for one in due),
        *(f"due: {one}" for one in screening),
        *(line for one in ending for line in one.sentences),
        *_next(market, found),
    ]
    document = {
        "market": market,
        "roads": found,
        "faults": faults,
        "due": due,
        "duties": screening,
        "retiring": ending,
    }
    emit(json_, document, lines)


def _next(market: str, found: "list[Road]") -> list[str]:
    """Return the step that each road waits for, each once, the nearest to users last."""
    ways = {
        "assessed": ("assess", "tests the candidates"),
        "selected": ("select", "decides who serves"),
        "filed": ("file", "builds the pack, once `select --sign-off` took the selection on"),
        "approved": (
            "approve FILING",
            "enters the regulator's answer, by `--now` what became of it",
        ),
        "stage": ("rollout start FEATURE --locale LOCALE", "lets the first devices in"),
    }
    waiting = {
        stop.name
        for road in found
        for stop in [next((one for one in road.stops if not one.done), None)]
        if stop is not None and not stop.detail.startswith(("held back", "halted", "screening"))
    }
    return [
        f"next: {command(words, '' if name == 'approved' else market)} {what}"
        for name, (words, what) in ways.items()
        if name in waiting
    ]


@click.command()
@click.option(
    "--figures",
    "shows",
    is_flag=True,
    help="Also print every figure that was made again, with the record that says it.",
)
@in_workspace
@as_json
def verify(shows: bool, workspace: Path | None, json_: bool) -> None:
    """Check everything offline: ledger, snapshots, approvals, evidence packs, figures.

    Findings, selections, forecasts, verdicts on support with their load steps, trials and
    evaluations of halt rules are made again from what was kept; what differs is named.
    """
    import msgspec

    from pratique.rollout.verify import verify as check

    with opened_workspace(workspace) as opened:
        found = check(opened)
    rows = [[one.record, one.about, one.name, _figure(one.value)] for one in found.figures]
    lines = table(["record", "about", "figure", "made again"], rows) if shows else []
    document = found if shows else msgspec.structs.replace(found, figures=())
    faults = [f"FAULT  {fault}" for fault in found.faults]
    emit(json_, document, [*lines, *found.sentences(), *faults])
    if found.faults:
        sys.exit(1)


def _figure(value: float | str | None) -> str:
    return f"{value:.6g}" if isinstance(value, float) else "–" if value is None else str(value)
