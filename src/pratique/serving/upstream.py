"""What a model says to one call, whole or as it comes, within the deadline."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import cast

from pratique.partners.contract import Call, Event, Model, Reply, batches_of, keeps_deadline
from pratique.partners.watch import Expired, Watch
from pratique.serving.gate import Gate

Batches = AsyncGenerator[Sequence[Event], None]
"""Events of a model, together what came at once."""

Heard = Sequence[Event | None]
"""Events of a model that came at once; None stands for a verdict that is in."""

Heards = AsyncGenerator[Heard, None]
"""All of a call."""


async def replied(model: Model, call: Call) -> Reply:
    """Return the reply to *call*; a time-out where the model does not keep the deadline itself."""
    if keeps_deadline(model):
        return await model.complete(call)
    watch = Watch(patience(call))
    try:
        return await watch.over(model.complete(call))
    except (TimeoutError, Expired):
        return late(call)
    finally:
        watch.close()


def patience(call: Call) -> float:
    """Return the seconds to wait for *call*.

    A model keeps the deadline itself; the margin lets its own word for it come first.
    """
    return call.deadline + min(0.25, call.deadline / 4)


def late(call: Call) -> Reply:
    """Return what counts as the reply where none came in time."""
    detail = f"no answer within {call.deadline:g} s"
    return Reply(status="timeout", detail=detail, seconds=call.deadline)


def heard_of(model: Model, call: Call, gate: Gate) -> Heards:
    """Yield the events of *call*, and None whenever a judge of *gate* has spoken; the reply is last.

    Closing this closes the call.
    """
    source = batches_of(model, call)
    if gate.judges:
        return _judged(source, call, gate)
    return source if keeps_deadline(model) else _watched(source, call)


async def _watched(source: Batches, call: Call) -> Heards:
    async with aclosing(source):
        watch = Watch(patience(call))
        try:
            while (heard := await watch.over(anext(source, None))) is not None:
                yield heard
        except (TimeoutError, Expired):
            yield (late(call),)
        finally:
            watch.close()


async def _judged(source: Batches, call: Call, gate: Gate) -> Heards:
    loop = asyncio.get_running_loop()
    until = loop.time() + patience(call)
    async with aclosing(source):
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
                    break
                if any(one.done() for one in verdicts if one):
                    yield (None,)
                if coming.done():
                    try:
                        heard = coming.result()
                    except StopAsyncIteration:
                        return
                    except TimeoutError:
                        break
                    coming = asyncio.ensure_future(anext(source))
                    yield heard
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
    yield (late(call),)
