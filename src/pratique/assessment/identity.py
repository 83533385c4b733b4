"""Identity: signs that another model answers than the one that was approved.

Two kinds, which weigh differently. What a partner says itself, the name in its replies or a
fingerprint of what serves them, is evidence of **identity**: one reply is enough, and the feature
goes off. That the same questions are answered otherwise, or less well, is **drift**: a statistic,
with a bounded rate of false alarms, which calls for a confirming run and no more.
"""

import math
from collections.abc import Iterable, Sequence, Set
from typing import Literal

import msgspec
from sqlalchemy import Connection

from pratique.assessment.findings import Finding
from pratique.assessment.releases import Series
from pratique.errors import Malformed
from pratique.evals.outcomes import Result, results_of
from pratique.evals.sightings import Sighting, sightings_of
from pratique.evals.statistics.detector import Detector

Kind = Literal["identity", "drift"]

USUAL_CHANGE = 0.05
"""Share of answers that may change at temperature 0 though nothing was swapped, since servers batch
calls. A bound to be declared, not a figure of anyone's: ask the same twice in an hour to have yours."""

ALPHA = 0.001
"""Chance of a false sign in one comparison of answers."""

SCORE_ALPHA = 0.0001
"""One false alarm in at least 1/SCORE_ALPHA scores, on average."""


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """One sign that something was swapped."""

    kind: Kind
    """What it is evidence of."""
    what: Literal["model", "fingerprint", "answers", "scores"]
    """Where it was seen."""
    seen: int
    """Replies, answers or scores that show it."""
    of: int
    """Of how many."""
    says: str
    """What was seen, in one sentence without content."""


def named_otherwise(approved: str, sightings: Iterable[Sighting]) -> tuple[Sign, ...]:
    """Return a sign for each name other than *approved* that replies gave; one that is silent says nothing."""
    named = [one.model for one in sightings if one.model]
    return tuple(
        Sign(
            kind="identity",
            what="model",
            seen=named.count(other),
            of=len(named),
            says=f"{named.count(other)} of {len(named)} replies name `{other}`, not `{approved}`",
        )
        for other in sorted(set(named) - {approved})
    )


def fingerprint_changed(sightings: Sequence[Sighting]) -> Sign | None:
    """Return a sign where the last fingerprint was not there in the first half of *sightings*.

    A fleet has several at a time, so that another one is drift; only a name is identity.
    """
    prints = [one.fingerprint for one in sightings if one.fingerprint]
    if len(prints) < 2:
        return None
    before, after = prints[: len(prints) // 2], prints[len(prints) // 2 :]
    new = [one for one in after if one not in before]
    if not new:
        return None
    says = f"{len(new)} of the last {len(after)} replies have a fingerprint not seen before"
    return Sign(kind="drift", what="fingerprint", seen=len(new), of=len(after), says=says)


def replies_changed(connection: Connection, digest: str) -> tuple[Sign, ...]:
    """Return what all kept replies to the variant of *digest* show, by what they say of themselves.

    The approved name is the one that its first reply gave: partners answer to an alias with the
    name of what is behind it, so that only a change tells of a swap.
    """
    seen = sightings_of(connection, digest)
    first = next((one.model for one in seen if one.model), "")
    other = fingerprint_changed(seen)
    return (*named_otherwise(first, seen), *([other] if other else []))


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A sign that something was swapped, with where it was seen."""

    candidate: str
    """`partner/model`."""
    feature: str
    """Feature."""
    locale: str
    """Locale."""
    digest: str
    """Digest of the variant."""
    sign: Sign
    """What was seen."""

    @property
    def text(self) -> str:
        """The sign for people."""
        where = f"{self.candidate} on {self.feature} {self.locale}"
        return f"{self.sign.kind}: {where}: {self.sign.says}"


def signs_about(connection: Connection, findings: Iterable[Finding]) -> tuple[Seen, ...]:
    """Return what the kept replies of each variant in *findings* show, each variant once."""
    variants = {one.digest: one for one in findings}
    return tuple(
        Seen(
            candidate=one.candidate,
            feature=one.feature,
            locale=one.locale,
            digest=digest,
            sign=sign,
        )
        for digest, one in variants.items()
        for sign in replies_changed(connection, digest)
    )


def answers_changed(
    earlier: Sequence[Result],
    later: Sequence[Result],
    *,
    usual: float = USUAL_CHANGE,
    alpha: float = ALPHA,
) -> Sign | None:
    """Return a sign where more answers to the same samples changed than *usual* explains.

    For runs of one and the same variant at temperature 0. By the binomial tail, which is exact for
    answers that change independently with at most that chance. Samples whose call failed on
    either side say nothing of who answered and are left out of this comparison (of no verdict).

    Raises:
        Malformed: *usual* or *alpha* is not between 0 and 1.
    """
    for name, value in (("usual", usual), ("alpha", alpha)):
        if not 0 < value < 1:
            raise Malformed(f"`{name}` is {value:g}, must be between 0 and 1")
    before = {one.sample_id: one.draft for one in earlier if one.outcome != "failed"}
    both = [one for one in later if one.outcome != "failed" and one.sample_id in before]
    changed = sum(one.draft != before[one.sample_id] for one in both)
    if not both or _at_least(changed, len(both), usual) > alpha:
        return None
    says = (
        f"{changed} of {len(both)} answers to the same samples changed, where {usual:.0%} are usual"
    )
    return Sign(kind="drift", what="answers", seen=changed, of=len(both), says=says)


def scores_sank(
    scores: Sequence[float], floor: float, *, alpha: float = SCORE_ALPHA
) -> Sign | None:
    """Return a sign where *scores*, in their order, have sunk beneath *floor* (see `Detector`)."""
    detector = Detector(floor, alpha)
    if not detector.extend(scores) or detector.alarm is None:
        return None
    says = (
        f"scores sank beneath {floor:.1%}, most likely after {detector.began} of {len(scores)};"
        f" alarm after {detector.alarm}"
    )
    seen = detector.alarm - detector.began
    return Sign(kind="drift", what="scores", seen=seen, of=len(scores), says=says)


def signs_in(connection: Connection, series: Series, steady: Set[str]) -> tuple[Sign, ...]:
    """Return what replies say of themselves, and what the last two runs of one variant show.

    *steady* are the digests of variants that are asked at temperature 0: of others a changed
    answer says nothing.

    A variant's digest names the model's snapshot. Where only the name pins it, the partner may put
    another model behind it, and this is where it shows.
    """
    days = series.by_day
    told = replies_changed(connection, days[-1].finding.digest) if days else ()
    if len(days) < 2 or days[-1].finding.digest != days[-2].finding.digest:
        return told
    before, last = days[-2].finding, days[-1].finding
    kept = results_of(connection, [before.run_id, last.run_id])
    found = [
        answers_changed(kept[before.run_id], kept[last.run_id]) if last.digest in steady else None,
        scores_sank([float(one.passed) for one in kept[last.run_id]], before.low)
        if 0 < before.low < 1 and last.truth == "population"
        else None,
    ]
    return (*told, *(one for one in found if one is not None))


def _at_least(count: int, of: int, chance: float) -> float:
    """Return the chance of *count* or more among *of* independent draws that each have this *chance*."""
    tail = 0.0
    for n in range(count, of + 1):
        logarithm = (
            math.lgamma(of + 1)
            - math.lgamma(n + 1)
            - math.lgamma(of - n + 1)
            + n * math.log(chance)
            + (of - n) * math.log1p(-chance)
        )
        tail += math.exp(logarithm)
    return min(1.0, tail)
