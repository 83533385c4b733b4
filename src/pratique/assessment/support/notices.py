"""Notices: how many days a partner gave between the word and the end of a model."""

from collections.abc import Sequence
from datetime import date

import msgspec

from pratique.assessment.support.objectives import State
from pratique.assessment.support.offered import Offered


class Retired(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model that was, or will be, switched off."""

    model: str
    """`partner/model`."""
    announced: date | None
    """When it was announced; None is unknown."""
    on: date
    """The day."""
    days: int | None
    """Days between the two; None where the announcement's day is unknown."""
    source: str
    """Where it was read."""


def retired(partner: Offered) -> tuple[Retired, ...]:
    """Return the retirements that the catalogue knows of *partner*."""
    return tuple(
        Retired(
            model=f"{partner.id}/{model.id}",
            announced=model.retires.announced,
            on=model.retires.on,
            days=(model.retires.on - model.retires.announced).days
            if model.retires.announced
            else None,
            source=model.retires.source,
        )
        for model in partner.models
        if model.retires
    )


def notice_state(found: Sequence[Retired], least_days: int) -> State:
    """Return whether every notice was long enough; one too short is enough to miss it."""
    days = [one.days for one in found]
    if any(one is not None and one < least_days for one in days):
        return "missed"
    return "met" if days and None not in days else "unknown"
