"""The pieces of one call as they come, within its deadline, with the verdicts of judges between them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import cast

from pratique.partners.contract import Call, Event, Model, Reply, batches_of
from pratique.serving.gate import Gate

Batches = AsyncGenerator[Sequence[Event], None]
"""Events of a model, together what came at once."""

Heard = Sequence[Event | None]
"""Events of a model that came at once; None stands for a verdict that is in."""


async def heard_of(model: Model, call: Call, gate: Gate) -> AsyncGenerator[Heard, None]:
    """Yield the events of *call*, and None whenever a judge of *gate* has spoken; the reply is last.

    Closing this closes the call.
    """
    # A model keeps the deadline itself; the margin lets its own word for it come first.
    seconds = call.deadline + min(0.25, call.deadline / 4)
    async with aclosing(batches_of(model, call)) as source:
        found = _judged(source, gate, seconds) if gate.judges else _plain(source, seconds)
        try:
            async with aclosing(found):
                async for heard in found:
                    yield heard
        except TimeoutError:
            detail = f"no answer within {call.deadline:g} s"
            yield (Reply(status="timeout", detail=detail, seconds=call.deadline),)


async def _plain(source: Batches, seconds: float) -> AsyncGenerator[Heard, None]:
    alarm = _Alarm(seconds)
    try:
        while True:
            try:
                heard = await alarm.next(source)
            except StopAsyncIteration:
                return
            yield heard
    finally:
        alarm.close()


async def _judged(source: Batches, gate: Gate, seconds: float) -> AsyncGenerator[Heard, None]:
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    coming = asyncio.ensure_future(anext(source))
    try:
        while True:
            verdicts = [one.waiting for one in gate.judges]
            waits: set[asyncio.Future[object]] = {
                cast("asyncio.Future[object]", one) for one in (coming, *verdicts) if one
            }
            done, _ = await asyncio.wait(
                waits,
                timeout=max(until - loop.time(), 0.0),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not done:
                raise TimeoutError
            if any(one.done() for one in verdicts if one):
                yield (None,)
            if coming.done():
                try:
                    heard = coming.result()
                except StopAsyncIteration:
                    return
                coming = asyncio.ensure_future(anext(source))
                yield heard
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


class _Alarm:
    """One deadline over many waits of a generator: a timer for all of them costs less than one each."""

    def __init__(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._ring)
        self._waiting: asyncio.Task[object] | None = None
        self._rung = False

    def rung(self) -> bool:
        """Whether the time is over."""
        return self._rung

    async def next(self, source: Batches) -> Sequence[Event]:
        """Return what *source* yields next.

        Raises:
            TimeoutError: the time is over.
            StopAsyncIteration: there is no more.
        """
        if self.rung():
            raise TimeoutError
        self._waiting = task = asyncio.current_task()
        try:
            return await anext(source)
        except asyncio.CancelledError:
            # Somebody else may have cancelled as well: then it is theirs.
            if self.rung() and task is not None and task.uncancel() <= 0:
                raise TimeoutError from None
            raise
        finally:
            self._waiting = None

    def close(self) -> None:
        """Stop the timer."""
        self._timer.cancel()

    def _ring(self) -> None:
        self._rung = True
        if self._waiting is not None:
            self._waiting.cancel()
