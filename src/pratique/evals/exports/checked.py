"""What a pipeline is told: groups of checks, each passed, failed, or never answered."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from pratique.evals.exports.runs import KeptRun
from pratique.evals.outcomes import Result

State = Literal["passed", "failed", "error"]
"""`error` is a call that gave nothing: no wrong answer, and no pass."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One check: a sample, or a finding over samples."""

    name: str
    """Name in its group, such as a sample's."""
    rule: str
    """What it was held to: `finding` or `sample`."""
    state: State
    """What came of it."""
    why: str
    """Why it has not passed; empty where it has."""
    seconds: float = 0.0
    """Time that it took."""
    figures: Mapping[str, str | int | float] = {}
    """Figures that it rests on."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The checks of one run."""

    name: str
    """Feature, locale and candidate, with slashes between."""
    run_id: str
    """Run that they came from."""
    file: str
    """What a reader looks into for them: the suite, as `suites/NAME/LOCALE`."""
    checks: tuple[Checked, ...]
    """The checks."""
    figures: Mapping[str, str | int | float] = {}
    """What is said of the whole run."""


def sample_check(result: Result) -> Checked:
    """Return what became of one sample as a check."""
    state: State = "passed" if result.passed else "failed"
    if result.outcome == "failed":
        state = "error"
    return Checked(
        name=result.sample_id,
        rule="sample",
        state=state,
        why="" if result.passed else f"{result.outcome}: {result.why or 'target not met'}",
        seconds=result.seconds,
        figures={"outcome": result.outcome, "share": result.share, "calls": result.asked},
    )


def group_of(run: KeptRun) -> Group:
    """Return the samples of *run* as checks."""
    key = run.key
    return Group(
        name=f"{key.feature}/{key.locale}/{key.candidate}",
        run_id=key.id,
        file=f"suites/{key.feature}/{key.locale}",
        checks=tuple(sample_check(one) for one in run.results),
        figures={"samples": len(run.results), "passed": run.passed, "seed": key.seed},
    )
