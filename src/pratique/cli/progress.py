"""Live progress of long work, on stderr."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pratique.assessment.findings import Finding
    from pratique.assessment.planning import Plan
    from pratique.evals.budget import Amounts, Budget
    from pratique.evals.cells import Cell
    from pratique.partners.conformance.report import CheckResult

Progress = Callable[["Sequence[Cell]"], None]

PERIOD = 0.2
"""Least time between two updates on a terminal, in seconds."""

_TELL = 10.0
"""Seconds between two lines on how far it is, where there is no terminal."""


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
def live(planned: "Plan", budget: "Budget | None" = None) -> Iterator[Progress]:
    """Show how far *planned* has come: a bar a candidate on a terminal, else a line a finding."""
    if sys.stderr.isatty():
        with _bars(planned, budget) as progress:
            yield progress
    else:
        yield _lines(planned, budget)


def amounts(found: "Amounts") -> str:
    """Return calls and money for people: `120 calls, 3.20 CNY`."""
    money = [f"{at:.2f} {currency}" for currency, at in sorted(found.money.items())]
    return ", ".join([f"{found.calls} calls", *money])


def apart(findings: "Sequence[Finding]", budget: "Budget") -> list[str]:
    """Return lines on what a total hides: what was spent now, what failed, what stayed open."""
    failed, open_ = (
        sum(one.failed for one in findings),
        sum(one.finding == "undecided" for one in findings),
    )
    lines = [f"now: {amounts(budget.spent)}"] if budget.spent.calls else []
    if failed:
        lines.append(f"{failed} samples got no answer from their partner: they count as not passed")
    if open_ and budget.bounded:
        lines.append(f"{open_} findings undecided: the next call might have passed the budget")
    return lines


class Forecast:
    """When the last finding will be certain, by the pace since the beginning."""

    def __init__(self, planned: "Plan", clock: Callable[[], float] = time.monotonic) -> None:
        self._planned, self._clock = planned, clock
        self._began = clock()

    def left(self, cells: "Sequence[Cell]") -> tuple[int, float | None]:
        """Return how many samples are still expected, and in how many seconds they are answered.

        Candidates are asked side by side, so the slowest decides; None before its first answer.
        """
        by_candidate: dict[str, tuple[float, int]] = {}
        for cell in cells:
            needed, made = by_candidate.get(cell.key.candidate, (0.0, 0))
            needed += min(self._planned.judge.needed(cell), cell.left + len(cell.in_flight))
            by_candidate[cell.key.candidate] = (needed, made + cell.made)
        passed = self._clock() - self._began
        open_ = [(needed, made) for needed, made in by_candidate.values() if needed > 0.0]
        samples = round(sum(needed for needed, _ in open_))
        if any(made == 0 for _, made in open_):
            return samples, None
        return samples, max((passed * needed / made for needed, made in open_), default=0.0)

    def told(self, cells: "Sequence[Cell]") -> str:
        """Return the forecast for people."""
        samples, seconds = self.left(cells)
        if not samples:
            return "all decided"
        if seconds is None:
            return f"about {samples} samples left"
        return f"about {samples} samples left, {_span(seconds)}"


def _span(seconds: float) -> str:
    minutes, over = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {over:02d} s" if minutes else f"{over} s"


def _spent(cells: "Sequence[Cell]", budget: "Budget | None") -> str:
    if budget is not None and budget.spent.calls:
        return amounts(budget.spent)
    return f"{sum(cell.tally.calls for cell in cells)} calls"


def _lines(planned: "Plan", budget: "Budget | None") -> Progress:
    told: set[str] = set()
    forecast, last = Forecast(planned), time.monotonic()

    def progress(cells: "Sequence[Cell]") -> None:
        nonlocal last
        for cell in cells:
            finding = planned.judge.decision(cell)
            if finding != "undecided" and cell.key.id not in told:
                told.add(cell.key.id)
                click.echo(
                    f"  [{len(told)}/{len(cells)}] {cell.key.feature} {cell.key.locale} {cell.key.candidate}:"
                    f" {finding.replace('_', ' ')} after {cell.observed} of {len(cell.order)}",
                    err=True,
                )
        if time.monotonic() - last >= _TELL:
            last = time.monotonic()
            click.echo(
                f"  {_spent(cells, budget)}; {forecast.told(cells)}{_failed(cells)}", err=True
            )

    return progress


def _failed(cells: "Sequence[Cell]") -> str:
    failed = sum(cell.tally.failed for cell in cells)
    return f"; {failed} without an answer" if failed else ""


@contextmanager
def _bars(planned: "Plan", budget: "Budget | None") -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    names = [one.name for one in planned.offer.candidates]
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
    )
    forecast = Forecast(planned)
    with Bars(*columns, console=Console(stderr=True), refresh_per_second=5) as bars:
        tasks = {
            name: bars.add_task(
                name, total=sum(c.key.candidate == name for c in planned.cells), told=""
            )
            for name in names
        }
        whole = bars.add_task("all", total=len(planned.cells), told="")
        last = 0.0

        def progress(cells: "Sequence[Cell]") -> None:
            nonlocal last
            if time.monotonic() - last < PERIOD:
                return
            last = time.monotonic()
            decided = 0
            for name, task in tasks.items():
                mine = [cell for cell in cells if cell.key.candidate == name]
                done = sum(planned.judge.decision(cell) != "undecided" for cell in mine)
                decided += done
                busy = next((cell for cell in mine if cell.in_flight), None)
                now = f"{busy.key.feature} {busy.key.locale}" if busy else "–"
                calls = sum(cell.tally.calls for cell in mine)
                told = f"decided, {calls} calls{_failed(mine)}, now {now}"
                bars.update(task, completed=done, told=told)
            about = f"{_spent(cells, budget)}; {forecast.told(cells)}"
            bars.update(whole, completed=decided, told=f"decided, {about}")

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
