"""Regimes: a market's rules as one typed record, read from the package's data."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.regimes.banks import Bank, Gate
from pratique.regimes.citations import Bilingual, Cited, Number
from pratique.regimes.clocks import ClockRule
from pratique.regimes.dossiers import PeopleDuty, Report, Submission
from pratique.regimes.labelling import DisplayDuty, LabelDuty, Nothing
from pratique.regimes.procedures import ChangeRule, ProcedureEntry, RouteRule, When
from pratique.regimes.risks import RiskList
from pratique.settings.toml import read_toml


class Edition(Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document that the rules come from."""

    id: str
    """Number or short name."""
    subject: Literal["service", "safety", "label", "producer_code"]
    """What it is about."""
    title: Bilingual
    """What it is called."""
    force: Literal["law", "mandatory", "recommended", "guide"]
    """How binding it is."""
    in_force: str
    """First day, ISO 8601; empty if unknown."""


class AbuseRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a user who asks for unlawful content is suspended."""

    consecutive: Number
    """Times in a row."""
    per_day: Number
    """Times in a day."""


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Single numbers that belong to no bank, gate or label."""

    source_unlawful_share: Number
    """Share of unlawful content from which a source of training data may not be used."""
    opt_out_clicks: Number
    """Most clicks to refuse that inputs train a model."""


class Regime(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of a market."""

    id: str
    """Name, as settings write it."""
    revision: int
    """Revision of these data."""
    market: str
    """Market that they hold in."""
    title: Bilingual
    """What they are called."""
    editions: tuple[Edition, ...]
    """Documents that they come from."""
    procedures: tuple[ProcedureEntry, ...]
    """What may be due."""
    routes: tuple[RouteRule, ...]
    """What decides which of them is due, in order."""
    risks: RiskList
    """What content may do wrong."""
    banks: tuple[Bank, ...]
    """Libraries of keywords and questions."""
    gates: tuple[Gate, ...]
    """Tests that samples must pass."""
    abuse_rule: AbuseRule | Nothing = msgspec.field(name="abuse")
    """When a user is suspended, if the market says so."""
    limits: Limits | Nothing
    """Other numbers."""
    label: LabelDuty
    """Marks on generated content."""
    display: DisplayDuty
    """What users are shown about the model."""
    report: Report
    """The report that is handed in."""
    submissions: tuple[Submission, ...]
    """Files that are handed in."""
    people: tuple[PeopleDuty, ...]
    """What no software can do."""
    changes: tuple[ChangeRule, ...]
    """What a change of a variant asks for."""
    clocks: tuple[ClockRule, ...] = ()
    """What falls due again and again."""

    @property
    def abuse(self) -> AbuseRule:
        """When a user is suspended.

        Raises:
            NotFound: the market has no such rule.
        """
        if isinstance(self.abuse_rule, str):
            raise NotFound(f"regime `{self.id}` has no rule on suspending users")
        return self.abuse_rule

    def change(self, part: str) -> ChangeRule:
        """Return what a change of *part* asks for.

        Raises:
            NotFound: the rules say nothing of it; nothing carries over then.
        """
        for rule in self.changes:
            if rule.part == part:
                return rule
        known = ", ".join(rule.part for rule in self.changes)
        raise NotFound(
            f"regime `{self.id}` says nothing of a change of `{part}`", hint=f"known: {known}"
        )

    def bank(self, bank_id: str) -> Bank:
        """Return the bank called *bank_id*.

        Raises:
            NotFound: there is none.
        """
        for bank in self.banks:
            if bank.id == bank_id:
                return bank
        known = ", ".join(bank.id for bank in self.banks)
        raise NotFound(f"regime `{self.id}` has no bank `{bank_id}`", hint=f"known: {known}")

    def gate(self, gate_id: str) -> Gate:
        """Return the gate called *gate_id*.

        Raises:
            NotFound: there is none.
        """
        for gate in self.gates:
            if gate.id == gate_id:
                return gate
        known = ", ".join(gate.id for gate in self.gates)
        raise NotFound(f"regime `{self.id}` has no gate `{gate_id}`", hint=f"known: {known}")


def packaged() -> Path:
    """Return the folder of the regimes that come with the product."""
    return Path(str(files("pratique") / "content" / "regimes"))


def list_regimes() -> tuple[str, ...]:
    """Return the names of the regimes there are."""
    return tuple(sorted(path.stem for path in packaged().glob("*.toml")))


@lru_cache(maxsize=16)
def load_regime(regime_id: str) -> Regime:
    """Return the regime called *regime_id*.

    Raises:
        NotFound: there is none.
        Malformed: its file has an unknown key, a wrong type, or contradicts itself.
    """
    if regime_id not in list_regimes():
        known = ", ".join(list_regimes())
        raise NotFound(f"no regime `{regime_id}`", hint=f"known: {known}")
    return read_regime(packaged() / f"{regime_id}.toml")


def read_regime(path: Path) -> Regime:
    """Return the regime in the file *path* (see `load_regime`)."""
    regime = read_toml(path, Regime)
    for fault in _faults(regime):
        raise Malformed(fault, path=path)
    if regime.id != path.stem:
        raise Malformed(f"id `{regime.id}` is not the file's name `{path.stem}`", path=path, line=1)
    return regime


def _faults(regime: Regime) -> list[str]:
    """Return what contradicts itself in *regime*."""
    classes = {one.code for one in regime.risks.classes}
    chapters = {one.id for one in regime.report.chapters}
    banks = {one.id for one in regime.banks}
    named = {code for bank in regime.banks for part in bank.coverage for code in part.classes}
    named |= {risk.risk_class for risk in regime.risks.items}
    faults = [f"`{code}` is no class of risks" for code in sorted(named - classes)]
    faults += [
        f"gate `{gate.id}` draws from `{gate.bank}`, which is no bank"
        for gate in regime.gates
        if gate.bank is not None and gate.bank not in banks
    ]
    faults += [
        f"report item {item.number} stands in `{item.chapter}`, which is no chapter"
        for item in regime.report.items
        if item.chapter not in chapters
    ]
    numbers = [item.number for item in regime.report.items]
    if numbers != list(range(1, len(numbers) + 1)):
        faults.append("the report's items are not numbered 1, 2, 3 and so on")
    if not regime.routes or regime.routes[-1].when != When():
        faults.append("the last of `routes` must have no `when`, so that some rule always applies")
    return faults + _twice(regime)


def _twice(regime: Regime) -> list[str]:
    names: dict[str, list[str]] = {
        "risk": [one.code for one in regime.risks.items],
        "bank": [one.id for one in regime.banks],
        "gate": [one.id for one in regime.gates],
        "route": [one.id for one in regime.routes],
        "procedure": [one.id for one in regime.procedures],
        "submission": [one.id for one in regime.submissions],
        "people": [one.id for one in regime.people],
        "change": [one.part for one in regime.changes],
        "clock": [one.id for one in regime.clocks],
        "locale": [one.locale for one in regime.label.explicit.texts],
        "locale of a disclosure": [one.locale for one in regime.display.texts],
    }
    return [
        f"{kind} `{name}` stands twice"
        for kind, found in names.items()
        for name in sorted({one for one in found if found.count(one) > 1})
    ]
