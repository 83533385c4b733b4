"""Trying: the market's tests planned, asked and judged, on the variants that are to be served."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pratique.assessment.candidates import Offer, offer
from pratique.assessment.decisions import latest_selection
from pratique.errors import NotAllowed, NotFound
from pratique.evals.budget import Budget
from pratique.evals.outcomes import Result, results_of
from pratique.evals.runs import Cell, Run, cell_of
from pratique.filing.banks.checking import counting
from pratique.filing.banks.entries import Entry, KeptBank
from pratique.filing.banks.keeping import bank_or_starter
from pratique.filing.trials.asking import suite_of, templates
from pratique.filing.trials.drawing import dealt, drawn
from pratique.filing.trials.findings import Counted, GateFinding, gate_finding
from pratique.filing.trials.judges import Judge, answer_hash, judge_of, keyword_pack, pinned
from pratique.filing.trials.kept import (
    AskedRun,
    BankUsed,
    Trial,
    Verdict,
    hash_of,
    keep_trial,
)
from pratique.partners.contract import Model
from pratique.partners.pool import Pool
from pratique.regimes.banks import Gate
from pratique.regimes.regime import Regime, load_regime
from pratique.serving.variant import Variant, digest_of
from pratique.workspace.opened import Opened

_AT_ONCE = 32
"""Answers that one judge is asked about at once."""


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """What a trial is going to ask, before the first call."""

    market: str
    """Market."""
    regime: Regime
    """Its rules."""
    offered: Offer
    """What the market may offer."""
    seed: int
    """Seed of the drawing."""
    cells: Mapping[str, tuple[Cell, ...]]
    """By bank, one for each variant that gets questions of it."""
    questions: Mapping[str, Mapping[str, Entry]]
    """By bank, the questions by their names."""
    banks: tuple[BankUsed, ...]
    """Where they are from."""
    keywords: KeptBank | None
    """The operator's keyword library, or the starter."""
    left_out: tuple[str, ...]
    """What is not tried, each with the reason."""

    @property
    def calls(self) -> int:
        """Questions in all: each is one call, or two where an answer is mended."""
        return sum(len(cell.order) for cells in self.cells.values() for cell in cells)


class Everything:
    """Allocator that draws every sample."""

    def pick(self, cells: Sequence[Cell]) -> Cell | None:
        """Return the first cell of which something is left."""
        return next((cell for cell in cells if cell.left), None)

    def observe(self, cell: Cell, passed: bool) -> None:
        """Take in a result: nothing follows from it."""


def plan_trial(
    opened: Opened,
    market: str,
    *,
    candidate: str = "",
    features: Sequence[str] = (),
    questions: int | None = None,
    seed: int = 1,
) -> TrialPlan:
    """Return the plan of a trial of *market*: of what the latest selection serves, or of *candidate*.

    *features* narrows it; *questions* asks so many of each bank at the most, where the regime's own
    sample is larger.

    Raises:
        NotFound: nothing is selected, or nothing of that name is offered.
        NotAllowed: no variant takes questions.
        Malformed, Tampered: a bank is broken, or is not what was imported.
    """
    offered = offer(opened.workspace, market)
    regime = load_regime(offered.market.regime)
    served = _served(opened, offered, candidate, features)
    shapes = templates(opened.workspace)
    variants = [one for one in served if one.feature in shapes]
    left_out = [
        f"`{name}` takes no questions: `banks/inputs.toml` does not say how it would be asked one"
        for name in sorted({one.feature for one in served} - set(shapes))
    ]
    if not variants:
        raise NotAllowed(
            "no variant takes questions",
            hint="say in `banks/inputs.toml` how each feature is asked",
        )
    cells: dict[str, tuple[Cell, ...]] = {}
    asked: dict[str, Mapping[str, Entry]] = {}
    used = []
    for bank, size in _sizes(regime, questions).items():
        kept = bank_or_starter(opened.workspace, market, regime.id, bank)
        if kept is None:
            left_out.append(f"bank `{bank}` is not here: `pratique bank import {bank} FILE`")
            continue
        askable = _askable(kept, regime, bank, variants, left_out)
        chosen = drawn(askable, size, seed, bank)
        shares = dealt(chosen, variants, seed, bank)
        cells[bank] = tuple(
            cell_of(
                variants[at], suite_of(bank, variants[at], shapes[variants[at].feature], own), seed
            )
            for at, own in shares.items()
            if own
        )
        asked[bank] = {one.id: one for one in chosen}
        used.append(
            BankUsed(
                bank=bank,
                digest=kept.head.digest,
                starter=kept.head.starter,
                askable=len(askable),
                drawn=len(chosen),
            )
        )
    return TrialPlan(
        market=market,
        regime=regime,
        offered=offered,
        seed=seed,
        cells=cells,
        questions=asked,
        banks=tuple(used),
        keywords=bank_or_starter(opened.workspace, market, regime.id, "keywords"),
        left_out=tuple(left_out),
    )


def _served(
    opened: Opened, offered: Offer, candidate: str, features: Sequence[str]
) -> list[Variant]:
    if candidate:
        found = [one for one in offered.variants if one.candidate == candidate]
    else:
        with opened.database.connect() as connection:
            choices = latest_selection(connection, offered.market.id).served
        found = [offered.variant(one.feature, one.locale, one.serves or "") for one in choices]
    chosen = [one for one in found if not features or one.feature in features]
    if not chosen:
        raise NotFound(
            f"nothing to try in `{offered.market.id}`"
            + (f" by `{candidate}`" if candidate else ": nobody was selected"),
            hint="`pratique select` decides who serves; --candidate tries a model before that",
        )
    return chosen


def _sizes(regime: Regime, questions: int | None) -> dict[str, int]:
    """Return how many questions of each bank: the largest sample that a gate on it wants."""
    found: dict[str, int] = {}
    for gate in regime.gates:
        if gate.subject == "output" and gate.bank is not None:
            size = int(gate.sample.value)
            size = size if questions is None else min(size, questions)
            found[gate.bank] = max(found.get(gate.bank, 0), size)
    return found


def _askable(
    kept: KeptBank,
    regime: Regime,
    bank: str,
    variants: Sequence[Variant],
    left_out: list[str],
) -> list[Entry]:
    """Return the entries that can be asked; what cannot is told of by number and reason."""
    locales = {one.locale for one in variants}
    count = counting(kept, regime.bank(bank))
    in_text = [one for one in count if one.modality == "text"]
    found = [one for one in in_text if one.locale in locales]
    if len(in_text) < len(count):
        left_out.append(f"{len(count) - len(in_text)} questions of `{bank}` go with a picture")
    if len(found) < len(in_text):
        left_out.append(
            f"{len(in_text) - len(found)} questions of `{bank}` are in a locale that nothing tried is in"
        )
    return found


async def ask(
    opened: Opened,
    plan: TrialPlan,
    progress: Callable[[Sequence[Cell]], None],
    *,
    models: Mapping[str, Model] | None = None,
    budget: Budget | None = None,
) -> None:
    """Ask every question of *plan*; what was answered before is kept, and not asked again."""
    cells = [cell for own in plan.cells.values() for cell in own]
    names = {cell.variant.candidate for cell in cells}
    able = [one for one in plan.offered.candidates if one.name in names]
    pool = Pool(
        {one.partner.id: one.partner for one in able},
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
        keywords=pack.id if pack.id == "keywords" else f"screening {pack.id}",
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
