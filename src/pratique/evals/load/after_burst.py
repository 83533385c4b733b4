"""After a burst: how long it takes until a partner answers as before."""

from collections.abc import Callable, Sequence

from pratique.evals.load.sent import Sent


def recovery_seconds(
    sent: Sequence[Sent], burst: int, met: Callable[[Sent], bool], steady: int
) -> float | None:
    """Return the seconds from the end of a burst to the first of *steady* requests in a row that *met*.

    The first *burst* of the requests are the burst. None means that no such row was seen.
    """
    if len(sent) <= burst or burst < 1:
        return None
    end, row = sent[burst - 1].due, list[Sent]()
    for one in sent[burst:]:
        row = [*row, one] if met(one) else []
        if len(row) == steady:
            return row[0].due - end
    return None
