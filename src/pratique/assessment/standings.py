"""Standings: what is known of a candidate beside its findings, gathered before anybody is chosen."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection, func, select

from pratique.assessment.findings import Finding
from pratique.evals.outcomes import outcomes
from pratique.partners.catalogue import Candidate
from pratique.partners.contract import Usage
from pratique.partners.spend import cost, price_of

Ground = Literal["INSUFFICIENT_SUPPORT_CAPACITY", "SUPPORT_UNKNOWN", "PROGRESS_BELOW_STANDARD"]
"""Why a partner may not serve, whatever its model answers."""


class Objection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What speaks against a partner: a verdict about it, with its evidence."""

    subject: str
    """Partner that it is about, or one of its models as `partner/model`."""
    ground: Ground
    """The verdict."""
    evidence: tuple[str, ...]
    """What it rests on, each a sentence with its figures."""
    feature: str = ""
    """Feature that it is for; all of them when empty."""
    locale: str = ""
    """Locale that it is for; all of them when empty."""
    record: str = ""
    """Record of the verdict, so that what it rests on can be looked up; empty where none is kept."""


class Standing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a candidate's answers cost in one run."""

    run_id: str
    """Run that it was counted in."""
    price: float | None
    """What 1,000 requests like the drawn samples cost, repairs included; None is unknown."""
    currency: str = ""
    """Currency of the price; empty where it is unknown."""


def standings(
    connection: Connection,
    findings: Sequence[Finding],
    candidates: Mapping[str, Candidate],
    now: datetime,
) -> tuple[Standing, ...]:
    """Return what each finding's candidate costs, by the tokens that its run used.

    The price is the catalogue's for a call of mean length at *now*. A model without a price has
    none, unless it runs in our own process, which no partner bills.
    """
    sums = _tokens(connection, [one.run_id for one in findings])
    found = {}
    for one in findings:
        candidate = candidates[one.candidate]
        samples, asked, read, written = sums.get(one.run_id, (0, 0, 0, 0))
        if candidate.model.engine in ("rules", "llama", "ocr"):
            found[one.run_id] = Standing(run_id=one.run_id, price=0.0, currency="")
            continue
        price = (
            price_of(candidate.model.prices, read // asked, now.astimezone(UTC)) if asked else None
        )
        amount = None
        if price is not None and samples:
            amount = 1000 * cost(price, Usage(input_tokens=read, output_tokens=written)) / samples
        found[one.run_id] = Standing(
            run_id=one.run_id, price=amount, currency=price.currency if price else ""
        )
    return tuple(found.values())


def _tokens(connection: Connection, run_ids: Sequence[str]) -> dict[str, tuple[int, int, int, int]]:
    """Return samples, calls, tokens read and written of each run, with one query."""
    query = (
        select(
            outcomes.c.run_id,
            func.count(),
            func.sum(outcomes.c.asked),
            func.sum(outcomes.c.input_tokens),
            func.sum(outcomes.c.output_tokens),
        )
        .where(outcomes.c.run_id.in_(run_ids))
        .group_by(outcomes.c.run_id)
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in connection.execute(query)}
