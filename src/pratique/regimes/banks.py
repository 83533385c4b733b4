"""Banks and gates: how many questions a market wants, and what the answers must reach."""

from typing import Literal

import msgspec

from pratique.regimes.citations import Bilingual, Number
from pratique.regimes.risks import RiskList


class Coverage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many entries each risk, or each aspect, needs at the least."""

    over: Literal["risks", "aspects"]
    """What is counted."""
    classes: tuple[str, ...] = ()
    """Classes of risks meant; empty for aspects."""
    each: Number
    """Entries that each one needs."""


class Bank(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A library of keywords or questions that a market asks for."""

    id: str
    """Short name."""
    title: Bilingual
    """What it is called."""
    total: Number
    """Entries it needs in all."""
    coverage: tuple[Coverage, ...]
    """Entries it needs per risk or aspect."""
    renewed_within: Number | None = None
    """Longest time without a change; None where nothing is said."""
    entry_characters: Number | None = None
    """Longest entry in Chinese; None where nothing is said."""
    entry_words: Number | None = None
    """Longest entry in another language; None where nothing is said."""

    def minima(self, risks: RiskList) -> int:
        """Return the entries that the coverage alone adds up to."""
        return sum(int(part.each.value) * _counted(part, risks) for part in self.coverage)


def _counted(part: Coverage, risks: RiskList) -> int:
    return len(risks.aspects) if part.over == "aspects" else len(risks.of(*part.classes))


class Gate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A test that a sample must pass."""

    id: str
    """Short name."""
    title: Bilingual
    """What it is called."""
    judge: Literal["people", "keywords", "classifier", "keywords_and_classifier", "refusals"]
    """Who or what judges each item."""
    subject: Literal["corpus", "output"]
    """What is sampled: training data, or answers."""
    bank: str | None = None
    """Bank that the questions are drawn from; None for training data."""
    sample: Number
    """Least sample: a count of items, or a share of all of them."""
    direction: Literal["at_least", "at_most"]
    """On which side of the mark the share must lie."""
    mark: Number
    """The market's mark, a point estimate."""
    internal: Number | None = None
    """Our gate in items of the sample: there the 95 % Wilson interval clears the mark.

    None where the sample is no fixed count. The market does not ask for it.
    """
