"""Standing: what is known of a batch: who gave back, how far raters agree, what is settled."""

from collections.abc import Mapping, Sequence

import msgspec

from pratique.errors import NotAllowed
from pratique.evals.ratings.batches import Batch, disputed_items
from pratique.evals.ratings.drawing import key_of
from pratique.evals.ratings.table import Rating
from pratique.evals.statistics.agreement import Agreement, agreement
from pratique.evals.statistics.orders import Judged, OrderEffect, order_effect
from pratique.evals.statistics.sequences import ConfidenceSequence

ALPHA = 0.05
"""Error of the intervals shown."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one batch."""

    batch: str
    """The batch."""
    kind: str
    """What its items are."""
    items: int
    """Items to rate."""
    given: tuple[str, ...]
    """Raters whose sheets came back."""
    awaited: tuple[str, ...]
    """Raters whose sheets did not."""
    agreement: Agreement | None
    """How far they agree; None before two sheets came back."""
    disputed: int
    """Items on which raters differ."""
    decided: int
    """Of these, items on which somebody decided."""
    settled: int
    """Items with one rating: agreed on by all raters, or decided."""


class Rated(msgspec.Struct, frozen=True, kw_only=True):
    """What people's ratings come to, once each item is settled."""

    run: str
    """The run."""
    candidate: str
    """Who answered it."""
    against: str | None
    """The other run of a pair."""
    other: str | None
    """Who answered that."""
    share: float
    """Mean share from 0 to 1; of a pair, how often this run is better, a tie counting half."""
    low: float
    """Lower end of its anytime-valid 95 % interval."""
    high: float
    """Upper end."""
    samples: int
    """Samples drawn: what was rated, and what had no answer to rate."""
    unanswered: int
    """Of these, samples without an answer (of one of the two)."""
    order: OrderEffect | None
    """Of a pair, whether raters favoured what they were shown first."""


def given_by(ratings: Sequence[Rating]) -> dict[str, dict[str, int]]:
    """Return what raters gave, by item and rater; decisions stand apart."""
    found: dict[str, dict[str, int]] = {}
    for one in ratings:
        if one.role == "rater":
            found.setdefault(one.item, {})[one.rater] = one.value
    return found


def standing_of(batch: Batch, ratings: Sequence[Rating]) -> Standing:
    """Return what is known of *batch* from all its *ratings*."""
    given = given_by(ratings)
    back = tuple(r for r in batch.raters if any(r in one for one in given.values()))
    rows = [[given.get(i.id, {}).get(rater) for rater in batch.raters] for i in batch.items]
    disputed = disputed_items(given)
    decided = {one.item for one in ratings if one.role == "decides"}
    return Standing(
        batch=batch.id,
        kind=batch.kind,
        items=len(batch.items),
        given=back,
        awaited=tuple(rater for rater in batch.raters if rater not in back),
        agreement=agreement(rows, level="ordinal") if len(back) > 1 else None,
        disputed=len(disputed),
        decided=len(decided),
        settled=len(settled_values(batch, ratings)),
    )


def settled_values(batch: Batch, ratings: Sequence[Rating]) -> Mapping[str, int]:
    """Return the one rating of each item on which all raters agree or somebody decided."""
    decided = {one.item: one.value for one in ratings if one.role == "decides"}
    agreed = {
        item: next(iter(given.values()))
        for item, given in given_by(ratings).items()
        if len(given) == len(batch.raters) and len(set(given.values())) == 1
    }
    return {**agreed, **decided}


def rated(batch: Batch, ratings: Sequence[Rating]) -> Rated:
    """Return what the ratings of a batch of runs come to, its key opened.

    Raises:
        NotAllowed: an item is not settled yet: the key stays closed until then.
    """
    values = settled_values(batch, ratings)
    if len(values) < len(batch.items):
        raise NotAllowed(
            f"{len(batch.items) - len(values)} of {len(batch.items)} items of `{batch.id}` are open",
            hint="wait for the sheets, then `pratique rate adjudicate`; whose answers they are stays sealed",
        )
    key = key_of(batch)
    judged = {item.id: _judged(batch, item.sealed, values[item.id]) for item in batch.items}
    shares = [key.fixed[name] if name in key.fixed else judged[name].score for name in key.drawn]
    sequence = ConfidenceSequence(ALPHA)
    sequence.add_many(shares)
    in_order = [judged[name] for name in key.drawn if name in judged]
    return Rated(
        run=key.run,
        candidate=key.candidate,
        against=key.against,
        other=key.other,
        share=sum(shares) / len(shares),
        low=sequence.low,
        high=sequence.high,
        samples=len(shares),
        unanswered=len(key.fixed),
        order=order_effect(in_order, ALPHA) if key.against is not None else None,
    )


def _judged(batch: Batch, sealed: Mapping[str, object], value: int) -> Judged:
    """Return a rating as a share of this run, and whether it was shown first."""
    low, high = batch.grades[0].value, batch.grades[-1].value
    share = (value - low) / (high - low)
    if batch.kind != "pair":
        return Judged(True, share)
    a_first = bool(sealed["a_first"])
    # The lowest grade of a pair says that the first one is better.
    return Judged(a_first, 1.0 - share if a_first else share)
