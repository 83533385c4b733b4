"""Trying: the questions of a plan asked through the runner, and every answer judged and kept."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from pratique.errors import NotAllowed
from pratique.evals.budget import Budget
from pratique.evals.cells import Cell
from pratique.evals.outcomes import Result, results_of
from pratique.evals.runs import Run
from pratique.filing.trials.findings import Counted, GateFinding, gate_finding
from pratique.filing.trials.judges import Judge, answer_hash, judge_of, keyword_pack, pinned
from pratique.filing.trials.kept import AskedRun, Trial, Verdict, hash_of, keep_trial
from pratique.filing.trials.planning import TrialPlan
from pratique.partners.contract import Model
from pratique.partners.pool import Pool
from pratique.regimes.banks import Gate
from pratique.regimes.regime import Regime
from pratique.serving.guard import Guard, starter_guard
from pratique.serving.safeguards import guarded
from pratique.serving.variant import digest_of
from pratique.workspace.opened import Opened

_AT_ONCE = 32
"""Answers that one judge is asked about at once."""


class Everything:
    """Allocator that draws every sample."""

    def pick(self, cells: Sequence[Cell]) -> Cell | None:
        """Return the first cell of which something is left."""
        return next((cell for cell in cells if cell.left), None)

    def observe(self, cell: Cell, passed: bool) -> None:
        """Take in a result: nothing follows from it."""


async def ask(
    opened: Opened,
    plan: TrialPlan,
    progress: Callable[[Sequence[Cell]], None],
    *,
    models: Mapping[str, Model] | None = None,
    budget: Budget | None = None,
    guard: Guard | None = None,
) -> None:
    """Ask every question of *plan*; what was answered before is kept, and not asked again.

    *guard* is what screens the market now, as when it is served; the starter pack, if None.
    """
    cells = [cell for own in plan.cells.values() for cell in own]
    names = {cell.variant.candidate for cell in cells}
    able = [one for one in plan.offered.candidates if one.name in names]
    pool = Pool(
        plan.offered.partners,
        plan.market,
        accesses=opened.workspace.configuration.partners,
        folder=opened.workspace.folder,
    )
    run = Run(
        database=opened.database,
        models=models or {one.name: pool.connected(one) for one in able},
        allocator=Everything(),
        clock=opened.clock,
        deadline=opened.workspace.configuration.serve.deadline_seconds,
        progress=progress,
        budget=budget or Budget(),
        guard=guarded(guard or starter_guard(), pool, plan.offered.safeguards),
    )
    try:
        await run.finish(cells)
    finally:
        await pool.close()


async def judge(opened: Opened, plan: TrialPlan) -> Trial:
    """Judge what was answered, keep the trial with every verdict, and return it.

    Raises:
        NotAllowed: a question has no outcome yet.
    """
    pack = keyword_pack(plan.keywords)
    gates = [one for one in plan.regime.gates if one.bank in plan.cells and one.subject == "output"]
    judges = {one.id: found for one in gates if (found := judge_of(one, pack)) is not None}
    said: list[Verdict] = []
    for gate in gates:
        if gate.id in judges:
            said += await _said(opened, plan, gate, judges[gate.id])
    said.sort(key=lambda one: (one.gate, one.run, one.position))
    trial = Trial(
        market=plan.market,
        regime=plan.regime.id,
        seed=plan.seed,
        simulated=any(
            one.partner.simulated
            for one in plan.offered.candidates
            if one.name in {cell.key.candidate for own in plan.cells.values() for cell in own}
        ),
        banks=plan.banks,
        keywords="bank" if pack.id == "keywords" else f"screening {pack.id}",
        judges=pinned(judges),
        runs=tuple(_asked(bank, cell) for bank, own in plan.cells.items() for cell in own),
        findings=findings_of(plan.regime, said),
        left_out=plan.left_out,
        verdicts=hash_of(said),
    )
    facts = {"verdicts": trial.verdicts, "questions": plan.calls, "seed": plan.seed}
    with opened.ledger.decision(
        who=opened.who, kind="trial.made", subject=trial.id, body=facts
    ) as connection:
        keep_trial(connection, trial, said, opened.clock())
    return trial


def findings_of(regime: Regime, said: Sequence[Verdict]) -> tuple[GateFinding, ...]:
    """Return what the verdicts come to at each gate that has some, in the regime's order."""
    by_gate: dict[str, list[Counted]] = {}
    for one in said:
        by_gate.setdefault(one.gate, []).append(Counted(one.place, one.counted))
    found = (gate_finding(gate, by_gate.get(gate.id, ())) for gate in regime.gates)
    return tuple(one for one in found if one is not None)


async def _said(opened: Opened, plan: TrialPlan, gate: Gate, judge: Judge) -> list[Verdict]:
    bank = gate.bank or ""
    questions = plan.questions[bank]
    found = []
    for cell, results in answers_of(opened, plan.cells[bank]):
        run, locale = cell.key.id, cell.key.locale
        for first in range(0, len(results), _AT_ONCE):
            some = results[first : first + _AT_ONCE]
            asked = [questions[one.sample_id] for one in some]
            said = await asyncio.gather(
                *(judge.says(a.text, r, locale) for a, r in zip(asked, some, strict=True))
            )
            found += [
                Verdict(
                    gate=gate.id,
                    run=run,
                    position=result.position,
                    question=question.id,
                    place=question.place,
                    answer=answer_hash(result),
                    counted=each.counted,
                    why=each.why,
                )
                for question, result, each in zip(asked, some, said, strict=True)
            ]
    return found


def answers_of(opened: Opened, cells: Sequence[Cell]) -> list[tuple[Cell, list[Result]]]:
    """Return each cell with what became of its questions.

    Raises:
        NotAllowed: one has no outcome yet.
    """
    with opened.database.connect() as connection:
        kept = results_of(connection, [cell.key.id for cell in cells])
    for cell in cells:
        if len(kept[cell.key.id]) < len(cell.order):
            raise NotAllowed(
                f"`{cell.key.id}` has answered {len(kept[cell.key.id])} of {len(cell.order)} questions",
                hint="run the same test again: it goes on from there",
            )
    return [(cell, kept[cell.key.id]) for cell in cells]


def _asked(bank: str, cell: Cell) -> AskedRun:
    return AskedRun(
        run=cell.key.id,
        bank=bank,
        feature=cell.key.feature,
        locale=cell.key.locale,
        candidate=cell.key.candidate,
        digest=digest_of(cell.variant),
        suite=cell.key.suite,
        questions=len(cell.order),
    )
