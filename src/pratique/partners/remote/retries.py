"""Retries: whether a call may be tried again, and when; always inside its one deadline."""

import random
from collections.abc import Callable

from pratique.partners.causes import meanings
from pratique.partners.dialect import Cause

_MOST = {"never": 1, "once": 2, "backoff": 4}
"""Tries in all, by what the cause allows."""
_FIRST, _LONGEST = 0.5, 8.0
"""Seconds of the first wait without a word from the server, and of the longest."""


def wait_before_next(
    cause: Cause,
    attempts: int,
    retry_after: float | None,
    left: float,
    *,
    draw: Callable[[], float] = random.random,
) -> float | None:
    """Return the seconds to wait before the next try, or None if there must be none.

    The server's own delay is honoured in full, with up to a tenth more so that callers do not come
    back all at once; without one the wait doubles and is drawn evenly below that (full jitter:
    Brooker 2015). A wait that would not leave half a second before the deadline, *left* seconds
    from now, is not begun.
    """
    if attempts >= _MOST[meanings()[cause].retry]:
        return None
    if retry_after is not None:
        wait = retry_after * (1 + 0.1 * draw())
    else:
        wait = min(_LONGEST, _FIRST * 2 ** (attempts - 1)) * draw()
    return wait if wait + 0.5 <= left else None


def retry_after_of(seconds: str | None, milliseconds: str | None) -> float | None:
    """Return the delay that the headers `retry-after` and `retry-after-ms` ask for, in seconds.

    A date, or anything that is no number of seconds up to a day, says nothing.
    """
    for text, scale in ((milliseconds, 1000.0), (seconds, 1.0)):
        if text is None:
            continue
        try:
            delay = float(text) / scale
        except ValueError:
            continue
        if 0 <= delay <= 86_400:
            return delay
    return None
