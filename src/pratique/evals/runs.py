"""Runs: samples drawn one by one, answered, scored and kept, as an allocator decides."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import msgspec

from pratique.errors import PratiqueError
from pratique.evals.budget import Budget, Meter, Tariff, Unaffordable
from pratique.evals.cells import Cell
from pratique.evals.judges.bench import Bench
from pratique.evals.kept import Kept, Tally, Writer
from pratique.evals.outcomes import Result, mark_of, marks_of, open_run, results_of
from pratique.evals.pace import PUSHED_BACK, Pace
from pratique.evals.reach import Reach
from pratique.evals.results import result_of
from pratique.evals.settlements import settlements_of
from pratique.partners.contract import Model, Reply
from pratique.privacy import Sensitive
from pratique.serving.answer import Answer, answer
from pratique.serving.guard import Guard, starter_guard
from pratique.store.database import Database


class Allocator(Protocol):
    """Decides what is drawn next, and when enough is known."""

    def pick(self, cells: Sequence[Cell]) -> Cell | None:
        """Return the cell of *cells* to draw from next, or None when nothing more is needed."""
        ...

    def observe(self, cell: Cell, passed: bool) -> None:
        """Take in the next result of *cell*, in the order of drawing."""
        ...


_JUDGED_AT_ONCE = 64
"""Answers of an earlier process that are with judges at once."""

_AGAIN = 2
"""Times that a sample is asked again when its partner turned it away and named a delay."""

PERIOD = 0.1
"""Least seconds between two tellings of the progress."""


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
    """Called at the beginning, ten times a second at most while results come, and at the end."""
    budget: Budget = field(default_factory=Budget)
    """What may be used, and what was."""
    tariffs: Mapping[str, Tariff] = field(default_factory=dict)
    """What calls of each candidate come to, by name; free where it is not named."""
    most_at_once: Mapping[str, int] = field(default_factory=dict)
    """Calls at once by partner, where fewer are wanted than its models serve."""
    bench: Bench | None = None
    """Where judges settle answers; None where no cell has any."""
    guard: Guard = field(default_factory=starter_guard)
    """What requests and answers are screened by: the active pack, else the starter pack."""
    ready: Callable[[Sequence[str]], None] = lambda _: None
    """Called with the models that are going to be asked, before the first call; it may refuse."""

    def resume(self, cells: Sequence[Cell]) -> None:
        """Enter the runs of *cells* and take in every result that was kept before."""
        with self.database.begin() as connection:
            for cell in cells:
                open_run(connection, cell.key, self.clock())
        for cell in cells:
            kept = Kept(self.database, cell.key.id, len(cell.order))
            cell.results, cell.tally = kept, Tally()
            with self.database.connect() as connection:
                for mark in marks_of(connection, cell.key.id):
                    kept.note(mark.position, mark.passed, waits=mark.waits)
                    cell.tally.add(mark)
            self.observe(cell, kept)

    async def finish(self, cells: Sequence[Cell]) -> None:
        """Draw until the allocator is content with every cell, or the budget has no more room.

        Each model has as many calls in flight as it serves at once, and each partner fewer while
        it turns calls away. What was answered before a crash or an error is kept, and the next run
        goes on from there.

        Raises:
            PratiqueError: `ready` refused, or the first failure that is no outcome of a call.
        """
        await self.judge_kept(cells)
        self.resume(cells)
        self.progress(cells)
        drawing = _Drawing(self, cells)
        self.ready(drawing.asked())
        try:
            async with asyncio.TaskGroup() as group:
                for name, model in self.models.items():
                    for _ in range(model.concurrency):
                        group.create_task(drawing.work(name, group))
            drawing.reach.require_answers()
        except ExceptionGroup as failures:
            ours, others = failures.split(PratiqueError)
            if ours is not None and others is None:
                raise ours.exceptions[0] from None
            raise
        finally:
            await drawing.writer.close()
        self.progress(cells)

    async def judge_kept(self, cells: Sequence[Cell]) -> None:
        """Let judges settle what an earlier process has kept and nobody has judged yet."""
        if self.bench is None:
            return
        for cell in cells:
            # What was observed as waiting goes on to wait: the allocator has counted it so.
            if cell.panel is None or cell.observed:
                continue
            with self.database.connect() as connection:
                kept = results_of(connection, [cell.key.id])[cell.key.id]
                looked_at = settlements_of(connection, [cell.key.id])[cell.key.id]
            judged = {one.position for one in looked_at}
            waiting = [one for one in kept if one.waits and one.position not in judged]
            for first in range(0, len(waiting), _JUDGED_AT_ONCE):
                chunk = waiting[first : first + _JUDGED_AT_ONCE]
                await asyncio.gather(*(self.judge(cell, one) for one in chunk))

    async def judge(self, cell: Cell, result: Result) -> Result:
        """Return *result* as the judges of *cell* settle it, which is kept; it may go on waiting."""
        if cell.panel is None or self.bench is None or not (result.passed or result.waits):
            return result
        sample = cell.order[result.position]
        found = await self.bench.settle(cell.panel, cell.key.locale, cell.key.id, sample, result)
        if found is None or found.met is None:
            return msgspec.structs.replace(result, waits=True)
        return msgspec.structs.replace(
            result, met=found.met, share=found.share or 0.0, why=found.why, waits=False
        )

    def observe(self, cell: Cell, kept: Kept) -> None:
        """Hand the allocator every result that follows on those it has seen."""
        while cell.observed in kept:
            passed = kept.passed(cell.observed)
            cell.observed += 1
            self.allocator.observe(cell, passed)


class _Drawing:
    """One run under way: who waits for whom."""

    def __init__(self, run: Run, cells: Sequence[Cell]) -> None:
        self.writer = Writer(run.database, run.clock)
        self._run = run
        self._cells = cells
        self._mine = {
            name: [cell for cell in cells if cell.variant.candidate == name] for name in run.models
        }
        self._paces = _paces(run)
        self.reach = Reach(
            {cell.variant.candidate for cell in cells if cell.tally.samples > cell.tally.failed}
        )
        self._settled = asyncio.Event()
        self._told = time.monotonic()

    def asked(self) -> list[str]:
        """Return the models that are going to be asked."""
        return [name for name in self._run.models if self._next(name) is not None]

    def _next(self, name: str) -> Cell | None:
        return self._run.allocator.pick([one for one in self._mine[name] if one.left])

    async def work(self, name: str, group: asyncio.TaskGroup) -> None:
        """Draw for the candidate *name*, one call after another, until nothing more is needed.

        Where several calls are in flight the next one goes out while the result of the last is
        written: else all would wait for one write and go on in step. A result counts as in flight
        until it is in the store, and nobody has more than one unwritten.
        """
        model, pace = self._run.models[name], self._paces[partner_of(name)]
        writing: asyncio.Task[None] | None = None
        while True:
            async with pace.place() as number:
                cell = self._next(name)
                if cell is None:
                    return
                result = await self._drawn(model, pace, cell, number)
            if writing is not None:
                await writing
                writing = None
            if result is not None:
                for admitted in self.reach.admitted(name, cell, result):
                    if writing is not None:
                        await writing
                    writing = group.create_task(self._kept(*admitted))
                if writing is not None and model.concurrency == 1:
                    await writing
            elif not await self._room():
                return

    async def _drawn(self, model: Model, pace: Pace, cell: Cell, number: int) -> Result | None:
        """Return what became of the next sample of *cell*; None where the budget has no room."""
        position = cell.draw()
        cell.in_flight.add(position)
        try:
            return await self._answered(model, pace, cell, position, number)
        except Unaffordable:
            cell.give_back(position)
            return None

    async def _kept(self, cell: Cell, result: Result) -> None:
        """Write *result*, let judges settle it where there are any, then let it count."""
        await self.writer.keep(cell.key.id, result)
        self._take_in(cell, await self._run.judge(cell, result))

    async def _room(self) -> bool:
        """Wait until a call under way is settled; return whether there was one to wait for."""
        if not self._run.budget.held:
            return False
        self._settled.clear()
        await self._settled.wait()
        return True

    def _take_in(self, cell: Cell, result: Result) -> None:
        kept = cell.results
        if not isinstance(kept, Kept):
            raise TypeError("a cell is resumed before it is drawn from")
        kept.note(result.position, result.passed, waits=result.waits)
        cell.in_flight.discard(result.position)
        cell.tally.add(mark_of(result))
        cell.made += 1
        self._run.observe(cell, kept)
        if time.monotonic() - self._told >= PERIOD:
            self._told = time.monotonic()
            self._run.progress(self._cells)

    async def _answered(
        self, model: Model, pace: Pace, cell: Cell, position: int, number: int
    ) -> Result:
        """Return what became of a sample, asked again where its partner named a delay."""
        asked = 0
        while True:
            found, retry_after = await self._asked(model, pace, cell, position, number)
            asked += found.asked
            again = found.reply in PUSHED_BACK and retry_after is not None
            if not again or asked > _AGAIN:
                result = result_of(found, cell.suite, cell.order[position], position)
                return msgspec.structs.replace(result, asked=asked)
            await pace.rested()

    async def _asked(
        self, model: Model, pace: Pace, cell: Cell, position: int, number: int
    ) -> tuple[Answer, float | None]:
        """Return the answer to a sample, with the delay that the partner asked for."""
        run = self._run
        meter = Meter(
            model,
            run.tariffs.get(model.name, _FREE),
            run.budget,
            repairs=bool(cell.variant.prompt.repair),
        )
        try:
            found = await answer(
                cell.variant,
                Sensitive(cell.order[position].input),
                meter,
                content_id=f"{cell.key.id}-{position}",
                deadline=run.deadline,
                guard=run.guard,
            )
        finally:
            meter.settle()
            self._settled.set()
        pushed_back = found.reply in PUSHED_BACK or meter.retried
        pace.note(number, pushed_back=pushed_back, retry_after=meter.last.retry_after)
        if found.status == "failed":
            given_up = meter.last.status != found.reply  # by the deadline: no reply came
            self.reach.note(model.name, Reply(status="timeout") if given_up else meter.last)
        return found, meter.last.retry_after


_FREE = Tariff()


def partner_of(name: str) -> str:
    """Return the partner of a candidate's name, `partner/model`."""
    return name.partition("/")[0]


def _paces(run: Run) -> dict[str, Pace]:
    """Return the pace of each partner: as many calls at once as its models serve together."""
    ceilings: dict[str, int] = {}
    for name, model in run.models.items():
        partner = partner_of(name)
        ceilings[partner] = ceilings.get(partner, 0) + model.concurrency
    return {
        partner: Pace(min(ceiling, run.most_at_once.get(partner, ceiling)))
        for partner, ceiling in ceilings.items()
    }
