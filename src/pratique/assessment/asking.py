"""Asking a partner's models more than a verdict takes: development samples for a brief, and further
sealed ones of a run for a trend."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from pratique.assessment.brief import material_of
from pratique.assessment.candidates import offer
from pratique.assessment.measuring import measure
from pratique.assessment.revealed import revealed, unrevealed
from pratique.evals.cells import Cell
from pratique.evals.outcomes import Result, results_of
from pratique.evals.suites import Suite
from pratique.serving.variant import digest_of
from pratique.workspace.opened import Opened

SEED = 1
"""All of them are asked, so that their order is of no account."""


async def ask_development(
    opened: Opened, market: str, partner: str, progress: Callable[[Sequence[Cell]], None]
) -> Mapping[tuple[str, str], Sequence[Result]]:
    """Ask *partner*'s models each development sample of what they do not meet; what was kept is kept.

    The result is by candidate and development suite, as `brief_of` takes it.

    Raises:
        NotFound: there is nothing to tell of this partner.
    """
    offered = offer(opened.workspace, market)
    found: dict[tuple[str, str], Sequence[Result]] = {}
    wanted: dict[str, dict[str, Suite]] = {}
    for one in material_of(opened, offered, partner):
        if one.development is not None and one.finding.finding != "meets":
            suites = wanted.setdefault(one.finding.candidate, {})
            suites[one.development.digest] = one.development
    for candidate in offered.candidates:
        suites = wanted.get(candidate.name, {})
        if not suites:
            continue
        alone = msgspec.structs.replace(offered, candidates=(candidate,))
        most = max(len(suite.samples) for suite in suites.values())
        measured = await measure(opened, alone, tuple(suites.values()), most, SEED, progress)
        with opened.database.connect() as connection:
            kept = results_of(connection, [one.run_id for one in measured])
        for suite, figures in zip(suites.values(), measured, strict=True):
            found[candidate.name, suite.digest] = kept[figures.run_id]
    return found


async def draw_further(
    opened: Opened,
    market: str,
    partner: str,
    samples: int,
    progress: Callable[[Sequence[Cell]], None],
) -> tuple[str, ...]:
    """Let the latest run of each of *partner*'s models go on to *samples*; return what could not.

    How many are drawn is settled beforehand, so that their share is not bent by where a finding
    became certain. The findings stay as they are.

    Raises:
        NotFound: there is nothing to tell of this partner.
    """
    offered = offer(opened.workspace, market)
    with opened.database.connect() as connection:
        gone = revealed(connection)
    left_out = []
    for one in material_of(opened, offered, partner):
        finding = one.finding
        suites = [one.suite, unrevealed(one.suite, gone)]
        suite = next((each for each in suites if each.digest == finding.suite), None)
        variant = offered.variant(finding.feature, finding.locale, finding.candidate)
        if suite is None or digest_of(variant) != finding.digest:
            what = "its samples" if suite is None else "its prompt or model"
            left_out.append(f"`{finding.run_id}` does not go on: {what} changed since")
            continue
        candidates = tuple(each for each in offered.candidates if each.name == finding.candidate)
        alone = msgspec.structs.replace(offered, candidates=candidates)
        await measure(opened, alone, (suite,), samples, finding.seed, progress)
    return tuple(left_out)
