"""`pratique assess`: who meets the standard."""

import gc
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.looking import guard_now, look
from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, command, emit, for_market, in_workspace, say, table

if TYPE_CHECKING:
    from pratique.assessment.outlook import Outlook
    from pratique.assessment.planning import Plan
    from pratique.evals.budget import Budget
    from pratique.workspace.opened import Opened


@click.command()
@in_workspace
@for_market
@click.option(
    "--seed", default=1, show_default=True, help="Seed of the order in which samples are drawn."
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="HTML, Markdown or JSON report, by suffix; else `report.html` in the workspace.",
)
@click.option(
    "--junit",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Where to write JUnit XML for a pipeline.",
)
@click.option(
    "--sarif",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Where to write SARIF 2.1.0 for a pipeline.",
)
@click.option(
    "--fail-under",
    is_flag=True,
    help="Exit with 1 unless every feature and locale has a candidate that meets its bar, and none"
    " was swapped meanwhile.",
)
@click.option(
    "--suite",
    default="",
    help="Look at one suite or data set instead, without a bar: figures and no finding.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    help="Folder of data sets that you have, in which --suite is one; nothing of it is copied.",
)
@click.option(
    "--samples",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    help="With --suite, how many samples each candidate gets, drawn by the seed.",
)
@click.option(
    "--budget-calls",
    type=click.IntRange(min=0),
    default=None,
    metavar="N",
    help="Most calls that go out, each try counted; what is not decided by then stays undecided.",
)
@click.option(
    "--budget-money",
    multiple=True,
    metavar="AMOUNT",
    help="Most money, such as `20CNY`; give it once for each currency of the candidates' prices.",
)
@click.option(
    "--concurrency",
    multiple=True,
    metavar="[PARTNER=]N",
    help="Most calls at once, of every partner or of one; never more than its models serve.",
)
@click.option(
    "--against",
    default="",
    metavar="PARTNER/MODEL",
    help="The incumbent: its kept answers are used, only the others are called and told from it;"
    " else the market's `incumbent`.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Say what it is going to take and the most that it can, and make no call.",
)
@click.option(
    "--rescore",
    is_flag=True,
    help="Score kept answers to the same inputs again, as suites and scorers are now; no call.",
)
@as_json
def assess(
    workspace: Path | None,
    market: str,
    seed: int,
    report: Path | None,
    junit: Path | None,
    sarif: Path | None,
    fail_under: bool,
    suite: str,
    data: Path | None,
    samples: int,
    budget_calls: int | None,
    budget_money: tuple[str, ...],
    concurrency: tuple[str, ...],
    against: str,
    dry_run: bool,
    rescore: bool,
    json_: bool,
) -> None:
    """Test the market's candidates against its standard, until every finding is certain.

    Answers are kept as they arrive. Interrupt it at any time: the next run goes on from there.
    """
    import uvloop

    from pratique.evals.budget import Budget

    bounded = bool(budget_calls is not None or budget_money or concurrency or dry_run or rescore)
    if suite and (bounded or against):
        raise click.UsageError(
            "--suite takes no budget, concurrency, incumbent, dry run or rescoring"
        )
    if suite:
        look(workspace, market, seed, suite, data, samples, json_)
        return
    if data is not None:
        raise click.UsageError("--data names a folder of data sets: say which with --suite")
    from pratique.assessment.assess import assess as carry_out
    from pratique.assessment.assess import established
    from pratique.assessment.candidates import offer
    from pratique.assessment.decisions import all_assessments
    from pratique.assessment.identity import signs_about
    from pratique.assessment.judging import Judging
    from pratique.assessment.planning import plan
    from pratique.assessment.report import (
        require_folder,
        require_reportable,
        write_junit,
        write_report,
        write_sarif,
    )
    from pratique.assessment.revealed import revealed
    from pratique.assessment.spending import outlook, require_known
    from pratique.assessment.summary import (
        comparison_lines,
        findings_table,
        history_lines,
        judging_lines,
    )
    from pratique.cli.partners import lacks
    from pratique.cli.progress import apart, live
    from pratique.evals.trends import trends

    budget = Budget(calls=budget_calls, money=_money(budget_money))
    if report:
        require_reportable(report)
    for path, option in ((junit, "--junit"), (sarif, "--sarif")):
        if path:
            require_folder(path, option)
    with opened_workspace(workspace) as opened:
        with opened.database.connect() as connection:
            gone = revealed(connection)
        offered = offer(opened.workspace, market)
        incumbent = against or offered.market.incumbent
        planned = plan(opened.workspace, offered, seed, gone, incumbent)
        for line in planned.offer.left_out:
            say(line)
        at_once = _at_once(concurrency, {one.partner.id for one in planned.offer.candidates})
        if dry_run:
            require_known(planned.offer, budget, at_once, planned.judges)
            missing = {
                one.name: lacks(
                    one, opened.workspace.configuration.partners, opened.workspace.folder
                )
                for one in planned.offer.candidates
            }
            _foretell(outlook(opened, planned), budget, planned.most_judgings, missing, json_)
            return
        if rescore:
            _rescore(opened, planned)
            found = established(opened, planned)
        else:
            guard = guard_now(opened, offered.market)
            gc.freeze()
            with live(planned, budget) as progress:
                found = uvloop.run(
                    carry_out(
                        opened,
                        planned,
                        progress,
                        budget=budget,
                        at_once=at_once,
                        guard=guard,
                    )
                )
        path = report or opened.workspace.folder / "report.html"
        with opened.database.connect() as connection:
            history = [one for one in all_assessments(connection) if one.market == market]
            signs = signs_about(connection, found.findings)
        write_report(path, planned, found, history=history, signs=signs)
        if junit:
            write_junit(junit, planned, found)
        if sarif:
            write_sarif(sarif, planned, found)
    calls = sum(one.calls for one in found.findings)
    judge_calls = sum(
        one.judging.calls for one in found.findings if isinstance(one.judging, Judging)
    )
    lines = [
        *findings_table(found.findings),
        *comparison_lines(found.comparisons),
        *(one.text for one in found.pairs or ()),
        *history_lines(found.findings),
        *judging_lines(found.findings),
        "",
        f"{calls} calls, where full runs take {planned.full_calls}"
        + (f"; {judge_calls} more of judges" if judge_calls else ""),
        *apart(found.findings, budget),
        *(one.text for one in signs),
        f"report: {path}",
        *_then(market, [one.finding for one in found.findings]),
    ]
    emit(
        json_,
        {
            "assessment": found.id,
            "findings": found.findings,
            "comparisons": found.comparisons,
            "pairs": found.pairs or (),
            "trends": {cell.key.id: trends(cell) for cell in planned.cells},
            "calls": calls,
            "judge_calls": judge_calls,
            "full_calls": planned.full_calls,
            "failed": sum(one.failed for one in found.findings),
            "spent": budget.spent,
            "signs": signs,
            "report": str(path),
        },
        lines,
    )
    served = {(one.feature, one.locale) for one in found.findings if one.finding == "meets"}
    swapped = any(one.sign.kind == "identity" for one in signs)
    if fail_under and (swapped or {(one.feature, one.locale) for one in found.findings} - served):
        sys.exit(1)


def _then(market: str, words: "list[str]") -> list[str]:
    """Return what comes after an assessment whose findings are *words*."""
    if "meets" in words:
        return [f"next: {command('select', market)} decides who serves"]
    if "undecided" in words:
        return ["next: the same command goes on where this one stopped"]
    return [f"next: {command('brief PARTNER', market)} tells a partner what to mend"]


def _money(words: tuple[str, ...]) -> dict[str, float]:
    """Return the amounts of `--budget-money` by currency."""
    found: dict[str, float] = {}
    for word in words:
        matched = re.fullmatch(r"(\d+(?:\.\d+)?) ?(CNY|USD)", word)
        if matched is None or matched[2] in found:
            raise click.UsageError(
                f"--budget-money `{word}`: write an amount with its currency, `20CNY` or `3.50USD`,"
                " once for each"
            )
        found[matched[2]] = float(matched[1])
    return found


def _at_once(words: tuple[str, ...], partners: set[str]) -> dict[str, int]:
    """Return the bounds of `--concurrency` by partner; one without a name is for every partner."""
    found: dict[str, int] = {}
    for word in sorted(words, key=lambda word: "=" in word):
        partner, _, number = word.rpartition("=")
        if not number.isdecimal() or int(number) < 1:
            raise click.UsageError(f"--concurrency `{word}`: write `8`, or `PARTNER=8`")
        found.update(dict.fromkeys({partner} if partner else partners, int(number)))
    return found


def _foretell(
    found: "Outlook", budget: "Budget", judgings: int, missing: "dict[str, str]", json_: bool
) -> None:
    """Print what an assessment is going to take.

    judgings: the most that judges say beside it. missing: what each candidate lacks, or nothing.
    """
    from pratique.cli.progress import amounts

    rows = [
        [
            one.feature if one.suite == one.feature else f"{one.feature} ({one.suite})",
            one.locale,
            one.candidate,
            str(one.kept),
            f"{one.samples:.0f}",
            amounts(one.amounts),
            amounts(one.most),
            one.basis,
        ]
        for one in found.cells
    ]
    columns = ["feature", "locale", "candidate", "kept", "samples", "expected", "at most", "from"]
    lines = [
        *table(columns, rows),
        "",
        f"expected: {amounts(found.amounts)}; at most: {amounts(found.most)}",
        *(f"no price is known of `{one}`: the money leaves it out" for one in found.unpriced),
        *([f"judges come on top: at most {judgings} judgements"] if judgings else []),
        *(
            f"`{name}` cannot be called yet: it lacks its {what}"
            for name, what in missing.items()
            if what
        ),
    ]
    document = {
        "cells": found.cells,
        "expected": found.amounts,
        "most": found.most,
        "unpriced": found.unpriced,
        "lacks": {name: what for name, what in missing.items() if what},
        "most_judgements": judgings,
        "budget": {"calls": budget.calls, "money": budget.money},
    }
    emit(json_, document, lines)


def _rescore(opened: "Opened", planned: "Plan") -> None:
    """Score kept answers again for the runs of *planned*, and say what came of it."""
    from pratique.assessment.remembered import rescore_kept

    found = rescore_kept(opened, planned)
    taken, changed = sum(one.taken for one in found), sum(one.changed for one in found)
    say(f"{taken} kept answers scored again, {changed} of them otherwise than before; no call made")
    for one in found:
        if one.unlike:
            say(
                f"{one.run_id}: {len(one.unlike)} kept scores are not what the scorer gives now"
                f" ({', '.join(one.unlike[:3])} …): raise the suite's `revision` and rescore"
            )
