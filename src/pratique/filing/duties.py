"""Duties: everything that a market asks of a filing, each with its state."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from pratique.errors import Malformed
from pratique.filing.dossier import Answered
from pratique.regimes.banks import Bank, Coverage, Gate
from pratique.regimes.citations import Bilingual
from pratique.regimes.dossiers import Applies, Who
from pratique.regimes.procedures import Procedure
from pratique.regimes.regime import Regime

Kind = Literal["report", "bank", "gate", "submission", "display", "people"]
State = Literal["open", "met", "not_met", "not_applicable"]


class Duty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a market asks for."""

    id: str
    """Name, such as `report.13` or `bank.keywords`."""
    kind: Kind
    """What kind of thing it is."""
    title: Bilingual
    """What it is called."""
    asks: Bilingual
    """What it wants."""
    who: Who
    """Who can answer it."""
    applies: Applies
    """Whether it is due on this route."""
    state: State = "open"
    """Where it stands."""
    reason: Bilingual = Bilingual(zh="", en="")
    """Why, once it is not open."""
    evidence: tuple[str, ...] = ()
    """What was given as evidence."""
    bears: tuple[str, ...] = ()
    """Files of the pack that bear on it and answer nothing by themselves."""

    @property
    def blocks(self) -> bool:
        """Whether it keeps the filing from being complete."""
        return self.state == "open" and self.applies == "required"


_NOT_INVOLVED = Bilingual(
    zh="直接调用已备案的模型，未自行训练，不涉及训练数据。",
    en="A filed model is called as it is: no training data of ours is involved.",
)
_NOTHING_DUE = Bilingual(zh="该路径无需办理。", en="Nothing is due on this route.")


def duties(regime: Regime, procedure: Procedure, answers: Sequence[Answered]) -> tuple[Duty, ...]:
    """Return every duty of *regime* on the way of *procedure*, in the order of its data.

    Where the procedure is still to be asked, everything that a filing needs counts as due.

    Raises:
        Malformed: an answer speaks of a duty that there is not, says nothing, or claims to meet
            one without evidence.
    """
    given = {one.duty: one for one in answers}
    found = tuple(_answered(one, procedure, given) for one in _all(regime, procedure))
    unknown = sorted(given.keys() - {one.id for one in found})
    if unknown:
        raise Malformed(
            f"regime `{regime.id}` has no duty `{unknown[0]}`",
            hint="`checklist.md` of any pack names all of them",
        )
    return found


def _answered(duty: Duty, procedure: Procedure, given: Mapping[str, Answered]) -> Duty:
    answer = given.get(duty.id)
    if answer is None:
        silent = _NOTHING_DUE if procedure == "none" else None
        if duty.applies == "not_involved":
            silent = silent or _NOT_INVOLVED
        if silent is None:
            return duty
        return msgspec.structs.replace(duty, state="not_applicable", reason=silent)
    if not answer.zh.strip() or not answer.en.strip():
        raise Malformed(f"the answer to `{duty.id}` gives no reason in both languages")
    if answer.state == "met" and not any(one.strip() for one in answer.evidence):
        raise Malformed(
            f"the answer to `{duty.id}` claims to meet it without evidence",
            hint="name a file of the pack, or where the evidence is kept",
        )
    return msgspec.structs.replace(
        duty,
        state=answer.state,
        reason=Bilingual(zh=answer.zh, en=answer.en),
        evidence=answer.evidence,
    )


def _all(regime: Regime, procedure: Procedure) -> Iterator[Duty]:
    registers = procedure == "registration"
    for item in regime.report.items:
        yield Duty(
            id=f"report.{item.number}",
            kind="report",
            title=item.title,
            asks=item.shows,
            who=item.who,
            applies=item.registration if registers else item.filing,
            bears=item.pack,
        )
    wanted: Applies = "if_asked" if registers else "required"
    for bank in regime.banks:
        yield Duty(
            id=f"bank.{bank.id}",
            kind="bank",
            title=bank.title,
            asks=_bank_asks(bank, regime),
            who="software",
            applies=wanted,
        )
    for gate in regime.gates:
        yield Duty(
            id=f"gate.{gate.id}",
            kind="gate",
            title=gate.title,
            asks=_gate_asks(gate),
            who="people" if gate.judge == "people" else "software",
            applies="not_involved" if registers and gate.subject == "corpus" else wanted,
        )
    yield from _papers(regime, procedure)


def _papers(regime: Regime, procedure: Procedure) -> Iterator[Duty]:
    way = "registration" if procedure == "registration" else "filing"
    for paper in regime.submissions:
        if paper.procedure == way:
            yield Duty(
                id=f"submission.{paper.id}",
                kind="submission",
                title=paper.title,
                asks=Bilingual(zh=paper.form, en=paper.form),
                who=paper.who,
                applies=paper.applies,
            )
    where = ", ".join(regime.display.places)
    yield Duty(
        id="display",
        kind="display",
        title=regime.display.title,
        asks=Bilingual(zh=where, en=where),
        who="people",
        applies="required",
    )
    for duty in regime.people:
        yield Duty(
            id=f"people.{duty.id}",
            kind="people",
            title=duty.title,
            asks=Bilingual(zh="只能由人完成", en="only people can do it"),
            who="people",
            applies="required",
        )


def _bank_asks(bank: Bank, regime: Regime) -> Bilingual:
    zh, en = [f"合计不少于 {bank.total.value:,} 条"], [f"at least {bank.total.value:,} in all"]
    for part in bank.coverage:
        what_zh, what_en = _counted(part, regime)
        zh.append(f"{what_zh}每项不少于 {part.each.value} 条")
        en.append(f"at least {part.each.value} for each of {what_en}")
    if bank.renewed_within is not None:
        zh.append(f"{bank.renewed_within.value} 天内更新")
        en.append(f"renewed within {bank.renewed_within.value} days")
    return Bilingual(zh="；".join(zh), en="; ".join(en))


def _counted(part: Coverage, regime: Regime) -> tuple[str, str]:
    if part.over == "aspects":
        count = len(regime.risks.aspects)
        return f"{count} 个方面", f"{count} aspects"
    count, classes = len(regime.risks.of(*part.classes)), ", ".join(part.classes)
    return f"{classes} 的 {count} 项风险", f"the {count} risks of {classes}"


def _gate_asks(gate: Gate) -> Bilingual:
    sample, mark = gate.sample, gate.mark.value
    if sample.unit == "share":
        size_zh = f"抽取不少于全部的 {sample.value:.0%}"
        size_en = f"a sample of at least {sample.value:.0%} of all"
    else:
        size_zh, size_en = f"抽取不少于 {sample.value:,} 条", f"at least {sample.value:,} drawn"
    low = gate.direction == "at_least"
    zh = f"{size_zh}，{_share_zh(gate)}{'不低于' if low else '不高于'} {mark:.0%}"
    en = f"{size_en}, {_share_en(gate)} {'at least' if low else 'at most'} {mark:.0%}"
    if gate.internal is not None:
        own = gate.internal.value
        zh += f"（内部线：{'不少于' if low else '不多于'} {own:,} 条）"
        en += f" (our own gate: {'at least' if low else 'at most'} {own:,} of them)"
    return Bilingual(zh=zh, en=en)


def _share_zh(gate: Gate) -> str:
    return "拒答率" if gate.judge == "refusals" else "合格率"


def _share_en(gate: Gate) -> str:
    return "refused" if gate.judge == "refusals" else "passing"
