"""Live progress of long work, on stderr."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pratique.assessment.assess import Plan
    from pratique.evals.runs import Cell
    from pratique.partners.conformance.report import CheckResult

Progress = Callable[["Sequence[Cell]"], None]

PERIOD = 0.2
"""Least time between two updates on a terminal, in seconds."""


@contextmanager
def counted() -> Iterator[Progress]:
    """Tell on stderr how many answers there are, ten times a minute at most."""
    told = time.monotonic()

    def progress(cells: "Sequence[Cell]") -> None:
        nonlocal told
        if time.monotonic() - told >= 6.0:
            told = time.monotonic()
            done = sum(len(cell.results) for cell in cells)
            click.echo(f"  {done} answers", err=True)

    yield progress


@contextmanager
def live(planned: "Plan") -> Iterator[Progress]:
    """Show how far *planned* has come: a bar a candidate on a terminal, else a line a finding."""
    if sys.stderr.isatty():
        with _bars(planned) as progress:
            yield progress
    else:
        yield _lines(planned)


def _lines(planned: "Plan") -> Progress:
    told: set[str] = set()

    def progress(cells: "Sequence[Cell]") -> None:
        for cell in cells:
            finding = planned.judge.decision(cell)
            if finding != "undecided" and cell.key.id not in told:
                told.add(cell.key.id)
                click.echo(
                    f"  [{len(told)}/{len(cells)}] {cell.key.feature} {cell.key.locale} {cell.key.candidate}:"
                    f" {finding.replace('_', ' ')} after {cell.observed} of {len(cell.order)}",
                    err=True,
                )

    return progress


@contextmanager
def _bars(planned: "Plan") -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    names = [one.name for one in planned.offer.candidates]
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("decided, {task.fields[calls]} calls, now {task.fields[now]}"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), refresh_per_second=5) as bars:
        tasks = {
            name: bars.add_task(
                name, total=sum(c.key.candidate == name for c in planned.cells), calls=0, now=""
            )
            for name in names
        }
        last = 0.0

        def progress(cells: "Sequence[Cell]") -> None:
            nonlocal last
            if time.monotonic() - last < PERIOD:
                return
            last = time.monotonic()
            for name, task in tasks.items():
                mine = [cell for cell in cells if cell.key.candidate == name]
                busy = next((cell for cell in mine if cell.in_flight), None)
                bars.update(
                    task,
                    completed=sum(planned.judge.decision(cell) != "undecided" for cell in mine),
                    calls=sum(len(cell.results) for cell in mine),
                    now=f"{busy.key.feature} {busy.key.locale}" if busy else "–",
                )

        yield progress
        last = 0.0
        progress(planned.cells)


@contextmanager
def checking(name: str) -> "Iterator[Callable[[CheckResult], None]]":
    """Show the checks of *name* as they are done: a count on a terminal, else each that failed."""
    done = 0
    terminal = sys.stderr.isatty()

    def progress(result: "CheckResult") -> None:
        nonlocal done
        done += 1
        if terminal:
            click.echo(f"\r{name}: {done} checks done", err=True, nl=False)
        if result.status == "failed":
            click.echo(f"{chr(10) if terminal else ''}  {result.id}: {result.detail}", err=True)

    yield progress
    if terminal:
        click.echo("", err=True)
