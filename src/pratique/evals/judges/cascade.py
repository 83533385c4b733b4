"""The cascade: what can be checked first, a cheap judge next, a strong one or a person last.

An answer goes up only where the tiers below leave it open: the cheap judge failed, is unsure, or
contradicts a check that says the target was met. A failed check settles it: nobody is called.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Literal, Protocol

import msgspec

from pratique.evals.judges.judging import Judgement
from pratique.evals.scorers.target import Score

Tier = Literal["check", "cheap", "strong", "person"]
"""Who settled an answer; `person` where it waits for one."""


class Judge(Protocol):
    """Somebody who judges one answer."""

    async def judge(self, request: str, answer: str) -> Judgement:
        """Return a judgement of *answer* to *request*."""
        ...


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one answer."""

    tier: Tier
    """Who settled it."""
    checked: bool
    """Whether there was anything to check."""
    score: Score | None
    """What was found; None while it waits for a person."""
    judgements: tuple[tuple[Tier, Judgement], ...]
    """Every judgement that was made on the way."""
    why: str
    """Why it went up; empty where the first tier that looked settled it."""


class TierCount(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the work one tier did."""

    tier: Tier
    """The tier."""
    looked: int
    """Answers that it looked at."""
    settled: int
    """Answers that it settled; of `person`, answers that wait for one."""
    calls: int
    """Calls of a model."""
    failed: int
    """Of its judgements, those that were none."""


class Cascade:
    """Settles answers at the cheapest tier that can."""

    def __init__(self, cheap: Judge, strong: Judge | None = None) -> None:
        """Use *cheap* first and *strong* where it leaves an answer open; without it, a person."""
        self._cheap = cheap
        self._strong = strong

    async def settle(self, request: str, answer: str, check: Score | None) -> Settled:
        """Return what is found of *answer*; *check* is what could be checked, None if nothing."""
        if check is not None and not check.met:
            return Settled(tier="check", checked=True, score=check, judgements=(), why="")
        checked = check is not None
        cheap = await self._cheap.judge(request, answer)
        open_because = _left_open(cheap, check)
        if not open_because:
            return Settled(
                tier="cheap",
                checked=checked,
                score=cheap.score,
                judgements=(("cheap", cheap),),
                why="",
            )
        made: tuple[tuple[Tier, Judgement], ...] = (("cheap", cheap),)
        if self._strong is None:
            return Settled(
                tier="person", checked=checked, score=None, judgements=made, why=open_because
            )
        strong = await self._strong.judge(request, answer)
        made = (*made, ("strong", strong))
        if strong.status == "failed" or not strong.sure:
            what = "failed" if strong.status == "failed" else "is unsure"
            why = f"{open_because}; the strong judge {what}"
            return Settled(tier="person", checked=checked, score=None, judgements=made, why=why)
        return Settled(
            tier="strong", checked=checked, score=strong.score, judgements=made, why=open_because
        )


def _left_open(cheap: Judgement, check: Score | None) -> str:
    """Say why the cheap judge does not settle an answer, or an empty string."""
    if cheap.status == "failed":
        return "the cheap judge failed"
    if not cheap.sure:
        return "the cheap judge is unsure"
    if check is not None and check.met and not cheap.met:
        return "the cheap judge contradicts the check"
    return ""


def tiers(settled: Iterable[Settled]) -> tuple[TierCount, ...]:
    """Return how much of the work each tier did."""
    looked: Counter[Tier] = Counter()
    ended: Counter[Tier] = Counter()
    calls: Counter[Tier] = Counter()
    failed: Counter[Tier] = Counter()
    for one in settled:
        ended[one.tier] += 1
        looked["check"] += one.checked
        looked["person"] += one.tier == "person"
        for tier, judgement in one.judgements:
            looked[tier] += 1
            calls[tier] += judgement.calls
            failed[tier] += judgement.status == "failed"
    order: tuple[Tier, ...] = ("check", "cheap", "strong", "person")
    return tuple(
        TierCount(
            tier=tier,
            looked=looked[tier],
            settled=ended[tier],
            calls=calls[tier],
            failed=failed[tier],
        )
        for tier in order
    )
