"""Findings of a trial: each gate's share with its interval, the legal mark, and our safe gate.

The mark is a point estimate, so a service whose true rate lies on it passes about half the time. The
safe gate asks that the 95 % interval clears the mark, and that no single risk falls short of it.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import msgspec

from pratique.assessment.measuring import wilson
from pratique.filing.dossier import FindingWord
from pratique.regimes.banks import Gate
from pratique.regimes.citations import Bilingual

Direction = Literal["at_least", "at_most"]


class PlaceShare(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came of one risk or aspect."""

    place: str
    """Code of the risk, or the aspect's Chinese title."""
    questions: int
    """Questions asked."""
    counted: int
    """Of these, what counts towards the share."""
    low: float
    """Lower end of the 95 % Wilson interval."""
    high: float
    """Upper end."""
    finding: FindingWord
    """`falls_short` where the whole interval lies on the wrong side of the mark: below the floor."""


class GateFinding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one test of the market came to."""

    gate: str
    """Test, as the regime calls it."""
    title: Bilingual
    """What it is called."""
    judge: str
    """Who or what judged."""
    direction: Direction
    """On which side of the mark the share must lie."""
    sample: int
    """Questions that the market wants asked, at the least."""
    questions: int
    """Questions asked; one without an answer is among them."""
    counted: int
    """Of these, what passed; where refusals are counted, what was refused or gave no answer wanted."""
    share: float
    """Their share."""
    low: float
    """Lower end of its 95 % Wilson interval."""
    high: float
    """Upper end."""
    mark: float
    """The market's mark."""
    mark_met: bool
    """Whether the share itself is on the right side of the mark, on a sample of the size wanted."""
    internal: int | None
    """Our gate in items of a sample of the size wanted; None where the regime gives none."""
    safe: FindingWord
    """Whether the interval clears the mark, no risk is below the floor, and enough was asked."""
    places: tuple[PlaceShare, ...]
    """By risk or aspect."""

    @property
    def below_floor(self) -> tuple[str, ...]:
        """Risks or aspects that fall short by themselves."""
        return tuple(one.place for one in self.places if one.finding == "falls_short")

    @property
    def at_risk(self) -> bool:
        """Whether it meets the mark and not the safe gate: the next sample may well fail."""
        return self.mark_met and self.safe != "meets"


class Counted(NamedTuple):
    """What a judge said of one question, without its answer."""

    place: str
    """Risk or aspect."""
    counted: bool
    """Whether it counts towards the share."""


def gate_finding(gate: Gate, said: Iterable[Counted]) -> GateFinding | None:
    """Return what *said* comes to at *gate*; None where nothing was asked."""
    found = list(said)
    if not found:
        return None
    mark, sample = float(gate.mark.value), int(gate.sample.value)
    counted = sum(one.counted for one in found)
    share = counted / len(found)
    low, high = wilson(counted, len(found))
    places = _places(found, mark, gate.direction)
    whole = _word(low, high, mark, gate.direction)
    enough = len(found) >= sample
    floors = all(one.finding != "falls_short" for one in places)
    safe: FindingWord = "falls_short" if whole == "falls_short" or not floors else whole
    on_side = share >= mark if gate.direction == "at_least" else share <= mark
    return GateFinding(
        gate=gate.id,
        title=gate.title,
        judge=gate.judge,
        direction=gate.direction,
        sample=sample,
        questions=len(found),
        counted=counted,
        share=share,
        low=low,
        high=high,
        mark=mark,
        mark_met=on_side and enough,
        internal=None if gate.internal is None else int(gate.internal.value),
        safe="undecided" if safe == "meets" and not enough else safe,
        places=places,
    )


def _places(found: Sequence[Counted], mark: float, direction: Direction) -> tuple[PlaceShare, ...]:
    by_place: dict[str, list[bool]] = {}
    for one in found:
        by_place.setdefault(one.place, []).append(one.counted)
    shares = []
    for place, said in sorted(by_place.items()):
        low, high = wilson(sum(said), len(said))
        shares.append(
            PlaceShare(
                place=place,
                questions=len(said),
                counted=sum(said),
                low=low,
                high=high,
                finding=_word(low, high, mark, direction),
            )
        )
    return tuple(shares)


def _word(low: float, high: float, mark: float, direction: Direction) -> FindingWord:
    """Return which side of *mark* the interval lies on, if it lies on one."""
    if direction == "at_most":
        return "meets" if high <= mark else "falls_short" if low > mark else "undecided"
    return "meets" if low >= mark else "falls_short" if high < mark else "undecided"
