"""Hedging: a second request to the same model where the first is slow to begin; the first piece wins.

How slow is told by the model itself: a percentile of its latest times to the first word, as in Dean
and Barroso, "The tail at scale", CACM 56(2), 2013.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import cast

import msgspec

from pratique.partners.contract import Call, Event, Model, Reply, Thought

LEAST = 100
"""Calls that must have been timed before any is hedged."""

_LATEST = 1000
"""Calls whose times are kept."""
_RENEWED = 20
"""Calls after which the percentile is read off anew."""


class Pace:
    """The latest times of one model to its first word, in seconds, and what follows from them."""

    def __init__(self, percentile: float) -> None:
        self._percentile = percentile
        self._times: deque[float] = deque(maxlen=_LATEST)
        self._hedged: deque[bool] = deque(maxlen=_LATEST)
        self._many = 0
        self._fresh = 0
        self._after: float | None = None

    def note(self, seconds: float, *, hedged: bool) -> None:
        """Take in one call; of a *hedged* one that the second try won, the time until then.

        That is less than the first try would have taken, but more than the percentile, which
        therefore stays what it is.
        """
        if len(self._hedged) == _LATEST:
            self._many -= self._hedged[0]
        self._many += hedged
        self._times.append(seconds)
        self._hedged.append(hedged)
        self._fresh += 1
        if len(self._times) >= LEAST and (self._after is None or self._fresh >= _RENEWED):
            self._fresh = 0
            ordered = sorted(self._times)
            self._after = ordered[math.ceil(len(ordered) * self._percentile / 100) - 1]

    @property
    def after(self) -> float | None:
        """Seconds without a word after which to ask again.

        None while too little is known, and where twice as many as meant were hedged of late: a
        partner in trouble is not helped by more calls.
        """
        if self._after is None:
            return None
        most = 2 * (1 - self._percentile / 100) * len(self._hedged)
        return self._after if self._many < most else None


class Hedged:
    """A model that is asked a second time after a percentile of its own times. The slower call is
    closed; both cost, so the operator allows it.
    """

    def __init__(self, model: Model, percentile: float) -> None:
        self._model = model
        self.whole = Pace(percentile)
        """Of answers that come in one piece."""
        self.begun = Pace(percentile)
        """Of streams, to their first piece."""
        self.name = model.name
        self.concurrency = model.concurrency

    async def complete(self, call: Call) -> Reply:
        """Make *call*, twice at most, and return the reply that is in first."""
        after, began = self.whole.after, time.monotonic()
        calls = [asyncio.ensure_future(self._model.complete(call))]
        try:
            await asyncio.wait(calls, timeout=after)
            if after is not None and not calls[0].done():
                calls.append(asyncio.ensure_future(self._model.complete(_left(call, after))))
            done, _ = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
            found = next(one for one in calls if one in done).result()
            # One that failed at once says nothing of the pace.
            if found.status == "ok":
                self.whole.note(time.monotonic() - began, hedged=len(calls) > 1)
            return found
        finally:
            await _given_up(calls)

    async def stream(self, call: Call) -> AsyncIterator[Event]:
        """Make *call*, twice at most, and yield what the one says that spoke first."""
        after, began = self.begun.after, time.monotonic()
        sources = [_opened(self._model, call)]
        coming = [asyncio.ensure_future(_spoken(sources[0]))]
        try:
            await asyncio.wait(coming, timeout=after)
            if after is not None and not coming[0].done():
                sources.append(_opened(self._model, _left(call, after)))
                coming.append(asyncio.ensure_future(_spoken(sources[1])))
            done, _ = await asyncio.wait(coming, return_when=asyncio.FIRST_COMPLETED)
            won = next(at for at, one in enumerate(coming) if one in done)
            await _given_up([one for one in coming if one is not coming[won]])
            for source in sources:
                if source is not sources[won]:
                    await source.aclose()
            first = coming[won].result()
            if not isinstance(first, Reply) or first.status == "ok":
                self.begun.note(time.monotonic() - began, hedged=len(coming) > 1)
            yield first
            async for event in sources[won]:
                yield event
        finally:
            await _given_up(coming)
            for source in sources:
                await source.aclose()


def _left(call: Call, after: float) -> Call:
    return msgspec.structs.replace(call, deadline=max(call.deadline - after, 0.0))


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
