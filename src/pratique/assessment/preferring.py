"""Preferring: which of two answers to the same request a judge of pairs finds better.

It is told beside a pair's verdict and decides nothing: what is passed decides. The order of each
pair is drawn by lot and tested for bias, and the share is given with lengths taken out.
"""

import asyncio
from collections.abc import Sequence

import msgspec

from pratique.evals.cells import Cell
from pratique.evals.judges.bench import Bench
from pratique.evals.judges.judging import Judgement
from pratique.evals.judges.panel import Panel
from pratique.evals.judges.rubrics import Rubric
from pratique.evals.outcomes import Result
from pratique.evals.ratings.drawing import answer_text, request_text
from pratique.evals.statistics.lengths import LengthControlled, length_controlled
from pratique.evals.statistics.orders import OrderEffect, order_effect

AT_ONCE = 16
"""Pairs that are with the judge at once."""


class Preference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a judge prefers, as the share of B, the challenger."""

    judge: str
    """`partner/model`."""
    rubric: str
    """Rubric with its revision."""
    pairs: int
    """Pairs in which both had an answer and the judge said something."""
    failed: int
    """Pairs of which no judgement came."""
    left: int
    """Pairs for which the budget had no room."""
    calls: int
    """Calls of the judge."""
    order: OrderEffect | None
    """B's share as the mean over both orders, and whether the order had an effect."""
    length: LengthControlled | None
    """B's share as it would be were both answers equally long."""

    @property
    def text(self) -> str:
        """The preference for people."""
        if self.order is None or self.length is None:
            return f"`{self.judge}` judged no pair"
        bias = "order bias shown" if self.order.finding == "biased" else "no order bias shown"
        return (
            f"`{self.judge}` prefers the challenger in {self.order.share:.1%} of {self.pairs} pairs"
            f" ({self.order.low:.1%} – {self.order.high:.1%}), {bias}; with equal lengths"
            f" {self.length.share:.1%} ({self.length.low:.1%} – {self.length.high:.1%})"
        )


async def preference(
    bench: Bench, panel: Panel, rubric: Rubric, own: Cell, other: Cell, samples: int
) -> Preference:
    """Return which answers the cheap judge of *panel* prefers over the first *samples*.

    own: A's cell; other: B's. What was judged before is not asked again.
    """
    both = [
        (own.results[at], other.results[at])
        for at in range(samples)
        if at in own.results and at in other.results
    ]
    answered = [one for one in both if one[0].output is not None and one[1].output is not None]
    gate = asyncio.Semaphore(AT_ONCE)

    async def judged(one: tuple[Result, Result]) -> Judgement | None:
        first, second = one
        sample = own.order[first.position]
        words = (request_text(sample.input), answer_text(second), answer_text(first))
        async with gate:
            return await bench.preferred(
                panel.cheap, rubric, own.key.locale, own.key.seed, sample.id, words
            )

    found = await asyncio.gather(*(judged(one) for one in answered))
    return _told(panel, rubric, answered, found)


def _told(
    panel: Panel,
    rubric: Rubric,
    answered: Sequence[tuple[Result, Result]],
    found: Sequence[Judgement | None],
) -> Preference:
    made = [one for one in found if one is not None]
    judged = [one.judged for one in made if one.judged is not None]
    lengths = [
        (len(answer_text(second)), len(answer_text(first)))
        for (first, second), one in zip(answered, found, strict=True)
        if one is not None and one.judged is not None
    ]
    controlled = None
    if judged:
        controlled = length_controlled(
            [one.score for one in judged],
            [own for own, _ in lengths],
            [other for _, other in lengths],
        )
    return Preference(
        judge=panel.cheap.name,
        rubric=f"{rubric.id}@{rubric.revision}",
        pairs=len(judged),
        failed=len(made) - len(judged),
        left=len(found) - len(made),
        calls=sum(one.calls for one in made),
        order=order_effect(judged) if judged else None,
        length=controlled,
    )
