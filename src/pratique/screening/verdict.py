"""What screening found in a text, and what is to be done about it."""

from collections.abc import Iterable

import msgspec

from pratique.screening.entries import ACTIONS, Action, Tier, View

BLOCK = "■"
"""Stands for each character that is masked."""


class Hit(msgspec.Struct, frozen=True, order=True):
    """One place where an entry was found. It never holds the words."""

    anchor: int
    """Place from which nothing may be shown: `start`, or the start of the part that completed."""
    start: int
    """First code point, counted in the original."""
    end: int
    """First code point after it."""
    rule: str
    """Id of the entry."""
    view: View
    """How it was found."""
    tier: Tier
    """Whether it acts."""
    action: Action
    """What it asks for."""
    risk: str
    """Code of the risk."""


class Verdict(msgspec.Struct, frozen=True):
    """What came of one text."""

    hits: tuple[Hit, ...]
    """Hits in order; after the first that ends the text there are none."""
    cut: int
    """Code points that may be shown, before masking: all, unless a hit ended the text."""

    @property
    def action(self) -> Action | None:
        """The strongest action; None where nothing was found."""
        return max((hit.action for hit in self.hits), key=ACTIONS.index, default=None)

    @property
    def retract(self) -> bool:
        """Whether what was already shown must go as well."""
        return any(hit.action == "replace" for hit in self.hits)

    def shown(self, text: str) -> str:
        """Return what of *text* may be shown: cut and masked; nothing where it is replaced."""
        return "" if self.retract else masked(text[: self.cut], 0, self.hits)


def ends(hit: Hit) -> bool:
    """Return whether nothing comes after *hit*."""
    return hit.action in ("stop", "replace")


def until_end(hits: Iterable[Hit]) -> list[Hit]:
    """Return *hits*, sorted and without doubles, up to the first that ends the text."""
    kept: list[Hit] = []
    for hit in sorted(set(hits)):
        kept.append(hit)
        if ends(hit):
            break
    return kept


def masked(text: str, offset: int, hits: Iterable[Hit]) -> str:
    """Return *text*, which stands at *offset*, with every masked span hidden."""
    for hit in hits:
        if hit.action == "mask":
            start, end = max(hit.start - offset, 0), min(hit.end - offset, len(text))
            if start < end:
                text = text[:start] + BLOCK * (end - start) + text[end:]
    return text
