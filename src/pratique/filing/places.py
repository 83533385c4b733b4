"""Places: who serves a feature and who stands in, in which order. All of them are filed."""

import msgspec

from pratique.assessment.candidates import Offer
from pratique.assessment.decisions import Assessment
from pratique.assessment.selection import Choice, Selection
from pratique.errors import NotAllowed, NotFound
from pratique.filing.public_list import PartnerFiled, PublicList, partner_filed
from pratique.serving.variant import Variant, digest_of


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One variant that is filed."""

    place: int
    """0 for the one that serves, n for its n-th fallback."""
    variant: Variant
    """What is frozen."""
    partner: PartnerFiled
    """Whether the filing of its model holds."""


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """All variants that are filed."""

    places: tuple[Place, ...]
    """By feature and locale, the one that serves first."""
    notes: tuple[str, ...]
    """Fallbacks of the selection that are not filed, each with the reason."""

    def fallbacks(self, feature: str, locale: str) -> tuple[str, ...]:
        """Return who stands in for *feature* in *locale*, in order."""
        return tuple(
            one.variant.candidate
            for one in self.places
            if one.place and (one.variant.feature, one.variant.locale) == (feature, locale)
        )


def places_of(
    offered: Offer, selection: Selection, assessment: Assessment, listed: PublicList | None
) -> Places:
    """Return what *selection* serves, each with its fallbacks in their order.

    A fallback is left out, with a note, where the workspace no longer holds it as it met its
    standard, or where its partner's filing does not hold.

    Raises:
        NotAllowed: who serves was changed since it was measured.
    """
    places: list[Place] = []
    notes: list[str] = []
    met = _met(assessment)
    for choice in sorted(selection.served, key=lambda one: (one.feature, one.locale)):
        first = _measured(offered, choice)
        found = [(first, partner_filed(offered.market, first.serving, listed))]
        for candidate in choice.fallbacks:
            behind = _fallback(offered, choice, candidate, listed, met)
            if isinstance(behind, str):
                notes.append(
                    f"fallback `{candidate}` for `{choice.feature}` in `{choice.locale}` is not"
                    f" filed: {behind}"
                )
            else:
                found.append(behind)
        places += [Place(place=n, variant=v, partner=p) for n, (v, p) in enumerate(found)]
    return Places(places=tuple(places), notes=tuple(notes))


def _met(assessment: Assessment) -> frozenset[str]:
    """Return the digests of which every finding says that they meet their standard."""
    found: dict[str, bool] = {}
    for one in assessment.findings:
        found[one.digest] = found.get(one.digest, True) and one.finding == "meets"
    return frozenset(digest for digest, meets in found.items() if meets)


def _fallback(
    offered: Offer, choice: Choice, candidate: str, listed: PublicList | None, met: frozenset[str]
) -> tuple[Variant, PartnerFiled] | str:
    """Return the variant of *candidate* that may be filed as a fallback, or why there is none."""
    try:
        variant = offered.variant(choice.feature, choice.locale, candidate)
    except NotFound:
        return "it is no longer offered"
    if digest_of(variant) not in met:
        return "no finding on it as it is now says that it meets its standard"
    partner = partner_filed(offered.market, variant.serving, listed)
    if partner.holds is False:
        return f"the partner's own filing does not hold: {partner.why}"
    return variant, partner


def _measured(offered: Offer, choice: Choice) -> Variant:
    """Return the variant that was selected, if the workspace still holds it as it was measured."""
    variant = offered.variant(choice.feature, choice.locale, choice.serves or "")
    if digest_of(variant) != choice.digest:
        raise NotAllowed(
            f"`{choice.feature}` in `{choice.locale}` by `{choice.serves}` was changed since it was measured",
            hint="`pratique assess` and `pratique select` take in what it is now",
        )
    return variant
