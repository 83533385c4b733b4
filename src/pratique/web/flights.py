"""Idempotency: the same request sent twice while the first is running gets the one answer."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from pratique.web.exchange import Reply
from pratique.web.problems import Problem

HEADER = "Idempotency-Key"
"""Header by which a client names a request that it may send again."""

MOST_CHARACTERS = 255
"""A longer key is refused."""

Key = tuple[str, ...]
"""Whose request it is and the name that its client gave it."""


@dataclass(slots=True)
class _Flight:
    body: bytes
    task: "asyncio.Task[Reply] | None"
    waiting: int = 0


class Flights:
    """The requests with a key that are running now. An answer is never kept."""

    def __init__(self) -> None:
        self._running: dict[Key, _Flight] = {}

    async def share(
        self, key: Key, body: bytes, make: Callable[[], Coroutine[object, object, Reply]]
    ) -> Reply:
        """Return the answer that *make* gives, or the one that a running request with *key* gets.

        The work is given up when nobody waits for it any more.

        Raises:
            Problem: a request with this key is running, and it is another one.
        """
        flight = self._running.get(key)
        if flight is None:
            flight = self._running[key] = _Flight(body, asyncio.ensure_future(make()))
        task = self._same(flight, body)
        flight.waiting += 1
        try:
            return await asyncio.shield(task)
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                self._running.pop(key, None)
                task.cancel()

    def occupy(self, key: Key, body: bytes) -> Callable[[], None]:
        """Mark *key* as taken by a stream, which cannot be shared; return what frees it again.

        Raises:
            Problem: a request with this key is running.
        """
        if key in self._running:
            raise _conflict("a stream cannot be shared")
        self._running[key] = _Flight(body, None)

        def free() -> None:
            del self._running[key]

        return free

    @staticmethod
    def _same(flight: _Flight, body: bytes) -> "asyncio.Task[Reply]":
        if flight.task is None:
            raise _conflict("a stream cannot be shared")
        if flight.body != body:
            raise _conflict("its body is another")
        return flight.task


def _conflict(why: str) -> Problem:
    return Problem(
        "conflict",
        f"a request with this `{HEADER}` is running, and {why}",
        "wait for its answer, or take a new key",
        retry_after=1,
    )
