"""Pace: how many calls a partner gets at once, by what it says of its own load.

Additive increase, multiplicative decrease (Chiu and Jain 1989), as networks share a line: one
more place for each round of calls that it took, half of the places when it turned one away.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

PUSHED_BACK = frozenset({"rate_limited", "overloaded"})
"""Replies that ask for fewer calls."""


class Pace:
    """Places for calls to one partner: never more than *ceiling*, fewer while it asks for fewer."""

    def __init__(
        self,
        ceiling: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.ceiling = ceiling
        self.limit = float(ceiling)
        self.in_flight = 0
        self.turned_away = 0
        self._clock, self._sleep = clock, sleep
        self._not_before = 0.0
        self._begun = 0
        self._halved_at = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[int]:
        """Wait for a place and for the delay that the partner named; gives the call's number."""
        await self._entered()
        try:
            yield self._begun
        finally:
            self.in_flight -= 1
            self._wake()

    def note(self, number: int, *, pushed_back: bool, retry_after: float | None) -> None:
        """Take in what the call with this *number* came to.

        Calls that were under way when the places were halved tell nothing new: they do not halve
        them again.
        """
        if not pushed_back:
            self.limit = min(float(self.ceiling), self.limit + 1.0 / self.limit)
            self._wake()
            return
        self.turned_away += 1
        if retry_after is not None:
            self._not_before = max(self._not_before, self._clock() + retry_after)
        if number > self._halved_at:
            self.limit = max(1.0, self.limit / 2.0)
            self._halved_at = self._begun

    async def rested(self) -> None:
        """Wait out the delay that the partner named, keeping the place."""
        while (wait := self._not_before - self._clock()) > 0.0:
            await self._sleep(wait)

    async def _entered(self) -> None:
        while True:
            wait = self._not_before - self._clock()
            if wait > 0.0:
                await self._sleep(wait)
            elif self.in_flight < int(self.limit):
                self.in_flight += 1
                self._begun += 1
                return
            else:
                free = asyncio.get_running_loop().create_future()
                self._waiting.append(free)
                await free

    def _wake(self) -> None:
        for _ in range(min(len(self._waiting), int(self.limit) - self.in_flight)):
            free = self._waiting.popleft()
            if not free.done():
                free.set_result(None)
