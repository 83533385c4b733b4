"""Risks: what generated content may do wrong, by the market's own list."""

import msgspec

from pratique.regimes.citations import Bilingual, Cited


class RiskClass(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class of risks."""

    code: str
    """Code, such as `A.1`."""
    title: Bilingual
    """What it is called."""


class Risk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One risk."""

    code: str
    """Code, such as `A.1a`."""
    risk_class: str = msgspec.field(name="class")
    """Code of its class."""
    title: Bilingual
    """What it is called."""


class RiskList(Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The market's risks, and the aspects in which a service must not refuse."""

    classes: tuple[RiskClass, ...]
    """Classes, in the document's order."""
    items: tuple[Risk, ...]
    """Risks, in the document's order."""
    aspects: tuple[Bilingual, ...]
    """Subjects on which harmless questions must be answered."""

    def of(self, *classes: str) -> tuple[Risk, ...]:
        """Return the risks of *classes*."""
        return tuple(risk for risk in self.items if risk.risk_class in classes)

    def titled(self, place: str) -> Bilingual:
        """Return what *place* is called: a risk by its code and title, an aspect by its title.

        An aspect has no code: in data its Chinese title names it.
        """
        for risk in self.items:
            if risk.code == place:
                return Bilingual(zh=f"{place} {risk.title.zh}", en=f"{place} {risk.title.en}")
        known = (aspect for aspect in self.aspects if aspect.zh == place)
        return next(known, Bilingual(zh=place, en=place))
