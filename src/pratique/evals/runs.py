"""Runs: samples drawn one by one, answered, scored and kept, as an allocator decides."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pratique.errors import PratiqueError
from pratique.evals.outcomes import Outcome, Result, RunKey, keep, open_run, results_of
from pratique.evals.scorers import SCORERS, Score
from pratique.evals.suites import Sample, Suite
from pratique.partners.contract import Model
from pratique.privacy import Sensitive
from pratique.serving.answer import Answer, answer
from pratique.serving.variant import Variant, digest_of
from pratique.store.database import Database

_OUTCOMES: dict[str, Outcome] = {
    "ok": "scored",
    "refused": "refused",
    "blocked": "blocked",
    "invalid": "invalid",
    "truncated": "invalid",
    "failed": "failed",
}


@dataclass(slots=True)
class Cell:
    """One candidate on one suite: what was drawn so far, and what came of it."""

    variant: Variant
    """The candidate."""
    suite: Suite
    """The samples."""
    key: RunKey
    """What makes this the same run."""
    order: Sequence[Sample]
    """The samples in the order in which they are drawn."""
    results: dict[int, Result] = field(default_factory=dict)
    """Results by position."""
    in_flight: set[int] = field(default_factory=set)
    """Positions that are being answered now."""
    observed: int = 0
    """How many results the allocator has seen: always an unbroken beginning of the order."""
    made: int = 0
    """Calls made by this process; the rest were kept from before."""

    @property
    def left(self) -> int:
        """How many samples have not been drawn."""
        return len(self.order) - len(self.results) - len(self.in_flight)

    def draw(self) -> int:
        """Return the first position that is neither answered nor in flight."""
        taken = self.results.keys() | self.in_flight
        return next(n for n in range(len(self.order)) if n not in taken)


def cell_of(variant: Variant, suite: Suite, seed: int) -> Cell:
    """Return the cell for *variant* on *suite*, nothing drawn yet."""
    key = RunKey(
        market=variant.market,
        feature=variant.feature,
        locale=variant.locale,
        candidate=variant.candidate,
        digest=digest_of(variant),
        suite=suite.digest,
        seed=seed,
    )
    return Cell(variant=variant, suite=suite, key=key, order=suite.order(seed))


class Allocator(Protocol):
    """Decides what is drawn next, and when enough is known."""

    def pick(self, cells: Sequence[Cell]) -> Cell | None:
        """Return the cell of *cells* to draw from next, or None when nothing more is needed."""
        ...

    def observe(self, cell: Cell, passed: bool) -> None:
        """Take in the next result of *cell*, in the order of drawing."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """What a run works with."""

    database: Database
    """Where outcomes are kept."""
    models: Mapping[str, Model]
    """Each candidate's model, by name."""
    allocator: Allocator
    """What decides."""
    clock: Callable[[], datetime]
    """The time."""
    deadline: float
    """Longest time that one answer may take, in seconds."""
    progress: Callable[[Sequence[Cell]], None]
    """Called after each result."""

    def resume(self, cells: Sequence[Cell]) -> None:
        """Enter the runs of *cells* and take in every result that was kept before."""
        with self.database.begin() as connection:
            for cell in cells:
                open_run(connection, cell.key, self.clock())
            kept = results_of(connection, [cell.key.id for cell in cells])
        for cell in cells:
            cell.results = {result.position: result for result in kept[cell.key.id]}
            self._observe(cell)

    async def finish(self, cells: Sequence[Cell]) -> None:
        """Draw until the allocator is content with every cell.

        Each model has as many calls in flight as it serves at once. What was answered before a
        crash or an error is kept, and the next run goes on from there.

        Raises:
            PratiqueError: the first failure that is no outcome of a call.
        """
        self.resume(cells)
        self.progress(cells)
        try:
            async with asyncio.TaskGroup() as group:
                for name, model in self.models.items():
                    mine = [cell for cell in cells if cell.variant.candidate == name]
                    for _ in range(model.concurrency):
                        group.create_task(self._work(model, mine, cells))
        except ExceptionGroup as failures:
            ours, others = failures.split(PratiqueError)
            if ours is not None and others is None:
                raise ours.exceptions[0] from None
            raise

    async def _work(self, model: Model, mine: Sequence[Cell], cells: Sequence[Cell]) -> None:
        while cell := self.allocator.pick([one for one in mine if one.left]):
            position = cell.draw()
            cell.in_flight.add(position)
            try:
                result = await self._answered(model, cell, position)
                with self.database.begin() as connection:
                    keep(connection, cell.key.id, result, self.clock())
                cell.results[position] = result
                cell.made += 1
            finally:
                cell.in_flight.discard(position)
            self._observe(cell)
            self.progress(cells)

    def _observe(self, cell: Cell) -> None:
        while cell.observed in cell.results:
            result = cell.results[cell.observed]
            cell.observed += 1
            self.allocator.observe(cell, result.passed)

    async def _answered(self, model: Model, cell: Cell, position: int) -> Result:
        sample = cell.order[position]
        found = await answer(
            cell.variant,
            Sensitive(sample.input),
            model,
            content_id=f"{cell.key.id}-{position}",
            deadline=self.deadline,
        )
        return result_of(found, cell.suite, sample, position)


def result_of(found: Answer, suite: Suite, sample: Sample, position: int) -> Result:
    """Return what *found* comes to against its sample's target."""
    outcome = _OUTCOMES[found.status]
    output = found.output.reveal() if found.output else None
    if output is not None:
        score = SCORERS[suite.file.scorer].score(sample.target, sample.input, output)
    else:
        failed = [f"{check.id}: {check.why}" for check in found.checks if not check.passed]
        score = Score(met=False, share=0.0, why="; ".join(failed) or found.reply)
    return Result(
        position=position,
        sample_id=sample.id,
        outcome=outcome,
        reply=found.reply,
        met=score.met,
        share=score.share,
        why=score.why,
        output=output,
        draft=found.draft.reveal() if found.draft else "",
        checks=found.checks,
        seconds=found.seconds,
        input_tokens=found.usage.input_tokens,
        output_tokens=found.usage.output_tokens,
        asked=found.asked,
    )
