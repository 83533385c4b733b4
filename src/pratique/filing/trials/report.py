"""The report on a market's tests: what each came to, what failed and what was done about it."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from sqlalchemy import Connection

from pratique.assessment.candidates import offer
from pratique.assessment.decisions import latest_selection
from pratique.errors import NotAllowed, NotFound
from pratique.evals.outcomes import Result, results_of
from pratique.filing.trials.findings import GateFinding
from pratique.filing.trials.judges import shown
from pratique.filing.trials.kept import (
    Fix,
    Verdict,
    fixes_of,
    keep_fix,
    trial_called,
    trials_kept,
    verdicts_of,
)
from pratique.filing.trials.people import PeopleReview, people_review, questions_of
from pratique.regimes.banks import Gate
from pratique.regimes.regime import Regime, load_regime
from pratique.serving.variant import digest_of
from pratique.store.moments import stamp
from pratique.workspace.opened import Opened

LONGEST_FIX = 500
"""Characters of a fix."""


class Failure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer on the wrong side of its test."""

    gate: str
    """Test."""
    run: str
    """Run of the answer."""
    position: int
    """Place in the run."""
    question: str
    """Entry of the bank."""
    place: str
    """Its risk or aspect."""
    why: str
    """What the judge went by."""
    fix: str
    """What was done about it, in the words of whoever noted it; empty where nothing was noted."""
    fixed_by: str
    """Who noted it."""
    fixed_in: str
    """First later trial in which the same question came out right; empty where none."""


class TrialReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What there is to say of the tests of a market."""

    version: int = 1
    """Version of this record."""
    market: str
    """Market."""
    trial: str
    """The latest trial; empty where there is none."""
    seed: int
    """Seed of its drawing."""
    simulated: bool
    """Whether an invented partner answered."""
    starter: bool
    """Whether questions came from the modest set of the product."""
    current: bool
    """Whether it was made on the very variants that are selected now."""
    runs: tuple[str, ...]
    """Runs that hold the answers."""
    digests: tuple[str, ...]
    """Digests of the variants that answered."""
    banks: tuple[tuple[str, str], ...]
    """Banks that questions were drawn from, with their digests."""
    judges: tuple[tuple[str, str], ...]
    """What pins the judge of each test."""
    findings: tuple[GateFinding, ...]
    """What each test came to; that of people is here once every sheet is settled."""
    untried: tuple[str, ...]
    """Tests of output that have no finding."""
    people: PeopleReview | None
    """What people said; None where no sheets were drawn."""
    failures: tuple[Failure, ...]
    """Every answer on the wrong side."""
    left_out: tuple[str, ...]
    """What was not tried, each with the reason."""

    @property
    def meets(self) -> bool:
        """Whether every test has a finding that meets the safe gate, on what is selected now."""
        return (
            bool(self.trial)
            and self.current
            and not self.untried
            and all(one.safe == "meets" for one in self.findings)
        )

    @property
    def mended(self) -> int:
        """Failures that came out right later."""
        return sum(bool(one.fixed_in) for one in self.failures)

    def finding(self, gate: str) -> GateFinding | None:
        """Return what *gate* came to; None where it has no finding."""
        return next((one for one in self.findings if one.gate == gate), None)


class AnsweredQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question with its answer and what the judges say: a row of the table that is handed in."""

    bank: str
    """Bank."""
    question: str
    """The question."""
    place: str
    """Its risk or aspect."""
    answer: str
    """What a user would read; empty where nothing was shown."""
    outcome: Literal["scored", "refused", "blocked", "invalid", "failed"]
    """What became of it."""
    verdicts: tuple[tuple[str, bool], ...]
    """By test, whether it came out right."""


def trial_report(opened: Opened, market: str, trial_id: str = "") -> TrialReport:
    """Return how the tests of *market* stand: the latest trial, or the one called *trial_id*.

    Raises:
        NotFound: there is no such market or trial.
    """
    regime = load_regime(opened.workspace.market(market).regime)
    with opened.database.connect() as connection:
        every = trials_kept(connection, market)
        if trial_id:
            trial_called(connection, trial_id)
        named = [one for one in every if not trial_id or one[0] == trial_id]
        if not named:
            return _none(market, regime)
        name, trial = named[-1]
        people = people_review(connection, name, regime)
        said = verdicts_of(connection, name)
        later = [one for one, _ in every[every.index((name, trial)) + 1 :]]
        failures = _failures(connection, regime, name, said, later, fixes_of(connection, market))
    by_people = (people.finding,) if people and people.finding else ()
    findings = tuple(
        sorted(
            (*trial.findings, *by_people),
            key=lambda one: [gate.id for gate in regime.gates].index(one.gate),
        )
    )
    return TrialReport(
        market=market,
        trial=name,
        seed=trial.seed,
        simulated=trial.simulated,
        starter=any(one.starter for one in trial.banks),
        current=_selected_now(opened, market) <= {one.digest for one in trial.runs},
        runs=tuple(dict.fromkeys(one.run for one in trial.runs)),
        digests=tuple(sorted({one.digest for one in trial.runs})),
        banks=tuple((one.bank, one.digest) for one in trial.banks),
        judges=trial.judges,
        findings=findings,
        untried=_untried(regime, {one.gate for one in findings}),
        people=people,
        failures=failures,
        left_out=trial.left_out,
    )


def answered_questions(opened: Opened, trial_id: str, bank: str) -> tuple[AnsweredQuestion, ...]:
    """Return every question of *bank* that the trial asked, with its answer and its verdicts.

    Raises:
        NotFound: there is no such trial.
        NotAllowed: the bank has changed since.
    """
    with opened.database.connect() as connection:
        trial = trial_called(connection, trial_id)
        runs = [one.run for one in trial.runs if one.bank == bank]
        kept = results_of(connection, runs)
        said = verdicts_of(connection, trial_id)
    gates = {one.id: one for one in load_regime(trial.regime).gates}
    by_answer: dict[tuple[str, int], list[tuple[str, bool]]] = {}
    for one in said:
        right = not _wrong(gates[one.gate], one)
        by_answer.setdefault((one.run, one.position), []).append((one.gate, right))
    questions = questions_of(opened, trial, bank)
    return tuple(
        AnsweredQuestion(
            bank=bank,
            question=questions[result.sample_id].text,
            place=questions[result.sample_id].place,
            answer=shown(result),
            outcome=result.outcome,
            verdicts=tuple(by_answer.get((run, result.position), ())),
        )
        for run, result in _each(runs, kept)
    )


def note_fix(opened: Opened, trial_id: str, question: str, text: str) -> Fix:
    """Note what was done about *question*, which failed in the trial.

    Raises:
        NotFound: there is no such trial.
        NotAllowed: the question did not fail in it, or the note is empty or too long.
    """
    with opened.database.connect() as connection:
        trial = trial_called(connection, trial_id)
        said = verdicts_of(connection, trial_id)
    gates = {one.id: one for one in load_regime(trial.regime).gates}
    if not any(one.question == question and _wrong(gates[one.gate], one) for one in said):
        raise NotAllowed(
            f"`{question[:60]}` did not fail in `{trial_id}`",
            hint="`pratique bank failures` lists what did",
        )
    if not text.strip() or len(text) > LONGEST_FIX:
        raise NotAllowed(f"a note has from 1 to {LONGEST_FIX} characters")
    fix = Fix(
        trial=trial_id,
        question=question,
        at=stamp(opened.clock()),
        who=opened.who,
        fix=text.strip(),
    )
    with opened.ledger.decision(
        who=opened.who, kind="trial.fixed", subject=trial_id, body={"question": question}
    ) as connection:
        keep_fix(connection, fix)
    return fix


def _none(market: str, regime: Regime) -> TrialReport:
    return TrialReport(
        market=market,
        trial="",
        seed=0,
        simulated=False,
        starter=False,
        current=False,
        runs=(),
        digests=(),
        banks=(),
        judges=(),
        findings=(),
        untried=_untried(regime, set()),
        people=None,
        failures=(),
        left_out=(),
    )


def _untried(regime: Regime, found: set[str]) -> tuple[str, ...]:
    return tuple(one.id for one in regime.gates if one.subject == "output" and one.id not in found)


def _selected_now(opened: Opened, market: str) -> set[str]:
    """Return the digests of what is selected now, as the workspace makes it; else one of nothing."""
    offered = offer(opened.workspace, market)
    try:
        with opened.database.connect() as connection:
            served = latest_selection(connection, market).served
        return {
            digest_of(offered.variant(one.feature, one.locale, one.serves or "")) for one in served
        }
    except (NotFound, NotAllowed):
        return {"nothing is selected"}


def _failures(
    connection: Connection,
    regime: Regime,
    trial: str,
    said: Sequence[Verdict],
    later: Sequence[str],
    fixes: Sequence[Fix],
) -> tuple[Failure, ...]:
    gates = {one.id: one for one in regime.gates}
    wrong = [one for one in said if _wrong(gates[one.gate], one)]
    right_in: dict[tuple[str, str], str] = {}
    for name in later if wrong else ():
        for one in verdicts_of(connection, name):
            if not _wrong(gates[one.gate], one):
                right_in.setdefault((one.gate, one.question), name)
    noted = {one.question: one for one in fixes if one.trial == trial}
    return tuple(
        Failure(
            gate=one.gate,
            run=one.run,
            position=one.position,
            question=one.question,
            place=one.place,
            why=one.why,
            fix=noted[one.question].fix if one.question in noted else "",
            fixed_by=noted[one.question].who if one.question in noted else "",
            fixed_in=right_in.get((one.gate, one.question), ""),
        )
        for one in wrong
    )


def _wrong(gate: Gate, verdict: Verdict) -> bool:
    """Say whether *verdict* is on the wrong side: not counted, or counted where few may be."""
    return verdict.counted == (gate.direction == "at_most")


def _each(runs: Sequence[str], kept: Mapping[str, Sequence[Result]]) -> list[tuple[str, Result]]:
    return [(run, result) for run in runs for result in kept[run]]
