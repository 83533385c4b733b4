"""The watch: one timer for all the waits of a call, which never ends anything but a wait."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


class Expired(Exception):
    """Nothing came in time."""


class Watch:
    """Ends a wait of the current task that lasts beyond a limit.

    Moving the limit costs an assignment: the timer looks when it rings, and goes on if the limit
    has moved. Outside a wait it never cancels, so the code that reads a stream is left alone.
    """

    __slots__ = ("_cancelling", "_loop", "_rung", "_task", "_timer", "_waiting", "limit")

    def __init__(self, seconds: float) -> None:
        """Ring in *seconds*, by the clock of the running loop."""
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[object] | None = None
        self._cancelling = 0
        self._waiting = False
        self._rung = False
        self.limit = self._loop.time() + seconds
        """When it rings, by that clock."""
        self._timer = self._loop.call_at(self.limit, self._ring)

    async def over(self, coming: Awaitable[T]) -> T:
        """Return what *coming* comes to.

        Raises:
            Expired: it did not come in time.
        """
        self.start()
        try:
            return await coming
        except asyncio.CancelledError:
            if self.expired():
                raise Expired from None
            raise
        finally:
            self._waiting = False

    def start(self) -> None:
        """Begin a wait.

        Raises:
            Expired: the limit has passed already.
        """
        if self._rung and self._loop.time() >= self.limit:
            raise Expired
        if self._rung:
            self._rung = False
            self._timer = self._loop.call_at(self.limit, self._ring)
        # Told the loop, it need not look for it: on Python 3.11 each look is a system call.
        task = asyncio.current_task(self._loop)
        if task is not self._task and task is not None:
            self._task, self._cancelling = task, task.cancelling()
        self._waiting = True

    def stop(self) -> None:
        """End a wait."""
        self._waiting = False

    def expired(self) -> bool:
        """Say whether it was this watch that cancelled the task, and take the cancellation back."""
        self._waiting = False
        if not self._rung or self._task is None:
            return False
        return self._task.uncancel() <= self._cancelling

    def close(self) -> None:
        """Let the timer go."""
        self._timer.cancel()

    def _ring(self) -> None:
        if self._loop.time() < self.limit:
            self._timer = self._loop.call_at(self.limit, self._ring)
            return
        self._rung = True
        if self._waiting and self._task is not None:
            self._task.cancel()
