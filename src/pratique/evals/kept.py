"""Kept results: what a run holds of them in memory, and the rest out of the store."""

import asyncio
from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field
from datetime import datetime

from pratique.evals.outcomes import Mark, Outcome, Result, keep_all, results_between
from pratique.store.database import Database

_CHUNK = 1_000
"""Results read from the store at once."""


@dataclass(slots=True)
class Tally:
    """Running sums over the results of one cell."""

    calls: int = 0
    """Calls made, repairs included."""
    seconds: float = 0.0
    """Time that the partner took, over all of them."""
    input_tokens: int = 0
    """Tokens read."""
    output_tokens: int = 0
    """Tokens written."""
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    """How many samples came to each outcome."""

    @property
    def samples(self) -> int:
        """Samples that have an outcome."""
        return sum(self.outcomes.values())

    @property
    def failed(self) -> int:
        """Samples for which the partner gave nothing: counted apart, and never left out."""
        return self.outcomes.get("failed", 0)

    def add(self, mark: Mark) -> None:
        """Count one result."""
        self.calls += mark.asked
        self.seconds += mark.seconds
        self.input_tokens += mark.input_tokens
        self.output_tokens += mark.output_tokens
        self.outcomes[mark.outcome] = self.outcomes.get(mark.outcome, 0) + 1


class Kept(Mapping[int, Result]):
    """The results of a run by position: one byte each in memory, the answers in the store.

    Reading one, or going through all, asks the store; whether there is one does not.
    """

    def __init__(self, database: Database, run_id: str, size: int) -> None:
        self._database = database
        self._run_id = run_id
        self._known = bytearray(size)
        self._count = 0

    def note(self, position: int, passed: bool, *, waits: bool = False) -> None:
        """Remember that *position* has a result in the store."""
        self._count += not self._known[position]
        self._known[position] = 3 if waits else 2 if passed else 1

    def passed(self, position: int) -> bool:
        """Return whether the result at *position* passed."""
        return self._known[position] == 2

    def waits(self, position: int) -> bool:
        """Return whether the result at *position* waits for a judge or a person."""
        return self._known[position] == 3

    def __contains__(self, position: object) -> bool:
        return (
            isinstance(position, int)
            and position < len(self._known)
            and bool(self._known[position])
        )

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        return (position for position, known in enumerate(self._known) if known)

    def __getitem__(self, position: int) -> Result:
        with self._database.connect() as connection:
            found = results_between(connection, self._run_id, position, position)
        if not found:
            raise KeyError(position)
        return found[0]

    def values(self) -> ValuesView[Result]:
        """Return all results, in the order of their positions."""
        return _Values(self)

    def items(self) -> ItemsView[int, Result]:
        """Return all results with their positions, in order."""
        return _Items(self)

    def all(self) -> Iterator[Result]:
        """Yield all results in order, a chunk of them in memory at a time."""
        for first in range(0, len(self._known), _CHUNK):
            if any(self._known[first : first + _CHUNK]):
                with self._database.connect() as connection:
                    found = results_between(connection, self._run_id, first, first + _CHUNK - 1)
                yield from found


class _Values(ValuesView[Result]):
    """Results, read in chunks."""

    _mapping: Kept

    def __init__(self, kept: Kept) -> None:
        super().__init__(kept)

    def __iter__(self) -> Iterator[Result]:
        return self._mapping.all()


class _Items(ItemsView[int, Result]):
    """Results with their positions, read in chunks."""

    _mapping: Kept

    def __init__(self, kept: Kept) -> None:
        super().__init__(kept)

    def __iter__(self) -> Iterator[tuple[int, Result]]:
        return ((one.position, one) for one in self._mapping.all())


class Writer:
    """Writes results as they arrive; what comes while a transaction is written shares the next.

    A result counts once `keep` returns: it is in the store then, flushed as the database flushes.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._waiting: list[tuple[str, Result, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, run_id: str, result: Result) -> None:
        """Write *result* and return when it is in the store.

        Raises:
            NotAllowed, Unavailable: as `outcomes.keep_all` and the database say.
        """
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((run_id, result, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await written

    async def close(self) -> None:
        """Wait until everything that was handed over is written."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(self._commit, batch)
            except Exception as error:  # noqa: BLE001  (each of the waiting raises it)
                for _, _, written in batch:
                    if not written.done():
                        written.set_exception(error)
            else:
                for _, _, written in batch:
                    if not written.done():
                        written.set_result(None)

    def _commit(self, batch: list[tuple[str, Result, asyncio.Future[None]]]) -> None:
        with self._database.begin() as connection:
            keep_all(connection, [(run_id, one) for run_id, one, _ in batch], self._clock())
