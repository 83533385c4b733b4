"""Making findings again from what was kept, without a call."""

from collections.abc import Sequence

from sqlalchemy import Connection
from sqlalchemy import select as query

from pratique.assessment.against import pair_again
from pratique.assessment.bars import Held
from pratique.assessment.comparing import Comparison, compare
from pratique.assessment.decisions import Assessment, assessments, selections
from pratique.assessment.findings import Decision, Finding
from pratique.assessment.judging import Judging, people_again
from pratique.assessment.selection import Selection, again
from pratique.evals.history import controls_for, known_of
from pratique.evals.outcomes import Result, results_of
from pratique.evals.statistics.wagers import Controls
from pratique.store.canonical import digest
from pratique.store.figures import Figure, Remade, same


def recompute_all(
    connection: Connection,
    kept: Sequence[Assessment],
    selected: Sequence[Selection],
    remade: Remade,
) -> None:
    """Make every finding and every selection again, and see whether a record was changed."""
    for table, word in ((assessments, "assessment-"), (selections, "selection-")):
        for name, body in connection.execute(query(table.c.id, table.c.body)):
            if word + digest(body.encode()).removeprefix("sha256:")[:16] != name:
                remade.faults.append(f"`{name}`: its record was changed")
    for assessment in kept:
        remade.faults += recompute(connection, assessment, remade.figures)
    for selection in selected:
        remade.faults += reselect(selection, kept)
        for one in selection.choices:
            remade.tell(selection.id, f"{one.feature} {one.locale}", "serves", one.serves)


def recompute(
    connection: Connection, assessment: Assessment, figures: list[Figure] | None = None
) -> list[str]:
    """Return a sentence for each figure of *assessment* that the kept outcomes do not give.

    What they give is added to *figures*.
    """
    kept = results_of(connection, [one.run_id for one in assessment.findings])
    faults, figures = list[str](), [] if figures is None else figures
    for one in assessment.findings:
        passed = [result for result in kept[one.run_id] if result.position < one.samples]
        name = f"{one.feature} {one.locale} {one.candidate}"
        if len(passed) != one.samples:
            faults.append(
                f"finding {name}: {len(passed)} outcomes are kept, it counts {one.samples}"
            )
            continue
        held = _held(connection, one, passed)
        figures += _figures(assessment.id, one, held)
        faults += [f"finding {name}: {fault}" for fault in _differences(one, held)]
        if isinstance(one.judging, Judging):
            said = people_again(
                connection, one.run_id, one.judging, kept[one.run_id], one.full_calls
            )
            faults += [f"finding {name}: {fault}" for fault in said]
    faults += [fault for one in assessment.comparisons for fault in _recompared(connection, one)]
    for pair in assessment.pairs or ():
        faults += pair_again(pair, results_of(connection, pair.run_ids))
    return faults


def _recompared(connection: Connection, one: Comparison) -> list[str]:
    """Return a sentence where the kept outcomes do not give what *one* says."""
    kept = results_of(connection, one.run_ids)
    passed = [
        [result.passed for at, result in enumerate(kept[run][:drawn]) if result.position == at]
        for run, drawn in zip(one.run_ids, one.samples, strict=True)
    ]
    settled = compare(passed, one.size, one.margin, one.alpha, one.grouping)
    best = None if settled.best is None else one.candidates[settled.best]
    if (best, settled.samples) == (one.best, one.samples):
        return []
    return [
        f"comparison {one.feature} {one.locale}: it is given as `{one.best}`,"
        f" the outcomes give `{best}` after {settled.samples} samples"
    ]


def reselect(selection: Selection, assessments: Sequence[Assessment]) -> list[str]:
    """Return a sentence for each choice of *selection* that its findings do not give."""
    found = next((one for one in assessments if one.id == selection.assessment), None)
    if found is None:
        return [f"selection `{selection.id}` rests on `{selection.assessment}`, which is not kept"]
    made = {
        (one.feature, one.locale): one
        for one in again(selection, found.findings, found.comparisons).choices
    }
    return [
        f"selection `{selection.id}`: {one.feature} {one.locale} is not what its findings give"
        for one in selection.choices
        if made.get((one.feature, one.locale)) != one
    ]


def _held(connection: Connection, finding: Finding, kept: Sequence[Result]) -> Held:
    """Return what the *kept* outcomes of *finding* hold of its bar.

    What waited when it was made counts as it did then, whatever people have said since.
    """
    judging = finding.judging if isinstance(finding.judging, Judging) else None
    waiting = set(judging.waiting) if judging else set()
    population = finding.full_calls if finding.truth == "bank" else None
    held = Held(
        finding.bar,
        finding.band,
        finding.alpha,
        population,
        judged=judging is not None,
        whole=judging is not None and judging.by_people,
        known=_known(connection, finding, kept),
        grouping=finding.grouping,
    )
    for one in kept:
        waits = one.position in waiting
        held.add(one.passed and not waits, waits=waits)
    return held


def _decision(finding: Finding, held: Held) -> Decision:
    judging = finding.judging
    if isinstance(judging, Judging) and judging.by_people:
        return judging.people.finding if judging.people else "undecided"
    return held.decision


def _differences(finding: Finding, held: Held) -> list[str]:
    """Return a sentence for each figure of *finding* that its kept outcomes do not give."""
    figures = {
        "estimate": (finding.estimate, held.mean),
        "low": (finding.low, held.low),
        "high": (finding.high, held.high),
    }
    faults = [
        f"{name} is given as {given:.6g}, the outcomes give {found:.6g}"
        for name, (given, found) in figures.items()
        if not same(given, found)
    ]
    decision = _decision(finding, held)
    if decision != finding.finding:
        faults.append(f"it is given as `{finding.finding}`, the outcomes give `{decision}`")
    return faults


def _figures(record: str, finding: Finding, held: Held) -> list[Figure]:
    """Return the figures of *finding*, as its kept outcomes give them."""
    about = f"{finding.candidate}, {finding.feature} {finding.locale}"
    about += "" if finding.suite_id == finding.feature else f", {finding.suite_id}"
    made = {
        "estimate": held.mean,
        "low": held.low,
        "high": held.high,
        "samples": finding.samples,
        "samples of the suite": finding.full_calls,
        "bar": finding.bar,
        "finding": _decision(finding, held),
    }
    return [
        Figure(record=record, about=about, name=name, value=value) for name, value in made.items()
    ]


def _known(connection: Connection, finding: Finding, kept: Sequence[Result]) -> Sequence[Controls]:
    """Return what the finding's earlier runs said of each of its samples."""
    if not finding.history:
        return ()
    known = known_of(connection, finding.history)
    return controls_for(known, [one.sample_id for one in kept], finding.full_calls)
