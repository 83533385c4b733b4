"""Spending: what an assessment may come to, and what it is going to take."""

from collections.abc import Mapping, Sequence

from pratique.assessment.candidates import Offer
from pratique.assessment.decisions import all_assessments
from pratique.assessment.outlook import Outlook, expected
from pratique.assessment.planning import Plan
from pratique.assessment.remembered import without_calls
from pratique.errors import Malformed, NotFound
from pratique.evals.budget import Budget, Tariff
from pratique.partners.catalogue import Candidate
from pratique.workspace.opened import Opened


def tariffs(offered: Offer) -> dict[str, Tariff]:
    """Return what calls of each candidate of *offered* come to."""
    return {one.name: Tariff(one.model) for one in offered.candidates}


def require_known(
    offered: Offer,
    budget: Budget,
    at_once: Mapping[str, int],
    judges: Sequence[Candidate] = (),
) -> None:
    """Refuse a bound on money that a candidate's unknown price could pass, or on nobody's calls.

    Raises:
        Malformed: names the candidate of which no price in a bounded currency is known.
        NotFound: names the partner that is no candidate.
    """
    partners = {one.partner.id for one in offered.candidates}
    for partner in at_once:
        if partner not in partners:
            raise NotFound(
                f"no candidate is of partner `{partner}`", hint=f"partners: {', '.join(partners)}"
            )
    if not budget.money:
        return
    for one in (*offered.candidates, *judges):
        currencies = {price.currency for price in one.model.prices}
        unbounded = currencies - set(budget.money)
        if one.model.engine == "remote" and (not currencies or unbounded):
            known = (
                f"its prices are in {', '.join(sorted(unbounded))}"
                if unbounded
                else "none is known"
            )
            raise Malformed(
                f"a budget in {', '.join(budget.money)} cannot hold `{one.name}`: {known}",
                hint="name an amount for each currency, add `[[models.prices]]` to the partner's"
                " file, or take the candidate out of `markets/*.toml`",
            )


def outlook(opened: Opened, planned: Plan) -> Outlook:
    """Return what *planned* is going to take, without a call: what was kept is taken in first.

    A cell that has outcomes goes on at its own rate; else an earlier finding about the same
    candidate gives the rate; else every rate is as likely.
    """
    without_calls(opened, planned)
    with opened.database.connect() as connection:
        earlier = {
            (one.feature, one.locale, one.candidate, one.suite_id): one
            for made in all_assessments(connection)
            if made.market == planned.offer.market.id
            for one in made.findings
        }
    judge, costs = planned.judge, tariffs(planned.offer)
    cells = []
    for cell in planned.cells:
        key = (cell.key.feature, cell.key.locale, cell.key.candidate, cell.suite.id)
        samples, basis = judge.needed(cell), "kept outcomes" if cell.observed else "the bar alone"
        if not cell.observed and key in earlier and earlier[key].samples:
            samples, basis = judge.needed_at(cell, earlier[key].estimate), "an earlier finding"
        cells.append(
            expected(
                cell,
                bar=judge.bar(cell),
                samples=samples,
                basis=basis,
                open_=judge.decision(cell) == "undecided",
                tariff=costs[cell.key.candidate],
            )
        )
    unpriced = tuple(
        one.name
        for one in planned.offer.candidates
        if one.model.engine == "remote" and not one.model.prices
    )
    return Outlook(cells=tuple(cells), unpriced=unpriced)
