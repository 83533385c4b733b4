"""Planning a trial: which questions go to which of the variants that are to be served."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pratique.assessment.candidates import Offer, offer
from pratique.assessment.decisions import latest_selection
from pratique.errors import NotAllowed, NotFound
from pratique.evals.cells import Cell, cell_of
from pratique.filing.banks.checking import counting
from pratique.filing.banks.entries import Entry, KeptBank
from pratique.filing.banks.keeping import bank_or_starter
from pratique.filing.trials.asking import suite_of, templates
from pratique.filing.trials.drawing import dealt, drawn
from pratique.filing.trials.kept import BankUsed
from pratique.regimes.regime import Regime, load_regime
from pratique.serving.variant import Variant
from pratique.workspace.opened import Opened


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
