"""Virtual time: an event loop in which sleeping takes no time, for loads of invented partners.

Their times are simulated ones anyway; waiting for them would only add this machine's own delays.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import TypeVar

T = TypeVar("T")


class _Skipping(selectors.SelectSelector):
    """Where a loop would wait for time to pass, the time is added up."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None:
            self.now += max(0.0, timeout)
        return super().select(0 if timeout is not None else None)


def played(scene: Callable[[Callable[[], float]], Coroutine[object, object, T]]) -> T:
    """Return what *scene* returns; it is given the clock of a loop in which only it waits."""
    selector = _Skipping()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    try:
        return loop.run_until_complete(scene(loop.time))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
