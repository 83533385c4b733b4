"""Halt rules: what the counts of a release prove about its limits, at any look."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from pratique.evals.statistics.counts import Interval, interval_of, side_of
from pratique.rollout.tally import Counts
from pratique.settings.workspace import HaltRule, Signal

Verdict = Literal["pass", "fail", "undecided"]
"""Established as within the bound, established as beyond it, or neither yet."""


_WORDS: Mapping[int, Verdict] = {1: "fail", -1: "pass", 0: "undecided"}


class Judged(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One halt rule on one release, as of now."""

    signal: Signal
    """What is counted."""
    requests: int
    """Requests so far."""
    mean: float | None
    """Mean per request; less that of the control, if there is one. None before the first."""
    low: float
    """Lower end of its interval, valid at every look."""
    high: float
    """Upper end."""
    bound: float
    """What it must not exceed."""
    against: Literal["limit", "control"]
    """Whether the bound is a limit, or a gap to the release before."""
    verdict: Verdict
    """What is established."""

    @property
    def sentence(self) -> str:
        """The same for a person to read."""
        mean = "no request yet" if self.mean is None else f"{self.mean:.4g}"
        than = "the release before" if self.against == "control" else "the limit"
        return (
            f"{self.signal}: {mean} ({self.low:.4g} to {self.high:.4g}, {self.requests} requests)"
            f" against {self.bound:.4g}, {than}: {self.verdict}"
        )


def verdict_of(rule: HaltRule, counts: Counts, control: Counts, alpha: float) -> Verdict:
    """Return the verdict alone, as `judge` gives it: quick enough to be asked a million times."""
    if rule.limit is None:
        return judge(rule, counts, control, alpha).verdict
    least, most = _totals(rule, counts)
    bound = rule.limit / rule.most
    side = side_of(counts.requests, least / rule.most, bound, alpha)
    if side < 0 and most > least:
        # What is not known may be dear: only where it could not matter is the rule passed.
        return (
            "pass" if side_of(counts.requests, most / rule.most, bound, alpha) < 0 else "undecided"
        )
    return _WORDS[side]


def judge(rule: HaltRule, counts: Counts, control: Counts, alpha: float) -> Judged:
    """Return what *counts* prove about *rule*; wrong with probability *alpha* over all looks.

    *control* is what the release before came to; a gap to it is established when the two
    intervals, at half the error each, are that far apart.
    """
    against_limit = rule.limit is not None
    own = _interval(rule, counts, alpha if against_limit else alpha / 2)
    mean = _mean(rule, counts)
    if rule.limit is not None:
        low, high, bound = own.low, own.high, rule.limit
        verdict = verdict_of(rule, counts, control, alpha)
    else:
        other, before = _interval(rule, control, alpha / 2), _mean(rule, control)
        low, high, bound = own.low - other.high, own.high - other.low, rule.worse_by or 0.0
        mean = None if mean is None or before is None else mean - before
        verdict = "fail" if low > bound else "pass" if high <= bound else "undecided"
    return Judged(
        signal=rule.signal,
        requests=counts.requests,
        mean=mean,
        low=low,
        high=high,
        bound=bound,
        against="limit" if against_limit else "control",
        verdict=verdict,
    )


def _total(rule: HaltRule, counts: Counts) -> float:
    """Return the sum of the signal; one request counts for one complaint at most."""
    found: float = counts.seconds if rule.signal == "latency" else getattr(counts, rule.signal)
    return min(found, counts.requests * rule.most)


def _totals(rule: HaltRule, counts: Counts) -> tuple[float, float]:
    """Return the least and the most that the sum may be: what has no known cost is anything."""
    known = _total(rule, counts)
    if rule.signal != "spend" or not counts.unpriced:
        return known, known
    return known, min(known + counts.unpriced * rule.most, counts.requests * rule.most)


def _mean(rule: HaltRule, counts: Counts) -> float | None:
    known = counts.requests - (counts.unpriced if rule.signal == "spend" else 0)
    return _total(rule, counts) / known if known > 0 else None


def _interval(rule: HaltRule, counts: Counts, alpha: float) -> Interval:
    least, most = _totals(rule, counts)
    low = high = interval_of(counts.requests, least / rule.most, alpha)
    if most > least:
        high = interval_of(counts.requests, most / rule.most, alpha)
    return Interval(low.low * rule.most, high.high * rule.most)
