"""`pratique rehearse`: what would happen, in simulated time."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.output import as_json, emit, say, table

if TYPE_CHECKING:
    from pratique.rehearsal.ramp import Row
    from pratique.rehearsal.story.story import Told


@click.group()
def rehearse() -> None:
    """Play what has not happened yet, in simulated time."""


@rehearse.command("rollout")
@click.option("--runs", default=1000, show_default=True, help="Ramps of each kind.")
@click.option("--seed", default=1, show_default=True, help="Seed of the random numbers.")
@click.option("--devices", default=200_000, show_default=True, help="Devices of the market.")
@click.option(
    "--factor",
    "factors",
    type=float,
    multiple=True,
    default=(1.5, 2.0, 4.0),
    show_default=True,
    help="Size of a regression, in times the limit; repeat for several.",
)
@as_json
def rehearse_rollout(
    runs: int, seed: int, devices: int, factors: tuple[float, ...], json_: bool
) -> None:
    """Replay whole ramps with regressions: how soon each is halted, and how many devices saw it.

    Devices, requests and regressions are simulated; stages and halt rules are the product's. Exit 1
    where more ramps were halted without a fault than the rules' error allows.
    """
    from pratique.rehearsal.ramp import Setting
    from pratique.rehearsal.ramp import rehearse as play

    found = play(runs=runs, seed=seed, setting=Setting(devices=devices), factors=factors)
    rows = [_cells(one) for one in (found.normal, found.edge, *found.regressions)]
    columns = ["what is wrong", "from stage", "halted", "complete", "hours to halt", "devices"]
    low, high = found.false_halts
    emit(
        json_,
        found,
        [
            f"simulated, seed {seed}: {runs} ramps of each kind, {devices} devices,"
            f" {found.setting.requests_a_day:g} requests a day each, evaluated every"
            f" {found.setting.evaluate_hours:g} h",
            *table(columns, rows),
            "hours and devices: median, and in brackets the 95th percentile",
            f"false halts where every signal stands at its limit: {found.edge.halted} of {runs}"
            f" ({low:.1%} to {high:.1%}), at most {found.setting.market.halt_error:.0%} by design:"
            f" {'held' if found.holds else 'NOT held'}",
        ],
    )
    if not found.holds:
        sys.exit(1)


def _cells(row: "Row") -> list[str]:
    return [
        row.what,
        row.begins,
        f"{row.halted} of {row.runs}",
        str(row.complete),
        "–" if row.delay_hours is None else f"{row.delay_hours[0]:.0f} ({row.delay_hours[1]:.0f})",
        "–" if row.exposed is None else f"{row.exposed[0]:,.0f} ({row.exposed[1]:,.0f})",
    ]


@rehearse.command("story")
@click.option("--seed", default=1, show_default=True, help="Seed of partners and devices.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="New folder for the workspace; else `story`, `story-2`, …",
)
@as_json
def rehearse_story(seed: int, folder: Path | None, json_: bool) -> None:
    """Tell the whole story: five partners, one dropped, three passed over, one chosen and rolled out.

    Partners, devices and time are simulated, with the seed; findings, verdicts, filing, gate and
    ledger are the product's. Exit 1 where a step does not come to what it must.
    """
    from pratique.rehearsal.story.story import story

    told = story(folder or _new_folder(), seed, _in_process, say if json_ else click.echo)
    emit(json_, told.document, _lines(told))
    if not told.ok:
        sys.exit(1)


def _lines(told: "Told") -> list[str]:
    right = sum(one.ok for one in told.steps)
    return [
        f"simulated, seed {told.seed}: {right} of {len(told.steps)} steps came to what they must,"
        f" in {told.seconds:.0f} s",
        *(f"report: {path}" for path in told.reports),
    ]


def _new_folder() -> Path:
    number = 1
    while (path := Path("story" if number == 1 else f"story-{number}")).exists():
        number += 1
    return path


def _in_process(words: Sequence[str], stdin: str) -> tuple[int, str, str]:
    """Run the command line inside this process, as a shell would outside."""
    from click.testing import CliRunner

    from pratique.cli.main import program
    from pratique.errors import PratiqueError

    result = CliRunner().invoke(program, list(words), input=stdin)
    error = result.exception
    if isinstance(error, PratiqueError):
        return 1, result.stdout, f"{result.stderr}error: {error.message}\nhint: {error.hint}\n"
    if error is not None and not isinstance(error, SystemExit):
        raise error
    return result.exit_code, result.stdout, result.stderr
