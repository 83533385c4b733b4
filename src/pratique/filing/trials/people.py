"""People: answers of a trial drawn for blind sheets, and what the sheets that came back come to."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from pratique.errors import NotAllowed
from pratique.evals.judges.rubrics import packaged, read_rubric
from pratique.evals.outcomes import Result, results_of
from pratique.evals.ratings.batches import Batch, Item, require_sound_batch, sheet_for
from pratique.evals.ratings.drawing import Key, key_of, words_of
from pratique.evals.ratings.sheets import Grade, SheetLanguage
from pratique.evals.ratings.standing import given_by, settled_values
from pratique.evals.ratings.table import batches_kept, keep_batch, ratings_of
from pratique.evals.statistics.agreement import Agreement, agreement
from pratique.filing.banks.entries import Entry
from pratique.filing.banks.keeping import bank_or_starter
from pratique.filing.trials.findings import Counted, GateFinding, gate_finding
from pratique.filing.trials.judges import DECLINED, shown
from pratique.filing.trials.kept import Trial
from pratique.regimes.banks import Gate
from pratique.regimes.regime import Regime, load_regime
from pratique.workspace.opened import Opened

KIND = "trial"
"""Kind of the batches that are drawn here."""

_RUBRIC = "lawful"

_HEADINGS: Mapping[SheetLanguage, tuple[str, ...]] = {
    "en": ("Risk", "Question", "Answer"),
    "zh": ("风险", "测试题", "模型回答"),
}


class PeopleReview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people said of a trial's answers."""

    batch: str
    """Batch of sheets (`pratique rate status`)."""
    raters: tuple[str, ...]
    """Who rates, each without knowing what the others gave."""
    back: tuple[str, ...]
    """Of these, whose sheets came back."""
    items: int
    """Answers on the sheets."""
    disputed: int
    """Answers on which raters differ."""
    settled: int
    """Answers with one rating: agreed on, or decided by one more person."""
    declined: int
    """Questions drawn that were declined: nothing was shown, so they pass and are on no sheet."""
    unanswered: int
    """Questions drawn that gave no answer: they do not pass and are on no sheet."""
    agreement: Agreement | None
    """How far raters agree, with its interval; None before two sheets came back."""
    finding: GateFinding | None
    """What it comes to; None until every answer is settled."""


def write_sheets(
    opened: Opened,
    trial: Trial,
    *,
    raters: tuple[str, ...],
    samples: int,
    language: SheetLanguage,
    folder: Path,
) -> tuple[Batch, Mapping[str, Path]]:
    """Draw answers of *trial*, each risk in proportion, and write one blind sheet a rater.

    Raises:
        NotAllowed: no test of this market is judged by people, nothing can be rated, or the bank
            has changed since.
        Malformed: raters stand twice, there are fewer than two, or a text is too long to be shown.
    """
    # The service judges nothing by sheets: it needs no writer of them in its memory.
    from pratique.evals.ratings.writing import require_free, write_sheet

    regime = load_regime(trial.regime)
    gate = _gate(regime)
    batch = _batch(opened, trial, regime, gate, raters, samples, language)
    sheets = {rater: sheet_for(batch, rater) for rater in batch.raters}
    paths = {rater: folder / f"{batch.id}-{rater}.xlsx" for rater in batch.raters}
    for rater, path in paths.items():
        require_free(sheets[rater], path)
    with opened.database.begin() as connection:
        keep_batch(connection, batch, opened.clock())
    folder.mkdir(parents=True, exist_ok=True)
    for rater, path in paths.items():
        write_sheet(sheets[rater], path)
    return batch, paths


def people_review(connection: Connection, trial_id: str, regime: Regime) -> PeopleReview | None:
    """Return what people said of the answers of a trial; None where no sheets were drawn.

    Of several batches the latest counts.
    """
    mine = [
        one for one in batches_kept(connection) if one.kind == KIND and key_of(one).run == trial_id
    ]
    if not mine:
        return None
    batch = mine[-1]
    ratings = ratings_of(connection, batch.id)
    given, values, key = given_by(ratings), settled_values(batch, ratings), key_of(batch)
    back = tuple(r for r in batch.raters if any(r in one for one in given.values()))
    rows = [[given.get(item.id, {}).get(rater) for rater in batch.raters] for item in batch.items]
    return PeopleReview(
        batch=batch.id,
        raters=batch.raters,
        back=back,
        items=len(batch.items),
        disputed=sum(len(set(one.values())) > 1 for one in given.values()),
        settled=len(values),
        declined=sum(share == 1.0 for share in key.fixed.values()),
        unanswered=sum(share == 0.0 for share in key.fixed.values()),
        agreement=agreement(rows, level="nominal") if len(back) > 1 else None,
        finding=_finding(batch, key, values, regime) if len(values) == len(batch.items) else None,
    )


def _finding(
    batch: Batch, key: Key, values: Mapping[str, int], regime: Regime
) -> GateFinding | None:
    best = batch.grades[-1].value
    said = []
    for name in key.drawn:
        place = name.rpartition("/")[2]
        passed = key.fixed[name] == 1.0 if name in key.fixed else values[name] == best
        said.append(Counted(place, passed))
    return gate_finding(_gate(regime), said)


def _gate(regime: Regime) -> Gate:
    for gate in regime.gates:
        if gate.judge == "people" and gate.subject == "output":
            return gate
    raise NotAllowed(f"no test of `{regime.id}` is judged by people")


def _batch(
    opened: Opened,
    trial: Trial,
    regime: Regime,
    gate: Gate,
    raters: tuple[str, ...],
    samples: int,
    language: SheetLanguage,
) -> Batch:
    bank = gate.bank or ""
    questions = questions_of(opened, trial, bank)
    asked = [one for one in trial.runs if one.bank == bank]
    with opened.database.connect() as connection:
        kept = results_of(connection, [one.run for one in asked])
    results = [result for one in asked for result in kept[one.run]]
    chosen = _drawn(results, questions, samples, trial.seed)
    names = {id(one): f"{one.sample_id}/{questions[one.sample_id].place}" for one in chosen}
    fixed = {
        names[id(one)]: 1.0 if one.outcome in DECLINED else 0.0
        for one in chosen
        if one.outcome != "scored"
    }
    items = tuple(
        Item(id=names[id(one)], texts=_texts(one, questions[one.sample_id], regime, language))
        for one in chosen
        if names[id(one)] not in fixed
    )
    if not items:
        raise NotAllowed(
            f"none of the {len(chosen)} answers drawn of `{trial.id}` can be rated",
            hint="each was declined or failed; draw more --samples"
            if chosen
            else "it asked nothing of the bank that people judge: `pratique bank test` names under"
            " `left out` why",
        )
    rubric = read_rubric(opened.workspace.content("rubrics", packaged()), _RUBRIC)
    words = words_of(language, "zh-Hans")
    key = Key(
        run=trial.id,
        candidate=", ".join(sorted({one.candidate for one in asked})),
        against=None,
        other=None,
        drawn=tuple(names[id(one)] for one in chosen),
        fixed=fixed,
        rubric=f"{rubric.id}@{rubric.revision}",
    )
    sealed: Mapping[str, object] = msgspec.to_builtins(key)
    batch = Batch(
        kind=KIND,
        language=language,
        question=rubric.question.to(words),
        grades=tuple(Grade(value=g.value, says=g.to(words)) for g in rubric.grades),
        headings=_HEADINGS[language],
        items=items,
        raters=raters,
        seed=trial.seed,
        sealed=sealed,
    )
    require_sound_batch(batch)
    return batch


def questions_of(opened: Opened, trial: Trial, bank: str) -> Mapping[str, Entry]:
    """Return the questions of *bank* as they were when *trial* was made, by their names.

    Raises:
        NotAllowed: the bank has changed since.
    """
    used = next((one for one in trial.banks if one.bank == bank), None)
    kept = bank_or_starter(opened.workspace, trial.market, trial.regime, bank)
    if used is None or kept is None or kept.head.digest != used.digest:
        raise NotAllowed(
            f"bank `{bank}` is not the one that `{trial.id}` drew from",
            hint="restore it from git, or test again: `pratique bank test`",
        )
    return {one.id: one for one in kept.entries}


def _drawn(
    results: Sequence[Result], questions: Mapping[str, Entry], samples: int, seed: int
) -> list[Result]:
    """Return the answers to rate: by lot, in turn over the risks, so that each is among them."""
    lot = random.Random(f"{seed}/people")  # noqa: S311  (drawing, not secrecy)
    by_place: dict[str, list[Result]] = {}
    for one in sorted(results, key=lambda each: each.sample_id):
        by_place.setdefault(questions[one.sample_id].place, []).append(one)
    whole = len(results)
    order: list[tuple[float, int, Result]] = []
    for at, place in enumerate(sorted(by_place)):
        found = by_place[place]
        lot.shuffle(found)
        # The n-th of k stands where n/k of all stand: each beginning of the order is in proportion.
        order += [((n + 0.5) * whole / len(found), at, one) for n, one in enumerate(found)]
    order.sort(key=lambda each: each[:2])
    return [one for _, _, one in order[:samples]]


def _texts(
    result: Result, question: Entry, regime: Regime, language: SheetLanguage
) -> tuple[str, ...]:
    title = regime.risks.titled(question.place)
    return title.zh if language == "zh" else title.en, question.text, shown(result)
