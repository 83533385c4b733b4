"""Objecting: what the verdicts about partners say against their serving, as they stand now."""

from collections.abc import Iterator, Sequence

from pratique.assessment.forecasts import judge_progress, said_of
from pratique.assessment.plans import read_plan
from pratique.assessment.standings import Objection
from pratique.assessment.support.capacity import judge
from pratique.settings.workspace import Market
from pratique.workspace.opened import Opened


def objections(opened: Opened, market: Market, candidates: Sequence[str]) -> tuple[Objection, ...]:
    """Return what speaks against *candidates*: missed plans, and where the market asks, support.

    Raises:
        NotFound, Malformed: a plan or the support objectives are missing or broken.
    """
    found = list(_progress(opened, market, candidates))
    if market.support:
        found += _support(opened, candidates)
    return tuple(found)


def _progress(opened: Opened, market: Market, candidates: Sequence[str]) -> Iterator[Objection]:
    today = opened.clock().date()
    for partner in sorted({name.partition("/")[0] for name in candidates}):
        if read_plan(opened.workspace, market.id, partner) is None:
            continue
        for one in judge_progress(opened, market.id, partner):
            said = said_of(market.id, partner, one, today)
            if said is not None and one.verdict == "PROGRESS_BELOW_STANDARD":
                yield Objection(
                    subject=partner,
                    ground="PROGRESS_BELOW_STANDARD",
                    evidence=(one.why,),
                    feature=one.series.feature,
                    locale=one.series.locale,
                    record=said.id,
                )


def _support(opened: Opened, candidates: Sequence[str]) -> Iterator[Objection]:
    for name in sorted(candidates):
        found = judge(opened, name)
        if found.verdict != "SUFFICIENT":
            insufficient = found.verdict == "INSUFFICIENT_SUPPORT_CAPACITY"
            yield Objection(
                subject=name,
                ground="INSUFFICIENT_SUPPORT_CAPACITY" if insufficient else "SUPPORT_UNKNOWN",
                evidence=found.reasons,
                record=found.id,
            )
