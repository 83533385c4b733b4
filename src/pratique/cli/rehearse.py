"""`pratique rehearse`: what would happen, in simulated time."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.output import as_json, emit, say

if TYPE_CHECKING:
    from pratique.rehearsal.story.story import Told


@click.group()
def rehearse() -> None:
    """Play what has not happened yet, in simulated time."""


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
