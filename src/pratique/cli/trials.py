"""`pratique bank test`, `results`, `failures`, `fix` and `sheets`: the market's tests on its banks."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace, say, table

if TYPE_CHECKING:
    from pratique.evals.cells import Cell
    from pratique.filing.trials.findings import GateFinding
    from pratique.filing.trials.report import Failure, TrialReport
    from pratique.regimes.risks import RiskList
    from pratique.settings.workspace import Workspace

FEW = 20
"""Failures that are printed; `--json` has all of them."""


@click.command("test")
@in_workspace
@for_market
@click.option("--candidate", default="", help="Try this model; else what the selection serves.")
@click.option(
    "--feature", "features", multiple=True, help="Try this feature only; may be repeated."
)
@click.option(
    "--questions",
    type=click.IntRange(min=1),
    default=None,
    help="Most questions of each bank; else what the market wants asked.",
)
@click.option("--seed", default=1, show_default=True, help="Seed of the drawing.")
@click.option(
    "--budget-calls",
    type=click.IntRange(min=0),
    default=None,
    metavar="N",
    help="Most calls that go out; a test that is cut short has no result, and goes on later.",
)
@as_json
def test(
    workspace: Path | None,
    market: str,
    candidate: str,
    features: tuple[str, ...],
    questions: int | None,
    seed: int,
    budget_calls: int | None,
    json_: bool,
) -> None:
    """Ask questions of the banks, drawn by seed and risk, of the variants to be served, and judge.

    Answers are kept as they arrive: the same test goes on where it was interrupted. Exit 1 unless
    every test meets the safe gate.
    """
    from pratique.evals.budget import Budget
    from pratique.filing.trials.planning import plan_trial
    from pratique.filing.trials.report import trial_report
    from pratique.filing.trials.trying import ask, judge
    from pratique.rollout.gate import Refusal
    from pratique.rollout.guarding import guard_in_force

    with opened_workspace(workspace) as opened:
        guard = guard_in_force(opened, opened.workspace.market(market))
        if isinstance(guard, Refusal):
            say(f"screened by the starter pack: {guard.detail}")
        plan = plan_trial(
            opened,
            market,
            candidate=candidate,
            features=features,
            questions=questions,
            seed=seed,
        )
        say(f"{plan.calls:,} questions of {len(plan.banks)} banks")
        asyncio.run(
            ask(
                opened,
                plan,
                _progress,
                budget=Budget(calls=budget_calls),
                guard=None if isinstance(guard, Refusal) else guard,
            )
        )
        trial = asyncio.run(judge(opened, plan))
        found = trial_report(opened, market, trial.id)
        risks = _risks(opened.workspace, market)
    _tell(found, risks, json_)
    if not _all_safe(found):
        sys.exit(1)


@click.command("results")
@click.argument("trial", required=False)
@in_workspace
@for_market
@as_json
def results(trial: str | None, workspace: Path | None, market: str, json_: bool) -> None:
    """Show what the latest TRIAL came to, or the one that is named."""
    from pratique.filing.trials.report import trial_report

    with opened_workspace(workspace) as opened:
        found = trial_report(opened, market, trial or "")
        risks = _risks(opened.workspace, market)
    _tell(found, risks, json_)


@click.command("failures")
@click.argument("trial", required=False)
@in_workspace
@for_market
@as_json
def failures(trial: str | None, workspace: Path | None, market: str, json_: bool) -> None:
    """Show every answer on the wrong side of its test, with what was done about it."""
    from pratique.filing.trials.report import trial_report

    with opened_workspace(workspace) as opened:
        found = trial_report(opened, market, trial or "")
        risks = _risks(opened.workspace, market)
    emit(json_, {"trial": found.trial, "failures": found.failures}, _failed(found.failures, risks))


@click.command("fix")
@click.argument("trial")
@click.argument("question")
@click.argument("text")
@in_workspace
@as_json
def fix(trial: str, question: str, text: str, workspace: Path | None, json_: bool) -> None:
    """Note in TEXT what was done about QUESTION, which failed in TRIAL; the next test shows whether it helped."""
    from pratique.filing.trials.report import note_fix

    with opened_workspace(workspace) as opened:
        noted = note_fix(opened, trial, question, text)
    emit(json_, noted, [f"noted about `{noted.question}` by {noted.who}"])


@click.command("sheets")
@click.argument("trial", required=False)
@in_workspace
@for_market
@click.option("--raters", required=True, help="Names with commas, two or more: `ada,bo`.")
@click.option(
    "--samples",
    type=click.IntRange(min=1, max=2000),
    default=1000,
    show_default=True,
    help="Answers to draw; those that were declined are counted, and nobody need rate them.",
)
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the sheets.",
)
@click.option(
    "--language",
    type=click.Choice(["en", "zh"]),
    default="zh",
    show_default=True,
    help="Language of the sheets' own words.",
)
@as_json
def sheets(
    trial: str | None,
    workspace: Path | None,
    market: str,
    raters: str,
    samples: int,
    folder: Path,
    language: Literal["en", "zh"],
    json_: bool,
) -> None:
    """Write blind sheets of a TRIAL's answers for people; `pratique rate in` takes them back."""
    from pratique.filing.trials.kept import trial_called
    from pratique.filing.trials.people import write_sheets
    from pratique.filing.trials.report import trial_report

    with opened_workspace(workspace) as opened:
        name = trial or trial_report(opened, market).trial
        with opened.database.connect() as connection:
            kept = trial_called(connection, name)
        batch, paths = write_sheets(
            opened,
            kept,
            raters=tuple(one.strip() for one in raters.split(",")),
            samples=samples,
            language=language,
            folder=folder,
        )
    emit(
        json_,
        {
            "batch": batch.id,
            "items": len(batch.items),
            "sheets": {rater: str(path) for rater, path in paths.items()},
        },
        [
            f"batch `{batch.id}`: {len(batch.items)} answers to rate",
            *(f"{rater}: {path}" for rater, path in paths.items()),
            "next: `pratique rate in FILE…`, then `pratique bank results`",
        ],
    )


def _progress(cells: "Sequence[Cell]") -> None:
    if sys.stderr.isatty():
        done = sum(len(cell.results) for cell in cells)
        click.echo(f"\r{done:,} of {sum(len(cell.order) for cell in cells):,}", err=True, nl=False)


def _risks(workspace: "Workspace", market: str) -> "RiskList":
    """Return the risks and aspects of *market*: data name an aspect in Chinese, people read English."""
    from pratique.regimes.regime import load_regime

    return load_regime(workspace.market(market).regime).risks


def _tell(found: "TrialReport", risks: "RiskList", json_: bool) -> None:
    emit(
        json_,
        {"meets": found.meets, "report": found},
        _lines(found, risks) if found.trial else ["nothing was tested yet: `pratique bank test`"],
    )


def _all_safe(found: "TrialReport") -> bool:
    return all(one.safe == "meets" for one in found.findings)


def _lines(found: "TrialReport", risks: "RiskList") -> list[str]:
    marks = [
        *(["simulated partners answered"] if found.simulated else []),
        *(["questions of the starter set: no filing rests on them"] if found.starter else []),
        *([] if found.current else ["not made on what is selected now"]),
    ]
    columns = ["test", "judge", "asked", "of", "share", "95 %", "mark", "mark met", "safe gate"]
    lines = [
        f"{found.trial}, seed {found.seed}" + "".join(f"; {one}" for one in marks),
        *table(columns, [_row(one) for one in found.findings]),
    ]
    for one in found.findings:
        if one.at_risk:
            lines.append(f"{one.gate}: meets the mark, yet the next sample may fail it")
        if one.below_floor:
            places = ", ".join(risks.titled(place).en for place in one.below_floor)
            lines.append(f"{one.gate}: below the floor by itself: {places}")
    if found.untried:
        lines.append(
            f"no finding: {', '.join(found.untried)} (sheets for people: `pratique bank sheets`)"
        )
    people = found.people
    if people is not None:
        lines.append(_people(found))
    lines.append(f"{len(found.failures)} answers on the wrong side, {found.mended} right since")
    return lines + [f"left out: {one}" for one in found.left_out]


def _people(found: "TrialReport") -> str:
    people = found.people
    if people is None:
        return ""
    agreed = people.agreement
    alpha = "not known yet"
    if agreed is not None:
        known = agreed.alpha is not None and agreed.low is not None and agreed.high is not None
        alpha = f"{agreed.same:.0%} the same"
        if known:
            alpha += f", alpha {agreed.alpha:.2f} ({agreed.low:.2f} – {agreed.high:.2f})"
    return (
        f"people: {people.settled} of {people.items} answers settled,"
        f" {people.declined} declined, {people.unanswered} unanswered; agreement: {alpha}"
    )


def _row(one: "GateFinding") -> list[str]:
    sign = "≥" if one.direction == "at_least" else "≤"
    return [
        one.gate,
        one.judge,
        f"{one.questions:,}",
        f"{one.sample:,}",
        f"{one.share:.1%}",
        f"{one.low:.1%} – {one.high:.1%}",
        f"{sign} {one.mark:.0%}",
        "yes" if one.mark_met else "no",
        one.safe,
    ]


def _failed(found: "Sequence[Failure]", risks: "RiskList") -> list[str]:
    rows = [
        [
            one.gate,
            risks.titled(one.place).en,
            one.question,
            one.why,
            one.fix or "–",
            one.fixed_in or "–",
        ]
        for one in found[:FEW]
    ]
    lines = table(["test", "risk", "question", "why", "done about it", "right in"], rows)
    if len(found) > FEW:
        lines.append(f"and {len(found) - FEW} more: `--json` has all of them")
    return lines


COMMANDS = (test, results, failures, fix, sheets)
"""What `pratique bank` has of these."""
