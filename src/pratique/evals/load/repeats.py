"""Repeats: whether the same input meets with the same verdict of moderation each time."""

from collections.abc import Sequence

from pratique.evals.load.sent import Sent, Verdict


def repeats(sent: Sequence[Sent]) -> tuple[bool, ...]:
    """Return for each input asked about again whether the verdict was that of the time before.

    A request that failed has no verdict and is left to the share of errors.
    """
    last: dict[int, Verdict] = {}
    same = []
    for one in sorted(sent, key=lambda one: one.due):
        if one.verdict is None:
            continue
        if one.input in last:
            same.append(last[one.input] == one.verdict)
        last[one.input] = one.verdict
    return tuple(same)
