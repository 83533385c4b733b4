"""The report on a market's banks: each one held against the regime, and what contradicts itself."""

import msgspec

from pratique.assessment.candidates import read_packs
from pratique.features.packs import Schema
from pratique.filing.banks.checking import BankCheck, Offered, check_bank
from pratique.filing.banks.entries import KeptBank
from pratique.filing.banks.keeping import bank_or_starter
from pratique.regimes.regime import load_regime
from pratique.screening.fold import key_of
from pratique.serving.pictures import FIELD
from pratique.settings.workspace import Workspace
from pratique.workspace.opened import Opened


class BankReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What there is to say of all banks of a market."""

    version: int = 1
    """Version of this record."""
    market: str
    """Market."""
    regime: str
    """Rules that the banks are held against."""
    day: str
    """Day on which they were held against them, ISO 8601."""
    locales: tuple[str, ...]
    """Locales that the service offers."""
    modalities: tuple[str, ...]
    """What users may send."""
    banks: tuple[BankCheck, ...]
    """Each bank that the regime asks for."""
    contradictions: tuple[tuple[str, str], ...]
    """Questions that must be refused and must not be: the two entries of each."""

    @property
    def complete(self) -> bool:
        """Whether nothing is missing, and nothing contradicts itself."""
        return all(one.complete for one in self.banks) and not self.contradictions

    def check(self, bank: str) -> BankCheck | None:
        """Return what there is to say of *bank*; None where the regime does not ask for it."""
        return next((one for one in self.banks if one.bank == bank), None)


def bank_report(opened: Opened, market: str) -> BankReport:
    """Return how the banks of *market* stand today.

    Raises:
        NotFound: there is no such market.
        Malformed, Tampered: a bank is broken, or is not what was imported.
    """
    regime = load_regime(opened.workspace.market(market).regime)
    offered = offered_by(opened.workspace, market)
    kept = {
        bank.id: bank_or_starter(opened.workspace, market, regime.id, bank.id)
        for bank in regime.banks
    }
    today = opened.clock().date()
    return BankReport(
        market=market,
        regime=regime.id,
        day=today.isoformat(),
        locales=offered.locales,
        modalities=offered.modalities,
        banks=tuple(
            check_bank(bank, regime.risks, kept[bank.id], offered, today) for bank in regime.banks
        ),
        contradictions=_contradictions(kept.get("refuse"), kept.get("not_refuse")),
    )


def offered_by(workspace: Workspace, market_id: str) -> Offered:
    """Return what the service in *market_id* offers, by its settings and its features' schemas."""
    market = workspace.market(market_id)
    packs = read_packs(workspace, market.features)
    pictures = any(_takes_picture(pack.input_schema) for pack in packs)
    return Offered(locales=market.locales, modalities=("text", "image") if pictures else ("text",))


def _takes_picture(schema: Schema) -> bool:
    properties = schema.get("properties")
    return isinstance(properties, dict) and FIELD in properties


def _contradictions(
    refuse: KeptBank | None, answer: KeptBank | None
) -> tuple[tuple[str, str], ...]:
    if refuse is None or answer is None:
        return ()
    wanted = {key_of(one.text): one.id for one in refuse.entries if not one.open}
    return tuple(
        (wanted[key_of(one.text)], one.id)
        for one in answer.entries
        if not one.open and key_of(one.text) in wanted
    )
