"""Hedging: a second request to the same model where the first is slow to begin; the first piece wins."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import cast

import msgspec

from pratique.partners.contract import Call, Event, Model, Reply, Thought


class Hedged:
    """A model that is asked a second time after a while without a word. The slower call is closed.

    Both calls cost; how long *after* is comes from a measured percentile, and the operator allows it.
    """

    def __init__(self, model: Model, after: float) -> None:
        self._model = model
        self._after = after
        self.name = model.name
        self.concurrency = model.concurrency

    async def complete(self, call: Call) -> Reply:
        """Make *call*, twice at most, and return the reply that is in first."""
        first = asyncio.ensure_future(self._model.complete(call))
        calls = [first]
        try:
            await asyncio.wait(calls, timeout=self._after)
            if not first.done():
                calls.append(asyncio.ensure_future(self._model.complete(self._left(call))))
            done, _ = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
            return next(one for one in calls if one in done).result()
        finally:
            await _given_up(calls)

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        """Make *call*, twice at most, and yield what the one says that spoke first."""
        sources = [_opened(self._model, call)]
        coming = [asyncio.ensure_future(_spoken(sources[0]))]
        try:
            await asyncio.wait(coming, timeout=self._after)
            if not coming[0].done():
                sources.append(_opened(self._model, self._left(call)))
                coming.append(asyncio.ensure_future(_spoken(sources[1])))
            done, _ = await asyncio.wait(coming, return_when=asyncio.FIRST_COMPLETED)
            won = next(at for at, one in enumerate(coming) if one in done)
            await _given_up([one for one in coming if one is not coming[won]])
            for source in sources:
                if source is not sources[won]:
                    await source.aclose()
            yield coming[won].result()
            async for event in sources[won]:
                yield event
        finally:
            await _given_up(coming)
            for source in sources:
                await source.aclose()

    def _left(self, call: Call) -> Call:
        return msgspec.structs.replace(call, deadline=max(call.deadline - self._after, 0.0))


def _opened(model: Model, call: Call) -> AsyncGenerator[Event, None]:
    return cast(AsyncGenerator[Event, None], model.stream(call))


async def _spoken(source: AsyncGenerator[Event, None]) -> Event:
    """Return the first piece or the reply; a thought is no word yet."""
    async for event in source:
        if not isinstance(event, Thought):
            return event
    return Reply(status="unavailable", detail="the stream ended without a reply")


async def _given_up(
    calls: Sequence[asyncio.Future[Reply]] | Sequence[asyncio.Future[Event]],
) -> None:
    for one in calls:
        one.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
