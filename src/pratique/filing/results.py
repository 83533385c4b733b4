"""Results of a pack: findings as they were submitted, and whether they are still those that were made."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from pratique.assessment.decisions import Assessment
from pratique.assessment.findings import Finding
from pratique.filing.dossier import Result
from pratique.filing.filings import Filing
from pratique.store.figures import Remade

RESULTS = "results.json"
"""File of a pack that holds them."""


class _Results(msgspec.Struct):
    results: tuple[Result, ...]


def result_of(finding: Finding) -> Result:
    """Return *finding* as a pack tells it."""
    return Result(
        feature=finding.feature,
        locale=finding.locale,
        candidate=finding.candidate,
        metric=finding.metric,
        estimate=finding.estimate,
        low=finding.low,
        high=finding.high,
        samples=finding.samples,
        calls=finding.calls,
        bar=finding.bar,
        finding=finding.finding,
        seed=finding.seed,
        run_id=finding.run_id,
        suite_digest=finding.suite,
        digest=finding.digest,
        truth=finding.truth,
        alpha=finding.alpha,
    )


def trace(folder: Path, filing: Filing, kept: Sequence[Assessment], remade: Remade) -> None:
    """Follow each result of the pack in *folder* back to a kept assessment; figures are told from there.

    That its files are those that were signed is for `verify_pack` to say.
    """
    try:
        submitted = msgspec.json.decode((folder / RESULTS).read_bytes(), type=_Results).results
    except (OSError, msgspec.DecodeError) as error:
        # A file that is gone or was changed is named with the pack's manifest.
        remade.notes.append(f"filing `{filing.id}`: its results cannot be read: {error}")
        return
    made: dict[tuple[str, ...], list[Result]] = {}
    for assessment in kept:
        for finding in assessment.findings:
            result = result_of(finding)
            made.setdefault(_measured(result), []).append(result)
    for one in submitted:
        # A run may stand in several assessments, each later one with more samples.
        all_ = made.get(_measured(one), [])
        found = one if one in all_ else all_[-1] if all_ else None
        about = f"{one.candidate}, {one.feature} {one.locale}"
        if found is None:
            remade.faults.append(f"filing `{filing.id}`: no kept assessment holds {about}")
            continue
        for figure in ("finding", "samples", "low", "high", "bar"):
            remade.see(
                f"filing {filing.id}", about, figure, getattr(one, figure), getattr(found, figure)
            )


def _measured(one: Result) -> tuple[str, ...]:
    return one.run_id, one.metric, one.candidate, one.feature, one.locale
