"""`pratique init`, `status` and `verify`."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace, table

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
    from pratique.filing.clocks import clocks
    from pratique.rollout.packs import duties
    from pratique.rollout.road import roads
    from pratique.rollout.steps import gate_rules
    from pratique.rollout.watch.notices import plans

    with opened_workspace(workspace) as opened:
        rules = gate_rules(opened, market)
        found = roads(opened, rules)
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
        *(f"approved: {one}" for one in approvals),
        *_next_steps(found),
        *(f"due: {one.sentence}" for one in due),
        *(f"due: {one}" for one in screening),
        *(line for one in ending for line in one.sentences),
    ]
    document = {
        "market": market,
        "roads": found,
        "due": due,
        "duties": screening,
        "retiring": ending,
    }
    emit(json_, document, lines)


_NEXT = {
    "assessed": "`pratique assess` tests the candidates",
    "selected": "`pratique select` decides who serves",
    "filed": "`pratique select --sign-off` takes the selection on, `pratique file` builds the pack",
    "approved": "`pratique approve FILING` enters the regulator's answer, and by `--now` what became of it",
    "stage": "`pratique rollout start FEATURE --locale LOCALE`; `pratique rollout status` says why one is off",
}
"""What leads on, by the stop that is missing."""


def _next_steps(found: "Sequence[Road]") -> list[str]:
    """Return what leads on from the stops that are missing, each once; held back is no such."""
    missing = (next((stop for stop in road.stops if not stop.done), None) for road in found)
    names = [
        one.name for one in missing if one is not None and not one.detail.startswith("held back")
    ]
    return [f"next: {_NEXT[name]}" for name in dict.fromkeys(names)]


@click.command()
@in_workspace
@as_json
def verify(workspace: Path | None, json_: bool) -> None:
    """Check everything offline: ledger, snapshots, approvals, evidence packs, figures."""
    from pratique.rollout.verify import verify as check

    with opened_workspace(workspace) as opened:
        found = check(opened)
    emit(json_, found, [*found.sentences(), *(f"FAULT  {fault}" for fault in found.faults)])
    if found.faults:
        sys.exit(1)
