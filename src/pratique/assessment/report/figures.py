"""Figures of a report: each finding with its outcomes, tokens, cost and run, before any layout."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from pratique import __version__
from pratique.assessment.decisions import Assessment
from pratique.assessment.findings import Finding
from pratique.assessment.identity import Seen
from pratique.assessment.pictures import Point
from pratique.assessment.planning import Plan
from pratique.assessment.selection import Selection
from pratique.assessment.summary import judging_words
from pratique.evals.cells import Cell
from pratique.evals.trends import Trend, trends
from pratique.partners.catalogue import Candidate
from pratique.partners.contract import Usage
from pratique.partners.spend import cost, price_of

_OURS = frozenset({"rules", "llama", "ocr"})
"""Engines that run in our own process, which no partner bills."""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What the answers of one run cost: price times tokens."""

    amount: float | None
    """The sum; None where no price is known, which is not the same as nothing."""
    currency: str
    """Currency; empty where there is no amount, or nobody bills it."""
    basis: str
    """How it was counted, or why it could not be."""

    @property
    def text(self) -> str:
        """The cost for people."""
        if self.amount is None:
            return "no price known"
        return f"{self.amount:.4g} {self.currency}" if self.currency else "none"


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What an earlier assessment found of the same candidate on the same suite."""

    assessment: str
    """Assessment."""
    finding: Finding
    """What it found."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One finding with everything that a reader asks of it."""

    finding: Finding
    """The finding."""
    judging: str
    """What judges and people did for it; empty where checks alone decide."""
    simulated: bool
    """Whether the partner is invented."""
    outcomes: Mapping[str, int]
    """How many samples came to each outcome."""
    input_tokens: int
    """Tokens read."""
    output_tokens: int
    """Tokens written."""
    cost: Cost
    """What they cost."""
    trace: Sequence[Point]
    """The interval after each sample."""
    trends: Sequence[Trend]
    """The field's own metrics, never for a verdict."""
    past: Sequence[Past]
    """What was found before, oldest first; this assessment is the last of them."""


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a report holds, except the samples themselves."""

    version: str
    """Version of the product that wrote it."""
    id: str
    """Assessment."""
    assessment: Assessment
    """What was found."""
    about: str
    """What the standard is for."""
    calls: int
    """Calls made."""
    full_calls: int
    """Calls that full runs take."""
    costs: Mapping[str, float]
    """What it cost by currency, as far as prices are known; never added across currencies."""
    unpriced: int
    """Findings of which the cost is not known."""
    rows: Sequence[Row]
    """The findings."""
    selection: Selection | None
    """Who serves, where that was decided on these findings."""
    signs: Sequence[Seen]
    """Signs that another model answered than before."""


def reported(
    planned: Plan,
    assessment: Assessment,
    when: datetime,
    selection: Selection | None = None,
    history: Sequence[Assessment] = (),
    signs: Sequence[Seen] = (),
) -> Reported:
    """Return what the report of *assessment* holds, priced as of *when*.

    A *selection* that rests on another assessment is left out, since its reasons would not fit.
    """
    candidates = {one.name: one for one in planned.offer.candidates}
    earlier = [one for one in history if one.id != assessment.id]
    rows = [
        _row(planned, cell, one, candidates[one.candidate], when, [*earlier, assessment])
        for cell, one in zip(planned.cells, assessment.findings, strict=True)
    ]
    costs: dict[str, float] = {}
    for row in rows:
        if row.cost.amount is not None and row.cost.currency:
            costs[row.cost.currency] = costs.get(row.cost.currency, 0.0) + row.cost.amount
    return Reported(
        version=__version__,
        id=assessment.id,
        assessment=assessment,
        about=planned.standard.about,
        calls=sum(one.calls for one in assessment.findings),
        full_calls=planned.full_calls,
        costs=costs,
        unpriced=sum(row.cost.amount is None for row in rows),
        rows=rows,
        selection=selection if selection and selection.assessment == assessment.id else None,
        signs=signs,
    )


def _row(
    planned: Plan,
    cell: Cell,
    one: Finding,
    candidate: Candidate,
    when: datetime,
    history: Sequence[Assessment],
) -> Row:
    results = list(cell.results.values())
    read = sum(result.input_tokens for result in results)
    written = sum(result.output_tokens for result in results)
    asked = sum(result.asked for result in results)
    return Row(
        finding=one,
        judging=judging_words(one),
        simulated=candidate.partner.simulated,
        outcomes=dict(sorted(Counter(result.outcome for result in results).items())),
        input_tokens=read,
        output_tokens=written,
        cost=_cost(candidate, asked, read, written, when),
        trace=planned.judge.trace(cell),
        trends=trends(cell),
        past=_past(one, history),
    )


def _cost(candidate: Candidate, asked: int, read: int, written: int, when: datetime) -> Cost:
    if candidate.model.engine in _OURS:
        return Cost(amount=0.0, currency="", basis="runs in this process; no partner bills it")
    price = price_of(candidate.model.prices, read // asked, when) if asked else None
    if price is None:
        return Cost(amount=None, currency="", basis="the catalogue names no price for such calls")
    amount = cost(price, Usage(input_tokens=read, output_tokens=written))
    basis = (
        f"{read} tokens in at {price.input} and {written} out at {price.output}"
        f" {price.currency} a million, for a call of mean length at {when:%Y-%m-%d %H:%M} UTC;"
        f" price of {price.as_of}, {price.source}"
    )
    return Cost(amount=amount, currency=price.currency, basis=basis)


def _past(one: Finding, history: Sequence[Assessment]) -> list[Past]:
    key = (one.feature, one.locale, one.candidate, one.suite_id, one.metric)
    return [
        Past(assessment=taken.id, finding=found)
        for taken in history
        for found in taken.findings
        if (found.feature, found.locale, found.candidate, found.suite_id, found.metric) == key
    ]
