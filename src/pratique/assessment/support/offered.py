"""Offered: what a partner's file said of it, as far as a verdict on its support rests on that."""

import msgspec

from pratique.partners.catalogue import Partner
from pratique.partners.dialect import Limits, Retirement


class OfferedModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model of it."""

    id: str
    """Name of the model below its partner."""
    snapshot: str
    """What pins its behaviour."""
    limits: Limits = Limits()
    """How much it takes, as its documentation says."""
    retires: Retirement | None = None
    """When it will be switched off, if that was announced."""


class Offered(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A partner with what it declares."""

    id: str
    """Name of the partner."""
    simulated: bool
    """Whether it is invented."""
    models: tuple[OfferedModel, ...]
    """Its models."""


def offered(partner: Partner) -> Offered:
    """Return what *partner*'s file says now."""
    return Offered(
        id=partner.id,
        simulated=partner.simulated,
        models=tuple(
            OfferedModel(id=one.id, snapshot=one.snapshot, limits=one.limits, retires=one.retires)
            for one in partner.models
        ),
    )
