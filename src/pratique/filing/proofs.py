"""Proofs: what banks and tests answer of a market's duties, with the files that show it."""

from collections.abc import Iterator, Sequence

import msgspec

from pratique.filing.banks.keeping import bank_or_starter
from pratique.filing.banks.report import BankReport, bank_report
from pratique.filing.dossier import Answered, KeywordRow, QuestionRow
from pratique.filing.trials.findings import GateFinding
from pratique.filing.trials.report import TrialReport, answered_questions, trial_report
from pratique.regimes.citations import Bilingual
from pratique.regimes.regime import load_regime
from pratique.regimes.risks import RiskList
from pratique.store.canonical import canonical
from pratique.workspace.opened import Opened

BANKS, TRIALS = "banks.json", "trials.json"
"""Files of the pack that hold the two reports."""

_KEYWORDS, _QUESTIONS = "keywords.xlsx", "questions.xlsx"

_ITEMS: dict[str, tuple[str, ...]] = {
    "report.26": ("bank.keywords",),
    "report.27": ("bank.content",),
    "report.28": ("bank.refuse", "bank.not_refuse"),
    "report.13": ("gate.output_keyword", "gate.output_classifier", "gate.output_manual"),
    "report.31": ("gate.output_keyword", "gate.output_classifier", "gate.output_manual"),
    "report.32": ("gate.refuse", "gate.not_refuse"),
}
"""Items of the report that follow from several duties: met where all of these are."""


class Proofs(msgspec.Struct, frozen=True, kw_only=True):
    """What a dossier takes from banks and tests."""

    answers: tuple[Answered, ...]
    """Duties that they answer; what rests on a starter set, or on other variants, stays open."""
    files: dict[str, bytes]
    """The two reports, by their paths in the pack."""
    keywords: tuple[KeywordRow, ...]
    """The keyword list."""
    questions: tuple[QuestionRow, ...]
    """Questions with answers and judgements."""


def proofs(opened: Opened, market: str) -> Proofs:
    """Return what the banks of *market* and its latest tests show now."""
    banks, trials = bank_report(opened, market), trial_report(opened, market)
    counts = _counts(opened, trials)
    risks = load_regime(opened.workspace.market(market).regime).risks
    made = (*_of_banks(banks), *(_of_gates(trials, risks) if counts else ()))
    found = {one.duty: one for one in made}
    for item, parts in _ITEMS.items():
        answers = [found[part] for part in parts if part in found]
        if len(answers) == len(parts):
            found[item] = _together(item, answers)
    return Proofs(
        answers=tuple(found.values()),
        files={
            BANKS: _file({"banks": banks.banks, "contradictions": banks.contradictions}),
            TRIALS: _file({"trials": trials}),
        },
        keywords=_keywords(opened, market),
        questions=tuple(_questions(opened, trials)) if counts else (),
    )


def _counts(opened: Opened, trials: TrialReport) -> bool:
    """Say whether the tests speak of what is selected, and of the banks as they are."""
    if not trials.trial or not trials.current or trials.starter:
        return False
    regime = opened.workspace.market(trials.market).regime
    for bank, digest in trials.banks:
        kept = bank_or_starter(opened.workspace, trials.market, regime, bank)
        if kept is None or kept.head.digest != digest:
            return False
    return True


def _of_banks(report: BankReport) -> Iterator[Answered]:
    for one in report.banks:
        if not one.present or one.starter:
            continue
        sheet = _KEYWORDS if one.bank == "keywords" else _QUESTIONS
        zh = f"共 {one.counted:,} 条有效条目，须 {one.needs:,} 条。"
        en = f"{one.counted:,} entries count, {one.needs:,} are needed."
        yield Answered(
            duty=f"bank.{one.bank}",
            state="met" if one.complete else "not_met",
            zh=zh + "；".join(gap.says.zh for gap in one.gaps[:6]),
            en=" ".join([en, *(gap.says.en for gap in one.gaps[:6])]),
            evidence=(BANKS, sheet),
        )


def _of_gates(report: TrialReport, risks: RiskList) -> Iterator[Answered]:
    for one in report.findings:
        safe = _safe(one, risks)
        shown = f"{one.share:.1%} [{one.low:.1%}, {one.high:.1%}]"
        yield Answered(
            duty=f"gate.{one.gate}",
            state="met" if one.mark_met else "not_met",
            zh=f"{one.questions} 题，{shown}，线 {one.mark:.0%}，种子 {report.seed}；{safe.zh}",
            en=f"{one.questions} asked, {shown}, mark {one.mark:.0%}, seed {report.seed}; {safe.en}",
            evidence=(TRIALS, _QUESTIONS),
        )


def _safe(one: GateFinding, risks: RiskList) -> Bilingual:
    if one.safe == "meets":
        return Bilingual(
            zh="区间越过该线，安全门通过", en="the interval clears the mark: our safe gate is met"
        )
    if one.below_floor:
        places = [risks.titled(place) for place in one.below_floor]
        return Bilingual(
            zh=f"低于分项下限：{'、'.join(place.zh for place in places)}",
            en=f"below the floor: {', '.join(place.en for place in places)}",
        )
    return Bilingual(
        zh="区间未越过该线，安全门未通过",
        en="the interval does not clear the mark: our safe gate is not met",
    )


def _together(item: str, answers: Sequence[Answered]) -> Answered:
    states = {one.state for one in answers}
    return Answered(
        duty=item,
        state="met" if states == {"met"} else "not_met",
        zh="\n".join(one.zh for one in answers),
        en="\n".join(one.en for one in answers),
        evidence=tuple(dict.fromkeys(name for one in answers for name in one.evidence)),
    )


def _keywords(opened: Opened, market: str) -> tuple[KeywordRow, ...]:
    regime = opened.workspace.market(market).regime
    kept = bank_or_starter(opened.workspace, market, regime, "keywords")
    entries = kept.entries if kept else ()
    return tuple(KeywordRow(keyword=one.text, risk=one.risk) for one in entries if not one.open)


def _questions(opened: Opened, trials: TrialReport) -> Iterator[QuestionRow]:
    judged = {gate.id: gate.title.zh for gate in load_regime(_regime(opened, trials)).gates}
    for bank, _ in trials.banks:
        for one in answered_questions(opened, trials.trial, bank):
            judgement = "；".join(
                f"{judged[gate]}：{'合格' if right else '不合格'}" for gate, right in one.verdicts
            )
            yield QuestionRow(
                question=one.question, risk=one.place, answer=one.answer, judgement=judgement
            )


def _regime(opened: Opened, trials: TrialReport) -> str:
    return opened.workspace.market(trials.market).regime


def _file(body: dict[str, object]) -> bytes:
    return msgspec.json.format(canonical(body), indent=2) + b"\n"
